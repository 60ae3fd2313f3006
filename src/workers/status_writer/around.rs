//! What a segment's status is derived from.

use super::Known;
use super::contacts::{Contacts, Zones};
use super::snow::Snow;
use super::standings::Standings;
use domain::network::RoadNetwork;
use domain::status::{SegmentStatus, StatusPolicy};
use jiff::Timestamp;

/// What a status hangs on beside the segment's passes.
pub(super) struct Around<'a> {
    pub(super) network: &'a RoadNetwork,
    pub(super) standings: &'a Standings,
    pub(super) zones: &'a Zones,
    pub(super) contacts: &'a Contacts,
    pub(super) snow: &'a Snow,
    pub(super) policy: &'a StatusPolicy,
}

impl Around<'_> {
    /// The status of a segment.
    pub(super) fn derive(
        &self,
        segment: u32,
        known: Option<&Known>,
        before: SegmentStatus,
        now: Timestamp,
    ) -> SegmentStatus {
        let by_pass = known.map(|known| known.feed_id.as_deref());
        let contact = self.contacts.of(self.network, self.zones, segment, by_pass);
        let facts = known.map(|k| k.facts).unwrap_or_default();
        let snow = self.snow.of(self.network, segment, &facts);
        let standing = self.standings.of(segment);
        SegmentStatus::derive(&facts, standing, contact, &snow, before, self.policy, now)
    }
}

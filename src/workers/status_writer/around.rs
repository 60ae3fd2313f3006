//! What a segment's status hangs on: its passes, and what is around it.

use super::contacts::Contacts;
use super::scopes::Scopes;
use super::snow::Snow;
use super::standings::Standings;
use super::zones::Zones;
use domain::coverage::SegmentFacts;
use domain::network::RoadNetwork;
use domain::status::{Contact, SegmentStatus, StatusPolicy};
use jiff::Timestamp;

/// What is known of a segment that a plow has passed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Known {
    pub(super) facts: SegmentFacts,
    pub(super) feed_id: Option<String>,
}

/// Who speaks for which segment, and who is heard.
#[derive(Debug, Default)]
pub(super) struct Surroundings {
    pub(super) zones: Zones,
    pub(super) scopes: Scopes,
    pub(super) contacts: Contacts,
}

impl Surroundings {
    pub(super) fn contact(
        &self,
        network: &RoadNetwork,
        segment: u32,
        known: Option<&Known>,
    ) -> Contact {
        let by_pass = known.map(|known| known.feed_id.as_deref());
        self.contacts
            .of(network, &self.zones, &self.scopes, segment, by_pass)
    }
}

/// What a status hangs on beside the segment's passes.
pub(super) struct Around<'a> {
    pub(super) network: &'a RoadNetwork,
    pub(super) standings: &'a Standings,
    pub(super) surroundings: &'a Surroundings,
    pub(super) snow: &'a Snow,
    pub(super) policy: &'a StatusPolicy,
}

impl Around<'_> {
    pub(super) fn derive(
        &self,
        segment: u32,
        known: Option<&Known>,
        before: SegmentStatus,
        now: Timestamp,
    ) -> SegmentStatus {
        let contact = self.surroundings.contact(self.network, segment, known);
        let facts = known.map(|k| k.facts).unwrap_or_default();
        let snow = self.snow.of(self.network, segment, &facts);
        let standing = self.standings.of(segment);
        SegmentStatus::derive(&facts, standing, contact, &snow, before, self.policy, now)
    }
}

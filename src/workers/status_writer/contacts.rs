//! What is heard of each segment: by the feeds that speak for it, and by its zone's units.

use super::scopes::Scopes;
use super::zones::{ZoneKey, Zones};
use domain::network::RoadNetwork;
use domain::road_manager::owner_among;
use domain::status::{Contact, StatusPolicy};
use domain::trust::{HEARD_WITHIN, UnitsOnDuty, ZoneContact, zone_contact};
use domain::zone_order::ReportedState;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use store::{FeedHealth, FeedScope, Store, Unit};

/// A vehicle stands on the nearest segment within this distance.
const ON_ROAD_M: f64 = 30.0;
/// A report of units that are out is forgotten after this long without another.
const REPORT_HOLDS: SignedDuration = SignedDuration::from_hours(24);

/// What is known at one moment of who is heard.
#[derive(Debug, Default)]
pub(super) struct Contacts {
    by_feed: HashMap<String, Contact>,
    by_road: Vec<Contact>,
    by_zone: Vec<Option<ZoneContact>>,
}

impl Contacts {
    /// Looks who is heard now.
    pub(super) async fn look(
        store: &Store,
        network: &RoadNetwork,
        zones: &Zones,
        feeds: &[FeedHealth],
        policy: &StatusPolicy,
        now: Timestamp,
    ) -> anyhow::Result<Self> {
        let since = now.saturating_sub(HEARD_WITHIN).unwrap_or(Timestamp::MIN);
        let mut units = store.units_heard(since).await?;
        units.retain(|unit| unit.kind == "vehicle");
        let by_feed: HashMap<String, Contact> = feeds
            .iter()
            .map(|feed| {
                (
                    feed.entry.id.clone(),
                    feed_contact(feed, &units, policy, now),
                )
            })
            .collect();
        let by_road = network
            .roads()
            .iter()
            .map(|road| {
                let owner = owner_among(
                    feeds.iter().map(|f| &f.manager),
                    road.attributes.manager.as_deref(),
                    road.attributes.manager_level,
                );
                let speakers = feeds.iter().filter(|feed| {
                    feed.entry.scope == FeedScope::Manager
                        && owner.is_some_and(|m| m.code == feed.manager.code)
                });
                best(speakers.filter_map(|feed| by_feed.get(&feed.entry.id).copied()))
            })
            .collect();
        let on_duty = units_on_duty(store, now).await?;
        let mut heard: Vec<Vec<Timestamp>> = vec![Vec::new(); zones.keys.len()];
        if !on_duty.is_empty() {
            for unit in &units {
                let near = unit
                    .at
                    .map(|at| network.near(at, ON_ROAD_M))
                    .unwrap_or_default();
                let zone = near.iter().find_map(|n| zones.of_segment.get(&n.segment));
                if let Some(zone) = zone {
                    heard[*zone].push(unit.last_observed_at);
                }
            }
        }
        let by_zone = zones
            .keys
            .iter()
            .zip(heard)
            .map(|(key, heard)| {
                let units = UnitsOnDuty::Known(*on_duty.get(key)?);
                Some(zone_contact(units, heard, now))
            })
            .collect();
        Ok(Contacts {
            by_feed,
            by_road,
            by_zone,
        })
    }

    /// What is heard of a segment; `by_pass` is the feed of its newest pass, where there is one.
    pub(super) fn of(
        &self,
        network: &RoadNetwork,
        zones: &Zones,
        scopes: &Scopes,
        segment: u32,
        by_pass: Option<Option<&str>>,
    ) -> Contact {
        let road = network.segments()[segment as usize].road;
        // A pass makes a segment covered, by the feed that told of it.
        // Where feeds name zones or an area, they speak there in the place of those that name all of
        // the manager's roads: one contractor's feed doesn't answer for another's silence.
        let of_scope = |feed_id: &String| self.by_feed.get(feed_id).copied();
        let spoken = match scopes.feeds_of(segment) {
            None => self.by_road[road as usize],
            Some(feeds) => best(feeds.iter().filter_map(of_scope)),
        };
        let contact = match (spoken, by_pass) {
            (Contact::Uncovered, Some(feed_id)) => feed_id
                .and_then(|id| self.by_feed.get(id))
                .copied()
                // Its feed is no longer configured: nobody will tell when it snows in.
                .unwrap_or(Contact::Silent),
            (spoken, _) => spoken,
        };
        let zone = zones.of_segment.get(&segment);
        match zone.and_then(|zone| self.by_zone[*zone]) {
            Some(zone) => zone.within(contact),
            None => contact,
        }
    }
}

/// What is heard of a feed itself: in time, with a clock that can be right, and all its units.
fn feed_contact(
    feed: &FeedHealth,
    units: &[Unit],
    policy: &StatusPolicy,
    now: Timestamp,
) -> Contact {
    // A feed that is not believed says nothing.
    let doubted = feed.clock_doubt.is_some();
    if doubted || policy.is_silent(feed.last_contact_at, feed.entry.interval, now) {
        return Contact::Silent;
    }
    let on_duty = match feed.entry.units_on_duty {
        Some(units) => UnitsOnDuty::Known(units.unsigned_abs()),
        None => UnitsOnDuty::Unknown,
    };
    let own = units.iter().filter(|unit| unit.feed_id == feed.entry.id);
    zone_contact(on_duty, own.map(|unit| unit.last_observed_at), now).within(Contact::Heard)
}

/// Of several feeds that speak for a road one suffices.
fn best(contacts: impl Iterator<Item = Contact>) -> Contact {
    let rank = |contact: &Contact| match contact {
        Contact::Uncovered => 0,
        Contact::Silent => 1,
        Contact::UnitsMissing => 2,
        Contact::Heard => 3,
    };
    contacts.max_by_key(rank).unwrap_or_default()
}

/// Units that are out for each zone, by the newest report on it.
async fn units_on_duty(store: &Store, now: Timestamp) -> anyhow::Result<HashMap<ZoneKey, u32>> {
    let reports = store.reports_at(now).await?;
    Ok(reports
        .into_iter()
        .map(|record| record.report)
        .filter(|report| {
            report.state == ReportedState::Started && now.duration_since(report.at) <= REPORT_HOLDS
        })
        .filter_map(|report| {
            let units = u32::try_from(report.units?).ok()?;
            Some(((report.manager_code, report.zone), units))
        })
        .collect())
}

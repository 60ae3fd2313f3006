//! Which feeds speak for a segment in particular, by its zone or by an area of theirs.

use super::zones::Zones;
use domain::conflation::LayParams;
use domain::network::RoadNetwork;
use domain::road_manager::RoadManager;
use domain::zone_extent::{ZoneContract, zone_extents};
use std::collections::HashMap;
use store::{FeedHealth, FeedScope};

/// The feeds that name zones or an area, and their segments.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    /// Whom it was worked out for: feed, its manager's code, its scope.
    named: Vec<(String, String, FeedScope)>,
    of_segment: HashMap<u32, Vec<String>>,
}

impl Scopes {
    /// Whether the feeds still name the same.
    pub(super) fn are_of(&self, feeds: &[FeedHealth]) -> bool {
        named(feeds).eq(self.named.iter().map(|(id, code, scope)| (id, code, scope)))
    }

    /// Works out the segments of each feed that names zones or an area.
    pub(super) fn of(
        network: &RoadNetwork,
        zones: &Zones,
        feeds: &[FeedHealth],
        managers: &[RoadManager],
    ) -> Self {
        let mut scopes = Scopes::default();
        for (id, code, scope) in named(feeds) {
            let segments: Vec<u32> = match scope {
                FeedScope::Zones(names) => {
                    for name in names.iter().filter(|name| !zones.knows(code, name)) {
                        tracing::warn!(feed = id, "covers: no zone {name:?} has been drawn as yet");
                    }
                    let among = |key: &(String, String)| key.0 == *code && names.contains(&key.1);
                    (zones.of_segment.iter())
                        .filter(|(_, zone)| among(&zones.keys[**zone]))
                        .map(|(segment, _)| *segment)
                        .collect()
                }
                FeedScope::Area(place) => {
                    let contract = ZoneContract {
                        zone: id,
                        manager: code,
                        place,
                    };
                    let extents =
                        zone_extents(network, &[contract], managers, &LayParams::default());
                    extents.zone_of.into_keys().collect()
                }
                FeedScope::Manager | FeedScope::Passes => Vec::new(),
            };
            for segment in segments {
                scopes
                    .of_segment
                    .entry(segment)
                    .or_default()
                    .push(id.clone());
            }
            scopes.named.push((id.clone(), code.clone(), scope.clone()));
        }
        scopes
    }

    /// The feeds that speak for a segment in particular; `None` where none does.
    pub(super) fn feeds_of(&self, segment: u32) -> Option<&[String]> {
        self.of_segment.get(&segment).map(Vec::as_slice)
    }
}

fn named(feeds: &[FeedHealth]) -> impl Iterator<Item = (&String, &String, &FeedScope)> {
    feeds
        .iter()
        .map(|feed| (&feed.entry.id, &feed.manager.code, &feed.entry.scope))
        .filter(|(_, _, scope)| matches!(scope, FeedScope::Zones(_) | FeedScope::Area(_)))
}

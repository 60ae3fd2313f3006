//! From a place in its manager's own words to stretches of segments.

use domain::conflation::{LayParams, SegmentStretch, UnmatchedPart};
use domain::kilopost::{KilopostParams, KilopostTable};
use domain::network::RoadNetwork;
use domain::place::{Place, RouteStretch};
use domain::placement::{Ground, NamedRoutes, place_fact, place_route};
use domain::road_manager::{RoadManager, owner_among};
use domain::work::Direction;
use domain::zone_extent::{ZoneContract, zone_extents};
use std::collections::HashMap;
use store::{FactVersion, Laid, LaidStretch, PlacedFact};

/// What places are read with.
pub(super) struct Placer<'a> {
    /// The network.
    pub network: &'a RoadNetwork,
    /// Its routes by name.
    pub routes: &'a NamedRoutes,
    /// All road managers.
    pub managers: &'a [RoadManager],
    /// Kilopost tables by the code of their manager.
    pub tables: &'a HashMap<String, KilopostTable>,
    /// Zones as they are laid, by the code of their manager and their name.
    pub zones: &'a HashMap<(String, String), Laid>,
}

impl Placer<'_> {
    /// Lays a place of a manager.
    pub(super) fn place(&self, place: &Place, manager: &RoadManager) -> Laid {
        self.on_ground(manager, |ground| self.placed(ground, place))
    }

    /// Lays a place in a manager's words onto roads of anybody.
    pub(super) fn place_anywhere(&self, place: &Place, manager: &RoadManager) -> Laid {
        self.on_ground(manager, |ground| {
            let anybody = Ground {
                may_mean: &|_| true,
                ..*ground
            };
            self.placed(&anybody, place)
        })
    }

    fn placed(&self, ground: &Ground<'_>, place: &Place) -> Laid {
        let placed = place_fact(ground, place);
        laid(self.network, placed.stretches, placed.problems.join("; "))
    }

    /// Lays a stretch of a manager's route.
    pub(super) fn stretch(
        &self,
        stretch: &RouteStretch,
        direction: Option<Direction>,
        manager: &RoadManager,
    ) -> Laid {
        self.on_ground(manager, |ground| {
            match place_route(ground, stretch, direction) {
                Ok((_, stretches)) => laid(self.network, stretches, String::new()),
                Err(reason) => Laid {
                    stretches: Vec::new(),
                    unplaced: reason.to_string(),
                },
            }
        })
    }

    fn on_ground(&self, manager: &RoadManager, lay: impl FnOnce(&Ground<'_>) -> Laid) -> Laid {
        let no_posts = KilopostTable::default();
        let zone = |name: &str| -> Vec<u32> {
            let key = (manager.code.clone(), name.to_owned());
            let stretches = self.zones.get(&key).map(|laid| &laid.stretches[..]);
            let ids = stretches.unwrap_or_default().iter();
            ids.filter_map(|s| self.network.find(s.segment)).collect()
        };
        let may_mean = |segment: u32| {
            let attributes = &self.network.road(segment).attributes;
            let code = attributes.manager.as_deref();
            owner_among(self.managers.iter(), code, attributes.manager_level)
                .is_none_or(|owner| owner.code == manager.code)
        };
        lay(&Ground {
            network: self.network,
            routes: self.routes,
            kiloposts: self.tables.get(&manager.code).unwrap_or(&no_posts),
            zone: &zone,
            may_mean: &may_mean,
            lay: &LayParams::default(),
            posts: &KilopostParams::default(),
        })
    }
}

/// Zones by the code of their manager and their name, whichever of its feeds draw them; by feed and
/// name in `of_feeds`.
pub(super) fn zones_by_name(
    of_feeds: HashMap<(String, String), Laid>,
    feeds: &HashMap<String, RoadManager>,
) -> HashMap<(String, String), Laid> {
    let mut by_name: HashMap<(String, String), Laid> = HashMap::new();
    for ((feed, zone), laid) in of_feeds {
        if let Some(manager) = feeds.get(&feed) {
            let joined = by_name.entry((manager.code.clone(), zone)).or_default();
            joined.stretches.extend(laid.stretches);
        }
    }
    by_name
}

/// Lays all zones together, each segment into one at most.
pub(super) fn lay_zones(
    network: &RoadNetwork,
    zones: &[PlacedFact],
    managers: &[RoadManager],
) -> Vec<(FactVersion, Laid)> {
    let contracts: Vec<ZoneContract<'_>> = zones
        .iter()
        .map(|zone| ZoneContract {
            zone: &zone.version.fact_id,
            manager: &zone.manager.code,
            place: &zone.place,
        })
        .collect();
    let extents = zone_extents(network, &contracts, managers, &LayParams::default());
    let mut stretches: Vec<Vec<SegmentStretch>> = vec![Vec::new(); zones.len()];
    for (segment, zone) in &extents.zone_of {
        stretches[*zone].push(SegmentStretch {
            segment: *segment,
            from_m: 0.0,
            to_m: network.segments()[*segment as usize].length_m,
            direction: None,
        });
    }
    zones
        .iter()
        .zip(stretches)
        .enumerate()
        .map(|(index, (zone, stretches))| {
            let beside: Vec<UnmatchedPart> = extents
                .unlaid
                .iter()
                .filter(|unlaid| unlaid.zone == index)
                .map(|unlaid| unlaid.part.clone())
                .collect();
            (
                zone.version.clone(),
                laid(network, stretches, off_road(&beside)),
            )
        })
        .collect()
}

fn laid(network: &RoadNetwork, stretches: Vec<SegmentStretch>, unplaced: String) -> Laid {
    Laid {
        stretches: stretches
            .into_iter()
            .map(|s| LaidStretch {
                segment: network.segments()[s.segment as usize].id,
                from_m: s.from_m,
                to_m: s.to_m,
                direction: s.direction,
            })
            .collect(),
        unplaced,
    }
}

fn off_road(parts: &[UnmatchedPart]) -> String {
    if parts.is_empty() {
        return String::new();
    }
    let metres: f64 = parts.iter().map(|part| part.to_m - part.from_m).sum();
    format!(
        "{metres:.0} m of its line lie on no road, in {} parts",
        parts.len()
    )
}

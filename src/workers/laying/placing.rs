//! From a place in its manager's own words to stretches of segments. What a source draws beats what
//! it names; of names the narrowest counts.

use domain::conflation::{LayParams, SegmentStretch, UnmatchedPart, lay_line};
use domain::kilopost::{KilopostParams, KilopostTable, place_stretch};
use domain::network::RoadNetwork;
use domain::place::{Place, RouteStretch};
use domain::road_manager::{RoadManager, owner_among};
use domain::route_name::{keys_of_road, route_key};
use domain::work::Direction;
use domain::zone_extent::{ZoneContract, zone_extents};
use std::collections::HashMap;
use store::{FactVersion, Laid, LaidStretch, PlacedFact};

/// What places are read with.
pub(super) struct Placer<'a> {
    /// The network.
    pub network: &'a RoadNetwork,
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
        if !place.lines.is_empty() || !place.areas.is_empty() {
            return self.drawn(place, manager);
        }
        if let Some(route) = &place.route {
            return self.stretch(route, None, manager);
        }
        match &place.zone {
            Some(zone) => match self.zones.get(&(manager.code.clone(), zone.clone())) {
                Some(laid) => laid.clone(),
                None => unplaced(format!("zone {zone} is not known")),
            },
            None => unplaced("the source does not say where".to_owned()),
        }
    }

    fn drawn(&self, place: &Place, manager: &RoadManager) -> Laid {
        let params = LayParams::default();
        let mut stretches: Vec<SegmentStretch> = Vec::new();
        let mut beside: Vec<UnmatchedPart> = Vec::new();
        for line in &place.lines {
            let laid = lay_line(self.network, line, &params);
            stretches.extend(laid.stretches);
            beside.extend(laid.unmatched);
        }
        if !place.areas.is_empty() {
            let areas = Place {
                areas: place.areas.clone(),
                ..Place::default()
            };
            let contract = ZoneContract {
                zone: "area",
                manager: &manager.code,
                place: &areas,
            };
            let extents = zone_extents(self.network, &[contract], self.managers, &params);
            let inside = extents.segments_of(0).map(|s| self.whole(s));
            stretches.extend(inside.filter(|s| place.lines.is_empty() || !stretches.contains(s)).collect::<Vec<_>>());
        }
        self.laid(stretches, off_road(&beside))
    }

    /// Lays a stretch of a route by its kiloposts; a route without any stated ends is all of it.
    pub(super) fn stretch(
        &self,
        stretch: &RouteStretch,
        direction: Option<Direction>,
        manager: &RoadManager,
    ) -> Laid {
        let whole_route = RouteStretch {
            route: stretch.route.clone(),
            ..RouteStretch::default()
        };
        if *stretch == whole_route {
            return self.route(&stretch.route, direction, manager);
        }
        let Some(table) = self.tables.get(&manager.code) else {
            return unplaced(format!(
                "there is no kilopost table of {}; import one with `yukimichi kiloposts import`",
                manager.code
            ));
        };
        let params = KilopostParams::default();
        match place_stretch(self.network, table, stretch, direction, &params) {
            Ok(stretches) => self.laid(stretches, String::new()),
            Err(reason) => unplaced(reason.to_string()),
        }
    }

    /// All segments of a manager's route, by its name or number.
    fn route(&self, route: &str, direction: Option<Direction>, manager: &RoadManager) -> Laid {
        let key = route_key(route);
        let of_route: Vec<bool> = self
            .network
            .roads()
            .iter()
            .map(|road| {
                let attributes = &road.attributes;
                let owner = owner_among(
                    self.managers.iter(),
                    attributes.manager.as_deref(),
                    attributes.manager_level,
                );
                owner.is_some_and(|owner| owner.code == manager.code)
                    && keys_of_road(attributes).iter().any(|k| k.is_same(&key))
            })
            .collect();
        let stretches: Vec<SegmentStretch> = (0..self.network.segments().len() as u32)
            .filter(|s| of_route[self.network.segments()[*s as usize].road as usize])
            .map(|segment| SegmentStretch {
                direction,
                ..self.whole(segment)
            })
            .collect();
        if stretches.is_empty() {
            return unplaced(format!("{} has no road {route}", manager.code));
        }
        self.laid(stretches, String::new())
    }

    fn whole(&self, segment: u32) -> SegmentStretch {
        SegmentStretch {
            segment,
            from_m: 0.0,
            to_m: self.network.segments()[segment as usize].length_m,
            direction: None,
        }
    }

    fn laid(&self, stretches: Vec<SegmentStretch>, unplaced: String) -> Laid {
        laid(self.network, stretches, unplaced)
    }
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
            (zone.version.clone(), laid(network, stretches, off_road(&beside)))
        })
        .collect()
}

fn laid(network: &RoadNetwork, stretches: Vec<SegmentStretch>, unplaced: String) -> Laid {
    let unplaced = if stretches.is_empty() && unplaced.is_empty() {
        "no road of the network lies there".to_owned()
    } else {
        unplaced
    };
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

fn unplaced(reason: String) -> Laid {
    Laid {
        stretches: Vec::new(),
        unplaced: reason,
    }
}

fn off_road(parts: &[UnmatchedPart]) -> String {
    if parts.is_empty() {
        return String::new();
    }
    let metres: f64 = parts.iter().map(|part| part.to_m - part.from_m).sum();
    format!("{metres:.0} m of its line lie on no road, in {} parts", parts.len())
}

//! Where on the roads a place is.

use super::{FARTHEST_FROM_ROAD_M, NoJourney};
use crate::geometry::LonLat;
use crate::network::{DirectedSegment, RoadNetwork};
use crate::work::Direction;

/// Rings in which roads are looked for, so that a place in town does not gather a thousand.
const RINGS_M: [f64; 4] = [30.0, 100.0, 300.0, FARTHEST_FROM_ROAD_M];

/// Roads this much farther than the nearest are as likely meant.
const AS_NEAR_M: f64 = 25.0;

/// A place on a directed segment where a way may begin or end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct End {
    pub(super) directed: DirectedSegment,
    /// Measure in the order of the segment's line.
    pub(super) at_m: f64,
    /// From the place to the road, by air.
    pub(super) off_m: f64,
}

impl End {
    /// Metres driven from the segment's start as it is driven.
    pub(super) fn driven_m(&self, length_m: f64) -> f64 {
        match self.directed.direction() {
            Direction::Forward => self.at_m,
            Direction::Backward => length_m - self.at_m,
        }
    }
}

/// The nearest open roads, in each direction that traffic may take.
pub(super) fn near(
    network: &RoadNetwork,
    at: LonLat,
    place: usize,
    is_closed: &dyn Fn(DirectedSegment) -> bool,
) -> Result<Vec<End>, NoJourney> {
    let mut any_road = false;
    for radius_m in RINGS_M {
        let near = network.near(at, radius_m);
        any_road |= !near.is_empty();
        let mut ends: Vec<End> = Vec::new();
        for found in near {
            if ends
                .first()
                .is_some_and(|nearest| found.distance_m > nearest.off_m + AS_NEAR_M)
            {
                break;
            }
            for direction in Direction::BOTH {
                let directed = DirectedSegment::new(found.segment, direction);
                if network.is_open(directed) && !is_closed(directed) {
                    ends.push(End {
                        directed,
                        at_m: found.at_m,
                        off_m: found.distance_m,
                    });
                }
            }
        }
        if !ends.is_empty() {
            return Ok(ends);
        }
        // What lies at a closed road is behind the closure; a road 300 m on is not its way out.
        if any_road {
            return Err(NoJourney::ClosedIn { place });
        }
    }
    Err(NoJourney::OffRoad { place })
}

//! The way in stretches of one road and one state, so that a person can read it.

use super::Journey;
use crate::coverage::Confidence;
use crate::geometry::LonLat;
use crate::network::{RoadNetwork, SegmentId};
use crate::status::{State, StatusColumns};
use crate::work::Direction;

/// A stretch of the way on one road in one state.
#[derive(Debug, Clone, PartialEq)]
pub struct JourneyStretch {
    /// Metres from the beginning of the way.
    pub from_m: f64,
    /// Metres from the beginning of the way.
    pub to_m: f64,
    /// Index of its first segment; road name, owner and the like are the same for all of them.
    pub segment: u32,
    /// Its segments in the order of travel.
    pub segment_ids: Vec<SegmentId>,
    /// The state in the direction of travel.
    pub state: State,
    /// Minutes since 1970 when the part cleared longest ago was cleared; 0 where one never was.
    pub cleared_min: u32,
    /// What is least sure counts.
    pub confidence: Confidence,
    /// Its line in the direction of travel.
    pub line: Vec<LonLat>,
}

impl JourneyStretch {
    /// Metres.
    pub fn length_m(&self) -> f64 {
        self.to_m - self.from_m
    }
}

/// The stretches of a way in the order of travel.
pub fn stretches(
    network: &RoadNetwork,
    status: &StatusColumns,
    journey: &Journey,
) -> Vec<JourneyStretch> {
    let mut stretches: Vec<JourneyStretch> = Vec::new();
    let mut driven_m = 0.0;
    for part in &journey.travelled {
        let segment = part.directed.segment();
        let known = status.status(segment);
        let direction = part.directed.direction();
        let state = known.state(direction);
        let cleared_min = match direction {
            Direction::Forward => known.cleared_fwd_min,
            Direction::Backward => known.cleared_rev_min,
        };
        let from_m = driven_m;
        driven_m += part.length_m();
        let id = network.segments()[segment as usize].id;
        let line = part.line(network);
        match stretches.last_mut() {
            Some(last) if last.state == state && same_road(network, last.segment, segment) => {
                last.to_m = driven_m;
                last.cleared_min = last.cleared_min.min(cleared_min);
                last.confidence = Confidence::max(last.confidence, known.confidence());
                last.line.extend(line.into_iter().skip(1));
                if last.segment_ids.last() != Some(&id) {
                    last.segment_ids.push(id);
                }
            }
            _ => stretches.push(JourneyStretch {
                from_m,
                to_m: driven_m,
                segment,
                segment_ids: vec![id],
                state,
                cleared_min,
                confidence: known.confidence(),
                line,
            }),
        }
    }
    stretches
}

/// Whether two segments go by one name and have one owner.
fn same_road(network: &RoadNetwork, a: u32, b: u32) -> bool {
    let (a, b) = (&network.road(a).attributes, &network.road(b).attributes);
    a.name == b.name
        && a.reference == b.reference
        && a.manager == b.manager
        && a.manager_level == b.manager_level
        && a.class == b.class
}

//! What there is to say of a way or an area, in a few numbers.

use crate::geometry::{BoundingBox, LonLat};
use crate::journey::{NoJourney, OpenWay, open_way};
use crate::network::{DirectedSegment, RoadNetwork};
use crate::status::{State, StatusColumns, StatusTable, cleared_at};
use crate::work::Direction;
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Names that fit into a message.
const MOST_NAMES: usize = 3;

/// What matters most, the first that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// No open way leads there, or all of the area is closed.
    Shut,
    /// Something on the usual way is closed; there is another.
    Detour,
    /// Some of it is not cleared, or is being worked on.
    NotCleared,
    /// Of some of it nothing is known.
    Unknown,
    /// All of it is cleared, or needs no clearing.
    Clear,
}

/// What there is to say.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// What matters most.
    pub finding: Finding,
    /// Names of closed roads, a few.
    pub closed: Vec<String>,
    /// Metres that are not cleared (現に未除雪, or 除雪対象外).
    pub not_cleared_m: f64,
    /// Metres of which nothing is known.
    pub unknown_m: f64,
    /// Metres at which a plow is at work.
    pub working_m: f64,
    /// Metres in all.
    pub length_m: f64,
    /// When the part cleared longest ago was cleared, of what is cleared.
    pub cleared_at: Option<Timestamp>,
}

impl Summary {
    /// A summary of nothing: what is said where nothing can be found out.
    pub fn unknown() -> Self {
        Summary {
            finding: Finding::Unknown,
            closed: Vec::new(),
            not_cleared_m: 0.0,
            unknown_m: 0.0,
            working_m: 0.0,
            length_m: 0.0,
            cleared_at: None,
        }
    }

    /// Names of the closed roads; those without one under the word for that, once.
    pub fn closed_names<'a>(&'a self, unnamed: &'a str) -> Vec<&'a str> {
        // An empty name sorts first and is there once at most.
        let names = self.closed.iter().map(String::as_str);
        names
            .map(|name| if name.is_empty() { unnamed } else { name })
            .collect()
    }
}

#[derive(Default)]
struct Sum {
    closed: BTreeSet<String>,
    closed_m: f64,
    not_cleared_m: f64,
    unknown_m: f64,
    working_m: f64,
    length_m: f64,
    cleared_min: Option<u32>,
}

impl Sum {
    fn add(&mut self, state: State, length_m: f64, cleared_min: u32) {
        self.length_m += length_m;
        match state {
            State::Closed => self.closed_m += length_m,
            State::Uncleared | State::OffPlan => self.not_cleared_m += length_m,
            State::NoData | State::Unconfirmed => self.unknown_m += length_m,
            State::Working => self.working_m += length_m,
            State::Cleared if cleared_min > 0 => {
                let oldest = self.cleared_min.unwrap_or(u32::MAX);
                self.cleared_min = Some(oldest.min(cleared_min));
            }
            State::Cleared | State::BelowThreshold | State::Melting => {}
        }
    }

    fn note_closed(&mut self, network: &RoadNetwork, segment: u32) {
        let road = &network.road(segment).attributes;
        let name = road.name.as_ref().or(road.reference.as_ref());
        self.closed.insert(name.cloned().unwrap_or_default());
    }

    fn summary(self, is_shut: bool) -> Summary {
        let any_closed = !self.closed.is_empty();
        let finding = if is_shut {
            Finding::Shut
        } else if any_closed {
            Finding::Detour
        } else if self.not_cleared_m + self.working_m > 0.0 {
            Finding::NotCleared
        } else if self.unknown_m > 0.0 || self.length_m == 0.0 {
            Finding::Unknown
        } else {
            Finding::Clear
        };
        Summary {
            finding,
            closed: self.closed.into_iter().take(MOST_NAMES).collect(),
            not_cleared_m: self.not_cleared_m,
            unknown_m: self.unknown_m,
            working_m: self.working_m,
            length_m: self.length_m,
            cleared_at: self.cleared_min.and_then(cleared_at),
        }
    }
}

/// Of the way through the places.
///
/// # Errors
/// When the places are on no road: then there is no way to speak of, open or not.
pub fn of_way(
    network: &RoadNetwork,
    status: &StatusTable,
    places: &[LonLat],
) -> Result<Summary, NoJourney> {
    let OpenWay {
        closed_on_usual,
        way,
    } = open_way(network, status, places)?;
    let mut sum = Sum::default();
    for stretch in &closed_on_usual {
        sum.note_closed(network, stretch.segment);
    }
    let way = match way {
        Ok((_, stretches)) => Some(stretches),
        Err(NoJourney::ClosedIn { .. } | NoJourney::Apart { .. }) => None,
        Err(error) => return Err(error),
    };
    let is_shut = way.is_none();
    for stretch in way.iter().flatten() {
        sum.add(stretch.state, stretch.length_m(), stretch.cleared_min);
    }
    Ok(sum.summary(is_shut))
}

/// Of all roads in a box, each direction that traffic may take for itself.
pub fn of_area(network: &RoadNetwork, status: &StatusColumns, area: &BoundingBox) -> Summary {
    let mut sum = Sum::default();
    for segment in network.in_box(area) {
        let known = status.status(segment);
        let length_m = network.segments()[segment as usize].length_m;
        for direction in Direction::BOTH {
            if !network.is_open(DirectedSegment::new(segment, direction)) {
                continue;
            }
            let cleared_min = match direction {
                Direction::Forward => known.cleared_fwd_min,
                Direction::Backward => known.cleared_rev_min,
            };
            let state = known.state(direction);
            sum.add(state, length_m, cleared_min);
            if state == State::Closed {
                sum.note_closed(network, segment);
            }
        }
    }
    let is_shut = sum.length_m > 0.0 && sum.closed_m == sum.length_m;
    sum.summary(is_shut)
}

//! Which part of a segment was cleared, and since when (design §2, *coverage*).

mod ends;
mod intervals;
mod narrow;

#[cfg(test)]
mod tests;

pub use ends::covered_m;
pub use intervals::Intervals;
pub use narrow::{NarrowRoads, NarrowRules};

use crate::network::{Oneway, RoadNetwork};
use crate::work::{Direction, WorkKind};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Share of a segment's length that passes must cover for it to count as cleared.
pub const CLEARED_SHARE: f64 = 0.9;
/// Passes that lie further apart in time belong to different rounds.
pub const ROUND: SignedDuration = SignedDuration::from_hours(3);
/// An end missed by no more than this counts where the trace goes on or the road ends.
pub const END_TOLERANCE_M: f64 = 10.0;

/// How sure a pass is; ordered from the surest.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Positions lie on it.
    #[default]
    Seen,
    /// It lies on the only likely way between two positions.
    Inferred,
    /// Undecided as yet, or from a log without positions.
    Weak,
    /// A person said so.
    Reported,
}

impl Confidence {
    /// The name used in every interface.
    pub fn as_str(self) -> &'static str {
        match self {
            Confidence::Seen => "seen",
            Confidence::Inferred => "inferred",
            Confidence::Weak => "weak",
            Confidence::Reported => "reported",
        }
    }

    /// Reads the interface name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Seen, Self::Inferred, Self::Weak, Self::Reported]
            .into_iter()
            .find(|c| c.as_str() == name)
    }

    /// The digit of the tile's `status` number.
    pub fn tile_digit(self) -> u32 {
        self as u32
    }

    /// What that digit says; a digit that is none of them is the least sure.
    pub fn from_tile_digit(digit: u32) -> Self {
        match digit {
            0 => Self::Seen,
            1 => Self::Inferred,
            2 => Self::Weak,
            _ => Self::Reported,
        }
    }
}

/// A matched span during which the plow worked, or may have.
#[derive(Debug, Clone, PartialEq)]
pub struct Pass {
    /// Direction driven.
    pub direction: Direction,
    /// Start measure in the order of the line.
    pub from_m: f64,
    /// End measure.
    pub to_m: f64,
    /// When the plow came onto it.
    pub entered_at: Timestamp,
    /// When it left.
    pub left_at: Timestamp,
    /// The work; `None` where the feed does not say (passed, not cleared).
    pub work: Option<WorkKind>,
    /// How sure it is.
    pub confidence: Confidence,
}

impl Pass {
    fn clears(&self) -> bool {
        self.work.is_some_and(WorkKind::clears_carriageway)
    }
}

/// What coverage needs to know of a segment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SegmentShape {
    /// Its length.
    pub length_m: f64,
    /// The road ends at its start.
    pub starts_at_dead_end: bool,
    /// The road ends at its end.
    pub ends_at_dead_end: bool,
    /// One pass clears both directions.
    pub narrow: bool,
    /// Directions open to traffic.
    pub oneway: Oneway,
}

impl SegmentShape {
    /// A segment of the network.
    pub fn of(network: &RoadNetwork, segment: u32, narrow: &NarrowRules) -> Self {
        let s = &network.segments()[segment as usize];
        let attributes = &network.road(segment).attributes;
        SegmentShape {
            length_m: s.length_m,
            starts_at_dead_end: network.is_dead_end(s.from_node),
            ends_at_dead_end: network.is_dead_end(s.to_node),
            narrow: narrow.hold(attributes),
            oneway: attributes.oneway,
        }
    }
}

/// What is known of one direction of a segment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct DirectionFacts {
    /// The latest time such that passes left at or after it cover 90 % of the length.
    pub cleared_at: Option<Timestamp>,
    /// When a plow last left it, whatever it did.
    pub passed_at: Option<Timestamp>,
    /// When a working plow last left it.
    pub worked_at: Option<Timestamp>,
    /// The work of the newest working pass.
    pub work: Option<WorkKind>,
    /// How often passes of the newest round covered 90 % of the length: on a road of several lanes
    /// one pass clears but one of them.
    #[serde(default)]
    pub passes: u16,
    /// The least sure pass that the cleared time hangs on; of the newest pass where there is none.
    pub confidence: Confidence,
}

/// What is known of a segment from its passes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct SegmentFacts {
    /// In the order of the line.
    pub forward: DirectionFacts,
    /// Against it.
    pub backward: DirectionFacts,
}

impl SegmentFacts {
    /// The facts of one direction.
    pub fn direction(&self, direction: Direction) -> &DirectionFacts {
        match direction {
            Direction::Forward => &self.forward,
            Direction::Backward => &self.backward,
        }
    }
}

/// Works out the facts of a segment from all its passes, in any order.
pub fn segment_facts(shape: &SegmentShape, passes: &[Pass]) -> SegmentFacts {
    let one_carriageway = shape.narrow || shape.oneway != Oneway::No;
    let facts = |direction: Direction| {
        let counted: Vec<&Pass> = passes
            .iter()
            // A one-way has one carriageway, whichever way it was cleared.
            .filter(|pass| one_carriageway || pass.direction == direction)
            .collect();
        direction_facts(shape, counted)
    };
    SegmentFacts {
        forward: facts(Direction::Forward),
        backward: facts(Direction::Backward),
    }
}

fn direction_facts(shape: &SegmentShape, mut passes: Vec<&Pass>) -> DirectionFacts {
    passes.sort_by(|a, b| {
        b.left_at
            .cmp(&a.left_at)
            .then(a.confidence.cmp(&b.confidence))
            .then(a.from_m.total_cmp(&b.from_m))
            .then(a.to_m.total_cmp(&b.to_m))
    });
    let newest_work = passes.iter().find(|pass| pass.clears());
    let mut facts = DirectionFacts {
        cleared_at: None,
        passed_at: passes.first().map(|pass| pass.left_at),
        worked_at: newest_work.map(|pass| pass.left_at),
        work: newest_work.and_then(|pass| pass.work),
        passes: times_covered(shape, &passes),
        confidence: newest_work
            .or(passes.first())
            .map_or(Confidence::Seen, |pass| pass.confidence),
    };
    let mut covered = Intervals::default();
    let mut least_sure = Confidence::Seen;
    for pass in passes.iter().filter(|pass| pass.clears()) {
        let before_m = covered.length_m();
        let (from_m, to_m) = to_the_ends(shape, pass);
        covered.add(from_m, to_m);
        if covered.length_m() > before_m {
            least_sure = least_sure.max(pass.confidence);
        }
        if covered.length_m() >= CLEARED_SHARE * shape.length_m {
            facts.cleared_at = Some(pass.left_at);
            facts.confidence = least_sure;
            break;
        }
    }
    facts
}

/// How often the clearing passes of the newest round cover the segment, newest first; a round ends
/// where none follows for [`ROUND`].
fn times_covered(shape: &SegmentShape, newest_first: &[&Pass]) -> u16 {
    let mut times = 0_u16;
    let mut covered = Intervals::default();
    let mut after: Option<Timestamp> = None;
    for pass in newest_first.iter().filter(|pass| pass.clears()) {
        if after.is_some_and(|after| after.duration_since(pass.left_at) > ROUND) {
            break;
        }
        after = Some(pass.left_at);
        let (from_m, to_m) = to_the_ends(shape, pass);
        covered.add(from_m, to_m);
        if covered.length_m() >= CLEARED_SHARE * shape.length_m {
            times = times.saturating_add(1);
            covered = Intervals::default();
        }
    }
    times
}

/// A plow turns a few metres short of a dead end; that tip counts.
fn to_the_ends(shape: &SegmentShape, pass: &Pass) -> (f64, f64) {
    let from_m = if shape.starts_at_dead_end && pass.from_m <= END_TOLERANCE_M {
        0.0
    } else {
        pass.from_m
    };
    let to_m = if shape.ends_at_dead_end && shape.length_m - pass.to_m <= END_TOLERANCE_M {
        shape.length_m
    } else {
        pass.to_m
    };
    (from_m, to_m)
}

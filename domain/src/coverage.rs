//! Which part of a segment was cleared, and since when (design §2, *coverage*).

use crate::network::{Oneway, RoadNetwork};
use crate::work::{Direction, WorkKind};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Share of a segment's length that passes must cover for it to count as cleared.
pub const CLEARED_SHARE: f64 = 0.9;
/// An end missed by no more than this counts where the road ends.
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
    pub fn of(network: &RoadNetwork, segment: u32) -> Self {
        let s = &network.segments()[segment as usize];
        let attributes = &network.road(segment).attributes;
        SegmentShape {
            length_m: s.length_m,
            starts_at_dead_end: network.is_dead_end(s.from_node),
            ends_at_dead_end: network.is_dead_end(s.to_node),
            narrow: attributes.is_narrow(),
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
    let facts = |direction: Direction| {
        let counted: Vec<&Pass> = passes
            .iter()
            .filter(|pass| shape.narrow || pass.direction == direction)
            .collect();
        direction_facts(shape, counted)
    };
    let (forward, backward) = (facts(Direction::Forward), facts(Direction::Backward));
    match shape.oneway {
        Oneway::No => SegmentFacts { forward, backward },
        Oneway::Forward => SegmentFacts {
            forward,
            backward: forward,
        },
        Oneway::Backward => SegmentFacts {
            forward: backward,
            backward,
        },
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

/// Disjoint intervals of measures in ascending order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Intervals {
    parts: Vec<(f64, f64)>,
}

impl Intervals {
    /// Adds an interval; empty and backward ones add nothing.
    pub fn add(&mut self, from_m: f64, to_m: f64) {
        if to_m.partial_cmp(&from_m) != Some(std::cmp::Ordering::Greater) {
            return;
        }
        let first = self.parts.partition_point(|(_, end)| *end < from_m);
        let last = self.parts.partition_point(|(start, _)| *start <= to_m);
        let (mut from_m, mut to_m) = (from_m, to_m);
        if first < last {
            from_m = from_m.min(self.parts[first].0);
            to_m = to_m.max(self.parts[last - 1].1);
        }
        self.parts.splice(first..last, [(from_m, to_m)]);
    }

    /// Sum of the lengths.
    pub fn length_m(&self) -> f64 {
        self.parts.iter().map(|(from_m, to_m)| to_m - from_m).sum()
    }

    /// The intervals.
    pub fn parts(&self) -> &[(f64, f64)] {
        &self.parts
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn minute(m: i64) -> Timestamp {
        Timestamp::from_second(1_768_400_000 + m * 60).unwrap()
    }

    fn pass(direction: Direction, from_m: f64, to_m: f64, left: i64) -> Pass {
        Pass {
            direction,
            from_m,
            to_m,
            entered_at: minute(left - 1),
            left_at: minute(left),
            work: Some(WorkKind::Plowing),
            confidence: Confidence::Seen,
        }
    }

    fn wide(length_m: f64) -> SegmentShape {
        SegmentShape {
            length_m,
            starts_at_dead_end: false,
            ends_at_dead_end: false,
            narrow: false,
            oneway: Oneway::No,
        }
    }

    use Direction::{Backward, Forward};

    #[test]
    fn cleared_time_is_that_of_the_oldest_pass_needed() {
        let cases: &[(&str, Vec<Pass>, Option<i64>)] = &[
            (
                "whole length in one pass",
                vec![pass(Forward, 0.0, 100.0, 5)],
                Some(5),
            ),
            (
                "ninety percent is enough",
                vec![pass(Forward, 5.0, 95.0, 5)],
                Some(5),
            ),
            ("less is not", vec![pass(Forward, 6.0, 95.0, 5)], None),
            (
                "two halves count from the older half",
                vec![pass(Forward, 0.0, 50.0, 5), pass(Forward, 50.0, 100.0, 9)],
                Some(5),
            ),
            (
                "a newer whole pass beats older halves",
                vec![pass(Forward, 0.0, 50.0, 5), pass(Forward, 0.0, 100.0, 9)],
                Some(9),
            ),
            (
                "the other direction does not count",
                vec![pass(Backward, 0.0, 100.0, 5)],
                None,
            ),
        ];
        for (name, passes, expected) in cases {
            let facts = segment_facts(&wide(100.0), passes);
            assert_eq!(facts.forward.cleared_at, expected.map(minute), "{name}");
        }
    }

    #[test]
    fn only_clearing_work_clears() {
        for kind in WorkKind::ALL {
            let mut p = pass(Forward, 0.0, 100.0, 5);
            p.work = Some(kind);
            let facts = segment_facts(&wide(100.0), &[p]);
            assert_eq!(
                facts.forward.cleared_at.is_some(),
                kind.clears_carriageway(),
                "{kind:?}"
            );
            assert_eq!(facts.forward.passed_at, Some(minute(5)));
        }
        let mut unknown = pass(Forward, 0.0, 100.0, 5);
        unknown.work = None;
        let facts = segment_facts(&wide(100.0), &[unknown]);
        assert_eq!(facts.forward.cleared_at, None, "passed is not cleared");
    }

    #[test]
    fn narrow_roads_are_cleared_both_ways_by_one_pass() {
        let shape = SegmentShape {
            narrow: true,
            ..wide(100.0)
        };
        let facts = segment_facts(&shape, &[pass(Backward, 0.0, 100.0, 5)]);
        assert_eq!(facts.forward.cleared_at, Some(minute(5)));
        assert_eq!(facts.backward.cleared_at, Some(minute(5)));
    }

    #[test]
    fn the_absent_direction_of_a_oneway_copies_the_other() {
        let shape = SegmentShape {
            oneway: Oneway::Backward,
            ..wide(100.0)
        };
        let facts = segment_facts(&shape, &[pass(Backward, 0.0, 100.0, 5)]);
        assert_eq!(facts.forward, facts.backward);
        assert_eq!(facts.forward.cleared_at, Some(minute(5)));
    }

    #[test]
    fn the_tip_of_a_dead_end_counts() {
        let open = wide(60.0);
        let dead_end = SegmentShape {
            ends_at_dead_end: true,
            ..open
        };
        let passes = [pass(Forward, 0.0, 51.0, 5)];
        assert_eq!(segment_facts(&open, &passes).forward.cleared_at, None);
        assert_eq!(
            segment_facts(&dead_end, &passes).forward.cleared_at,
            Some(minute(5))
        );
    }

    #[test]
    fn confidence_is_the_least_sure_that_was_needed() {
        let mut inferred = pass(Forward, 50.0, 100.0, 5);
        inferred.confidence = Confidence::Inferred;
        let facts = segment_facts(&wide(100.0), &[pass(Forward, 0.0, 50.0, 5), inferred]);
        assert_eq!(facts.forward.confidence, Confidence::Inferred);
    }

    proptest! {
        #[test]
        fn facts_do_not_depend_on_the_order_of_passes(
            spans in prop::collection::vec((0.0..100.0f64, 0.0..100.0f64, 0i64..50, any::<bool>()), 0..12),
            seed in any::<u64>(),
        ) {
            let mut passes: Vec<Pass> = spans
                .iter()
                .map(|(a, b, t, forward)| {
                    pass(if *forward { Forward } else { Backward }, a.min(*b), a.max(*b), *t)
                })
                .collect();
            let facts = segment_facts(&wide(100.0), &passes);
            let n = passes.len().max(1);
            passes.rotate_left(seed as usize % n);
            passes.reverse();
            prop_assert_eq!(segment_facts(&wide(100.0), &passes), facts);
        }

        #[test]
        fn intervals_measure_the_union(
            spans in prop::collection::vec((0u32..100, 0u32..100), 0..20),
        ) {
            let mut intervals = Intervals::default();
            let mut metres = [false; 100];
            for (a, b) in &spans {
                let (from, to) = (a.min(b), a.max(b));
                intervals.add(f64::from(*from), f64::from(*to));
                metres[*from as usize..*to as usize].fill(true);
            }
            let expected = metres.iter().filter(|m| **m).count() as f64;
            prop_assert!((intervals.length_m() - expected).abs() < 1e-9);
            let parts = intervals.parts();
            prop_assert!(parts.windows(2).all(|w| w[0].1 < w[1].0));
        }
    }
}

#![allow(clippy::unwrap_used, clippy::expect_used)]

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

#[test]
fn passes_of_the_newest_round_are_counted() {
    let whole = |left| pass(Forward, 0.0, 100.0, left);
    let cases: &[(&str, Vec<Pass>, u16)] = &[
        ("none", vec![], 0),
        ("one", vec![whole(5)], 1),
        (
            "three lanes, one after another",
            vec![whole(5), whole(9), whole(30)],
            3,
        ),
        (
            "two halves make one",
            vec![pass(Forward, 0.0, 50.0, 5), pass(Forward, 50.0, 100.0, 9)],
            1,
        ),
        ("half is none", vec![pass(Forward, 0.0, 50.0, 5)], 0),
        (
            "the night before is another round",
            vec![whole(5), whole(5 + 24 * 60), whole(30 + 24 * 60)],
            2,
        ),
        (
            "the other direction has its own",
            vec![whole(5), pass(Backward, 0.0, 100.0, 6)],
            1,
        ),
    ];
    for (name, passes, times) in cases {
        let facts = segment_facts(&wide(100.0), passes);
        assert_eq!(facts.forward.passes, *times, "{name}");
    }
}

#[test]
fn a_one_way_is_cleared_whichever_way_the_plow_went() {
    let shape = SegmentShape {
        oneway: Oneway::Forward,
        ..wide(100.0)
    };
    let facts = segment_facts(&shape, &[pass(Backward, 0.0, 100.0, 5)]);
    assert_eq!(facts.forward.cleared_at, Some(minute(5)));
    assert_eq!(facts.forward, facts.backward);
}

#[test]
fn what_is_narrow_is_for_each_manager_to_say() {
    use crate::network::RoadAttributes;
    use crate::road_manager::{BilingualName, ManagerLevel, RoadManager};
    let manager = |code: &str, level, narrow: NarrowRoads| RoadManager {
        code: code.to_owned(),
        level,
        name: BilingualName {
            ja: code.to_owned(),
            en: String::new(),
        },
        narrow,
    };
    let two_lanes = NarrowRoads {
        lanes_at_most: 2,
        width_below_m: 8.0,
        classes: vec!["tertiary".to_owned()],
    };
    let rules = NarrowRules::of(&[
        manager("city", ManagerLevel::Municipal, two_lanes),
        manager("ken", ManagerLevel::Prefectural, NarrowRoads::default()),
    ]);
    let cases = [
        // Level, class, lanes, width: city's, ken's or nobody's.
        (ManagerLevel::Municipal, "tertiary", Some(2), None, true),
        (
            ManagerLevel::Municipal,
            "tertiary",
            Some(3),
            Some(7.5),
            true,
        ),
        (ManagerLevel::Municipal, "tertiary", Some(3), None, false),
        (ManagerLevel::Municipal, "tertiary", None, None, true),
        (ManagerLevel::Municipal, "residential", None, None, false),
        (ManagerLevel::Prefectural, "tertiary", Some(2), None, false),
        (
            ManagerLevel::Prefectural,
            "tertiary",
            Some(1),
            Some(9.0),
            true,
        ),
        (
            ManagerLevel::Prefectural,
            "tertiary",
            Some(2),
            Some(6.4),
            true,
        ),
        (
            ManagerLevel::Prefectural,
            "tertiary",
            Some(2),
            Some(6.5),
            false,
        ),
        (ManagerLevel::Unknown, "residential", None, None, true),
        (ManagerLevel::Unknown, "tertiary", None, None, false),
    ];
    for (manager_level, class, lanes, width_m, expected) in cases {
        let road = RoadAttributes {
            class: class.to_owned(),
            lanes,
            width_m,
            manager_level,
            ..RoadAttributes::default()
        };
        assert_eq!(
            rules.hold(&road),
            expected,
            "{manager_level:?} {class} {lanes:?} {width_m:?}"
        );
    }
}

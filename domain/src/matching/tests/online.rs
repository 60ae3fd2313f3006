//! Matching fix by fix gives nearly what matching at once gives, and no fix is lost on the way.

use super::properties::{drives, towns};
use super::*;
use crate::coverage::Intervals;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Feeds fixes one by one, beginning a new trace wherever one ends.
fn fed(network: &RoadNetwork, fixes: &[PlowFix]) -> Vec<MatchedSpan> {
    let mut matcher = OnlineMatcher::new(network, MatchParams::default());
    let mut decided = Vec::new();
    let mut next = 0;
    while let Some(first) = fixes.get(next) {
        let mut trace = matcher.begin(first);
        next += 1;
        while let Some(fix) = fixes.get(next) {
            match matcher.push(&mut trace, fix, &mut decided) {
                Pushed::Taken | Pushed::Late => next += 1,
                Pushed::Ended { next_from } => {
                    next = fixes.partition_point(|f| f.observed_at < next_from);
                    break;
                }
            }
        }
        matcher.finish(trace, &mut decided);
    }
    decided
}

fn measures(spans: &[MatchedSpan]) -> BTreeMap<DirectedSegment, Intervals> {
    let mut measures: BTreeMap<DirectedSegment, Intervals> = BTreeMap::new();
    for span in spans {
        let directed = DirectedSegment::new(span.segment, span.direction);
        let intervals = measures.entry(directed).or_default();
        intervals.add(span.from_m, span.to_m);
    }
    measures
}

/// Metres that only one of the two covers.
fn apart_m(a: &[MatchedSpan], b: &[MatchedSpan]) -> f64 {
    let (a, b) = (measures(a), measures(b));
    let none = Intervals::default();
    a.keys()
        .chain(b.keys().filter(|key| !a.contains_key(key)))
        .map(|key| {
            let (a, b) = (a.get(key).unwrap_or(&none), b.get(key).unwrap_or(&none));
            let mut both = a.clone();
            for (from_m, to_m) in b.parts() {
                both.add(*from_m, *to_m);
            }
            2.0 * both.length_m() - a.length_m() - b.length_m()
        })
        .sum()
}

const ROAD: &str = "A-------------------------B-------------------------C";

fn road() -> Scene {
    scene(ROAD, &[("AB", &[]), ("BC", &[])])
}

#[test]
fn fed_one_by_one_it_comes_to_what_the_whole_comes_to() {
    let scene = road();
    let fixes = scene.noisy_drive(&"AC".repeat(10));
    let (whole, online) = (scene.matched(&fixes), fed(&scene.network, &fixes));
    assert_eq!(scene.way(&online), scene.way(&whole));
    assert!(apart_m(&whole, &online) < 1.0);
}

#[test]
fn a_span_is_decided_four_kept_fixes_later_and_weak_until_then() {
    let scene = road();
    let fixes = scene.noisy_drive("AC");
    let params = MatchParams {
        lag_at_least: SignedDuration::ZERO,
        ..MatchParams::default()
    };
    let mut matcher = OnlineMatcher::new(&scene.network, params);
    let mut trace = matcher.begin(&fixes[0]);
    let mut decided = Vec::new();
    let mut said = Vec::new();
    for fix in &fixes[1..] {
        matcher.push(&mut trace, fix, &mut decided);
        let undecided = matcher.undecided(&trace);
        let strong_m: f64 = undecided
            .iter()
            .filter(|u| !u.weak)
            .map(|u| u.span.length_m())
            .sum();
        let whole_m: f64 = undecided.iter().map(|u| u.span.length_m()).sum();
        let ended_m: f64 = decided.iter().map(MatchedSpan::length_m).sum();
        said.push((ended_m + strong_m, ended_m + whole_m));
    }
    // A fix each 40 m: what is decided lies four of them behind what is said.
    for (i, (sure_m, said_m)) in said.iter().enumerate().skip(5) {
        let driven_m = 40.0 * (i + 1) as f64;
        assert!((said_m - driven_m.min(520.0)).abs() < 10.0, "{i}: {said_m}");
        assert!(
            (said_m - sure_m - 160.0).abs() < 15.0,
            "{i}: {sure_m} {said_m}"
        );
    }
    assert_eq!(trace.decided(), 1);
    assert_eq!(scene.way(&decided), "AB");
}

#[test]
fn what_the_plow_did_is_never_said_twice() {
    let scene = road();
    let fixes = scene.noisy_drive("ACA");
    let mut matcher = OnlineMatcher::new(&scene.network, MatchParams::default());
    let mut trace = matcher.begin(&fixes[0]);
    let mut decided = Vec::new();
    for fix in &fixes[1..] {
        matcher.push(&mut trace, fix, &mut decided);
        let all: Vec<MatchedSpan> = decided
            .iter()
            .cloned()
            .chain(matcher.undecided(&trace).into_iter().map(|u| u.span))
            .collect();
        for pair in all.windows(2) {
            assert!(pair[0].left_at <= pair[1].entered_at, "{all:?}");
        }
    }
}

#[test]
fn a_late_fix_is_put_in_its_place() {
    let scene = road();
    let fixes = scene.noisy_drive(&"AC".repeat(8));
    let late = fixes.len() - 9;
    let mut matcher = OnlineMatcher::new(&scene.network, MatchParams::default());
    let mut trace = matcher.begin(&fixes[0]);
    let mut decided = Vec::new();
    for (i, fix) in fixes.iter().enumerate().skip(1) {
        if i != late {
            matcher.push(&mut trace, fix, &mut decided);
        }
    }
    let mut none = Vec::new();
    assert_eq!(
        matcher.push(&mut trace, &fixes[late], &mut none),
        Pushed::Late
    );
    assert!(trace.rewind_before(fixes[late].observed_at));
    assert!(trace.last_fix_at() < fixes[late].observed_at);
    decided.truncate(trace.decided() as usize);
    let from = fixes.partition_point(|f| f.observed_at <= trace.last_fix_at());
    assert!(fixes.len() - from < 50, "a few minutes, not the night");
    for fix in &fixes[from..] {
        assert_eq!(matcher.push(&mut trace, fix, &mut decided), Pushed::Taken);
    }
    matcher.finish(trace, &mut decided);
    let in_order = fed(&scene.network, &fixes);
    assert_eq!(scene.way(&decided), scene.way(&in_order));
    assert!(apart_m(&decided, &in_order) < 1.0);
    let mut trace = matcher.begin(&fixes[0]);
    assert!(
        !trace.rewind_before(fixes[0].observed_at),
        "nothing to go back to"
    );
}

#[test]
fn a_trace_stays_small_however_long_it_gets() {
    let scene = road();
    let fixes = scene.noisy_drive(&"AC".repeat(60));
    let mut matcher = OnlineMatcher::new(&scene.network, MatchParams::default());
    let mut trace = matcher.begin(&fixes[0]);
    let mut most = 0;
    for fix in &fixes[1..] {
        matcher.push(&mut trace, fix, &mut Vec::new());
        most = most.max(trace.heap_bytes());
    }
    assert!(fixes.len() > 700);
    // 30,000 vehicles in 1 GB have 33 kB each.
    assert!(most < 16_000, "{most} bytes");
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 100,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn online_agrees_with_the_whole(town in towns(), drive in drives(4.0, 15)) {
        let network = town.network();
        prop_assume!(!network.segments().is_empty());
        let fixes = super::properties::Drive { odd: 0, ..drive }.fixes(&network);
        let whole = match_vehicle(&network, &fixes, &MatchParams::default());
        let online = fed(&network, &fixes);
        prop_assert!(online.windows(2).all(|w| w[1].entered_at >= w[0].left_at));
        let driven_m: f64 = whole.iter().map(MatchedSpan::length_m).sum();
        let apart_m = apart_m(&whole, &online);
        // A short drive may come out otherwise as a whole; a wrong bookkeeping shows on any.
        prop_assert!(apart_m <= 0.25 * driven_m + 250.0, "{apart_m} of {driven_m} m");
    }

    #[test]
    fn online_takes_whatever_comes(town in towns(), drive in drives(4.0, 15)) {
        let network = town.network();
        let fixes = drive.fixes(&network);
        let spans = fed(&network, &fixes);
        prop_assert!(spans.iter().all(|s| s.to_m >= s.from_m));
    }
}

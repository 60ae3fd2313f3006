//! Matching in windows gives what matching at once gives.

use super::properties::{drives, towns};
use super::*;
use crate::coverage::Intervals;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Spans of consecutive windows, each from the fixes of its own context alone.
fn in_windows(network: &RoadNetwork, fixes: &[PlowFix]) -> Vec<MatchedSpan> {
    let params = MatchParams::default();
    let (Some(first), Some(last)) = (fixes.first(), fixes.last()) else {
        return Vec::new();
    };
    let mut spans = Vec::new();
    let mut start = window_start(first.observed_at);
    while start <= last.observed_at {
        let (from, to) = context_of(start, &params);
        let context: Vec<PlowFix> = fixes
            .iter()
            .filter(|fix| fix.observed_at >= from && fix.observed_at <= to)
            .cloned()
            .collect();
        let own = spans_of_window(network, &context, start, &params);
        let end = start + WINDOW;
        assert!(
            own.iter()
                .all(|s| s.entered_at >= start && s.left_at <= end)
        );
        spans.extend(own);
        start = end;
    }
    spans
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

#[test]
fn windows_cover_what_the_whole_covers() {
    let scene = scene(ROAD, &[("AB", &[]), ("BC", &[])]);
    // Twenty times there and back: 20 minutes and more, over two borders.
    let fixes = scene.noisy_drive(&"AC".repeat(10));
    let (whole, windows) = (scene.matched(&fixes), in_windows(&scene.network, &fixes));
    assert!(fixes[fixes.len() - 1].observed_at > at_s(1200.0));
    assert!(apart_m(&whole, &windows) < 1.0);
    let length_m = |spans: &[MatchedSpan]| spans.iter().map(MatchedSpan::length_m).sum::<f64>();
    let (a_m, b_m) = (length_m(&whole), length_m(&windows));
    assert!((a_m - b_m).abs() < 1.0, "{a_m} {b_m}");
    for pair in windows.windows(2) {
        assert_eq!(pair[0].left_at, pair[1].entered_at, "no time is lost");
    }
}

#[test]
fn a_border_within_a_long_stop_loses_no_metre() {
    let scene = scene(ROAD, &[("AB", &[]), ("BC", &[])]);
    // It stands at 100 m from minute 8 to minute 14, and the border falls within.
    let along = |m: f64| moved(scene.map.at('A'), m, 2.0);
    let mut fixes: Vec<PlowFix> = (0..=10)
        .map(|i| fix(430.0 + 5.0 * f64::from(i), along(10.0 * f64::from(i))))
        .collect();
    fixes.extend((0..36).map(|i| fix(490.0 + 10.0 * f64::from(i), along(100.0))));
    fixes.extend((0..=10).map(|i| {
        let i = f64::from(i);
        fix(850.0 + 5.0 * i, along(100.0 + 15.0 * i))
    }));
    let windows = in_windows(&scene.network, &fixes);
    assert_eq!(scene.way(&windows), "AB AB");
    scene.assert_along(&windows[0], 0.0, 100.0);
    scene.assert_along(&windows[1], 100.0, 250.0);
    assert_eq!(windows[0].to_m, windows[1].from_m);
}

#[test]
fn a_silence_across_a_border_loses_nothing() {
    let scene = scene(ROAD, &[("AB", &[]), ("BC", &[])]);
    let along = |m: f64| moved(scene.map.at('A'), m, 2.0);
    let fixes = [
        (500.0, 20.0),
        (520.0, 100.0),
        (680.0, 400.0),
        (700.0, 500.0),
    ]
    .map(|(seconds, m)| fix(seconds, along(m)));
    let (whole, windows) = (scene.matched(&fixes), in_windows(&scene.network, &fixes));
    assert!(apart_m(&whole, &windows) < 0.01, "{windows:?}");
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 100,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn windows_agree_with_the_whole(town in towns(), drive in drives(4.0, 15), late in 0u32..600) {
        let network = town.network();
        prop_assume!(!network.segments().is_empty());
        let mut fixes = super::properties::Drive { odd: 0, ..drive }.fixes(&network);
        for fix in &mut fixes {
            fix.observed_at += SignedDuration::from_secs(i64::from(late));
        }
        let whole = match_vehicle(&network, &fixes, &MatchParams::default());
        let windows = in_windows(&network, &fixes);
        let driven_m: f64 = whole.iter().map(MatchedSpan::length_m).sum();
        let apart_m = apart_m(&whole, &windows);
        prop_assert!(apart_m <= 0.02 * driven_m + 15.0, "{apart_m} of {driven_m} m");
    }
}

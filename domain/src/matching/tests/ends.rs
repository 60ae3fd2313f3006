//! Ends of segments that a pass missed by metres count where the plow went on.

use super::*;
use crate::coverage::covered_m;

const ROAD: &str = "A--------------------B--------------------C";

fn road() -> Scene {
    scene(ROAD, &[("AB", &[]), ("BC", &[])])
}

/// What each working span covers, rounded, in the direction of travel, by the segment's name.
fn covered(scene: &Scene, spans: &[MatchedSpan]) -> Vec<(String, i64, i64)> {
    let works = |span: &MatchedSpan| span.work == Some(WorkKind::Plowing);
    let passes = (0..spans.len()).filter(|i| works(&spans[*i]));
    passes
        .map(|i| {
            let (from_m, to_m) = covered_m(&scene.network, spans, i);
            let drawn = MatchedSpan {
                from_m,
                to_m,
                ..spans[i].clone()
            };
            let [from_m, to_m] = scene.along(&drawn);
            (
                scene.name(&drawn),
                from_m.round() as i64,
                to_m.round() as i64,
            )
        })
        .collect()
}

/// A fix each 5 s, so many metres east of A, working or not.
fn fixes(scene: &Scene, places: &[(f64, bool)]) -> Vec<PlowFix> {
    let at = |east_m: f64| moved(scene.map.at('A'), east_m, 0.0);
    let fixes = places
        .iter()
        .enumerate()
        .map(|(i, (east_m, works))| PlowFix {
            work: Some(if *works {
                WorkKind::Plowing
            } else {
                WorkKind::Transit
            }),
            ..fix(5.0 * i as f64, at(*east_m))
        });
    fixes.collect()
}

#[test]
fn a_blade_lifted_before_the_junction_and_lowered_behind_it() {
    let scene = road();
    let way = |lifted_m: f64, lowered_m: f64| {
        let (up, down) = (lifted_m, lowered_m);
        let places = [
            (130.0, true),
            (165.0, true),
            (up, true),
            (up + 4.0, false),
            (down - 2.0, false),
            (down, true),
            (260.0, true),
            (300.0, true),
        ];
        covered(&scene, &scene.matched(&fixes(&scene, &places)))
    };
    let named = |from: (i64, i64), to: (i64, i64)| {
        vec![
            ("AB".to_owned(), from.0, from.1),
            ("BC".to_owned(), to.0, to.1),
        ]
    };
    // Up to 10 m count …
    assert_eq!(way(201.0, 219.0), named((130, 210), (0, 90)));
    // … farther ones don't.
    assert_eq!(way(195.0, 225.0), named((130, 195), (15, 90)));
}

#[test]
fn an_end_counts_only_where_the_trace_goes_on() {
    let scene = road();
    let to_the_east = [130.0, 165.0, 203.0].map(|m| (m, true));
    // It ends there.
    let ends = scene.matched(&fixes(&scene, &to_the_east));
    assert_eq!(covered(&scene, &ends), [("AB".to_owned(), 130, 203)]);
    // It turns there: neither its way there nor its way back reaches the junction.
    let turned = MatchedSpan {
        direction: Direction::Backward,
        entered_at: ends[0].left_at,
        ..ends[0].clone()
    };
    let there_and_back = covered(&scene, &[ends[0].clone(), turned]);
    let expected = [("AB".to_owned(), 130, 203), ("BA".to_owned(), 7, 80)];
    assert_eq!(there_and_back, expected);
}

#[test]
fn a_moment_without_a_way_leaves_no_end() {
    let scene = road();
    let span = |segment: usize, from_m: f64, to_m: f64, seconds: f64| MatchedSpan {
        segment: segment as u32,
        direction: Direction::Forward,
        from_m,
        to_m,
        entered_at: at_s(seconds),
        left_at: at_s(seconds + 10.0),
        work: Some(WorkKind::Plowing),
        inferred: false,
        doubtful: false,
        fixes: (0, 0),
    };
    for (to_m, from_m, expected) in [
        (204.0, 7.0, [(0, 210), (0, 100)]),
        (204.0, 30.0, [(0, 204), (30, 100)]),
        (190.0, 7.0, [(0, 190), (7, 100)]),
    ] {
        let spans = [span(0, 0.0, to_m, 0.0), span(1, from_m, 100.0, 20.0)];
        let measures = covered(&scene, &spans).into_iter().map(|(_, a, b)| (a, b));
        assert_eq!(measures.collect::<Vec<_>>(), expected, "{to_m} {from_m}");
    }
}

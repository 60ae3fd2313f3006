//! What the plow does, and what that makes of its spans.

use super::*;
use crate::coverage::{Confidence, NarrowRules, Pass, SegmentShape, segment_facts};

const ROAD: &str = "A---------------------------------------B";

fn road() -> Scene {
    scene(ROAD, &[("AB", &[("lanes", "2")])])
}

/// Drives A to B; the work is told for each fix.
fn drive(scene: &Scene, work: impl Fn(usize) -> Option<WorkKind>) -> Vec<MatchedSpan> {
    let mut fixes = scene.drive("AB");
    for (i, fix) in fixes.iter_mut().enumerate() {
        fix.work = work(i);
    }
    scene.matched(&fixes)
}

#[test]
fn work_kind_change_mid_street() {
    let scene = road();
    let spans = drive(&scene, |i| {
        Some(if i < 5 {
            WorkKind::Plowing
        } else {
            WorkKind::Grading
        })
    });
    let works: Vec<_> = spans.iter().map(|span| span.work.unwrap()).collect();
    assert_eq!(works, [WorkKind::Plowing, WorkKind::Grading]);
    assert_eq!(spans[0].to_m, spans[1].from_m);
    scene.assert_along(&spans[0], 0.0, 200.0);
}

#[test]
fn a_lifted_blade_clears_nothing_from_the_last_working_fix() {
    let scene = road();
    let spans = drive(&scene, |i| {
        Some(if i < 5 {
            WorkKind::Plowing
        } else {
            WorkKind::Transit
        })
    });
    let works: Vec<_> = spans.iter().map(|span| span.work.unwrap()).collect();
    assert_eq!(works, [WorkKind::Plowing, WorkKind::Transit]);
    scene.assert_along(&spans[0], 0.0, 160.0);
    scene.assert_along(&spans[1], 160.0, 400.0);
}

#[test]
fn transit_not_counted() {
    let scene = road();
    let cleared = |spans: &[MatchedSpan]| {
        let passes: Vec<Pass> = spans
            .iter()
            .map(|span| Pass {
                direction: span.direction,
                from_m: span.from_m,
                to_m: span.to_m,
                entered_at: span.entered_at,
                left_at: span.left_at,
                work: span.work,
                confidence: Confidence::Seen,
            })
            .collect();
        let shape = SegmentShape::of(&scene.network, spans[0].segment, &NarrowRules::default());
        segment_facts(&shape, &passes).forward.cleared_at
    };
    assert_eq!(cleared(&drive(&scene, |_| Some(WorkKind::Transit))), None);
    assert_eq!(cleared(&drive(&scene, |_| None)), None);
    assert!(cleared(&drive(&scene, |_| Some(WorkKind::Plowing))).is_some());
}

#[test]
fn thinning_keeps_every_change_of_work() {
    let scene = road();
    // A fix a second, only 2 m apart, of which most are passed over.
    let fixes: Vec<PlowFix> = (0..100)
        .map(|i| PlowFix {
            work: Some(match i {
                40..=42 => WorkKind::Transit,
                _ => WorkKind::Plowing,
            }),
            ..fix(
                f64::from(i),
                moved(scene.map.at('A'), 2.0 * f64::from(i), 0.0),
            )
        })
        .collect();
    let spans = scene.matched(&fixes);
    let works: Vec<_> = spans.iter().map(|span| span.work.unwrap()).collect();
    use WorkKind::{Plowing, Transit};
    assert_eq!(works, [Plowing, Transit, Plowing]);
    assert!(spans[1].fixes.0 <= 40 && spans[1].fixes.1 >= 42);
    assert!(spans.windows(2).all(|w| w[0].to_m == w[1].from_m));
}

//! What happens between fixes that are far apart.

use super::*;

const CITY: &str = "
    A----------B----------C----------D----------E----------F
    |          |          |          |          |          |
    |          |          |          |          |          |
    |          |          |          |          |          |
    |          |          |          |          |          |
    G----------H----------I----------J----------K----------L
";

fn city() -> Scene {
    let ways = ["ABCDEF", "GHIJKL", "AG", "BH", "CI", "DJ", "EK", "FL"];
    scene(CITY, &ways.map(|nodes| (nodes, [].as_slice())))
}

#[test]
fn tunnel_gap() {
    let drawing = "A-----B-----------------------------------------------C-----D";
    let scene = scene(
        drawing,
        &[("AB", &[]), ("BC", &[("tunnel", "yes")]), ("CD", &[])],
    );
    for minutes in [2.0, 3.0, 4.0] {
        let mut fixes = scene.drive("AB");
        fixes.extend(scene.drive("CD").into_iter().map(|mut f| {
            f.observed_at += SignedDuration::from_secs_f64(60.0 * minutes);
            f
        }));
        let spans = scene.matched(&fixes);
        assert_eq!(scene.way(&spans), "AB BC CD", "{minutes}");
        scene.assert_along(&spans[1], 0.0, 480.0);
    }
}

#[test]
fn what_only_lies_on_the_way_is_inferred() {
    let scene = city();
    let fixes: Vec<PlowFix> = [('A', 30.0, 0.0), ('E', 60.0, 70.0)]
        .map(|(place, east_m, seconds)| fix(seconds, moved(scene.map.at(place), east_m, 1.0)))
        .to_vec();
    let spans = scene.matched(&fixes);
    assert_eq!(scene.way(&spans), "AB BC CD DE EF");
    let inferred: Vec<bool> = spans.iter().map(|span| span.inferred).collect();
    assert_eq!(inferred, [false, true, true, true, false]);
    let rows: Vec<(u32, u32)> = spans.iter().map(|span| span.fixes).collect();
    assert_eq!(rows, [(0, 0), (0, 1), (0, 1), (0, 1), (1, 1)]);
}

#[test]
fn long_gap_splits() {
    let scene = city();
    let mut fixes = scene.drive("AB");
    fixes.extend(scene.drive("EF").into_iter().map(|mut f| {
        f.observed_at += SignedDuration::from_secs(400);
        f
    }));
    assert_eq!(scene.way_of(&fixes), "AB EF");
    assert_eq!(split_traces(&fixes, &MatchParams::default()).len(), 2);
}

#[test]
fn a_way_that_no_plow_could_drive_breaks_the_trace() {
    let scene = scene(
        "
        A--------------------B






        C--------------------D
        ",
        &[("AB", &[]), ("CD", &[])],
    );
    // Two roads that don't meet: first on the one, then on the other.
    let mut fixes = scene.drive("AB");
    let begun_s = 40.0;
    fixes.extend(scene.drive("DC").into_iter().map(|mut f| {
        f.observed_at += SignedDuration::from_secs_f64(begun_s);
        f
    }));
    let spans = scene.matched(&fixes);
    assert_eq!(scene.way(&spans), "AB DC");
    assert!(spans.windows(2).all(|w| w[1].entered_at >= w[0].left_at));
}

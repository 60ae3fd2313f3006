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
fn silence_tells_of_a_tunnel() {
    let drawing = "
                 E-----------------------------------F
        A--------B                                   C--------D
                 |                                   |
                 G-----------------------------------H
    ";
    let (under, over) = (&[("tunnel", "yes")][..], &[][..]);
    let cases = [
        (under, over, "BEFC"),
        (over, under, "BGHC"),
        (over, over, "BEFC"),
    ];
    for (short, long, expected) in cases {
        let scene = scene(
            drawing,
            &[("AB", &[]), ("BEFC", short), ("BGHC", long), ("CD", &[])],
        );
        let mut fixes = scene.drive("AB");
        fixes.extend(scene.drive("CD").into_iter().map(|mut f| {
            f.observed_at += SignedDuration::from_secs(75);
            f
        }));
        assert_eq!(scene.way_of(&fixes), format!("AB {expected} CD"));
    }
}

#[test]
fn of_two_ways_as_good_neither_is_claimed() {
    let drawing = "
        A--------B-----------------C--------D
                 |                 |
                 |                 |
                 |                 |
                 |                 |
        G--------H-----------------I--------J
    ";
    let ways = ["ABCD", "GHIJ", "BH", "CI"];
    let scene = scene(drawing, &ways.map(|nodes| (nodes, [].as_slice())));
    // By the upper street or by the lower one?
    let seen = [
        fix(0.0, moved(scene.map.at('A'), 30.0, 0.0)),
        fix(60.0, moved(scene.map.at('J'), -30.0, 0.0)),
    ];
    let spans = scene.matched(&seen);
    let named: Vec<(String, bool)> = spans
        .iter()
        .map(|span| (scene.name(span), span.doubtful))
        .collect();
    assert_eq!(named.len(), 4, "{named:?}");
    for (name, doubtful) in &named {
        assert_eq!(
            *doubtful,
            !["AB", "IJ"].contains(&name.as_str()),
            "{named:?}"
        );
    }
    assert!(spans.iter().all(|span| span.inferred || !span.doubtful));
    // A fix on the way settles it.
    let at_c = fix(38.0, moved(scene.map.at('C'), -60.0, 0.0));
    let [first, last] = seen;
    let spans = scene.matched(&[first, at_c, last]);
    assert_eq!(scene.way(&spans), "AB BC CI IJ");
    assert!(spans.iter().all(|span| !span.doubtful));
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

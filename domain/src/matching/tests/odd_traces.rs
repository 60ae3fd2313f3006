//! Traces that hardly are any.

use super::*;

const ROAD: &str = "A------------------------------B------------------------------C";

fn road() -> Scene {
    scene(ROAD, &[("AB", &[]), ("BC", &[])])
}

#[test]
fn single_fix() {
    let scene = road();
    let spans = scene.matched(&[fix(0.0, moved(scene.map.at('A'), 100.0, 4.0))]);
    assert_eq!(spans.len(), 1);
    assert_eq!((spans[0].fixes, spans[0].inferred), ((0, 0), false));
    assert!(spans[0].length_m() < 0.01, "one moment clears nothing");
    assert_eq!(spans[0].entered_at, spans[0].left_at);
}

#[test]
fn two_fixes() {
    let scene = road();
    let fixes = [(0.0, 100.0), (10.0, 180.0)]
        .map(|(seconds, east_m)| fix(seconds, moved(scene.map.at('A'), east_m, 4.0)));
    let spans = scene.matched(&fixes);
    assert_eq!(scene.way(&spans), "AB");
    scene.assert_along(&spans[0], 100.0, 180.0);
    assert_eq!(spans[0].fixes, (0, 1));
}

#[test]
fn no_fixes() {
    assert_eq!(road().matched(&[]), []);
}

#[test]
fn parked_with_jitter() {
    let scene = road();
    let mut fixes = scene.drive("AB");
    let parked = moved(scene.map.at('B'), 100.0, 0.0);
    for i in 0..120 {
        let [east_m, north_m] = ERRORS_M[i % 8];
        let seconds = 60.0 + 5.0 * i as f64;
        fixes.push(fix(seconds, moved(parked, 2.0 * east_m, 2.0 * north_m)));
    }
    let spans = scene.matched(&fixes);
    assert_eq!(
        scene.way(&spans),
        "AB BC",
        "it never turned round: {spans:#?}"
    );
    let [from_m, to_m] = scene.along(&spans[1]);
    assert!(from_m < 1.0 && (85.0..115.0).contains(&to_m), "{to_m}");
    assert!(spans[1].left_at >= at_s(600.0));
}

#[test]
fn parked_with_a_turning_compass() {
    let scene = road();
    let parked = moved(scene.map.at('B'), 100.0, 0.0);
    for (every_s, speed_kmh) in [(5.0, None), (60.0, None), (5.0, Some(6.0))] {
        let mut fixes = scene.drive("AB");
        for fix in &mut fixes {
            fix.heading_deg = Some(90.0);
        }
        for i in 0..180 {
            let [east_m, north_m] = ERRORS_M[i % 8];
            let at = moved(parked, east_m, north_m);
            fixes.push(PlowFix {
                heading_deg: Some((i * 137 % 360) as f64),
                speed_kmh,
                ..fix(60.0 + every_s * i as f64, at)
            });
        }
        let way = scene.way_of(&fixes);
        assert_eq!(way, "AB BC", "{every_s} s, {speed_kmh:?}");
    }
}

#[test]
fn a_burst_of_echoes_is_left_out_and_so_is_one_row_that_came_twice() {
    let scene = scene(
        "
        A------------------------------B------------------------------C




        D------------------------------E------------------------------F
        ",
        &[("AB", &[]), ("BC", &[]), ("DE", &[]), ("EF", &[])],
    );
    for (burst, twice) in [(1, true), (1, false), (2, false), (5, false), (10, false)] {
        let mut fixes = scene.drive_each(1.0, "AC");
        let twentieth = fixes[20].clone();
        for fix in &mut fixes[20..20 + burst] {
            fix.at = moved(fix.at, 60.0, -160.0);
        }
        if twice {
            fixes.insert(20, fixes[20].clone());
            fixes[21] = fixes[20].clone();
            assert_ne!(fixes[20], twentieth);
        }
        assert_eq!(scene.way_of(&fixes), "AB BC", "{burst} {twice}");
        assert_eq!(split_traces(&fixes, &MatchParams::default()).len(), 1);
    }
    // What stays away is another trace.
    let mut fixes = scene.drive_each(1.0, "AC");
    for fix in &mut fixes[20..] {
        fix.at = moved(fix.at, 120.0, -3000.0);
    }
    assert_eq!(split_traces(&fixes, &MatchParams::default()).len(), 2);
}

#[test]
fn parked_at_a_crossing() {
    let scene = scene(
        "
                        D
                        |
                        |
                        |
        A---------------B---------------C
                        |
                        |
                        |
                        E
        ",
        &[("ABC", &[]), ("DBE", &[])],
    );
    let mut fixes = scene.drive("AB");
    let arrived_s = 160.0 / SPEED;
    for i in 1..60 {
        let at = moved(scene.map.at('B'), ERRORS_M[i % 8][0], ERRORS_M[i % 8][1]);
        fixes.push(fix(arrived_s + 5.0 * i as f64, at));
    }
    let driven_m: f64 = scene
        .matched(&fixes)
        .iter()
        .map(MatchedSpan::length_m)
        .sum();
    assert!((150.0..185.0).contains(&driven_m), "{driven_m}");
    fixes.extend(scene.drive("BC").into_iter().skip(1).map(|mut f| {
        f.observed_at += SignedDuration::from_secs(330);
        f
    }));
    assert_eq!(scene.way_of(&fixes), "AB BC");
}

#[test]
fn outlier_fix() {
    let scene = scene(
        "
        A------------------------------B------------------------------C
        |                              |                              |
        |                              |                              |
        |                              |                              |
        |                              |                              |
        |                              |                              |
        |                              |                              |
        |                              |                              |
        D------------------------------E------------------------------F
        ",
        &[
            ("ABC", &[]),
            ("DEF", &[]),
            ("AD", &[]),
            ("BE", &[]),
            ("CF", &[]),
        ],
    );
    for off_m in [-40.0, -75.0, -150.0, -3000.0] {
        let mut fixes = scene.noisy_drive("AC");
        fixes[6].at = moved(fixes[6].at, 0.0, off_m);
        assert_eq!(scene.way_of(&fixes), "AB BC", "{off_m}");
    }
}

#[test]
fn a_moment_off_every_road_does_not_break_the_trace() {
    let scene = road();
    let mut fixes = scene.drive("AC");
    for f in &mut fixes[5..7] {
        f.at = moved(f.at, 0.0, 80.0);
    }
    let spans = scene.matched(&fixes);
    assert_eq!(scene.way(&spans), "AB BC");
    scene.assert_along(&spans[0], 0.0, 310.0);
}

#[test]
fn of_two_fixes_at_one_time_the_first_counts() {
    let scene = road();
    let mut fixes = scene.drive("AC");
    let once = scene.matched(&fixes);
    let copy = PlowFix {
        at: moved(fixes[3].at, -60.0, 20.0),
        ..fixes[3].clone()
    };
    fixes.insert(4, copy);
    let twice = scene.matched(&fixes);
    assert_eq!(scene.way(&twice), scene.way(&once));
    assert!(once.iter().zip(&twice).all(|(a, b)| a.to_m == b.to_m));
}

#[test]
fn slipping_back_along_the_road_is_no_turn() {
    let scene = road();
    let mut fixes = scene.drive_each(2.0, "AC");
    for (i, f) in fixes.iter_mut().enumerate() {
        // Errors along the road are larger than what it drives in 2 s.
        f.at = moved(f.at, if i % 2 == 0 { 12.0 } else { -12.0 }, 0.0);
    }
    assert_eq!(scene.way_of(&fixes), "AB BC");
}

#[test]
fn the_last_fix_goes_no_farther_than_it_was_seen() {
    let scene = road();
    let mut fixes = scene.drive("AB");
    fixes.pop();
    let last_m = 40.0 * (fixes.len() - 1) as f64;
    let spans = scene.matched(&fixes);
    scene.assert_along(spans.last().unwrap(), 0.0, last_m);
}

#[test]
fn a_fix_that_was_passed_over_is_seen_where_the_plow_was_then() {
    let scene = scene(
        "A----------------------BC----------------------D",
        &[("AB", &[]), ("BC", &[]), ("CD", &[])],
    );
    // The middle segment is 10 m long; one of the fixes there is too near to the last kept one.
    let mut fixes = scene.drive_each(3.0, "AB");
    let at = |east_m: f64| moved(scene.map.at('A'), east_m, 0.0);
    fixes.truncate(9);
    for (seconds, east_m) in [(27.5, 225.0), (29.0, 234.0), (31.0, 245.0), (33.0, 260.0)] {
        fixes.push(fix(seconds, at(east_m)));
    }
    let spans = scene.matched(&fixes);
    assert_eq!(scene.way(&spans), "AB BC CD");
    assert!(spans.iter().all(|span| !span.inferred), "{spans:#?}");
    assert_eq!(spans[0].fixes.0, 0);
    assert_eq!(spans[2].fixes.1, fixes.len() as u32 - 1);
    assert!(spans.windows(2).all(|w| w[1].fixes.0 <= w[0].fixes.1 + 1));
}

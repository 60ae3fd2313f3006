//! Plain roads, and which way they are driven.

use super::*;

const ROAD: &str = "A-------------------------B-------------------------C";

#[test]
fn straight_road_both_directions() {
    let scene = scene(ROAD, &[("AB", &[]), ("BC", &[])]);
    for (drive, expected) in [("AC", "AB BC"), ("CA", "CB BA")] {
        let spans = scene.matched(&scene.noisy_drive(drive));
        assert_eq!(scene.way(&spans), expected);
        scene.assert_along(&spans[0], 0.0, 260.0);
        scene.assert_along(&spans[1], 0.0, 260.0);
        assert!(spans.iter().all(|span| !span.inferred));
    }
}

#[test]
fn a_line_drawn_against_the_drive_is_driven_backward() {
    let scene = scene(ROAD, &[("CB", &[]), ("BA", &[])]);
    let spans = scene.matched(&scene.drive("AC"));
    assert_eq!(scene.way(&spans), "AB BC");
    assert!(spans.iter().all(|s| s.direction == Direction::Backward));
    assert!(spans.iter().all(|s| s.from_m < s.to_m));
}

#[test]
fn both_directions_one_after_the_other() {
    let scene = scene(ROAD, &[("AB", &[]), ("BC", &[])]);
    assert_eq!(scene.way_of(&scene.noisy_drive("ACA")), "AB BC CB BA");
}

#[test]
fn times_are_interpolated_between_fixes() {
    let scene = scene(ROAD, &[("AB", &[]), ("BC", &[])]);
    let spans = scene.matched(&scene.drive("AC"));
    let passed_b = at_s(260.0 / SPEED);
    let apart = spans[0].left_at.duration_since(passed_b).as_secs_f64();
    assert!(apart.abs() < 0.2, "{apart}");
    assert_eq!(spans[0].left_at, spans[1].entered_at);
    assert_eq!(spans[0].entered_at, at_s(0.0));
    assert_eq!(spans[1].left_at, at_s(520.0 / SPEED));
}

#[test]
fn fixes_are_those_seen_on_the_span() {
    let scene = scene(ROAD, &[("AB", &[]), ("BC", &[])]);
    let spans = scene.matched(&scene.drive("AC"));
    // Each 40 m: 0..=240 m on AB, 280..=520 m on BC.
    assert_eq!((spans[0].fixes, spans[1].fixes), ((0, 6), (7, 13)));
}

#[test]
fn one_way_respected() {
    let drawing = "
        A--------B--------C
                 |        |
                 |        |
                 E--------D
    ";
    let one_way: &[(&str, &str)] = &[("oneway", "yes")];
    let scene = scene(drawing, &[("AB", &[]), ("BC", one_way), ("BEDC", &[])]);
    assert_eq!(scene.way_of(&scene.drive("ABC")), "AB BC");
    // Seen at C, then at A: BC can't be taken, so it went round.
    let fixes = [fix(0.0, scene.map.at('C')), fix(40.0, scene.map.at('A'))];
    assert_eq!(scene.way_of(&fixes), "CDEB BA");
}

#[test]
fn reversed_one_way() {
    let scene = scene(
        ROAD,
        &[("AB", &[("oneway", "-1")]), ("BC", &[("oneway", "-1")])],
    );
    assert_eq!(scene.way_of(&scene.drive("CA")), "CB BA");
    assert_eq!(scene.way_of(&scene.noisy_drive("CA")), "CB BA");
}

#[test]
fn against_a_one_way() {
    let drawing = "
        A-------------------------B-------------------------C
                                  |                         |
                                  |                         |
                                  |                         |
                                  |                         |
                                  |                         |
                                  |                         |
                                  E-------------------------D
    ";
    let to_the_west: &[(&str, &str)] = &[("oneway", "-1")];
    let scene = scene(
        drawing,
        &[("AB", &[]), ("BC", to_the_west), ("BE", &[]), ("EDC", &[])],
    );
    // It works against the traffic: no round by E and D that it had no time for.
    assert_eq!(scene.way_of(&scene.noisy_drive("ABC")), "AB BC");
    let each_second = scene.drive_each(1.0, "ABC");
    assert_eq!(scene.way_of(&each_second), "AB BC");
    // Working there and backing out again.
    assert_eq!(scene.way_of(&scene.noisy_drive("BCB")), "BC CB");
    // Where it had the time and nobody saw it, it drove as all do.
    let seen = [fix(0.0, scene.map.at('A')), fix(130.0, scene.map.at('C'))];
    assert_eq!(scene.way_of(&seen), "AB BE EDC");
}

#[test]
fn heading_tells_the_direction_of_a_single_fix() {
    let scene = scene(ROAD, &[("AB", &[]), ("BC", &[])]);
    for (heading_deg, speed_kmh, expected) in [
        (90.0, Some(20.0), Direction::Forward),
        (265.0, Some(20.0), Direction::Backward),
        (265.0, None, Direction::Backward),
        // Standing still, a heading says nothing.
        (265.0, Some(0.0), Direction::Forward),
    ] {
        let seen = PlowFix {
            heading_deg: Some(heading_deg),
            speed_kmh,
            ..fix(0.0, moved(scene.map.at('A'), 100.0, 3.0))
        };
        let spans = scene.matched(&[seen]);
        assert_eq!(spans[0].direction, expected, "{heading_deg} {speed_kmh:?}");
    }
}

//! What plows do and cars don't.

use super::*;

#[test]
fn dead_end() {
    let scene = scene(
        "
        A----------B----------C
                   |
                   |
                   |
                   |
                   |
                   |
                   |
                   D
        ",
        &[("ABC", &[]), ("BD", &[])],
    );
    let spans = scene.matched(&scene.noisy_drive("ABDBC"));
    assert_eq!(scene.way(&spans), "AB BD DB BC");
    scene.assert_along(&spans[1], 0.0, 80.0);
    scene.assert_along(&spans[2], 0.0, 80.0);
}

#[test]
fn the_tip_of_a_dead_end_between_two_fixes() {
    let scene = scene("A-----------------------------B", &[("AB", &[])]);
    let mut fixes = scene.drive("ABA");
    // The fixes nearest to the tip are lost.
    fixes.retain(|f| f.at.geodesic_m(scene.map.at('B')) > 30.0);
    let spans = scene.matched(&fixes);
    assert_eq!(scene.way(&spans), "AB AB BA BA");
    scene.assert_along(&spans[1], 240.0, 300.0);
    scene.assert_along(&spans[2], 0.0, 60.0);
    let inferred: Vec<bool> = spans.iter().map(|span| span.inferred).collect();
    assert_eq!(inferred, [false, true, true, false]);
}

#[test]
fn mid_block_turn() {
    let scene = scene(
        "A----------B----------------1---------------------C----------D",
        &[("AB", &[]), ("BC", &[]), ("CD", &[])],
    );
    let spans = scene.matched(&scene.noisy_drive("AB1BA"));
    assert_eq!(scene.way(&spans), "AB BC CB BA");
    scene.assert_along(&spans[1], 0.0, 170.0);
    scene.assert_along(&spans[2], 390.0 - 170.0, 390.0);
}

#[test]
fn turn_at_a_junction() {
    let scene = scene(
        "
        A--------------B--------------C
                       |
                       |
                       |
                       D
        ",
        &[("ABC", &[]), ("BD", &[])],
    );
    assert_eq!(scene.way_of(&scene.noisy_drive("ABA")), "AB BA");
}

#[test]
fn back_and_forth() {
    let scene = scene(
        "A--------------------B----------1---------C----------------D",
        &[("AB", &[]), ("BC", &[]), ("CD", &[])],
    );
    let way = scene.way_of(&scene.noisy_drive("ACBCBCD"));
    assert_eq!(way, "AB BC CB BC CB BC CD");
    let spans = scene.matched(&scene.noisy_drive("A1B1A"));
    assert_eq!(scene.way(&spans), "AB BC CB BC CB BA");
}

#[test]
fn roundabout() {
    let drawing = "
              N
              |
              |
              |
              E
            /   |
        W--F     H--X
            |   /
              G
              |
              |
              |
              S
    ";
    let ring: &[(&str, &str)] = &[("oneway", "yes")];
    let scene = scene(
        drawing,
        &[
            ("EFGHE", ring),
            ("NE", &[]),
            ("WF", &[]),
            ("SG", &[]),
            ("XH", &[]),
        ],
    );
    assert_eq!(scene.way_of(&scene.drive_each(2.0, "WFGHX")), "WF FG GH HX");
    assert_eq!(
        scene.way_of(&scene.drive_each(2.0, "SGHEFW")),
        "SG GH HE EF FW"
    );
    // Right round, and out where it came in.
    assert_eq!(
        scene.way_of(&scene.drive_each(2.0, "WFGHEFW")),
        "WF FG GH HE EF FW"
    );
}

#[test]
fn loop_street() {
    let drawing = "
        A---------------B---------------C
                    D---+---E
                    |       |
                    |       |
                    |       |
                    G-------F
    ";
    let scene = scene(drawing, &[("ABC", &[]), ("BDGFEB", &[])]);
    assert_eq!(scene.way_of(&scene.noisy_drive("ABDGFEBC")), "AB BDGFEB BC");
    assert_eq!(scene.way_of(&scene.noisy_drive("ABEFGDBC")), "AB BEFGDB BC");
}

#[test]
fn turning_round_beyond_the_next_corner_between_two_fixes() {
    let scene = scene(
        "
        A----------B----------------------------C
                   |
                   |
                   |
                   D
        ",
        &[("AB", &[]), ("DB", &[]), ("BC", &[])],
    );
    // Seen before the corner, then beyond it and already on the way back.
    let mut fixes = scene.drive("AB");
    let heading = |f: PlowFix, deg: f64| PlowFix {
        heading_deg: Some(deg),
        ..f
    };
    fixes.pop();
    let b = scene.map.at('B');
    fixes.push(heading(fix(25.0, moved(b, 60.0, 2.0)), 270.0));
    fixes.push(heading(fix(30.0, moved(b, 20.0, 2.0)), 270.0));
    fixes.push(fix(35.0, moved(b, -20.0, 2.0)));
    fixes.push(fix(40.0, moved(b, -60.0, 2.0)));
    assert_eq!(scene.way_of(&fixes), "AB BC CB BA");
}

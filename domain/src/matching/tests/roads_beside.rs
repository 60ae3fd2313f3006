//! Roads that lie near the one driven.

use super::*;

#[test]
fn parallel_road() {
    let scene = scene(
        "
        A-----------------------B-----------------------C
        |                       |                       |
        |                       |                       |
        D-----------------------E-----------------------F
        ",
        &[
            ("ABC", &[]),
            ("DEF", &[]),
            ("AD", &[]),
            ("BE", &[]),
            ("CF", &[]),
        ],
    );
    let mut fixes = scene.noisy_drive("AC");
    // One fix lies nearer to the other road.
    fixes[4].at = moved(fixes[4].at, 0.0, -17.0);
    assert_eq!(scene.way_of(&fixes), "AB BC");
    assert_eq!(scene.way_of(&scene.noisy_drive("FD")), "FE ED");
}

#[test]
fn frontage_road() {
    let scene = scene(
        "
        A--B-------------------------------------------C--D
           |                                           |
           E-------------------------------------------F
        ",
        &[("ABCD", &[("highway", "trunk")]), ("BEFC", &[])],
    );
    let mut fixes = scene.noisy_drive("AD");
    for fix in &mut fixes[4..7] {
        fix.at = moved(fix.at, 0.0, -5.0);
    }
    assert_eq!(scene.way_of(&fixes), "AB BC CD");
    assert_eq!(scene.way_of(&scene.drive("ABEFCD")), "AB BEFC CD");
}

#[test]
fn divided_road() {
    let one_way: &[(&str, &str)] = &[("oneway", "yes"), ("highway", "trunk")];
    let scene = scene(
        "
        A----------------------------------------B
        C----------------------------------------D
        ",
        &[("BA", one_way), ("CD", one_way)],
    );
    for (drive, expected) in [("AB", "CD"), ("DC", "BA"), ("CD", "CD"), ("BA", "BA")] {
        assert_eq!(scene.way_of(&scene.noisy_drive(drive)), expected);
    }
}

#[test]
fn bridge_over_road() {
    let scene = scene(
        "
                          C
                          |
                          |
                          |
                          |
        A-----------------+-------------------B
                          |
                          |
                          |
                          |
                          D
        ",
        &[("AB", &[("bridge", "yes"), ("layer", "1")]), ("CD", &[])],
    );
    let mut fixes = scene.noisy_drive("AB");
    fixes[4].at = moved(scene.map.at('A'), 180.0, 10.0);
    assert_eq!(scene.way_of(&fixes), "AB");
    assert_eq!(scene.way_of(&scene.noisy_drive("CD")), "CD");
}

#[test]
fn no_spur_into_side_streets_at_corners() {
    let scene = scene(
        "
                     E
                     |
                     |
                     |
        A------------B------------C
                     |
                     |
                     |
                     |
                     |
                     D
        ",
        &[("ABC", &[]), ("EBD", &[])],
    );
    for [east_m, north_m] in [[0.0, 12.0], [4.0, 12.0], [-4.0, -12.0]] {
        let mut fixes = scene.noisy_drive("AC");
        fixes.insert(4, fix(16.4, moved(scene.map.at('B'), east_m, north_m)));
        fixes.retain(|f| f.observed_at == at_s(16.4) || f.at.geodesic_m(scene.map.at('B')) > 15.0);
        assert_eq!(scene.way_of(&fixes), "AB BC", "{east_m} {north_m}");
    }
    // Overshooting the corner does not drive on straight.
    let mut fixes = scene.drive("ABD");
    fixes[3].at = moved(scene.map.at('B'), 9.0, -3.0);
    assert_eq!(scene.way_of(&fixes), "AB BD");
}

#[test]
fn no_road_near() {
    let scene = scene("A---------B\n\n\n\n\n\n\n\n\n\n1---------2", &[("AB", &[])]);
    assert_eq!(scene.matched(&scene.drive("12")), []);
}

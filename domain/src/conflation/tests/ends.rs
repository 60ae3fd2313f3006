//! Where on a segment a line begins and ends.

use super::*;

const MAP: &str = "
              C
              |
    A----1----B----2----D
              |
              E
";
const WAYS: &[Way<'_>] = &[("ABD", &[]), ("CBE", &[])];

/// Lays a line given by places and metres east of them.
fn laid(line: &[(char, f64)], off_m: f64) -> (String, LaidLine) {
    let map = parse(MAP, 20.0);
    let network = map.network(WAYS);
    let line: Vec<LonLat> = line
        .iter()
        .map(|(c, east_m)| map.beside(*c, *east_m, off_m))
        .collect();
    let laid = lay_line(&network, &line, &LayParams::default());
    (told(&map, &network, &laid), laid)
}

#[test]
fn measures_are_the_lines_own() {
    for off_m in [-15.0, -4.0, 0.0, 9.0, 18.0] {
        let (told, laid) = laid(&[('1', -20.0), ('2', 33.0)], off_m);
        assert!(told.starts_with("AB[") && told.contains(" BD["), "{told}");
        let [ab, bd] = laid.stretches[..] else {
            panic!("{told}")
        };
        assert!(
            near(ab.from_m, 80.0, 1.0) && near(ab.to_m, 200.0, 0.1),
            "{off_m} {told}"
        );
        assert!(
            near(bd.from_m, 0.0, 0.1) && near(bd.to_m, 133.0, 1.0),
            "{off_m} {told}"
        );
        assert!(laid.unmatched.is_empty() && laid.share > 0.999);
    }
}

#[test]
#[allow(clippy::type_complexity)]
fn a_junctions_mouth_is_no_course() {
    let cases: [(&str, &[(char, f64)], f64, &str); 5] = [
        (
            "ends 9 m past the crossing",
            &[('A', 0.0), ('B', 9.0)],
            2.0,
            "AB",
        ),
        (
            "begins 9 m before it",
            &[('B', -9.0), ('D', 0.0)],
            2.0,
            "BD",
        ),
        ("ends 4 m before it", &[('A', 0.0), ('B', -4.0)], 2.0, "AB"),
        (
            "turns into it for 8 m",
            &[('A', 0.0), ('B', 0.0), ('B', 0.1)],
            -8.0,
            "AB",
        ),
        (
            "ends 30 m past it",
            &[('A', 0.0), ('B', 30.0)],
            2.0,
            "AB BD[0-30]",
        ),
    ];
    for (name, line, off_m, expected) in cases {
        let (told, laid) = laid(line, off_m);
        assert_eq!(told, expected, "{name}");
        assert!(laid.unmatched.is_empty(), "{name}: {laid:?}");
    }
}

#[test]
fn a_line_within_one_segment_keeps_both_measures() {
    let (_, laid) = laid(&[('1', -30.0), ('1', 25.0)], 5.0);
    let [part] = laid.stretches[..] else {
        panic!("{laid:?}")
    };
    assert!(
        near(part.from_m, 70.0, 0.5) && near(part.to_m, 125.0, 0.5),
        "{part:?}"
    );
    assert_eq!(part.direction, None);
}

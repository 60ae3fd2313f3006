//! Which roads a line follows.

use super::*;

struct Case<'a> {
    name: &'a str,
    map: &'a str,
    ways: &'a [Way<'a>],
    line: &'a str,
    /// The drawing's error, metres east and north.
    off_m: (f64, f64),
    expected: &'a str,
    /// Metres of the line that lie on no road, and by how much the figure may differ.
    unmatched_m: (f64, f64),
}

const WHOLE: (f64, f64) = (0.0, 1.0);
const ONEWAY: &[(&str, &str)] = &[("oneway", "yes"), ("highway", "trunk")];
const GRID: &str = "
    A----B----C----D
         |    |
    E----F----G----H
         |    |
         I    J
";

fn check(case: &Case<'_>, params: &LayParams) {
    let map = parse(case.map, 20.0);
    let network = map.network(case.ways);
    let line = moved(&map.line(case.line), case.off_m.0, case.off_m.1);
    let laid = lay_line(&network, &line, params);
    let name = case.name;
    assert_eq!(
        told(&map, &network, &laid),
        case.expected,
        "{name}: {laid:?}"
    );
    let off_m: f64 = laid.unmatched.iter().map(|u| u.to_m - u.from_m).sum();
    assert!(
        near(off_m, case.unmatched_m.0, case.unmatched_m.1),
        "{name}: {off_m} m on no road: {laid:?}"
    );
    let length_m = line_length_m(&line);
    assert!(near(laid.share * length_m, length_m - off_m, 1.1), "{name}");
}

#[test]
fn a_line_follows_the_road_that_it_means() {
    let cases = [
        Case {
            name: "straight through crossings",
            map: GRID,
            ways: &[("ABCD", &[]), ("EFGH", &[]), ("BFI", &[]), ("CGJ", &[])],
            line: "AD",
            off_m: (0.0, 0.0),
            expected: "AB BC CD",
            unmatched_m: WHOLE,
        },
        Case {
            name: "against the order of the ways",
            map: GRID,
            ways: &[("ABCD", &[]), ("EFGH", &[]), ("BFI", &[]), ("CGJ", &[])],
            line: "DCBA",
            off_m: (0.0, 3.0),
            expected: "CD BC AB",
            unmatched_m: WHOLE,
        },
        Case {
            name: "20 m beside it, and nearer to nothing else",
            map: GRID,
            ways: &[("ABCD", &[]), ("EFGH", &[])],
            line: "AD",
            off_m: (0.0, 19.0),
            expected: "AD",
            unmatched_m: WHOLE,
        },
        Case {
            name: "round corners with the drawing off by 12 m",
            map: GRID,
            ways: &[("ABCD", &[]), ("EFGH", &[]), ("BFI", &[]), ("CGJ", &[])],
            line: "ABFGJ",
            off_m: (9.0, 8.0),
            expected: "AB[9-100] BF FG GJ[0-32]",
            unmatched_m: WHOLE,
        },
        Case {
            name: "on the outside of corners, 20 m off",
            map: GRID,
            ways: &[("ABCD", &[]), ("EFGH", &[]), ("BFI", &[]), ("CGJ", &[])],
            line: "ABFE",
            off_m: (20.0, 0.0),
            expected: "AB[20-100] BF EF[20-100]",
            unmatched_m: WHOLE,
        },
        Case {
            name: "on the inside of corners, 20 m off",
            map: GRID,
            ways: &[("ABCD", &[]), ("EFGH", &[]), ("BFI", &[]), ("CGJ", &[])],
            line: "DCGH",
            off_m: (20.0, 0.0),
            expected: "CD CG GH",
            unmatched_m: (40.0, 8.0),
        },
        Case {
            name: "the connected road, not the one that comes nearer for a while",
            map: "
    A--------------------B
       C--------------D
",
            ways: &[("AB", &[]), ("CD", &[])],
            line: "AB",
            off_m: (0.0, -11.0),
            expected: "AB",
            unmatched_m: WHOLE,
        },
        Case {
            name: "on where the road ends, it lies on none",
            map: "
    A--------B    1
",
            ways: &[("AB", &[])],
            line: "A1",
            off_m: (0.0, 0.0),
            expected: "AB",
            unmatched_m: (100.0, 12.0),
        },
        Case {
            name: "a road that is only crossed is not followed",
            map: "
            C
            |
    1-------A-------2
            |
            D
",
            ways: &[("CAD", &[])],
            line: "12",
            off_m: (0.0, 0.0),
            expected: "",
            unmatched_m: (320.0, 0.1),
        },
        Case {
            name: "a road that is missing between two that are there",
            map: "
    A------B        C------D
",
            ways: &[("AB", &[]), ("CD", &[])],
            line: "AD",
            off_m: (0.0, 2.0),
            expected: "AB CD",
            unmatched_m: (180.0, 20.0),
        },
        Case {
            name: "into a dead end and out again",
            map: "
    A----B----C
         |
         |
         D
",
            ways: &[("ABC", &[]), ("BD", &[])],
            line: "ABDBC",
            off_m: (0.0, 0.0),
            expected: "AB BD BC",
            unmatched_m: WHOLE,
        },
        Case {
            name: "a hairpin whose legs lie 40 m apart",
            map: "
    A--------------B
                   |
    D--------------C
",
            ways: &[("ABCD", &[])],
            line: "ABCD",
            off_m: (0.0, 15.0),
            expected: "AD",
            unmatched_m: WHOLE,
        },
        Case {
            name: "a one-way street drawn against its traffic",
            map: GRID,
            ways: &[("DCBA", ONEWAY), ("EFGH", &[]), ("BF", &[]), ("CG", &[])],
            line: "AD",
            off_m: (0.0, 6.0),
            expected: "BA CB DC",
            unmatched_m: WHOLE,
        },
        Case {
            name: "a dual carriageway drawn as one line: both sides",
            map: "
    A--------B--------C
    D--------E--------F
",
            ways: &[("CBA", ONEWAY), ("DEF", ONEWAY), ("BE", &[])],
            line: "AC",
            off_m: (0.0, -10.0),
            expected: "DE EF BA CB",
            unmatched_m: WHOLE,
        },
    ];
    for case in &cases {
        check(case, &LayParams::default());
    }
}

#[test]
fn as_drawn_a_line_means_its_own_side_and_direction() {
    let params = LayParams {
        carriageways: Carriageways::AsDrawn,
        ..LayParams::default()
    };
    let map = "
    A--------B--------C----G
    D--------E--------F----H
";
    let ways: &[Way<'_>] = &[("CBA", ONEWAY), ("DEF", ONEWAY), ("CG", &[]), ("FH", &[])];
    let cases = [
        ("with the traffic", "ABC", "DF>"),
        ("the other way", "CBA", "CA>"),
        ("where there is one road, its direction", "GC", "CG<"),
    ];
    for (name, line, expected) in cases {
        let off_m = if line == "GC" { 3.0 } else { -10.0 };
        check(
            &Case {
                name,
                map,
                ways,
                line,
                off_m: (0.0, off_m),
                expected,
                unmatched_m: WHOLE,
            },
            &params,
        );
    }
}

#[test]
fn what_is_known_of_the_roads_decides_between_neighbours() {
    let map = parse(
        "
    A-----------B
    C-----------D
",
        20.0,
    );
    let network = map.network(&[("AB", &[("ref", "7")]), ("CD", &[])]);
    let line = moved(&map.line("CD"), 0.0, 7.0);
    let plain = lay_line(&network, &line, &LayParams::default());
    assert_eq!(told(&map, &network, &plain), "CD");
    let cost = |segment: u32| match &network.road(segment).attributes.reference {
        Some(reference) if reference == "7" => 0.0,
        _ => 1.5,
    };
    let known = lay_line_preferring(&network, &line, &cost, &LayParams::default());
    assert_eq!(told(&map, &network, &known), "AB");
    let never = |_: u32| f64::INFINITY;
    let none = lay_line_preferring(&network, &line, &never, &LayParams::default());
    assert_eq!((none.stretches.len(), none.share), (0, 0.0));
}

#[test]
fn lines_without_length_lie_nowhere() {
    let map = parse(GRID, 20.0);
    let network = map.network(&[("ABCD", &[])]);
    let far = LonLat::new(f64::NAN, 40.0);
    for line in [
        vec![],
        vec![map.at('A')],
        map.line("AA"),
        vec![far, map.at('A')],
    ] {
        assert_eq!(
            lay_line(&network, &line, &LayParams::default()),
            LaidLine::default(),
            "{line:?}"
        );
    }
}

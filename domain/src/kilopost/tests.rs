#![allow(clippy::unwrap_used)]

use super::*;
use crate::ascii_map::{AsciiMap, Way, parse};
use crate::geometry::LonLat;
use proptest::prelude::*;

/// Route 7 from A to F with a by-way that is shorter, and its continuation as a dual carriageway.
const MAP: &str = "
           b-----c
           |     |
    A------B--1--C----D------E
                      |
                      2
                 G----H
                 J----K
";

fn kilopost(km: f64, at: LonLat) -> Kilopost {
    Kilopost {
        route: "国道7号".to_owned(),
        km,
        at,
        carriageway: None,
        name: None,
    }
}

fn table(posts: Vec<Kilopost>) -> KilopostTable {
    let (table, problems) = KilopostTable::new(posts);
    assert_eq!(problems, []);
    table
}

fn on(route: &str, from_km: f64, to_km: f64) -> RouteStretch {
    RouteStretch {
        route: route.to_owned(),
        from_km: Some(from_km),
        to_km: Some(to_km),
        ..RouteStretch::default()
    }
}

/// The stretches as `AB[20-140]>`, whole segments without measures.
fn told(
    map: &AsciiMap,
    network: &RoadNetwork,
    placed: Result<Vec<SegmentStretch>, Unplaced>,
) -> String {
    let name = |at: LonLat| {
        ('A'..='Z')
            .chain('a'..='z')
            .find(|c| map.has(*c) && map.at(*c).geodesic_m(at) < 0.01)
            .unwrap()
    };
    let placed = match placed {
        Ok(placed) => placed,
        Err(reason) => return reason.to_string(),
    };
    let parts: Vec<String> = (placed.iter())
        .map(|s| {
            let line = network.line(s.segment);
            let length_m = network.segments()[s.segment as usize].length_m;
            let arrow = match s.direction {
                None => "",
                Some(Direction::Forward) => ">",
                Some(Direction::Backward) => "<",
            };
            let ends = format!("{}{}", name(line[0]), name(line[line.len() - 1]));
            if s.from_m < 0.5 && s.to_m > length_m - 0.5 {
                format!("{ends}{arrow}")
            } else {
                format!("{ends}[{:.0}-{:.0}]{arrow}", s.from_m, s.to_m)
            }
        })
        .collect();
    parts.join(" ")
}

const TRUNK: &[(&str, &str)] = &[("highway", "trunk"), ("ref", "7")];
const WAYS: &[Way<'_>] = &[("ABbcCDE", TRUNK), ("B1C", &[("highway", "tertiary")])];

/// Posts at A (km 10), 40 m off c (km 10.3), at D and E; a grid width is 20 m.
fn posts(map: &AsciiMap) -> Vec<Kilopost> {
    vec![
        kilopost(10.0, map.at('A')),
        kilopost(10.3, map.beside('c', 0.0, 15.0)),
        kilopost(10.44, map.at('D')),
        kilopost(10.58, map.at('E')),
    ]
}

#[test]
fn a_stretch_is_interpolated_along_the_route_itself() {
    let map = parse(MAP, 20.0);
    let network = map.network(WAYS);
    let table = table(posts(&map));
    let (up, down) = (Some(Direction::Forward), Some(Direction::Backward));
    // The shorter way from B to C is another road.
    let cases = [
        ("from post to post", on("7", 10.0, 10.58), None, "AB BC CE"),
        (
            "backwards is the same",
            on("国道７号", 10.58, 10.0),
            None,
            "AB BC CE",
        ),
        (
            "within one segment",
            on("7", 10.05, 10.1),
            None,
            "AB[50-100]",
        ),
        (
            "上り runs to lower kilometres",
            on("7", 10.5, 10.58),
            up,
            "CE[160-240]<",
        ),
        (
            "下り to higher ones",
            on("7", 10.5, 10.58),
            down,
            "CE[160-240]>",
        ),
        (
            "off the end",
            on("7", 10.5, 10.7),
            None,
            "km 10.7 lies outside the posts, which go from km 10 to km 10.58",
        ),
        (
            "before the first",
            on("7", 9.0, 10.1),
            None,
            "km 9 lies outside the posts, which go from km 10 to km 10.58",
        ),
        (
            "another route",
            on("県道7号", 10.0, 10.1),
            None,
            "there is no kilopost of route \"県道7号\"",
        ),
        (
            "no length",
            on("7", 10.2, 10.2),
            None,
            "it begins and ends at km 10.2",
        ),
        (
            "no ends",
            RouteStretch {
                route: "7".to_owned(),
                ..RouteStretch::default()
            },
            None,
            "neither kilometres nor named posts say where on route \"7\" it lies",
        ),
    ];
    for (name, stretch, direction, expected) in cases {
        let params = KilopostParams::default();
        let placed = place_stretch(&network, &table, &stretch, direction, &params);
        assert_eq!(told(&map, &network, placed), expected, "{name}");
    }
}

#[test]
fn ends_may_be_named_after_posts() {
    let map = parse(MAP, 20.0);
    let network = map.network(WAYS);
    let mut posts = posts(&map);
    posts[0].name = Some("青森橋".to_owned());
    posts[2].name = Some("鶴ケ坂".to_owned());
    let table = table(posts);
    let by_name = RouteStretch {
        route: "7".to_owned(),
        from_name: Some("青森橋".to_owned()),
        to_name: Some("鶴ヶ坂".to_owned()),
        ..RouteStretch::default()
    };
    let by_section = RouteStretch {
        route: "7".to_owned(),
        section: Some("鶴ヶ坂～青森橋".to_owned()),
        ..RouteStretch::default()
    };
    let mixed = RouteStretch {
        to_name: Some("鶴ヶ坂".to_owned()),
        from_km: Some(10.3),
        route: "7".to_owned(),
        ..RouteStretch::default()
    };
    let unknown = RouteStretch {
        section: Some("西区間".to_owned()),
        route: "7".to_owned(),
        ..RouteStretch::default()
    };
    let params = KilopostParams::default();
    let placed = |stretch| {
        told(
            &map,
            &network,
            place_stretch(&network, &table, stretch, None, &params),
        )
    };
    assert_eq!(placed(&by_name), "AB BC CE[0-100]");
    assert_eq!(placed(&by_section), "AB BC CE[0-100]");
    assert!(placed(&mixed).ends_with("CE[0-100]"), "{}", placed(&mixed));
    assert!(placed(&unknown).starts_with("neither kilometres"));
}

#[test]
fn carriageways_are_kept_apart() {
    let map = parse(
        "
    A-----B------------C
    D-----E------------F
",
        20.0,
    );
    let oneway: &[(&str, &str)] = &[("highway", "trunk"), ("ref", "7"), ("oneway", "yes")];
    let network = map.network(&[("CBA", oneway), ("DEF", oneway), ("BE", &[])]);
    let middle = |c| map.beside(c, 0.0, -10.0);
    let table = table(vec![
        kilopost(0.0, middle('A')),
        kilopost(0.38, middle('C')),
    ]);
    let params = KilopostParams::default();
    let cases = [
        (Some(Direction::Forward), "CB[130-260]> BA[0-70]>"),
        (Some(Direction::Backward), "DE[50-120]> EF[0-130]>"),
        (None, "DE[50-120] EF[0-130] BA[0-70] CB[130-260]"),
    ];
    for (direction, expected) in cases {
        let placed = place_stretch(&network, &table, &on("7", 0.05, 0.25), direction, &params);
        assert_eq!(told(&map, &network, placed), expected, "{direction:?}");
    }
}

#[test]
fn what_the_posts_do_not_tell_stays_unplaced() {
    let map = parse(
        "
    A-----------------------------B    C------D
",
        100.0,
    );
    let network = map.network(&[("AB", TRUNK), ("CD", TRUNK)]);
    let at = |c, km| kilopost(km, map.at(c));
    let params = KilopostParams::default();
    let placed = |posts: Vec<Kilopost>, from_km, to_km| {
        let placed = place_stretch(
            &network,
            &table(posts),
            &on("7", from_km, to_km),
            None,
            &params,
        );
        told(&map, &network, placed)
    };
    // Three kilometres without a post.
    assert_eq!(
        placed(vec![at('A', 0.0), at('B', 3.0)], 0.5, 1.0),
        "there is no post between km 0 and km 3"
    );
    assert_eq!(
        placed(vec![at('B', 3.0), at('C', 3.5)], 3.1, 3.2),
        "no connected path of about the right length leads from km 3 to km 3.5"
    );
    // The table says half of what the road is long.
    assert_eq!(
        placed(vec![at('C', 0.0), at('D', 0.35)], 0.1, 0.2),
        "no connected path of about the right length leads from km 0 to km 0.35"
    );
    let nowhere = kilopost(4.2, map.beside('D', 0.0, 200.0));
    assert_eq!(
        placed(vec![at('C', 3.5), nowhere], 3.6, 3.7),
        "the post at km 4.2 stands by no road"
    );
    let middle = LonLat::new(0.5 * (map.at('A').lon + map.at('B').lon), map.at('A').lat);
    assert_eq!(
        placed(
            vec![at('A', 0.0), kilopost(1.5, middle), at('B', 3.0)],
            0.5,
            2.0
        ),
        "AB[500-2000]"
    );
}

#[test]
fn a_table_lists_its_gaps_and_contradictions() {
    let map = parse(MAP, 20.0);
    let mut twice = kilopost(10.44, map.at('H'));
    twice.route = "一般国道７号".to_owned();
    let again = kilopost(10.44, map.beside('D', 4.0, 0.0));
    let mut nowhere = kilopost(f64::NAN, map.at('A'));
    nowhere.route = "8".to_owned();
    let mut posts = posts(&map);
    posts.extend([twice, again, nowhere, kilopost(13.0, map.at('J'))]);
    let (table, problems) = KilopostTable::new(posts);
    let told: Vec<(usize, &str)> = problems
        .iter()
        .map(|p| (p.position, p.reason.as_str()))
        .collect();
    assert!(told[0].0 == 4 && told[0].1.starts_with("another post of km 10.44 stands"));
    assert!(
        told[1].0 == 6 && told[1].1.starts_with("km NaN"),
        "{told:?}"
    );
    assert_eq!(told.len(), 2);
    let gaps = table.gaps(2.0);
    assert_eq!(gaps.len(), 1);
    assert_eq!((gaps[0].from_km, gaps[0].to_km), (10.58, 13.0));
}

proptest! {
    #[test]
    fn a_stretch_is_as_long_as_its_kilometres_say(
        from in 0.0..1.0f64,
        to in 0.0..1.0f64,
        spacing_km in 0.1..0.4f64,
        direction in prop::option::of(prop::sample::select(&Direction::BOTH[..])),
    ) {
        let map = parse("A----B--------C---D-------------E----F", 40.0);
        let network = map.network(&[("ABCDEF", TRUNK)]);
        let ab = map.segment(&network, "AF");
        let length_m = network.segments()[ab as usize].length_m;
        // Posts count 1 km for each 1.1 km of road, from 5 on.
        let last_km = length_m / 1100.0;
        let count = (last_km / spacing_km).floor() as usize;
        let posts = (0..=count).map(|i| i as f64 * spacing_km).chain([last_km]);
        let posts = posts.map(|km| kilopost(5.0 + km, network.position(ab, 1100.0 * km))).collect();
        let (table, _) = KilopostTable::new(posts);
        let (from, to) = (5.0 + from * last_km, 5.0 + to * last_km);
        prop_assume!((from - to).abs() > 0.01);
        let params = KilopostParams::default();
        let placed = place_stretch(&network, &table, &on("7", from, to), direction, &params);
        let placed = placed.unwrap();
        prop_assert_eq!(placed.len(), 1, "{:?}", &placed);
        let (low, high) = (from.min(to) - 5.0, from.max(to) - 5.0);
        prop_assert!((placed[0].from_m - 1100.0 * low).abs() < 2.0, "{:?}", &placed);
        prop_assert!((placed[0].to_m - 1100.0 * high).abs() < 2.0, "{:?}", &placed);
    }
}

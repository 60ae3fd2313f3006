#![allow(clippy::unwrap_used)]

use super::*;
use crate::ascii_map::{AsciiMap, parse};
use crate::coverage::NarrowRoads;
use crate::geometry::LonLat;
use crate::road_manager::{BilingualName, ManagerLevel};
use proptest::prelude::*;

/// The city's streets, the prefecture's road E–G, and a road whose owner nobody knows.
const MAP: &str = "
    1---------2---------3
    |         |         |
    | A----B--+-C----D  |
    |      |  | |       |
    | E----F--+-G----H  |
    |      |  | |       |
    |      I  | J       |
    4---------5---------6
";

fn network(map: &AsciiMap) -> RoadNetwork {
    let city: &[(&str, &str)] = &[("manager_level", "municipal")];
    map.network(&[
        ("ABCD", city),
        ("EFGH", &[("manager_level", "prefectural")]),
        ("BFI", city),
        ("CGJ", &[]),
    ])
}

fn managers() -> Vec<RoadManager> {
    let manager = |code: &str, level| RoadManager {
        code: code.to_owned(),
        level,
        name: BilingualName {
            ja: code.to_owned(),
            en: String::new(),
        },
        narrow: NarrowRoads::default(),
    };
    vec![
        manager("city", ManagerLevel::Municipal),
        manager("ken", ManagerLevel::Prefectural),
    ]
}

fn area(map: &AsciiMap, ring: &str) -> Place {
    Place {
        areas: vec![vec![map.line(ring)]],
        ..Place::default()
    }
}

fn lines(map: &AsciiMap, lines: &[&str]) -> Place {
    Place {
        lines: lines.iter().map(|line| map.line(line)).collect(),
        ..Place::default()
    }
}

/// `AB=west BC=east …`, and the overlaps as `BC: east before west, greater share`.
fn told(map: &AsciiMap, zones: &[(&str, &str, &Place)]) -> (String, Vec<String>) {
    let network = network(map);
    let contracts: Vec<ZoneContract<'_>> = zones
        .iter()
        .map(|(zone, manager, place)| ZoneContract {
            zone,
            manager,
            place,
        })
        .collect();
    let extents = zone_extents(&network, &contracts, &managers(), &LayParams::default());
    let names = ["AB", "BC", "CD", "EF", "FG", "GH", "BF", "FI", "CG", "GJ"];
    let name = |segment: u32| {
        names
            .into_iter()
            .find(|ends| map.segment(&network, ends) == segment)
            .unwrap()
    };
    let of: Vec<String> = (extents.zone_of.iter())
        .map(|(segment, zone)| format!("{}={}", name(*segment), zones[*zone].0))
        .collect();
    let overlaps = (extents.overlaps.iter())
        .map(|o| {
            let (kept, left) = (zones[o.kept].0, zones[o.left_out].0);
            format!("{}: {kept} before {left}, {:?}", name(o.segment), o.reason)
        })
        .collect();
    (of.join(" "), overlaps)
}

#[test]
fn a_polygon_takes_its_own_managers_roads_by_the_greater_part() {
    let map = parse(MAP, 20.0);
    let (west, east) = (area(&map, "1254"), area(&map, "2365"));
    let (of, overlaps) = told(&map, &[("west", "city", &west), ("east", "city", &east)]);
    // B–C lies to 3/5 in the west.
    assert_eq!(of, "AB=west BC=west CD=east BF=west FI=west");
    assert_eq!(overlaps, Vec::<String>::new());
    let (of, _) = told(&map, &[("west", "ken", &west), ("east", "nobody", &east)]);
    assert_eq!(of, "EF=west FG=west");
}

#[test]
fn a_line_beats_a_polygon_and_takes_whatever_it_follows() {
    let map = parse(MAP, 20.0);
    let all = area(&map, "1364");
    let main = lines(&map, &["AD", "EH"]);
    let (of, overlaps) = told(&map, &[("area", "city", &all), ("main", "city", &main)]);
    assert_eq!(
        of,
        "AB=main BC=main CD=main EF=main FG=main GH=main BF=area FI=area"
    );
    assert_eq!(
        overlaps,
        [
            "AB: main before area, LineBeatsArea",
            "BC: main before area, LineBeatsArea",
            "CD: main before area, LineBeatsArea",
        ]
    );
}

#[test]
fn of_equals_the_greater_share_counts_and_then_the_name() {
    let map = parse(MAP, 20.0);
    let (all, west) = (area(&map, "1364"), area(&map, "1254"));
    let zones = [
        ("z", "city", &west),
        ("b", "city", &all),
        ("a", "city", &all),
    ];
    let (of, overlaps) = told(&map, &zones);
    assert_eq!(of, "AB=a BC=a CD=a BF=a FI=a");
    assert!(overlaps.contains(&"BC: a before z, GreaterShare".to_owned()));
    assert!(overlaps.contains(&"AB: a before b, EarlierName".to_owned()));
    assert!(overlaps.contains(&"AB: a before z, EarlierName".to_owned()));
}

#[test]
fn holes_are_outside_and_several_polygons_are_one_area() {
    let map = parse(MAP, 20.0);
    let hole = Place {
        areas: vec![vec![map.line("1364"), map.line("2365")]],
        ..Place::default()
    };
    let (of, _) = told(&map, &[("ring", "city", &hole)]);
    assert_eq!(of, "AB=ring BC=ring BF=ring FI=ring");
    let halves = Place {
        areas: vec![vec![map.line("12541")], vec![map.line("23652")]],
        ..Place::default()
    };
    let (of, _) = told(&map, &[("both", "city", &halves)]);
    assert_eq!(of, "AB=both BC=both CD=both BF=both FI=both");
}

#[test]
fn lines_that_lie_nowhere_are_told() {
    let map = parse(MAP, 20.0);
    let network = network(&map);
    let place = lines(&map, &["AD", "13"]);
    let contract = ZoneContract {
        zone: "a",
        manager: "city",
        place: &place,
    };
    let extents = zone_extents(&network, &[contract], &managers(), &LayParams::default());
    let [unlaid] = &extents.unlaid[..] else {
        panic!("{:?}", extents.unlaid)
    };
    assert_eq!((unlaid.zone, unlaid.line), (0, 1));
    assert!((unlaid.part.to_m - unlaid.part.from_m - 400.0).abs() < 1.0);
    assert_eq!(extents.segments_of(0).count(), 3);
}

proptest! {
    #[test]
    fn each_segment_has_one_zone_whatever_the_order(
        rings in prop::collection::vec(
            prop::collection::vec((-20.0..450.0f64, -160.0..20.0f64), 3..7), 1..5),
        turn in 0usize..5,
    ) {
        let map = parse(MAP, 20.0);
        let network = network(&map);
        let plane = crate::geometry::LocalPlane::at(map.at('1'));
        let places: Vec<(String, Place)> = rings.iter().enumerate().map(|(i, ring)| {
            let ring: Vec<LonLat> = ring.iter().map(|(x, y)| plane.unproject([*x, *y])).collect();
            (format!("zone {i}"), Place { areas: vec![vec![ring]], ..Place::default() })
        }).collect();
        let extents = |places: &[(String, Place)]| {
            let contracts: Vec<ZoneContract<'_>> = (places.iter())
                .map(|(zone, place)| ZoneContract { zone, manager: "city", place })
                .collect();
            let found = zone_extents(&network, &contracts, &managers(), &LayParams::default());
            let named: BTreeMap<u32, String> = (found.zone_of.iter())
                .map(|(segment, zone)| (*segment, places[*zone].0.clone()))
                .collect();
            (named, found.overlaps.len())
        };
        let mut turned = places.clone();
        turned.rotate_left(turn % places.len());
        prop_assert_eq!(extents(&places), extents(&turned));
    }
}

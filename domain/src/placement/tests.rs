#![allow(clippy::unwrap_used)]

use super::*;
use crate::ascii_map::parse;
use crate::kilopost::Kilopost;

const MAP: &str = "
    1--------------------------2
    |  A--------B--------C     |
    |           |              |
    |           D--------E     |
    3--------------------------4
    F--------G
";

#[test]
#[allow(clippy::type_complexity)]
fn the_most_exact_word_counts_and_the_rest_is_told() {
    let map = parse(MAP, 20.0);
    let network = map.network(&[
        ("ABC", &[("highway", "trunk"), ("ref", "7")]),
        (
            "BD",
            &[("name", "柏崎11-2号線"), ("manager_level", "municipal")],
        ),
        (
            "DE",
            &[("name", "柏崎11-109号線"), ("manager_level", "municipal")],
        ),
        (
            "FG",
            &[
                ("name", "柏崎11-109号線"),
                ("manager_level", "municipal"),
                ("manager", "other"),
            ],
        ),
    ]);
    let names = [
        ("AB", "AB"),
        ("BC", "BC"),
        ("BD", "BD"),
        ("DE", "DE"),
        ("FG", "FG"),
    ];
    let told = |placed: &PlacedFact| {
        let parts: Vec<String> = (placed.stretches.iter())
            .map(|s| {
                let (name, _) = names
                    .into_iter()
                    .find(|(_, ends)| map.segment(&network, ends) == s.segment)
                    .unwrap();
                format!("{name} {:.0}-{:.0}", s.from_m, s.to_m)
            })
            .collect();
        parts.join(", ")
    };
    let post = |km, at| Kilopost {
        route: "国道7号".to_owned(),
        km,
        at: map.at(at),
        carriageway: None,
        name: None,
    };
    let (kiloposts, _) = KilopostTable::new(vec![post(1.0, 'A'), post(1.36, 'C')]);
    let de = map.segment(&network, "DE");
    let zone = |name: &str| if name == "A-1" { vec![de] } else { vec![] };
    let fg = map.segment(&network, "FG");
    let ground = Ground {
        network: &network,
        routes: &NamedRoutes::of(&network),
        kiloposts: &kiloposts,
        zone: &zone,
        may_mean: &|segment| segment != fg,
        lay: &LayParams::default(),
        posts: &KilopostParams::default(),
    };
    let route = |route: &str, km: Option<(f64, f64)>| {
        Some(RouteStretch {
            route: route.to_owned(),
            from_km: km.map(|km| km.0),
            to_km: km.map(|km| km.1),
            ..RouteStretch::default()
        })
    };
    let none = Place::default();
    let by_line = Place {
        lines: vec![map.line("DE")],
        route: route("国道7号", Some((1.0, 1.1))),
        ..none.clone()
    };
    let by_km = Place {
        route: route("国道７号", Some((1.1, 1.3))),
        zone: Some("A-1".to_owned()),
        ..none.clone()
    };
    let section = Some(RouteStretch {
        section: Some("東".to_owned()),
        ..route("柏崎11-109号線", None).unwrap()
    });
    use PlacedBy::{Areas, Kilometres, Lines, RouteName, Zone};
    let areas = vec![vec![map.line("1243")]];
    let cases: Vec<(&str, Place, Option<PlacedBy>, &str, &[&str])> = vec![
        ("its own line", by_line, Some(Lines), "DE 0-180", &[]),
        (
            "kilometres",
            by_km,
            Some(Kilometres),
            "AB 100-180, BC 0-120",
            &[],
        ),
        (
            "a named route of its own, as a whole",
            Place {
                route: route("市道柏崎１１－１０９号線", None),
                ..none.clone()
            },
            Some(RouteName),
            "DE 0-180",
            &[],
        ),
        (
            "a numbered one without kilometres is not all of it",
            Place {
                route: route("国道7号", None),
                ..none.clone()
            },
            None,
            "",
            &["neither kilometres nor named posts say where on route \"国道7号\" it lies"],
        ),
        (
            "nor is a section of a named one",
            Place {
                route: section,
                ..none.clone()
            },
            None,
            "",
            &["there is no kilopost of route \"柏崎11-109号線\""],
        ),
        (
            "an area",
            Place {
                areas,
                route: route("国道8号", None),
                ..none.clone()
            },
            Some(Areas),
            "AB 0-180, BC 0-180, BD 0-40, DE 0-180",
            &["there is no kilopost of route \"国道8号\""],
        ),
        (
            "a zone, where its line lies nowhere",
            Place {
                zone: Some("A-1".to_owned()),
                lines: vec![map.line("13"), map.line("AA")],
                ..none.clone()
            },
            Some(Zone),
            "DE 0-180",
            &[
                "line 1: no road lies under 80 m of it, from 0 m on",
                "line 2: has no length",
            ],
        ),
        (
            "a zone that is not known",
            Place {
                zone: Some("B-9".to_owned()),
                ..none.clone()
            },
            None,
            "",
            &["zone \"B-9\" has no segments"],
        ),
        (
            "nothing",
            none.clone(),
            None,
            "",
            &["it says nowhere where it lies"],
        ),
    ];
    for (name, place, by, stretches, problems) in cases {
        let placed = place_fact(&ground, &place);
        assert_eq!(placed.by, by, "{name}: {placed:?}");
        assert_eq!(told(&placed), stretches, "{name}");
        assert_eq!(placed.problems, problems, "{name}");
    }
    let up = place_route(
        &ground,
        &route("柏崎11-109号線", None).unwrap(),
        Some(Direction::Forward),
    );
    assert!(up.is_err(), "{up:?}");
}

//! Route lines together with a network that came with its junctions.

use super::*;
use crate::ascii_map::{Way, parse};

fn with_roads(
    map: &AsciiMap,
    ways: &[Way<'_>],
    lines: Vec<RouteLine>,
) -> (RoadNetwork, BuildReport) {
    built(vec![map.source(ways), plan(lines)])
}

const STREET: &str = "
    A------------------B------------------C
                       |
                       D
    1------------------2
                  3

    4---------------------5
";

#[test]
fn a_line_within_the_tolerance_is_laid_onto_the_road() {
    let map = parse(STREET, 5.0);
    let ways: [Way<'_>; 2] = [("ABC", &[("name", "本町通")]), ("BD", &[])];
    // 10 m beside AB.
    let mut line = map.route_line(0, "12", RouteLineKind::Clearing);
    for at in &mut line.line {
        at.lat += 5.0 / 111_000.0;
    }
    line.attributes.priority_class = Some(2);
    line.attributes.name = Some("市道1号".to_owned());
    let (network, report) = with_roads(&map, &ways, vec![line]);
    assert_eq!(ids(&network), ids(&map.network(&ways)));
    assert!(report.added_km == 0.0 && report.laid_km > 0.09);
    let road = |ends| &network.road(map.segment(&network, ends)).attributes;
    assert_eq!(road("AB").priority_class, Some(2));
    assert_eq!(
        road("AB").name.as_deref(),
        Some("本町通"),
        "the road's own name stays"
    );
    assert_eq!(road("BC").priority_class, None);
}

#[test]
fn a_line_beyond_the_tolerance_becomes_road() {
    let map = parse(STREET, 5.0);
    let ways: [Way<'_>; 1] = [("ABC", &[])];
    let (network, report) = with_roads(&map, &ways, clearing(&map, &["45"]));
    assert_eq!((network.segments().len(), report.components), (2, 2));
    assert_eq!(report.laid_km, 0.0);
    map.segment(&network, "45");
}

#[test]
fn a_line_half_on_a_road_and_half_new_continues_the_road() {
    let map = parse("A--------------------B--------------------C", 5.0);
    let (network, report) = with_roads(&map, &[("AB", &[])], clearing(&map, &["AC"]));
    assert_eq!((network.segments().len(), report.components), (2, 1));
    assert!(
        (report.laid_km + report.added_km - 0.21).abs() < 1e-3,
        "{report:?}"
    );
    let new = 1 - map.segment(&network, "AB");
    assert!(distance_m(map.at('B'), network.line(new)) <= TOLERANCE_M);
    assert_eq!(*network.line(new).last().unwrap(), map.at('C'));
}

#[test]
fn a_line_that_runs_on_beyond_the_roads_end_keeps_its_own_end() {
    // 25 m more than the road: less than what is taken for the mouth of a junction.
    let map = parse("A--------------------B----C", 5.0);
    let (network, report) = with_roads(&map, &[("AB", &[])], clearing(&map, &["AC"]));
    assert_eq!((network.segments().len(), report.components), (2, 1));
    assert!(!network.near(map.at('C'), 0.1).is_empty());
}

#[test]
fn bridges_and_tunnels_stay_unjoined() {
    let map = parse(
        "
                  C
                  |
        A---------+---------B
                  |
                  D
        ",
        10.0,
    );
    for (tag, components) in [
        (("bridge", "yes"), 2),
        (("layer", "1"), 2),
        (("layer", "-1"), 2),
        (("tunnel", "yes"), 2),
        (("highway", "motorway"), 2),
        (("layer", "0"), 1),
        (("bridge", "no"), 1),
    ] {
        let (network, report) = with_roads(&map, &[("AB", &[tag])], clearing(&map, &["CD"]));
        assert_eq!(report.components, components, "{tag:?}");
        assert_eq!(
            network.segments().len(),
            if components == 1 { 4 } else { 2 },
            "{tag:?}"
        );
    }
    // Nor is what ends below a bridge joined with its middle.
    let below = parse(
        "
        A-------------------B

                  C
                  |
                  D
        ",
        5.0,
    );
    let (_, report) = with_roads(
        &below,
        &[("AB", &[("bridge", "yes")])],
        clearing(&below, &["CD"]),
    );
    assert_eq!(report.components, 2);
}

#[test]
fn joining_leaves_the_ids_of_roads_that_it_does_not_cut() {
    let map = parse(
        "
        A---------B---------C
                  |         |
                  D----+----E

                       F
                       |
                       G
        ",
        10.0,
    );
    let ways: [Way<'_>; 3] = [("ABC", &[]), ("BD", &[]), ("DEC", &[])];
    let before = ids(&map.network(&ways));
    let (network, _) = with_roads(&map, &ways, clearing(&map, &["FG"]));
    // FG stops 20 m short: nothing is cut.
    assert!(before.is_subset(&ids(&network)));

    let mut line = map.route_line(0, "FG", RouteLineKind::Clearing);
    line.line[0] = map.beside('F', 0.0, 10.0);
    let (network, _) = with_roads(&map, &ways, vec![line.clone()]);
    let kept: Vec<_> = before.intersection(&ids(&network)).copied().collect();
    assert_eq!(
        (kept.len(), network.segments().len()),
        (3, 6),
        "only DEC is cut"
    );
    assert_eq!(network.component_count(), 1);

    // The pieces are known again, in whatever order the files come.
    let mut turned = map.source(&ways);
    turned.ways.reverse();
    let (again, _) = built(vec![plan(vec![line]), turned]);
    assert_eq!(ids(&network), ids(&again));
}

#[test]
fn a_lines_end_does_not_make_one_of_two_junctions_of_the_map() {
    // Two carriageways 10 m apart; the line's end lies between them.
    let map = parse(
        "
        A---------B---------C

        D---------E---------F
        ",
        5.0,
    );
    let ways: [Way<'_>; 4] = [("AB", &[]), ("BC", &[]), ("DE", &[]), ("EF", &[])];
    let mut line = map.route_line(0, "E", RouteLineKind::Clearing);
    line.line = vec![map.beside('E', 0.0, 4.0), map.beside('E', 40.0, 80.0)];
    let (network, report) = with_roads(&map, &ways, vec![line]);
    let end = |ends| {
        let directed = map.directed(&network, ends);
        network.head(directed)
    };
    assert_ne!(end("AB"), end("DE"));
    assert_eq!(network.node_count(), 7 + u32::from(report.components == 3));
}

#[test]
fn sidewalks_lie_on_the_side_that_is_meant() {
    let map = parse("A--------------------B", 10.0);
    let walk = |number, places, left, right| {
        map.route_line(
            number,
            places,
            RouteLineKind::Sidewalk {
                left,
                right,
                standard: Some("A".to_owned()),
            },
        )
    };
    for (places, left, right, expected) in [
        ("AB", true, false, vec![StretchKind::SidewalkLeft]),
        ("AB", false, true, vec![StretchKind::SidewalkRight]),
        ("BA", true, false, vec![StretchKind::SidewalkRight]),
        ("BA", false, true, vec![StretchKind::SidewalkLeft]),
        (
            "BA",
            true,
            true,
            vec![StretchKind::SidewalkLeft, StretchKind::SidewalkRight],
        ),
        ("AB", false, false, vec![]),
    ] {
        let (network, report) =
            with_roads(&map, &[("AB", &[])], vec![walk(0, places, left, right)]);
        let stretches = network.stretches(0);
        let kinds: Vec<_> = stretches.iter().map(|s| s.kind).collect();
        assert_eq!(kinds, expected, "{places} left {left} right {right}");
        assert_eq!(report.refused, []);
        for stretch in stretches {
            assert_eq!(stretch.standard.as_deref(), Some("A"));
            assert!(stretch.from_m < 1.0 && stretch.to_m > 208.0, "{stretch:?}");
        }
    }
}

#[test]
fn pipes_melt_the_stretch_that_they_lie_under() {
    let map = parse("A-----1-----2-----B-----C", 10.0);
    let lines = vec![map.route_line(0, "12", RouteLineKind::Melting)];
    let (network, _) = with_roads(&map, &[("ABC", &[]), ("BC", &[])], lines);
    let segment = map.segment(&network, "AB");
    let [stretch] = network.stretches(segment) else {
        panic!("one stretch")
    };
    assert_eq!(stretch.kind, StretchKind::Melting);
    assert!(
        (stretch.from_m - 60.0).abs() < 3.0 && (stretch.to_m - 120.0).abs() < 3.0,
        "{stretch:?}"
    );
    assert_eq!(network.road(segment).attributes.priority_class, None);
    assert_eq!(network.all_stretches().count(), 1);
}

#[test]
fn a_stretch_over_a_junction_goes_on_behind_it() {
    let map = parse(
        "
        A-----1-----B-----2-----C
                    |
                    D
        ",
        10.0,
    );
    let lines = vec![map.route_line(0, "12", RouteLineKind::Melting)];
    let (network, _) = with_roads(&map, &[("AC", &[])], {
        let mut all = lines;
        all.push(map.route_line(1, "BD", RouteLineKind::Clearing));
        all
    });
    // The clearing line cuts AC; the pipe lies on both pieces.
    assert_eq!(network.segments().len(), 3);
    let total_m: f64 = network.all_stretches().map(|s| s.to_m - s.from_m).sum();
    assert_eq!(network.all_stretches().count(), 2);
    assert!((total_m - 120.0).abs() < 6.0, "{total_m}");
    for stretch in network.all_stretches() {
        assert!(stretch.to_m <= network.segments()[stretch.segment as usize].length_m + 1e-6);
    }
}

#[test]
fn what_lies_on_no_road_is_refused_by_the_record_in_its_file() {
    let map = parse(STREET, 5.0);
    let lines = vec![
        map.route_line(7, "45", RouteLineKind::Melting),
        map.route_line(3, "AB", RouteLineKind::Clearing),
    ];
    let (network, report) = with_roads(&map, &[("ABC", &[])], lines);
    let (name, refused) = &report.refused[0];
    assert_eq!((name.as_str(), refused.position), ("plan.geojson", 7));
    assert!(
        refused.reason.contains("110 m of 110 m"),
        "{}",
        refused.reason
    );
    assert_eq!(network.all_stretches().count(), 0);
}

//! Route lines on their own: they share no nodes, and are joined within the tolerance.

use super::*;
use crate::ascii_map::parse;
use crate::geometry::line_length_m;

fn network(map: &AsciiMap, lines: &[&str]) -> (RoadNetwork, BuildReport) {
    built(vec![plan(clearing(map, lines))])
}

#[test]
fn ends_within_the_tolerance_are_joined_and_those_beyond_are_not() {
    // Gaps of 10 m and of 20 m; a column is 5 m.
    let map = parse("A----------B-C----------D---E----------F", 5.0);
    let (network, report) = network(&map, &["AB", "CD", "EF"]);
    assert_eq!(report.components_before_joining, 3);
    assert_eq!((report.components, report.joints), (2, 1));
    assert_eq!(network.segments().len(), 3);
    let [ab, cd, ef] = ["AB", "CD", "EF"].map(|ends| {
        let along =
            |s: &u32| distance_m(map.at(ends.chars().next().unwrap()), network.line(*s)) < 0.1;
        (0..3).find(along).unwrap()
    });
    let node = |s: u32| network.segments()[s as usize].clone();
    assert_eq!(node(ab).to_node, node(cd).from_node);
    assert_ne!(node(cd).to_node, node(ef).from_node);
}

#[test]
fn a_vertex_moves_only_where_the_length_stays() {
    // 10 m of 55 m would stretch the line by 18 %: it stays where it was drawn.
    let map = parse("A----------B-C----------D", 5.0);
    let (near, _) = network(&map, &["AB", "CD"]);
    assert!(
        near.segments()
            .iter()
            .all(|s| (s.length_m - 55.0).abs() < 0.1)
    );

    // A metre of 330 m may go.
    let far = parse("A----------B-C----------D", 30.0);
    let mut lines = clearing(&far, &["AB", "CD"]);
    lines[1].line[0] = far.beside('B', 1.2, 0.0);
    let (network, _) = built(vec![plan(lines)]);
    let shared = network
        .line(0)
        .iter()
        .filter(|at| network.line(1).contains(at));
    assert_eq!(shared.count(), 1);
}

#[test]
fn a_road_that_ends_beside_another_is_joined_with_it_however_far_it_was_drawn() {
    // C stops 5 m short of AB, on it, or 5 m beyond.
    for (short, c_row) in [("undershoot", 2), ("contact", 1), ("overshoot", 0)] {
        let mut rows = [
            "                    ".to_owned(),
            "A-------------------B".to_owned(),
            "                    ".to_owned(),
        ];
        if c_row != 1 {
            rows[c_row].replace_range(10..11, "C");
        }
        let drawing = format!("{}\n\n\n\n\n\n          D", rows.join("\n"));
        let map = parse(&drawing, 5.0);
        let mut lines = clearing(&map, &["AB"]);
        let mut spur = map.route_line(1, "D", RouteLineKind::Clearing);
        let contact = map.beside('A', 50.0, 0.0);
        spur.line
            .insert(0, if c_row == 1 { contact } else { map.at('C') });
        lines.push(spur);
        let (network, report) = built(vec![plan(lines)]);
        assert_eq!((report.components, report.joints), (1, 1), "{short}");
        assert_eq!(network.segments().len(), 3, "{short}");
        assert_eq!(network.node_count(), 4, "{short}");
        assert!(collapsed(&network).is_empty());
    }
}

#[test]
fn lines_that_cross_meet_once() {
    let map = parse(
        "
                C
                |
        A-------+-------B
                |
                D
        ",
        10.0,
    );
    for lines in [["AB", "CD"], ["BA", "DC"], ["CD", "AB"]] {
        let (network, report) = network(&map, &lines);
        assert_eq!(
            (report.joints, network.segments().len()),
            (1, 4),
            "{lines:?}"
        );
        assert_eq!((network.node_count(), network.component_count()), (5, 1));
    }
}

#[test]
fn a_crossing_at_a_vertex_of_both_is_one_junction() {
    let map = parse(
        "
                C
                |
        A-------X-------B
                |
                D
        ",
        10.0,
    );
    let (network, report) = network(&map, &["AXB", "CXD"]);
    assert_eq!((report.joints, network.segments().len()), (1, 4));
    for ends in ["AX", "XB", "CX", "XD"] {
        map.segment(&network, ends);
    }
}

#[test]
fn a_short_streets_ends_are_never_one_node() {
    // CD is 10 m long: both its ends lie within the tolerance of both roads' ends.
    let map = parse("A----------C-D----------B", 5.0);
    let (network, report) = network(&map, &["AC", "CD", "DB"]);
    assert_eq!((network.segments().len(), report.components), (3, 1));
    assert!(collapsed(&network).is_empty());
    assert_eq!(network.node_count(), 4);
    // Neither may a third line's ends be drawn together by two that lie around it.
    let map = parse(
        "
        A----------C-D----------B
                   | |
                   E F
                   | |
                   G H
        ",
        5.0,
    );
    let (network, _) = super::built(vec![plan(clearing(
        &map,
        &["AC", "CD", "DB", "GEC", "HFD"],
    ))]);
    assert!(collapsed(&network).is_empty());
}

#[test]
fn side_roads_that_face_each_other_askew_do_not_swallow_the_road_between() {
    // 10 m apart along AB; each stops 5 m short of it.
    let map = parse(
        "
                    C
                    |
                    |
                    D

        A-------------------------B

                      E
                      |
                      |
                      F
        ",
        5.0,
    );
    let (network, report) = network(&map, &["AB", "CD", "EF"]);
    assert_eq!(report.components, 1);
    assert_eq!(network.segments().len(), 5);
    assert!(collapsed(&network).is_empty());
}

#[test]
fn a_line_drawn_twice_becomes_one_road_whoever_draws_it() {
    let map = parse("A--------------------B", 5.0);
    let (network, report) = network(&map, &["AB", "BA", "AB"]);
    assert_eq!(network.segments().len(), 1);
    assert!((report.laid_km - 0.21).abs() < 1e-3 && (report.added_km - 0.105).abs() < 1e-3);
}

#[test]
fn a_ring_is_closed_and_a_line_that_crosses_itself_is_noded() {
    let map = parse(
        "
        A---------B
                  |
             E----+-----F
             |    |
             D----C
        ",
        10.0,
    );
    let (network, report) = network(&map, &["ABCDEF"]);
    assert_eq!((report.joints, network.segments().len()), (1, 3));
    assert!(collapsed(&network).is_empty());
}

#[test]
fn priorities_levels_and_words_of_the_plan_hold_for_the_road() {
    let map = parse("A--------------------B", 10.0);
    let mut lines = clearing(&map, &["AB", "BA"]);
    lines[0].attributes.priority_class = Some(3);
    lines[0].attributes.manager_level = crate::road_manager::ManagerLevel::Municipal;
    lines[0].attributes.name = Some("柏崎11-109号線".to_owned());
    lines[1].attributes.priority_class = Some(1);
    lines.push(map.route_line(2, "AB", RouteLineKind::Emergency));
    lines[2].melting = true;
    let (network, _) = built(vec![plan(lines.clone())]);
    let road = &network.road(0).attributes;
    assert_eq!(road.priority_class, Some(1), "the more urgent one counts");
    assert_eq!(road.priority().as_deref(), Some("emergency"));
    assert_eq!(road.manager_level.as_str(), "municipal");
    assert_eq!(network.stretches(0)[0].kind, StretchKind::Melting);
    lines.pop();
    let (network, _) = built(vec![plan(lines)]);
    assert_eq!(network.road(0).attributes.priority().as_deref(), Some("1"));
    assert!(network.stretches(0).is_empty());
}

#[test]
fn the_order_of_files_and_records_changes_nothing() {
    let map = parse(
        "
        A-------------B--C---------D
                    E
                    |
                    F--------------G
        ",
        8.0,
    );
    let lines = clearing(&map, &["AB", "CD", "EF", "FG", "AB"]);
    let (first, _) = built(vec![plan(lines.clone())]);
    let mut turned = lines.clone();
    turned.reverse();
    let (second, _) = built(vec![plan(turned)]);
    assert_eq!(ids(&first), ids(&second));
    let (third, _) = built(vec![plan(lines[3..].to_vec()), plan(lines[..3].to_vec())]);
    assert_eq!(ids(&first), ids(&third));
}

#[test]
fn a_gap_that_is_too_wide_to_close_on_the_map_is_closed_in_the_graph() {
    let map = parse("A----------B-C----------D", 5.0);
    let lines = clearing(&map, &["AB", "CD"]);
    let drawn_m: f64 = lines.iter().map(|l| line_length_m(&l.line)).sum();
    let (network, _) = built(vec![plan(lines)]);
    let kept_m: f64 = network.segments().iter().map(|s| s.length_m).sum();
    assert!((kept_m - drawn_m).abs() < 0.01);
    assert_eq!(network.component_count(), 1);
}

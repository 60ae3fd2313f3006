//! OSM ways: where they are split, what names the pieces, and which way they may be driven.

use super::*;
use crate::ascii_map::{network_of, parse};

const TEE: &str = "
    A-----B-----C
          |
          D
";

#[test]
fn ways_are_split_where_they_share_a_node_and_nowhere_else() {
    let map = parse(TEE, 10.0);
    assert_eq!(map.network(&[("ABC", &[])]).segments().len(), 1);
    let network = map.network(&[("ABC", &[]), ("BD", &[])]);
    assert_eq!(network.segments().len(), 3);
    assert_eq!(network.component_count(), 1);
    for ends in ["AB", "BC", "BD"] {
        map.segment(&network, ends);
    }
}

#[test]
fn ways_that_cross_without_a_node_stay_apart() {
    let map = "
        A-----+-----B
              E
              |
              F
    ";
    let network = network_of(map, 10.0, &[("AB", &[]), ("EF", &[])]);
    assert_eq!(
        (network.segments().len(), network.component_count()),
        (2, 2)
    );
}

#[test]
fn a_way_that_meets_itself_is_split_there() {
    let map = parse(
        "
        A-----B-----C
              |     |
              E-----D
        ",
        10.0,
    );
    let network = map.network(&[("ABCDEB", &[])]);
    assert_eq!(network.segments().len(), 2);
    let tail = map.directed(&network, "AB");
    let ring = map.segment(&network, "BCDEB");
    let segment = &network.segments()[ring as usize];
    assert_eq!(segment.from_node, segment.to_node);
    assert_eq!(network.head(tail), segment.from_node);
    assert!(collapsed(&network).is_empty());
}

#[test]
fn a_closed_way_is_one_ring_or_as_many_arcs_as_it_has_arms() {
    let map = parse(
        "
           1--A--2
           |     |
        E--D     B--F
           |     |
           4--C--3
        ",
        10.0,
    );
    let ring: crate::ascii_map::Way<'_> = ("A2B3C4D1A", &[("oneway", "yes")]);
    let alone = map.network(&[ring]);
    assert_eq!((alone.segments().len(), alone.node_count()), (1, 1));

    let network = map.network(&[ring, ("BF", &[]), ("DE", &[])]);
    // The way's own first node stays a node: from A, two arms make three arcs.
    assert_eq!(network.segments().len(), 5);
    let there = map.directed(&network, "B3C4D");
    assert!(network.is_open(there) && !network.is_open(there.reverse()));
    assert!(
        network
            .leaving(network.head(there))
            .iter()
            .all(|d| *d != there.reverse())
    );
}

#[test]
fn one_ways_are_open_as_their_tag_says() {
    let map = parse(TEE, 10.0);
    for (tag, along, against) in [
        ("no", true, true),
        ("yes", true, false),
        ("true", true, false),
        ("1", true, false),
        ("-1", false, true),
        ("reverse", false, true),
        ("reversible", true, true),
    ] {
        let network = map.network(&[("AB", &[("oneway", tag)]), ("BC", &[])]);
        let ab = map.directed(&network, "AB");
        assert_eq!(
            ab.direction(),
            Direction::Forward,
            "the line keeps its order"
        );
        assert_eq!(
            (network.is_open(ab), network.is_open(ab.reverse())),
            (along, against),
            "oneway={tag}"
        );
        let leaves = |node, directed| network.leaving(node).contains(&directed);
        assert_eq!(
            leaves(network.head(ab.reverse()), ab),
            along,
            "oneway={tag}"
        );
        assert_eq!(
            leaves(network.head(ab), ab.reverse()),
            against,
            "oneway={tag}"
        );
    }
}

#[test]
fn pieces_of_one_way_with_the_same_ends_are_told_apart() {
    let map = parse(
        "
        A---B---C
            |   |
            D---E
        ",
        10.0,
    );
    // B to C straight, back, and to C again by D and E.
    let network = map.network(&[("ABCBDEC", &[])]);
    assert_eq!(network.segments().len(), 4);
    assert_eq!(ids(&network).len(), 4);
    map.segment(&network, "BDEC");
}

#[test]
fn runs_of_a_way_that_an_extract_clipped_are_all_kept() {
    let map = parse("A---B---C  D---E", 10.0);
    let mut source = map.source(&[("ABC", &[]), ("DE", &[])]);
    source.ways[1].road_id = source.ways[0].road_id.clone();
    let (network, report) = built(vec![source.clone()]);
    assert_eq!((network.segments().len(), report.repeated_ways), (2, 0));

    // The newer file's word holds for the whole way.
    let newer = map.source(&[("AB", &[])]);
    let (network, report) = built(vec![source, newer]);
    assert_eq!((network.segments().len(), report.repeated_ways), (1, 2));
    map.segment(&network, "AB");
}

#[test]
fn ids_do_not_hang_on_order_tags_or_what_changes_elsewhere() {
    let map = parse(
        "
        A-----B-----C-----G
              |     |
              D-----E-----F
        ",
        10.0,
    );
    let ways: [crate::ascii_map::Way<'_>; 3] = [("ABCG", &[]), ("BDE", &[]), ("CEF", &[])];
    let source = map.source(&ways);
    let (network, _) = built(vec![source.clone()]);
    let mut other = source.clone();
    other.ways.reverse();
    other.ways[0].attributes.name = Some("renamed".to_owned());
    let (shuffled, _) = built(vec![other]);
    assert_eq!(ids(&network), ids(&shuffled));
    let (again, _) = built(vec![source]);
    assert_eq!(network.parts(), again.parts());

    // Without EF's way, only what met at C and E changes.
    let fewer = map.network(&ways[..2]);
    let kept = ["AB", "BDE"].map(|s| map.segment(&network, s));
    for segment in kept {
        assert!(ids(&fewer).contains(&network.segments()[segment as usize].id));
    }
}

#[test]
fn two_nodes_at_one_place_do_not_break_the_road() {
    let map = parse("A---B---C---D", 10.0);
    let mut source = map.source(&[("ABC", &[]), ("CD", &[])]);
    // B and C are two nodes at one place, and both are junctions.
    source.ways[0].line[2] = map.at('B');
    source.ways[1].line[0] = map.at('B');
    let mut spur = source.ways[1].clone();
    spur.road_id = RoadId::Number(3);
    spur.nodes = vec![NodeKey::Osm(66), NodeKey::Osm(99)];
    spur.line = vec![map.at('B'), map.beside('B', 0.0, 30.0)];
    source.ways.push(spur);
    let (network, _) = built(vec![source]);
    assert_eq!(
        (network.segments().len(), network.component_count()),
        (3, 1)
    );
}

#[test]
fn a_node_named_twice_in_a_row_is_no_junction() {
    let map = parse("A---B---C", 10.0);
    for places in ["AABC", "ABBC", "ABCC"] {
        let network = map.network(&[(places, &[])]);
        assert_eq!(network.segments().len(), 1, "{places}");
        map.segment(&network, "ABC");
    }
}

#[test]
fn lines_of_which_no_road_can_be_made_are_refused_with_their_place() {
    let map = parse("A---B", 10.0);
    let good = map.source(&[("AB", &[]), ("BA", &[])]);
    let spoil = |line: Vec<LonLat>| {
        let mut source = good.clone();
        source.ways[1].nodes = vec![NodeKey::Osm(1); line.len()];
        source.ways[1].line = line;
        let (network, report) = built(vec![source]);
        assert_eq!(network.segments().len(), 1);
        let (name, refused) = report.refused[0].clone();
        assert_eq!((name.as_str(), refused.position), ("drawing.osm", 1));
        refused.reason
    };
    let at = map.at('A');
    assert!(spoil(vec![]).contains("fewer than two"));
    assert!(spoil(vec![at]).contains("fewer than two"));
    assert!(spoil(vec![at, at]).contains("fewer than two"));
    assert!(spoil(vec![at, LonLat::new(f64::NAN, 40.0)]).contains("globe"));
    assert!(spoil(vec![at, LonLat::new(140.0, 91.0)]).contains("globe"));
    assert!(spoil(vec![LonLat::new(179.9, 40.0), LonLat::new(-179.9, 40.0)]).contains("180th"));
}

#[test]
fn nothing_to_build_from_is_an_error() {
    let none = build(vec![plan(vec![])], TOLERANCE_M);
    assert!(matches!(none, Err(BuildError::Empty(name)) if name == "plan.geojson"));
}

//! GeoJSON networks: lines that meet where one of them ends.

use super::*;
use crate::ascii_map::parse;

fn network_source(map: &AsciiMap, lines: &[&str]) -> RoadSource {
    RoadSource {
        name: "roads.geojson".to_owned(),
        ways: lines
            .iter()
            .zip(0..)
            .map(|(places, i)| {
                let line = map.line(places);
                SourceWay {
                    road_id: RoadId::Number(i as i64),
                    nodes: line.iter().map(|at| NodeKey::of_place(*at)).collect(),
                    line,
                    joins: Joins::AtEnds,
                    attributes: RoadAttributes::default(),
                    position: i,
                }
            })
            .collect(),
        ..RoadSource::default()
    }
}

const MAP: &str = "
    A-----B-----C
          |
    E-----D-----F
          |
          G
";

#[test]
fn lines_meet_at_shared_ends_and_where_one_ends_on_anothers_vertex() {
    let map = parse(MAP, 10.0);
    let (network, _) = built(vec![network_source(&map, &["AB", "BC", "BD", "EDF"])]);
    assert_eq!(
        (network.segments().len(), network.component_count()),
        (5, 1)
    );
    map.segment(&network, "ED");
}

#[test]
fn lines_that_share_a_vertex_inside_both_cross_without_meeting() {
    let map = parse(MAP, 10.0);
    let (network, _) = built(vec![network_source(&map, &["EDF", "BDG"])]);
    assert_eq!(
        (network.segments().len(), network.component_count()),
        (2, 2)
    );
}

#[test]
fn a_line_that_comes_twice_is_refused_with_its_file_and_record() {
    let map = parse(MAP, 10.0);
    let (network, report) = built(vec![network_source(&map, &["AB", "BC", "AB"])]);
    assert_eq!(network.segments().len(), 2);
    let (name, refused) = &report.refused[0];
    assert_eq!((name.as_str(), refused.position), ("roads.geojson", 2));
    assert!(refused.reason.contains("same line"), "{refused:?}");
}

#[test]
fn ids_hang_on_the_shape_alone() {
    let map = parse(MAP, 10.0);
    let (network, _) = built(vec![network_source(&map, &["AB", "BC", "BD"])]);
    let (other, _) = built(vec![network_source(&map, &["EDF", "BD", "BC", "AB"])]);
    assert!(ids(&network).is_subset(&ids(&other)));
}

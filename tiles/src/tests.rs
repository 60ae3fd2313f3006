#![allow(clippy::unwrap_used)]

use super::*;
use domain::geometry::LonLat;
use domain::network::{
    Joins, NodeKey, Oneway, RoadAttributes, RoadId, RoadNetwork, RoadSource, SourceWay, build,
};
use domain::road_manager::ManagerLevel;
use domain::status::{SegmentStatus, StatusSnapshot};
use mvt_reader::Reader;
use mvt_reader::feature::Value;

fn way(id: i64, class: &str, line: &[(f64, f64)]) -> SourceWay {
    let line: Vec<LonLat> = line.iter().map(|(x, y)| LonLat::new(*x, *y)).collect();
    SourceWay {
        road_id: RoadId::Number(id),
        position: id as u64,
        nodes: line.iter().map(|p| NodeKey::of_place(*p)).collect(),
        line,
        joins: Joins::AtSharedNodes,
        attributes: RoadAttributes {
            name: Some(format!("道{id}")),
            class: class.to_owned(),
            manager_level: ManagerLevel::Municipal,
            oneway: Oneway::Forward,
            ..RoadAttributes::default()
        },
    }
}

fn network(ways: Vec<SourceWay>) -> RoadNetwork {
    let source = RoadSource {
        name: "t".to_owned(),
        ways,
        ..RoadSource::default()
    };
    build(vec![source], 15.0).unwrap().0
}

fn snapshot(network: &RoadNetwork) -> StatusSnapshot {
    let n = network.segments().len();
    StatusSnapshot {
        network_version: 1,
        sequence: n as i64,
        statuses: (0..n as u32)
            .map(|i| SegmentStatus {
                cleared_fwd_min: 29_473_680 + i,
                cleared_rev_min: 0,
                status: 100_154 + i,
            })
            .collect(),
        sequences: (1..=n as i64).collect(),
    }
}

fn two_streets() -> RoadNetwork {
    network(vec![
        way(1, "trunk", &[(140.60, 40.70), (140.61, 40.70)]),
        way(2, "residential", &[(140.61, 40.70), (140.61, 40.705)]),
    ])
}

fn at(z: u8) -> TileCoordinate {
    TileCoordinate::holding(z, LonLat::new(140.609, 40.7005)).unwrap()
}

#[test]
fn a_reader_finds_the_segments_with_their_status() {
    let network = two_streets();
    let snapshot = snapshot(&network);
    let bytes = roads_tile(&network, &snapshot, at(14)).unwrap();
    let reader = Reader::new(bytes).unwrap();
    assert_eq!(reader.get_layer_names().unwrap(), [ROADS_LAYER]);
    let features = reader.get_features(0).unwrap();
    assert_eq!(features.len(), 2);
    for feature in features {
        let id = feature.id.unwrap();
        let segment = network
            .segments()
            .iter()
            .position(|s| s.id.0 == id)
            .unwrap();
        let status = snapshot.statuses[segment];
        let properties = feature.properties.unwrap();
        let number = |key: &str| match &properties[key] {
            Value::UInt(n) => *n,
            other => panic!("{key}: {other:?}"),
        };
        assert_eq!(number("cleared_fwd_min"), u64::from(status.cleared_fwd_min));
        assert_eq!(number("cleared_rev_min"), 0);
        assert_eq!(number("status"), u64::from(status.status));
        assert_eq!(properties["oneway"], Value::String("yes".to_owned()));
        assert_eq!(
            properties["manager_level"],
            Value::String("municipal".to_owned())
        );
        for key in properties.keys() {
            assert!(
                ROADS_FIELDS.iter().any(|f| f.name == key),
                "{key} is not in the TileJSON"
            );
        }
    }
}

#[test]
fn small_roads_are_left_out_when_far_away() {
    let network = two_streets();
    let snapshot = snapshot(&network);
    let count = |z| {
        let bytes = roads_tile(&network, &snapshot, at(z)).unwrap();
        Reader::new(bytes).unwrap().get_features(0).unwrap().len()
    };
    assert_eq!((count(11), count(12), count(16)), (1, 2, 2));
}

#[test]
fn the_highest_change_shown_makes_the_etag() {
    let network = two_streets();
    let snapshot = snapshot(&network);
    // Far away only the trunk road is shown, so the street's change does not matter there.
    assert_eq!(highest_sequence(&network, &snapshot, at(14)), Some(2));
    assert_eq!(highest_sequence(&network, &snapshot, at(10)), Some(1));
    let sea = TileCoordinate::new(14, 0, 0).unwrap();
    assert_eq!(highest_sequence(&network, &snapshot, sea), None);
    assert!(roads_tile(&network, &snapshot, sea).unwrap().is_empty());
}

#[test]
fn a_tile_is_a_function_of_network_and_status() {
    let network = two_streets();
    let snapshot = snapshot(&network);
    let tile = |s: &StatusSnapshot| roads_tile(&network, s, at(14)).unwrap();
    assert_eq!(tile(&snapshot), tile(&snapshot));
    let mut changed = snapshot.clone();
    changed.statuses[0].status = 3;
    assert_ne!(tile(&snapshot), tile(&changed));
}

#[test]
fn a_snapshot_of_another_network_is_refused() {
    let network = two_streets();
    let error = roads_tile(&network, &StatusSnapshot::default(), at(14)).unwrap_err();
    assert!(matches!(error, DrawError::Mismatch { .. }));
}

#[test]
fn tiles_beside_each_other_meet() {
    // A road over a tile's border: both tiles draw it into their buffers.
    let network = network(vec![way(
        1,
        "trunk",
        &[(140.59, 40.7005), (140.65, 40.7005)],
    )]);
    let snapshot = snapshot(&network);
    for x in [14590, 14591, 14592] {
        let tile = TileCoordinate::new(14, x, 6160).unwrap();
        let bytes = roads_tile(&network, &snapshot, tile).unwrap();
        assert_eq!(
            Reader::new(bytes).unwrap().get_features(0).unwrap().len(),
            1,
            "{x}"
        );
    }
}

#[test]
fn only_tiles_of_this_world_are_served() {
    for (z, x, y, good) in [
        (5, 31, 31, true),
        (5, 32, 0, false),
        (4, 0, 0, false),
        (16, 65_535, 0, true),
        (17, 0, 0, false),
    ] {
        assert_eq!(TileCoordinate::new(z, x, y).is_some(), good, "{z}/{x}/{y}");
    }
}

//! Small networks, and a reader for tiles that is not ours.

use crate::{Encoding, RoadTiles, TileCoordinate, TileSettings};
use domain::geometry::LonLat;
use domain::network::{
    Joins, NodeKey, Oneway, RoadAttributes, RoadId, RoadNetwork, RoadSource, SourceWay, build,
};
use domain::road_manager::ManagerLevel;
use domain::status::{SegmentStatus, StatusChange, StatusColumns, StatusTable};
use mvt_reader::Reader;
use mvt_reader::feature::{Feature, Value};
use std::sync::Arc;
use std::time::Duration;

pub(super) const NO_WAIT: TileSettings = TileSettings {
    cache_bytes: 64 << 20,
    min_interval: Duration::ZERO,
};

pub(super) fn way(id: i64, class: &str, line: &[(f64, f64)]) -> SourceWay {
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
            oneway: Oneway::No,
            ..RoadAttributes::default()
        },
    }
}

pub(super) fn network(ways: Vec<SourceWay>) -> Arc<RoadNetwork> {
    let source = RoadSource {
        name: "t".to_owned(),
        ways,
        ..RoadSource::default()
    };
    Arc::new(build(vec![source], 15.0).unwrap().0)
}

/// A trunk road with a street at its end.
pub(super) fn two_streets() -> Arc<RoadNetwork> {
    network(vec![
        way(1, "trunk", &[(140.60, 40.70), (140.61, 40.70)]),
        way(2, "residential", &[(140.61, 40.70), (140.61, 40.705)]),
    ])
}

/// A grid of streets with a trunk road of many segments through it.
pub(super) fn grid(side: usize) -> Arc<RoadNetwork> {
    let at = |i: usize| i as f64 * 0.002;
    let mut ways = Vec::new();
    for row in 0..side {
        let class = if row == side / 2 {
            "trunk"
        } else {
            "residential"
        };
        let line: Vec<(f64, f64)> = (0..side).map(|i| (140.6 + at(i), 40.7 + at(row))).collect();
        ways.push(way(row as i64 + 1, class, &line));
        let line: Vec<(f64, f64)> = (0..side).map(|i| (140.6 + at(row), 40.7 + at(i))).collect();
        ways.push(way(row as i64 + 1001, "residential", &line));
    }
    network(ways)
}

pub(super) fn change(segment: u32, sequence: i64, status: u32) -> StatusChange {
    StatusChange {
        segment,
        status: SegmentStatus {
            cleared_fwd_min: 29_473_680 + sequence as u32,
            cleared_rev_min: 29_473_000 + status,
            status,
        },
        sequence,
    }
}

/// Tiles of a network that start from these changes, as a server does.
pub(super) fn tiles(
    network: &Arc<RoadNetwork>,
    changes: &[StatusChange],
    settings: TileSettings,
) -> RoadTiles {
    let mut columns = StatusColumns::new(network.segments().len());
    for change in changes {
        columns.set(*change);
    }
    let table = Arc::new(StatusTable::new(columns));
    RoadTiles::new(Arc::clone(network), table, settings)
}

pub(super) fn at(z: u8) -> TileCoordinate {
    TileCoordinate::holding(z, LonLat::new(140.609, 40.7005)).unwrap()
}

pub(super) fn raw(tiles: &RoadTiles, tile: TileCoordinate) -> Vec<u8> {
    let drawn = tiles
        .draw(tile, Encoding::Identity, Duration::ZERO)
        .unwrap();
    drawn.map_or(Vec::new(), |tile| tile.body.to_vec())
}

pub(super) fn features(bytes: Vec<u8>) -> Vec<Feature> {
    if bytes.is_empty() {
        return Vec::new();
    }
    Reader::new(bytes).unwrap().get_features(0).unwrap()
}

pub(super) fn number(feature: &Feature, key: &str) -> u64 {
    match feature.properties.as_ref().unwrap().get(key) {
        Some(Value::UInt(n)) => *n,
        other => panic!("{key}: {other:?}"),
    }
}

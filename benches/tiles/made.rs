//! A made network: streets on a grid, every tenth wider, with statuses as after a night's work.

use domain::geometry::LonLat;
use domain::network::{
    NetworkParts, Oneway, Road, RoadAttributes, RoadId, RoadNetwork, SegmentId, SegmentPart,
};
use domain::road_manager::ManagerLevel;
use domain::status::{SegmentStatus, StatusChange, StatusColumns, StatusTable};
use std::sync::Arc;
use tiles::{RoadTiles, TileCoordinate, TileSettings};

const WEST: f64 = 140.0;
const SOUTH: f64 = 40.0;
/// Degrees between streets: a z12 tile holds some 6,000 segments.
const STEP: f64 = 0.0014;

/// A square grid of about `segments` segments.
pub(crate) fn network(segments: u32) -> RoadNetwork {
    let side = (f64::from(segments) / 2.0).sqrt().round() as u32 + 1;
    let mut parts = NetworkParts {
        node_count: side * side,
        ..NetworkParts::default()
    };
    let at = |x: u32, y: u32| LonLat::new(WEST + f64::from(x) * STEP, SOUTH + f64::from(y) * STEP);
    for across in [false, true] {
        for i in 0..side {
            let road = parts.roads.len() as u32;
            parts.roads.push(Road {
                id: RoadId::Number(i64::from(road)),
                attributes: attributes(i, road),
            });
            for j in 0..side - 1 {
                let (a, b) = if across {
                    ((i, j), (i, j + 1))
                } else {
                    ((j, i), (j + 1, i))
                };
                let (from, to) = (at(a.0, a.1), at(b.0, b.1));
                let middle = LonLat::new(
                    (from.lon + to.lon) / 2.0 + STEP * 0.05,
                    (from.lat + to.lat) / 2.0 + STEP * 0.05,
                );
                let number = parts.segments.len() as u64;
                parts.segments.push(SegmentPart {
                    id: SegmentId(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 11),
                    road,
                    from_node: a.1 * side + a.0,
                    to_node: b.1 * side + b.0,
                    line: vec![from, middle, to],
                    length_m: 120.0,
                });
            }
        }
    }
    RoadNetwork::assemble(parts)
}

fn attributes(i: u32, road: u32) -> RoadAttributes {
    let (class, level) = match i % 40 {
        0 => ("trunk", ManagerLevel::National),
        10 | 30 => ("secondary", ManagerLevel::Prefectural),
        20 => ("primary", ManagerLevel::Prefectural),
        5 | 15 | 25 | 35 => ("tertiary", ManagerLevel::Municipal),
        _ => ("residential", ManagerLevel::Municipal),
    };
    RoadAttributes {
        name: Some(format!("市道{road}号線")),
        class: class.to_owned(),
        manager_level: level,
        oneway: Oneway::No,
        ..RoadAttributes::default()
    }
}

/// The status that change `n` sets.
pub(crate) fn change(segment: u32, n: i64) -> StatusChange {
    let minute = 29_473_680 + (n as u32).wrapping_mul(2_654_435_761) % 720;
    StatusChange {
        segment,
        status: SegmentStatus {
            cleared_fwd_min: minute,
            cleared_rev_min: minute,
            status: [144, 144, 133, 355][n as usize % 4],
        },
        sequence: n,
    }
}

/// Tiles of the network after a night's work.
pub(crate) fn tiles(network: Arc<RoadNetwork>, settings: TileSettings) -> RoadTiles {
    let mut columns = StatusColumns::new(network.segments().len());
    for segment in 0..network.segments().len() as u32 {
        columns.set(change(segment, i64::from(segment) + 1));
    }
    RoadTiles::new(network, Arc::new(StatusTable::new(columns)), settings)
}

/// A tile in the thick of it.
pub(crate) fn tile(zoom: u8) -> TileCoordinate {
    let inside = LonLat::new(WEST + 60.0 * STEP, SOUTH + 60.0 * STEP);
    TileCoordinate::holding(zoom, inside).expect("a zoom that is served")
}

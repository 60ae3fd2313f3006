//! Where the night is played, and whose road is whose.

use super::fleet::Fleet;
use domain::coverage::NarrowRoads;
use domain::geometry::{LocalPlane, LonLat};
use domain::network::{RoadAttributes, RoadNetwork};
use domain::road_manager::ManagerLevel;
use std::collections::HashMap;

/// Work that the area shall hold: about twice what all plows do, so that beats can be compact.
const AREA_WORK_M: f64 = 300_000.0;
/// Side of the cells in which the density of roads is measured.
const CELL_M: f64 = 500.0;

/// The part of a network where plows drive.
#[derive(Debug)]
pub(super) struct Area {
    pub middle: LonLat,
    /// Drivable segments, nearest to the middle first.
    pub segments: Vec<u32>,
}

/// The densest part of the network, and as much around it as the plows need.
pub(super) fn busiest(network: &RoadNetwork) -> Area {
    let all: Vec<(u32, LonLat)> = (0..network.segments().len() as u32)
        .filter(|i| is_drivable(&network.road(*i).attributes))
        .map(|i| {
            let line = network.line(i);
            (i, line[line.len() / 2])
        })
        .collect();
    let Some(bounds) = network.bounds() else {
        return Area {
            middle: LonLat::new(0.0, 0.0),
            segments: Vec::new(),
        };
    };
    let plane = LocalPlane::at(LonLat::new(
        0.5 * (bounds.west + bounds.east),
        0.5 * (bounds.south + bounds.north),
    ));
    let middle_xy = densest(network, &all, &plane);
    let mut by_distance: Vec<(f64, u32)> = all
        .into_iter()
        .map(|(i, at)| {
            let [x, y] = plane.project(at);
            ((x - middle_xy[0]).hypot(y - middle_xy[1]), i)
        })
        .collect();
    by_distance.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let narrow = NarrowRoads::default();
    let mut work_m = 0.0;
    let segments = by_distance
        .into_iter()
        .map(|(_, i)| i)
        .take_while(|i| {
            let wanted = work_m < AREA_WORK_M;
            let attributes = &network.road(*i).attributes;
            if is_cleared(attributes) {
                let passes = if narrow.hold(attributes) { 1.0 } else { 2.0 };
                work_m += passes * network.segments()[*i as usize].length_m;
            }
            wanted
        })
        .collect();
    Area {
        middle: plane.unproject(middle_xy),
        segments,
    }
}

/// The middle of the cell with the most road around it.
fn densest(network: &RoadNetwork, all: &[(u32, LonLat)], plane: &LocalPlane) -> [f64; 2] {
    let mut cells: HashMap<(i64, i64), f64> = HashMap::new();
    for (i, at) in all {
        let [x, y] = plane.project(*at).map(|m| (m / CELL_M).floor() as i64);
        let length_m = network.segments()[*i as usize].length_m;
        // Each road counts in the cells around its own, so that a single crowded yard does not win.
        for dx in -2..=2 {
            for dy in -2..=2 {
                *cells.entry((x + dx, y + dy)).or_default() += length_m;
            }
        }
    }
    cells
        .into_iter()
        .max_by(|(a_cell, a), (b_cell, b)| a.total_cmp(b).then(a_cell.cmp(b_cell)))
        .map_or([0.0, 0.0], |((x, y), _)| {
            [x, y].map(|cell| (cell as f64 + 0.5) * CELL_M)
        })
}

fn is_drivable(attributes: &RoadAttributes) -> bool {
    !matches!(
        attributes.class.as_str(),
        "footway"
            | "path"
            | "cycleway"
            | "steps"
            | "pedestrian"
            | "bridleway"
            | "corridor"
            | "construction"
            | "proposed"
            | "track"
    )
}

/// Whether plows of the night clear it: unowned car parks and drives are only driven over.
pub(super) fn is_cleared(attributes: &RoadAttributes) -> bool {
    attributes.class != "service" || attributes.manager_level != ManagerLevel::Unknown
}

/// Whose plows clear a road; by its class where the network doesn't know its manager.
pub(super) fn fleet_of(attributes: &RoadAttributes) -> Fleet {
    match attributes.manager_level {
        ManagerLevel::National | ManagerLevel::Expressway => Fleet::National,
        ManagerLevel::Prefectural => Fleet::Prefecture,
        ManagerLevel::Municipal => Fleet::Town,
        ManagerLevel::Unknown => match attributes.class.trim_end_matches("_link") {
            "motorway" | "trunk" | "primary" => Fleet::National,
            "secondary" | "tertiary" => Fleet::Prefecture,
            _ => Fleet::Town,
        },
    }
}

/// How freely one drives: 0 between houses, 1 on collectors, 2 on through roads.
pub(super) fn pace(attributes: &RoadAttributes) -> usize {
    match attributes.class.trim_end_matches("_link") {
        "motorway" | "trunk" | "primary" => 2,
        "secondary" | "tertiary" => 1,
        _ => 0,
    }
}

#![allow(clippy::unwrap_used)]

mod given_networks;
mod measures;
mod properties;
mod route_lines;
mod route_lines_on_roads;
mod splitting;

use super::*;
use crate::ascii_map::AsciiMap;
use std::collections::BTreeSet;

const TOLERANCE_M: f64 = DEFAULT_TOLERANCE_M;

fn built(sources: Vec<RoadSource>) -> (RoadNetwork, BuildReport) {
    build(sources, TOLERANCE_M).unwrap()
}

fn ids(network: &RoadNetwork) -> BTreeSet<SegmentId> {
    network.segments().iter().map(|s| s.id).collect()
}

/// A source of route lines alone.
fn plan(lines: Vec<RouteLine>) -> RoadSource {
    RoadSource {
        name: "plan.geojson".to_owned(),
        lines,
        ..RoadSource::default()
    }
}

/// Clearing lines through the places of a map, numbered from 0.
fn clearing(map: &AsciiMap, lines: &[&str]) -> Vec<RouteLine> {
    lines
        .iter()
        .zip(0..)
        .map(|(places, i)| map.route_line(i, places, RouteLineKind::Clearing))
        .collect()
}

/// Segments that begin and end in one node although their ends lie apart: a router would skip them.
fn collapsed(network: &RoadNetwork) -> Vec<u32> {
    (0..network.segments().len() as u32)
        .filter(|i| {
            let (segment, line) = (&network.segments()[*i as usize], network.line(*i));
            segment.from_node == segment.to_node && line[0].geodesic_m(line[line.len() - 1]) > 1.0
        })
        .collect()
}

/// Metres from a place to the nearest point of a line.
fn distance_m(at: LonLat, line: &[LonLat]) -> f64 {
    let plane = LocalPlane::at(at);
    line.windows(2)
        .map(|ab| {
            let (a, b) = (plane.project(ab[0]), plane.project(ab[1]));
            crate::geometry::nearest_on_piece([0.0, 0.0], a, b).distance
        })
        .fold(f64::INFINITY, f64::min)
}

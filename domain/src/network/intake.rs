//! Takes the ways and route lines out of their sources: what no road can be made of is refused,
//! older copies of ways go, and the rest gets an order of its own.

use super::build::BuildReport;
use super::source::{Joins, NodeKey, RoadId, RoadSource, RouteLine, RouteLineKind, SourceWay};
use crate::fix::Rejection;
use crate::geometry::LonLat;
use std::collections::HashMap;

/// A way with the index of its source.
pub(super) type NumberedWay = (u32, SourceWay);
/// A route line with the index of its source.
pub(super) type NumberedLine = (u32, RouteLine);

/// All ways and route lines with the index of their source, in an order of their own: what comes
/// of them must not hang on the order of files and records.
pub(super) fn take_sources(
    sources: Vec<RoadSource>,
    report: &mut BuildReport,
) -> (Vec<NumberedWay>, Vec<NumberedLine>) {
    let mut ways: Vec<NumberedWay> = Vec::new();
    let mut lines: Vec<NumberedLine> = Vec::new();
    let mut newest: HashMap<i64, u32> = HashMap::new();
    for (number, source) in sources.into_iter().enumerate() {
        let (number, name) = (number as u32, source.name);
        report.ways += source.ways.len();
        report.route_lines += source.lines.len();
        let mut refuse = |rejection: Rejection| report.refused.push((name.clone(), rejection));
        source.refused.into_iter().for_each(&mut refuse);
        for way in source.ways {
            let fault = if way.nodes.len() == way.line.len() {
                fault_of(&way.line)
            } else {
                Some("has not one node for each vertex")
            };
            if let Some(reason) = fault {
                refuse(refusal(way.position, reason.to_owned(), &way.road_id));
                continue;
            }
            if let Some(id) = osm_id(&way) {
                newest.insert(id, number);
            }
            ways.push((number, way));
        }
        for line in source.lines {
            match fault_of(&line.line) {
                Some(reason) => refuse(refusal(line.position, reason.to_owned(), &line.road_id)),
                None => lines.push((number, line)),
            }
        }
    }
    let all = ways.len();
    ways.retain(|(number, way)| osm_id(way).is_none_or(|id| newest[&id] == *number));
    report.repeated_ways = all - ways.len();
    report.ways -= report.repeated_ways;
    ways.sort_by(|(_, a), (_, b)| {
        (&a.road_id, a.joins == Joins::AtEnds)
            .cmp(&(&b.road_id, b.joins == Joins::AtEnds))
            .then_with(|| a.nodes.cmp(&b.nodes))
    });
    // Carriageways first: sidewalks and pipes lie on what they made.
    lines.sort_by(|(_, a), (_, b)| {
        let place = |at: &LonLat| NodeKey::of_place(*at);
        (rank(&a.kind).cmp(&rank(&b.kind)))
            .then_with(|| a.line.iter().map(place).cmp(b.line.iter().map(place)))
            .then_with(|| a.road_id.cmp(&b.road_id))
    });
    (ways, lines)
}

fn rank(kind: &RouteLineKind) -> u8 {
    match kind {
        RouteLineKind::Clearing => 0,
        RouteLineKind::Emergency => 1,
        RouteLineKind::Sidewalk { .. } | RouteLineKind::Melting => 2,
    }
}

fn osm_id(way: &SourceWay) -> Option<i64> {
    match (&way.road_id, way.joins) {
        (RoadId::Number(id), Joins::AtSharedNodes) => Some(*id),
        _ => None,
    }
}

/// Why no road can be made of a line.
fn fault_of(line: &[LonLat]) -> Option<&'static str> {
    if line.iter().any(|at| !at.is_valid()) {
        Some("has a vertex that is not on the globe")
    } else if line.iter().all(|at| *at == line[0]) {
        Some("has fewer than two different vertices")
    } else if line
        .windows(2)
        .any(|ab| (ab[0].lon - ab[1].lon).abs() > 180.0)
    {
        Some("crosses the 180th meridian; it must be cut there (RFC 7946, 3.1.9)")
    } else {
        None
    }
}

/// A record's refusal for its geometry.
pub(super) fn refusal(position: u64, reason: String, road_id: &RoadId) -> Rejection {
    Rejection {
        position,
        field: "geometry".to_owned(),
        reason,
        record: format!("{road_id:?}"),
    }
}

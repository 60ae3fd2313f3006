//! A peer's line over the roads as pieces of our segments, so that one scorer scores all.
//!
//! Peers return lines whose vertices are the file's nodes, cut at the first and last position. Each
//! step from vertex to vertex lies on one segment; which, geometry tells.

use crate::score::Piece;
use domain::geometry::LonLat;
use domain::network::{DirectedSegment, NearSegment, RoadNetwork};
use domain::work::Direction;

/// So far a vertex may lie off the road: peers round to 0.1 m.
const TOLERANCE_M: f64 = 1.5;

/// A line as pieces, and how many metres of it lie on no road of the network.
pub fn pieces_of_line(network: &RoadNetwork, line: &[LonLat]) -> (Vec<Piece>, f64) {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut lost_m = 0.0;
    let mut near_a: Option<Vec<NearSegment>> = None;
    for pair in line.windows(2) {
        let before = near_a
            .take()
            .unwrap_or_else(|| network.near(pair[0], TOLERANCE_M));
        let after = network.near(pair[1], TOLERANCE_M);
        let step_m = pair[0].geodesic_m(pair[1]);
        if step_m > 0.0 {
            let last = pieces.last().map(|piece| piece.directed);
            match step(network, pair, step_m, &before, &after, last) {
                Some(piece) => push(network, &mut pieces, piece),
                None => lost_m += step_m,
            }
        }
        near_a = Some(after);
    }
    (pieces, lost_m)
}

/// The segment that a step lies on: near at both ends and in the middle, and about as long.
fn step(
    network: &RoadNetwork,
    pair: &[LonLat],
    step_m: f64,
    before: &[NearSegment],
    after: &[NearSegment],
    last: Option<DirectedSegment>,
) -> Option<Piece> {
    let middle = LonLat::new(
        0.5 * (pair[0].lon + pair[1].lon),
        0.5 * (pair[0].lat + pair[1].lat),
    );
    let mut best: Option<(f64, Piece)> = None;
    for there in network.near(middle, TOLERANCE_M) {
        let on = |list: &[NearSegment]| list.iter().find(|n| n.segment == there.segment).copied();
        let (Some(from), Some(to)) = (on(before), on(after)) else {
            continue;
        };
        let segment = &network.segments()[there.segment as usize];
        // Where a segment is a loop its first and last metre are one place.
        let both_ends = |m: f64| {
            let loops = segment.from_node == segment.to_node;
            let is_end = m < TOLERANCE_M || m > segment.length_m - TOLERANCE_M;
            if loops && is_end {
                vec![0.0, segment.length_m]
            } else {
                vec![m]
            }
        };
        for from_m in both_ends(from.at_m) {
            for to_m in both_ends(to.at_m) {
                let wrong_m = ((to_m - from_m).abs() - step_m).abs();
                if wrong_m > TOLERANCE_M + 0.02 * step_m {
                    continue;
                }
                let directed = |direction| DirectedSegment::new(there.segment, direction);
                let piece = if to_m >= from_m {
                    Piece {
                        directed: directed(Direction::Forward),
                        from_m,
                        to_m,
                    }
                } else {
                    Piece {
                        directed: directed(Direction::Backward),
                        from_m: segment.length_m - from_m,
                        to_m: segment.length_m - to_m,
                    }
                };
                let goes_on = if last == Some(piece.directed) {
                    0.0
                } else {
                    0.3
                };
                let cost = from.distance_m + to.distance_m + there.distance_m + wrong_m + goes_on;
                if best.is_none_or(|(least, _)| cost < least) {
                    best = Some((cost, piece));
                }
            }
        }
    }
    best.map(|(_, piece)| piece)
}

/// Joins a piece to the last one where it goes on from it; ends near a junction are at it.
fn push(network: &RoadNetwork, pieces: &mut Vec<Piece>, mut piece: Piece) {
    let length_m = network.segments()[piece.directed.segment() as usize].length_m;
    let slack_m = TOLERANCE_M.min(0.25 * length_m);
    if piece.from_m < slack_m {
        piece.from_m = 0.0;
    }
    if piece.to_m > length_m - slack_m {
        piece.to_m = length_m;
    }
    match pieces.last_mut() {
        Some(last)
            if last.directed == piece.directed
                && (piece.from_m - last.to_m).abs() < TOLERANCE_M =>
        {
            last.to_m = last.to_m.max(piece.to_m);
        }
        _ => pieces.push(piece),
    }
}

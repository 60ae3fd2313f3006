//! Splits ways at junctions.

use super::id::Identity;
use super::source::{Joins, NodeKey, RoadAttributes, RoadId, SourceWay};
use crate::geometry::LonLat;
use std::collections::HashMap;

/// A stretch of road between two nodes, not yet in a network.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub road_id: RoadId,
    pub is_osm: bool,
    /// Counts pieces of one way with the same ends.
    pub occurrence: u32,
    pub from: NodeKey,
    pub to: NodeKey,
    pub line: Vec<LonLat>,
    pub attributes: RoadAttributes,
    /// Drawn by a road manager; its ends may be moved onto the network.
    pub from_route_line: bool,
}

impl Piece {
    pub(super) fn identity(&self) -> Identity {
        Identity::of_piece(
            &self.road_id,
            self.is_osm,
            self.from,
            self.to,
            self.occurrence,
            &self.line,
        )
    }
}

/// Splits the ways where they meet. Pieces come in the order of their ways.
pub(super) fn split_at_junctions(ways: Vec<SourceWay>) -> Vec<Piece> {
    // A node with a weight of 2 or more is a junction: an end weighs 2, a shared OSM vertex 1 a way.
    let mut weights: HashMap<NodeKey, u8> = HashMap::new();
    for way in &ways {
        let last = way.nodes.len().saturating_sub(1);
        for (i, node) in way.nodes.iter().enumerate() {
            let weight = match (i == 0 || i == last, way.joins) {
                (true, _) => 2,
                (false, Joins::AtSharedNodes) => 1,
                (false, Joins::AtEnds) => 0,
            };
            let sum = weights.entry(*node).or_default();
            *sum = sum.saturating_add(weight);
        }
    }

    let mut pieces = Vec::with_capacity(ways.len() * 2);
    for way in ways {
        let mut occurrences: HashMap<(NodeKey, NodeKey), u32> = HashMap::new();
        let is_osm = way.joins == Joins::AtSharedNodes;
        let mut start = 0;
        for i in 1..way.nodes.len() {
            let is_end = i + 1 == way.nodes.len();
            let is_junction = weights.get(&way.nodes[i]).is_some_and(|w| *w >= 2);
            if !is_end && !is_junction {
                continue;
            }
            let line = without_repeats(&way.line[start..=i]);
            if line.len() >= 2 {
                let (from, to) = (way.nodes[start], way.nodes[i]);
                let count = occurrences.entry((from, to)).or_default();
                pieces.push(Piece {
                    road_id: way.road_id.clone(),
                    is_osm,
                    occurrence: *count,
                    from,
                    to,
                    line,
                    attributes: way.attributes.clone(),
                    from_route_line: false,
                });
                *count += 1;
            }
            start = i;
        }
    }
    pieces
}

/// The line without vertices that repeat the one before.
pub(super) fn without_repeats(line: &[LonLat]) -> Vec<LonLat> {
    let mut kept: Vec<LonLat> = Vec::with_capacity(line.len());
    for p in line {
        if kept.last() != Some(p) {
            kept.push(*p);
        }
    }
    kept
}

//! Splits ways at junctions.

use super::id::Identity;
use super::source::{Joins, NodeKey, RoadAttributes, RoadId, SourceWay};
use crate::geometry::LonLat;
use crate::linear_reference::without_repeats;
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
    /// Index of its source.
    pub source: u32,
    /// Which record of its source it came from.
    pub position: u64,
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

/// What the ways become.
#[derive(Debug, Default)]
pub(super) struct Split {
    /// Pieces between junctions, in the order of their ways.
    pub pieces: Vec<Piece>,
    /// Nodes that one way holds at one place: there is no road between them, they are one junction.
    pub same: Vec<(NodeKey, NodeKey)>,
}

/// Splits the ways where they meet. Runs of one OSM way must stand side by side.
pub(super) fn split_at_junctions(ways: Vec<(u32, SourceWay)>) -> Split {
    // A node with a weight of 2 or more is a junction: an end weighs 2, a shared OSM vertex 1 a way.
    let mut weights: HashMap<NodeKey, u8> = HashMap::new();
    for (_, way) in &ways {
        let last = way.nodes.len().saturating_sub(1);
        for (i, node) in way.nodes.iter().enumerate() {
            let weight = match (i == 0 || i == last, way.joins) {
                (true, _) => 2,
                // A node that is named twice in a row is met once.
                (false, Joins::AtSharedNodes) => u8::from(way.nodes[i - 1] != *node),
                (false, Joins::AtEnds) => 0,
            };
            let sum = weights.entry(*node).or_default();
            *sum = sum.saturating_add(weight);
        }
    }

    let mut split = Split::default();
    let mut occurrences: HashMap<(NodeKey, NodeKey), u32> = HashMap::new();
    let mut before: Option<RoadId> = None;
    for (source, way) in ways {
        let is_osm = way.joins == Joins::AtSharedNodes;
        // An extract's edge cuts a way into runs, which count their pieces together.
        if before.as_ref() != Some(&way.road_id) {
            occurrences.clear();
            before = Some(way.road_id.clone());
        }
        let mut start = 0;
        for i in 1..way.nodes.len() {
            let is_end = i + 1 == way.nodes.len();
            let is_junction = weights.get(&way.nodes[i]).is_some_and(|w| *w >= 2);
            if !is_end && !is_junction {
                continue;
            }
            let (from, to) = (way.nodes[start], way.nodes[i]);
            let line = without_repeats(&way.line[start..=i]);
            start = i;
            if line.len() < 2 {
                if from != to {
                    split.same.push((from, to));
                }
                continue;
            }
            let count = occurrences.entry((from, to)).or_default();
            split.pieces.push(Piece {
                road_id: way.road_id.clone(),
                is_osm,
                occurrence: *count,
                from,
                to,
                line,
                attributes: way.attributes.clone(),
                from_route_line: false,
                source,
                position: way.position,
            });
            *count += 1;
        }
    }
    split
}

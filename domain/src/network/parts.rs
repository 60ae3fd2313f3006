//! What a network is made of, as it is stored.

use super::{Road, RoadNetwork, SegmentId, Stretch};
use crate::geometry::LonLat;

/// A segment as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentPart {
    /// Its id.
    pub id: SegmentId,
    /// Index of its road.
    pub road: u32,
    /// Node at the start of its line.
    pub from_node: u32,
    /// Node at the end.
    pub to_node: u32,
    /// Its line, at least two vertices.
    pub line: Vec<LonLat>,
    /// Its length on the ellipsoid.
    pub length_m: f64,
}

/// All that a network is made of; nodes are numbers below `node_count`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NetworkParts {
    /// Roads, referred to by index.
    pub roads: Vec<Road>,
    /// Segments.
    pub segments: Vec<SegmentPart>,
    /// What lies along them.
    pub stretches: Vec<Stretch>,
    /// Number of nodes.
    pub node_count: u32,
}

impl RoadNetwork {
    /// The parts that this network was assembled from.
    pub fn parts(&self) -> NetworkParts {
        NetworkParts {
            roads: self.roads.clone(),
            segments: (0..self.segments.len() as u32)
                .map(|i| {
                    let s = &self.segments[i as usize];
                    SegmentPart {
                        id: s.id,
                        road: s.road,
                        from_node: s.from_node,
                        to_node: s.to_node,
                        line: self.line(i).to_vec(),
                        length_m: s.length_m,
                    }
                })
                .collect(),
            stretches: {
                let mut all: Vec<Stretch> = self.all_stretches().cloned().collect();
                all.sort_by_key(|s| s.segment);
                all
            },
            node_count: self.graph.node_count(),
        }
    }
}

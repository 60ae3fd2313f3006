//! The road network: segments between junctions, their graph and their index.
//!
//! A network is immutable. Its parts are kept by the store and assembled the same way whether they
//! come from an import or from the database, so that both give the same graph and the same ids.

mod build;
mod course;
mod crossings;
mod cutting;
mod end_moves;
mod graph;
mod id;
mod index;
mod intake;
mod junctions;
mod laying;
mod noding;
mod parts;
mod reach;
mod source;
mod split;
mod strand;
mod union_find;

#[cfg(test)]
mod tests;

pub use build::{BuildError, BuildReport, DEFAULT_TOLERANCE_M, build};
pub use course::Course;
pub use graph::DirectedSegment;
pub use id::{Identity, SegmentId};
pub use index::NearSegment;
pub use parts::{NetworkParts, SegmentPart};
pub(crate) use reach::{Reach, Travel};
pub use source::{
    Joins, NodeKey, Oneway, RoadAttributes, RoadId, RoadSource, RouteLine, RouteLineKind, SourceWay,
};

use crate::geometry::{BoundingBox, LocalPlane, LonLat};
use crate::work::Direction;
use graph::Graph;
use index::SegmentIndex;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A road as its source knows it; its segments share it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Road {
    /// The source's id.
    pub id: RoadId,
    /// What is known of it.
    pub attributes: RoadAttributes,
}

/// What lies along part of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StretchKind {
    /// 消融雪: the road melts its snow.
    Melting,
    /// A cleared sidewalk on the left of the segment's line.
    SidewalkLeft,
    /// A cleared sidewalk on the right of the segment's line.
    SidewalkRight,
}

impl StretchKind {
    /// The name used in every interface.
    pub fn as_str(self) -> &'static str {
        match self {
            StretchKind::Melting => "melting",
            StretchKind::SidewalkLeft => "sidewalk_left",
            StretchKind::SidewalkRight => "sidewalk_right",
        }
    }

    /// Reads the interface name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Melting, Self::SidewalkLeft, Self::SidewalkRight]
            .into_iter()
            .find(|kind| kind.as_str() == name)
    }
}

/// Part of a segment with something along it.
#[derive(Debug, Clone, PartialEq)]
pub struct Stretch {
    /// Index of the segment.
    pub segment: u32,
    /// Start measure.
    pub from_m: f64,
    /// End measure.
    pub to_m: f64,
    /// What is there.
    pub kind: StretchKind,
    /// 水準 of a sidewalk.
    pub standard: Option<String>,
    /// The source's id of the line that says so.
    pub road_id: RoadId,
}

/// A segment of an assembled network.
#[derive(Debug, Clone)]
pub struct Segment {
    /// Its id.
    pub id: SegmentId,
    /// Index of its road.
    pub road: u32,
    /// Node at the start of its line.
    pub from_node: u32,
    /// Node at the end.
    pub to_node: u32,
    /// Its length in metres.
    pub length_m: f64,
    first_vertex: u32,
    vertex_count: u32,
    /// Courses by which one leaves its start, and its end, into it.
    courses: [Course; 2],
    usual_kmh: u8,
}

/// The road network, ready for matching and drawing.
#[derive(Debug)]
pub struct RoadNetwork {
    roads: Vec<Road>,
    segments: Vec<Segment>,
    vertices: Vec<LonLat>,
    /// Metres from the segment's start, one per vertex.
    measures_m: Vec<f32>,
    stretches: HashMap<u32, Vec<Stretch>>,
    graph: Graph,
    index: SegmentIndex,
    by_id: HashMap<SegmentId, u32>,
    bounds: Option<BoundingBox>,
}

impl RoadNetwork {
    /// Puts the parts together: vertices in one array, the graph, the index.
    ///
    /// Segments must have at least two vertices, and refer to roads and nodes that are there.
    pub fn assemble(parts: NetworkParts) -> Self {
        let vertex_count = parts.segments.iter().map(|s| s.line.len()).sum();
        let mut vertices = Vec::with_capacity(vertex_count);
        let mut measures_m = Vec::with_capacity(vertex_count);
        let mut segments = Vec::with_capacity(parts.segments.len());
        for part in &parts.segments {
            let first_vertex = vertices.len() as u32;
            push_measures(&mut measures_m, &part.line, part.length_m);
            vertices.extend_from_slice(&part.line);
            segments.push(Segment {
                id: part.id,
                road: part.road,
                from_node: part.from_node,
                to_node: part.to_node,
                length_m: part.length_m,
                first_vertex,
                vertex_count: part.line.len() as u32,
                courses: [
                    course::setting_out(part.line.iter().copied()),
                    course::setting_out(part.line.iter().rev().copied()),
                ],
                usual_kmh: course::usual_kmh(&parts.roads[part.road as usize].attributes.class),
            });
        }
        let mut stretches: HashMap<u32, Vec<Stretch>> = HashMap::new();
        for stretch in parts.stretches {
            stretches.entry(stretch.segment).or_default().push(stretch);
        }
        let graph = Graph::new(&segments, &parts.roads, parts.node_count);
        let index = SegmentIndex::new(&segments, &vertices);
        let by_id = segments
            .iter()
            .enumerate()
            .map(|(i, s)| (s.id, i as u32))
            .collect();
        RoadNetwork {
            bounds: BoundingBox::around(vertices.iter().copied()),
            roads: parts.roads,
            segments,
            vertices,
            measures_m,
            stretches,
            graph,
            index,
            by_id,
        }
    }

    /// All segments; an index into them names a segment within this network.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// All roads.
    pub fn roads(&self) -> &[Road] {
        &self.roads
    }

    /// The road that a segment belongs to.
    pub fn road(&self, segment: u32) -> &Road {
        &self.roads[self.segments[segment as usize].road as usize]
    }

    /// The line of a segment.
    pub fn line(&self, segment: u32) -> &[LonLat] {
        let s = &self.segments[segment as usize];
        &self.vertices[s.first_vertex as usize..(s.first_vertex + s.vertex_count) as usize]
    }

    /// Metres from the start at each vertex of a segment's line.
    pub fn measures_m(&self, segment: u32) -> &[f32] {
        let s = &self.segments[segment as usize];
        &self.measures_m[s.first_vertex as usize..(s.first_vertex + s.vertex_count) as usize]
    }

    /// The index of a segment by its id.
    pub fn find(&self, id: SegmentId) -> Option<u32> {
        self.by_id.get(&id).copied()
    }

    /// What lies along a segment.
    pub fn stretches(&self, segment: u32) -> &[Stretch] {
        self.stretches.get(&segment).map_or(&[], Vec::as_slice)
    }

    /// All stretches, in no order.
    pub fn all_stretches(&self) -> impl Iterator<Item = &Stretch> {
        self.stretches.values().flatten()
    }

    /// Number of nodes.
    pub fn node_count(&self) -> u32 {
        self.graph.node_count()
    }

    /// The box around everything; `None` for an empty network.
    pub fn bounds(&self) -> Option<BoundingBox> {
        self.bounds
    }

    /// Whether only one segment end meets the node: the road ends there.
    pub fn is_dead_end(&self, node: u32) -> bool {
        self.graph.degree(node) <= 1
    }

    /// Directed segments that traffic may enter at a node.
    pub fn leaving(&self, node: u32) -> &[DirectedSegment] {
        self.graph.leaving(node)
    }

    /// Directed segments that lead away from a node, against the traffic too.
    pub fn meeting(&self, node: u32) -> &[DirectedSegment] {
        self.graph.meeting(node)
    }

    /// The node that a directed segment leads to.
    pub fn head(&self, directed: DirectedSegment) -> u32 {
        let s = &self.segments[directed.segment() as usize];
        match directed.direction() {
            Direction::Forward => s.to_node,
            Direction::Backward => s.from_node,
        }
    }

    /// The course by which one sets out on a directed segment.
    pub fn course_at_start(&self, directed: DirectedSegment) -> Course {
        self.segments[directed.segment() as usize].courses[directed.direction() as usize]
    }

    /// The course by which one arrives at its end.
    pub fn course_at_end(&self, directed: DirectedSegment) -> Course {
        course::opposite(self.course_at_start(directed.reverse()))
    }

    /// Usual speed on a segment's kind of road, km/h.
    pub fn usual_kmh(&self, segment: u32) -> u8 {
        self.segments[segment as usize].usual_kmh
    }

    /// Where a directed segment ends.
    pub fn end_of(&self, directed: DirectedSegment) -> LonLat {
        let s = &self.segments[directed.segment() as usize];
        self.vertices[match directed.direction() {
            Direction::Forward => (s.first_vertex + s.vertex_count - 1) as usize,
            Direction::Backward => s.first_vertex as usize,
        }]
    }

    /// Whether traffic may take the segment in that direction.
    pub fn is_open(&self, directed: DirectedSegment) -> bool {
        graph::is_open(self.road(directed.segment()), directed.direction())
    }

    /// Connected parts, directions aside.
    pub fn component_count(&self) -> usize {
        let mut sets = union_find::UnionFind::new(self.graph.node_count() as usize);
        for segment in &self.segments {
            sets.union(segment.from_node, segment.to_node);
        }
        sets.sets(self.segments.iter().map(|s| s.from_node))
    }

    /// Segments whose box touches the box, in ascending order of their index.
    pub fn in_box(&self, area: &BoundingBox) -> Vec<u32> {
        self.index.in_box(area)
    }

    /// The nearest point of each segment within `radius_m` of a place, nearest first.
    pub fn near(&self, at: LonLat, radius_m: f64) -> Vec<NearSegment> {
        self.index.near(self, at, radius_m)
    }

    /// The position at a measure of a segment, clamped to its ends.
    pub fn position(&self, segment: u32, at_m: f64) -> LonLat {
        let (line, measures) = (self.line(segment), self.measures_m(segment));
        let after = measures
            .partition_point(|m| f64::from(*m) <= at_m)
            .clamp(1, line.len() - 1);
        let (a, b) = (line[after - 1], line[after]);
        let (from, to) = (f64::from(measures[after - 1]), f64::from(measures[after]));
        let share = if to > from {
            ((at_m - from) / (to - from)).clamp(0.0, 1.0)
        } else {
            0.0
        };
        LonLat::new(
            a.lon + share * (b.lon - a.lon),
            a.lat + share * (b.lat - a.lat),
        )
    }

    /// The line between two measures of a segment, in the order of its line.
    pub fn line_between(&self, segment: u32, from_m: f64, to_m: f64) -> Vec<LonLat> {
        let mut part = vec![self.position(segment, from_m)];
        for (p, m) in self.line(segment).iter().zip(self.measures_m(segment)) {
            if f64::from(*m) > from_m && f64::from(*m) < to_m {
                part.push(*p);
            }
        }
        part.push(self.position(segment, to_m));
        part
    }
}

/// Measures by planes along the line, scaled so that the last one is the length on the ellipsoid.
fn push_measures(measures_m: &mut Vec<f32>, line: &[LonLat], length_m: f64) {
    let mut sums = Vec::with_capacity(line.len());
    let mut sum = 0.0;
    for (i, p) in line.iter().enumerate() {
        if i > 0 {
            let xy = LocalPlane::at(line[i - 1]).project(*p);
            sum += xy[0].hypot(xy[1]);
        }
        sums.push(sum);
    }
    let scale = if sum > 0.0 { length_m / sum } else { 1.0 };
    measures_m.extend(sums.into_iter().map(|m| (m * scale) as f32));
}

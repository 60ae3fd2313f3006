//! The roads that simulated vehicles use: those from which every other can be reached.

use domain::network::{DirectedSegment, RoadNetwork};
use domain::work::Direction;

/// Classes that are driven. Yards, footways and motorways are in the network, but no plow of a town
/// works there, and routing engines close many of them to cars.
const DRIVEN: [&str; 12] = [
    "trunk",
    "trunk_link",
    "primary",
    "primary_link",
    "secondary",
    "secondary_link",
    "tertiary",
    "tertiary_link",
    "unclassified",
    "residential",
    "living_street",
    "road",
];

/// A network and which of its segments are driven.
#[derive(Debug)]
pub struct Streets<'a> {
    /// The network.
    pub network: &'a RoadNetwork,
    driven: Vec<bool>,
    /// Driven segments in ascending order.
    pub segments: Vec<u32>,
}

impl<'a> Streets<'a> {
    /// The largest part of the network within which one gets from anywhere to anywhere.
    pub fn new(network: &'a RoadNetwork) -> Self {
        let count = network.segments().len() as u32;
        let is_driven =
            |segment: u32| DRIVEN.contains(&network.road(segment).attributes.class.as_str());
        let mut streets = Streets {
            network,
            driven: (0..count).map(is_driven).collect(),
            segments: (0..count).filter(|s| is_driven(*s)).collect(),
        };
        let arriving = streets.arriving();
        let mut best: Vec<bool> = Vec::new();
        let mut best_count = 0;
        // A start in a cut-off yard finds little; of fifty one is in the main part.
        let step = (streets.segments.len() / 50).max(1);
        for &segment in streets.segments.iter().step_by(step) {
            let start = network.segments()[segment as usize].from_node;
            let ahead = streets.reached(start, |node| streets.heads(node));
            let behind = streets.reached(start, |node| arriving[node as usize].clone());
            let both: Vec<bool> = ahead.iter().zip(&behind).map(|(a, b)| *a && *b).collect();
            let count = both.iter().filter(|b| **b).count();
            if count > best_count {
                (best, best_count) = (both, count);
            }
        }
        let is_in = |segment: u32| {
            let s = &network.segments()[segment as usize];
            best[s.from_node as usize] && best[s.to_node as usize]
        };
        streets.segments.retain(|s| is_in(*s));
        streets.driven = vec![false; count as usize];
        for segment in &streets.segments {
            streets.driven[*segment as usize] = true;
        }
        streets
    }

    /// For each node, the nodes from which one gets to it over one segment.
    fn arriving(&self) -> Vec<Vec<u32>> {
        let mut arriving = vec![Vec::new(); self.network.node_count() as usize];
        for &segment in &self.segments {
            for directed in Direction::BOTH.map(|d| DirectedSegment::new(segment, d)) {
                if self.network.is_open(directed) {
                    arriving[self.network.head(directed) as usize].push(self.tail(directed));
                }
            }
        }
        arriving
    }

    fn heads(&self, node: u32) -> Vec<u32> {
        self.leaving(node).map(|d| self.network.head(d)).collect()
    }

    fn reached(&self, start: u32, next: impl Fn(u32) -> Vec<u32>) -> Vec<bool> {
        let mut reached = vec![false; self.network.node_count() as usize];
        reached[start as usize] = true;
        let mut open = vec![start];
        while let Some(node) = open.pop() {
            for head in next(node) {
                if !std::mem::replace(&mut reached[head as usize], true) {
                    open.push(head);
                }
            }
        }
        reached
    }

    /// Driven directed segments that may be entered at a node.
    pub fn leaving(&self, node: u32) -> impl Iterator<Item = DirectedSegment> {
        self.network
            .leaving(node)
            .iter()
            .copied()
            .filter(|d| self.driven[d.segment() as usize])
    }

    /// Where one can go on from the end of a directed segment: not back, but where there is no other way.
    pub fn onward(&self, from: DirectedSegment) -> Vec<DirectedSegment> {
        let mut onward: Vec<DirectedSegment> = self.leaving(self.network.head(from)).collect();
        if onward.iter().any(|d| *d != from.reverse()) {
            onward.retain(|d| *d != from.reverse());
        }
        onward
    }

    /// The node that a directed segment leaves.
    pub fn tail(&self, directed: DirectedSegment) -> u32 {
        self.network.head(directed.reverse())
    }

    /// The length of a segment in metres.
    pub fn length_m(&self, directed: DirectedSegment) -> f64 {
        self.network.segments()[directed.segment() as usize].length_m
    }

    /// Both directions of a segment that traffic may take.
    pub fn open_directions(&self, segment: u32) -> impl Iterator<Item = DirectedSegment> {
        Direction::BOTH
            .map(|d| DirectedSegment::new(segment, d))
            .into_iter()
            .filter(|d| self.network.is_open(*d))
    }

    /// Whether one may turn round on it.
    pub fn is_two_way(&self, segment: u32) -> bool {
        self.open_directions(segment).count() == 2
    }

    /// Degrees that one turns between the end of one and the start of the other: 0 straight on, 180 back.
    pub fn turn_deg(&self, from: DirectedSegment, to: DirectedSegment) -> f64 {
        if to == from.reverse() {
            return 180.0;
        }
        let difference_deg = self.bearing_deg(to) - (self.bearing_deg(from.reverse()) + 180.0);
        ((difference_deg + 540.0).rem_euclid(360.0) - 180.0).abs()
    }

    /// The direction in which a directed segment leaves its node.
    fn bearing_deg(&self, directed: DirectedSegment) -> f64 {
        let line = self.network.line(directed.segment());
        let (a, b) = match directed.direction() {
            Direction::Forward => (line[0], line[1]),
            Direction::Backward => (line[line.len() - 1], line[line.len() - 2]),
        };
        let plane = domain::geometry::LocalPlane::at(a);
        let [east, north] = plane.project(b);
        east.atan2(north).to_degrees()
    }
}

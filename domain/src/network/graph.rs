//! The network's graph in compressed sparse rows: which directed segments leave each node.

use super::{Road, Segment};
use crate::network::Oneway;
use crate::work::Direction;

/// A segment taken in one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DirectedSegment(u32);

impl DirectedSegment {
    /// The segment with this index, taken in this direction.
    pub fn new(segment: u32, direction: Direction) -> Self {
        DirectedSegment(segment << 1 | direction as u32)
    }

    /// The segment's index.
    pub fn segment(self) -> u32 {
        self.0 >> 1
    }

    /// The direction.
    pub fn direction(self) -> Direction {
        if self.0 & 1 == 0 {
            Direction::Forward
        } else {
            Direction::Backward
        }
    }

    /// The same segment the other way.
    pub fn reverse(self) -> Self {
        DirectedSegment(self.0 ^ 1)
    }

    /// A dense number below twice the number of segments.
    pub fn number(self) -> u32 {
        self.0
    }
}

#[derive(Debug)]
pub(super) struct Graph {
    /// Where each node's row begins in `rows`; one longer than there are nodes.
    row_starts: Vec<u32>,
    /// Where in its row the directed segments begin that only lead away against the traffic.
    closed_starts: Vec<u32>,
    /// Directed segments that lead away from each node, those open to traffic first.
    rows: Vec<DirectedSegment>,
}

impl Graph {
    pub(super) fn new(segments: &[Segment], roads: &[Road], node_count: u32) -> Self {
        let n = node_count as usize;
        let open = |segment: &Segment, direction| is_open(&roads[segment.road as usize], direction);
        let mut counts = vec![0u32; n + 1];
        let mut open_counts = vec![0u32; n];
        for segment in segments {
            for direction in Direction::BOTH {
                let tail = tail(segment, direction) as usize;
                counts[tail + 1] += 1;
                open_counts[tail] += u32::from(open(segment, direction));
            }
        }
        for i in 1..counts.len() {
            counts[i] += counts[i - 1];
        }
        let row_starts = counts;
        let closed_starts: Vec<u32> = row_starts
            .iter()
            .zip(open_counts)
            .map(|(start, open)| start + open)
            .collect();
        let mut next_open = row_starts[..n].to_vec();
        let mut next_closed = closed_starts.clone();
        let total = row_starts.last().copied().unwrap_or(0) as usize;
        let mut rows = vec![DirectedSegment(0); total];
        for (i, segment) in segments.iter().enumerate() {
            for direction in Direction::BOTH {
                let tail = tail(segment, direction) as usize;
                let slot = if open(segment, direction) {
                    &mut next_open[tail]
                } else {
                    &mut next_closed[tail]
                };
                rows[*slot as usize] = DirectedSegment::new(i as u32, direction);
                *slot += 1;
            }
        }
        Graph {
            row_starts,
            closed_starts,
            rows,
        }
    }

    pub(super) fn node_count(&self) -> u32 {
        self.closed_starts.len() as u32
    }

    /// Segment ends that meet the node.
    pub(super) fn degree(&self, node: u32) -> usize {
        self.meeting(node).len()
    }

    pub(super) fn leaving(&self, node: u32) -> &[DirectedSegment] {
        let node = node as usize;
        &self.rows[self.row_starts[node] as usize..self.closed_starts[node] as usize]
    }

    /// All that lead away from a node, against the traffic too.
    pub(super) fn meeting(&self, node: u32) -> &[DirectedSegment] {
        let node = node as usize;
        &self.rows[self.row_starts[node] as usize..self.row_starts[node + 1] as usize]
    }
}

fn tail(segment: &Segment, direction: Direction) -> u32 {
    match direction {
        Direction::Forward => segment.from_node,
        Direction::Backward => segment.to_node,
    }
}

pub(super) fn is_open(road: &Road, direction: Direction) -> bool {
    match (road.attributes.oneway, direction) {
        (Oneway::No, _) => true,
        (Oneway::Forward, direction) => direction == Direction::Forward,
        (Oneway::Backward, direction) => direction == Direction::Backward,
    }
}

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
    /// Where each node's row begins in `leaving`; one longer than there are nodes.
    row_starts: Vec<u32>,
    leaving: Vec<DirectedSegment>,
    /// Segment ends that meet each node, open or not.
    degrees: Vec<u8>,
}

impl Graph {
    pub(super) fn new(segments: &[Segment], roads: &[Road], node_count: u32) -> Self {
        let n = node_count as usize;
        let mut degrees = vec![0u8; n];
        let mut counts = vec![0u32; n + 1];
        let open = |segment: &Segment, direction| is_open(&roads[segment.road as usize], direction);
        for segment in segments {
            for node in [segment.from_node, segment.to_node] {
                let degree = &mut degrees[node as usize];
                *degree = degree.saturating_add(1);
            }
            for direction in Direction::BOTH {
                if open(segment, direction) {
                    counts[tail(segment, direction) as usize + 1] += 1;
                }
            }
        }
        for i in 1..counts.len() {
            counts[i] += counts[i - 1];
        }
        let row_starts = counts.clone();
        let total = row_starts.last().copied().unwrap_or(0) as usize;
        let mut next = counts;
        let mut leaving = vec![DirectedSegment(0); total];
        for (i, segment) in segments.iter().enumerate() {
            for direction in Direction::BOTH {
                if open(segment, direction) {
                    let slot = &mut next[tail(segment, direction) as usize];
                    leaving[*slot as usize] = DirectedSegment::new(i as u32, direction);
                    *slot += 1;
                }
            }
        }
        Graph {
            row_starts,
            leaving,
            degrees,
        }
    }

    pub(super) fn node_count(&self) -> u32 {
        self.degrees.len() as u32
    }

    pub(super) fn degree(&self, node: u32) -> u8 {
        self.degrees[node as usize]
    }

    pub(super) fn leaving(&self, node: u32) -> &[DirectedSegment] {
        let node = node as usize;
        &self.leaving[self.row_starts[node] as usize..self.row_starts[node + 1] as usize]
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

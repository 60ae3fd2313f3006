//! The plows' own road map: streets of the area where the night is played, and their graph.

use super::area;
use super::fleet::Fleet;
use domain::coverage::NarrowRoads;
use domain::geometry::{LocalPlane, LonLat};
use domain::network::{DirectedSegment, RoadNetwork, SegmentId};
use domain::work::Direction;
use std::collections::HashMap;

/// A place in metres from the middle of the area.
pub(super) type Xy = [f64; 2];
/// A street taken in one direction: twice the street's number, plus one when against its line.
pub(super) type EdgeNumber = u32;

/// A segment as plows know it.
#[derive(Debug)]
pub(super) struct Street {
    pub segment: u32,
    pub segment_id: SegmentId,
    pub road: u32,
    pub length_m: f64,
    pub line: Vec<Xy>,
    /// Metres from the start at each vertex.
    pub measures_m: Vec<f64>,
    pub ends: [u32; 2],
    pub fleet: Fleet,
    /// Whether plows clear it at all, or only drive over it.
    pub is_cleared: bool,
    /// One pass clears both directions.
    pub is_narrow: bool,
    /// How freely one drives here: 0 between houses … 2 on through roads.
    pub pace: usize,
    open: [bool; 2],
}

impl Street {
    pub(super) fn is_two_way(&self) -> bool {
        self.open == [true, true]
    }

    pub(super) fn middle(&self) -> Xy {
        self.line[self.line.len() / 2]
    }

    /// Metres that a plow drives to clear it.
    pub(super) fn work_m(&self) -> f64 {
        if self.is_two_way() && !self.is_narrow {
            2.0 * self.length_m
        } else {
            self.length_m
        }
    }
}

/// Streets between which every plow can get from anywhere to anywhere.
#[derive(Debug)]
pub(super) struct RoadMap {
    pub plane: LocalPlane,
    pub streets: Vec<Street>,
    /// Edges that leave each node, closed ones too.
    around: Vec<Vec<EdgeNumber>>,
}

impl RoadMap {
    /// The map of the densest part of a network; empty where nothing is drivable.
    pub(super) fn new(network: &RoadNetwork) -> Self {
        let area = area::busiest(network);
        let plane = LocalPlane::at(area.middle);
        let mut numbers: HashMap<u32, u32> = HashMap::new();
        let narrow = NarrowRoads::default();
        let mut streets: Vec<Street> = Vec::with_capacity(area.segments.len());
        for &index in &area.segments {
            let segment = &network.segments()[index as usize];
            let attributes = &network.road(index).attributes;
            let ends = [segment.from_node, segment.to_node].map(|node| {
                let next = numbers.len() as u32;
                *numbers.entry(node).or_insert(next)
            });
            let open = Direction::BOTH.map(|d| network.is_open(DirectedSegment::new(index, d)));
            let line: Vec<Xy> = network
                .line(index)
                .iter()
                .map(|p| plane.project(*p))
                .collect();
            let measures_m = network.measures_m(index);
            streets.push(Street {
                segment: index,
                segment_id: segment.id,
                road: segment.road,
                length_m: segment.length_m,
                line,
                measures_m: measures_m.iter().map(|m| f64::from(*m)).collect(),
                ends,
                fleet: area::fleet_of(attributes),
                is_cleared: area::is_cleared(attributes),
                is_narrow: narrow.hold(attributes),
                pace: area::pace(attributes),
                open,
            });
        }
        let mut map = RoadMap {
            plane,
            streets,
            around: Vec::new(),
        };
        map.index_nodes(numbers.len());
        map.keep_mutually_reachable();
        map
    }

    fn index_nodes(&mut self, node_count: usize) {
        self.around = vec![Vec::new(); node_count];
        for (i, street) in self.streets.iter().enumerate() {
            for direction in 0..2 {
                let node = street.ends[direction] as usize;
                self.around[node].push(2 * i as u32 + direction as u32);
            }
        }
    }

    /// Leaves out streets from which, or to which, there is no way. The middle's part counts.
    fn keep_mutually_reachable(&mut self) {
        // Streets come nearest to the middle first; one of them may be a cut-off yard.
        let starts: Vec<u32> = self.streets.iter().take(50).map(|s| s.ends[0]).collect();
        let mut best: Vec<bool> = Vec::new();
        let mut best_size = 0;
        for start in starts {
            let (ahead, behind) = (self.reached(start, false), self.reached(start, true));
            let both: Vec<bool> = ahead.iter().zip(&behind).map(|(a, b)| *a && *b).collect();
            let size = both.iter().filter(|b| **b).count();
            if size > best_size {
                (best, best_size) = (both, size);
            }
            if 2 * best_size > self.around.len() {
                break;
            }
        }
        self.streets
            .retain(|s| s.ends.iter().all(|node| best[*node as usize]));
        self.index_nodes(self.around.len());
    }

    fn reached(&self, start: u32, backwards: bool) -> Vec<bool> {
        let mut reached = vec![false; self.around.len()];
        reached[start as usize] = true;
        let mut next = vec![start];
        while let Some(node) = next.pop() {
            for &edge in &self.around[node as usize] {
                let taken = if backwards { edge ^ 1 } else { edge };
                let head = self.head(edge) as usize;
                if self.is_open(taken) && !reached[head] {
                    reached[head] = true;
                    next.push(head as u32);
                }
            }
        }
        reached
    }

    pub(super) fn node_count(&self) -> usize {
        self.around.len()
    }

    pub(super) fn street(&self, edge: EdgeNumber) -> &Street {
        &self.streets[(edge / 2) as usize]
    }

    pub(super) fn is_open(&self, edge: EdgeNumber) -> bool {
        self.street(edge).open[(edge & 1) as usize]
    }

    pub(super) fn direction(&self, edge: EdgeNumber) -> Direction {
        Direction::BOTH[(edge & 1) as usize]
    }

    /// The node that an edge leads to.
    pub(super) fn head(&self, edge: EdgeNumber) -> u32 {
        self.street(edge).ends[(1 - (edge & 1)) as usize]
    }

    /// The node that an edge leaves.
    pub(super) fn tail(&self, edge: EdgeNumber) -> u32 {
        self.street(edge).ends[(edge & 1) as usize]
    }

    /// Streets that meet a node.
    pub(super) fn streets_at(&self, node: u32) -> impl Iterator<Item = u32> {
        self.around[node as usize].iter().map(|edge| edge / 2)
    }

    /// Edges that may be taken from a node.
    pub(super) fn leaving(&self, node: u32) -> impl Iterator<Item = EdgeNumber> {
        self.around[node as usize]
            .iter()
            .copied()
            .filter(|edge| self.is_open(*edge))
    }

    /// Degrees that one turns, 0 straight on … 180 back, when taking one edge after another.
    pub(super) fn turn_deg(&self, from: EdgeNumber, to: EdgeNumber) -> f64 {
        let bearing = |a: Xy, b: Xy| (b[1] - a[1]).atan2(b[0] - a[0]).to_degrees();
        let leaves = |edge: EdgeNumber| {
            let line = &self.street(edge).line;
            let n = line.len();
            if edge & 1 == 0 {
                bearing(line[0], line[1])
            } else {
                bearing(line[n - 1], line[n - 2])
            }
        };
        let arrival = leaves(from ^ 1) + 180.0;
        ((leaves(to) - arrival + 540.0).rem_euclid(360.0) - 180.0).abs()
    }

    /// The position of a place of the map.
    pub(super) fn lon_lat(&self, at: Xy) -> LonLat {
        self.plane.unproject(at)
    }

    /// Places along an edge between two measures in the direction of travel: its vertices, and more
    /// where they are more than `step_m` apart.
    pub(super) fn places_along(
        &self,
        edge: EdgeNumber,
        [from_m, to_m]: [f64; 2],
        step_m: f64,
    ) -> Vec<Xy> {
        let street = self.street(edge);
        let length_m = street.length_m;
        let along = |m: f64| if edge & 1 == 0 { m } else { length_m - m };
        let place = |m: f64| {
            let m = along(m);
            let after = street
                .measures_m
                .partition_point(|v| *v <= m)
                .clamp(1, street.line.len() - 1);
            let (a, b) = (street.measures_m[after - 1], street.measures_m[after]);
            let share = if b > a {
                ((m - a) / (b - a)).clamp(0.0, 1.0)
            } else {
                0.0
            };
            [0, 1].map(|k| {
                street.line[after - 1][k]
                    + share * (street.line[after][k] - street.line[after - 1][k])
            })
        };
        let mut stops: Vec<f64> = vec![from_m];
        let mut vertices: Vec<f64> = street.measures_m.iter().map(|m| along(*m)).collect();
        vertices.sort_by(f64::total_cmp);
        let inner = vertices
            .into_iter()
            .filter(|m| *m > from_m + 0.5 && *m < to_m - 0.5);
        for m in inner.chain([to_m]) {
            let before = stops[stops.len() - 1];
            // Two pieces at least, so that even between two stops there is some speed.
            let steps = ((m - before) / step_m).ceil().max(2.0) as usize;
            stops.extend((1..=steps).map(|k| before + (m - before) * k as f64 / steps as f64));
        }
        stops.into_iter().map(place).collect()
    }
}

//! Shortest ways between states, on the directed segments.

use super::MatchParams;
use super::states::State;
use crate::geometry::{LocalPlane, LonLat};
use crate::network::{DirectedSegment, RoadNetwork};
use crate::work::Direction;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The way from one state to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reach {
    /// Metres driven.
    pub route_m: f64,
    /// Cost of turns (−log likelihood).
    pub turns: f64,
}

#[derive(Clone, Copy)]
struct Label {
    /// Metres and turns at the start of the directed segment, and their weighted sum.
    route_m: f64,
    turns: f64,
    cost: f64,
    before: Option<DirectedSegment>,
    settled: bool,
}

const UNREACHED: Label = Label {
    route_m: f64::INFINITY,
    turns: 0.0,
    cost: f64::INFINITY,
    before: None,
    settled: false,
};

#[derive(PartialEq)]
struct Entry(f64, DirectedSegment);

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0).then(self.1.cmp(&other.1))
    }
}

/// A bounded Dijkstra over directed segments, with flat arrays that are used again.
pub(super) struct RouteSearch<'a> {
    network: &'a RoadNetwork,
    labels: Vec<Label>,
    touched: Vec<DirectedSegment>,
    queue: BinaryHeap<Reverse<Entry>>,
}

/// Bounds and weights of one search.
#[derive(Debug, Clone, Copy)]
pub(super) struct Search {
    pub beta_m: f64,
    pub cap_m: f64,
    /// How far a standing receiver's position may slip back.
    pub jitter_m: f64,
}

impl<'a> RouteSearch<'a> {
    pub(super) fn new(network: &'a RoadNetwork) -> Self {
        RouteSearch {
            network,
            labels: vec![UNREACHED; network.segments().len() * 2],
            touched: Vec::new(),
            queue: BinaryHeap::new(),
        }
    }

    pub(super) fn network(&self) -> &'a RoadNetwork {
        self.network
    }

    /// The cheapest way from `source` to each target; `None` where the cap does not reach.
    pub(super) fn reach(
        &mut self,
        source: &State,
        targets: &[State],
        search: Search,
        params: &MatchParams,
        found: &mut Vec<Option<Reach>>,
    ) {
        found.clear();
        found.extend(targets.iter().map(|target| {
            self.on_the_same_segment(source, target, search, params)
                .filter(|reach| reach.route_m <= search.cap_m)
        }));
        let mut open: Vec<DirectedSegment> = targets.iter().map(|t| t.directed).collect();
        open.sort_unstable();
        open.dedup();
        self.run(source, search, params, &mut open);
        for (target, slot) in targets.iter().zip(found.iter_mut()) {
            let label = &self.labels[target.directed.number() as usize];
            if !label.settled {
                continue;
            }
            let way = Reach {
                route_m: label.route_m + target.along_m,
                turns: label.turns,
            };
            let better = slot.is_none_or(|direct| {
                way.route_m + way.turns * search.beta_m
                    < direct.route_m + direct.turns * search.beta_m
            });
            if way.route_m <= search.cap_m && better {
                *slot = Some(way);
            }
        }
        self.reset();
    }

    /// The directed segments between the two states' own, and the way's length; `None` when the
    /// way stays on the source's segment.
    pub(super) fn between(
        &mut self,
        source: &State,
        target: &State,
        search: Search,
        params: &MatchParams,
    ) -> Option<Vec<DirectedSegment>> {
        let direct = self.on_the_same_segment(source, target, search, params);
        self.run(source, search, params, &mut vec![target.directed]);
        let label = self.labels[target.directed.number() as usize];
        let around = label.cost + target.along_m;
        let stays = direct.is_some_and(|d| d.route_m + d.turns * search.beta_m <= around);
        let way = (!stays && label.settled).then(|| {
            let mut way = Vec::new();
            let mut at = label.before;
            while let Some(directed) = at {
                way.push(directed);
                at = self.labels[directed.number() as usize].before;
            }
            way.reverse();
            way
        });
        self.reset();
        way
    }

    fn on_the_same_segment(
        &self,
        source: &State,
        target: &State,
        search: Search,
        params: &MatchParams,
    ) -> Option<Reach> {
        let ahead_m = target.along_m - source.along_m;
        if target.directed == source.directed {
            if ahead_m >= 0.0 {
                return Some(Reach {
                    route_m: ahead_m,
                    turns: 0.0,
                });
            }
            // Slipping back a little is a receiver at rest, not a plow in reverse.
            return (-ahead_m <= search.jitter_m).then(|| Reach {
                route_m: 0.0,
                turns: -ahead_m / search.beta_m,
            });
        }
        if target.directed == source.directed.reverse() {
            let length_m = self.length_m(source.directed);
            let target_from_source_end_m = length_m - target.along_m;
            return Some(Reach {
                route_m: (target_from_source_end_m - source.along_m).abs(),
                turns: params.u_turn_mid_block,
            });
        }
        None
    }

    fn run(
        &mut self,
        source: &State,
        search: Search,
        params: &MatchParams,
        open: &mut Vec<DirectedSegment>,
    ) {
        let length_m = self.length_m(source.directed);
        self.expand(
            source.directed,
            length_m - source.along_m,
            0.0,
            None,
            search,
            params,
        );
        let back = source.directed.reverse();
        if self.network.is_open(back) {
            self.expand(
                back,
                source.along_m,
                params.u_turn_mid_block,
                None,
                search,
                params,
            );
        }
        while let Some(Reverse(Entry(cost, directed))) = self.queue.pop() {
            let label = &mut self.labels[directed.number() as usize];
            if label.settled || cost > label.cost {
                continue;
            }
            label.settled = true;
            let (route_m, turns) = (label.route_m, label.turns);
            if let Ok(i) = open.binary_search(&directed) {
                open.remove(i);
                if open.is_empty() {
                    break;
                }
            }
            let at_end_m = route_m + self.length_m(directed);
            self.expand(directed, at_end_m, turns, Some(directed), search, params);
        }
        self.queue.clear();
    }

    /// Leaves `directed` at its end, having driven `route_m`.
    fn expand(
        &mut self,
        directed: DirectedSegment,
        route_m: f64,
        turns: f64,
        before: Option<DirectedSegment>,
        search: Search,
        params: &MatchParams,
    ) {
        if route_m > search.cap_m {
            return;
        }
        let node = self.network.head(directed);
        let dead_end = self.network.is_dead_end(node);
        for next in self.network.leaving(node) {
            let turn = if *next == directed.reverse() {
                if dead_end {
                    params.u_turn_dead_end
                } else {
                    params.u_turn_junction
                }
            } else {
                params.turn * self.turn_share(directed, *next)
            };
            let turns = turns + turn;
            let cost = route_m + turns * search.beta_m;
            let label = &mut self.labels[next.number() as usize];
            if cost < label.cost {
                if label.cost.is_infinite() {
                    self.touched.push(*next);
                }
                *label = Label {
                    route_m,
                    turns,
                    cost,
                    before,
                    settled: false,
                };
                self.queue.push(Reverse(Entry(cost, *next)));
            }
        }
    }

    /// 0 straight on, 1 at a right angle, up to 2.
    fn turn_share(&self, from: DirectedSegment, to: DirectedSegment) -> f64 {
        let (a, b) = self.last_piece(from);
        let (c, d) = self.last_piece(to.reverse());
        let plane = LocalPlane::at(b);
        let (a, b, c, d) = (
            plane.project(a),
            plane.project(b),
            plane.project(d),
            plane.project(c),
        );
        let (u, v) = ([b[0] - a[0], b[1] - a[1]], [d[0] - c[0], d[1] - c[1]]);
        let norm = u[0].hypot(u[1]) * v[0].hypot(v[1]);
        if norm > 0.0 {
            1.0 - (u[0] * v[0] + u[1] * v[1]) / norm
        } else {
            0.0
        }
    }

    /// The straight piece by which a directed segment reaches its head.
    fn last_piece(&self, directed: DirectedSegment) -> (LonLat, LonLat) {
        let line = self.network.line(directed.segment());
        match directed.direction() {
            Direction::Forward => (line[line.len() - 2], line[line.len() - 1]),
            Direction::Backward => (line[1], line[0]),
        }
    }

    fn length_m(&self, directed: DirectedSegment) -> f64 {
        self.network.segments()[directed.segment() as usize].length_m
    }

    fn reset(&mut self) {
        for directed in self.touched.drain(..) {
            self.labels[directed.number() as usize] = UNREACHED;
        }
    }
}

//! Cheapest ways from a state, on the directed segments.

use super::MatchParams;
use super::labels::{Label, Labels, NOWHERE};
use super::states::State;
use crate::geometry::LonLat;
use crate::network::{DirectedSegment, RoadNetwork};
use crate::work::Direction;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Metres and turns of a way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reach {
    /// Metres driven.
    pub route_m: f64,
    /// Cost of turns (−log likelihood).
    pub turns: f64,
}

/// Bounds and weights of one search.
#[derive(Debug, Clone, Copy)]
pub(super) struct Search {
    pub seconds: f64,
    pub beta_m: f64,
    pub cap_m: f64,
    pub sigma_m: f64,
    /// Length of a degree east as a share of one north.
    pub east_share: f64,
}

/// A directed segment whose cheapest way from the source is known.
pub(super) struct Settled<'s> {
    pub directed: DirectedSegment,
    /// To where it begins.
    pub reach: Reach,
    /// The plow turned round on the source's segment first.
    pub turned_back: bool,
    labels: &'s Labels,
    before: u32,
}

impl Settled<'_> {
    /// Appends the directed segments between the source's own (or its reverse) and this one.
    pub(super) fn way_into(&self, ways: &mut Vec<DirectedSegment>) {
        let first = ways.len();
        let mut at = self.before;
        while at != NOWHERE {
            let label = self.labels.at(at);
            ways.push(label.directed);
            at = label.before;
        }
        ways[first..].reverse();
    }
}

#[derive(PartialEq)]
struct Entry {
    cost_m: f64,
    directed: DirectedSegment,
    slot: u32,
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.cost_m
            .total_cmp(&other.cost_m)
            .then(self.directed.cmp(&other.directed))
    }
}

/// A bounded Dijkstra over directed segments. Its memory is that of one search, whatever the size
/// of the network, and is used again.
pub(super) struct RouteSearch<'a> {
    network: &'a RoadNetwork,
    labels: Labels,
    queue: BinaryHeap<Reverse<Entry>>,
}

impl<'a> RouteSearch<'a> {
    pub(super) fn new(network: &'a RoadNetwork) -> Self {
        RouteSearch {
            network,
            labels: Labels::default(),
            queue: BinaryHeap::new(),
        }
    }

    pub(super) fn length_m(&self, directed: DirectedSegment) -> f64 {
        self.network.segments()[directed.segment() as usize].length_m
    }

    /// The way that never leaves the source's segment, and whether it went to the tip of a dead end.
    pub(super) fn on_the_same_segment(
        &self,
        source: &State,
        target: &State,
        search: &Search,
        params: &MatchParams,
    ) -> Option<(Reach, bool)> {
        if target.directed == source.directed {
            let ahead_m = target.along_m - source.along_m;
            if ahead_m >= 0.0 {
                let reach = Reach {
                    route_m: ahead_m,
                    turns: 0.0,
                };
                return Some((reach, false));
            }
            // Slipping back a little is a receiver at rest, not a plow in reverse. Each metre costs
            // the same, so that jitter costs the same in both directions, however and whenever it
            // comes, and standing long is no reason to turn round.
            let slip_m = -ahead_m;
            let reach = Reach {
                route_m: slip_m,
                turns: params.slip * slip_m / search.sigma_m,
            };
            let most_m = params.slip_m.max(params.slip_sigmas * search.sigma_m);
            let is_jitter = slip_m <= most_m;
            return is_jitter.then_some((reach, false));
        }
        if target.directed == source.directed.reverse() {
            let tip_m = source.left_m.min(target.along_m);
            let to_tip = self.network.is_dead_end(self.network.head(source.directed))
                && tip_m <= params.tip_m
                && source.left_m + target.along_m
                    <= params.tip_speed_m_per_s * search.seconds + 2.0 * search.sigma_m;
            // How far it went beyond both places, the crow's distance does not tell.
            let reach = Reach {
                route_m: (target.left_m - source.along_m).abs(),
                turns: if to_tip {
                    params.u_turn_dead_end
                } else {
                    params.u_turn_mid_block
                },
            };
            return Some((reach, to_tip));
        }
        None
    }

    /// Settles directed segments in the order of their cost in metres (turns count β each), until
    /// that exceeds what `visit` last returned.
    pub(super) fn explore(
        &mut self,
        source: &State,
        search: &Search,
        params: &MatchParams,
        mut limit_m: f64,
        mut visit: impl FnMut(&Settled<'_>) -> f64,
    ) {
        self.labels.clear();
        self.queue.clear();
        let to_end = Reach {
            route_m: self.length_m(source.directed) - source.along_m,
            turns: 0.0,
        };
        self.expand(source.directed, to_end, NOWHERE, false, search, params);
        let back = source.directed.reverse();
        if self.network.is_open(back) {
            let to_start = Reach {
                route_m: source.along_m,
                turns: params.u_turn_mid_block,
            };
            self.expand(back, to_start, NOWHERE, true, search, params);
        }
        while let Some(Reverse(entry)) = self.queue.pop() {
            if entry.cost_m > limit_m {
                break;
            }
            let label = self.labels.at_mut(entry.slot);
            if label.settled {
                continue;
            }
            label.settled = true;
            let label = *label;
            limit_m = visit(&Settled {
                directed: label.directed,
                reach: label.reach,
                turned_back: label.turned_back,
                labels: &self.labels,
                before: label.before,
            });
            let at_end = Reach {
                route_m: label.reach.route_m + self.length_m(label.directed),
                turns: label.reach.turns,
            };
            self.expand(
                label.directed,
                at_end,
                entry.slot,
                label.turned_back,
                search,
                params,
            );
        }
    }

    /// Leaves `directed` at its end, which was reached by `reach`.
    fn expand(
        &mut self,
        directed: DirectedSegment,
        reach: Reach,
        before: u32,
        turned_back: bool,
        search: &Search,
        params: &MatchParams,
    ) {
        if reach.route_m > search.cap_m {
            return;
        }
        let network = self.network;
        let node = network.head(directed);
        let mut arriving = None;
        for next in network.leaving(node) {
            let slot = self.labels.slot(*next);
            let straight_m = reach.route_m + reach.turns * search.beta_m;
            if straight_m >= self.labels.at(slot).cost_m {
                continue;
            }
            let turn = if *next == directed.reverse() {
                if network.is_dead_end(node) {
                    params.u_turn_dead_end
                } else {
                    params.u_turn_junction
                }
            } else {
                let arriving = arriving.get_or_insert_with(|| {
                    direction_of(last_piece(network, directed), search.east_share)
                });
                let (b, a) = last_piece(network, next.reverse());
                params.turn * turn_share(*arriving, direction_of((a, b), search.east_share))
            };
            let turns = reach.turns + turn;
            let cost_m = reach.route_m + turns * search.beta_m;
            let label = self.labels.at_mut(slot);
            if cost_m < label.cost_m {
                *label = Label {
                    directed: *next,
                    reach: Reach {
                        route_m: reach.route_m,
                        turns,
                    },
                    cost_m,
                    before,
                    turned_back,
                    settled: false,
                };
                self.queue.push(Reverse(Entry {
                    cost_m,
                    directed: *next,
                    slot,
                }));
            }
        }
    }
}

/// The straight piece by which a directed segment reaches its head.
fn last_piece(network: &RoadNetwork, directed: DirectedSegment) -> (LonLat, LonLat) {
    let line = network.line(directed.segment());
    match directed.direction() {
        Direction::Forward => (line[line.len() - 2], line[line.len() - 1]),
        Direction::Backward => (line[1], line[0]),
    }
}

/// Unit vector from the first to the second; zero where they are one.
fn direction_of((a, b): (LonLat, LonLat), east_share: f64) -> [f64; 2] {
    let (x, y) = ((b.lon - a.lon) * east_share, b.lat - a.lat);
    let norm = (x * x + y * y).sqrt();
    if norm > 0.0 {
        [x / norm, y / norm]
    } else {
        [0.0, 0.0]
    }
}

/// 0 straight on, 1 at a right angle, up to 2.
fn turn_share(u: [f64; 2], v: [f64; 2]) -> f64 {
    if u == [0.0, 0.0] || v == [0.0, 0.0] {
        return 0.0;
    }
    1.0 - (u[0] * v[0] + u[1] * v[1])
}

//! Cheapest ways from a state, on the directed segments.

use super::MatchParams;
use super::labels::{Label, Labels, NOWHERE};
use super::states::State;
use crate::geometry::LocalPlane;
use crate::network::{DirectedSegment, RoadNetwork};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Metres and turns of a way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reach {
    /// Metres driven.
    pub route_m: f64,
    /// Metres driven, those of slow roads counting more.
    pub paced_m: f64,
    /// Cost of turns (−log likelihood).
    pub turns: f64,
}

impl Reach {
    /// A way on one road, whose pace makes no difference.
    fn straight(route_m: f64, turns: f64) -> Self {
        Reach {
            route_m,
            paced_m: route_m,
            turns,
        }
    }

    /// So many metres further.
    pub(super) fn further(self, metres: f64, toll: Toll) -> Self {
        Reach {
            route_m: self.route_m + metres,
            paced_m: self.paced_m + metres * toll.pace,
            turns: self.turns + metres * toll.per_m,
        }
    }

    fn cost_m(&self, search: &Search) -> f64 {
        self.paced_m + self.turns * search.beta_m
    }
}

/// What a metre of a directed segment costs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Toll {
    /// How much more than its length it counts.
    pace: f64,
    /// Cost (−log likelihood) besides.
    per_m: f64,
}

/// Bounds and weights of one search.
#[derive(Debug, Clone, Copy)]
pub(super) struct Search {
    pub seconds: f64,
    /// How fast it may have gone to the tip of a dead end and back.
    pub tip_speed_m_per_s: f64,
    pub beta_m: f64,
    pub cap_m: f64,
    pub sigma_m: f64,
    /// A plane around the later fix, and the radius within which its states lie.
    pub goal: LocalPlane,
    pub goal_radius_m: f64,
    /// The vehicle fell silent.
    pub is_silence: bool,
    /// A directed segment that no way may take.
    pub avoided: Option<DirectedSegment>,
}

/// A directed segment whose cheapest way from the source is known.
pub(super) struct Settled<'s> {
    pub directed: DirectedSegment,
    /// To where it begins.
    pub reach: Reach,
    pub toll: Toll,
    /// The plow turned round on the source's segment first.
    pub turned_back: bool,
    /// It leads against the traffic.
    pub against: bool,
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

/// A directed segment at its end.
struct Leaving {
    directed: DirectedSegment,
    against: bool,
    /// To its end.
    reach: Reach,
    turned_back: bool,
}

/// Cost of turning against the traffic.
pub(super) fn entry(from_against: bool, to_against: bool, params: &MatchParams) -> f64 {
    if to_against && !from_against {
        params.against_traffic
    } else {
        0.0
    }
}

/// A bounded Dijkstra over directed segments. Its memory is that of one search, whatever the size
/// of the network, and is used again.
pub(super) struct RouteSearch<'a> {
    network: &'a RoadNetwork,
    labels: Labels,
    queue: BinaryHeap<Reverse<Entry>>,
    /// By difference of courses: 0 straight on, 1 at a right angle, up to 2.
    turn_shares: [f64; 256],
}

impl<'a> RouteSearch<'a> {
    pub(super) fn new(network: &'a RoadNetwork) -> Self {
        RouteSearch {
            network,
            labels: Labels::default(),
            queue: BinaryHeap::new(),
            turn_shares: std::array::from_fn(|i| {
                1.0 - (i as f64 / 256.0 * std::f64::consts::TAU).cos()
            }),
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
                let against = if source.against {
                    params.against_traffic_per_m * ahead_m
                } else {
                    0.0
                };
                return Some((Reach::straight(ahead_m, against), false));
            }
            // Slipping back a little is a receiver at rest, not a plow in reverse. Each metre costs
            // the same, so that jitter costs the same in both directions, however and whenever it
            // comes, and standing long is no reason to turn round.
            let slip_m = -ahead_m;
            let reach = Reach::straight(slip_m, params.slip * slip_m / search.sigma_m);
            let most_m = params.slip_m.max(params.slip_sigmas * search.sigma_m);
            let is_jitter = slip_m <= most_m;
            return is_jitter.then_some((reach, false));
        }
        if target.directed == source.directed.reverse() {
            let tip_m = source.left_m.min(target.along_m);
            let to_tip = self.network.is_dead_end(self.network.head(source.directed))
                && tip_m <= params.tip_m
                && source.left_m + target.along_m
                    <= search.tip_speed_m_per_s * search.seconds + 2.0 * search.sigma_m;
            // How far it went beyond both places, the crow's distance does not tell.
            let turn = if to_tip {
                params.u_turn_dead_end
            } else {
                params.u_turn_mid_block
            };
            let turn = turn + entry(source.against, target.against, params);
            let reach = Reach::straight((target.left_m - source.along_m).abs(), turn);
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
        let start = Reach::straight(0.0, 0.0);
        let bounds = (search, params);
        let toll = self.toll(source.directed, source.against, bounds);
        let ahead = Leaving {
            directed: source.directed,
            against: source.against,
            reach: start.further(source.left_m, toll),
            turned_back: false,
        };
        self.expand(ahead, NOWHERE, bounds, limit_m);
        let directed = source.directed.reverse();
        let against = !self.network.is_open(directed);
        let turn = params.u_turn_mid_block + entry(source.against, against, params);
        let toll = self.toll(directed, against, bounds);
        let back = Leaving {
            directed,
            against,
            reach: Reach::straight(0.0, turn).further(source.along_m, toll),
            turned_back: true,
        };
        self.expand(back, NOWHERE, bounds, limit_m);
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
            let (directed, against) = (label.directed, label.against);
            let (length_m, toll) = (
                self.length_m(directed),
                self.toll(directed, against, bounds),
            );
            limit_m = visit(&Settled {
                directed,
                reach: label.reach,
                toll,
                turned_back: label.turned_back,
                against,
                labels: &self.labels,
                before: label.before,
            });
            let at_end = Leaving {
                directed,
                against,
                reach: label.reach.further(length_m, toll),
                turned_back: label.turned_back,
            };
            self.expand(at_end, entry.slot, bounds, limit_m);
        }
    }

    /// A slow road counts more than its length, and so does going against the traffic.
    fn toll(
        &self,
        directed: DirectedSegment,
        against: bool,
        (search, params): (&Search, &MatchParams),
    ) -> Toll {
        let segment = directed.segment();
        let usual_kmh = f64::from(self.network.usual_kmh(segment));
        let slow = 1.0 + params.slow_road * (params.fast_road_kmh / usual_kmh - 1.0).max(0.0);
        let hidden = search.is_silence && self.network.road(segment).attributes.tunnel;
        Toll {
            pace: if hidden {
                params.tunnel_in_silence
            } else {
                slow
            },
            per_m: if against {
                params.against_traffic_per_m
            } else {
                0.0
            },
        }
    }

    /// Goes on from the end of a directed segment, unless the goal is out of reach from there.
    fn expand(
        &mut self,
        leaving: Leaving,
        before: u32,
        (search, params): (&Search, &MatchParams),
        limit_m: f64,
    ) {
        let Leaving {
            directed,
            against: from_against,
            reach,
            turned_back,
        } = leaving;
        let network = self.network;
        let [x, y] = search.goal.project(network.end_of(directed));
        let to_go_m = ((x * x + y * y).sqrt() - search.goal_radius_m).max(0.0);
        if reach.route_m + to_go_m > search.cap_m || reach.cost_m(search) + to_go_m > limit_m {
            return;
        }
        let node = network.head(directed);
        let arriving = network.course_at_end(directed);
        let straight_m = reach.cost_m(search);
        let open = network.leaving(node).len();
        for (i, next) in network.meeting(node).iter().enumerate() {
            let against = i >= open;
            if search.avoided == Some(*next) {
                continue;
            }
            let slot = self.labels.slot(*next);
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
                let difference = network.course_at_start(*next).wrapping_sub(arriving);
                params.turn * self.turn_shares[usize::from(difference)]
            };
            let reach = Reach {
                turns: reach.turns + turn + entry(from_against, against, params),
                ..reach
            };
            let cost_m = reach.cost_m(search);
            let label = self.labels.at_mut(slot);
            if cost_m < label.cost_m {
                *label = Label {
                    directed: *next,
                    reach,
                    cost_m,
                    before,
                    turned_back,
                    against,
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

//! The quickest way by A* over directed segments (Hart, Nilsson & Raphael 1968).

use super::ends::End;
use super::{Journey, Travelled};
use crate::geometry::LonLat;
use crate::network::{DirectedSegment, RoadNetwork};
use crate::work::Direction;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// No road is usually quicker, km/h; what is left is never guessed too long.
const QUICKEST_KMH: f64 = 80.0;
/// How a stretch off the road counts, km/h: nobody takes a farther road to save some metres of it.
const OFF_ROAD_KMH: f64 = 5.0;
/// Segments after which a search gives up; all of Japan's roads within a leg's reach are fewer.
const MOST_SETTLED: usize = 3_000_000;

#[derive(Debug, Clone, Copy)]
struct Label {
    /// Seconds from the beginning to the segment's end.
    cost_s: f64,
    before: Option<DirectedSegment>,
    /// Where the way sets out, for its first segment.
    start: Option<f64>,
}

#[derive(Debug, Clone, Copy)]
struct Arrival {
    cost_s: f64,
    /// `None` where the way begins and ends on one segment.
    before: Option<DirectedSegment>,
    start_m: Option<f64>,
    end: End,
}

/// An entry of the queue: least seconds in all, and where to go on.
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

struct Search<'a> {
    network: &'a RoadNetwork,
    towards: LonLat,
    goals: HashMap<DirectedSegment, Vec<End>>,
    labels: HashMap<DirectedSegment, Label>,
    queue: BinaryHeap<Reverse<Entry>>,
    best: Option<Arrival>,
}

/// The way from one of the starts to one of the goals that usually takes the least time.
pub(super) fn quickest(
    network: &RoadNetwork,
    starts: &[End],
    goals: &[End],
    towards: LonLat,
    is_closed: &dyn Fn(DirectedSegment) -> bool,
) -> Option<Journey> {
    let mut by_segment: HashMap<DirectedSegment, Vec<End>> = HashMap::new();
    for goal in goals {
        by_segment.entry(goal.directed).or_default().push(*goal);
    }
    let mut search = Search {
        network,
        towards,
        goals: by_segment,
        labels: HashMap::new(),
        queue: BinaryHeap::new(),
        best: None,
    };
    for start in starts {
        search.set_out(start);
    }
    let mut settled = 0;
    while let Some(Reverse(Entry(least_s, directed))) = search.queue.pop() {
        if search.best.is_some_and(|best| best.cost_s <= least_s) || settled == MOST_SETTLED {
            break;
        }
        let label = search.labels[&directed];
        if least_s > label.cost_s + search.left_s(directed) {
            continue;
        }
        settled += 1;
        let node = network.head(directed);
        for next in network.leaving(node) {
            let turns = *next == directed.reverse();
            if is_closed(*next) || (turns && !network.is_dead_end(node)) {
                continue;
            }
            search.arrive(*next, label.cost_s, directed);
            search.reach(
                *next,
                Label {
                    cost_s: label.cost_s + seconds(network, *next, length_m(network, *next)),
                    before: Some(directed),
                    start: None,
                },
            );
        }
    }
    let best = search.best?;
    Some(search.journey(&best))
}

impl Search<'_> {
    fn set_out(&mut self, start: &End) {
        let length_m = length_m(self.network, start.directed);
        let driven_m = start.driven_m(length_m);
        let walk_s = off_road_s(start.off_m);
        for goal in self.goals.get(&start.directed).into_iter().flatten() {
            let onward_m = goal.driven_m(length_m) - driven_m;
            if onward_m >= 0.0 {
                let drive_s = seconds(self.network, start.directed, onward_m);
                let arrival = Arrival {
                    cost_s: walk_s + drive_s + off_road_s(goal.off_m),
                    before: None,
                    start_m: Some(start.at_m),
                    end: *goal,
                };
                self.best = Some(nearer(self.best, arrival));
            }
        }
        let rest_s = seconds(self.network, start.directed, length_m - driven_m);
        let label = Label {
            cost_s: walk_s + rest_s,
            before: None,
            start: Some(start.at_m),
        };
        self.reach(start.directed, label);
    }

    /// Takes note of the goals on a segment that is entered.
    fn arrive(&mut self, entered: DirectedSegment, cost_s: f64, before: DirectedSegment) {
        for goal in self.goals.get(&entered).into_iter().flatten() {
            let driven_m = goal.driven_m(length_m(self.network, entered));
            let drive_s = seconds(self.network, entered, driven_m);
            let arrival = Arrival {
                cost_s: cost_s + drive_s + off_road_s(goal.off_m),
                before: Some(before),
                start_m: None,
                end: *goal,
            };
            self.best = Some(nearer(self.best, arrival));
        }
    }

    fn reach(&mut self, directed: DirectedSegment, label: Label) {
        let known = self.labels.get(&directed);
        if known.is_none_or(|known| label.cost_s < known.cost_s) {
            self.labels.insert(directed, label);
            let least_s = label.cost_s + self.left_s(directed);
            self.queue.push(Reverse(Entry(least_s, directed)));
        }
    }

    /// Seconds that it takes at least from a segment's end.
    fn left_s(&self, directed: DirectedSegment) -> f64 {
        let by_air_m = self.network.end_of(directed).geodesic_m(self.towards);
        by_air_m / (QUICKEST_KMH / 3.6)
    }

    fn journey(&self, arrival: &Arrival) -> Journey {
        let mut travelled = Vec::new();
        let mut at = arrival.before;
        let last_start = arrival.start_m;
        travelled.push(self.part(arrival.end.directed, last_start, Some(arrival.end.at_m)));
        while let Some(directed) = at {
            let label = self.labels[&directed];
            travelled.push(self.part(directed, label.start, None));
            at = label.before;
        }
        travelled.reverse();
        travelled.retain(|part| part.length_m() > 0.0);
        Journey {
            usual_s: travelled
                .iter()
                .map(|part| seconds(self.network, part.directed, part.length_m()))
                .sum(),
            travelled,
        }
    }

    /// The part of a segment from where it is entered, or set out on, to where it is left, or ended on.
    fn part(
        &self,
        directed: DirectedSegment,
        start_m: Option<f64>,
        end_m: Option<f64>,
    ) -> Travelled {
        let length_m = length_m(self.network, directed);
        let (from_m, to_m) = match directed.direction() {
            Direction::Forward => (start_m.unwrap_or(0.0), end_m.unwrap_or(length_m)),
            Direction::Backward => (end_m.unwrap_or(0.0), start_m.unwrap_or(length_m)),
        };
        Travelled {
            directed,
            from_m,
            to_m,
        }
    }
}

fn nearer(best: Option<Arrival>, other: Arrival) -> Arrival {
    match best {
        Some(best) if best.cost_s <= other.cost_s => best,
        _ => other,
    }
}

fn length_m(network: &RoadNetwork, directed: DirectedSegment) -> f64 {
    network.segments()[directed.segment() as usize].length_m
}

fn seconds(network: &RoadNetwork, directed: DirectedSegment, metres: f64) -> f64 {
    metres / (f64::from(network.usual_kmh(directed.segment())) / 3.6)
}

fn off_road_s(metres: f64) -> f64 {
    metres / (OFF_ROAD_KMH / 3.6)
}

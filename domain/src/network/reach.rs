//! What is reached from the end of a directed segment within some cost, by Dijkstra's algorithm.

use super::{DirectedSegment, RoadNetwork};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// Which ways a search may take, and what they cost.
pub(crate) struct Travel<'a> {
    /// Whether segments may be taken against the traffic: facts of a road hold whichever way it is
    /// driven.
    pub(crate) against_traffic: bool,
    /// Cost of a metre of a segment; infinite where it must not be taken.
    pub(crate) cost_per_m: &'a dyn Fn(u32) -> f64,
    /// Ways that cost more are not looked for.
    pub(crate) limit: f64,
}

#[derive(Debug, Clone, Copy)]
struct Label {
    cost: f64,
    gap_m: f64,
    before: Option<DirectedSegment>,
}

/// The directed segments that can be entered after one, with the way to each.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    labels: HashMap<DirectedSegment, Label>,
}

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

impl Reach {
    /// All that begins within the limit behind the end of `from`; nobody turns round on the way.
    pub(crate) fn beyond(
        network: &RoadNetwork,
        from: DirectedSegment,
        travel: &Travel<'_>,
    ) -> Self {
        let mut reach = Reach::default();
        let mut queue = BinaryHeap::new();
        let start = Label {
            cost: 0.0,
            gap_m: 0.0,
            before: None,
        };
        reach.enter_all(network, from, start, travel, &mut queue);
        while let Some(Reverse(Entry(cost, directed))) = queue.pop() {
            let Some(label) = reach.labels.get(&directed).copied() else {
                continue;
            };
            if cost > label.cost {
                continue;
            }
            let length_m = network.segments()[directed.segment() as usize].length_m;
            let after = Label {
                cost: cost + length_m * (travel.cost_per_m)(directed.segment()),
                gap_m: label.gap_m + length_m,
                before: Some(directed),
            };
            if after.cost <= travel.limit {
                reach.enter_all(network, directed, after, travel, &mut queue);
            }
        }
        reach
    }

    fn enter_all(
        &mut self,
        network: &RoadNetwork,
        from: DirectedSegment,
        label: Label,
        travel: &Travel<'_>,
        queue: &mut BinaryHeap<Reverse<Entry>>,
    ) {
        let node = network.head(from);
        let onward = if travel.against_traffic {
            network.meeting(node)
        } else {
            network.leaving(node)
        };
        for next in onward {
            if *next == from.reverse() || !(travel.cost_per_m)(next.segment()).is_finite() {
                continue;
            }
            let known = self.labels.get(next);
            if known.is_none_or(|known| label.cost < known.cost) {
                self.labels.insert(*next, label);
                queue.push(Reverse(Entry(label.cost, *next)));
            }
        }
    }

    /// Metres between the end of the first and the start of `directed`.
    pub(crate) fn gap_m(&self, directed: DirectedSegment) -> Option<f64> {
        self.labels.get(&directed).map(|label| label.gap_m)
    }

    /// The directed segments between the first and `directed`, in the order of travel.
    pub(crate) fn way_into(&self, directed: DirectedSegment) -> Vec<DirectedSegment> {
        let mut way = Vec::new();
        let mut at = self.labels.get(&directed).and_then(|label| label.before);
        while let Some(before) = at {
            way.push(before);
            at = self.labels.get(&before).and_then(|label| label.before);
        }
        way.reverse();
        way
    }
}

//! The likeliest course of a line over the roads around its samples, by dynamic programming.

use super::LayParams;
use super::samples::{Foot, Samples};
use crate::network::{DirectedSegment, Reach, RoadNetwork, Travel};
use std::collections::HashMap;

/// What can be driven on to within a short way, found once for each directed segment.
pub(super) struct Onward<'a> {
    network: &'a RoadNetwork,
    limit_m: f64,
    cost_of_segment: &'a dyn Fn(u32) -> f64,
    found: HashMap<DirectedSegment, Reach>,
}

impl<'a> Onward<'a> {
    pub(super) fn new(
        network: &'a RoadNetwork,
        limit_m: f64,
        cost_of_segment: &'a dyn Fn(u32) -> f64,
    ) -> Self {
        Onward {
            network,
            limit_m,
            cost_of_segment,
            found: HashMap::new(),
        }
    }

    pub(super) fn length_m(&self, directed: DirectedSegment) -> f64 {
        self.network.segments()[directed.segment() as usize].length_m
    }

    pub(super) fn from(&mut self, directed: DirectedSegment) -> &Reach {
        let (network, limit, cost_of_segment) = (self.network, self.limit_m, self.cost_of_segment);
        self.found.entry(directed).or_insert_with(|| {
            let travel = Travel {
                against_traffic: true,
                cost_per_m: &|segment| 1.0 + cost_of_segment(segment),
                limit,
            };
            Reach::beyond(network, directed, &travel)
        })
    }

    /// Metres from one place to another along the roads without turning round.
    pub(super) fn way_m(&mut self, from: &Foot, to: &Foot) -> Option<f64> {
        // A line that trembles slips back a little.
        const SLIP_M: f64 = 5.0;
        let ahead_m = to.along_m - from.along_m;
        if from.directed == to.directed && ahead_m >= -SLIP_M {
            return Some(ahead_m);
        }
        let left_m = self.length_m(from.directed) - from.along_m;
        if left_m + to.along_m > self.limit_m {
            return None;
        }
        let gap_m = self.from(from.directed).gap_m(to.directed)?;
        Some(left_m + gap_m + to.along_m)
    }
}

/// The road under each sample; `None` where the line lies on none.
pub(super) fn decode(
    samples: &Samples,
    onward: &mut Onward<'_>,
    params: &LayParams,
) -> Vec<Option<Foot>> {
    // State 0 is off the road, state i + 1 the foot i.
    let mut befores: Vec<Vec<u32>> = Vec::with_capacity(samples.feet.len());
    let mut costs: Vec<f64> = Vec::new();
    let mut previous: &[Foot] = &[];
    for (k, feet) in samples.feet.iter().enumerate() {
        let mut next_costs = Vec::with_capacity(feet.len() + 1);
        let mut next_befores = Vec::with_capacity(feet.len() + 1);
        for to in std::iter::once(None).chain(feet.iter().map(Some)) {
            let own = to.map_or(params.off_road, |foot| foot.cost);
            let mut best = if k == 0 { (0.0, 0) } else { (f64::INFINITY, 0) };
            for (j, cost) in costs.iter().enumerate() {
                let from = j.checked_sub(1).map(|j| &previous[j]);
                if *cost >= best.0 {
                    continue;
                }
                let total = cost + transition(from, to, samples.step_m, onward, params);
                if total < best.0 {
                    best = (total, j as u32);
                }
            }
            next_costs.push(best.0 + own);
            next_befores.push(best.1);
        }
        costs = next_costs;
        befores.push(next_befores);
        previous = feet;
    }
    let mut state = (costs.iter().enumerate())
        .min_by(|a, b| a.1.total_cmp(b.1))
        .map_or(0, |(i, _)| i);
    let mut course = Vec::with_capacity(befores.len());
    for (feet, befores) in samples.feet.iter().zip(&befores).rev() {
        course.push(state.checked_sub(1).map(|i| feet[i]));
        state = befores[state] as usize;
    }
    course.reverse();
    course
}

fn transition(
    from: Option<&Foot>,
    to: Option<&Foot>,
    step_m: f64,
    onward: &mut Onward<'_>,
    params: &LayParams,
) -> f64 {
    let (from, to) = match (from, to) {
        (None, None) => return 0.0,
        (Some(from), Some(to)) => (from, to),
        _ => return params.switch,
    };
    if to.directed == from.directed.reverse() {
        let moved_m = (onward.length_m(to.directed) - to.along_m - from.along_m).abs();
        // How far it went beyond both places, the samples do not tell.
        return params.turn_round + mismatch((moved_m - step_m).max(0.0), step_m, params);
    }
    match onward.way_m(from, to) {
        Some(way_m) => mismatch(way_m - step_m, step_m, params),
        None => f64::INFINITY,
    }
}

/// A corner that the line cuts or swings round makes one large difference, a wrong road many.
fn mismatch(by_m: f64, step_m: f64, params: &LayParams) -> f64 {
    let by_m = by_m.abs();
    let near_m = by_m.min(step_m);
    params.mismatch_per_m * near_m + params.far_mismatch_per_m * (by_m - near_m)
}

//! The hidden states of each fix: directed positions on the roads near it.

use super::{MatchParams, Trace};
use crate::network::{DirectedSegment, NearSegment, RoadNetwork};
use crate::work::Direction;

/// A possible true position of a fix.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    pub directed: DirectedSegment,
    /// Metres from where the directed segment begins.
    pub along_m: f64,
    /// −log likelihood of the fix, seen from here.
    pub emission: f64,
}

/// A fix that was kept, with its states.
#[derive(Debug, Clone)]
pub(super) struct Step {
    /// Index within the trace.
    pub fix: usize,
    pub seconds: f64,
    pub at: crate::geometry::LonLat,
    pub sigma_m: f64,
    pub states: Vec<State>,
}

/// The kept fixes of a trace with their states; fixes with no road near have none.
pub(super) fn steps_of(
    network: &RoadNetwork,
    trace: &Trace<'_>,
    params: &MatchParams,
) -> Vec<Step> {
    let widest_m = params
        .min_radius_m
        .max(params.radius_sigmas * params.max_sigma_m);
    let near: Vec<Vec<NearSegment>> = trace
        .fixes
        .iter()
        .map(|fix| network.near(fix.at, widest_m))
        .collect();
    let sigma_m = estimate_sigma_m(&near, params);
    let radius_m = params.min_radius_m.max(params.radius_sigmas * sigma_m);
    let Some(first) = trace.fixes.first() else {
        return Vec::new();
    };
    let start = first.observed_at;

    let mut steps: Vec<Step> = Vec::with_capacity(trace.fixes.len());
    let last_index = trace.fixes.len() - 1;
    for (i, fix) in trace.fixes.iter().enumerate() {
        if let Some(last) = steps.last() {
            let kept = trace.fixes[last.fix];
            let moved_m = kept.at.geodesic_m(fix.at);
            let waited = fix.observed_at.duration_since(kept.observed_at);
            if moved_m < params.thin_sigmas * sigma_m
                && waited < params.thin_at_most
                && fix.work == kept.work
                && i != last_index
            {
                continue;
            }
        }
        let heading = fix.heading_deg.filter(|_| {
            fix.speed_kmh
                .is_none_or(|kmh| kmh >= params.heading_min_speed_kmh)
        });
        steps.push(Step {
            fix: i,
            seconds: fix.observed_at.duration_since(start).as_secs_f64(),
            at: fix.at,
            sigma_m,
            states: states_of(network, &near[i], sigma_m, radius_m, heading, params),
        });
    }
    steps
}

/// Noise per axis from the distances to the nearest road: across a straight road they are half
/// normal, whose median is 0.6745 σ.
fn estimate_sigma_m(near: &[Vec<NearSegment>], params: &MatchParams) -> f64 {
    let mut distances: Vec<f64> = near
        .iter()
        .filter_map(|list| list.first().map(|n| n.distance_m))
        .collect();
    if distances.is_empty() {
        return params.min_sigma_m;
    }
    let middle = distances.len() / 2;
    let (_, median, _) = distances.select_nth_unstable_by(middle, f64::total_cmp);
    (1.4826 * *median).clamp(params.min_sigma_m, params.max_sigma_m)
}

fn states_of(
    network: &RoadNetwork,
    near: &[NearSegment],
    sigma_m: f64,
    radius_m: f64,
    heading_deg: Option<f64>,
    params: &MatchParams,
) -> Vec<State> {
    let mut states = Vec::new();
    for candidate in near
        .iter()
        .take_while(|n| n.distance_m <= radius_m)
        .take(params.max_candidates)
    {
        let length_m = network.segments()[candidate.segment as usize].length_m;
        for direction in Direction::BOTH {
            let directed = DirectedSegment::new(candidate.segment, direction);
            if !network.is_open(directed) {
                continue;
            }
            let (along_m, bearing_deg) = match direction {
                Direction::Forward => (candidate.at_m, candidate.bearing_deg),
                Direction::Backward => (length_m - candidate.at_m, candidate.bearing_deg + 180.0),
            };
            let off_course = heading_deg.map_or(0.0, |heading| {
                let turn = (heading - bearing_deg).to_radians();
                params.against_heading * 0.5 * (1.0 - turn.cos())
            });
            states.push(State {
                directed,
                along_m: along_m.clamp(0.0, length_m),
                emission: distance_cost(candidate.distance_m / sigma_m) + off_course,
            });
        }
    }
    states
}

/// Gaussian within 2 σ, linear beyond.
fn distance_cost(z: f64) -> f64 {
    if z <= 2.0 { 0.5 * z * z } else { 2.0 * z - 2.0 }
}

//! The hidden states of each fix: directed positions on the roads near it.

use super::{MatchParams, Trace, window_start};
use crate::geometry::{LocalPlane, LonLat};
use crate::network::{DirectedSegment, RoadNetwork};
use crate::work::Direction;

/// A possible true position of a fix.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    pub directed: DirectedSegment,
    /// Metres from where the directed segment begins.
    pub along_m: f64,
    /// Metres to where it ends.
    pub left_m: f64,
    /// Metres from the fix.
    pub distance_m: f64,
    /// −log likelihood of the fix, seen from here.
    pub emission: f64,
}

/// A fix that was kept, with its states.
#[derive(Debug, Clone)]
pub(super) struct Step {
    /// Index within the trace.
    pub fix: usize,
    pub seconds: f64,
    pub at: LonLat,
    pub sigma_m: f64,
    pub states: Vec<State>,
}

/// Metres between two places that lie near each other.
pub(super) fn plane_m(a: LonLat, b: LonLat) -> f64 {
    let [x, y] = LocalPlane::at(a).project(b);
    x.hypot(y)
}

/// The kept fixes of a trace with their states; fixes with no road near have none.
pub(super) fn steps_of(
    network: &RoadNetwork,
    trace: &Trace<'_>,
    sigma_m: f64,
    params: &MatchParams,
) -> Vec<Step> {
    let radius_m = params.min_radius_m.max(params.radius_sigmas * sigma_m);
    let Some(first) = trace.fixes.first() else {
        return Vec::new();
    };
    let places = steadied(trace, params);
    kept(trace, &places, sigma_m, params)
        .into_iter()
        .map(|i| {
            let fix = trace.fixes[i];
            let heading = fix.heading_deg.filter(|_| {
                fix.speed_kmh
                    .is_none_or(|kmh| kmh >= params.heading_min_speed_kmh)
            });
            Step {
                fix: i,
                seconds: fix
                    .observed_at
                    .duration_since(first.observed_at)
                    .as_secs_f64(),
                at: places[i],
                sigma_m,
                states: states_of(network, places[i], sigma_m, radius_m, heading, params),
            }
        })
        .collect()
}

/// Where the fixes lie, freed of the worst noise: each moved to the median of those around it
/// within a moment in which a plow drives hardly farther than its own length.
fn steadied(trace: &Trace<'_>, params: &MatchParams) -> Vec<LonLat> {
    let fixes = &trace.fixes;
    let mut from = 0;
    let mut to = 0;
    let mut around: Vec<f64> = Vec::new();
    let mut median = |values: &mut dyn Iterator<Item = f64>| {
        around.clear();
        around.extend(values);
        let middle = around.len() / 2;
        *around.select_nth_unstable_by(middle, f64::total_cmp).1
    };
    (0..fixes.len())
        .map(|i| {
            let near = |k: usize| {
                let apart = fixes[i].observed_at.duration_since(fixes[k].observed_at);
                apart.abs() <= params.moment
            };
            while !near(from) {
                from += 1;
            }
            while to + 1 < fixes.len() && near(to + 1) {
                to += 1;
            }
            // As many on either side, so that a moving plow stays where it is.
            let side = (i - from).min(to - i);
            let moment = &fixes[i - side..=i + side];
            LonLat::new(
                median(&mut moment.iter().map(|fix| fix.at.lon)),
                median(&mut moment.iter().map(|fix| fix.at.lat)),
            )
        })
        .collect()
}

/// Indices of the fixes that are not passed over: those that have moved on, one a minute, each
/// change of work, the last one, and those on either side of a window's border, so that two
/// windows agree on where the plow was there.
fn kept(trace: &Trace<'_>, places: &[LonLat], sigma_m: f64, params: &MatchParams) -> Vec<usize> {
    let last = trace.fixes.len() - 1;
    let window = |i: usize| window_start(trace.fixes[i].observed_at);
    let mut kept: Vec<usize> = Vec::with_capacity(trace.fixes.len());
    for (i, fix) in trace.fixes.iter().enumerate() {
        let keep = kept.last().is_none_or(|k| {
            let before = trace.fixes[*k];
            let waited = fix.observed_at.duration_since(before.observed_at);
            fix.work != before.work
                || i == last
                || waited >= params.thin_at_most
                || window(i) != window(i - 1)
                || window(i) != window(i + 1)
                || plane_m(places[*k], places[i]) >= params.thin_sigmas * sigma_m
        });
        if keep {
            kept.push(i);
        }
    }
    kept
}

/// Noise per axis before anything is matched: from the distances of some fixes to the nearest
/// road. Across a straight road they are half normal, whose median is 0.6745 σ.
pub(super) fn first_sigma_m(network: &RoadNetwork, trace: &Trace<'_>, params: &MatchParams) -> f64 {
    let every = trace.fixes.len().div_ceil(params.sigma_sample).max(1);
    let distances = trace
        .fixes
        .iter()
        .step_by(every)
        .filter_map(|fix| network.near(fix.at, params.min_radius_m).first().copied())
        .map(|near| near.distance_m)
        .collect();
    sigma_of(distances, params)
}

/// Noise per axis from distances across roads.
pub(super) fn sigma_of(mut distances_m: Vec<f64>, params: &MatchParams) -> f64 {
    if distances_m.is_empty() {
        return params.min_sigma_m;
    }
    let middle = distances_m.len() / 2;
    let (_, median_m, _) = distances_m.select_nth_unstable_by(middle, f64::total_cmp);
    (1.4826 * *median_m).clamp(params.min_sigma_m, params.max_sigma_m)
}

fn states_of(
    network: &RoadNetwork,
    at: LonLat,
    sigma_m: f64,
    radius_m: f64,
    heading_deg: Option<f64>,
    params: &MatchParams,
) -> Vec<State> {
    let near = network.near(at, radius_m);
    let mut states = Vec::with_capacity(2 * near.len().min(params.max_candidates));
    for candidate in near.iter().take(params.max_candidates) {
        let length_m = network.segments()[candidate.segment as usize].length_m;
        let at_m = candidate.at_m.clamp(0.0, length_m);
        for direction in Direction::BOTH {
            let directed = DirectedSegment::new(candidate.segment, direction);
            if !network.is_open(directed) {
                continue;
            }
            let (along_m, left_m, bearing_deg) = match direction {
                Direction::Forward => (at_m, length_m - at_m, candidate.bearing_deg),
                Direction::Backward => (length_m - at_m, at_m, candidate.bearing_deg + 180.0),
            };
            let off_course = heading_deg.map_or(0.0, |heading| {
                let turn = (heading - bearing_deg).to_radians();
                params.against_heading * 0.5 * (1.0 - turn.cos())
            });
            states.push(State {
                directed,
                along_m,
                left_m,
                distance_m: candidate.distance_m,
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

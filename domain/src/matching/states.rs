//! The hidden states of each fix: directed positions on the roads near it.

use super::speed::usual_m_per_s;
use super::thinning::{kept, steadied};
use super::{MatchParams, Trace};
use crate::fix::PlowFix;
use crate::geometry::{LocalPlane, LonLat};
use crate::network::{DirectedSegment, RoadNetwork};
use crate::work::{Direction, WorkKind};
use jiff::Timestamp;

/// A possible true position of a fix.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    pub directed: DirectedSegment,
    /// It leads against the traffic.
    pub against: bool,
    /// Metres from where the directed segment begins.
    pub along_m: f64,
    /// Metres to where it ends.
    pub left_m: f64,
    /// Metres from the fix.
    pub distance_m: f64,
    /// −log likelihood of the fix, seen from here.
    pub emission: f64,
}

/// What is remembered of a fix that was kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Kept {
    /// Index among the fixes that the trace was split from.
    pub row: u32,
    pub observed_at: Timestamp,
    pub work: Option<WorkKind>,
}

impl Kept {
    pub(super) fn of(fix: &PlowFix, row: u32) -> Self {
        Kept {
            row,
            observed_at: fix.observed_at,
            work: fix.work,
        }
    }

    /// Seconds since an earlier one.
    pub(super) fn seconds_since(&self, before: &Kept) -> f64 {
        self.observed_at
            .duration_since(before.observed_at)
            .as_secs_f64()
    }
}

/// A fix that was kept, with its states.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub fix: Kept,
    /// Where it was, freed of the worst noise.
    pub at: LonLat,
    pub sigma_m: f64,
    pub course_deg: Option<f64>,
    /// How fast the vehicle usually goes.
    pub usual_m_per_s: f64,
    /// Longest time since the last kept fix in which nothing was heard.
    pub unheard_s: f64,
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
    if trace.fixes.is_empty() {
        return Vec::new();
    }
    let places = steadied(trace, params);
    let kept = kept(trace, &places, sigma_m, params);
    let moves = kept.windows(2).map(|pair| {
        let [a, b] = [pair[0], pair[1]].map(|i| Kept::of(trace.fixes[i], 0));
        plane_m(places[pair[0]], places[pair[1]]) / b.seconds_since(&a)
    });
    let usual_m_per_s = usual_m_per_s(moves.collect());
    let mut before = 0;
    kept.into_iter()
        .map(|i| {
            let moved_m = plane_m(places[before], places[i]);
            let since = trace.fixes[i]
                .observed_at
                .duration_since(trace.fixes[before].observed_at);
            let moves = i == before || is_moving(moved_m, since.as_secs_f64(), sigma_m, params);
            let fix = trace.fixes[i];
            let gaps = trace.fixes[before..=i].windows(2);
            let unheard_s = gaps.fold(0.0, |longest: f64, pair| {
                let gap = pair[1].observed_at.duration_since(pair[0].observed_at);
                longest.max(gap.as_secs_f64())
            });
            before = i;
            let kept = Kept::of(fix, trace.rows[i]);
            let course_deg = course_of(fix, params).filter(|_| moves);
            let character = Character {
                sigma_m,
                usual_m_per_s,
                unheard_s,
            };
            step_of(network, kept, places[i], course_deg, character, params)
        })
        .collect()
}

/// Course of a fix, unless its own speed says that the vehicle stands.
pub(super) fn course_of(fix: &PlowFix, params: &MatchParams) -> Option<f64> {
    fix.heading_deg.filter(|_| {
        fix.speed_kmh
            .is_none_or(|kmh| kmh >= params.heading_min_speed_kmh)
    })
}

/// Whether a vehicle has moved so far since the last kept fix that its course means something:
/// the compass of one that stands turns at random, whatever speed its receiver makes up.
pub(super) fn is_moving(moved_m: f64, seconds: f64, sigma_m: f64, params: &MatchParams) -> bool {
    moved_m >= params.heading_sigmas * sigma_m
        && 3.6 * moved_m >= params.heading_min_speed_kmh * seconds
}

/// What a trace is like, as far as it was seen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Character {
    /// Noise per axis in metres.
    pub sigma_m: f64,
    /// How fast the vehicle usually goes.
    pub usual_m_per_s: f64,
    /// Longest time since the last kept fix in which nothing was heard.
    pub unheard_s: f64,
}

/// The step of one kept fix.
pub(super) fn step_of(
    network: &RoadNetwork,
    kept: Kept,
    at: LonLat,
    course_deg: Option<f64>,
    character: Character,
    params: &MatchParams,
) -> Step {
    let sigma_m = character.sigma_m;
    let radius_m = params.radius_m(sigma_m);
    Step {
        fix: kept,
        at,
        sigma_m,
        course_deg,
        usual_m_per_s: character.usual_m_per_s,
        unheard_s: character.unheard_s,
        states: states_of(network, at, sigma_m, radius_m, course_deg, params),
    }
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

/// What is believed before anything was seen, as so many distances …
const PRIOR_WEIGHT: usize = 4;
/// … of this many metres: the median of a noise of 7 m per axis.
const PRIOR_M: f64 = 4.7;

/// Noise per axis from distances across roads; a few of them move the prior but little.
pub(super) fn sigma_of(mut distances_m: Vec<f64>, params: &MatchParams) -> f64 {
    distances_m.extend([PRIOR_M; PRIOR_WEIGHT]);
    let middle = (distances_m.len() - 1) / 2;
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
                against: !network.is_open(directed),
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

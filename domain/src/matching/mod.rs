//! Map matching: from noisy positions to the way over the network.
//!
//! A hidden Markov model after P. Newson and J. Krumm, *Hidden Markov Map Matching Through Noise
//! and Sparseness*, ACM SIGSPATIAL GIS 2009. What departs from the paper, and why:
//!
//! - states are *directed*: a plow clears one side of the road, so which way it went matters;
//! - turning round is part of the model, dear in mid-block and cheap in a dead end, because plows
//!   do it all the time and routing engines' matchers forbid it; a dead end is completed to its tip
//!   when the time allows, as inferred;
//! - slipping back along the road is a receiver at rest, at a price per metre that is the same
//!   whichever way and whenever it slips, so that a parked plow never turns round;
//! - a way may be shorter than the crow's distance by what noise explains; longer ones cost by β;
//! - β grows with the noise, with the time between fixes, and with how far the vehicle could have
//!   gone to and fro in that time at its usual speed; slow roads count for longer than they are;
//! - driving against a one-way is dear, not impossible: plows back off and work there, and a detour
//!   at an absurd speed explains less;
//! - when nothing was heard for long, tunnels are likelier than roads under the sky;
//! - what another way between two fixes, hardly dearer, would leave out is doubted, and clears nothing;
//! - turns cost, so that noise at a corner makes no spur into a side street;
//! - the emission's tails are linear beyond 2 σ, and a fix that fits nowhere may be passed over:
//!   receivers between houses are heavy-tailed;
//! - σ is estimated for each trace, first from the nearest roads, then from the roads that it was
//!   matched to;
//! - fixes a second or two apart are steadied by the median of a moment, and positions nearer than
//!   1.5 σ to the last kept one are passed over, since they only add jitter (the paper does the
//!   same), but one a minute is kept; those passed over count as seen where the plow was then.
//!
//! The way between two fixes is found from each state in turn, the likeliest first, only towards the
//! later fix and only as far as it can still win.

mod doubt;
mod labels;
mod lattice;
mod noise;
mod online;
mod open_trace;
mod params;
mod path;
mod route;
mod second_look;
mod sightings;
mod spans;
mod speed;
mod states;
mod thinning;
mod trace;
mod viterbi;

#[cfg(test)]
mod tests;

pub use online::{OnlineMatcher, Pushed, UndecidedSpan};
pub use open_trace::OnlineTrace;
pub use params::MatchParams;
pub use spans::MatchedSpan;
pub use trace::{Trace, noon_before, split_traces};

use crate::fix::PlowFix;
use crate::network::RoadNetwork;

/// Matches one vehicle's fixes, ordered by time, onto the network.
///
/// The fixes are split into traces first (see [`split_traces`]). Spans come in time order; the
/// `fixes` of a span are indices into `fixes` as given.
pub fn match_vehicle(
    network: &RoadNetwork,
    fixes: &[PlowFix],
    params: &MatchParams,
) -> Vec<MatchedSpan> {
    let mut search = route::RouteSearch::new(network);
    split_traces(fixes, params)
        .iter()
        .flat_map(|trace| match_with(network, trace, params, &mut search))
        .collect()
}

/// Matches one trace onto the network.
pub fn map_match(
    network: &RoadNetwork,
    trace: &Trace<'_>,
    params: &MatchParams,
) -> Vec<MatchedSpan> {
    let mut search = route::RouteSearch::new(network);
    match_with(network, trace, params, &mut search)
}

fn match_with(
    network: &RoadNetwork,
    trace: &Trace<'_>,
    params: &MatchParams,
    search: &mut route::RouteSearch<'_>,
) -> Vec<MatchedSpan> {
    let mut sigma_m = states::first_sigma_m(network, trace, params);
    let mut steps = states::steps_of(network, trace, sigma_m, params);
    let mut runs = viterbi::decode(&steps, params, search);
    let seen_sigma_m = seen_sigma_m(&runs, &steps, params);
    let factor = seen_sigma_m / sigma_m;
    if factor > params.sigma_again || factor < 1.0 / params.sigma_again {
        sigma_m = seen_sigma_m;
        steps = states::steps_of(network, trace, sigma_m, params);
        runs = viterbi::decode(&steps, params, search);
    }
    runs.iter()
        .flat_map(|run| {
            let pieces = path::pieces_of(run, &steps, params, search);
            let mut spans = spans::spans_of(network, &pieces);
            let near_m = params.radius_m(sigma_m);
            sightings::note_sightings(network, &mut spans, trace, near_m);
            spans
        })
        .collect()
}

/// Noise per axis, seen from where the fixes were matched.
fn seen_sigma_m(runs: &[lattice::Run], steps: &[states::Step], params: &MatchParams) -> f64 {
    let distances = runs
        .iter()
        .flat_map(|run| &run.stops)
        .map(|stop| steps[stop.step].states[stop.state].distance_m)
        .collect();
    states::sigma_of(distances, params)
}

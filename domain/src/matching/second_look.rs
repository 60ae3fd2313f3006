//! A second look at the undecided part of an open trace, when its noise turns out to be another.

use super::MatchParams;
use super::lattice::Lattice;
use super::open_trace::OnlineTrace;
use super::route::RouteSearch;
use super::states::{Character, Step, step_of};
use super::viterbi::Relaxer;
use crate::network::RoadNetwork;

/// Works the undecided steps out anew where they were taken for much less or more noisy than the
/// trace is known to be now. A matched whole trace is looked at twice for the same reason.
pub(super) fn take(
    trace: &mut OnlineTrace,
    now: Character,
    (network, params): (&RoadNetwork, &MatchParams),
    (relaxer, search): (&mut Relaxer, &mut RouteSearch<'_>),
) {
    let Some(last) = trace.steps.last() else {
        return;
    };
    let factor = now.sigma_m / last.sigma_m;
    let again = params.sigma_again_online;
    if factor < again && factor > 1.0 / again {
        return;
    }
    let mut steps: Vec<Step> = Vec::with_capacity(trace.steps.len());
    let mut lattice = Lattice::default();
    for (i, step) in trace.steps.iter().enumerate() {
        if i == 0 && trace.anchored {
            let first = trace.lattice.columns[0].first;
            let is_settled = |k: &usize| trace.lattice.cells[first + k].cost.is_finite();
            let settled = (0..step.states.len()).filter(is_settled);
            steps.push(Step {
                states: settled.map(|k| step.states[k]).collect(),
                ..*step
            });
        } else {
            let character = Character {
                unheard_s: step.unheard_s,
                ..now
            };
            let (fix, at, course_deg) = (step.fix, step.at, step.course_deg);
            steps.push(step_of(network, fix, at, course_deg, character, params));
        }
        if i == 0 {
            lattice.begin(&steps, 0, params.against_traffic);
        } else if !relaxer.advance(&mut lattice, &steps, i, params, search) {
            return;
        }
    }
    (trace.steps, trace.lattice) = (steps, lattice);
}

//! The likeliest sequence of states.

use super::MatchParams;
use super::route::{RouteSearch, Search};
use super::states::Step;

/// Consecutive steps that are joined by routes: (index of the step, index of its state).
pub(super) type Run = Vec<(usize, usize)>;

/// Bounds and weights for the way between two steps.
pub(super) fn search_between(a: &Step, b: &Step, params: &MatchParams) -> (Search, f64) {
    let seconds = b.seconds - a.seconds;
    let crow_m = a.at.geodesic_m(b.at);
    let search = Search {
        beta_m: params.beta(b.sigma_m, seconds),
        // Never from the crow's distance alone: coming back from a dead end has none.
        cap_m: params.route_slack_m
            + (1.5 * crow_m).max(params.route_speed_m_per_s * seconds.min(300.0)),
        jitter_m: 4.0 * b.sigma_m,
    };
    (search, crow_m)
}

/// Decodes the steps. A step that nothing leads to begins a new run.
pub(super) fn decode(
    steps: &[Step],
    params: &MatchParams,
    search: &mut RouteSearch<'_>,
) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut columns: Vec<Column> = Vec::new();
    let mut found = Vec::new();
    for (i, step) in steps.iter().enumerate() {
        if step.states.is_empty() {
            finish(&mut columns, &mut runs);
            continue;
        }
        let next = columns
            .last()
            .and_then(|last| advance(last, &steps[last.step], i, step, params, search, &mut found));
        match next {
            Some(column) => columns.push(column),
            None => {
                finish(&mut columns, &mut runs);
                columns.push(Column {
                    step: i,
                    costs: step.states.iter().map(|s| s.emission).collect(),
                    before: vec![usize::MAX; step.states.len()],
                });
            }
        }
    }
    finish(&mut columns, &mut runs);
    runs
}

struct Column {
    step: usize,
    costs: Vec<f64>,
    before: Vec<usize>,
}

fn advance(
    last: &Column,
    last_step: &Step,
    index: usize,
    step: &Step,
    params: &MatchParams,
    routes: &mut RouteSearch<'_>,
    found: &mut Vec<Option<super::route::Reach>>,
) -> Option<Column> {
    let (search, crow_m) = search_between(last_step, step, params);
    let mut costs = vec![f64::INFINITY; step.states.len()];
    let mut before = vec![usize::MAX; step.states.len()];
    let best = last.costs.iter().copied().fold(f64::INFINITY, f64::min);
    for (s, source) in last_step.states.iter().enumerate() {
        // An infinite cost fails this test too.
        if last.costs[s] > best + params.beam || last.costs[s].is_infinite() {
            continue;
        }
        routes.reach(source, &step.states, search, params, found);
        for (t, reach) in found.iter().enumerate() {
            let Some(reach) = reach else { continue };
            let transition = (reach.route_m - crow_m).abs() / search.beta_m + reach.turns;
            let cost = last.costs[s] + transition + step.states[t].emission;
            if cost < costs[t] {
                costs[t] = cost;
                before[t] = s;
            }
        }
    }
    costs.iter().any(|c| c.is_finite()).then_some(Column {
        step: index,
        costs,
        before,
    })
}

/// Reads the best sequence back and empties the columns.
fn finish(columns: &mut Vec<Column>, runs: &mut Vec<Run>) {
    let Some(last) = columns.last() else { return };
    let best = (0..last.costs.len()).min_by(|a, b| last.costs[*a].total_cmp(&last.costs[*b]));
    let Some(mut state) = best else { return };
    let mut run = Vec::with_capacity(columns.len());
    for column in columns.iter().rev() {
        run.push((column.step, state));
        state = column.before[state];
    }
    run.reverse();
    runs.push(run);
    columns.clear();
}

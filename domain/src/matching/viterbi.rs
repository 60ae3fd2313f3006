//! The likeliest sequence of states, with the ways between them.

use super::MatchParams;
use super::lattice::{Cell, Lattice, Run, UNREACHED, Way, least_cost};
use super::route::{Reach, RouteSearch, Search, entry};
use super::states::Step;
use crate::geometry::LocalPlane;
use crate::network::DirectedSegment;

/// Decodes the steps. A step that nothing leads to begins a new run.
pub(super) fn decode(
    steps: &[Step],
    params: &MatchParams,
    routes: &mut RouteSearch<'_>,
) -> Vec<Run> {
    let mut lattice = Lattice::default();
    let mut relaxer = Relaxer::default();
    let mut runs = Vec::new();
    let mut off_road = 0;
    for (i, step) in steps.iter().enumerate() {
        if step.states.is_empty() {
            off_road += 1;
            if off_road > params.off_road_fixes {
                runs.extend(lattice.finish());
            }
            continue;
        }
        off_road = 0;
        if !relaxer.advance(&mut lattice, steps, i, params, routes) {
            runs.extend(lattice.finish());
            lattice.begin(steps, i, params.against_traffic);
        }
    }
    runs.extend(lattice.finish());
    runs
}

/// Joins steps to a lattice; scratch space that is used again.
#[derive(Debug, Default)]
pub(super) struct Relaxer {
    /// Sources by cost.
    order: Vec<u32>,
    /// Targets by directed segment.
    targets: Vec<(DirectedSegment, u32)>,
}

impl Relaxer {
    /// Adds a step; `false` when nothing leads to it.
    pub(super) fn advance(
        &mut self,
        lattice: &mut Lattice,
        steps: &[Step],
        step: usize,
        params: &MatchParams,
        routes: &mut RouteSearch<'_>,
    ) -> bool {
        let Some(last) = lattice.columns.len().checked_sub(1) else {
            return false;
        };
        let first = lattice.cells.len();
        let states = &steps[step].states;
        lattice.cells.resize(first + states.len(), UNREACHED);
        self.targets.clear();
        self.targets
            .extend(states.iter().zip(0..).map(|(s, t)| (s.directed, t)));
        self.targets.sort_unstable();
        self.relax_from(
            lattice,
            last,
            0.0,
            first,
            &steps[step],
            steps,
            params,
            routes,
        );
        // Where the last fix, or the way from it, is hard to believe, it may have been an outlier.
        if last > 0 {
            let before_last = lattice.columns[last - 1];
            let seconds = steps[step].fix.seconds_since(&steps[before_last.step].fix);
            let outlier = params.outlier + params.outlier_per_s * seconds;
            if least_cost(&lattice.cells[first..]) > before_last.best + outlier {
                self.relax_from(
                    lattice,
                    last - 1,
                    outlier,
                    first,
                    &steps[step],
                    steps,
                    params,
                    routes,
                );
            }
        }
        if least_cost(&lattice.cells[first..]).is_infinite() {
            lattice.cells.truncate(first);
            return false;
        }
        lattice.push_column(step, first);
        true
    }

    /// Relaxes the cells from `first` on by the ways from a column's states.
    #[allow(clippy::too_many_arguments)]
    fn relax_from(
        &mut self,
        lattice: &mut Lattice,
        column: usize,
        extra: f64,
        first: usize,
        step: &Step,
        steps: &[Step],
        params: &MatchParams,
        routes: &mut RouteSearch<'_>,
    ) {
        let from = lattice.columns[column];
        let from_step = &steps[from.step];
        let (search, crow_m) = search_between(from_step, step, params);
        let (earlier, cells) = lattice.cells.split_at_mut(first);
        let sources = &earlier[from.first..from.first + from.count];
        let (order, targets) = (&mut self.order, &self.targets);
        let middles = &mut lattice.middles;
        order.clear();
        order.extend(0..from.count as u32);
        order.sort_by(|a, b| {
            sources[*a as usize]
                .cost
                .total_cmp(&sources[*b as usize].cost)
        });
        let least_emission = step
            .states
            .iter()
            .fold(f64::INFINITY, |least, s| least.min(s.emission));
        let target_of = |directed: DirectedSegment| {
            targets
                .binary_search_by_key(&directed, |(d, _)| *d)
                .ok()
                .map(|i| targets[i].1 as usize)
        };
        let mut best = cells.iter().fold(f64::INFINITY, |b, c| b.min(c.cost));
        for &s in order.iter() {
            let source = &from_step.states[s as usize];
            let source_cost = sources[s as usize].cost + extra;
            if source_cost > from.best + extra + params.beam || source_cost.is_infinite() {
                break;
            }
            let cost_of = |reach: Reach, emission: f64| {
                source_cost + cost_between(reach, &search, crow_m, params) + emission
            };
            let before = (column as u32, s);
            for (target, cell) in step.states.iter().zip(cells.iter_mut()) {
                let Some((reach, to_tip)) =
                    routes.on_the_same_segment(source, target, &search, params)
                else {
                    continue;
                };
                let cost = cost_of(reach, target.emission);
                if reach.route_m <= search.cap_m && cost < cell.cost {
                    let way = Way {
                        stays: true,
                        to_tip,
                        ..Way::default()
                    };
                    *cell = Cell { cost, before, way };
                    best = best.min(cost);
                }
            }
            // A cell can only win by less than what it costs already, without its emission.
            let loosest = step
                .states
                .iter()
                .zip(cells.iter())
                .fold(0.0_f64, |most, (state, cell)| {
                    most.max(cell.cost - state.emission)
                });
            let mut left = targets.len();
            let limit_m = |best: f64| {
                let within_beam = best + params.beam - least_emission;
                let affordable = (loosest.min(within_beam) - source_cost).min(params.give_up);
                crow_m + search.beta_m * affordable
            };
            let start_m = limit_m(best);
            routes.explore(source, &search, params, start_m, |settled| {
                for turns_at_target in [false, true] {
                    let directed = if turns_at_target {
                        settled.directed.reverse()
                    } else {
                        settled.directed
                    };
                    let Some(t) = target_of(directed) else {
                        continue;
                    };
                    let target = &step.states[t];
                    let mut reach = settled.reach;
                    if turns_at_target {
                        reach = reach.further(target.left_m, settled.toll);
                        reach.turns += params.u_turn_mid_block;
                        reach.turns += entry(settled.against, target.against, params);
                    } else {
                        reach = reach.further(target.along_m, settled.toll);
                        left -= 1;
                    }
                    let cost = cost_of(reach, target.emission);
                    if reach.route_m > search.cap_m || cost >= cells[t].cost {
                        continue;
                    }
                    let start = middles.len();
                    settled.way_into(middles);
                    cells[t] = Cell {
                        cost,
                        before,
                        way: Way {
                            stays: false,
                            to_tip: false,
                            turns_at_source: settled.turned_back,
                            turns_at_target,
                            first: start as u32,
                            count: (middles.len() - start) as u32,
                        },
                    };
                    best = best.min(cost);
                }
                if left == 0 {
                    f64::NEG_INFINITY
                } else {
                    limit_m(best)
                }
            });
        }
    }
}

/// What a way costs (−log likelihood) where the crow flies so far.
pub(super) fn cost_between(
    reach: Reach,
    search: &Search,
    crow_m: f64,
    params: &MatchParams,
) -> f64 {
    // A way shorter than the crow's is noise alone, and costs only beyond what noise does.
    let shorter_m = crow_m - params.noise_sigmas * search.sigma_m - reach.route_m;
    let apart_m = (reach.paced_m - crow_m).max(shorter_m).max(0.0);
    apart_m / search.beta_m + reach.turns
}

/// Whether a vehicle fell silent: unheard for long, by the clock and by its own measure.
fn is_silence(a: &Step, b: &Step, params: &MatchParams) -> bool {
    b.unheard_s >= params.silence_s
        && a.unheard_s > 0.0
        && b.unheard_s >= params.silence_times * a.unheard_s
}

/// Bounds and weights for the way between two steps, and the crow's distance.
pub(super) fn search_between(a: &Step, b: &Step, params: &MatchParams) -> (Search, f64) {
    let seconds = b.fix.seconds_since(&a.fix);
    let plane = LocalPlane::at(a.at);
    let [x, y] = plane.project(b.at);
    let crow_m = x.hypot(y);
    // What it may have driven to and fro, beyond what noise makes of its speed. A plow that stands
    // and is heard does not.
    let unseen_m = b.usual_m_per_s * b.unheard_s;
    let unseen_m =
        (unseen_m.min(params.most_unseen_m) - crow_m - params.unseen_sigmas * b.sigma_m).max(0.0);
    let search = Search {
        seconds,
        tip_speed_m_per_s: params
            .tip_speed_m_per_s
            .max(params.tip_haste * b.usual_m_per_s),
        beta_m: params.beta(b.sigma_m, seconds) + params.beta_per_unseen_m * unseen_m,
        goal: LocalPlane::at(b.at),
        goal_radius_m: params.radius_m(b.sigma_m),
        // Never from the crow's distance alone: coming back from a dead end has none.
        cap_m: params.route_slack_m
            + (1.5 * crow_m).max(params.route_speed_m_per_s * seconds.min(300.0)),
        sigma_m: b.sigma_m,
        avoided: None,
        is_silence: is_silence(a, b, params),
    };
    (search, crow_m)
}

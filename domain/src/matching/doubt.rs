//! Ways that may well have been another: between two far fixes a town has several that are as good.
//!
//! A segment of the likeliest way is doubted where a way without it is hardly dearer. The way stays
//! what is said of the plow, but what is doubted makes no pass: a road painted as cleared that no plow
//! saw is the worst mistake. What is undecided yet is weak anyhow, and not looked at.

use super::MatchParams;
use super::route::{RouteSearch, Search, entry};
use super::states::{State, Step};
use super::viterbi::{cost_between, search_between};
use crate::network::DirectedSegment;

/// For each directed segment of the way between two states, whether it is doubted.
pub(super) fn doubts_of(
    (a, source): (&Step, &State),
    (b, target): (&Step, &State),
    middle: &[DirectedSegment],
    params: &MatchParams,
    routes: &mut RouteSearch<'_>,
) -> Vec<bool> {
    let mut doubted = vec![false; middle.len()];
    if middle.is_empty() {
        return doubted;
    }
    let (mut search, crow_m) = search_between(a, b, params);
    let mut ways = Ways {
        source,
        target,
        crow_m,
        params,
        routes,
    };
    let Some((least, _)) = ways.cheapest(&search, params.give_up) else {
        return doubted;
    };
    for i in 0..middle.len() {
        if doubted[i] {
            continue;
        }
        search.avoided = Some(middle[i]);
        if let Some((_, other)) = ways.cheapest(&search, least + params.doubt) {
            for (doubted, directed) in doubted.iter_mut().zip(middle) {
                *doubted |= !other.contains(directed);
            }
        }
    }
    doubted
}

struct Ways<'w, 'a> {
    source: &'w State,
    target: &'w State,
    crow_m: f64,
    params: &'w MatchParams,
    routes: &'w mut RouteSearch<'a>,
}

impl Ways<'_, '_> {
    /// The cheapest way that leaves the source's segment and costs less than the limit.
    fn cheapest(&mut self, search: &Search, limit: f64) -> Option<(f64, Vec<DirectedSegment>)> {
        let (target, params, crow_m) = (self.target, self.params, self.crow_m);
        let mut found: Option<(f64, Vec<DirectedSegment>)> = None;
        let metres = |cost: f64| crow_m + search.beta_m * cost;
        let start_m = metres(limit);
        self.routes
            .explore(self.source, search, params, start_m, |settled| {
                let mut reach = settled.reach;
                if settled.directed == target.directed {
                    reach = reach.further(target.along_m, settled.toll);
                } else if settled.directed == target.directed.reverse() {
                    reach = reach.further(target.left_m, settled.toll);
                    reach.turns += params.u_turn_mid_block;
                    reach.turns += entry(settled.against, target.against, params);
                } else {
                    return metres(found.as_ref().map_or(limit, |(cost, _)| *cost));
                }
                let cost = cost_between(reach, search, crow_m, params);
                let least = found.as_ref().map_or(limit, |(cost, _)| *cost);
                if reach.route_m <= search.cap_m && cost < least {
                    let mut way = Vec::new();
                    settled.way_into(&mut way);
                    found = Some((cost, way));
                }
                metres(cost.min(least))
            });
        found
    }
}

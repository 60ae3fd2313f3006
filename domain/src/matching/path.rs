//! From states to the pieces of road driven between them.

use super::MatchParams;
use super::route::RouteSearch;
use super::states::Step;
use super::viterbi::{Run, search_between};
use crate::network::DirectedSegment;

/// Part of a directed segment driven between two kept fixes.
#[derive(Debug, Clone, Copy)]
pub(super) struct DrivenPiece {
    pub directed: DirectedSegment,
    /// Metres from where the directed segment begins.
    pub from_along_m: f64,
    pub to_along_m: f64,
    /// Shares of the time between the two fixes.
    pub from_share: f64,
    pub to_share: f64,
    /// Indices of the two fixes within the trace.
    pub fix_before: usize,
    pub fix_after: usize,
    /// The earlier fix was seen on this piece.
    pub holds_before: bool,
    /// The later fix was seen on this piece.
    pub holds_after: bool,
    /// Goes on from the piece before without leaving the directed segment.
    pub continues: bool,
}

/// All pieces of a run, in order.
pub(super) fn pieces_of(
    run: &Run,
    steps: &[Step],
    params: &MatchParams,
    routes: &mut RouteSearch<'_>,
) -> Vec<DrivenPiece> {
    let mut pieces = Vec::new();
    if let [(step, state)] = run[..] {
        let state = &steps[step].states[state];
        let fix = steps[step].fix;
        pieces.push(DrivenPiece {
            directed: state.directed,
            from_along_m: state.along_m,
            to_along_m: state.along_m,
            from_share: 0.0,
            to_share: 0.0,
            fix_before: fix,
            fix_after: fix,
            holds_before: true,
            holds_after: true,
            continues: false,
        });
    }
    for (i, pair) in run.windows(2).enumerate() {
        let (a, b) = (&steps[pair[0].0], &steps[pair[1].0]);
        let (source, target) = (&a.states[pair[0].1], &b.states[pair[1].1]);
        let (search, _) = search_between(a, b, params);
        let between = routes.between(source, target, search, params);
        let length_m =
            |d: DirectedSegment| routes.network().segments()[d.segment() as usize].length_m;

        // (directed, from, to) in order.
        let mut ways: Vec<(DirectedSegment, f64, f64)> = Vec::new();
        match between {
            None if target.directed == source.directed => {
                let to = target.along_m.max(source.along_m);
                ways.push((source.directed, source.along_m, to));
            }
            None => {
                // Round in mid-block: on to wherever the later position lies, then back.
                let length = length_m(source.directed);
                let turn_m = source.along_m.max(length - target.along_m);
                ways.push((source.directed, source.along_m, turn_m));
                ways.push((target.directed, length - turn_m, target.along_m));
            }
            Some(middle) => {
                let enters = middle.first().copied().unwrap_or(target.directed);
                let leaves_ahead = routes
                    .network()
                    .leaving(routes.network().head(source.directed))
                    .contains(&enters);
                let length = length_m(source.directed);
                if leaves_ahead {
                    ways.push((source.directed, source.along_m, length));
                } else {
                    ways.push((source.directed, source.along_m, source.along_m));
                    ways.push((source.directed.reverse(), length - source.along_m, length));
                }
                ways.extend(middle.iter().map(|d| (*d, 0.0, length_m(*d))));
                ways.push((target.directed, 0.0, target.along_m));
            }
        }

        let total_m: f64 = ways.iter().map(|(_, from, to)| to - from).sum();
        let last = ways.len() - 1;
        let mut driven_m = 0.0;
        for (k, (directed, from_along_m, to_along_m)) in ways.into_iter().enumerate() {
            let share = |m: f64| if total_m > 0.0 { m / total_m } else { 0.0 };
            let from_share = share(driven_m);
            driven_m += to_along_m - from_along_m;
            pieces.push(DrivenPiece {
                directed,
                from_along_m,
                to_along_m,
                from_share,
                to_share: if k == last { 1.0 } else { share(driven_m) },
                fix_before: a.fix,
                fix_after: b.fix,
                holds_before: k == 0,
                holds_after: k == last,
                continues: k == 0 && i > 0,
            });
        }
    }
    pieces
}

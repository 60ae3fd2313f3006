//! From states to the pieces of road driven between them.

use super::route::RouteSearch;
use super::states::Step;
use super::viterbi::Run;
use crate::network::DirectedSegment;

/// A dead end is held for driven, not inferred, to its tip from as near as this.
const SURE_TIP_M: f64 = 10.0;

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

/// All pieces of a run, in order; none for a single state.
pub(super) fn pieces_of(run: &Run, steps: &[Step], routes: &RouteSearch<'_>) -> Vec<DrivenPiece> {
    let length_m = |d: DirectedSegment| routes.length_m(d);
    let mut pieces = Vec::with_capacity(2 * run.stops.len());
    // (directed, from, to) in order.
    let mut ways: Vec<(DirectedSegment, f64, f64)> = Vec::new();
    if let [stop] = run.stops[..] {
        let state = &steps[stop.step].states[stop.state];
        let fix = steps[stop.step].fix;
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
    // How far the plow has come on the segment that it is on: a receiver's position may slip back,
    // the plow does not.
    let mut reached_m = 0.0;
    for (i, pair) in run.stops.windows(2).enumerate() {
        let (a, b) = (&steps[pair[0].step], &steps[pair[1].step]);
        let (source, target) = (&a.states[pair[0].state], &b.states[pair[1].state]);
        let way = &pair[1].way;
        let (from, to) = (source.directed, target.directed);
        let from_length_m = source.along_m + source.left_m;
        let begins_m = source.along_m.max(reached_m);
        reached_m = target.along_m;
        ways.clear();
        if way.stays && from == to {
            reached_m = reached_m.max(begins_m);
            ways.push((from, begins_m, reached_m));
        } else if way.stays {
            // Round in mid-block: on to wherever the later position lies, then back.
            let turn_m = begins_m.max(target.left_m);
            let back_m = from_length_m - turn_m;
            ways.push((from, begins_m, turn_m));
            if way.to_tip && back_m > SURE_TIP_M {
                ways.push((from, turn_m, from_length_m));
                ways.push((to, 0.0, back_m));
                ways.push((to, back_m, target.along_m.max(back_m)));
            } else if way.to_tip {
                ways[0].2 = from_length_m;
                ways.push((to, 0.0, target.along_m));
            } else {
                ways.push((to, back_m, target.along_m.max(back_m)));
            }
            reached_m = reached_m.max(back_m);
        } else {
            if way.turns_at_source {
                ways.push((from, begins_m, begins_m));
                ways.push((from.reverse(), from_length_m - begins_m, from_length_m));
            } else {
                ways.push((from, begins_m, from_length_m));
            }
            ways.extend(run.middle(way).iter().map(|d| (*d, 0.0, length_m(*d))));
            if way.turns_at_target {
                ways.push((to.reverse(), 0.0, target.left_m));
                ways.push((to, target.along_m, target.along_m));
            } else {
                ways.push((to, 0.0, target.along_m));
            }
        }

        let total_m: f64 = ways.iter().map(|(_, from, to)| to - from).sum();
        let share = |m: f64| {
            if total_m > 0.0 {
                (m / total_m).min(1.0)
            } else {
                0.0
            }
        };
        let last = ways.len() - 1;
        // Where it turned round at a fix, that fix lies on the pieces before and after.
        let (begins, ends) = (
            usize::from(way.turns_at_source),
            last - usize::from(way.turns_at_target),
        );
        let mut driven_m = 0.0;
        for (k, (directed, from_along_m, to_along_m)) in ways.drain(..).enumerate() {
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
                holds_before: k <= begins,
                holds_after: k >= ends,
                continues: k == 0 && i > 0,
            });
        }
    }
    pieces
}

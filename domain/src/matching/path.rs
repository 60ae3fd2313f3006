//! From states to the pieces of road driven between them.

use super::MatchParams;
use super::doubt::doubts_of;
use super::lattice::{Run, Way};
use super::route::RouteSearch;
use super::states::{Kept, State, Step};

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
    /// The two fixes.
    pub before: Kept,
    pub after: Kept,
    /// The earlier fix was seen on this piece.
    pub holds_before: bool,
    /// The later fix was seen on this piece.
    pub holds_after: bool,
    /// Another way is nearly as likely.
    pub doubtful: bool,
    /// Goes on from the piece before without leaving the directed segment.
    pub continues: bool,
}

/// All pieces of a run, in order; a single state gives a piece without length.
pub(super) fn pieces_of(
    run: &Run,
    steps: &[Step],
    params: &MatchParams,
    routes: &mut RouteSearch<'_>,
) -> Vec<DrivenPiece> {
    let mut pieces = Vec::with_capacity(2 * run.stops.len());
    if let [stop] = run.stops[..] {
        let step = &steps[stop.step];
        pieces.push(standing_piece(step.fix, &step.states[stop.state]));
    }
    let mut walk = Walk::default();
    for pair in run.stops.windows(2) {
        let (a, b) = (&steps[pair[0].step], &steps[pair[1].step]);
        let source = (a.fix, &a.states[pair[0].state]);
        let target = (b.fix, &b.states[pair[1].state]);
        let way = &pair[1].way;
        let middle = run.middle(way);
        let doubts = doubts_of((a, source.1), (b, target.1), middle, params, routes);
        let middle = Middle {
            middle,
            doubts: &doubts,
        };
        walk.drive(source, target, way, middle, routes, &mut |piece| {
            pieces.push(piece);
        });
    }
    pieces
}

/// The piece of a fix that no way leads to or from.
pub(super) fn standing_piece(fix: Kept, state: &State) -> DrivenPiece {
    DrivenPiece {
        directed: state.directed,
        from_along_m: state.along_m,
        to_along_m: state.along_m,
        from_share: 0.0,
        to_share: 0.0,
        before: fix,
        after: fix,
        holds_before: true,
        holds_after: true,
        doubtful: false,
        continues: false,
    }
}

/// The directed segments driven from end to end between two states.
#[derive(Debug, Clone, Copy)]
pub(super) struct Middle<'m> {
    pub middle: &'m [DirectedSegment],
    /// Which of them are doubted; those beyond its end are not.
    pub doubts: &'m [bool],
}

/// What is carried from one way to the next.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Walk {
    /// How far the plow has come on the segment that it is on: a receiver's position may slip
    /// back, the plow does not.
    reached_m: f64,
    on_its_way: bool,
}

impl Walk {
    /// Whether anything was driven yet.
    pub(super) fn is_on_its_way(&self) -> bool {
        self.on_its_way
    }

    /// Drives from one state to the next, piece by piece.
    pub(super) fn drive(
        &mut self,
        (before, source): (Kept, &State),
        (after, target): (Kept, &State),
        way: &Way,
        Middle { middle, doubts }: Middle<'_>,
        routes: &RouteSearch<'_>,
        each: &mut impl FnMut(DrivenPiece),
    ) {
        let length_m = |d: DirectedSegment| routes.length_m(d);
        // (directed, from, to) in order.
        let mut ways: Vec<(DirectedSegment, f64, f64)> = Vec::with_capacity(4 + middle.len());
        let (from, to) = (source.directed, target.directed);
        let from_length_m = source.along_m + source.left_m;
        let begins_m = source.along_m.max(self.reached_m);
        let mut middle_from = usize::MAX;
        self.reached_m = target.along_m;
        if way.stays && from == to {
            self.reached_m = self.reached_m.max(begins_m);
            ways.push((from, begins_m, self.reached_m));
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
            self.reached_m = self.reached_m.max(back_m);
        } else {
            if way.turns_at_source {
                ways.push((from, begins_m, begins_m));
                ways.push((from.reverse(), from_length_m - begins_m, from_length_m));
            } else {
                ways.push((from, begins_m, from_length_m));
            }
            middle_from = ways.len();
            ways.extend(middle.iter().map(|d| (*d, 0.0, length_m(*d))));
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
        for (k, (directed, from_along_m, to_along_m)) in ways.into_iter().enumerate() {
            let from_share = share(driven_m);
            driven_m += to_along_m - from_along_m;
            each(DrivenPiece {
                directed,
                from_along_m,
                to_along_m,
                from_share,
                to_share: if k == last { 1.0 } else { share(driven_m) },
                before,
                after,
                holds_before: k <= begins,
                holds_after: k >= ends,
                doubtful: k
                    .checked_sub(middle_from)
                    .and_then(|i| doubts.get(i))
                    .is_some_and(|doubted| *doubted),
                continues: k == 0 && self.on_its_way,
            });
        }
        self.on_its_way = true;
    }
}

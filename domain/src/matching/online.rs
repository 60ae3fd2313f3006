//! Matching while a plow drives: each position is decided a fixed number of kept fixes later.
//!
//! A trace is fed fix by fix. Spans that are decided come out once and for all, as far as this trace
//! goes; what lies after them is the best that can be said so far. When the trace has ended it is
//! matched whole ([`super::map_match`]), and that counts.

use super::doubt::doubts_of;
use super::lattice::{Lattice, Stop};
use super::open_trace::{Heard, OnlineTrace};
use super::path::{Middle, Walk, standing_piece};
use super::route::RouteSearch;
use super::second_look;
use super::spans::SpanJoin;
use super::states::{Character, Kept, course_of, is_moving, plane_m, step_of};
use super::thinning::has_moved_on;
use super::trace::{crosses_noon, may_be_island, too_fast, too_long};
use super::viterbi::Relaxer;
use super::{MatchParams, MatchedSpan};
use crate::fix::PlowFix;
use crate::geometry::LonLat;
use crate::network::RoadNetwork;
use jiff::Timestamp;

/// What became of a fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pushed {
    /// It belongs to the trace.
    Taken,
    /// It is not later than the trace's last one; the trace is as it was.
    Late,
    /// The trace has ended before it, and is as it was; the next one begins with the fix observed
    /// then.
    Ended {
        /// When the next trace begins.
        next_from: Timestamp,
    },
}

/// A span that may still change.
#[derive(Debug, Clone, PartialEq)]
pub struct UndecidedSpan {
    /// The span.
    pub span: MatchedSpan,
    /// Its way is not decided yet; otherwise it only is not at its end.
    pub weak: bool,
}

/// Matches open traces on one network. Its memory is that of one search, whatever the number of traces.
pub struct OnlineMatcher<'a> {
    network: &'a RoadNetwork,
    params: MatchParams,
    search: RouteSearch<'a>,
    relaxer: Relaxer,
}

impl<'a> OnlineMatcher<'a> {
    /// A matcher for a network.
    pub fn new(network: &'a RoadNetwork, params: MatchParams) -> Self {
        OnlineMatcher {
            network,
            params,
            search: RouteSearch::new(network),
            relaxer: Relaxer::default(),
        }
    }

    /// A trace that begins with a fix.
    pub fn begin(&mut self, fix: &PlowFix) -> OnlineTrace {
        let heard = self.hear(fix, 0);
        let mut trace = OnlineTrace::begun(heard, fix.observed_at);
        self.ripen(&mut trace, false, &mut Vec::new());
        trace
    }

    /// Feeds the next fix; spans that are decided by it are appended to `decided`.
    pub fn push(
        &mut self,
        trace: &mut OnlineTrace,
        fix: &PlowFix,
        decided: &mut Vec<MatchedSpan>,
    ) -> Pushed {
        let last = trace.last;
        let newest = trace.held.last().copied().unwrap_or(last);
        if fix.observed_at <= newest.fix.observed_at {
            return Pushed::Late;
        }
        let heard = self.hear(fix, newest.fix.row + 1);
        let moment = |h: &Heard| (h.at, h.fix.observed_at);
        if let (Some(first), Some(held)) = (trace.held.first(), trace.held.last()) {
            let next_from = first.fix.observed_at;
            let away = [first.at, held.at];
            let is_island = may_be_island(moment(&last), away, fix.observed_at);
            if trace.held.len() > 1 && !is_island {
                return Pushed::Ended { next_from };
            }
            let comes_back = too_fast(moment(held), moment(&heard), &self.params)
                && !too_fast(moment(&last), moment(&heard), &self.params);
            if !comes_back {
                trace.held.push(heard);
                return Pushed::Taken;
            }
            trace.held.clear();
        }
        if too_long(last.fix.observed_at, fix.observed_at, &self.params) {
            return Pushed::Ended {
                next_from: fix.observed_at,
            };
        }
        if too_fast(moment(&last), moment(&heard), &self.params) {
            trace.held.push(heard);
            return Pushed::Taken;
        }
        let is_first = last.fix.observed_at == trace.started_at;
        if !is_first && crosses_noon(last.fix.observed_at, fix.observed_at) {
            return Pushed::Ended {
                next_from: last.fix.observed_at,
            };
        }
        trace.last = heard;
        trace.recent.push_back(heard);
        self.ripen(trace, false, decided);
        Pushed::Taken
    }

    /// Decides all that is left of a trace that has ended.
    pub fn finish(&mut self, mut trace: OnlineTrace, decided: &mut Vec<MatchedSpan>) {
        self.ripen(&mut trace, true, decided);
        self.end_run(&mut trace, decided);
    }

    /// What can be said of the way after the decided spans, in time order.
    pub fn undecided(&self, trace: &OnlineTrace) -> Vec<UndecidedSpan> {
        let mut spans = Vec::new();
        let mut decided = trace.join;
        spans.extend(
            decided
                .finish(self.network)
                .map(|span| UndecidedSpan { span, weak: false }),
        );
        let (mut walk, mut join) = (trace.walk, SpanJoin::default());
        let stops = trace.lattice.best_stops();
        let mut weak = Vec::new();
        self.drive(trace, &stops, &[], &mut walk, &mut join, &mut weak);
        weak.extend(join.finish(self.network));
        spans.extend(
            weak.into_iter()
                .map(|span| UndecidedSpan { span, weak: true }),
        );
        spans
    }

    fn hear(&self, fix: &PlowFix, row: u32) -> Heard {
        Heard {
            fix: Kept::of(fix, row),
            at: fix.at,
            course_deg: course_of(fix, &self.params),
        }
    }

    fn ripen(
        &mut self,
        trace: &mut OnlineTrace,
        to_the_last: bool,
        decided: &mut Vec<MatchedSpan>,
    ) {
        while let Some((heard, at)) = trace.next_ripe(to_the_last, &self.params) {
            if let Some(before) = trace.last_ripe.replace(heard.fix) {
                let gap_s = heard.fix.seconds_since(&before);
                trace.unheard_s = trace.unheard_s.max(gap_s);
            }
            let sigma_m = trace.noise.sigma_m(&self.params);
            let is_last = to_the_last && trace.ripe == trace.recent.len();
            let says_more = trace.last_kept.is_none_or(|(before, before_at)| {
                is_last
                    || has_moved_on(
                        (&before, before_at),
                        (&heard.fix, at),
                        sigma_m,
                        &self.params,
                    )
            });
            if says_more {
                let mut heard = heard;
                if let Some((before, before_at)) = &trace.last_kept {
                    let seconds = heard.fix.seconds_since(before);
                    let moved_m = plane_m(*before_at, at);
                    trace.moves.note(moved_m, seconds);
                    let moves = is_moving(moved_m, seconds, sigma_m, &self.params);
                    heard.course_deg = heard.course_deg.filter(|_| moves);
                }
                trace.last_kept = Some((heard.fix, at));
                self.keep(trace, &heard, at, sigma_m, decided);
                trace.unheard_s = 0.0;
            }
        }
    }

    fn keep(
        &mut self,
        trace: &mut OnlineTrace,
        heard: &Heard,
        at: LonLat,
        sigma_m: f64,
        decided: &mut Vec<MatchedSpan>,
    ) {
        let character = Character {
            sigma_m,
            usual_m_per_s: trace.moves.usual_m_per_s(),
            unheard_s: trace.unheard_s,
        };
        let course_deg = heard.course_deg;
        let step = step_of(
            self.network,
            heard.fix,
            at,
            course_deg,
            character,
            &self.params,
        );
        if step.states.is_empty() {
            trace.off_road += 1;
            if trace.off_road > self.params.off_road_fixes {
                self.end_run(trace, decided);
            }
            return;
        }
        trace.off_road = 0;
        let bounds = (self.network, &self.params);
        let search = (&mut self.relaxer, &mut self.search);
        second_look::take(trace, character, bounds, search);
        trace.steps.push(step);
        let newest = trace.steps.len() - 1;
        let (lattice, steps) = (&mut trace.lattice, &trace.steps);
        if !self
            .relaxer
            .advance(lattice, steps, newest, &self.params, &mut self.search)
        {
            let step = trace.steps.pop();
            self.end_run(trace, decided);
            trace.steps.extend(step);
            let against_traffic = self.params.against_traffic;
            trace.lattice.begin(&trace.steps, 0, against_traffic);
        }
        let stops = trace.lattice.best_stops();
        let settled = self.decide(trace, &stops, decided);
        let distance_m = |stop: &Stop| {
            let step = &trace.steps[stop.step - settled.unwrap_or(0)];
            step.states[stop.state].distance_m
        };
        let from = stops.partition_point(|stop| stop.step <= settled.unwrap_or(0));
        let from = if trace.anchored { from } else { 0 };
        let undecided = stops[from..].iter().map(distance_m);
        trace.noise.note_undecided(undecided);
    }

    /// Settles where the plow was `lag` steps ago; returns by which step.
    fn decide(
        &mut self,
        trace: &mut OnlineTrace,
        stops: &[Stop],
        decided: &mut Vec<MatchedSpan>,
    ) -> Option<usize> {
        let newest = trace.lattice.columns.len() - 1;
        let mut limit = newest.checked_sub(self.params.lag)?;
        let now = trace.steps[newest].fix.observed_at;
        while now.duration_since(trace.steps[limit].fix.observed_at) < self.params.lag_at_least {
            limit = limit.checked_sub(1)?;
        }
        let settled = stops.partition_point(|stop| stop.step <= limit);
        let last = settled.checked_sub(1).map(|i| stops[i])?;
        if last.step == 0 && trace.anchored {
            return None;
        }
        let before = decided.len();
        let (mut walk, mut join) = (trace.walk, trace.join);
        let stops = &stops[..settled];
        let doubts = self.doubts_along(trace, stops);
        self.drive(trace, stops, &doubts, &mut walk, &mut join, decided);
        (trace.walk, trace.join) = (walk, join);
        trace.decided += (decided.len() - before) as u32;
        for stop in &stops[usize::from(trace.anchored)..] {
            let distance_m = trace.steps[stop.step].states[stop.state].distance_m;
            trace.noise.note_decided(distance_m);
        }
        trace.anchored = true;
        trace
            .lattice
            .settle(&mut trace.steps, last.step, last.state);
        trace.remember(last.state);
        Some(last.step)
    }

    /// What is doubted of the way from each stop to the next.
    fn doubts_along(&mut self, trace: &OnlineTrace, stops: &[Stop]) -> Vec<Vec<bool>> {
        stops
            .windows(2)
            .map(|pair| {
                let [a, b] = [0, 1].map(|i| &trace.steps[pair[i].step]);
                let (source, target) = (&a.states[pair[0].state], &b.states[pair[1].state]);
                let middle = &trace.lattice.middles[pair[1].way.middle()];
                let search = &mut self.search;
                doubts_of((a, source), (b, target), middle, &self.params, search)
            })
            .collect()
    }

    /// Drives along stops, appending the spans that come to their end.
    fn drive(
        &self,
        trace: &OnlineTrace,
        stops: &[Stop],
        doubts: &[Vec<bool>],
        walk: &mut Walk,
        join: &mut SpanJoin,
        spans: &mut Vec<MatchedSpan>,
    ) {
        for (i, pair) in stops.windows(2).enumerate() {
            let (a, b) = (&trace.steps[pair[0].step], &trace.steps[pair[1].step]);
            let (source, target) = (&a.states[pair[0].state], &b.states[pair[1].state]);
            let way = &pair[1].way;
            let middle = &trace.lattice.middles[way.middle()];
            walk.drive(
                (a.fix, source),
                (b.fix, target),
                way,
                Middle {
                    middle,
                    doubts: doubts.get(i).map_or(&[], Vec::as_slice),
                },
                &self.search,
                &mut |piece| spans.extend(join.add(self.network, &piece)),
            );
        }
    }

    /// Ends the run of joined steps: nothing leads from it to what comes next.
    fn end_run(&mut self, trace: &mut OnlineTrace, decided: &mut Vec<MatchedSpan>) {
        let before = decided.len();
        let stops = trace.lattice.best_stops();
        let (mut walk, mut join) = (trace.walk, trace.join);
        let doubts = self.doubts_along(trace, &stops);
        self.drive(trace, &stops, &doubts, &mut walk, &mut join, decided);
        if let [only] = stops[..]
            && !walk.is_on_its_way()
        {
            let step = &trace.steps[only.step];
            let piece = standing_piece(step.fix, &step.states[only.state]);
            decided.extend(join.add(self.network, &piece));
        }
        decided.extend(join.finish(self.network));
        trace.decided += (decided.len() - before) as u32;
        trace.walk = Walk::default();
        trace.join = SpanJoin::default();
        trace.anchored = false;
        trace.steps.clear();
        trace.lattice = Lattice::default();
    }
}

//! What is to be done for one vehicle, and what comes of it.

use domain::coverage::{Confidence, Pass, covered_m};
use domain::fix::PlowFix;
use domain::matching::{
    MatchParams, MatchedSpan, OnlineMatcher, OnlineTrace, Pushed, Trace, UndecidedSpan, map_match,
    noon_before, split_traces,
};
use domain::network::{RoadNetwork, SegmentId};
use domain::work::WorkKind;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use store::{FreshFixes, OpenState, PassKey, SegmentPass};

/// Newest revision of a stored pass; `None` where it is withdrawn.
pub(super) type StoredPass = (PassKey, Option<SegmentPass>);

/// A vehicle and how to go about it.
pub(super) struct Task {
    pub fresh: FreshFixes,
    pub plan: Plan,
}

/// How to go about a vehicle.
pub(super) enum Plan {
    /// Feed the new fixes to its open trace.
    Follow {
        trace: Box<OnlineTrace>,
        /// Passes from this number on are written already, and may come out otherwise.
        rewound_to: Option<i32>,
    },
    /// Read all its fixes since this time, and match again the traces that reach `from_at`.
    Whole {
        after: Timestamp,
        from_at: Timestamp,
    },
}

impl Plan {
    pub(super) fn of(
        fresh: &FreshFixes,
        following: Option<OnlineTrace>,
        params: &MatchParams,
    ) -> Self {
        if let Some(mut trace) = following
            && !fresh.quiet
        {
            if fresh.from_at > trace.newest_fix_at() {
                return Plan::Follow {
                    trace: Box::new(trace),
                    rewound_to: None,
                };
            }
            if trace.rewind_before(fresh.from_at) {
                return Plan::Follow {
                    rewound_to: Some(trace.decided() as i32),
                    trace: Box::new(trace),
                };
            }
        }
        Plan::whole(fresh.from_at, params)
    }

    fn whole(from_at: Timestamp, params: &MatchParams) -> Self {
        let before = |at: Timestamp| at.saturating_sub(params.max_gap).unwrap_or(Timestamp::MIN);
        // A trace begins after noon, or with the last fix before it, which may lie as long before as
        // a gap may be long.
        let after = before(noon_before(before(from_at)));
        let after = after
            .saturating_sub(SignedDuration::from_secs(1))
            .unwrap_or(after);
        Plan::Whole { after, from_at }
    }

    /// The fixes that are needed are those later than this.
    pub(super) fn fixes_after(&self) -> Timestamp {
        match self {
            Plan::Follow { trace, .. } => trace.newest_fix_at(),
            Plan::Whole { after, .. } => *after,
        }
    }

    /// What is written is needed for traces from this start on, where anything is.
    pub(super) fn compares_from(&self) -> Option<Timestamp> {
        match self {
            Plan::Follow { trace, rewound_to } => rewound_to.map(|_| trace.started_at()),
            Plan::Whole { after, .. } => Some(*after),
        }
    }
}

/// What came of a task.
pub(super) enum Outcome {
    /// Its trace has ended: to be done once more, whole.
    Again(Task),
    /// Done.
    Done(Box<Done>),
}

/// What is to be written for a vehicle.
pub(super) struct Done {
    pub fresh: FreshFixes,
    pub changes: Vec<StoredPass>,
    /// Segments that passes were on and are no more, or otherwise.
    pub left: Vec<SegmentId>,
    /// The trace that is open now, with the passes that may still change.
    pub open: Option<(OnlineTrace, Vec<SegmentPass>)>,
}

impl Done {
    /// Segments whose status hangs on what is undecided: those that came or went since the trace
    /// was last written, and all of them once a minute, so that a plow at work stays at work.
    pub(super) fn touched(&self, before: Option<&OpenState>) -> Vec<SegmentId> {
        let minute = |at: Timestamp| at.as_second().div_euclid(60);
        let now: BTreeSet<SegmentId> = self
            .open
            .iter()
            .flat_map(|(_, passes)| passes.iter().map(|p| p.segment))
            .collect();
        let then: BTreeSet<SegmentId> = before
            .iter()
            .flat_map(|b| b.segments.iter().copied())
            .collect();
        let same_minute = match (before, &self.open) {
            (Some(before), Some((trace, _))) => {
                minute(before.last_fix_at) == minute(trace.last_fix_at())
            }
            _ => false,
        };
        let left = self.left.iter().copied();
        if same_minute {
            left.chain(now.symmetric_difference(&then).copied())
                .collect()
        } else {
            left.chain(now.union(&then).copied()).collect()
        }
    }
}

/// Where tasks are worked out, one after another, on one network.
pub(super) struct Desk<'a> {
    network: &'a RoadNetwork,
    params: MatchParams,
    matcher: OnlineMatcher<'a>,
    closes_all: bool,
    now: Timestamp,
}

impl<'a> Desk<'a> {
    pub(super) fn new(
        network: &'a RoadNetwork,
        params: MatchParams,
        closes_all: bool,
        now: Timestamp,
    ) -> Self {
        Desk {
            network,
            matcher: OnlineMatcher::new(network, params.clone()),
            params,
            closes_all,
            now,
        }
    }

    pub(super) fn work_out(
        &mut self,
        task: Task,
        fixes: &[PlowFix],
        stored: Vec<StoredPass>,
    ) -> Outcome {
        match task.plan {
            Plan::Follow { trace, rewound_to } => {
                self.follow(task.fresh, *trace, rewound_to, fixes, stored)
            }
            Plan::Whole { from_at, .. } => {
                Outcome::Done(Box::new(self.whole(task.fresh, from_at, fixes, stored)))
            }
        }
    }

    fn follow(
        &mut self,
        fresh: FreshFixes,
        mut trace: OnlineTrace,
        rewound_to: Option<i32>,
        fixes: &[PlowFix],
        mut stored: Vec<StoredPass>,
    ) -> Outcome {
        let first = trace.decided() as i32;
        let mut decided = Vec::new();
        for fix in fixes {
            if let Pushed::Ended { .. } = self.matcher.push(&mut trace, fix, &mut decided) {
                let plan = Plan::whole(trace.started_at().min(fresh.from_at), &self.params);
                return Outcome::Again(Task { fresh, plan });
            }
        }
        let started_at = trace.started_at();
        stored.retain(|(key, _)| {
            key.trace_start == started_at && rewound_to.is_some_and(|from| key.ordinal >= from)
        });
        let said = self.matcher.undecided(&trace);
        let undecided = self.undecided(&said);
        let count = decided.len();
        decided.extend(said.into_iter().map(|u| u.span));
        let passes = self.passes(&fresh, started_at, first, &decided, count);
        let (changes, left) = differences(passes, stored);
        Outcome::Done(Box::new(Done {
            changes,
            left,
            open: Some((trace, undecided)),
            fresh,
        }))
    }

    fn whole(
        &mut self,
        fresh: FreshFixes,
        from_at: Timestamp,
        fixes: &[PlowFix],
        mut stored: Vec<StoredPass>,
    ) -> Done {
        let reaches = from_at
            .saturating_sub(self.params.max_gap)
            .unwrap_or(from_at);
        let traces = split_traces(fixes, &self.params);
        let touched = traces.partition_point(|trace| last_fix_at(trace) < reaches);
        let mut passes = Vec::new();
        let mut open = None;
        for (i, trace) in traces.iter().enumerate().skip(touched) {
            let started_at = trace.fixes[0].observed_at;
            let is_open = i + 1 == traces.len() && !self.has_ended(last_fix_at(trace), &fresh);
            let mut spans = Vec::new();
            if is_open {
                let mut online = self.matcher.begin(trace.fixes[0]);
                for fix in &trace.fixes[1..] {
                    self.matcher.push(&mut online, fix, &mut spans);
                }
                let undecided = self.undecided(&self.matcher.undecided(&online));
                open = Some((online, undecided));
            } else {
                spans = map_match(self.network, trace, &self.params);
            }
            passes.extend(self.passes(&fresh, started_at, 0, &spans, spans.len()));
        }
        // Traces that reached there before may have begun elsewhere; earlier ones stay.
        let from = traces.get(touched).map(|trace| trace.fixes[0].observed_at);
        stored.retain(|(key, _)| from.is_some_and(|from| key.trace_start >= from));
        let (changes, left) = differences(passes, stored);
        Done {
            changes,
            left,
            open,
            fresh,
        }
    }

    /// Whether a vehicle's last trace is over: its last fix is old, and nothing has come for as long.
    fn has_ended(&self, last_fix_at: Timestamp, fresh: &FreshFixes) -> bool {
        let is_old = |at: Timestamp| self.now.duration_since(at) > self.params.max_gap;
        self.closes_all || (is_old(last_fix_at) && is_old(fresh.heard_at))
    }

    /// The passes of the first `count` spans; those after only say how the trace goes on.
    fn passes(
        &self,
        fresh: &FreshFixes,
        trace_start: Timestamp,
        first: i32,
        spans: &[MatchedSpan],
        count: usize,
    ) -> Vec<(PassKey, SegmentPass)> {
        (first..)
            .zip(0..count)
            .filter_map(|(ordinal, i)| {
                let pass = pass_of(self.network, spans, i, None)?;
                let key = PassKey {
                    vehicle: fresh.vehicle.clone(),
                    trace_start,
                    ordinal,
                };
                Some((key, pass))
            })
            .collect()
    }

    fn undecided(&self, said: &[UndecidedSpan]) -> Vec<SegmentPass> {
        let spans: Vec<MatchedSpan> = said.iter().map(|u| u.span.clone()).collect();
        let confidence = |i: usize| said[i].weak.then_some(Confidence::Weak);
        (0..spans.len())
            .filter_map(|i| pass_of(self.network, &spans, i, confidence(i)))
            .collect()
    }
}

fn last_fix_at(trace: &Trace<'_>) -> Timestamp {
    trace.fixes[trace.fixes.len() - 1].observed_at
}

/// What must be written for the stored passes to become the new ones, and the segments of those
/// that are no more, or otherwise.
fn differences(
    new: Vec<(PassKey, SegmentPass)>,
    stored: Vec<StoredPass>,
) -> (Vec<StoredPass>, Vec<SegmentId>) {
    let mut old: BTreeMap<PassKey, SegmentPass> = stored
        .into_iter()
        .filter_map(|(key, pass)| Some((key, pass?)))
        .collect();
    let mut changes: Vec<StoredPass> = Vec::new();
    let mut left = Vec::new();
    for (key, pass) in new {
        let before = old.remove(&key);
        if before.as_ref() != Some(&pass) {
            left.extend(before.map(|b| b.segment));
            changes.push((key, Some(pass)));
        }
    }
    left.extend(old.values().map(|pass| pass.segment));
    changes.extend(old.into_keys().map(|key| (key, None)));
    (changes, left)
}

/// The pass that a span of a trace makes; driving without working makes none, and a doubted way neither.
fn pass_of(
    network: &RoadNetwork,
    spans: &[MatchedSpan],
    index: usize,
    confidence: Option<Confidence>,
) -> Option<SegmentPass> {
    let span = &spans[index];
    if span.work == Some(WorkKind::Transit) || span.doubtful {
        return None;
    }
    let as_seen = if span.inferred {
        Confidence::Inferred
    } else {
        Confidence::Seen
    };
    let (from_m, to_m) = covered_m(network, spans, index);
    Some(SegmentPass {
        segment: network.segments()[span.segment as usize].id,
        pass: Pass {
            direction: span.direction,
            from_m,
            to_m,
            entered_at: to_microsecond(span.entered_at),
            left_at: to_microsecond(span.left_at),
            work: span.work,
            confidence: confidence.unwrap_or(as_seen),
        },
    })
}

/// As the store keeps it, so that what was written compares equal.
fn to_microsecond(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

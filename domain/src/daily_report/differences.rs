//! What a handed-in work log says otherwise than the positions do.

use super::ReportedPass;
use crate::work::WorkKind;
use crate::work_log::WorkLogEntry;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::collections::BTreeMap;

/// Clocks of people and of vehicles differ by less.
const SAME_TIME: SignedDuration = SignedDuration::from_mins(10);

/// A break up to this long does not end a stretch of work.
const LONGEST_BREAK: SignedDuration = SignedDuration::from_mins(30);

/// One difference. Neither side is taken to be right: a person decides.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Difference {
    /// The log tells of work during which no pass was seen.
    NotSeen {
        /// As logged.
        from: Timestamp,
        /// As logged.
        until: Timestamp,
    },
    /// Passes were seen of which the log does not tell.
    NotLogged {
        /// As seen.
        from: Timestamp,
        /// As seen.
        until: Timestamp,
    },
    /// The beginning differs by more than ten minutes.
    Start {
        /// As logged.
        logged: Timestamp,
        /// As seen.
        seen: Timestamp,
    },
    /// The end differs by more than ten minutes.
    End {
        /// As logged.
        logged: Timestamp,
        /// As seen.
        seen: Timestamp,
    },
    /// The work is another than was seen for most of the time.
    Work {
        /// When the logged work began.
        from: Timestamp,
        /// As logged.
        logged: WorkKind,
        /// As seen.
        seen: WorkKind,
    },
}

/// A stretch of work without a long break.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: Timestamp,
    until: Timestamp,
}

impl Span {
    fn touches(&self, other: &Span) -> bool {
        self.from < other.until && other.from < self.until
    }
}

/// The differences between a vehicle's passes and the rows of its log, in order of time.
pub fn differences(passes: &[ReportedPass], log: &[WorkLogEntry]) -> Vec<Difference> {
    let seen = spans(passes.iter().map(|p| (p.pass.entered_at, p.pass.left_at)));
    let logged = spans(log.iter().map(|e| (e.started_at, e.ended_at)));
    let mut found: Vec<(Timestamp, Difference)> = Vec::new();
    for span in &logged {
        let during: Vec<&Span> = seen.iter().filter(|other| other.touches(span)).collect();
        let (Some(first), Some(last)) = (during.first(), during.last()) else {
            let (from, until) = (span.from, span.until);
            found.push((from, Difference::NotSeen { from, until }));
            continue;
        };
        // A stretch that two logged ones share ends for the one where it begins for the other.
        let alone = |other: &Span| logged.iter().filter(|l| l.touches(other)).count() == 1;
        if alone(first) && differ(span.from, first.from) {
            let (logged, seen) = (span.from, first.from);
            found.push((logged.min(seen), Difference::Start { logged, seen }));
        }
        if alone(last) && differ(span.until, last.until) {
            let (logged, seen) = (span.until, last.until);
            found.push((logged.min(seen), Difference::End { logged, seen }));
        }
    }
    for span in &seen {
        if !logged.iter().any(|other| other.touches(span)) {
            let (from, until) = (span.from, span.until);
            found.push((from, Difference::NotLogged { from, until }));
        }
    }
    for entry in log {
        if let Some(seen) = work_during(passes, entry).filter(|seen| *seen != entry.work) {
            let (from, logged) = (entry.started_at, entry.work);
            found.push((from, Difference::Work { from, logged, seen }));
        }
    }
    found.sort_by_key(|(at, _)| *at);
    found
        .into_iter()
        .map(|(_, difference)| difference)
        .collect()
}

fn differ(a: Timestamp, b: Timestamp) -> bool {
    a.duration_since(b).abs() > SAME_TIME
}

fn spans(parts: impl Iterator<Item = (Timestamp, Timestamp)>) -> Vec<Span> {
    let mut parts: Vec<(Timestamp, Timestamp)> =
        parts.filter(|(from, until)| from <= until).collect();
    parts.sort();
    let mut spans: Vec<Span> = Vec::new();
    for (from, until) in parts {
        match spans.last_mut() {
            Some(last) if from.duration_since(last.until) <= LONGEST_BREAK => {
                last.until = last.until.max(until);
            }
            _ => spans.push(Span { from, until }),
        }
    }
    spans
}

/// What the vehicle did for most of the time of a logged row, where its feed says so.
fn work_during(passes: &[ReportedPass], entry: &WorkLogEntry) -> Option<WorkKind> {
    let mut seconds: BTreeMap<WorkKind, f64> = BTreeMap::new();
    for reported in passes {
        let pass = &reported.pass;
        let from = pass.entered_at.max(entry.started_at);
        let until = pass.left_at.min(entry.ended_at);
        if let Some(work) = pass.work.filter(|_| from < until) {
            *seconds.entry(work).or_default() += until.duration_since(from).as_secs_f64();
        }
    }
    let most = seconds.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
    most.map(|(work, _)| work)
}

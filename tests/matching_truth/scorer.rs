//! Holds what was matched against what was driven, metre by metre.
//!
//! Route mismatch fraction (RMF) = (added + missed length) / true length. It is aware of the
//! direction, and a repeated pass counts each time: passes over the same metre are paired in the
//! order of time, when they lie within a tolerance of each other.

use domain::matching::MatchedSpan;
use domain::work::Direction;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::ops::AddAssign;
use yukimichi::demo::TrueLeg;

/// Passes further apart in time than this are not the same one.
const TOLERANCE_S: f64 = 60.0;

/// A drive over part of a segment, true or matched.
#[derive(Debug, Clone)]
pub(crate) struct Drive {
    pub(crate) segment: u32,
    pub(crate) direction: Direction,
    pub(crate) from_m: f64,
    pub(crate) to_m: f64,
    pub(crate) entered_s: f64,
    pub(crate) left_s: f64,
    pub(crate) clears: bool,
}

/// Seconds since 1970.
pub(crate) fn seconds(at: Timestamp) -> f64 {
    at.as_millisecond() as f64 / 1000.0
}

impl From<&TrueLeg> for Drive {
    fn from(leg: &TrueLeg) -> Self {
        Drive {
            segment: leg.segment,
            direction: leg.direction,
            from_m: leg.from_m,
            to_m: leg.to_m,
            entered_s: seconds(leg.entered_at),
            left_s: seconds(leg.left_at),
            clears: leg.work.clears_carriageway(),
        }
    }
}

impl From<&MatchedSpan> for Drive {
    fn from(span: &MatchedSpan) -> Self {
        Drive {
            segment: span.segment,
            direction: span.direction,
            from_m: span.from_m,
            to_m: span.to_m,
            entered_s: seconds(span.entered_at),
            left_s: seconds(span.left_at),
            clears: !span.doubtful && span.work.is_some_and(|work| work.clears_carriageway()),
        }
    }
}

/// Metres by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Score {
    /// Driven.
    pub(crate) true_m: f64,
    /// Matched, but not driven then.
    pub(crate) added_m: f64,
    /// Driven, but not matched then.
    pub(crate) missed_m: f64,
    /// Road and direction cleared at any time.
    pub(crate) cleared_m: f64,
    /// Road and direction held for cleared that never was.
    pub(crate) falsely_cleared_m: f64,
    /// Road and direction cleared that nothing tells of.
    pub(crate) not_seen_cleared_m: f64,
}

impl Score {
    /// Route mismatch fraction.
    pub(crate) fn rmf(&self) -> f64 {
        (self.added_m + self.missed_m) / self.true_m
    }

    /// Share of the cleared length.
    pub(crate) fn falsely_cleared(&self) -> f64 {
        self.falsely_cleared_m / self.cleared_m
    }

    /// Share of the cleared length.
    pub(crate) fn not_seen_cleared(&self) -> f64 {
        self.not_seen_cleared_m / self.cleared_m
    }

    /// The figures in percent.
    pub(crate) fn line(&self) -> String {
        format!(
            "{:7.1} km  RMF {:5.2} % (added {:4.2}, missed {:4.2})  falsely cleared {:4.2} %  missed {:4.2} %",
            self.true_m / 1000.0,
            100.0 * self.rmf(),
            100.0 * self.added_m / self.true_m,
            100.0 * self.missed_m / self.true_m,
            100.0 * self.falsely_cleared(),
            100.0 * self.not_seen_cleared(),
        )
    }
}

impl AddAssign for Score {
    fn add_assign(&mut self, other: Score) {
        self.true_m += other.true_m;
        self.added_m += other.added_m;
        self.missed_m += other.missed_m;
        self.cleared_m += other.cleared_m;
        self.falsely_cleared_m += other.falsely_cleared_m;
        self.not_seen_cleared_m += other.not_seen_cleared_m;
    }
}

/// A pass over one metre: the time within which it lies, and whether it cleared the metre.
#[derive(Debug, Clone, Copy)]
struct Passing {
    from_s: f64,
    to_s: f64,
    clears: bool,
}

/// One metre of a segment in one direction.
#[derive(Default)]
struct Metre {
    driven: Vec<Passing>,
    matched: Vec<Passing>,
}

type Key = (u32, bool, i64);

/// Scores one vehicle. Only what was driven within the `heard` times counts: nobody can know of
/// what happens in a long silence.
pub(crate) fn score(truth: &[Drive], matched: &[Drive], heard: &[(f64, f64)]) -> Score {
    let mut metres: BTreeMap<Key, Metre> = BTreeMap::new();
    for drive in truth {
        for (key, at_s) in metres_of(drive) {
            if heard.iter().any(|(from, to)| (*from..=*to).contains(&at_s)) {
                metres.entry(key).or_default().driven.push(Passing {
                    from_s: at_s,
                    to_s: at_s,
                    clears: drive.clears,
                });
            }
        }
    }
    for drive in matched {
        for (key, _) in metres_of(drive) {
            // A plow may stand for long within a span: it passed the metre at some time of it.
            metres.entry(key).or_default().matched.push(Passing {
                from_s: drive.entered_s,
                to_s: drive.left_s,
                clears: drive.clears,
            });
        }
    }
    let mut score = Score::default();
    for metre in metres.values_mut() {
        metre.driven.sort_by(|a, b| a.from_s.total_cmp(&b.from_s));
        metre.matched.sort_by(|a, b| a.from_s.total_cmp(&b.from_s));
        let both = paired(&metre.driven, &metre.matched);
        score.true_m += metre.driven.len() as f64;
        score.added_m += (metre.matched.len() - both) as f64;
        score.missed_m += (metre.driven.len() - both) as f64;
        let [driven, matched] =
            [&metre.driven, &metre.matched].map(|list| list.iter().any(|p| p.clears));
        score.cleared_m += f64::from(driven);
        score.falsely_cleared_m += f64::from(matched && !driven);
        score.not_seen_cleared_m += f64::from(driven && !matched);
    }
    score
}

/// The metres of a drive, with the time of each as if it were driven at an even speed.
fn metres_of(drive: &Drive) -> impl Iterator<Item = (Key, f64)> {
    let length_m = (drive.to_m - drive.from_m).max(1e-9);
    (drive.from_m.round() as i64..drive.to_m.round() as i64).map(move |metre| {
        let share = ((metre as f64 + 0.5 - drive.from_m) / length_m).clamp(0.0, 1.0);
        let is_forward = drive.direction == Direction::Forward;
        let driven = if is_forward { share } else { 1.0 - share };
        let at_s = drive.entered_s + driven * (drive.left_s - drive.entered_s);
        ((drive.segment, is_forward, metre), at_s)
    })
}

/// How many of two ordered lists pair up within the tolerance.
fn paired(driven: &[Passing], matched: &[Passing]) -> usize {
    let (mut i, mut j, mut count) = (0, 0, 0);
    while i < driven.len() && j < matched.len() {
        let (a, b) = (driven[i], matched[j]);
        if b.from_s - a.to_s > TOLERANCE_S {
            i += 1;
        } else if a.from_s - b.to_s > TOLERANCE_S {
            j += 1;
        } else {
            count += 1;
            i += 1;
            j += 1;
        }
    }
    count
}

//! Whether a feed's clock can be right, from when its facts were observed and received.
//!
//! A fact can be old, but not from the future: behind is lag, ahead is a wrong clock or a wrong zone.
//! A zone's error shows as a whole number of hours, less what the facts were under way.

use super::lag::freshest_lags;
use crate::fix::MAX_AHEAD;
use jiff::{SignedDuration, Timestamp};
use std::fmt;

/// When a fact was observed and when it was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactTimes {
    /// By the feed's clock.
    pub observed_at: Timestamp,
    /// By ours.
    pub received_at: Timestamp,
}

/// What is wrong with a feed's clock. Its text is for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockJudgement {
    /// Nothing speaks against it.
    Right,
    /// Its times are ahead by so many whole hours: an error of its zone. Not to be believed.
    AheadWholeHours(i32),
    /// Its times are ahead, typically by this. Not to be believed.
    Ahead(SignedDuration),
    /// Its freshest times are always behind by so many whole hours, as with an error of its zone.
    /// Lag may look the same, so they are believed.
    PerhapsBehindWholeHours(i32),
}

impl ClockJudgement {
    /// Whether the feed's times may be used.
    pub fn is_believed(self) -> bool {
        matches!(
            self,
            ClockJudgement::Right | ClockJudgement::PerhapsBehindWholeHours(_)
        )
    }
}

impl fmt::Display for ClockJudgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClockJudgement::Right => write!(f, "right"),
            ClockJudgement::AheadWholeHours(hours) => write!(f, "ahead by {hours} h: not believed"),
            ClockJudgement::Ahead(by) => {
                write!(f, "ahead by {} min: not believed", by.as_mins())
            }
            ClockJudgement::PerhapsBehindWholeHours(hours) => {
                write!(f, "always {hours} h behind: a wrong time zone?")
            }
        }
    }
}

/// A live fact is under way for no longer than this; also how near to a whole hour an offset has to be.
const UNDER_WAY: SignedDuration = SignedDuration::from_mins(15);
/// Facts older than this at their receipt are told after the event.
const LIVE_WITHIN: SignedDuration = SignedDuration::from_hours(24);
/// Fewer facts than this from the future are single vehicles' errors, not the feed's …
pub const FEWEST_AHEAD: usize = 3;
/// … and so is a smaller share of the live ones.
const LEAST_AHEAD_SHARE: f64 = 0.1;
/// So much of what is ahead has to agree on the hours.
const LEAST_AGREEING_SHARE: f64 = 0.8;
/// Receipts that have to agree before a feed is held for behind.
const FEWEST_RECEIPTS: usize = 5;

/// Judges the clock from a sample of the feed's latest facts (some hundred are plenty), in any order.
/// Facts of old that come in bulk don't matter, nor do a few from broken devices.
pub fn judge_clock(sample: &[FactTimes]) -> ClockJudgement {
    let ahead_of = |fact: &FactTimes| fact.observed_at.duration_since(fact.received_at);
    let live: Vec<SignedDuration> = (sample.iter())
        .map(ahead_of)
        .filter(|ahead| *ahead > -LIVE_WITHIN)
        .collect();
    let mut ahead: Vec<SignedDuration> = live.iter().copied().filter(|a| *a > MAX_AHEAD).collect();
    ahead.sort_unstable();
    if ahead.len() >= FEWEST_AHEAD && ahead.len() as f64 >= LEAST_AHEAD_SHARE * live.len() as f64 {
        let median = ahead[ahead.len() / 2];
        let agreeing = |hours: i32| {
            let off_by = |a: &&SignedDuration| SignedDuration::from_hours(hours.into()) - **a;
            let agrees = |a: &&SignedDuration| {
                let under_way = off_by(a);
                under_way >= -MAX_AHEAD && under_way <= UNDER_WAY
            };
            ahead.iter().filter(agrees).count()
        };
        let hours = whole_hours(median);
        let enough = LEAST_AGREEING_SHARE * ahead.len() as f64;
        return match hours {
            1.. if agreeing(hours) as f64 >= enough => ClockJudgement::AheadWholeHours(hours),
            _ => ClockJudgement::Ahead(median),
        };
    }
    match always_behind(sample) {
        Some(hours) => ClockJudgement::PerhapsBehindWholeHours(hours),
        None => ClockJudgement::Right,
    }
}

/// Judges the clock of a feed whose payloads hold too few facts to judge by, from the newest time of
/// each of its last payloads: most of them have to be ahead.
pub fn judge_receipts(newest: &[FactTimes]) -> ClockJudgement {
    let ahead: Vec<FactTimes> = newest.iter().filter(|f| is_ahead(f)).copied().collect();
    if ahead.len() >= FEWEST_AHEAD && 2 * ahead.len() > newest.len() {
        judge_clock(&ahead)
    } else {
        ClockJudgement::Right
    }
}

/// Whether a fact is from farther ahead than clocks differ.
pub fn is_ahead(fact: &FactTimes) -> bool {
    fact.observed_at.duration_since(fact.received_at) > MAX_AHEAD
}

/// The offset of a clock whose facts are ahead by this after having been under way.
fn whole_hours(ahead: SignedDuration) -> i32 {
    let seconds = (ahead - MAX_AHEAD).as_secs();
    // The next whole hour from there: what was under way makes the offset look smaller.
    i32::try_from(seconds.div_euclid(3600) + 1).unwrap_or(i32::MAX)
}

/// Whole hours by which the freshest fact of every receipt is behind, all of them alike.
fn always_behind(sample: &[FactTimes]) -> Option<i32> {
    let lags = freshest_lags(sample);
    let hours = i32::try_from(lags.first()?.as_hours()).ok()?;
    let whole = SignedDuration::from_hours(hours.into());
    let alike = |lag: &SignedDuration| *lag >= whole && *lag <= whole + UNDER_WAY;
    (hours >= 1 && lags.len() >= FEWEST_RECEIPTS && lags.iter().all(alike)).then_some(hours)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn noon() -> Timestamp {
        "2026-01-15T12:00:00+09:00".parse().unwrap()
    }

    /// Facts received a minute apart, each behind by so many seconds (ahead where negative).
    fn facts(behind_s: impl IntoIterator<Item = i64>) -> Vec<FactTimes> {
        (0..)
            .zip(behind_s)
            .map(|(i, behind_s)| {
                let received_at = noon() + SignedDuration::from_mins(i);
                FactTimes {
                    observed_at: received_at - SignedDuration::from_secs(behind_s),
                    received_at,
                }
            })
            .collect()
    }

    const HOUR: i64 = 3600;

    #[test]
    fn only_what_is_ahead_is_not_believed() {
        use ClockJudgement::{Ahead, AheadWholeHours, PerhapsBehindWholeHours, Right};
        let years = 3 * 365 * 24 * HOUR;
        let many = |n: usize, s: i64| std::iter::repeat_n(s, n);
        let cases: Vec<(&str, Vec<i64>, ClockJudgement)> = vec![
            ("nothing told", vec![], Right),
            ("fresh", (5..60).collect(), Right),
            (
                "a clock that is 4 min ahead",
                many(30, -240).collect(),
                Right,
            ),
            (
                "9 h ahead",
                (0..40).map(|i| -9 * HOUR + i * 5).collect(),
                AheadWholeHours(9),
            ),
            (
                "exactly 5 h ahead",
                many(10, -5 * HOUR).collect(),
                AheadWholeHours(5),
            ),
            (
                "9 h and 2 min ahead, under way for a minute",
                many(20, -9 * HOUR - 60).collect(),
                AheadWholeHours(9),
            ),
            (
                "37 min ahead",
                many(20, -37 * 60).collect(),
                Ahead(SignedDuration::from_mins(37)),
            ),
            (
                "ahead by anything",
                (1..40).map(|i| -i * 1000).collect(),
                Ahead(SignedDuration::from_secs(20_000)),
            ),
            (
                "one broken vehicle among many",
                many(60, 20)
                    .chain([-9 * HOUR, -9 * HOUR, -9 * HOUR])
                    .collect(),
                Right,
            ),
            ("two facts are no feed", vec![-HOUR, -HOUR], Right),
            (
                "years-old times in a live feed",
                many(30, 20).chain(many(5, years)).collect(),
                Right,
            ),
            (
                "9 h ahead while old facts come in bulk",
                many(500, 20 * 24 * HOUR)
                    .chain(many(20, -9 * HOUR + 30))
                    .collect(),
                AheadWholeHours(9),
            ),
            (
                "9 h ahead with a few that are broken in another way",
                many(20, -9 * HOUR + 30)
                    .chain([-years, -20 * HOUR])
                    .collect(),
                AheadWholeHours(9),
            ),
            (
                "bulk of last night",
                (1..300).map(|i| i * 120).collect(),
                Right,
            ),
            (
                "always 9 h behind",
                (0..20).map(|i| 9 * HOUR + 10 * i).collect(),
                PerhapsBehindWholeHours(9),
            ),
        ];
        for (name, behind_s, expected) in cases {
            let found = judge_clock(&facts(behind_s));
            assert_eq!(found, expected, "{name}");
            let is_ahead = matches!(expected, Ahead(_) | AheadWholeHours(_));
            assert_eq!(found.is_believed(), !is_ahead, "{name}");
        }
    }

    #[test]
    fn small_payloads_are_judged_by_what_most_of_them_say() {
        use ClockJudgement::{AheadWholeHours, Right};
        let late_by = |hours: &[i64]| -> Vec<i64> { hours.iter().map(|h| h * HOUR + 20).collect() };
        let cases: [(&[i64], ClockJudgement); 6] = [
            (&[], Right),
            (&[-9, -9], Right),
            (&[-9, -9, -9], AheadWholeHours(9)),
            (&[-9, -9, -9, 0, 0], AheadWholeHours(9)),
            (&[-9, -9, -9, 0, 0, 0], Right),
            (&[0, 0, 0, 0, -9, 0], Right),
        ];
        for (hours, expected) in cases {
            assert_eq!(
                judge_receipts(&facts(late_by(hours))),
                expected,
                "{hours:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_whole_offset_is_found_and_no_lag_is_disbelieved(
            hours in 1i64..14,
            under_way_s in prop::collection::vec(0i64..600, 5..80),
            order in any::<u64>(),
        ) {
            let mut ahead = facts(under_way_s.iter().map(|s| s - hours * HOUR));
            ahead.sort_by_key(|f| f.received_at.as_second().wrapping_mul(order as i64 | 1));
            prop_assert_eq!(judge_clock(&ahead), ClockJudgement::AheadWholeHours(hours as i32));
            let late = facts(under_way_s.iter().map(|s| s * hours));
            prop_assert!(judge_clock(&late).is_believed());
        }
    }
}

//! How much a feed is to be believed, from what it has told lately.

mod clock;
mod lag;
mod units;

pub use clock::{ClockJudgement, FEWEST_AHEAD, FactTimes, is_ahead, judge_clock, judge_receipts};
pub use lag::typical_lag;
pub use units::{HEARD_WITHIN, UnitsOnDuty, ZoneContact, zone_contact};

use jiff::SignedDuration;
use std::fmt;

/// From when on a feed is doubted.
#[derive(Debug, Clone, PartialEq)]
pub struct TrustPolicy {
    /// A share of rejected records beyond this is worth a look.
    pub most_rejected_share: f64,
    /// Facts that come later than so many of the feed's intervals are late.
    pub late_after_intervals: i32,
}

impl Default for TrustPolicy {
    fn default() -> Self {
        TrustPolicy {
            most_rejected_share: 0.05,
            late_after_intervals: 10,
        }
    }
}

/// A reason to doubt a feed. Its text is for people.
#[derive(Debug, Clone, PartialEq)]
pub enum Doubt {
    /// Its clock is wrong.
    Clock(ClockJudgement),
    /// Facts come late.
    Late(SignedDuration),
    /// So many of its records are rejected (share, 0…1).
    Rejected(f64),
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Doubt::Clock(clock) => clock.fmt(f),
            Doubt::Late(by) => write!(f, "late by {} min", by.as_mins()),
            Doubt::Rejected(share) => write!(f, "{:.0} % of its records rejected", 100.0 * share),
        }
    }
}

/// The reasons to doubt a feed that is asked each `interval`: `lag` as of [`typical_lag`],
/// `rejected_share` of its records; each `None` where there are none.
pub fn doubts(
    clock: ClockJudgement,
    lag: Option<SignedDuration>,
    rejected_share: Option<f64>,
    interval: SignedDuration,
    policy: &TrustPolicy,
) -> Vec<Doubt> {
    let late = lag.filter(|lag| *lag > interval * policy.late_after_intervals);
    let rejected = rejected_share.filter(|share| *share > policy.most_rejected_share);
    (clock != ClockJudgement::Right)
        .then_some(Doubt::Clock(clock))
        .into_iter()
        .chain(late.map(Doubt::Late))
        .chain(rejected.map(Doubt::Rejected))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_doubt_has_its_threshold() {
        let policy = TrustPolicy::default();
        let interval = SignedDuration::from_secs(30);
        let minutes = |m| Some(SignedDuration::from_mins(m));
        let cases = [
            (ClockJudgement::Right, minutes(1), Some(0.01), vec![]),
            (ClockJudgement::Right, None, None, vec![]),
            (
                ClockJudgement::AheadWholeHours(9),
                minutes(6),
                Some(0.5),
                vec![
                    "ahead by 9 h: not believed",
                    "late by 6 min",
                    "50 % of its records rejected",
                ],
            ),
            (
                ClockJudgement::Right,
                minutes(5),
                Some(0.06),
                vec!["6 % of its records rejected"],
            ),
        ];
        for (clock, lag, share, expected) in cases {
            let found = doubts(clock, lag, share, interval, &policy);
            let told: Vec<String> = found.iter().map(Doubt::to_string).collect();
            assert_eq!(told, expected);
        }
    }
}

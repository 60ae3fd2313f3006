//! Bad records, a few in each night, as every real feed has them: the reader must reject them.

use super::fleet::Fleet;
use domain::fix::PlowFix;
use jiff::{SignedDuration, Timestamp};

/// What is wrong with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// The latitude is not there.
    NoLatitude,
    /// The time is not a time.
    NotATime,
    /// The receiver does not know yet where it is.
    AtZero,
}

/// Minutes after the epoch of the first bad record, and between two.
const FIRST_MIN: i64 = 4;
const EVERY_MIN: i64 = 85;

/// The bad records that a fleet sends at or after `from` and before `to`: each is the good one
/// nearest before its time, gone wrong.
pub(super) fn bad_records(
    fleet: Fleet,
    epoch: Timestamp,
    [from, to]: [Timestamp; 2],
    fixes: &[PlowFix],
) -> Vec<(PlowFix, Flaw)> {
    const FLAWS: [Flaw; 3] = [Flaw::NoLatitude, Flaw::NotATime, Flaw::AtZero];
    let offset_min = FIRST_MIN + 2 * fleet as i64;
    let minutes = |at: Timestamp| at.duration_since(epoch).as_mins() - offset_min;
    let rounds = (minutes(from).div_euclid(EVERY_MIN)).max(0)..=minutes(to).div_euclid(EVERY_MIN);
    rounds
        .filter_map(|round| {
            let at = epoch + SignedDuration::from_mins(offset_min + round * EVERY_MIN);
            let good = fixes.iter().rev().find(|fix| fix.observed_at <= at)?;
            let flaw = FLAWS[(round + fleet as i64).rem_euclid(3) as usize];
            (at >= from && at < to).then(|| (good.clone(), flaw))
        })
        .collect()
}

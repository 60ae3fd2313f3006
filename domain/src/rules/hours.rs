//! Hours of the night: Japan's, which has no summer time.

use crate::japan_time::{JST, moment};
use jiff::civil::Time;
use jiff::{Timestamp, ToSpan};

/// The first moment after `now` at which it is this time of the day in Japan.
pub fn next_at(time: Time, now: Timestamp) -> Timestamp {
    let today = JST.to_datetime(now).date();
    [0, 1]
        .into_iter()
        .filter_map(|day| moment(today.saturating_add(day.days()), time))
        .find(|at| *at > now)
        .unwrap_or(Timestamp::MAX)
}

/// The last moment up to `now` at which it was this time of the day in Japan.
pub(super) fn last_at(time: Time, now: Timestamp) -> Timestamp {
    let today = JST.to_datetime(now).date();
    [0, -1]
        .into_iter()
        .filter_map(|day| moment(today.saturating_add(day.days()), time))
        .find(|at| *at <= now)
        .unwrap_or(Timestamp::MIN)
}

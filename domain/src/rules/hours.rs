//! Hours of the night: Japan's, which has no summer time.

use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};

pub(super) const JST: Offset = Offset::constant(9);

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

fn moment(date: Date, time: Time) -> Option<Timestamp> {
    JST.to_timestamp(date.to_datetime(time)).ok()
}

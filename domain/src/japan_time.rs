//! Japan's time, which has no summer time: what people read, and by which they plan.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;

/// Nine hours ahead of UTC, all year round.
pub const JST: Offset = Offset::constant(9);

/// The moment at which it is this time on that day; `None` outside of all calendars.
pub fn moment(date: Date, time: Time) -> Option<Timestamp> {
    JST.to_timestamp(date.to_datetime(time)).ok()
}

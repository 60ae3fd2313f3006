//! Nights (夜間作業): from 15:00 to 15:00 JST. They label; nothing is counted or deduplicated by them.

use crate::japan_time::{JST, moment};
use jiff::civil::{Date, time};
use jiff::{SignedDuration, Timestamp};
use std::fmt;

const BEGINS_AT_HOUR: i8 = 15;

/// A night, named by the date in JST on which it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Night {
    date: Date,
}

impl Night {
    /// The night that begins on a date.
    pub fn beginning_on(date: Date) -> Self {
        Night { date }
    }

    /// The night that a moment belongs to.
    pub fn of(at: Timestamp) -> Self {
        let shifted = JST.to_datetime(at) - SignedDuration::from_hours(i64::from(BEGINS_AT_HOUR));
        Night {
            date: shifted.date(),
        }
    }

    /// The date on which it begins.
    pub fn date(self) -> Date {
        self.date
    }

    /// Its first moment, and the first that belongs to the next night.
    pub fn span(self) -> (Timestamp, Timestamp) {
        let begins = moment(self.date, time(BEGINS_AT_HOUR, 0, 0, 0)).unwrap_or(Timestamp::MIN);
        let ends = begins.checked_add(SignedDuration::from_hours(24));
        (begins, ends.unwrap_or(Timestamp::MAX))
    }
}

impl fmt::Display for Night {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date.fmt(f)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_night_begins_at_three_in_the_afternoon() {
        let cases = [
            ("2026-01-12T14:59:59+09:00", "2026-01-11"),
            ("2026-01-12T15:00:00+09:00", "2026-01-12"),
            ("2026-01-13T03:30:00+09:00", "2026-01-12"),
            ("2026-01-12T18:30:00Z", "2026-01-12"),
            ("2026-01-01T00:00:00+09:00", "2025-12-31"),
        ];
        for (at, date) in cases {
            let at: Timestamp = at.parse().unwrap();
            let night = Night::of(at);
            assert_eq!(night.to_string(), date);
            let (from, until) = night.span();
            assert!(from <= at && at < until, "{date}");
            assert_eq!(Night::of(from), night);
            assert_eq!(Night::beginning_on(date.parse().unwrap()), night);
        }
    }
}

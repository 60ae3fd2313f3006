//! Minutes by time of day, since work at night costs more.

use jiff::civil::Time;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::ops::{Add, AddAssign};

const JST: Offset = jiff::tz::offset(9);

/// When day and night begin, in JST; what is neither is evening and early morning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeBands {
    /// 昼間 from here
    pub day_from: Time,
    /// to here.
    pub day_until: Time,
    /// 深夜 from here
    pub night_from: Time,
    /// to here, on the next day.
    pub night_until: Time,
}

impl Default for TimeBands {
    /// Regular hours 8:00–17:00, and 深夜 22:00–5:00 as in the Labour Standards Act (労働基準法) §37 (4).
    fn default() -> Self {
        use jiff::civil::time;
        TimeBands {
            day_from: time(8, 0, 0, 0),
            day_until: time(17, 0, 0, 0),
            night_from: time(22, 0, 0, 0),
            night_until: time(5, 0, 0, 0),
        }
    }
}

/// Minutes by time of day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct BandMinutes {
    /// 昼間.
    pub day: f64,
    /// 早朝・夕方.
    pub evening: f64,
    /// 深夜.
    pub night: f64,
}

impl BandMinutes {
    /// All of them.
    pub fn total(&self) -> f64 {
        self.day + self.evening + self.night
    }
}

impl Add for BandMinutes {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        BandMinutes {
            day: self.day + other.day,
            evening: self.evening + other.evening,
            night: self.night + other.night,
        }
    }
}

impl AddAssign for BandMinutes {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl TimeBands {
    /// The minutes between two moments.
    pub fn minutes(&self, from: Timestamp, until: Timestamp) -> BandMinutes {
        let mut minutes = BandMinutes::default();
        let mut at = from;
        while at < until {
            let stop = self.next_change(at).min(until);
            let span = stop.duration_since(at).as_secs_f64() / 60.0;
            let time = JST.to_datetime(at).time();
            if within(time, self.day_from, self.day_until) {
                minutes.day += span;
            } else if within(time, self.night_from, self.night_until) {
                minutes.night += span;
            } else {
                minutes.evening += span;
            }
            at = stop;
        }
        minutes
    }

    /// The next moment after `at` at which a band begins or ends.
    fn next_change(&self, at: Timestamp) -> Timestamp {
        let today = JST.to_datetime(at).date();
        let tomorrow = today.tomorrow().unwrap_or(today);
        let times = [
            self.day_from,
            self.day_until,
            self.night_from,
            self.night_until,
        ];
        [today, tomorrow]
            .into_iter()
            .flat_map(|date| times.map(|time| date.to_datetime(time)))
            .filter_map(|moment| moment.to_zoned(TimeZone::fixed(JST)).ok())
            .map(|moment| moment.timestamp())
            .filter(|moment| *moment > at)
            .min()
            .unwrap_or_else(|| {
                at.saturating_add(SignedDuration::from_hours(24))
                    .unwrap_or(at)
            })
    }
}

/// Whether a time lies in a span that may run over midnight.
fn within(time: Time, from: Time, until: Time) -> bool {
    if from <= until {
        from <= time && time < until
    } else {
        time >= from || time < until
    }
}

//! Minutes by time of day, since work at night costs more.

use crate::closure::DailyWindow;
use crate::japan_time::{JST, moment};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::ops::{Add, AddAssign};

/// When day and night begin, in JST; what is neither is evening and early morning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeBands {
    /// 昼間.
    pub day: DailyWindow,
    /// 深夜.
    pub night: DailyWindow,
}

impl Default for TimeBands {
    /// Regular hours 8:00–17:00, and 深夜 22:00–5:00 as in the Labour Standards Act (労働基準法) §37 (4).
    fn default() -> Self {
        let hours = |from, until| DailyWindow {
            from: jiff::civil::time(from, 0, 0, 0),
            until: jiff::civil::time(until, 0, 0, 0),
        };
        TimeBands {
            day: hours(8, 17),
            night: hours(22, 5),
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
            if self.day.holds_at(at) {
                minutes.day += span;
            } else if self.night.holds_at(at) {
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
        let times = [self.day, self.night].map(|window| [window.from, window.until]);
        [today, tomorrow]
            .into_iter()
            .flat_map(|date| times.into_iter().flatten().map(move |time| (date, time)))
            .filter_map(|(date, time)| moment(date, time))
            .filter(|moment| *moment > at)
            .min()
            .unwrap_or_else(|| {
                at.saturating_add(SignedDuration::from_hours(24))
                    .unwrap_or(at)
            })
    }
}

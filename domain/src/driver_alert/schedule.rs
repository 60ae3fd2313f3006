//! When a driver is told.

use crate::closure::DailyWindow;
use crate::japan_time::{JST, moment};
use jiff::civil::{Time, Weekday};
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

/// Hours in JST during which only the message at departure comes; they may run over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// From here on
    pub from: Time,
    /// until before here.
    pub until: Time,
}

impl QuietHours {
    /// Whether a moment lies in them.
    pub fn hold(&self, at: Timestamp) -> bool {
        let (from, until) = (self.from, self.until);
        // A closure's hours that end when they begin are all day, a driver's are none.
        from != until && DailyWindow { from, until }.holds_at(at)
    }
}

/// When a driver departs, in JST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// The time of day.
    pub departure: Time,
    /// The days of the week, Monday first.
    pub days: [bool; 7],
}

impl Schedule {
    /// The first departure after a moment; `None` where no day is chosen.
    pub fn next_after(&self, at: Timestamp) -> Option<Timestamp> {
        let mut date = JST.to_datetime(at).date();
        // Today's may be over, so that a week later is the last that can be the next.
        for _ in 0..8 {
            let departs = moment(date, self.departure)?;
            if self.is_on(date.weekday()) && departs > at {
                return Some(departs);
            }
            date = date.checked_add(1.day()).ok()?;
        }
        None
    }

    /// Whether a departure that nobody was told of is still worth a message.
    pub fn is_worth_telling(due_at: Timestamp, now: Timestamp) -> bool {
        now.duration_since(due_at) <= SignedDuration::from_hours(2)
    }

    fn is_on(&self, day: Weekday) -> bool {
        self.days[day.to_monday_zero_offset() as usize]
    }
}

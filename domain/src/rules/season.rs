//! Parts of the year, and what holds in each.

use crate::japan_time::JST;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A day of any year, written `12-20`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MonthDay {
    month: i8,
    day: i8,
}

impl TryFrom<String> for MonthDay {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let parts = text.split_once('-');
        let number = |s: &str| s.parse::<i8>().ok();
        parts
            .and_then(|(month, day)| Some((number(month)?, number(day)?)))
            // A leap year, so that 29 February is a day.
            .filter(|(month, day)| Date::new(2024, *month, *day).is_ok())
            .map(|(month, day)| MonthDay { month, day })
            .ok_or_else(|| format!("{text:?} is no day of the year such as \"12-20\""))
    }
}

impl From<MonthDay> for String {
    fn from(day: MonthDay) -> String {
        format!("{:02}-{:02}", day.month, day.day)
    }
}

/// A part of each year, both days included; `until` before `from` passes New Year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Season {
    /// Its first day.
    pub from: MonthDay,
    /// Its last day.
    pub until: MonthDay,
}

impl Season {
    /// Whether the day in Japan lies in it.
    pub fn holds_at(self, now: Timestamp) -> bool {
        let date = JST.to_datetime(now).date();
        let day = MonthDay {
            month: date.month(),
            day: date.day(),
        };
        if self.from <= self.until {
            self.from <= day && day <= self.until
        } else {
            self.from <= day || day <= self.until
        }
    }
}

/// A threshold that holds in a part of the year, as 10 cm in 根雪期.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeasonValue {
    /// What people call that part; for people only.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Its first day.
    pub from: MonthDay,
    /// Its last day.
    pub until: MonthDay,
    /// The threshold then.
    pub value: f64,
}

impl SeasonValue {
    /// Its part of the year.
    pub fn season(&self) -> Season {
        Season {
            from: self.from,
            until: self.until,
        }
    }
}

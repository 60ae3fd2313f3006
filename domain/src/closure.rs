//! Closures (通行規制, 冬期閉鎖): roads that may not be driven, and when.

use crate::place::Place;
use jiff::Timestamp;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};

/// Kind of a closure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosureKind {
    /// 冬期閉鎖: for the season.
    Winter,
    /// 通行止め: closed to all.
    Closed,
    /// 片側交互通行: one lane, alternately. Open to traffic, shown beside.
    OneLane,
    /// チェーン規制 and other conditions. Open to those who meet them, shown beside.
    Restricted,
}

impl ClosureKind {
    /// All kinds with the words that managers use.
    pub const ALL: [(ClosureKind, &'static str, &'static str); 4] = [
        (ClosureKind::Winter, "winter", "冬期閉鎖"),
        (ClosureKind::Closed, "closed", "通行止め"),
        (ClosureKind::OneLane, "one_lane", "片側交互通行"),
        (ClosureKind::Restricted, "restricted", "通行規制"),
    ];

    /// The name used in every interface.
    pub fn as_str(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// Reads the interface name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.1 == name).map(|k| k.0)
    }

    /// Whether nobody may drive there.
    pub fn shuts_the_road(self) -> bool {
        matches!(self, ClosureKind::Winter | ClosureKind::Closed)
    }
}

/// Hours of each day in which a closure holds, in JST; `until` ≤ `from` passes midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DailyWindow {
    /// From this time of the day.
    pub from: Time,
    /// Until this one.
    pub until: Time,
}

/// One closure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Closure {
    /// The source's own id, or one made of its place and start; the key within its feed.
    pub id: String,
    /// Its kind.
    pub kind: ClosureKind,
    /// Why, for people; empty where the source does not say.
    pub reason: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when; `None` = until further notice.
    pub until: Option<Timestamp>,
    /// Hours of the day, where it does not hold all day.
    pub daily: Option<DailyWindow>,
    /// Where.
    pub place: Place,
}

//! Closures (通行規制, 冬期閉鎖): roads that may not be driven, and when.

#[cfg(test)]
mod tests;

use crate::conflation::SegmentStretch;
use crate::japan_time::JST;
use crate::network::RoadNetwork;
use crate::place::Place;
use jiff::civil::Time;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Hours of the day are Japan's, which has no summer time.
/// A closure that reaches less than this into a segment, and less than half of it, ends at its mouth.
const LEAST_CLOSED_M: f64 = 10.0;

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

impl DailyWindow {
    /// Whether the time of the day lies in the window: from its start on, and before its end.
    pub fn holds_at(self, now: Timestamp) -> bool {
        self.contains(JST.to_datetime(now).time())
    }

    /// Whether a time of the day lies in the window.
    pub fn contains(self, time: Time) -> bool {
        if self.from < self.until {
            self.from <= time && time < self.until
        } else {
            self.from <= time || time < self.until
        }
    }
}

impl Closure {
    /// Whether it holds: since its start, before its end, and within its hours of the day. A window
    /// that passes midnight also holds in the small hours of the first day.
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.since <= now
            && self.until.is_none_or(|until| now < until)
            && self.daily.is_none_or(|daily| daily.holds_at(now))
    }

    /// Whether nobody may drive there now.
    pub fn shuts_the_road_at(&self, now: Timestamp) -> bool {
        self.kind.shuts_the_road() && self.holds_at(now)
    }

    /// When it next begins or ceases to hold; `None` when it never does again.
    pub fn next_change_after(&self, now: Timestamp) -> Option<Timestamp> {
        let holds = self.holds_at(now);
        let mut moments = vec![self.since];
        moments.extend(self.until);
        if let Some(daily) = self.daily {
            // The window's next turn comes within a day of now, or of the closure's start.
            let today = JST.to_datetime(now.max(self.since)).date();
            for day in [-1, 0, 1] {
                let date = today.saturating_add(day.days());
                for time in [daily.from, daily.until] {
                    moments.extend(JST.to_timestamp(date.to_datetime(time)).ok());
                }
            }
        }
        moments.sort_unstable();
        (moments.into_iter()).find(|at| *at > now && self.holds_at(*at) != holds)
    }
}

/// The segments that are closed now, given where each closure was laid: none may be driven through,
/// whatever part of it is closed. One-lane working and conditions close nothing.
pub fn closed_segments<'a>(
    network: &RoadNetwork,
    closures: impl IntoIterator<Item = (&'a Closure, &'a [SegmentStretch])>,
    now: Timestamp,
) -> BTreeSet<u32> {
    let shut = (closures.into_iter()).filter(|(closure, _)| closure.shuts_the_road_at(now));
    shut.flat_map(|(_, stretches)| stretches)
        .filter(|stretch| {
            let length_m = network.segments()[stretch.segment as usize].length_m;
            stretch.to_m - stretch.from_m >= LEAST_CLOSED_M.min(0.5 * length_m)
        })
        .map(|stretch| stretch.segment)
        .collect()
}

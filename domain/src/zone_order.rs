//! Orders (出動指令) that a city publishes by hand for its zones.

use crate::place::Place;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// State of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// 現場確認中: someone is looking at the road.
    Checking,
    /// 作業予定あり.
    Scheduled,
    /// 作業中: ordered, starts tonight. It never means that a plow was seen.
    Working,
    /// 作業完了.
    Completed,
}

impl OrderState {
    /// All states with the words that cities use.
    pub const ALL: [(OrderState, &'static str, &'static str); 4] = [
        (OrderState::Checking, "checking", "現場確認中"),
        (OrderState::Scheduled, "scheduled", "作業予定あり"),
        (OrderState::Working, "working", "作業中"),
        (OrderState::Completed, "completed", "作業完了"),
    ];

    /// The name used in every interface.
    pub fn as_str(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// The word that cities use.
    pub fn ja(self) -> &'static str {
        Self::ALL[self as usize].2
    }

    /// Reads the interface name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.1 == name).map(|s| s.0)
    }
}

/// The state of one zone's or route's order as of a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ZoneOrder {
    /// The zone's or route's name, normalised (`Ａ－１` → `A-1`); the key.
    pub zone: String,
    /// The name as people know it, where the source gives one beside the key.
    pub name: String,
    /// Its state; `None` where the source says that there is none (`-`).
    pub state: Option<OrderState>,
    /// As of when.
    pub as_of: Timestamp,
    /// The zone's own geometry, where the source gives it.
    pub place: Place,
}

/// What a person says of a zone's order (申告).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportedState {
    /// 出動指令: ordered.
    Ordered,
    /// 出動可: accepted, by telephone.
    Accepted,
    /// 作業開始: started.
    Started,
    /// 作業完了: done.
    Done,
    /// 不能: it can't be done.
    Impossible,
}

impl ReportedState {
    /// All states with the words that people use.
    pub const ALL: [(ReportedState, &'static str, &'static str); 5] = [
        (ReportedState::Ordered, "ordered", "出動指令"),
        (ReportedState::Accepted, "accepted", "出動可"),
        (ReportedState::Started, "started", "作業開始"),
        (ReportedState::Done, "done", "作業完了"),
        (ReportedState::Impossible, "impossible", "不能"),
    ];

    /// The name used in every interface.
    pub fn as_str(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// The word that people use.
    pub fn ja(self) -> &'static str {
        Self::ALL[self as usize].2
    }

    /// Reads the interface name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.1 == name).map(|s| s.0)
    }
}

/// An order whose state is older than this is shown with its age and orders nothing any more: cities
/// publish daily, and what they forget to take down stays for weeks.
pub const STALE_AFTER: SignedDuration = SignedDuration::from_hours(3 * 24);

impl ZoneOrder {
    /// How old what it says is; nothing for a time ahead of the clock.
    pub fn age_at(&self, now: Timestamp) -> SignedDuration {
        now.duration_since(self.as_of).max(SignedDuration::ZERO)
    }

    /// Whether it is too old to be acted on.
    pub fn is_stale_at(&self, now: Timestamp) -> bool {
        self.age_at(now) > STALE_AFTER
    }
}

/// The state that counts of several that were published for one zone: the latest, also where it says
/// that there is none. Of two as of one time the later in the list counts.
pub fn latest<'a>(orders: impl IntoIterator<Item = &'a ZoneOrder>) -> Option<&'a ZoneOrder> {
    orders.into_iter().max_by_key(|order| order.as_of)
}

//! Orders (出動指令) that a city publishes by hand for its zones.

use crate::place::Place;
use jiff::Timestamp;
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

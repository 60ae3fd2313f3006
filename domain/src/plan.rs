//! Plans (除排雪予定): clearing or hauling announced for a stretch and a time window.

use crate::place::Place;
use crate::work::WorkKind;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// State of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanState {
    /// 予定.
    Planned,
    /// 延期・変更: to another window.
    Moved,
    /// 中止.
    Cancelled,
    /// 完了.
    Done,
}

impl PlanState {
    /// All states with the words that managers use.
    pub const ALL: [(PlanState, &'static str, &'static str); 4] = [
        (PlanState::Planned, "planned", "予定"),
        (PlanState::Moved, "moved", "変更"),
        (PlanState::Cancelled, "cancelled", "中止"),
        (PlanState::Done, "done", "完了"),
    ];

    /// The name used in every interface.
    pub fn as_str(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// Reads the interface name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.1 == name).map(|s| s.0)
    }
}

/// One announced work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The source's own id, or one made of its place and window; the key within its feed.
    pub id: String,
    /// What will be done.
    pub work: WorkKind,
    /// Its state.
    pub state: PlanState,
    /// Start of the window.
    pub from: Timestamp,
    /// End of the window.
    pub until: Timestamp,
    /// Where.
    pub place: Place,
    /// What else the source says, for people.
    pub note: String,
}

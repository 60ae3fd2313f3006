//! The words for how far a call-out is.

use super::event::{Answer, FirmRole};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How a rule's crossing becomes an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The firm is called at once.
    Order,
    /// An officer approves first.
    #[default]
    Approve,
    /// 自主出動: the firm starts by itself, by contract.
    #[serde(rename = "self")]
    SelfStart,
}

/// How far a call-out is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// 待機.
    Standby,
    /// An officer has to approve (mode `approve`).
    AwaitingApproval,
    /// 出動要請: the firm is being called.
    Requested,
    /// 出動可.
    Accepted,
    /// 遅延: the firm comes later.
    Delayed,
    /// 不能: the firm can't; an officer has to act.
    Declined,
    /// A working pass was seen in the zone, or a start was reported.
    Started,
    /// Done.
    Completed,
    /// 解除.
    Cancelled,
}

impl Phase {
    /// Nothing can happen to it any more.
    pub fn is_over(self) -> bool {
        matches!(self, Phase::Completed | Phase::Cancelled)
    }

    /// A firm is to do it, so that its deadline counts.
    pub fn is_ordered(self) -> bool {
        !self.is_over() && !matches!(self, Phase::Standby | Phase::AwaitingApproval)
    }
}

/// What a call-out shows: its phase, unless it is late or in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 待機.
    Standby,
    /// 承認待ち.
    AwaitingApproval,
    /// 出動要請.
    Requested,
    /// 出動可.
    Accepted,
    /// 遅延.
    Delayed,
    /// 不能.
    Declined,
    /// 作業中.
    Started,
    /// 完了.
    Completed,
    /// 期限超過.
    Overdue,
    /// 解除.
    Cancelled,
    /// 未確認: a human has to ask.
    Unconfirmed,
}

impl State {
    /// All states with their interface names and the words that people read.
    pub const ALL: [(State, &'static str, &'static str); 11] = [
        (State::Standby, "standby", "待機"),
        (State::AwaitingApproval, "awaiting_approval", "承認待ち"),
        (State::Requested, "requested", "出動要請中"),
        (State::Accepted, "accepted", "出動可"),
        (State::Delayed, "delayed", "遅延"),
        (State::Declined, "declined", "不能"),
        (State::Started, "started", "作業中"),
        (State::Completed, "completed", "完了"),
        (State::Overdue, "overdue", "期限超過"),
        (State::Cancelled, "cancelled", "解除"),
        (State::Unconfirmed, "unconfirmed", "未確認"),
    ];

    /// The name used in every interface.
    pub fn as_str(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// The word that people read.
    pub fn ja(self) -> &'static str {
        Self::ALL[self as usize].2
    }

    /// The digit of the tile's `status` number (design §6): 1 standby, 2 requested, 3 accepted,
    /// 4 started, 5 overdue. What is not ordered, or over, is 0; 未確認 is no start that was seen.
    pub fn tile_digit(self) -> u32 {
        match self {
            State::Standby => 1,
            State::Requested | State::Delayed | State::Declined | State::Unconfirmed => 2,
            State::Accepted => 3,
            State::Started => 4,
            State::Overdue => 5,
            State::AwaitingApproval | State::Completed | State::Cancelled => 0,
        }
    }

    /// Reads the interface name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.1 == name).map(|s| s.0)
    }
}

/// Why a call-out is 未確認.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// Promised, and no working pass seen in time.
    NoStart,
    /// 自主出動: the value is passed and the firm has not started.
    NoSelfStart,
    /// At least half of the units on duty were not heard.
    UnitsSilent,
    /// On standby or at work, and no news for hours.
    NoNews,
}

impl Doubt {
    /// What people read.
    pub fn ja(self) -> &'static str {
        match self {
            Doubt::NoStart => "予定時刻を過ぎても作業開始が確認できません",
            Doubt::NoSelfStart => "自主出動の開始が確認できません",
            Doubt::UnitsSilent => "車両の半数以上から位置情報が届いていません",
            Doubt::NoNews => "長時間、連絡がありません",
        }
    }
}

/// A firm that an officer ordered beside or instead of the one by contract.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FirmOrder {
    /// Its code.
    pub contractor: String,
    /// 応援 or 代行.
    pub role: FirmRole,
    /// When.
    pub at: Timestamp,
    /// Its own answer.
    pub answer: Option<Answer>,
}

impl FirmOrder {
    /// It can't come.
    pub fn has_declined(&self) -> bool {
        matches!(self.answer, Some(Answer::Decline { .. }))
    }
}

/// No calls for a time, by an officer's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    /// Since when.
    pub since: Timestamp,
    /// When calling goes on.
    pub until: Timestamp,
    /// Who said so.
    pub by: String,
}

//! What can happen to a call-out, and what it has told.

use super::state::Phase;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The rule's threshold is passed. Said again while it is so: only the first time counts.
    Crossed {
        /// Why, as people read it.
        reason: String,
        /// By when the zone is to be done.
        deadline: Option<Timestamp>,
    },
    /// Below the rule's hysteresis.
    FellBelow {
        /// Why, as people read it.
        reason: String,
    },
    /// Time has passed.
    Tick {
        /// Whom there is to call now.
        roster: Roster,
    },
    /// A message did not get out, on none of its ways.
    Undelivered {
        /// The message.
        number: u32,
    },
    /// A firm answered.
    Answered {
        /// Who.
        by: Actor,
        /// What.
        answer: Answer,
    },
    /// What plows were seen to do.
    Seen {
        /// What.
        evidence: Evidence,
    },
    /// An officer lets the firm be called.
    Approved {
        /// Who.
        by: Actor,
    },
    /// 解除.
    Cancelled {
        /// Who.
        by: Actor,
        /// Why.
        reason: String,
    },
    /// The next contact is called at once.
    Escalated {
        /// Who.
        by: Actor,
    },
    /// Another firm is ordered.
    OrderedOther {
        /// Who.
        by: Actor,
        /// Code of the firm.
        contractor: String,
        /// Beside or instead.
        role: FirmRole,
    },
    /// No calls for a time.
    Silenced {
        /// Who.
        by: Actor,
        /// Until when.
        until: Timestamp,
    },
    /// Sections that can't be done, and need not be (路上駐車).
    Excused {
        /// Who.
        by: Actor,
        /// Ids of the segments.
        segments: Vec<u64>,
        /// Why.
        note: String,
    },
    /// A state by hand (申告).
    Reported {
        /// Who wrote it down.
        by: Actor,
        /// What was said.
        report: Report,
    },
}

impl Event {
    /// Who did it, where a person did.
    pub fn by(&self) -> Option<&Actor> {
        match self {
            Event::Answered { by, .. }
            | Event::Approved { by }
            | Event::Cancelled { by, .. }
            | Event::Escalated { by }
            | Event::OrderedOther { by, .. }
            | Event::Silenced { by, .. }
            | Event::Excused { by, .. }
            | Event::Reported { by, .. } => Some(by),
            _ => None,
        }
    }

    /// Its name in every interface.
    pub fn name(&self) -> &'static str {
        match self {
            Event::Crossed { .. } => "crossed",
            Event::FellBelow { .. } => "fell_below",
            Event::Tick { .. } => "tick",
            Event::Undelivered { .. } => "undelivered",
            Event::Answered { .. } => "answered",
            Event::Seen { .. } => "seen",
            Event::Approved { .. } => "approved",
            Event::Cancelled { .. } => "cancelled",
            Event::Escalated { .. } => "escalated",
            Event::OrderedOther { .. } => "ordered_other",
            Event::Silenced { .. } => "silenced",
            Event::Excused { .. } => "excused",
            Event::Reported { .. } => "reported",
        }
    }
}

/// A person who does something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum Actor {
    /// For the road manager.
    Officer {
        /// Name.
        name: String,
    },
    /// For a firm.
    Firm {
        /// Code of the firm.
        contractor: String,
        /// Name.
        name: String,
    },
}

impl Actor {
    /// The person's name.
    pub fn name(&self) -> &str {
        match self {
            Actor::Officer { name } | Actor::Firm { name, .. } => name,
        }
    }
}

/// What a firm answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// 出動可.
    Accept {
        /// How many machines.
        machines: Option<u16>,
        /// When they are there.
        eta: Option<Timestamp>,
    },
    /// 遅延.
    Delay {
        /// Until when.
        until: Timestamp,
    },
    /// 不能.
    Decline {
        /// Why.
        reason: DeclineReason,
    },
}

/// Why a firm can't.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclineReason {
    /// 機械故障.
    Breakdown,
    /// 人員不足.
    People,
    /// 猛吹雪.
    Blizzard,
}

impl DeclineReason {
    /// What people read.
    pub fn ja(self) -> &'static str {
        match self {
            DeclineReason::Breakdown => "機械故障",
            DeclineReason::People => "人員不足",
            DeclineReason::Blizzard => "猛吹雪",
        }
    }
}

/// What another firm is ordered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirmRole {
    /// 応援: beside the firm by contract.
    Aid,
    /// 代行: instead of it.
    Substitute,
}

/// What plows were seen to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "seen", rename_all = "snake_case")]
pub enum Evidence {
    /// A working pass in the zone.
    Pass {
        /// When it left.
        at: Timestamp,
        /// Feed and id of the vehicle (`feed/vehicle`).
        vehicle: String,
    },
    /// How much of the zone is done.
    Coverage(Progress),
    /// Units on duty, and how many of them were heard in the last 15 min.
    Units {
        /// Heard.
        heard: u32,
        /// On duty.
        on_duty: u32,
    },
}

/// How much of a zone's own roads is done by its own work kind.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Their length in metres.
    pub own_m: f64,
    /// Done since the call-out was opened.
    pub done_m: f64,
    /// Not done and excused (路上駐車).
    pub excused_m: f64,
}

impl Progress {
    /// Done of what there is to do, 0–1; 1 where all is excused.
    pub fn share(&self) -> f64 {
        let todo = self.own_m - self.excused_m;
        if todo > 0.0 {
            (self.done_m / todo).clamp(0.0, 1.0)
        } else {
            1.0
        }
    }
}

/// A state that a person sets by hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The state.
    pub phase: Phase,
    /// Who said so.
    pub said_by: String,
    /// What else was said.
    pub note: String,
}

/// Whom there is to call for a zone, in turn.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// The contacts of each firm that may be called for it.
    pub firms: Vec<(String, Vec<Rung>)>,
    /// The duty officers.
    pub officers: Vec<Rung>,
    /// Whether a telephony provider takes voice calls.
    pub voice: bool,
}

/// A contact on the ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rung {
    /// Key of the contact; empty for the board's call list.
    pub contact: String,
    /// What is done on it.
    pub kind: RungKind,
}

/// What is done on a rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RungKind {
    /// A firm's contact gets a message.
    Firm,
    /// A duty officer gets a message.
    Officer,
    /// All duty officers get a notice.
    Officers,
    /// The contact is telephoned by a provider.
    Voice,
    /// The board's call list asks for a telephone call.
    CallList,
}

/// What is to be done beyond the call-out itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Effect {
    /// A message goes out.
    Tell(Tell),
}

/// A message. Its number is never used again within its call-out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tell {
    /// Its number.
    pub number: u32,
    /// Key of the contact; empty where it goes to all duty officers.
    pub contact: String,
    /// How.
    pub kind: RungKind,
    /// What.
    pub what: What,
}

/// What a message says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// 出動要請.
    Request,
    /// 出動要請 of another firm's zone (応援・代行).
    RequestOther,
    /// 待機要請.
    StandBy,
    /// 解除.
    StandDown,
    /// To officers: approve or not.
    Approval,
    /// To officers: the firm does not answer.
    NoAnswer,
    /// To officers: the firm can't.
    Declined,
    /// To officers: 未確認.
    Unconfirmed,
    /// To officers: the firm comes.
    Accepted,
    /// To officers: the firm comes later.
    Delayed,
    /// To officers: not done by the deadline.
    Overdue,
    /// To officers: done.
    Completed,
    /// To officers: below the hysteresis while a firm is out.
    Below,
    /// To officers: a silence has ended.
    SilenceEnded,
}

impl What {
    /// A call that wants an answer, as against a notice.
    pub fn wants_answer(self) -> bool {
        matches!(
            self,
            What::Request
                | What::RequestOther
                | What::Approval
                | What::NoAnswer
                | What::Declined
                | What::Unconfirmed
        )
    }
}

//! What a rule remembers of a zone: derived from the looks before, and made again from them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a rule stands with a zone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "phase")]
pub enum Phase {
    /// A crossing opens a round.
    #[default]
    Armed,
    /// A round is open.
    Open {
        /// Since when.
        since: Timestamp,
    },
    /// The last round ended while it was still crossed: it takes new snow, or a fall below the
    /// hysteresis, before it can be crossed again.
    Spent {
        /// When the round ended.
        since: Timestamp,
    },
}

/// What a rule remembers of a zone between two looks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleMemory {
    /// The last round that was opened; 0 before the first.
    pub round: u32,
    /// Where it stands.
    #[serde(flatten)]
    pub phase: Phase,
    /// In how many passes with new readings it was crossed, one after the other.
    pub seen: u32,
    /// The newest reading among those that were counted.
    pub counted_at: Option<Timestamp>,
    /// The deciding hour that was last decided.
    pub decided_for: Option<Timestamp>,
    /// From when on firms are asked to be ready for the next round.
    pub standby_from: Option<Timestamp>,
    /// A person called the standby off: it is not asked for again before its condition has ceased.
    pub standby_refused: bool,
}

impl RuleMemory {
    /// Since when new snow is counted at the earliest: the last round's end.
    pub fn ended_at(&self) -> Option<Timestamp> {
        match self.phase {
            Phase::Spent { since } => Some(since),
            Phase::Armed | Phase::Open { .. } => None,
        }
    }
}

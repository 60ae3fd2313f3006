//! The state of a segment, per direction, and its form in a tile (design §2 and §6).

mod beside;
mod merged;
mod snow;
mod snow_cells;
mod table;
mod threshold;

#[cfg(test)]
mod tests;

pub use beside::Beside;
pub use merged::{MergedStatus, merged_status};
pub use snow::{DirectionSnow, SegmentSnow};
pub use snow_cells::{SnowCells, snow_cell_centre, snow_place};
pub use table::{StatusChange, StatusColumns, StatusTable};
pub use threshold::{Threshold, ThresholdKey, Thresholds};

use crate::coverage::{Confidence, DirectionFacts, NarrowRules, SegmentFacts};
use crate::work::{Direction, WorkKind};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// State of one direction of a segment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// No feed speaks for it and no pass was ever seen.
    #[default]
    NoData,
    /// The feed, or some of the zone's units, have fallen silent.
    Unconfirmed,
    /// 基準未満: new snow under this road's threshold.
    BelowThreshold,
    /// New snow since the last pass calls for one.
    Uncleared,
    /// Passed since this snowfall began.
    Cleared,
    /// A pass in the last 10 min, not yet covered.
    Working,
    /// 通行止め, 冬期閉鎖.
    Closed,
    /// 除雪対象外.
    OffPlan,
    /// 消融雪: needs no plow.
    Melting,
}

impl State {
    /// All states in the order of their codes.
    pub const ALL: [State; 9] = [
        State::NoData,
        State::Unconfirmed,
        State::BelowThreshold,
        State::Uncleared,
        State::Cleared,
        State::Working,
        State::Closed,
        State::OffPlan,
        State::Melting,
    ];

    /// The code of design §2.
    pub fn code(self) -> u32 {
        self as u32
    }

    /// The state with that code.
    pub fn from_code(code: u32) -> Option<Self> {
        Self::ALL.get(code as usize).copied()
    }

    /// The name used in every interface.
    pub fn as_str(self) -> &'static str {
        match self {
            State::NoData => "no_data",
            State::Unconfirmed => "unconfirmed",
            State::BelowThreshold => "below_threshold",
            State::Uncleared => "uncleared",
            State::Cleared => "cleared",
            State::Working => "working",
            State::Closed => "closed",
            State::OffPlan => "off_plan",
            State::Melting => "melting",
        }
    }
}

/// The settings that a state hangs on.
#[derive(Debug, Clone, PartialEq)]
pub struct StatusPolicy {
    /// A pass counts as `working` for this long.
    pub working_for: SignedDuration,
    /// Without snow data, snow past the threshold is assumed this long after the last clearing.
    pub assume_snow_after: SignedDuration,
    /// A feed is silent when its last contact is older than this many of its intervals.
    pub silent_after_intervals: i32,
    /// Which roads one pass clears in both directions.
    pub narrow: NarrowRules,
    /// From how much new snow on each road is to be cleared.
    pub thresholds: Thresholds,
}

impl Default for StatusPolicy {
    fn default() -> Self {
        StatusPolicy {
            working_for: SignedDuration::from_mins(10),
            assume_snow_after: SignedDuration::from_hours(12),
            silent_after_intervals: 3,
            narrow: NarrowRules::default(),
            thresholds: Thresholds::default(),
        }
    }
}

impl StatusPolicy {
    /// Whether a feed with this interval and last contact has fallen silent.
    pub fn is_silent(
        &self,
        last_contact: Option<Timestamp>,
        interval: SignedDuration,
        now: Timestamp,
    ) -> bool {
        let allowed = interval * self.silent_after_intervals;
        last_contact.is_none_or(|at| now.duration_since(at) > allowed)
    }
}

/// What is heard of a segment's plows, from the feeds that speak for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Contact {
    /// No feed speaks for it.
    #[default]
    Uncovered,
    /// A feed speaks for it and was heard in time.
    Heard,
    /// The feed has fallen silent.
    Silent,
    /// The feed is heard, but fewer of the zone's units than are on duty.
    UnitsMissing,
}

/// What holds for a segment whatever plows do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Closed to traffic.
    pub closed: bool,
    /// Not in the clearing plan.
    pub off_plan: bool,
    /// Melts its snow over its whole length.
    pub melting: bool,
    /// The tile digit of its zone's call-out (design §6); 0 = none.
    pub call_out: u8,
}

/// The state of one direction: the first that applies (design §2). `snow` is its new snow with the
/// road's threshold, where the field tells it; without it snow past the threshold is assumed after a while.
pub fn direction_state(
    facts: &DirectionFacts,
    standing: Standing,
    contact: Contact,
    snow: Option<(DirectionSnow, f64)>,
    policy: &StatusPolicy,
    now: Timestamp,
) -> State {
    let within = |at: Option<Timestamp>, span: SignedDuration| {
        at.is_some_and(|at| now.duration_since(at) <= span)
    };
    if standing.closed {
        State::Closed
    } else if standing.off_plan {
        State::OffPlan
    } else if standing.melting {
        State::Melting
    } else if contact == Contact::Uncovered && facts.passed_at.is_none() {
        State::NoData
    } else if matches!(contact, Contact::Silent | Contact::UnitsMissing) {
        State::Unconfirmed
    } else if within(facts.worked_at, policy.working_for)
        && !within(facts.cleared_at, policy.working_for)
    {
        State::Working
    } else if let Some((snow, threshold_cm)) = snow {
        snow.state(facts.cleared_at, threshold_cm)
    } else if within(facts.cleared_at, policy.assume_snow_after) {
        State::Cleared
    } else {
        State::Uncleared
    }
}

/// The three values of a segment in a tile; small enough to copy by the million.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SegmentStatus {
    /// Minutes since 1970 when the forward direction was last cleared; 0 = never.
    pub cleared_fwd_min: u32,
    /// The same for the backward direction.
    pub cleared_rev_min: u32,
    /// The digits of design §6, from the right: state forward, state reverse, work kind, new snow,
    /// dispatch, confidence.
    pub status: u32,
}

impl SegmentStatus {
    /// The status of a segment; `before` is the one that it had.
    pub fn derive(
        facts: &SegmentFacts,
        standing: Standing,
        contact: Contact,
        snow: &SegmentSnow,
        before: SegmentStatus,
        policy: &StatusPolicy,
        now: Timestamp,
    ) -> Self {
        let state = |direction| {
            let of = match direction {
                Direction::Forward => snow.forward,
                Direction::Backward => snow.backward,
            };
            let snow = of.map(|of| (of, snow.threshold_cm));
            let facts = facts.direction(direction);
            direction_state(facts, standing, contact, snow, policy, now).code()
        };
        let newest = if facts.backward.passed_at > facts.forward.passed_at {
            &facts.backward
        } else {
            &facts.forward
        };
        let confidence = Confidence::max(facts.forward.confidence, facts.backward.confidence);
        let cleared = [facts.forward.cleared_at, facts.backward.cleared_at].map(minutes);
        let same_clearing = cleared == [before.cleared_fwd_min, before.cleared_rev_min];
        let digit_before = if same_clearing {
            before.snow_digit()
        } else {
            0
        };
        SegmentStatus {
            cleared_fwd_min: cleared[0],
            cleared_rev_min: cleared[1],
            status: state(Direction::Forward)
                + 10 * state(Direction::Backward)
                + 100 * newest.work.map_or(0, WorkKind::tile_digit)
                + 1000 * snow.digit(digit_before)
                + 10_000 * u32::from(standing.call_out)
                + 100_000 * confidence.tile_digit(),
        }
    }

    /// The digit of new snow since cleared (design §6).
    pub fn snow_digit(&self) -> u32 {
        self.status / 1000 % 10
    }

    /// The state of a direction.
    pub fn state(&self, direction: Direction) -> State {
        let digit = match direction {
            Direction::Forward => self.status % 10,
            Direction::Backward => self.status / 10 % 10,
        };
        State::from_code(digit).unwrap_or_default()
    }

    /// How sure it is.
    pub fn confidence(&self) -> Confidence {
        Confidence::from_tile_digit(self.status / 100_000 % 10)
    }
}

/// The time that a status' minutes since 1970 stand for; 0 is never.
pub fn cleared_at(minutes: u32) -> Option<Timestamp> {
    let second = (minutes > 0).then(|| i64::from(minutes) * 60)?;
    Timestamp::from_second(second).ok()
}

/// Minutes since 1970, rounded down, 0 for never.
fn minutes(at: Option<Timestamp>) -> u32 {
    at.and_then(|at| u32::try_from(at.as_second().div_euclid(60)).ok())
        .unwrap_or(0)
}

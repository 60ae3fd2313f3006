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

/// Where a plan stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanPhase {
    /// Its window is still to come.
    Upcoming,
    /// Its window has begun.
    Current,
    /// Its window is over, and nobody said what became of it.
    Past,
    /// Cancelled or done.
    Settled,
}

impl Plan {
    /// Where it stands. A plan that was moved counts by the window it was moved to.
    pub fn phase_at(&self, now: Timestamp) -> PlanPhase {
        match self.state {
            PlanState::Cancelled | PlanState::Done => PlanPhase::Settled,
            PlanState::Planned | PlanState::Moved if now < self.from => PlanPhase::Upcoming,
            PlanState::Planned | PlanState::Moved if now < self.until => PlanPhase::Current,
            PlanState::Planned | PlanState::Moved => PlanPhase::Past,
        }
    }

    /// When its phase next changes by time alone.
    pub fn next_change_after(&self, now: Timestamp) -> Option<Timestamp> {
        let phase = self.phase_at(now);
        let mut moments = [self.from, self.until];
        moments.sort_unstable();
        (moments.into_iter()).find(|at| *at > now && self.phase_at(*at) != phase)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    #[test]
    fn a_plan_passes_through_its_window() {
        let from: Timestamp = "2026-01-15T21:00:00+09:00".parse().unwrap();
        let until: Timestamp = "2026-01-16T05:00:00+09:00".parse().unwrap();
        let hour = SignedDuration::from_hours(1);
        use PlanPhase::{Current, Past, Settled, Upcoming};
        use PlanState::{Cancelled, Done, Moved, Planned};
        let cases = [
            (Planned, from - hour, Upcoming, Some(from)),
            (Planned, from, Current, Some(until)),
            (Moved, until - hour, Current, Some(until)),
            (Planned, until, Past, None),
            (Cancelled, from - hour, Settled, None),
            (Done, from, Settled, None),
        ];
        for (state, now, phase, next) in cases {
            let plan = Plan {
                id: "1".to_owned(),
                work: WorkKind::Hauling,
                state,
                from,
                until,
                place: Place::default(),
                note: String::new(),
            };
            assert_eq!(plan.phase_at(now), phase, "{state:?} {now}");
            assert_eq!(plan.next_change_after(now), next, "{state:?} {now}");
        }
    }
}

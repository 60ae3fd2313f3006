//! One event, one step.

use super::calling::{Why, later};
use super::event::{Actor, Effect, Event, What};
use super::state::{Mode, Phase};
use super::{
    CLOCK_SKEW, Dispatch, LONGEST_WAIT, NO_NEWS, SELF_START_PATIENCE, START_PATIENCE, USUAL_ETA,
};
use jiff::Timestamp;

/// Why an event changes nothing, for the person who brought it. What plows, rules and the clock say
/// is never refused: it only changes nothing where there is nothing to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is completed or cancelled.
    #[error("the call-out is over")]
    Over,
    /// It needs an officer.
    #[error("only the road manager's officers may do this")]
    OfficersOnly,
    /// The person's firm was not called.
    #[error("this firm was not called out for the zone")]
    NotYours,
    /// An officer has not approved it yet.
    #[error("the call-out is not approved yet")]
    NotApproved,
    /// Nobody is being called.
    #[error("nobody is being called")]
    NobodyCalled,
    /// A time in the past, or more than 24 h ahead.
    #[error("the time must lie ahead, by 24 h at most")]
    Time,
    /// The firm is ordered already.
    #[error("this firm is ordered already")]
    AlreadyOrdered,
    /// A state that nobody can set by hand.
    #[error("this state can't be set by hand")]
    NotByHand,
}

impl Refused {
    /// What people read.
    pub fn ja(self) -> &'static str {
        match self {
            Refused::Over => "この出動要請は終了しています",
            Refused::OfficersOnly => "道路管理者の担当者だけが操作できます",
            Refused::NotYours => "この工区の出動要請先ではありません",
            Refused::NotApproved => "まだ承認されていません",
            Refused::NobodyCalled => "呼び出し中の相手がいません",
            Refused::Time => "時刻は今から 24 時間以内の先の時刻にしてください",
            Refused::AlreadyOrdered => "この業者にはすでに要請しています",
            Refused::NotByHand => "この状態は手動で設定できません",
        }
    }
}

/// The call-out after an event, and what is to be told.
///
/// An event that says nothing new leaves it as it was, without effects: duplicates are harmless.
///
/// # Errors
/// Why a person's act is refused.
pub fn apply(
    dispatch: &Dispatch,
    event: &Event,
    now: Timestamp,
) -> Result<(Dispatch, Vec<Effect>), Refused> {
    let mut next = dispatch.clone();
    let effects = match event {
        Event::Reported { by, report } => next.report(by, report, now)?,
        Event::Answered { by, answer } => next.take_answer(by, answer, now)?,
        Event::Approved { by } => next.approve(by, now)?,
        Event::Cancelled { by, .. } => next.cancel(by, now)?,
        Event::Escalated { by } => next.escalate(by, now)?,
        Event::OrderedOther {
            by,
            contractor,
            role,
        } => next.order_other(by, contractor, *role, now)?,
        Event::Silenced { by, until } => next.keep_silent(by, *until, now)?,
        Event::Excused { by, segments, .. } => next.excuse(by, segments)?,
        _ if next.phase.is_over() => Vec::new(),
        Event::Crossed { reason, deadline } => next.crossed(reason, *deadline, now),
        Event::FellBelow { .. } => next.fell_below(now),
        Event::Tick { roster } => next.tick(roster, now),
        Event::Undelivered { number } => next.undelivered(*number, now),
        Event::Seen { evidence } => next.see(evidence, now),
    };
    Ok((next, effects))
}

impl Dispatch {
    /// Goes over to a phase, with the calls and the next check that belong to it.
    pub(super) fn enter(&mut self, phase: Phase, now: Timestamp) {
        self.phase = phase;
        self.phase_since = now;
        self.reported = false;
        self.doubt = None;
        self.end_calls(|why| phase.is_over() || !matches!(why, Why::Aid(_)));
        self.check_at = match phase {
            Phase::Standby if self.mode == Mode::SelfStart => Some(later(now, SELF_START_PATIENCE)),
            Phase::Standby | Phase::Started => Some(later(now, NO_NEWS)),
            Phase::Accepted => Some(later(later(now, USUAL_ETA), START_PATIENCE)),
            _ => None,
        };
        match phase {
            Phase::Requested => self.call(Why::Request, now),
            Phase::AwaitingApproval => self.call(Why::Approval, now),
            Phase::Declined => self.call(Why::Declined, now),
            Phase::Completed | Phase::Cancelled => self.silence = None,
            _ => {}
        }
    }

    fn crossed(
        &mut self,
        reason: &str,
        deadline: Option<Timestamp>,
        now: Timestamp,
    ) -> Vec<Effect> {
        self.below_since = None;
        if self.phase == Phase::Standby && self.mode != Mode::SelfStart {
            reason.clone_into(&mut self.reason);
            self.deadline = deadline;
            let ordered = self.mode == Mode::Order;
            let phase = if ordered {
                Phase::Requested
            } else {
                Phase::AwaitingApproval
            };
            self.enter(phase, now);
        }
        Vec::new()
    }

    /// A call-out that nobody has accepted is cancelled; a firm that is out or on its way is not
    /// turned back by a gauge: an officer is asked.
    fn fell_below(&mut self, now: Timestamp) -> Vec<Effect> {
        match self.phase {
            Phase::Standby | Phase::AwaitingApproval | Phase::Requested | Phase::Declined => {
                self.enter(Phase::Cancelled, now);
                self.stand_down()
            }
            Phase::Accepted | Phase::Delayed if self.below_since.is_none() => {
                self.below_since = Some(now);
                vec![self.notify_officers(What::Below)]
            }
            _ => {
                self.below_since = self.below_since.or(Some(now));
                Vec::new()
            }
        }
    }

    fn undelivered(&mut self, number: u32, now: Timestamp) -> Vec<Effect> {
        for calling in &mut self.calls {
            if calling.number == Some(number) {
                calling.number = None;
                calling.next_at = now;
            }
        }
        Vec::new()
    }
}

pub(super) fn officers_only(by: &Actor) -> Result<&str, Refused> {
    match by {
        Actor::Officer { name } => Ok(name),
        Actor::Firm { .. } => Err(Refused::OfficersOnly),
    }
}

pub(super) fn ahead(time: Timestamp, now: Timestamp) -> Result<(), Refused> {
    let earliest = now.saturating_sub(CLOCK_SKEW).unwrap_or(Timestamp::MIN);
    if (earliest..=later(now, LONGEST_WAIT)).contains(&time) {
        Ok(())
    } else {
        Err(Refused::Time)
    }
}

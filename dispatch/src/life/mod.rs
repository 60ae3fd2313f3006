//! The life of a call-out as one pure state machine.
//!
//! A call-out is named by (manager, zone, rule, round). [`apply`] takes an event and the time and
//! answers with the call-out as it is then and what is to be told; nothing else changes a call-out,
//! so that the kept events give the same state again ([`Dispatch::open`], then one `apply` each).
//!
//! *Fail open.* While nobody has answered, a next deadline always stands ([`Dispatch::next_at`]), and
//! no deadline that the machine sets itself is ever further away than [`LAP_PAUSE`], whatever the
//! clock does. Calling who to whom is a matter of its own ([`Calling`]), beside the phase: a second
//! firm can be called while the first is at work.

mod answers;
mod apply;
mod calling;
mod clock;
mod event;
mod evidence;
mod officers;
mod state;

#[cfg(test)]
mod tests;

pub use apply::{Refused, apply};
pub use calling::{Calling, Why};
pub use event::{
    Actor, Answer, DeclineReason, Effect, Event, Evidence, FirmRole, Progress, Report, Roster,
    Rung, RungKind, Tell, What,
};
pub use state::{Doubt, FirmOrder, Mode, Phase, Silence, State};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Nobody answered for so long: the next contact is called.
pub const NEXT_CONTACT: SignedDuration = SignedDuration::from_mins(5);
/// Pause after the last contact, before all are called again.
pub const LAP_PAUSE: SignedDuration = SignedDuration::from_mins(15);
/// A message that did not get out is tried again so long after its first attempt.
pub const RETRIES: [SignedDuration; 4] = [
    SignedDuration::from_secs(0),
    SignedDuration::from_secs(15),
    SignedDuration::from_secs(60),
    SignedDuration::from_secs(180),
];
/// An accepted call-out without a working pass so long after the promised time asks a human.
pub const START_PATIENCE: SignedDuration = SignedDuration::from_mins(30);
/// What is taken for the promised time where none was given.
pub const USUAL_ETA: SignedDuration = SignedDuration::from_mins(30);
/// A firm that starts by itself (自主出動) and does not, asks a human.
pub const SELF_START_PATIENCE: SignedDuration = SignedDuration::from_hours(1);
/// Standby or work without any news for so long asks a human.
pub const NO_NEWS: SignedDuration = SignedDuration::from_hours(6);
/// Longest silence, and furthest time of a delay.
pub const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(24);
/// A time that lies further ahead of the clock than this was taken from a clock since set back.
pub const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(2);
/// A zone is done when passes cover this share of its own length, less what is excused. The rest is
/// ends and stubs that a plow can't reach (design §2 allows 10 % of each segment).
pub const DONE_SHARE: f64 = 0.95;

/// What names a call-out. The same key never opens a second one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DispatchKey {
    /// Code of the road manager.
    pub manager: String,
    /// The zone's name, normalised.
    pub zone: String,
    /// The rule's id; `by-hand` for one that a person opened.
    pub rule: String,
    /// Number of the round (巡), from 1.
    pub round: u32,
}

/// What opens a call-out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opening {
    /// Its name.
    pub key: DispatchKey,
    /// How it is ordered.
    pub mode: Mode,
    /// 訓練.
    pub drill: bool,
    /// Only standby (待機) as yet: the threshold is expected to be passed.
    pub standby: bool,
    /// Why, as people read it (`新積雪 12 cm ≥ 10 cm、2 観測所`).
    pub reason: String,
    /// By when the zone is to be done.
    pub deadline: Option<Timestamp>,
    /// Code of the firm whose zone it is by contract.
    pub contractor: Option<String>,
    /// Who opened it, where a person did.
    pub by: Option<Actor>,
}

/// A call-out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dispatch {
    /// Its name.
    pub key: DispatchKey,
    /// How it is ordered.
    pub mode: Mode,
    /// 訓練.
    pub drill: bool,
    /// Why, as people read it.
    pub reason: String,
    /// By when the zone is to be done.
    pub deadline: Option<Timestamp>,
    /// Code of the firm that is responsible now: by contract, or by 代行.
    pub contractor: Option<String>,
    /// When it was opened.
    pub raised_at: Timestamp,
    /// How far it is.
    pub phase: Phase,
    /// Since when.
    pub phase_since: Timestamp,
    /// The phase is what a person said (申告), not what was seen.
    pub reported: bool,
    /// Not done by the deadline, since then.
    pub overdue_since: Option<Timestamp>,
    /// What is in doubt (未確認), and since when.
    pub doubt: Option<(Doubt, Timestamp)>,
    /// Who is being called, one ladder for each reason.
    pub calls: Vec<Calling>,
    /// The responsible firm's last answer.
    pub answer: Option<Answer>,
    /// Firms that an officer ordered besides or instead.
    pub firms: Vec<FirmOrder>,
    /// No calls until its end.
    pub silence: Option<Silence>,
    /// Segments that need not be done (路上駐車), by id.
    pub excused: Vec<u64>,
    /// What of the zone is done.
    pub progress: Option<Progress>,
    /// Keys of the firms' contacts that were told; they are told of a stand-down too.
    pub told: Vec<String>,
    /// Below the hysteresis since then, while a firm is out or on its way.
    pub below_since: Option<Timestamp>,
    /// When the first working pass in the zone was seen, or its start reported.
    pub started_at: Option<Timestamp>,
    /// Passes count from here on: not those before it was opened, or before the firm said that it
    /// can't.
    pub evidence_from: Timestamp,
    /// The firm was told of the standby.
    pub announced: bool,
    /// When a human is asked next, where no news comes.
    pub check_at: Option<Timestamp>,
    /// How many messages were ordered; the number of the last.
    pub tells: u32,
}

impl Dispatch {
    /// Opens a call-out. Nobody is told yet: its first deadline is `now`, when the first tick brings
    /// the contacts.
    pub fn open(opening: &Opening, now: Timestamp) -> Self {
        let phase = match (opening.standby, opening.mode) {
            (true, _) | (_, Mode::SelfStart) => Phase::Standby,
            (false, Mode::Order) => Phase::Requested,
            (false, Mode::Approve) => Phase::AwaitingApproval,
        };
        let mut dispatch = Dispatch {
            key: opening.key.clone(),
            mode: opening.mode,
            drill: opening.drill,
            reason: opening.reason.clone(),
            deadline: opening.deadline,
            contractor: opening.contractor.clone(),
            raised_at: now,
            phase,
            phase_since: now,
            reported: false,
            overdue_since: None,
            doubt: None,
            calls: Vec::new(),
            answer: None,
            firms: Vec::new(),
            silence: None,
            excused: Vec::new(),
            progress: None,
            told: Vec::new(),
            below_since: None,
            started_at: None,
            evidence_from: now,
            announced: false,
            check_at: None,
            tells: 0,
        };
        dispatch.enter(phase, now);
        dispatch
    }

    /// What it shows.
    pub fn state(&self) -> State {
        match self.phase {
            Phase::Completed => State::Completed,
            Phase::Cancelled => State::Cancelled,
            _ if self.doubt.is_some() => State::Unconfirmed,
            Phase::Standby => State::Standby,
            Phase::AwaitingApproval => State::AwaitingApproval,
            _ if self.overdue_since.is_some() => State::Overdue,
            Phase::Requested => State::Requested,
            Phase::Accepted => State::Accepted,
            Phase::Delayed => State::Delayed,
            Phase::Declined => State::Declined,
            Phase::Started => State::Started,
        }
    }

    /// Since when somebody is to call by telephone: the board's call list.
    pub fn call_by_hand_since(&self) -> Option<Timestamp> {
        self.calls.iter().filter_map(|c| c.by_hand_since).min()
    }

    /// When the clock changes something next; `None` once it is over.
    pub fn next_at(&self) -> Option<Timestamp> {
        if self.phase.is_over() {
            return None;
        }
        let calls = self.calls.iter().map(|calling| calling.next_at).min();
        let announce =
            (self.phase == Phase::Standby && !self.announced).then_some(self.phase_since);
        let wake = match &self.silence {
            Some(silence) => Some(silence.until),
            None => [calls, self.check_at, announce].into_iter().flatten().min(),
        };
        let deadline = self
            .deadline
            .filter(|_| self.overdue_since.is_none() && self.phase.is_ordered());
        [wake, deadline].into_iter().flatten().min()
    }
}

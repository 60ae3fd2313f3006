//! The ladder: who is called, in turn, until somebody answers.

use super::event::{Effect, Roster, Rung, RungKind, Tell, What};
use super::state::Phase;
use super::{Dispatch, LAP_PAUSE, NEXT_CONTACT};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Somebody is being called.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calling {
    /// Why.
    pub why: Why,
    /// Who was called already in this lap.
    pub called: Vec<Rung>,
    /// Laps that are through.
    pub laps: u32,
    /// Number of the message that is out, where one is.
    pub number: Option<u32>,
    /// When the next is called.
    pub next_at: Timestamp,
    /// On the board's call list since.
    pub by_hand_since: Option<Timestamp>,
}

/// Why somebody is being called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The responsible firm is to go out.
    Request,
    /// Another firm is to go out beside it (応援): its code.
    Aid(String),
    /// An officer is to approve.
    Approval,
    /// A firm can't: an officer is to act.
    Declined,
    /// 未確認: an officer is to ask.
    Doubt,
}

impl Why {
    /// The ladder: the firm's contacts in turn, the duty officers, a voice call, the call list.
    fn ladder(&self, contractor: Option<&str>, roster: &Roster) -> Vec<Rung> {
        let firm = match self {
            Why::Request => contractor,
            Why::Aid(contractor) => Some(contractor.as_str()),
            Why::Approval | Why::Declined | Why::Doubt => None,
        };
        let of_firm = roster.of_firm(firm);
        let mut ladder = of_firm.to_vec();
        ladder.extend(roster.officers.iter().cloned());
        let first = of_firm.first().or_else(|| roster.officers.first());
        if let Some(first) = first.filter(|_| roster.voice) {
            ladder.push(Rung {
                contact: first.contact.clone(),
                kind: RungKind::Voice,
            });
        }
        ladder.push(Rung {
            contact: String::new(),
            kind: RungKind::CallList,
        });
        ladder
    }

    fn says(&self, rung: RungKind) -> What {
        match (self, rung) {
            (Why::Request | Why::Aid(_), RungKind::Officer) => What::NoAnswer,
            (Why::Request, _) => What::Request,
            (Why::Aid(_), _) => What::RequestOther,
            (Why::Approval, _) => What::Approval,
            (Why::Declined, _) => What::Declined,
            (Why::Doubt, _) => What::Unconfirmed,
        }
    }
}

impl Roster {
    /// A firm's contacts, in turn.
    pub(super) fn of_firm(&self, contractor: Option<&str>) -> &[Rung] {
        self.firms
            .iter()
            .find(|(code, _)| Some(code.as_str()) == contractor)
            .map_or(&[], |(_, rungs)| rungs.as_slice())
    }
}

impl Calling {
    fn begin(why: Why, now: Timestamp) -> Self {
        Calling {
            why,
            called: Vec::new(),
            laps: 0,
            number: None,
            next_at: now,
            by_hand_since: None,
        }
    }

    /// Goes one rung up and says which that is. Contacts that have been added since are called too,
    /// those that are gone are not; after the last, all are called again.
    fn climb(&mut self, contractor: Option<&str>, roster: &Roster, now: Timestamp) -> Option<Rung> {
        let ladder = self.why.ladder(contractor, roster);
        let next = |called: &[Rung]| ladder.iter().find(|rung| !called.contains(rung)).cloned();
        let mut rung = next(&self.called);
        if rung.is_none() {
            self.laps += 1;
            self.called.clear();
            rung = next(&[]);
        }
        self.called.extend(rung.clone());
        let last = next(&self.called).is_none();
        self.next_at = later(now, if last { LAP_PAUSE } else { NEXT_CONTACT });
        rung
    }
}

impl Dispatch {
    /// Begins to call, at once.
    pub(super) fn call(&mut self, why: Why, now: Timestamp) {
        self.calls.retain(|calling| calling.why != why);
        self.calls.push(Calling::begin(why, now));
    }

    /// Ends calling for some reasons.
    pub(super) fn end_calls(&mut self, ended: impl Fn(&Why) -> bool) {
        self.calls.retain(|calling| !ended(&calling.why));
    }

    /// Calls the next on each ladder that is due.
    pub(super) fn climb(&mut self, roster: &Roster, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        let mut calls = std::mem::take(&mut self.calls);
        for calling in calls.iter_mut().filter(|calling| calling.next_at <= now) {
            calling.number = None;
            match calling.climb(self.contractor.as_deref(), roster, now) {
                Some(rung) if rung.kind == RungKind::CallList => {
                    calling.by_hand_since = calling.by_hand_since.or(Some(now));
                }
                Some(rung) => {
                    effects.push(self.tell(&rung.contact, rung.kind, calling.why.says(rung.kind)));
                    calling.number = Some(self.tells);
                }
                None => {}
            }
        }
        self.calls = calls;
        effects
    }

    /// A message to a contact.
    pub(super) fn tell(&mut self, contact: &str, kind: RungKind, what: What) -> Effect {
        self.tells += 1;
        let to_firm = matches!(what, What::Request | What::RequestOther | What::StandBy);
        if to_firm && !self.told.iter().any(|told| told == contact) {
            self.told.push(contact.to_owned());
        }
        Effect::Tell(Tell {
            number: self.tells,
            contact: contact.to_owned(),
            kind,
            what,
        })
    }

    /// A notice to all duty officers; it wants no answer.
    pub(super) fn notify_officers(&mut self, what: What) -> Effect {
        self.tell("", RungKind::Officers, what)
    }

    /// The contacts that were told are told of the stand-down.
    pub(super) fn stand_down(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.told)
            .iter()
            .map(|contact| self.tell(contact, RungKind::Firm, What::StandDown))
            .collect()
    }

    /// Whether a message that was not sent yet is still to be sent: a call that has been answered
    /// since is not.
    pub fn still_wants(&self, tell: &Tell) -> bool {
        match tell.what {
            What::StandDown | What::Completed => true,
            What::StandBy => self.phase == Phase::Standby,
            what if what.wants_answer() => self
                .calls
                .iter()
                .any(|calling| calling.why.says(tell.kind) == what),
            _ => !self.phase.is_over(),
        }
    }
}

/// `now` and `span`, never past the end of time.
pub(super) fn later(now: Timestamp, span: SignedDuration) -> Timestamp {
    now.saturating_add(span).unwrap_or(Timestamp::MAX)
}

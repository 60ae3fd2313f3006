//! What firms answer.

use super::apply::{Refused, ahead};
use super::calling::{Why, later};
use super::event::{Actor, Answer, Effect, What};
use super::state::Phase;
use super::{Dispatch, START_PATIENCE};
use jiff::Timestamp;

impl Dispatch {
    pub(super) fn take_answer(
        &mut self,
        by: &Actor,
        answer: &Answer,
        now: Timestamp,
    ) -> Result<Vec<Effect>, Refused> {
        if self.phase.is_over() {
            return Err(Refused::Over);
        }
        if self.phase == Phase::AwaitingApproval {
            return Err(Refused::NotApproved);
        }
        match answer {
            Answer::Accept {
                eta: Some(time), ..
            }
            | Answer::Delay { until: time } => {
                ahead(*time, now)?;
            }
            _ => {}
        }
        match by {
            Actor::Firm { contractor, .. } if self.contractor.as_ref() != Some(contractor) => {
                self.aid_answers(contractor, answer, now)
            }
            Actor::Firm { .. } => Ok(self.firm_answers(answer, false, now)),
            Actor::Officer { .. } => Ok(self.firm_answers(answer, true, now)),
        }
    }

    fn firm_answers(&mut self, answer: &Answer, reported: bool, now: Timestamp) -> Vec<Effect> {
        let phase = phase_of(answer);
        // A plow that was seen at work is at work, whatever is promised or was promised before.
        let at_work = self.phase == Phase::Started && phase != Phase::Declined;
        let stands = at_work || (self.phase == phase && self.doubt.is_none());
        if stands && self.answer.as_ref() == Some(answer) {
            return Vec::new();
        }
        self.answer = Some(answer.clone());
        if !at_work {
            self.follow(answer, now);
            self.reported = reported;
        }
        self.notices(answer)
    }

    /// Takes the phase that an answer means.
    fn follow(&mut self, answer: &Answer, now: Timestamp) {
        self.enter(phase_of(answer), now);
        match answer {
            Answer::Accept { eta, .. } => {
                if let Some(eta) = eta {
                    self.check_at = Some(later(*eta, START_PATIENCE));
                }
            }
            Answer::Delay { until } => {
                self.check_at = Some(*until);
                self.evidence_from = now;
            }
            Answer::Decline { .. } => self.evidence_from = now,
        }
    }

    /// Officers hear of it; of a 不能 through a call that wants an answer.
    fn notices(&mut self, answer: &Answer) -> Vec<Effect> {
        match answer {
            Answer::Accept { .. } => vec![self.notify_officers(What::Accepted)],
            Answer::Delay { .. } => vec![self.notify_officers(What::Delayed)],
            Answer::Decline { .. } => Vec::new(),
        }
    }

    /// A firm that was ordered besides answers. Where nobody else comes, its answer is the call-out's.
    fn aid_answers(
        &mut self,
        contractor: &str,
        answer: &Answer,
        now: Timestamp,
    ) -> Result<Vec<Effect>, Refused> {
        let order = self
            .firms
            .iter_mut()
            .find(|order| order.contractor == contractor)
            .ok_or(Refused::NotYours)?;
        if order.answer.as_ref() == Some(answer) {
            return Ok(Vec::new());
        }
        order.answer = Some(answer.clone());
        self.end_calls(|why| matches!(why, Why::Aid(code) if code == contractor));
        match answer {
            Answer::Decline { .. } => self.call(Why::Declined, now),
            _ if self.phase == Phase::Declined => self.follow(answer, now),
            _ => {}
        }
        Ok(self.notices(answer))
    }
}

fn phase_of(answer: &Answer) -> Phase {
    match answer {
        Answer::Accept { .. } => Phase::Accepted,
        Answer::Delay { .. } => Phase::Delayed,
        Answer::Decline { .. } => Phase::Declined,
    }
}

//! What officers do, and what is set by hand (申告).

use super::apply::{Refused, ahead, officers_only};
use super::calling::Why;
use super::event::{Actor, Effect, FirmRole, Report};
use super::state::{FirmOrder, Phase, Silence};
use super::{Dispatch, What};
use jiff::Timestamp;

impl Dispatch {
    pub(super) fn approve(&mut self, by: &Actor, now: Timestamp) -> Result<Vec<Effect>, Refused> {
        officers_only(by)?;
        self.refuse_when_over()?;
        if matches!(self.phase, Phase::Standby | Phase::AwaitingApproval) {
            self.enter(Phase::Requested, now);
        }
        Ok(Vec::new())
    }

    pub(super) fn cancel(&mut self, by: &Actor, now: Timestamp) -> Result<Vec<Effect>, Refused> {
        officers_only(by)?;
        match self.phase {
            Phase::Cancelled => Ok(Vec::new()),
            Phase::Completed => Err(Refused::Over),
            _ => {
                self.enter(Phase::Cancelled, now);
                Ok(self.stand_down())
            }
        }
    }

    /// The next tick climbs.
    pub(super) fn escalate(&mut self, by: &Actor, now: Timestamp) -> Result<Vec<Effect>, Refused> {
        officers_only(by)?;
        self.refuse_when_over()?;
        if self.calls.is_empty() {
            return Err(Refused::NobodyCalled);
        }
        for calling in &mut self.calls {
            calling.next_at = now;
        }
        self.silence = None;
        Ok(Vec::new())
    }

    pub(super) fn order_other(
        &mut self,
        by: &Actor,
        contractor: &str,
        role: FirmRole,
        now: Timestamp,
    ) -> Result<Vec<Effect>, Refused> {
        officers_only(by)?;
        self.refuse_when_over()?;
        let ordered = |order: &FirmOrder| {
            order.contractor == contractor && order.role == role && !order.has_declined()
        };
        if self.contractor.as_deref() == Some(contractor) || self.firms.iter().any(ordered) {
            return Err(Refused::AlreadyOrdered);
        }
        self.firms.retain(|order| order.contractor != contractor);
        self.firms.push(FirmOrder {
            contractor: contractor.to_owned(),
            role,
            at: now,
            answer: None,
        });
        self.silence = None;
        match role {
            FirmRole::Aid => {
                self.call(Why::Aid(contractor.to_owned()), now);
                self.end_calls(|why| *why == Why::Declined);
                Ok(Vec::new())
            }
            FirmRole::Substitute => {
                let effects = self.stand_down();
                self.contractor = Some(contractor.to_owned());
                self.answer = None;
                self.end_calls(|why| matches!(why, Why::Aid(code) if code == contractor));
                self.enter(Phase::Requested, now);
                Ok(effects)
            }
        }
    }

    pub(super) fn keep_silent(
        &mut self,
        by: &Actor,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<Effect>, Refused> {
        let name = officers_only(by)?;
        self.refuse_when_over()?;
        ahead(until, now)?;
        self.silence = Some(Silence {
            since: now,
            until,
            by: name.to_owned(),
        });
        Ok(Vec::new())
    }

    /// Any state by hand. A firm may report what it did itself; an officer may also take up again
    /// what was called done or cancelled by mistake.
    pub(super) fn report(
        &mut self,
        by: &Actor,
        report: &Report,
        now: Timestamp,
    ) -> Result<Vec<Effect>, Refused> {
        let phase = report.phase;
        if phase == Phase::AwaitingApproval {
            return Err(Refused::NotByHand);
        }
        if let Actor::Firm { contractor, .. } = by {
            self.refuse_when_over()?;
            if !matches!(phase, Phase::Started | Phase::Completed) {
                return Err(Refused::OfficersOnly);
            }
            let theirs = self.contractor.as_ref() == Some(contractor)
                || self
                    .firms
                    .iter()
                    .any(|order| order.contractor == *contractor);
            if !theirs {
                return Err(Refused::NotYours);
            }
            if self.phase == Phase::AwaitingApproval {
                return Err(Refused::NotApproved);
            }
        }
        if self.phase == phase && self.doubt.is_none() {
            return Ok(Vec::new());
        }
        self.enter(phase, now);
        self.reported = true;
        match phase {
            Phase::Started => self.started_at = self.started_at.or(Some(now)),
            Phase::Delayed => self.check_at = Some(super::calling::later(now, super::USUAL_ETA)),
            Phase::Completed => return Ok(vec![self.notify_officers(What::Completed)]),
            Phase::Cancelled => return Ok(self.stand_down()),
            _ => {}
        }
        Ok(Vec::new())
    }

    /// Sections that can't be done; whoever works there says so.
    pub(super) fn excuse(&mut self, by: &Actor, segments: &[u64]) -> Result<Vec<Effect>, Refused> {
        self.refuse_when_over()?;
        self.refuse_other_firms(by)?;
        self.excused.extend(segments);
        self.excused.sort_unstable();
        self.excused.dedup();
        Ok(Vec::new())
    }

    fn refuse_other_firms(&self, by: &Actor) -> Result<(), Refused> {
        match by {
            Actor::Firm { contractor, .. }
                if self.contractor.as_ref() != Some(contractor)
                    && !self
                        .firms
                        .iter()
                        .any(|order| order.contractor == *contractor) =>
            {
                Err(Refused::NotYours)
            }
            _ => Ok(()),
        }
    }

    fn refuse_when_over(&self) -> Result<(), Refused> {
        match self.phase.is_over() {
            true => Err(Refused::Over),
            false => Ok(()),
        }
    }
}

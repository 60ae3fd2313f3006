//! What the passing of time does, also on a clock that is set forward or back.

use super::calling::{Why, later};
use super::event::{Effect, Roster, RungKind, What};
use super::state::{Doubt, Mode, Phase};
use super::{CLOCK_SKEW, Dispatch, LAP_PAUSE, NEXT_CONTACT};
use jiff::Timestamp;

impl Dispatch {
    pub(super) fn tick(&mut self, roster: &Roster, now: Timestamp) -> Vec<Effect> {
        self.heed_clock(now);
        let mut effects = Vec::new();
        if self
            .silence
            .as_ref()
            .is_some_and(|silence| silence.until <= now)
        {
            self.silence = None;
            effects.push(self.notify_officers(What::SilenceEnded));
        }
        if self.is_late(now) {
            self.overdue_since = Some(now);
            effects.push(self.notify_officers(What::Overdue));
        }
        if self.silence.is_some() {
            return effects;
        }
        if self.phase == Phase::Standby && !self.announced {
            self.announced = true;
            for rung in roster.of_firm(self.contractor.clone().as_deref()) {
                effects.push(self.tell(&rung.contact, RungKind::Firm, What::StandBy));
            }
        }
        if self.check_at.is_some_and(|check| check <= now) {
            self.check(now);
        }
        effects.extend(self.climb(roster, now));
        effects
    }

    fn is_late(&self, now: Timestamp) -> bool {
        self.phase.is_ordered()
            && self.overdue_since.is_none()
            && self.deadline.is_some_and(|deadline| deadline <= now)
    }

    /// No news by the time at which there should have been some.
    fn check(&mut self, now: Timestamp) {
        self.check_at = None;
        match self.phase {
            // The time for which the firm was waited is over: it is called again.
            Phase::Delayed => self.enter(Phase::Requested, now),
            Phase::Accepted => self.come_into_doubt(Doubt::NoStart, now),
            Phase::Standby if self.mode == Mode::SelfStart => {
                self.come_into_doubt(Doubt::NoSelfStart, now);
            }
            _ => self.come_into_doubt(Doubt::NoNews, now),
        }
    }

    fn come_into_doubt(&mut self, doubt: Doubt, now: Timestamp) {
        self.doubt = self.doubt.or(Some((doubt, now)));
        self.call(Why::Doubt, now);
    }

    /// Times that a clock set before it was set back move with it, so that nothing waits for a day
    /// that is not to come; a clock that is set forward only makes things happen early.
    fn heed_clock(&mut self, now: Timestamp) {
        let ahead = |time: Timestamp| time > later(now, CLOCK_SKEW);
        for calling in &mut self.calls {
            if calling.next_at > later(now, LAP_PAUSE) {
                calling.next_at = later(now, NEXT_CONTACT);
            }
        }
        if ahead(self.phase_since) {
            let step = self.phase_since.duration_since(now);
            self.check_at = self.check_at.and_then(|check| check.checked_sub(step).ok());
            self.phase_since = now;
        }
        if self.overdue_since.is_some_and(ahead) {
            self.overdue_since = None;
        }
        if self
            .silence
            .as_ref()
            .is_some_and(|silence| ahead(silence.since))
        {
            self.silence = None;
        }
        self.raised_at = self.raised_at.min(later(now, CLOCK_SKEW));
        self.evidence_from = self.evidence_from.min(later(now, CLOCK_SKEW));
    }
}

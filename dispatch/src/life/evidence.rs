//! What plows are seen to do. Machines are believed, not asked: nothing here is refused.

use super::calling::{Why, later};
use super::event::{Effect, Evidence, Progress, What};
use super::state::{Doubt, Phase};
use super::{DONE_SHARE, Dispatch, NO_NEWS};
use jiff::Timestamp;

/// Progress is written down in steps of this share, so that a night's work is some twenty events.
const PROGRESS_STEP: f64 = 0.05;

impl Dispatch {
    pub(super) fn see(&mut self, evidence: &Evidence, now: Timestamp) -> Vec<Effect> {
        match evidence {
            Evidence::Pass { at, .. } => {
                self.see_pass(*at, now);
                Vec::new()
            }
            Evidence::Coverage(progress) => self.see_progress(*progress, now),
            Evidence::Units { heard, on_duty } => {
                self.see_units(*heard, *on_duty, now);
                Vec::new()
            }
        }
    }

    fn see_pass(&mut self, at: Timestamp, now: Timestamp) {
        if at < self.evidence_from {
            return;
        }
        let started = self.phase == Phase::Started;
        if !started || matches!(self.doubt, Some((Doubt::NoStart | Doubt::NoNews, _))) {
            self.enter(Phase::Started, now);
            self.started_at = self.started_at.or(Some(at));
        } else if self
            .check_at
            .is_some_and(|check| check < later(now, NO_NEWS / 2))
        {
            self.check_at = Some(later(now, NO_NEWS));
        }
    }

    fn see_progress(&mut self, progress: Progress, now: Timestamp) -> Vec<Effect> {
        let before = self.progress.map_or(0.0, |progress| progress.share());
        let done = progress.own_m > 0.0 && progress.share() >= DONE_SHARE;
        if self.phase == Phase::Started && done {
            self.progress = Some(progress);
            self.enter(Phase::Completed, now);
            return vec![self.notify_officers(What::Completed)];
        }
        if (progress.share() - before).abs() >= PROGRESS_STEP {
            self.progress = Some(progress);
            if self.phase == Phase::Started && self.doubt.is_none() {
                self.check_at = Some(later(now, NO_NEWS));
            }
        }
        Vec::new()
    }

    fn see_units(&mut self, heard: u32, on_duty: u32, now: Timestamp) {
        if self.phase != Phase::Started {
            return;
        }
        let silent = on_duty > 0 && heard.saturating_mul(2) <= on_duty;
        match (&self.doubt, silent) {
            (None, true) => {
                self.doubt = Some((Doubt::UnitsSilent, now));
                self.call(Why::Doubt, now);
            }
            (Some((Doubt::UnitsSilent, _)), false) => {
                self.doubt = None;
                self.end_calls(|why| *why == Why::Doubt);
                self.check_at = Some(later(now, NO_NEWS));
            }
            _ => {}
        }
    }
}

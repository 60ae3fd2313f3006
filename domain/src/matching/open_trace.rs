//! An open trace, as it is kept between two fixes.

use super::MatchParams;
use super::lattice::Lattice;
use super::noise::Noise;
use super::path::Walk;
use super::spans::SpanJoin;
use super::speed::Moves;
use super::states::{Kept, Step};
use super::thinning::{is_one_moment, median_place};
use crate::geometry::LonLat;
use jiff::{SignedDuration, Timestamp};
use std::collections::VecDeque;

/// Places from which a trace can be taken up again for a late fix …
pub(super) const CHECKPOINTS: usize = 8;
/// … each this much later than the one before.
pub(super) const CHECKPOINT_EVERY: SignedDuration = SignedDuration::from_secs(75);

/// A fix as the matcher hears it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Heard {
    pub(super) fix: Kept,
    pub(super) at: LonLat,
    pub(super) course_deg: Option<f64>,
}

/// An open trace of one vehicle: a few kilobytes, whatever its length.
#[derive(Debug, Clone)]
pub struct OnlineTrace {
    pub(super) started_at: Timestamp,
    pub(super) last: Heard,
    /// Fixes that jumped away: outliers, or the start of the next trace.
    pub(super) held: Vec<Heard>,
    /// Fixes of the last moment; from `ripe` on they wait for those after them.
    pub(super) recent: VecDeque<Heard>,
    pub(super) ripe: usize,
    pub(super) last_kept: Option<(Kept, LonLat)>,
    /// The last fix that was looked at, and the longest silence since the last kept one.
    pub(super) last_ripe: Option<Kept>,
    pub(super) unheard_s: f64,
    pub(super) noise: Noise,
    pub(super) moves: Moves,
    pub(super) off_road: usize,
    /// One for each of the lattice's columns.
    pub(super) steps: Vec<Step>,
    pub(super) lattice: Lattice,
    /// The first column's state is decided.
    pub(super) anchored: bool,
    pub(super) walk: Walk,
    pub(super) join: SpanJoin,
    pub(super) decided: u32,
    pub(super) checkpoints: VecDeque<Checkpoint>,
}

/// A decided position, from which everything after can be worked out.
#[derive(Debug, Clone)]
pub(super) struct Checkpoint {
    /// The step with its one state.
    pub(super) step: Step,
    pub(super) noise: Noise,
    pub(super) moves: Moves,
    pub(super) walk: Walk,
    pub(super) join: SpanJoin,
    pub(super) decided: u32,
}

impl OnlineTrace {
    /// When its first fix was observed.
    pub fn started_at(&self) -> Timestamp {
        self.started_at
    }

    /// When its last fix was observed.
    pub fn last_fix_at(&self) -> Timestamp {
        self.last.fix.observed_at
    }

    /// When the newest fix was observed that it knows of; later than the last one when that jumped
    /// away, and nobody knows yet whether the plow did.
    pub fn newest_fix_at(&self) -> Timestamp {
        self.held.last().unwrap_or(&self.last).fix.observed_at
    }

    /// How many spans are decided.
    pub fn decided(&self) -> u32 {
        self.decided
    }

    /// Bytes that it holds beside itself.
    pub fn heap_bytes(&self) -> usize {
        let steps = |steps: &mut dyn Iterator<Item = &Step>| -> usize {
            steps
                .map(|s| size_of::<Step>() + size_of_val(&s.states[..]))
                .sum()
        };
        (self.recent.capacity() + self.held.capacity()) * size_of::<Heard>()
            + self.noise.heap_bytes()
            + self.moves.heap_bytes()
            + steps(&mut self.steps.iter())
            + self.lattice.heap_bytes()
            + steps(&mut self.checkpoints.iter().map(|c| &c.step))
            + self.checkpoints.capacity() * (size_of::<Checkpoint>() - size_of::<Step>())
            + self
                .checkpoints
                .iter()
                .map(|c| c.noise.heap_bytes())
                .sum::<usize>()
    }

    /// Goes back to where a late fix can be put in its place: to be fed again with all fixes later
    /// than [`OnlineTrace::last_fix_at`], which the late one is among. Spans from the number
    /// [`OnlineTrace::decided`] on are decided anew. `false` when it can't go back as far.
    pub fn rewind_before(&mut self, late: Timestamp) -> bool {
        while let Some(last) = self.checkpoints.back()
            && last.step.fix.observed_at >= late
        {
            self.checkpoints.pop_back();
        }
        let Some(from) = self.checkpoints.back().cloned() else {
            return false;
        };
        let (fix, at) = (from.step.fix, from.step.at);
        let heard = Heard {
            fix,
            at,
            course_deg: None,
        };
        *self = OnlineTrace {
            last_kept: Some((fix, at)),
            last_ripe: Some(fix),
            noise: from.noise,
            moves: from.moves,
            anchored: true,
            walk: from.walk,
            join: from.join,
            decided: from.decided,
            checkpoints: std::mem::take(&mut self.checkpoints),
            ..OnlineTrace::begun(heard, self.started_at)
        };
        self.recent.clear();
        self.ripe = 0;
        self.steps.push(from.step);
        self.lattice.begin(&self.steps, 0, 0.0);
        true
    }

    /// Makes a checkpoint of the settled state of the first column, when one is due.
    pub(super) fn remember(&mut self, state: usize) {
        let step = &self.steps[0];
        let is_due = self.checkpoints.back().is_none_or(|last| {
            let since = step
                .fix
                .observed_at
                .duration_since(last.step.fix.observed_at);
            since >= CHECKPOINT_EVERY
        });
        if !is_due {
            return;
        }
        if self.checkpoints.len() == CHECKPOINTS {
            self.checkpoints.pop_front();
        }
        self.checkpoints.push_back(Checkpoint {
            step: Step {
                states: vec![step.states[state]],
                ..*step
            },
            noise: self.noise.clone(),
            moves: self.moves.clone(),
            walk: self.walk,
            join: self.join,
            decided: self.decided,
        });
    }

    pub(super) fn begun(first: Heard, started_at: Timestamp) -> Self {
        OnlineTrace {
            started_at,
            last: first,
            held: Vec::new(),
            recent: VecDeque::from([first]),
            ripe: 0,
            last_kept: None,
            last_ripe: None,
            unheard_s: 0.0,
            noise: Noise::default(),
            moves: Moves::default(),
            off_road: 0,
            steps: Vec::new(),
            lattice: Lattice::default(),
            anchored: false,
            walk: Walk::default(),
            join: SpanJoin::default(),
            decided: 0,
            checkpoints: VecDeque::new(),
        }
    }

    /// Takes the next fix that no later one can move from those of the last moment, and where it lies.
    pub(super) fn next_ripe(
        &mut self,
        to_the_last: bool,
        params: &MatchParams,
    ) -> Option<(Heard, LonLat)> {
        let heard = *self.recent.get(self.ripe)?;
        let near =
            |other: &&Heard| is_one_moment(other.fix.observed_at, heard.fix.observed_at, params);
        let before = self
            .recent
            .range(..self.ripe)
            .rev()
            .take_while(near)
            .count();
        let later = self.recent.range(self.ripe + 1..);
        let after = later.clone().take_while(near).count();
        let is_ripe = after >= before || after < later.len() || to_the_last;
        if !is_ripe {
            return None;
        }
        let side = before.min(after);
        let around = self.recent.range(self.ripe - side..=self.ripe + side);
        let at = median_place(around.map(|h| h.at));
        self.ripe += 1;
        // Only those of the moment before the next one are still asked for.
        while self.ripe > 0
            && self
                .recent
                .get(self.ripe)
                .or(self.recent.back())
                .is_some_and(|next| {
                    !is_one_moment(self.recent[0].fix.observed_at, next.fix.observed_at, params)
                })
        {
            self.recent.pop_front();
            self.ripe -= 1;
        }
        Some((heard, at))
    }
}

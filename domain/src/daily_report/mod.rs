//! 日報: what a vehicle did in a night, from its passes, beside what its contractor wrote of it.
//!
//! Minutes come from passes. A turn or a stop between two passes counts with the pass before it while it
//! is short ([`LONGEST_TURN`]), so that a plow that turns at each corner is not paid by the piece, and no
//! minute counts twice. What a feed does not flag as work is told apart, never as working time.

mod bands;
mod differences;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

pub use bands::{BandMinutes, TimeBands};
pub use differences::{Difference, differences};

use crate::coverage::{Intervals, Pass};
use crate::network::SegmentId;
use crate::work::{Direction, WorkKind};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::collections::BTreeMap;

/// A turn or a stop up to this long belongs to the work before it.
pub const LONGEST_TURN: SignedDuration = SignedDuration::from_mins(3);

/// A pass with the segment, and the code of the manager who owns the road where one does.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportedPass {
    /// The segment.
    pub segment: SegmentId,
    /// The road's owner.
    pub owner: Option<String>,
    /// The pass.
    pub pass: Pass,
}

/// What a vehicle did of one kind on the roads of one owner.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReportLine {
    /// The road's owner; `None` where nobody is known.
    pub owner: Option<String>,
    /// The work; `None` where the feed does not say whether it worked.
    pub work: Option<WorkKind>,
    /// When its first pass began.
    pub started_at: Timestamp,
    /// When its last pass ended.
    pub ended_at: Timestamp,
    /// Working minutes by time of day.
    pub minutes: BandMinutes,
    /// Metres driven in passes, each counted as often as it was driven (延べ).
    pub driven_m: f64,
    /// Metres of lanes that were passed, each direction counted once.
    pub covered_m: f64,
    /// Which of the passes it is made of, by their place in the input.
    pub passes: Vec<usize>,
}

/// The lines of one vehicle's passes, by owner and work; each pass is in exactly one line.
pub fn lines(passes: &[ReportedPass], bands: &TimeBands) -> Vec<ReportLine> {
    let mut order: Vec<usize> = (0..passes.len()).collect();
    order.sort_by_key(|i| (passes[*i].pass.entered_at, passes[*i].pass.left_at, *i));
    let mut sums: BTreeMap<(Option<&str>, Option<WorkKind>), Sum> = BTreeMap::new();
    let mut counted_until = Timestamp::MIN;
    for (place, i) in order.iter().enumerate() {
        let reported = &passes[*i];
        let pass = &reported.pass;
        let next = order
            .get(place + 1)
            .map(|next| passes[*next].pass.entered_at);
        let until = with_turn(pass.left_at, next);
        let from = pass.entered_at.max(counted_until);
        let sum = sums
            .entry((reported.owner.as_deref(), pass.work))
            .or_insert_with(|| Sum::new(pass));
        if from < until {
            sum.minutes += bands.minutes(from, until);
            counted_until = until;
        }
        sum.add(*i, reported);
    }
    sums.into_iter()
        .map(|((owner, work), sum)| ReportLine {
            owner: owner.map(str::to_owned),
            work,
            started_at: sum.started_at,
            ended_at: sum.ended_at,
            minutes: sum.minutes,
            driven_m: sum.driven_m,
            covered_m: sum.covered.values().map(Intervals::length_m).sum(),
            passes: sum.passes,
        })
        .collect()
}

/// Until when a pass counts: to the next one, where only a turn lies between.
fn with_turn(left_at: Timestamp, next: Option<Timestamp>) -> Timestamp {
    match next {
        Some(next) if next > left_at && next.duration_since(left_at) <= LONGEST_TURN => next,
        _ => left_at,
    }
}

struct Sum {
    started_at: Timestamp,
    ended_at: Timestamp,
    minutes: BandMinutes,
    driven_m: f64,
    covered: BTreeMap<(SegmentId, Direction), Intervals>,
    passes: Vec<usize>,
}

impl Sum {
    fn new(first: &Pass) -> Self {
        Sum {
            started_at: first.entered_at,
            ended_at: first.left_at,
            minutes: BandMinutes::default(),
            driven_m: 0.0,
            covered: BTreeMap::new(),
            passes: Vec::new(),
        }
    }

    fn add(&mut self, place: usize, reported: &ReportedPass) {
        let pass = &reported.pass;
        self.ended_at = self.ended_at.max(pass.left_at);
        self.driven_m += pass.to_m - pass.from_m;
        self.covered
            .entry((reported.segment, pass.direction))
            .or_default()
            .add(pass.from_m, pass.to_m);
        self.passes.push(place);
    }
}

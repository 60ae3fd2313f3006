//! What the plows truly drove, for tests of what the product makes of their reports.

use super::fleet::Fleet;
use super::night::Night;
use super::schedule::{Leg, Schedule};
use domain::network::SegmentId;
use domain::work::{Direction, WorkKind};
use jiff::{SignedDuration, Timestamp};

/// A plow's true way.
#[derive(Debug, Clone, PartialEq)]
pub struct PlowTruth {
    /// Whose it is.
    pub fleet: Fleet,
    /// Its name in the feed.
    pub vehicle_id: String,
    /// What it drove, in the order of time.
    pub legs: Vec<TrueLeg>,
}

/// A stretch truly driven without leaving a segment or turning round.
#[derive(Debug, Clone, PartialEq)]
pub struct TrueLeg {
    /// Index of the segment in the network.
    pub segment: u32,
    /// Its id.
    pub segment_id: SegmentId,
    /// Which way it was driven.
    pub direction: Direction,
    /// Lower measure, in the order of the segment's line.
    pub from_m: f64,
    /// Higher measure.
    pub to_m: f64,
    /// When the stretch was entered.
    pub entered_at: Timestamp,
    /// When it was left.
    pub left_at: Timestamp,
    /// What the plow did.
    pub work: WorkKind,
}

impl Night {
    /// What each plow truly drove before `until`; a leg under way is cut there.
    pub fn truth(&self, until: Timestamp) -> Vec<PlowTruth> {
        let until_s = until.duration_since(self.epoch()).as_secs_f64();
        self.plows()
            .iter()
            .map(|plow| {
                let mut rounds = plow.driver(self.map(), self.seed());
                let mut legs = Vec::new();
                while rounds.end_s() < until_s {
                    let schedule = rounds.next(self.map());
                    let begun = schedule
                        .legs()
                        .iter()
                        .filter(|leg| schedule.times_s(leg)[0] < until_s);
                    legs.extend(
                        begun.map(|leg| {
                            self.true_leg(&schedule, leg, until_s, plow.work(leg.working))
                        }),
                    );
                }
                PlowTruth {
                    fleet: plow.fleet,
                    vehicle_id: plow.vehicle_id.clone(),
                    legs,
                }
            })
            .collect()
    }

    fn true_leg(&self, schedule: &Schedule, leg: &Leg, until_s: f64, work: WorkKind) -> TrueLeg {
        let street = self.map().street(leg.edge);
        let [entered_s, left_s] = schedule.times_s(leg);
        let left_s = left_s.min(until_s);
        let reached_m = schedule.measure_m(leg, left_s);
        let direction = self.map().direction(leg.edge);
        let (from_m, to_m) = match direction {
            Direction::Forward => (leg.from_m, reached_m),
            Direction::Backward => (street.length_m - reached_m, street.length_m - leg.from_m),
        };
        TrueLeg {
            segment: street.segment,
            segment_id: street.segment_id,
            direction,
            from_m,
            to_m,
            entered_at: self.at(entered_s),
            left_at: self.at(left_s),
            work,
        }
    }

    fn at(&self, seconds: f64) -> Timestamp {
        self.epoch()
            .saturating_add(SignedDuration::from_secs_f64(seconds))
            .unwrap_or(Timestamp::MAX)
    }
}

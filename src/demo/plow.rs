//! One plow: its driver, its receiver and the endless sequence of its reports.

use super::beat::Beat;
use super::chance;
use super::fleet::Fleet;
use super::receiver::Receiver;
use super::road_map::RoadMap;
use super::schedule::Schedule;
use super::tour::Driver;
use domain::fix::PlowFix;
use domain::geometry::LonLat;
use domain::work::WorkKind;
use jiff::{SignedDuration, Timestamp};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// What distinguishes a plow before it has moved.
#[derive(Debug, Clone)]
pub(super) struct Plow {
    pub fleet: Fleet,
    pub vehicle_id: String,
    pub beat: Beat,
    pub depot: u32,
    /// What its work is: one grades, the others plow.
    pub work: WorkKind,
    pub report_every_s: u32,
    /// Seconds into the interval at which it reports.
    pub report_phase_s: u32,
    /// Whether its receiver falls silent for long.
    pub fails: bool,
    /// Tells its chances from all others'.
    pub stream: u64,
}

impl Plow {
    /// The plow at the beginning of its night.
    pub(super) fn driver(&self, map: &RoadMap, seed: u64) -> Rounds {
        let route = chance::stream(seed, self.stream);
        let mut pace = chance::stream(seed, self.stream + 1);
        Rounds {
            vigour: pace.random_range(0.95..1.05),
            driver: Driver::new(map, self.beat.clone(), self.depot, route),
            pace,
            end_s: 0.0,
        }
    }

    /// Its reports from the beginning of its night.
    pub(super) fn reports(&self, map: &RoadMap, seed: u64) -> Reports {
        Reports {
            rounds: self.driver(map, seed),
            schedule: None,
            receiver: Receiver::new(chance::stream(seed, self.stream + 2), self.fails),
            instruments: chance::stream(seed, self.stream + 3),
            next_s: 0,
        }
    }

    /// What it says of its work.
    pub(super) fn work(&self, working: bool) -> WorkKind {
        if working {
            self.work
        } else {
            WorkKind::Transit
        }
    }
}

/// The rounds that a plow drives, one after another.
#[derive(Debug)]
pub(super) struct Rounds {
    driver: Driver,
    pace: ChaCha8Rng,
    vigour: f64,
    end_s: f64,
}

impl Rounds {
    pub(super) fn next(&mut self, map: &RoadMap) -> Schedule {
        let moves = self.driver.round(map);
        let schedule = Schedule::new(map, &moves, self.end_s, self.vigour, &mut self.pace);
        // A round always takes some time, or the night would never go on.
        self.end_s = schedule.end_s.max(self.end_s + 60.0);
        schedule
    }

    pub(super) fn end_s(&self) -> f64 {
        self.end_s
    }
}

/// A plow's reports in the order of time.
#[derive(Debug)]
pub(super) struct Reports {
    rounds: Rounds,
    schedule: Option<Schedule>,
    receiver: Receiver,
    instruments: ChaCha8Rng,
    next_s: u32,
}

impl Reports {
    /// Appends the reports before `before_s` that have not been given yet.
    pub(super) fn run_to(
        &mut self,
        before_s: f64,
        plow: &Plow,
        map: &RoadMap,
        epoch: Timestamp,
        into: &mut impl Extend<PlowFix>,
    ) {
        while f64::from(self.next_s) < before_s {
            let at_s = self.next_s;
            // All report at once when the night begins, then each in its own turn.
            self.next_s = if at_s == 0 && plow.report_phase_s > 0 {
                plow.report_phase_s
            } else {
                at_s + plow.report_every_s
            };
            into.extend(self.report(at_s, plow, map, epoch));
        }
    }

    fn report(
        &mut self,
        at_s: u32,
        plow: &Plow,
        map: &RoadMap,
        epoch: Timestamp,
    ) -> Option<PlowFix> {
        let seconds = f64::from(at_s);
        while self.schedule.is_none() || seconds >= self.rounds.end_s() {
            self.schedule = Some(self.rounds.next(map));
        }
        let moment = self.schedule.as_ref()?.moment(seconds)?;
        let place = self.receiver.receive(seconds, moment.at);
        let heading = moment.heading_deg + 3.0 * chance::normal(&mut self.instruments);
        let speed = 3.6 * moment.speed_mps + 0.6 * chance::normal(&mut self.instruments);
        let observed_at = epoch
            .checked_add(SignedDuration::from_secs(i64::from(at_s)))
            .ok()?;
        let at = map.lon_lat(place?);
        let factor = 10f64.powi(plow.fleet.decimals() as i32);
        let round = |degrees: f64| (degrees * factor).round() / factor;
        let stands = moment.speed_mps < 0.3;
        Some(PlowFix {
            vehicle_id: plow.vehicle_id.clone(),
            observed_at,
            at: LonLat::new(round(at.lon), round(at.lat)),
            heading_deg: plow
                .fleet
                .reports_heading()
                .then(|| heading.round().rem_euclid(360.0)),
            speed_kmh: plow.fleet.reports_speed().then(|| {
                if stands {
                    0.0
                } else {
                    (10.0 * speed.max(0.0)).round() / 10.0
                }
            }),
            work: Some(plow.work(moment.working)),
        })
    }
}

//! From a plan to a motion: where the vehicle is at each second, and when it was on which stretch.

use super::plan::{Plan, Step};
use super::streets::Streets;
use super::{Stretch, normal};
use domain::geometry::LonLat;
use domain::network::DirectedSegment;
use domain::work::Direction;
use rand_chacha::ChaCha8Rng;

/// Seconds of one step of the motion.
const STEP_S: f64 = 0.25;
const STEPS_PER_S: usize = 4;
const ACCELERATES_M_PER_S2: f64 = 0.8;
const BRAKES_M_PER_S2: f64 = 1.5;
/// Slowest that it creeps.
const CREEPS_M_PER_S: f64 = 0.7;
/// Speed when backing off.
const BACKS_M_PER_S: f64 = 1.5;

/// No silence lasts longer.
const SILENT_MAX_S: f64 = 240.0;

/// How fast it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// A plow at work: 15–40 km/h.
    Plow,
    /// As traffic does in winter: 20–65 km/h.
    Traffic,
}

/// A way that was truly driven.
#[derive(Debug, Clone, Default)]
pub struct Trip {
    /// What was driven, in order.
    pub stretches: Vec<Stretch>,
    /// Where the vehicle was at each second.
    pub places: Vec<LonLat>,
    /// Metres of the stretches that it had behind it at each second.
    pub driven_m: Vec<f64>,
    /// From when to when nothing is heard, seconds.
    pub silences: Vec<[f64; 2]>,
}

/// Usual speed on a road.
pub(super) fn speed_m_per_s(streets: &Streets<'_>, on: DirectedSegment, pace: Pace) -> f64 {
    let class = streets.network.road(on.segment()).attributes.class.as_str();
    let [plow_kmh, traffic_kmh] = match class.trim_end_matches("_link") {
        "trunk" => [40.0, 65.0],
        "primary" => [33.0, 55.0],
        "secondary" => [28.0, 50.0],
        "tertiary" => [24.0, 45.0],
        "unclassified" => [20.0, 40.0],
        "living_street" => [15.0, 20.0],
        _ => [16.0, 30.0],
    };
    let kmh: f64 = match pace {
        Pace::Plow => plow_kmh,
        Pace::Traffic => traffic_kmh,
    };
    kmh / 3.6
}

/// Speed at which one takes a turn of so many degrees.
fn turn_speed_m_per_s(turn_deg: f64) -> f64 {
    match turn_deg {
        t if t < 30.0 => f64::INFINITY,
        t if t < 60.0 => 6.0,
        t if t < 135.0 => 3.5,
        _ => 1.5,
    }
}

/// Drives the plan.
pub(super) fn driven(streets: &Streets<'_>, plan: &Plan, pace: Pace, rng: &mut ChaCha8Rng) -> Trip {
    let mut car = Car {
        streets,
        trip: Trip::default(),
        steps: 0,
        driven_m: 0.0,
        speed_m_per_s: 0.0,
        // One driver is quicker than another, and the same one not always the same.
        haste: (1.0 + 0.1 * normal(rng)).clamp(0.75, 1.25),
    };
    for (i, step) in plan.steps.iter().enumerate() {
        match *step {
            Step::Run {
                directed,
                from_m,
                to_m,
            } => {
                let end_m_per_s = car.speed_at_end(directed, &plan.steps[i + 1..]);
                let usual = speed_m_per_s(streets, directed, pace) * (1.0 + 0.08 * normal(rng));
                car.run(directed, [from_m, to_m], usual.max(2.0), end_m_per_s);
            }
            Step::Stand { seconds } => car.stand(seconds),
            Step::Back { metres } => car.back(metres),
            Step::FallSilent => {
                let now_s = car.now_s();
                car.trip.silences.push([now_s, f64::INFINITY]);
            }
            Step::Heard => {
                let now_s = car.now_s();
                if let Some(last) = car.trip.silences.last_mut() {
                    last[1] = now_s.min(last[0] + SILENT_MAX_S);
                }
            }
        }
    }
    car.trip
}

struct Car<'a> {
    streets: &'a Streets<'a>,
    trip: Trip,
    steps: usize,
    driven_m: f64,
    speed_m_per_s: f64,
    haste: f64,
}

impl Trip {
    /// What was driven between two seconds.
    pub fn between(&self, from_s: u32, to_s: u32) -> Vec<Stretch> {
        let driven_m = |at_s: u32| self.driven_m.get(at_s as usize).copied().unwrap_or(0.0);
        let (first_m, last_m) = (driven_m(from_s), driven_m(to_s));
        let mut begins_m = 0.0;
        let mut found = Vec::new();
        for stretch in &self.stretches {
            let cut = |m: f64| (m - begins_m + stretch.from_m).clamp(stretch.from_m, stretch.to_m);
            let (from_m, to_m) = (cut(first_m), cut(last_m));
            if to_m > from_m {
                found.push(Stretch {
                    from_m,
                    to_m,
                    ..*stretch
                });
            }
            begins_m += stretch.to_m - stretch.from_m;
        }
        found
    }
}

impl Car<'_> {
    fn now_s(&self) -> f64 {
        self.steps as f64 * STEP_S
    }

    /// How fast it may be at the end of a run, from what comes next.
    fn speed_at_end(&self, on: DirectedSegment, next: &[Step]) -> f64 {
        match next.first() {
            Some(Step::Run { directed, .. }) if *directed == on => f64::INFINITY,
            Some(Step::Run { directed, .. }) => {
                turn_speed_m_per_s(self.streets.turn_deg(on, *directed))
            }
            Some(Step::FallSilent | Step::Heard) => self.speed_at_end(on, &next[1..]),
            _ => 0.0,
        }
    }

    fn run(&mut self, on: DirectedSegment, [from_m, to_m]: [f64; 2], usual: f64, end: f64) {
        let entered_s = self.now_s();
        let begun_m = self.driven_m;
        let mut at_m = from_m;
        while at_m < to_m {
            let may = (end * end + 2.0 * BRAKES_M_PER_S2 * (to_m - at_m)).sqrt();
            let wish = (usual * self.haste).min(may);
            let change = (wish - self.speed_m_per_s).clamp(
                -2.0 * BRAKES_M_PER_S2 * STEP_S,
                ACCELERATES_M_PER_S2 * STEP_S,
            );
            self.speed_m_per_s = (self.speed_m_per_s + change).max(CREEPS_M_PER_S);
            at_m = (at_m + self.speed_m_per_s * STEP_S).min(to_m);
            self.driven_m = begun_m + at_m - from_m;
            self.tick(on, at_m);
        }
        let left_s = self.now_s();
        match self.trip.stretches.last_mut() {
            Some(last) if last.directed == on && last.to_m == from_m => {
                (last.to_m, last.left_s) = (to_m, left_s);
            }
            _ => self.trip.stretches.push(Stretch {
                directed: on,
                from_m,
                to_m,
                entered_s,
                left_s,
            }),
        }
    }

    fn stand(&mut self, seconds: f64) {
        self.speed_m_per_s = 0.0;
        if let Some(last) = self.trip.stretches.last().copied() {
            for _ in 0..(seconds / STEP_S) as usize {
                self.tick(last.directed, last.to_m);
            }
            self.stay();
        }
    }

    fn back(&mut self, metres: f64) {
        self.speed_m_per_s = 0.0;
        let Some(last) = self.trip.stretches.last().copied() else {
            return;
        };
        let count = (metres / (BACKS_M_PER_S * STEP_S)).ceil() as usize;
        let there = (1..=count).map(|i| i as f64 / count as f64);
        let again = (0..count).rev().map(|i| i as f64 / count as f64);
        for share in there.chain(again) {
            self.tick(last.directed, last.to_m - share * metres);
        }
        self.stay();
    }

    /// Says that it is still on the stretch that it was on.
    fn stay(&mut self) {
        let now_s = self.now_s();
        if let Some(last) = self.trip.stretches.last_mut() {
            last.left_s = now_s;
        }
    }

    fn tick(&mut self, on: DirectedSegment, at_m: f64) {
        if self.steps.is_multiple_of(STEPS_PER_S) {
            let length_m = self.streets.length_m(on);
            let measure_m = match on.direction() {
                Direction::Forward => at_m,
                Direction::Backward => length_m - at_m,
            };
            let place = self.streets.network.position(on.segment(), measure_m);
            self.trip.places.push(place);
            self.trip.driven_m.push(self.driven_m);
        }
        self.steps += 1;
    }
}

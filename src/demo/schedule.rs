//! When a plow is where: speeds that a heavy vehicle can drive, and the times that follow.

use super::road_map::{EdgeNumber, RoadMap, Xy};
use super::tour::Move;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// How fast a plow gains speed and loses it, m/s².
const GAIN_MPS2: f64 = 0.7;
const BRAKE_MPS2: f64 = 1.0;
/// Distance between two stations at most.
const STEP_M: f64 = 18.0;
/// km/h by pace.
const WORKING_KMH: [f64; 3] = [21.5, 26.0, 31.0];
const TRANSIT_KMH: [f64; 3] = [33.0, 41.0, 47.0];
/// Turning by more than this is turning round: a full stop and some shunting.
const TURN_ROUND_DEG: f64 = 150.0;

/// A place on the way with the times and the speed there.
#[derive(Debug, Clone, Copy)]
struct Station {
    at: Xy,
    arrive_s: f64,
    dwell_s: f64,
    speed_mps: f64,
}

/// A move along one edge.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leg {
    pub edge: EdgeNumber,
    /// Measures in the direction of travel.
    pub from_m: f64,
    pub to_m: f64,
    pub working: bool,
    first_station: usize,
    last_station: usize,
}

/// Where a plow is at a moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub at: Xy,
    /// Degrees clockwise from north.
    pub heading_deg: f64,
    pub speed_mps: f64,
    pub working: bool,
}

/// One round as driven; seconds count from the epoch.
#[derive(Debug)]
pub(super) struct Schedule {
    stations: Vec<Station>,
    legs: Vec<Leg>,
    /// The leg of each piece between two stations.
    leg_of_piece: Vec<usize>,
    pub end_s: f64,
}

impl Schedule {
    /// Times the moves, which follow each other without a gap, from `start_s`; `vigour` is the
    /// driver's own pace, about 1.
    pub(super) fn new(
        map: &RoadMap,
        moves: &[Move],
        start_s: f64,
        vigour: f64,
        rng: &mut ChaCha8Rng,
    ) -> Self {
        let mut schedule = Schedule {
            stations: Vec::new(),
            legs: Vec::new(),
            leg_of_piece: Vec::new(),
            end_s: start_s,
        };
        let mut limits_mps: Vec<f64> = Vec::new();
        let mut halt_before_s = 0.0;
        for step in moves {
            match *step {
                Move::Halt { seconds } => match schedule.stations.last_mut() {
                    Some(station) => {
                        station.dwell_s += seconds;
                        station.speed_mps = 0.0;
                    }
                    None => halt_before_s += seconds,
                },
                Move::Drive {
                    edge,
                    from_m,
                    to_m,
                    working,
                } => {
                    let kmh = if working { WORKING_KMH } else { TRANSIT_KMH };
                    let limit_mps = kmh[map.street(edge).pace] / 3.6
                        * (vigour * rng.random_range(0.93..1.07)).clamp(0.88, 1.12);
                    let leg = schedule.add_leg(map, edge, [from_m, to_m], working);
                    limits_mps.resize(leg, limit_mps);
                }
            }
        }
        if let Some(first) = schedule.stations.first_mut() {
            first.dwell_s += halt_before_s;
        }
        schedule.limit_speeds(&limits_mps, rng);
        schedule.set_times(start_s);
        schedule
    }

    /// Adds the stations of a leg; the number of pieces so far.
    fn add_leg(
        &mut self,
        map: &RoadMap,
        edge: EdgeNumber,
        [from_m, to_m]: [f64; 2],
        working: bool,
    ) -> usize {
        let places = map.places_along(edge, [from_m, to_m], STEP_M);
        let skip = usize::from(!self.stations.is_empty());
        let first_station = self.stations.len() - skip;
        self.stations
            .extend(places.into_iter().skip(skip).map(|at| Station {
                at,
                arrive_s: 0.0,
                dwell_s: 0.0,
                speed_mps: f64::MAX,
            }));
        let last_station = self.stations.len() - 1;
        self.leg_of_piece.resize(last_station, self.legs.len());
        self.legs.push(Leg {
            edge,
            from_m,
            to_m,
            working,
            first_station,
            last_station,
        });
        last_station
    }

    /// The speed at each station: within limits, slow in bends, and with time to brake.
    fn limit_speeds(&mut self, limits_mps: &[f64], rng: &mut ChaCha8Rng) {
        let count = self.stations.len();
        for i in 0..count {
            let mut limit = self.stations[i].speed_mps;
            if i == 0 || i + 1 == count {
                limit = 0.0;
            } else {
                limit = limit.min(limits_mps[i - 1]).min(limits_mps[i]);
                let turn = turn_deg(
                    self.stations[i - 1].at,
                    self.stations[i].at,
                    self.stations[i + 1].at,
                );
                if turn > TURN_ROUND_DEG {
                    limit = 0.0;
                    self.stations[i].dwell_s += rng.random_range(6.0..16.0);
                } else if turn > 12.0 {
                    limit = limit.min((13.0 - (turn - 12.0) * 0.122).max(3.4));
                }
            }
            self.stations[i].speed_mps = limit;
        }
        for i in 1..count {
            let gained = (self.stations[i - 1].speed_mps.powi(2)
                + 2.0 * GAIN_MPS2 * self.piece_m(i - 1))
            .sqrt();
            self.stations[i].speed_mps = self.stations[i].speed_mps.min(gained);
        }
        for i in (1..count).rev() {
            let brakeable = (self.stations[i].speed_mps.powi(2)
                + 2.0 * BRAKE_MPS2 * self.piece_m(i - 1))
            .sqrt();
            self.stations[i - 1].speed_mps = self.stations[i - 1].speed_mps.min(brakeable);
        }
    }

    fn set_times(&mut self, start_s: f64) {
        let mut now_s = start_s;
        for i in 0..self.stations.len() {
            if i > 0 {
                let mean = 0.5 * (self.stations[i - 1].speed_mps + self.stations[i].speed_mps);
                now_s += self.piece_m(i - 1) / mean.max(0.2);
            }
            self.stations[i].arrive_s = now_s;
            now_s += self.stations[i].dwell_s;
        }
        self.end_s = now_s;
    }

    fn piece_m(&self, piece: usize) -> f64 {
        let (a, b) = (self.stations[piece].at, self.stations[piece + 1].at);
        (a[0] - b[0]).hypot(a[1] - b[1])
    }

    pub(super) fn legs(&self) -> &[Leg] {
        &self.legs
    }

    /// When a leg is entered and left.
    pub(super) fn times_s(&self, leg: &Leg) -> [f64; 2] {
        let first = &self.stations[leg.first_station];
        [
            first.arrive_s + first.dwell_s,
            self.stations[leg.last_station].arrive_s,
        ]
    }

    /// How far along its edge, in the direction of travel, a leg has come at a moment.
    pub(super) fn measure_m(&self, leg: &Leg, at_s: f64) -> f64 {
        let pieces = leg.first_station..leg.last_station;
        let whole_m: f64 = pieces.clone().map(|i| self.piece_m(i)).sum();
        let driven_m: f64 = pieces.map(|i| self.piece_m(i) * self.share(i, at_s)).sum();
        leg.from_m + (leg.to_m - leg.from_m) * (driven_m / whole_m.max(1e-9)).min(1.0)
    }

    /// The share of a piece that is behind the plow.
    fn share(&self, piece: usize, at_s: f64) -> f64 {
        let (a, b) = (&self.stations[piece], &self.stations[piece + 1]);
        let (passed_s, all_s) = (
            at_s - a.arrive_s - a.dwell_s,
            b.arrive_s - a.arrive_s - a.dwell_s,
        );
        if passed_s <= 0.0 {
            return 0.0;
        }
        if passed_s >= all_s {
            return 1.0;
        }
        // Even acceleration; the mean speed makes it come out at exactly 1.
        let x = passed_s / all_s;
        let sum = (a.speed_mps + b.speed_mps).max(1e-9);
        (2.0 * a.speed_mps * x + (b.speed_mps - a.speed_mps) * x * x) / sum
    }

    /// Where the plow is; clamped to the round. `None` for a round without a way.
    pub(super) fn moment(&self, at_s: f64) -> Option<Moment> {
        let piece = self
            .stations
            .partition_point(|s| s.arrive_s <= at_s)
            .saturating_sub(1)
            .min(self.leg_of_piece.len().checked_sub(1)?);
        let (a, b) = (&self.stations[piece], &self.stations[piece + 1]);
        let share = self.share(piece, at_s);
        let moves = share > 0.0 && share < 1.0;
        let speed = (a.speed_mps + (b.speed_mps - a.speed_mps) * share).max(0.0);
        let resting = piece + 1 == self.leg_of_piece.len() && share >= 1.0;
        Some(Moment {
            at: [0, 1].map(|k| a.at[k] + share * (b.at[k] - a.at[k])),
            heading_deg: (b.at[0] - a.at[0])
                .atan2(b.at[1] - a.at[1])
                .to_degrees()
                .rem_euclid(360.0),
            speed_mps: if moves { speed } else { 0.0 },
            working: !resting && self.legs[self.leg_of_piece[piece]].working,
        })
    }
}

/// Degrees by which the way turns at `b`.
fn turn_deg(a: Xy, b: Xy, c: Xy) -> f64 {
    let (r, s) = ([b[0] - a[0], b[1] - a[1]], [c[0] - b[0], c[1] - b[1]]);
    (r[0] * s[1] - r[1] * s[0])
        .atan2(r[0] * s[0] + r[1] * s[1])
        .to_degrees()
        .abs()
}

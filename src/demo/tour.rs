//! A driver's way through the beat: street after street, with U-turns, stops and ways between.

use super::beat::Beat;
use super::road_map::{EdgeNumber, RoadMap};
use super::routing;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// Ways up to this long between two streets of the beat are driven with the blade down.
const SHORT_WAY_M: f64 = 300.0;
/// How far the first minute reaches; the night begins where it shows most.
const FIRST_MINUTE_M: f64 = 420.0;

/// One thing that a driver does. Measures run in the direction of travel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Move {
    /// Along an edge.
    Drive {
        edge: EdgeNumber,
        from_m: f64,
        to_m: f64,
        working: bool,
    },
    /// Standing.
    Halt { seconds: f64 },
}

/// A driver with a beat; each call of [`Driver::round`] is one round of the endless night.
#[derive(Debug, Clone)]
pub(super) struct Driver {
    beat: Beat,
    depot: u32,
    rng: ChaCha8Rng,
    at: u32,
    last: Option<EdgeNumber>,
    rounds: u32,
    /// Edges still to be worked in this round, by number.
    to_do: Vec<bool>,
    moves: Vec<Move>,
}

impl Driver {
    pub(super) fn new(map: &RoadMap, beat: Beat, depot: u32, rng: ChaCha8Rng) -> Self {
        let mut driver = Driver {
            at: depot,
            beat,
            depot,
            rng,
            last: None,
            rounds: 0,
            to_do: Vec::new(),
            moves: Vec::new(),
        };
        driver.at = driver.busiest_start(map);
        driver
    }

    /// The node from which the first metres work the most streets.
    fn busiest_start(&self, map: &RoadMap) -> u32 {
        let mut best = (0, self.depot);
        for street in &self.beat.streets {
            for node in map.streets[*street as usize].ends {
                let mut trial = self.clone();
                trial.at = node;
                trial.begin(map);
                let (mut driven_m, mut worked) = (0.0, 0);
                while let Some(edge) = trial.next_street(map) {
                    driven_m += map.street(edge).length_m;
                    if driven_m > FIRST_MINUTE_M {
                        break;
                    }
                    worked += 1;
                    trial.work_through(map, edge);
                }
                if worked > best.0 {
                    best = (worked, node);
                }
            }
        }
        best.1
    }

    /// The next round: all of the beat, then the depot and a rest.
    pub(super) fn round(&mut self, map: &RoadMap) -> Vec<Move> {
        self.begin(map);
        loop {
            if let Some(edge) = self.next_street(map) {
                self.work(map, edge);
                continue;
            }
            let way = routing::way(map, self.at, |node| {
                map.leaving(node).any(|edge| self.to_do[edge as usize])
            });
            match way {
                Some(way) if !way.is_empty() => self.drive_over(map, &way),
                _ => break,
            }
        }
        let depot = self.depot;
        if let Some(way) = routing::way(map, self.at, |node| node == depot) {
            for edge in way {
                self.drive(map, edge, false);
            }
        }
        let seconds = self.rng.random_range(420.0..1080.0);
        self.moves.push(Move::Halt { seconds });
        self.rounds += 1;
        std::mem::take(&mut self.moves)
    }

    fn begin(&mut self, map: &RoadMap) {
        self.to_do = vec![false; 2 * map.streets.len()];
        for street in &self.beat.streets {
            for edge in [2 * street, 2 * street + 1] {
                self.to_do[edge as usize] = map.is_open(edge);
            }
        }
    }

    /// The street of the beat that a plow would take next: straight on rather than aside.
    fn next_street(&mut self, map: &RoadMap) -> Option<EdgeNumber> {
        let mut best: Option<(f64, EdgeNumber)> = None;
        for edge in map.leaving(self.at) {
            if !self.to_do[edge as usize] {
                continue;
            }
            let mut cost = self.rng.random_range(0.0..20.0);
            if let Some(last) = self.last {
                let same_road = map.street(last).road == map.street(edge).road;
                cost += map.turn_deg(last, edge) - if same_road { 30.0 } else { 0.0 };
                if edge == last ^ 1 {
                    cost += 400.0;
                }
            }
            if best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, edge));
            }
        }
        best.map(|(_, edge)| edge)
    }

    /// Works a street, now and then with what keeps a driver: a stop, a turn, a second push.
    fn work(&mut self, map: &RoadMap, edge: EdgeNumber) {
        let street = map.street(edge);
        let length_m = street.length_m;
        let is_warm = self.rounds > 0 || self.moves.len() > 12;
        let can_turn = street.is_two_way() && length_m > 80.0 && is_warm;
        let chance: f64 = self.rng.random();
        let part_m = self.rng.random_range(0.35..0.8) * length_m;
        if can_turn && chance < 0.045 {
            // There, back, and there again.
            self.push_and_return(edge, length_m, part_m);
            self.work_through(map, edge);
        } else if can_turn && chance < 0.06 {
            // Turns round in the middle of the block; the street stays to be done.
            self.push_and_return(edge, length_m, part_m);
            self.last = Some(edge ^ 1);
        } else if is_warm && chance < 0.10 {
            self.push_drive(edge, 0.0, part_m, true);
            let seconds = self.rng.random_range(6.0..50.0);
            self.moves.push(Move::Halt { seconds });
            self.push_drive(edge, part_m, length_m, true);
            self.arrive(map, edge);
        } else {
            self.work_through(map, edge);
        }
    }

    fn push_and_return(&mut self, edge: EdgeNumber, length_m: f64, part_m: f64) {
        self.push_drive(edge, 0.0, part_m, true);
        self.push_drive(edge ^ 1, length_m - part_m, length_m, true);
    }

    fn work_through(&mut self, map: &RoadMap, edge: EdgeNumber) {
        self.drive(map, edge, true);
    }

    fn drive(&mut self, map: &RoadMap, edge: EdgeNumber, working: bool) {
        self.push_drive(edge, 0.0, map.street(edge).length_m, working);
        if working {
            self.arrive(map, edge);
        } else {
            self.at = map.head(edge);
            self.last = Some(edge);
        }
    }

    fn push_drive(&mut self, edge: EdgeNumber, from_m: f64, to_m: f64, working: bool) {
        self.moves.push(Move::Drive {
            edge,
            from_m,
            to_m,
            working,
        });
    }

    /// The edge is worked, and where one pass is enough, so is the other direction.
    fn arrive(&mut self, map: &RoadMap, edge: EdgeNumber) {
        self.to_do[edge as usize] = false;
        if map.street(edge).is_narrow {
            self.to_do[(edge ^ 1) as usize] = false;
        }
        self.at = map.head(edge);
        self.last = Some(edge);
    }

    /// To where work goes on: blade up, unless it is only a few steps over own streets.
    fn drive_over(&mut self, map: &RoadMap, way: &[EdgeNumber]) {
        let way_m: f64 = way.iter().map(|e| map.street(*e).length_m).sum();
        for edge in way {
            let is_own = self.beat.streets.contains(&(edge / 2));
            self.drive(map, *edge, is_own && way_m <= SHORT_WAY_M);
        }
        if way_m > SHORT_WAY_M && self.rng.random_bool(0.3) {
            let seconds = self.rng.random_range(5.0..30.0);
            self.moves.push(Move::Halt { seconds });
        }
    }
}

//! The whole night: which plows there are, what they report, and what they truly drove.

use super::beat::{self, Beat};
use super::chance;
use super::fleet::Fleet;
use super::plow::{Plow, Reports};
use super::road_map::RoadMap;
use domain::fix::PlowFix;
use domain::network::RoadNetwork;
use domain::work::WorkKind;
use jiff::{SignedDuration, Timestamp};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Reports are kept this long; older ones are driven again when they are asked for.
const KEPT: SignedDuration = SignedDuration::from_mins(30);
/// Streams of chance that each plow uses.
const STREAMS_PER_PLOW: u64 = 8;

/// A night of snow clearing on a network. The same network, seed and epoch give the same fixes,
/// whenever and in whatever pieces they are asked for.
#[derive(Debug)]
pub struct Night {
    map: RoadMap,
    plows: Vec<Plow>,
    seed: u64,
    epoch: Timestamp,
    tapes: Vec<Mutex<Option<Tape>>>,
}

/// What a plow has reported lately, and where its report goes on.
#[derive(Debug)]
struct Tape {
    reports: Reports,
    kept: VecDeque<PlowFix>,
    /// Everything reported from here on is kept.
    kept_from: Timestamp,
}

impl Night {
    /// Puts plows on a network; their first reports are at `epoch` (or the next full second).
    pub fn new(network: &RoadNetwork, seed: u64, epoch: Timestamp) -> Self {
        let map = RoadMap::new(network);
        let mut rng = chance::stream(seed, 10);
        let mut plows: Vec<Plow> = Vec::new();
        for fleet in Fleet::ALL {
            let beats = beat::beats(&map, fleet, &mut rng);
            let depot = depot(&map, &beats);
            for (number, beat) in beats.into_iter().enumerate() {
                let report_every_s = fleet.report_every_s(number);
                plows.push(Plow {
                    fleet,
                    vehicle_id: fleet.vehicle_id(number),
                    beat,
                    depot,
                    work: if fleet == Fleet::National && number == 2 {
                        WorkKind::Grading
                    } else {
                        WorkKind::Plowing
                    },
                    report_every_s,
                    report_phase_s: (7 * number as u32) % report_every_s,
                    fails: fleet == Fleet::Prefecture && number == 4,
                    stream: 100 + STREAMS_PER_PLOW * plows.len() as u64,
                });
            }
        }
        Night {
            tapes: plows.iter().map(|_| Mutex::new(None)).collect(),
            map,
            plows,
            seed,
            epoch: next_full_second(epoch),
        }
    }

    /// When it begins.
    pub fn epoch(&self) -> Timestamp {
        self.epoch
    }

    /// The seed of all its chances.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Number of plows.
    pub fn plow_count(&self) -> usize {
        self.plows.len()
    }

    /// Number of a fleet's plows.
    pub fn plows_of(&self, fleet: Fleet) -> usize {
        self.plows.iter().filter(|plow| plow.fleet == fleet).count()
    }

    /// What a fleet's plows report at or after `from` and before `to`, in the order of time.
    pub fn fixes_between(&self, fleet: Fleet, from: Timestamp, to: Timestamp) -> Vec<PlowFix> {
        let mut fixes: Vec<PlowFix> = Vec::new();
        for (plow, tape) in self.plows.iter().zip(&self.tapes) {
            if plow.fleet != fleet {
                continue;
            }
            // A tape left by a panic is as good as any: it is rewound when it doesn't fit.
            let mut slot = tape.lock().unwrap_or_else(PoisonError::into_inner);
            let mut tape = match slot.take() {
                Some(tape) if tape.kept_from <= from.max(self.epoch) => tape,
                _ => Tape {
                    reports: plow.reports(&self.map, self.seed),
                    kept: VecDeque::new(),
                    kept_from: self.epoch,
                },
            };
            self.play(plow, &mut tape, from, to);
            fixes.extend(
                tape.kept
                    .iter()
                    .filter(|fix| fix.observed_at >= from && fix.observed_at < to)
                    .cloned(),
            );
            *slot = Some(tape);
        }
        fixes.sort_by_key(|fix| fix.observed_at);
        fixes
    }

    fn play(&self, plow: &Plow, tape: &mut Tape, from: Timestamp, to: Timestamp) {
        let before_s = self.seconds(to);
        let keep_from = from.min(to.saturating_sub(KEPT).unwrap_or(Timestamp::MIN));
        // In steps, so that a night of days never lies in memory as a whole.
        let mut step_s = self.seconds(tape.kept_from);
        while step_s < before_s {
            step_s = (step_s + 3600.0).min(before_s);
            tape.reports
                .run_to(step_s, plow, &self.map, self.epoch, &mut tape.kept);
            while tape
                .kept
                .front()
                .is_some_and(|fix| fix.observed_at < keep_from)
            {
                tape.kept.pop_front();
            }
        }
        tape.kept_from = tape.kept_from.max(keep_from);
    }

    fn seconds(&self, at: Timestamp) -> f64 {
        at.duration_since(self.epoch).as_secs_f64()
    }

    pub(super) fn map(&self) -> &RoadMap {
        &self.map
    }

    pub(super) fn plows(&self) -> &[Plow] {
        &self.plows
    }
}

/// Where a fleet's plows rest: near the middle of its beats.
fn depot(map: &RoadMap, beats: &[Beat]) -> u32 {
    let middles: Vec<[f64; 2]> = beats
        .iter()
        .flat_map(|b| &b.streets)
        .map(|s| map.streets[*s as usize].middle())
        .collect();
    let count = middles.len().max(1) as f64;
    let mean = [0, 1].map(|k| middles.iter().map(|m| m[k]).sum::<f64>() / count);
    map.streets
        .iter()
        .map(|s| {
            let at = s.line[0];
            ((at[0] - mean[0]).hypot(at[1] - mean[1]), s.ends[0])
        })
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map_or(0, |(_, node)| node)
}

fn next_full_second(at: Timestamp) -> Timestamp {
    let second = at.as_second() + i64::from(at.subsec_nanosecond() > 0);
    Timestamp::from_second(second).unwrap_or(at)
}

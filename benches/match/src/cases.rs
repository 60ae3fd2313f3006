//! What is measured: each behaviour, noise and interval, on each map.

use crate::score::Piece;
use crate::simulation::{self, Behaviour, Noise, Report, Streets, Trip, reports_of};
use domain::fix::PlowFix;
use domain::work::WorkKind;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// All kinds of noise.
pub const NOISES: [Noise; 5] = [
    Noise::White(5.0),
    Noise::White(10.0),
    Noise::White(20.0),
    Noise::Correlated(10.0),
    Noise::HeavyTailed,
];
/// All intervals between reports, seconds.
pub const INTERVALS_S: [u32; 5] = [1, 5, 10, 30, 60];
/// 2026-01-15T04:00:00+09:00.
const BEGUN_S: i64 = 1_768_417_200;

/// One cell of the table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Case {
    /// What the vehicles do.
    pub behaviour: Behaviour,
    /// What their receivers add.
    pub noise: Noise,
    /// How often they report, seconds.
    pub every_s: u32,
}

impl Case {
    /// All cases.
    pub fn all() -> Vec<Case> {
        let mut all = Vec::new();
        for behaviour in Behaviour::ALL {
            for noise in NOISES {
                all.extend(INTERVALS_S.map(|every_s| Case {
                    behaviour,
                    noise,
                    every_s,
                }));
            }
        }
        all
    }

    /// A short name, such as `beat/white-10/5`.
    pub fn name(&self) -> String {
        let (behaviour, noise) = (self.behaviour.name(), self.noise.name());
        format!("{behaviour}/{noise}/{}", self.every_s)
    }
}

/// Trips of one behaviour on one map.
#[derive(Debug)]
pub struct Trips {
    /// What they do.
    pub behaviour: Behaviour,
    /// Each with its own seed.
    pub trips: Vec<(u64, Trip)>,
}

impl Trips {
    /// Makes them.
    pub fn new(streets: &Streets<'_>, behaviour: Behaviour, count: u64, seed: u64) -> Self {
        let trips = (0..count)
            .filter_map(|i| {
                let seed = seed.wrapping_mul(1_000_003).wrapping_add(i);
                Some((seed, simulation::trip(streets, behaviour, seed)?))
            })
            .collect();
        Trips { behaviour, trips }
    }

    /// The traces of a case.
    pub fn traces(&self, case: &Case) -> Vec<Trace> {
        let trace = |(seed, trip): &(u64, Trip)| {
            let reports = reports_of(trip, case.every_s, case.noise, *seed);
            let (first, last) = (reports.first()?.at_s, reports.last()?.at_s);
            let truth = trip.between(first, last);
            let fixes = reports.iter().map(fix).collect();
            (!truth.is_empty()).then(|| Trace {
                truth: truth.iter().map(Piece::from).collect(),
                reports,
                fixes,
            })
        };
        self.trips.iter().filter_map(trace).collect()
    }
}

/// What one vehicle reported, and what it did between its first and last report.
#[derive(Debug)]
pub struct Trace {
    /// In order of travel.
    pub truth: Vec<Piece>,
    /// As sent.
    pub reports: Vec<Report>,
    /// The same as the matcher takes it: no heading, no speed, working all the time.
    pub fixes: Vec<PlowFix>,
}

fn fix(report: &Report) -> PlowFix {
    PlowFix {
        vehicle_id: String::new(),
        observed_at: Timestamp::constant(BEGUN_S + i64::from(report.at_s), 0),
        at: report.at,
        heading_deg: None,
        speed_kmh: None,
        work: Some(WorkKind::Plowing),
    }
}

/// Seconds since 1970 of a report.
pub fn unix_s(report: &Report) -> i64 {
    BEGUN_S + i64::from(report.at_s)
}

/// A fingerprint of traces and of what they are scored against: what peers made of them is kept under it.
pub fn fingerprint(traces: &[Trace]) -> String {
    let mut hash = Sha256::new();
    for trace in traces {
        for report in &trace.reports {
            hash.update(report.at_s.to_le_bytes());
            hash.update(report.at.lon.to_le_bytes());
            hash.update(report.at.lat.to_le_bytes());
        }
        for piece in &trace.truth {
            hash.update(piece.directed.number().to_le_bytes());
            hash.update(piece.to_m.to_le_bytes());
        }
        hash.update([0xff]);
    }
    hash.finalize()
        .iter()
        .take(8)
        .map(|b| format!("{b:02x}"))
        .collect()
}

//! What a receiver makes of a trip: how often it reports, and how far off.

use super::{Trip, normal};
use domain::geometry::{LocalPlane, LonLat};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// How far off the positions are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Noise {
    /// Independent from fix to fix, normal with this σ per axis, metres.
    White(f64),
    /// Normal with this σ per axis, and staying so: a Gauss–Markov process with a memory of 30 s.
    Correlated(f64),
    /// As receivers among houses: a distance of 3.5 m in the median, 16 m at 95 %, 36 m at 99 %.
    HeavyTailed,
}

/// How long a correlated error stays, seconds.
const MEMORY_S: f64 = 30.0;

impl Noise {
    /// Its name in tables.
    pub fn name(self) -> String {
        match self {
            Noise::White(m) => format!("white-{m}"),
            Noise::Correlated(m) => format!("corr-{m}"),
            Noise::HeavyTailed => "heavy".to_owned(),
        }
    }

    /// The σ per axis that a peer is told: the true one; for heavy tails, that of the middle.
    pub fn told_sigma_m(self) -> f64 {
        match self {
            Noise::White(m) | Noise::Correlated(m) => m,
            Noise::HeavyTailed => 5.0,
        }
    }
}

/// One reported position.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Report {
    /// Seconds since the trip began.
    pub at_s: u32,
    /// Where it seemed to be.
    pub at: LonLat,
}

/// The reports of a trip each `every_s` seconds, as a receiver of this noise gives them.
pub fn reports_of(trip: &Trip, every_s: u32, noise: Noise, seed: u64) -> Vec<Report> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(100);
    let phase = rng.random_range(0..every_s);
    let mut drift_m = [normal(&mut rng), normal(&mut rng)];
    let keeps = (-1.0 / MEMORY_S).exp();
    let fresh = (1.0 - keeps * keeps).sqrt();
    let mut reports = Vec::new();
    for (at_s, place) in (0_u32..).zip(&trip.places) {
        drift_m = drift_m.map(|d| keeps * d + fresh * normal(&mut rng));
        let error_m = match noise {
            Noise::White(sigma_m) => [0, 1].map(|_| sigma_m * normal(&mut rng)),
            Noise::Correlated(sigma_m) => drift_m.map(|d| sigma_m * d),
            Noise::HeavyTailed => heavy_tailed(&mut rng),
        };
        let now_s = f64::from(at_s);
        let is_silent = trip.silences.iter().any(|[a, b]| (*a..*b).contains(&now_s));
        if at_s % every_s == phase && !is_silent {
            reports.push(Report {
                at_s,
                at: LocalPlane::at(*place).unproject(error_m),
            });
        }
    }
    reports
}

/// A distance by its quantiles, log-normal in two pieces that meet at 95 %, in any direction.
fn heavy_tailed(rng: &mut ChaCha8Rng) -> [f64; 2] {
    const MEDIAN_M: f64 = 3.5;
    const P95_M: f64 = 16.0;
    const P99_M: f64 = 36.0;
    const Z95: f64 = 1.645;
    const Z99: f64 = 2.326;
    let z = normal(rng);
    let distance_m = if z < Z95 {
        MEDIAN_M * ((P95_M / MEDIAN_M).ln() * z / Z95).exp()
    } else {
        P95_M * ((P99_M / P95_M).ln() * (z - Z95) / (Z99 - Z95)).exp()
    };
    let angle = std::f64::consts::TAU * rng.random::<f64>();
    [distance_m * angle.cos(), distance_m * angle.sin()]
}

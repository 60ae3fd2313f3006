//! True drives reported anew: at any interval, with any noise.

use crate::scorer::{Drive, seconds};
use domain::fix::PlowFix;
use domain::geometry::{LocalPlane, LonLat};
use domain::network::RoadNetwork;
use domain::work::{Direction, WorkKind};
use jiff::Timestamp;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use yukimichi::demo::TrueLeg;

/// What a receiver adds to the truth, and how often it reports.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Receiver {
    pub(crate) every_s: f64,
    /// Per axis.
    pub(crate) sigma_m: f64,
    /// How long an error stays; 0 is white noise.
    pub(crate) memory_s: f64,
    /// Share of fixes whose error is four times as large.
    pub(crate) tail: f64,
}

/// The fixes that a receiver gives for the legs of one plow; no heading, no speed.
pub(crate) fn fixes_of(
    network: &RoadNetwork,
    legs: &[TrueLeg],
    by: Receiver,
    seed: u64,
) -> Vec<PlowFix> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let drives: Vec<Drive> = legs.iter().map(Drive::from).collect();
    let (Some(first), Some(last)) = (drives.first(), drives.last()) else {
        return Vec::new();
    };
    let mut error_m = [0.0; 2].map(|_: f64| by.sigma_m * normal(&mut rng));
    let mut fixes = Vec::new();
    let mut leg = 0;
    let mut at_s = first.entered_s;
    while at_s <= last.left_s {
        while leg + 1 < drives.len() && drives[leg + 1].entered_s <= at_s {
            leg += 1;
        }
        let rho = if by.memory_s > 0.0 {
            (-by.every_s / by.memory_s).exp()
        } else {
            0.0
        };
        let fresh_m = by.sigma_m * (1.0 - rho * rho).sqrt();
        error_m = error_m.map(|e| rho * e + fresh_m * normal(&mut rng));
        let tail = if rng.random::<f64>() < by.tail {
            4.0
        } else {
            1.0
        };
        let plane = LocalPlane::at(place(network, &drives[leg], at_s));
        fixes.push(PlowFix {
            vehicle_id: "resampled".to_owned(),
            observed_at: Timestamp::from_millisecond((at_s * 1000.0) as i64).unwrap(),
            at: plane.unproject(error_m.map(|e| tail * e)),
            heading_deg: None,
            speed_kmh: None,
            work: Some(WorkKind::Plowing),
        });
        at_s += by.every_s;
    }
    fixes
}

fn place(network: &RoadNetwork, drive: &Drive, at_s: f64) -> LonLat {
    let lasts_s = (drive.left_s - drive.entered_s).max(1e-9);
    let share = ((at_s - drive.entered_s) / lasts_s).clamp(0.0, 1.0);
    let length_m = drive.to_m - drive.from_m;
    let at_m = match drive.direction {
        Direction::Forward => drive.from_m + share * length_m,
        Direction::Backward => drive.to_m - share * length_m,
    };
    network.position(drive.segment, at_m)
}

/// From first to last fix, in seconds.
pub(crate) fn heard(fixes: &[PlowFix]) -> Vec<(f64, f64)> {
    let mut heard: Vec<(f64, f64)> = Vec::new();
    for fix in fixes {
        let at_s = seconds(fix.observed_at);
        match heard.last_mut() {
            Some((_, to)) if at_s - *to <= 300.0 => *to = at_s,
            _ => heard.push((at_s, at_s)),
        }
    }
    heard
}

/// A normal deviate (Box and Muller).
fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let (a, b): (f64, f64) = (rng.random_range(f64::MIN_POSITIVE..1.0), rng.random());
    (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
}

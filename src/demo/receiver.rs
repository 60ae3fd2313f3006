//! A plow's GPS receiver and its radio: errors that drift, echoes between houses, gaps.

use super::chance::normal;
use super::road_map::Xy;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// Error per axis under open sky.
const SIGMA_M: f64 = 3.0;
/// How long an error stays about the same.
const MEMORY_S: f64 = 25.0;
/// Error per axis that echoes add.
const ECHO_SIGMA_M: f64 = 8.5;
/// Mean time between two spells of echoes, and between two gaps.
const ECHO_EVERY_S: f64 = 800.0;
const GAP_EVERY_S: f64 = 3000.0;
/// The first minutes are heard in full, so that a demo's map fills at once.
const UNBROKEN_S: f64 = 200.0;

/// One vehicle's receiver.
#[derive(Debug)]
pub(super) struct Receiver {
    rng: ChaCha8Rng,
    /// Whether it falls silent for long, once every few hours.
    fails: bool,
    error_m: Xy,
    echo_m: Xy,
    echo_until_s: f64,
    silent_until_s: f64,
    last_s: f64,
}

impl Receiver {
    pub(super) fn new(mut rng: ChaCha8Rng, fails: bool) -> Self {
        let error_m = [SIGMA_M * normal(&mut rng), SIGMA_M * normal(&mut rng)];
        Receiver {
            rng,
            fails,
            error_m,
            echo_m: [0.0, 0.0],
            echo_until_s: 0.0,
            silent_until_s: 0.0,
            last_s: 0.0,
        }
    }

    /// What it reports for a true place; `None` while nothing comes through.
    pub(super) fn receive(&mut self, at_s: f64, truth: Xy) -> Option<Xy> {
        let passed_s = at_s - self.last_s;
        self.last_s = at_s;
        self.error_m = self.drifted(self.error_m, SIGMA_M, passed_s);
        if at_s < self.echo_until_s {
            self.echo_m = self.drifted(self.echo_m, ECHO_SIGMA_M, 2.0 * passed_s);
        } else {
            self.echo_m = [0.0, 0.0];
            if self.rng.random::<f64>() < passed_s / ECHO_EVERY_S {
                self.echo_until_s = at_s + self.rng.random_range(20.0..60.0);
            }
        }
        let gap_begins = self.rng.random::<f64>() < passed_s / GAP_EVERY_S;
        let gap_s = self.rng.random_range(60.0..240.0);
        if gap_begins && at_s > UNBROKEN_S && at_s > self.silent_until_s {
            self.silent_until_s = at_s + gap_s;
        }
        if at_s < self.silent_until_s || (self.fails && is_in_long_silence(at_s)) {
            return None;
        }
        Some([0, 1].map(|k| truth[k] + self.error_m[k] + self.echo_m[k]))
    }

    /// A first-order autoregressive step that keeps the spread.
    fn drifted(&mut self, error_m: Xy, sigma_m: f64, passed_s: f64) -> Xy {
        let rho = (-passed_s / MEMORY_S).exp();
        let fresh = sigma_m * (1.0 - rho * rho).sqrt();
        error_m.map(|e| rho * e + fresh * normal(&mut self.rng))
    }
}

/// Half an hour in every four, the first time 40 minutes into the night.
fn is_in_long_silence(at_s: f64) -> bool {
    (2400.0..4200.0).contains(&at_s.rem_euclid(4.0 * 3600.0))
}

#[cfg(test)]
mod tests {
    use super::super::chance;
    use super::*;

    #[test]
    fn errors_are_as_large_as_documented_and_drift() {
        let mut errors_m: Vec<f64> = Vec::new();
        let mut steps_m: Vec<f64> = Vec::new();
        for seed in 0..6 {
            let mut receiver = Receiver::new(chance::stream(seed, 1), false);
            let mut before: Option<Xy> = None;
            for i in 0..8640 {
                let got = receiver.receive(f64::from(5 * i), [0.0, 0.0]);
                if let Some([x, y]) = got {
                    errors_m.push(x.hypot(y));
                    steps_m.extend(before.map(|b| (x - b[0]).hypot(y - b[1])));
                }
                before = got;
            }
        }
        errors_m.sort_by(f64::total_cmp);
        steps_m.sort_by(f64::total_cmp);
        let quantile = |of: &[f64], q: f64| of[(q * of.len() as f64) as usize];
        let (median_m, p95_m) = (quantile(&errors_m, 0.5), quantile(&errors_m, 0.95));
        assert!((3.0..=4.0).contains(&median_m), "{median_m}");
        assert!((7.0..=16.0).contains(&p95_m), "{p95_m}");
        // White noise of this size would step by 1.4 times its error.
        assert!(quantile(&steps_m, 0.5) < 0.8 * median_m);
    }
}

//! The figures of all cases, and what was promised of them.

use crate::cases::Case;
use crate::peers::PeerFigures;
use crate::score::Score;
use crate::simulation::{Behaviour, Noise};

/// The most that the fixed lag may cost.
const PROMISED_LAG_COST: f64 = 0.003;

/// Figures of one case on one map.
#[derive(Debug, Clone)]
pub struct Row {
    /// Name of the map.
    pub map: &'static str,
    /// The case.
    pub case: Case,
    /// How many fixes were matched.
    pub fixes: usize,
    /// How right ours was.
    pub ours: Score,
    /// How right it was with the fixed lag.
    pub lagging: Score,
    /// Processor time of ours for all of them, seconds.
    pub seconds: f64,
    /// In the order of [`crate::peers::Engine::ALL`]; `None` where a peer was not run.
    pub peers: [Option<PeerFigures>; 2],
}

impl Row {
    /// A short name, such as `oslo/beat/white-10/5`.
    pub fn name(&self) -> String {
        format!("{}/{}", self.map, self.case.name())
    }

    /// Our RMF by that of the better peer.
    pub fn rmf_ratio(&self) -> Option<f64> {
        let best = self
            .peers
            .iter()
            .flatten()
            .map(|peer| peer.score.rmf())
            .min_by(f64::total_cmp)?;
        Some(self.ours.rmf() / best)
    }

    /// What the fixed lag costs: RMF with it less RMF of the whole trace.
    pub fn lag_cost(&self) -> f64 {
        self.lagging.rmf() - self.ours.rmf()
    }

    /// How many times as many fixes a second as each peer.
    pub fn speed_ratios(&self) -> [Option<f64>; 2] {
        self.peers
            .map(|peer| peer.map(|peer| peer.seconds / self.seconds))
    }

    /// The most that was promised for the RMF's ratio.
    pub fn promised_rmf_ratio(&self) -> f64 {
        match self.case.every_s {
            ..=10 => 0.4,
            11..=30 => 0.65,
            _ => 0.8,
        }
    }

    /// The most that was promised of falsely cleared length, where anything was.
    pub fn promised_falsely_cleared(&self) -> Option<f64> {
        let of_beats = self.case.behaviour == Behaviour::Beat;
        match (self.case.noise, self.case.every_s) {
            (Noise::White(10.0), 5 | 10) if of_beats => Some(0.003),
            (Noise::White(10.0), 30) if of_beats => Some(0.010),
            _ => None,
        }
    }
}

/// One promise and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// What was promised.
    pub promise: String,
    /// What was seen.
    pub seen: String,
    /// Whether it was kept.
    pub kept: bool,
}

/// Holds the rows against the promises; nothing is said of what was not measured.
pub fn verdicts(rows: &[Row]) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    for every_s in crate::cases::INTERVALS_S {
        let ratios: Vec<(f64, &Row)> = rows
            .iter()
            .filter(|row| row.case.every_s == every_s)
            .filter_map(|row| Some((row.rmf_ratio()?, row)))
            .collect();
        let promised = ratios.first().map(|(_, row)| row.promised_rmf_ratio());
        let worst = ratios.iter().max_by(|a, b| a.0.total_cmp(&b.0));
        if let (Some(promised), Some((worst, row))) = (promised, worst) {
            let kept = ratios.iter().filter(|(r, _)| *r <= promised).count();
            verdicts.push(Verdict {
                promise: format!("RMF at {every_s} s ≤ {promised} × the better peer's"),
                seen: format!(
                    "{kept} of {} cells; mean {:.2}, worst {worst:.2} ({})",
                    ratios.len(),
                    geometric_mean(ratios.iter().map(|(r, _)| *r)),
                    row.name()
                ),
                kept: kept == ratios.len(),
            });
        }
    }
    for row in rows {
        if let Some(promised) = row.promised_falsely_cleared() {
            let seen = row.ours.falsely_cleared();
            verdicts.push(Verdict {
                promise: format!(
                    "falsely cleared, {} ≤ {:.1} %",
                    row.name(),
                    100.0 * promised
                ),
                seen: format!("{:.2} %", 100.0 * seen),
                kept: seen <= promised,
            });
        }
    }
    let lags: Vec<(f64, &Row)> = rows.iter().map(|row| (row.lag_cost(), row)).collect();
    if let Some((worst, row)) = lags.iter().max_by(|a, b| a.0.total_cmp(&b.0)) {
        let mean = lags.iter().map(|(cost, _)| cost).sum::<f64>() / lags.len() as f64;
        let kept = lags
            .iter()
            .filter(|(cost, _)| *cost <= PROMISED_LAG_COST)
            .count();
        verdicts.push(Verdict {
            promise: format!(
                "the fixed lag costs ≤ {:.1} points of RMF in every cell",
                100.0 * PROMISED_LAG_COST
            ),
            seen: format!(
                "{:.2} in the mean, {kept} of {} cells; worst {:.2} ({})",
                100.0 * mean,
                lags.len(),
                100.0 * worst,
                row.name()
            ),
            kept: kept == lags.len(),
        });
    }
    let promised = [("Meili", 5.0, 2.0), ("OSRM MLD", 2.0, 0.7)];
    for (i, (name, mean, least)) in promised.into_iter().enumerate() {
        let ratios: Vec<(f64, &Row)> = rows
            .iter()
            .filter_map(|row| Some((row.speed_ratios()[i]?, row)))
            .collect();
        let Some((slowest, row)) = ratios.iter().min_by(|a, b| a.0.total_cmp(&b.0)) else {
            continue;
        };
        let seen = geometric_mean(ratios.iter().map(|(r, _)| *r));
        verdicts.push(Verdict {
            promise: format!("speed ≥ {mean} × {name} as geometric mean"),
            seen: format!("{seen:.2} ×"),
            kept: seen >= mean,
        });
        let kept = ratios.iter().filter(|(r, _)| *r >= least).count();
        verdicts.push(Verdict {
            promise: format!("speed ≥ {least} × {name} in every cell"),
            seen: format!(
                "{kept} of {} cells; least {slowest:.2} × ({})",
                ratios.len(),
                row.name()
            ),
            kept: kept == ratios.len(),
        });
    }
    verdicts
}

/// The geometric mean; 0 of nothing.
pub fn geometric_mean(of: impl Iterator<Item = f64>) -> f64 {
    let logs: Vec<f64> = of.map(|v| v.max(1e-9).ln()).collect();
    if logs.is_empty() {
        return 0.0;
    }
    (logs.iter().sum::<f64>() / logs.len() as f64).exp()
}

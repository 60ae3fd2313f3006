//! How well the field tells what a station reads, from the others alone.

use super::kriging::{Spot, weights};
use super::params::FieldParams;
use crate::geometry::LocalPlane;

/// A value at a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// Where.
    pub spot: Spot,
    /// The value, in any unit.
    pub value: f64,
}

/// Errors of a method over the stations, in the values' unit.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ErrorFigures {
    /// Mean error: above 0 where it tells too much.
    pub bias: f64,
    /// Mean absolute error.
    pub mean_abs: f64,
    /// Root of the mean squared error.
    pub root_mean_square: f64,
}

/// What leaving each station out once gave.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Validation {
    /// Stations that were left out once and told from others.
    pub told: usize,
    /// Stations with no other within reach: unknown there.
    pub unknown: usize,
    /// Errors of the field.
    pub field: ErrorFigures,
    /// Errors of taking the nearest station's value, at the same stations.
    pub nearest: ErrorFigures,
}

/// Leaves each station out once and tells its value from the others.
pub fn leave_one_out(stations: &[Measured], params: &FieldParams) -> Validation {
    let spots: Vec<Spot> = stations.iter().map(|s| s.spot).collect();
    let (mut by_field, mut by_nearest) = (Vec::new(), Vec::new());
    for (left_out, station) in (0u32..).zip(stations) {
        let others = (0..spots.len() as u32).filter(|i| *i != left_out);
        let Some(weights) = weights(station.spot, &spots, others.clone(), params) else {
            continue;
        };
        let told: f64 = weights
            .of
            .iter()
            .map(|(i, weight)| weight * stations[*i as usize].value)
            .sum();
        // Flat is good enough to tell which of those near is the nearest.
        let plane = LocalPlane::at(station.spot.at);
        let distance = |i: &u32| {
            let [east_m, north_m] = plane.project(spots[*i as usize].at);
            east_m.hypot(north_m)
        };
        let nearest = others.min_by(|a, b| distance(a).total_cmp(&distance(b)));
        let Some(nearest) = nearest else {
            continue;
        };
        by_field.push(told - station.value);
        by_nearest.push(stations[nearest as usize].value - station.value);
    }
    Validation {
        told: by_field.len(),
        unknown: stations.len() - by_field.len(),
        field: ErrorFigures::of(&by_field),
        nearest: ErrorFigures::of(&by_nearest),
    }
}

impl ErrorFigures {
    fn of(errors: &[f64]) -> Self {
        let mean = |of: &dyn Fn(f64) -> f64| match errors.len() {
            0 => 0.0,
            n => errors.iter().map(|e| of(*e)).sum::<f64>() / n as f64,
        };
        ErrorFigures {
            bias: mean(&|e| e),
            mean_abs: mean(&f64::abs),
            root_mean_square: mean(&|e| e * e).sqrt(),
        }
    }
}

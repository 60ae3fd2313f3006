//! Ordinary kriging: the weights of stations at a place.
//!
//! Gandin's optimal interpolation (1963) with the correlation that Brasnett (1999, J. Appl. Meteor. 38,
//! 726–740) uses for snow depth, α(r) β(Δz) = (1 + r/L) exp(−r/L) · exp(−(Δz/H)²), and an unknown local
//! mean (weights that sum to 1), so that no climate of snow is needed. Weights below 0 are dropped and the
//! others scaled to 1 (Deutsch 1996, Computers & Geosciences 22, 765–773): snow is never negative.

use super::params::FieldParams;
use crate::geometry::{LocalPlane, LonLat};

/// Where something is measured or asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// The place.
    pub at: LonLat,
    /// Height above the sea, m; `None` where it is not known.
    pub elevation_m: Option<f64>,
}

/// Stations with their weights at a place.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Weights {
    /// Index of the station, and its weight; they sum to 1.
    pub(super) of: Vec<(u32, f64)>,
    /// Variance of the estimate for a field of variance 1.
    pub(super) variance: f64,
}

/// A station near a place: index, distance in metres east and north of it.
#[derive(Debug, Clone, Copy)]
struct Near {
    station: u32,
    xy_m: [f64; 2],
    correlation: f64,
}

/// The weights of the best correlated of the stations `wanted`; `None` where none is within reach.
pub(super) fn weights(
    place: Spot,
    stations: &[Spot],
    wanted: impl Iterator<Item = u32>,
    params: &FieldParams,
) -> Option<Weights> {
    let plane = LocalPlane::at(place.at);
    let reach_m = 1000.0 * params.reach_km;
    let mut near: Vec<Near> = wanted
        .filter_map(|station| {
            let other = &stations[station as usize];
            // Most stations of a country end here.
            if (other.at.lat - place.at.lat).abs() * plane.north_m_per_deg > reach_m {
                return None;
            }
            let xy_m = plane.project(other.at);
            let distance_m = xy_m[0].hypot(xy_m[1]);
            let height_m = height_between(place, *other, params);
            (distance_m <= reach_m && height_m <= params.reach_height_m).then(|| Near {
                station,
                xy_m,
                correlation: correlation(distance_m, height_m, params),
            })
        })
        .collect();
    // By index where they are equal, so that the order of the stations' arrival does not matter.
    near.sort_by(|a, b| {
        b.correlation
            .total_cmp(&a.correlation)
            .then(a.station.cmp(&b.station))
    });
    near.truncate(params.most_stations);
    if near.is_empty() {
        return None;
    }
    let between = |i: usize, j: usize| {
        if i == j {
            return 1.0 + params.nugget;
        }
        let (a, b) = (&near[i], &near[j]);
        let distance_m = (a.xy_m[0] - b.xy_m[0]).hypot(a.xy_m[1] - b.xy_m[1]);
        let of = |n: &Near| stations[n.station as usize];
        correlation(distance_m, height_between(of(a), of(b), params), params)
    };
    let mut shares = solve(near.len(), between, |i| near[i].correlation);
    let mut sum = 0.0;
    for share in &mut shares {
        *share = share.max(0.0);
        sum += *share;
    }
    if !(sum.is_finite() && sum > 0.0) {
        // Stations on one spot with odd heights: each counts alike.
        shares.fill(1.0);
        sum = near.len() as f64;
    }
    for share in &mut shares {
        *share /= sum;
    }
    let mut variance = 1.0;
    for i in 0..near.len() {
        variance -= 2.0 * shares[i] * near[i].correlation;
        for j in 0..near.len() {
            variance += shares[i] * shares[j] * between(i, j);
        }
    }
    Some(Weights {
        of: near.iter().map(|n| n.station).zip(shares).collect(),
        variance: variance.max(0.0),
    })
}

fn correlation(distance_m: f64, height_m: f64, params: &FieldParams) -> f64 {
    let along = distance_m / (1000.0 * params.horizontal_scale_km);
    let up = height_m / params.vertical_scale_m;
    (1.0 + along) * (-along - up * up).exp()
}

fn height_between(a: Spot, b: Spot, params: &FieldParams) -> f64 {
    match a.elevation_m.zip(b.elevation_m) {
        Some((a, b)) => (a - b).abs(),
        None => params.unknown_height_m,
    }
}

/// Solves the kriging system of `n` stations, whose last row makes the weights sum to 1, by elimination
/// with pivots; the multiplier is left out.
fn solve(n: usize, between: impl Fn(usize, usize) -> f64, to: impl Fn(usize) -> f64) -> Vec<f64> {
    let size = n + 1;
    let mut rows: Vec<Vec<f64>> = (0..n)
        .map(|i| {
            let mut row: Vec<f64> = (0..n).map(|j| between(i, j)).collect();
            row.extend([1.0, to(i)]);
            row
        })
        .collect();
    let mut last = vec![1.0; size + 1];
    last[n] = 0.0;
    rows.push(last);
    for column in 0..size {
        let pivot = (column..size)
            .max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))
            .unwrap_or(column);
        rows.swap(column, pivot);
        let (done, rest) = rows.split_at_mut(column + 1);
        let top = &done[column];
        for row in rest {
            let factor = row[column] / top[column];
            for (value, above) in row.iter_mut().zip(top).skip(column) {
                *value -= factor * above;
            }
        }
    }
    let mut solution = vec![0.0; size];
    for i in (0..size).rev() {
        let known: f64 = (i + 1..size).map(|j| rows[i][j] * solution[j]).sum();
        solution[i] = (rows[i][size] - known) / rows[i][i];
    }
    solution.truncate(n);
    solution
}

//! Buddy check: a depth is held against those around it, as in titanlib's `buddy_check`, but by median
//! and median absolute deviation, so that a broken buddy does not spoil it.

use super::params::QualityParams;
use super::series::{Objection, StationSeries};
use crate::observation::Quantity;
use jiff::{SignedDuration, Timestamp};

/// Hourly gauges and those of 10 min are held against each other.
const SAME_TIME: SignedDuration = SignedDuration::from_mins(65);
/// From the median absolute deviation to the standard deviation of a normal distribution.
const SIGMA_PER_MAD: f64 = 1.4826;

/// Judges a depth by its buddies' depths at that time.
pub(super) fn buddy(
    depth_cm: f64,
    at: Timestamp,
    neighbours: &[&StationSeries],
    params: &QualityParams,
) -> Option<Objection> {
    let mut depths: Vec<f64> = neighbours
        .iter()
        .filter_map(|n| n.usable_before(Quantity::DepthCm, at, SAME_TIME)?.value)
        .collect();
    if depths.len() < params.buddies_min {
        return None;
    }
    let count = depths.len();
    let middle = median(&mut depths)?;
    let mut off: Vec<f64> = depths.iter().map(|cm| (cm - middle).abs()).collect();
    let spread = (SIGMA_PER_MAD * median(&mut off)?)
        .max(params.buddy_spread_min_cm)
        .max(params.buddy_spread_share * middle);
    let spreads = (depth_cm - middle).abs() / spread;
    if spreads <= params.buddy_suspect_spreads {
        return None;
    }
    let reason =
        format!("{depth_cm:.0} cm where {count} stations around have {middle:.0} ± {spread:.0} cm");
    Some(if spreads > params.buddy_fail_spreads {
        Objection::fail(reason)
    } else {
        Objection::suspect(reason)
    })
}

/// The median; `None` of nothing.
fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    let upper = *values.get(half)?;
    match values.len() % 2 {
        0 => Some(0.5 * (upper + values[half - 1])),
        _ => Some(upper),
    }
}

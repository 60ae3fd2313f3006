//! Flat check: a gauge that stands still while snow falls around it is stuck.

use super::params::QualityParams;
use super::rise::{rise_cm, window};
use super::series::{Objection, Reading, StationSeries};
use crate::observation::Quantity;
use jiff::{SignedDuration, Timestamp};

/// Judges the day before a reading.
pub(super) fn flat(
    depths: &[Reading],
    at: Timestamp,
    neighbours: &[&StationSeries],
    params: &QualityParams,
) -> Option<Objection> {
    let day = SignedDuration::from_hours(params.flat_hours);
    let seen = window(depths, at, day);
    // Its first reading must be a day old, nearly, or it has not stood still for one.
    let since = seen.iter().find(|r| r.is_usable())?.observed_at;
    if at.duration_since(since) < day - SignedDuration::from_hours(1) {
        return None;
    }
    let values = seen.iter().filter_map(Reading::usable_value);
    let (low, high) = values.fold((f64::MAX, f64::MIN), |(low, high), cm| {
        (low.min(cm), high.max(cm))
    });
    if high - low > params.flat_band_cm {
        return None;
    }
    let mut rises: Vec<f64> = neighbours
        .iter()
        .filter_map(|n| rise_cm(n.of(Quantity::DepthCm), at, day))
        .collect();
    rises.sort_by(f64::total_cmp);
    let rose = *rises.get(rises.len() / 2)?;
    if rose < params.flat_neighbours_rose_cm {
        return None;
    }
    let (hours, count) = (params.flat_hours, rises.len());
    let reason =
        format!("flat at {low:.0} cm for {hours} h while {count} neighbours rose {rose:.0} cm");
    Some(match count {
        1 => Objection::suspect(reason),
        _ => Objection::fail(reason),
    })
}

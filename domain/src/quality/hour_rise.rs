//! Rise check: much snow within an hour that nobody around has seen.

use super::params::QualityParams;
use super::rise::rise_cm;
use super::series::{Objection, Reading, StationSeries};
use crate::observation::Quantity;
use jiff::{SignedDuration, Timestamp};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Judges the rise of the hour before a reading. 8 cm/h are real in Aomori, and pass.
pub(super) fn hour_rise(
    depths: &[Reading],
    at: Timestamp,
    neighbours: &[&StationSeries],
    params: &QualityParams,
) -> Option<Objection> {
    let rise = rise_cm(depths, at, HOUR)?;
    if rise <= params.hour_rise_suspect_cm {
        return None;
    }
    let highest = neighbours
        .iter()
        .filter_map(|n| rise_cm(n.of(Quantity::DepthCm), at, HOUR))
        .max_by(f64::total_cmp);
    let seen_around = highest.is_some_and(|cm| cm > params.hour_rise_neighbour_cm);
    let around = match highest {
        Some(cm) => format!("neighbours at most {cm:+.0} cm"),
        None => "no neighbour to ask".to_owned(),
    };
    let reason = format!("{rise:+.0} cm in an hour, {around}");
    if rise > params.hour_rise_fail_cm && !seen_around {
        Some(Objection::fail(reason))
    } else {
        Some(Objection::suspect(reason))
    }
}

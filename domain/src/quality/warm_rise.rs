//! Warm rise check: it does not snow in warm air.

use super::params::QualityParams;
use super::rise::rise_cm;
use super::series::{Objection, StationSeries};
use crate::observation::Quantity;
use jiff::{SignedDuration, Timestamp};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Judges the rise of the hour before a reading by the station's own air temperature.
pub(super) fn warm_rise(
    station: &StationSeries,
    at: Timestamp,
    params: &QualityParams,
) -> Option<Objection> {
    let rise = rise_cm(station.of(Quantity::DepthCm), at, HOUR)?;
    if rise <= params.warm_rise_cm {
        return None;
    }
    let air = station.usable_before(Quantity::TemperatureC, at, HOUR)?;
    let air_c = air.value.filter(|c| *c > params.warm_air_c)?;
    let reason = format!("{rise:+.0} cm in an hour in air of {air_c:.1} °C");
    Some(Objection::suspect(reason))
}

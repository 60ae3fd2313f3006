//! Range check: what no gauge can read there is no reading.

use super::params::QualityParams;
use super::series::Objection;
use crate::observation::Quantity;

/// Fails codes for "no value", what is no number, and what was never measured in Japan.
pub(super) fn range(quantity: Quantity, value: f64, params: &QualityParams) -> Option<Objection> {
    if !value.is_finite() {
        return Some(Objection::fail("is not a number".to_owned()));
    }
    if params.invalid_codes.contains(&value) {
        let reason = format!("{value} is a code for \"no value\"");
        return Some(Objection::fail(reason));
    }
    let (lowest, highest) = limits(quantity, params);
    let outside = value < lowest || value > highest;
    outside.then(|| Objection::fail(format!("{value} is outside {lowest} to {highest}")))
}

/// The Japanese records with some room above them (JMA, 歴代全国ランキング).
fn limits(quantity: Quantity, params: &QualityParams) -> (f64, f64) {
    match quantity {
        Quantity::DepthCm => (params.depth_min_cm, params.depth_max_cm),
        Quantity::Snowfall1hCm => (0.0, 30.0),
        Quantity::Snowfall6hCm => (0.0, 100.0),
        Quantity::Snowfall12hCm => (0.0, 150.0),
        Quantity::Snowfall24hCm => (0.0, 250.0),
        Quantity::TemperatureC => (-45.0, 45.0),
        Quantity::WindSpeedMPerS => (0.0, 90.0),
        Quantity::WindFromDeg => (0.0, 360.0),
        Quantity::Precipitation10mMm => (0.0, 60.0),
        Quantity::Precipitation1hMm => (0.0, 200.0),
        Quantity::Precipitation3hMm => (0.0, 400.0),
        Quantity::Precipitation24hMm => (0.0, 1300.0),
        Quantity::RoadTemperatureC => (-45.0, 80.0),
    }
}

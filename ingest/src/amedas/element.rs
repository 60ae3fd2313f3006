//! Elements of a map file and their flags.

use domain::observation::{QualityFlag, Quantity};
use serde_json::Value;

/// Elements that are taken, and what they measure. Pressure, humidity, sunshine, visibility and weather
/// say nothing of roads and are left in the payload.
pub(super) const ELEMENTS: [(&str, Quantity); 12] = [
    ("snow", Quantity::DepthCm),
    ("snow1h", Quantity::Snowfall1hCm),
    ("snow6h", Quantity::Snowfall6hCm),
    ("snow12h", Quantity::Snowfall12hCm),
    ("snow24h", Quantity::Snowfall24hCm),
    ("temp", Quantity::TemperatureC),
    ("wind", Quantity::WindSpeedMPerS),
    ("windDirection", Quantity::WindFromDeg),
    ("precipitation10m", Quantity::Precipitation10mMm),
    ("precipitation1h", Quantity::Precipitation1hMm),
    ("precipitation3h", Quantity::Precipitation3hMm),
    ("precipitation24h", Quantity::Precipitation24hMm),
];

/// A value with what is believed of it, and why.
pub(super) type Reading = (Option<f64>, QualityFlag, String);

/// Reads `[value, flag]`; `None` where the station does not measure this (`[0, null]`). A value under a
/// flag that means missing is never a value: `[0, 6]` is not 0.
pub(super) fn reading(value: &Value, quantity: Quantity) -> Result<Option<Reading>, String> {
    let pair = value.as_array().map(Vec::as_slice);
    let Some([value, flag]) = pair else {
        return Err(format!("{value} is no pair of value and flag"));
    };
    let flag = match flag {
        Value::Null => return Ok(None),
        flag => flag
            .as_u64()
            .ok_or_else(|| format!("{flag} is no quality flag"))?,
    };
    let missing = |reason: &str| Ok(Some((None, QualityFlag::Missing, reason.to_owned())));
    let (quality, reason) = match flag {
        0 => (QualityFlag::Pass, ""),
        1 => (QualityFlag::Suspect, "for reference (flag 1, 準正常値)"),
        2 => (QualityFlag::Fail, "very doubtful (flag 2)"),
        3 => (QualityFlag::Fail, "not fit for use (flag 3)"),
        4 => (QualityFlag::Suspect, "for reference (flag 4, 資料不足値)"),
        5 => return missing("out of service (flag 5, 欠測)"),
        6 => return missing("disturbed or out of season (flag 6, 欠測)"),
        7 => return missing("not observed (flag 7)"),
        other => return Err(format!("{other} is no quality flag that is known")),
    };
    let value = match value {
        Value::Null => return missing("no value"),
        value => value
            .as_f64()
            .filter(|v| v.is_finite())
            .ok_or_else(|| format!("{value} is not a number"))?,
    };
    let value = match quantity {
        // 16 points clockwise, 16 = north; 0 = calm.
        Quantity::WindFromDeg if value == 0.0 => return missing("calm"),
        Quantity::WindFromDeg if (1.0..=16.0).contains(&value) => value * 22.5 % 360.0,
        Quantity::WindFromDeg => return Err(format!("{value} is none of the 16 points")),
        _ => value,
    };
    Ok(Some((Some(value), quality, reason.to_owned())))
}

//! What a cell says of a quantity.

use crate::mapping::MappingError;
use crate::text::{is_missing, normalize, number_in};
use domain::observation::{Observation, QualityFlag, Quantity};
use jiff::Timestamp;

/// Values that are none, and values that can't be believed.
#[derive(Debug, Clone)]
pub(super) struct Values {
    missing_numbers: Vec<f64>,
    missing_words: Vec<String>,
    invalid: Vec<f64>,
}

impl Values {
    pub(super) fn new(missing: &[String], invalid: &[String]) -> Result<Self, MappingError> {
        let mut values = Values {
            missing_numbers: Vec::new(),
            missing_words: Vec::new(),
            invalid: Vec::new(),
        };
        for text in missing {
            match number_in(text, &[]) {
                Ok(Some(n)) => values.missing_numbers.push(n),
                _ => values.missing_words.push(normalize(text)),
            }
        }
        for text in invalid {
            let n = number_in(text, &[]).map_err(|e| MappingError::new("invalid", e))?;
            values.invalid.extend(n);
        }
        Ok(values)
    }

    /// Reads a cell. Empty cells and dashes are readings without a value.
    pub(super) fn read(
        &self,
        cell: &str,
        station_id: &str,
        observed_at: Timestamp,
        quantity: Quantity,
    ) -> Result<Observation, String> {
        let observation = |value, flag, reason: String| {
            Ok(Observation {
                station_id: station_id.to_owned(),
                observed_at,
                quantity,
                value,
                flag,
                reason,
            })
        };
        let missing = |reason: String| observation(None, QualityFlag::Missing, reason);
        if is_missing(cell) {
            return missing("no value".to_owned());
        }
        let word = normalize(cell);
        if self.missing_words.contains(&word) {
            return missing(format!("{word} means no value"));
        }
        let value = number_in(cell, units(quantity))?.ok_or_else(|| "is missing".to_owned())?;
        if self.missing_numbers.contains(&value) {
            return missing(format!("{value} means no value"));
        }
        if self.invalid.contains(&value) {
            let reason = format!("{value} is what a broken gauge sends");
            return observation(Some(value), QualityFlag::Fail, reason);
        }
        observation(Some(value), QualityFlag::Pass, String::new())
    }
}

/// Units that a cell may carry, in NFKC form.
fn units(quantity: Quantity) -> &'static [&'static str] {
    match quantity {
        Quantity::DepthCm
        | Quantity::Snowfall1hCm
        | Quantity::Snowfall6hCm
        | Quantity::Snowfall12hCm
        | Quantity::Snowfall24hCm => &["cm", "センチ"],
        Quantity::TemperatureC | Quantity::RoadTemperatureC => &["°C", "度"],
        Quantity::WindSpeedMPerS => &["m/s"],
        Quantity::WindFromDeg => &["°", "度"],
        Quantity::Precipitation10mMm
        | Quantity::Precipitation1hMm
        | Quantity::Precipitation3hMm
        | Quantity::Precipitation24hMm => &["mm"],
    }
}

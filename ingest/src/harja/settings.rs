//! `[feed.harja]`.

use crate::decoded::{DecodeError, Decoded};
use crate::finnish_tasks::Tasks;
use crate::formats::Decoder;
use crate::mapping::MappingError;
use crate::vehicle_words::{VehicleTypeSettings, VehicleWords};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// `[feed.harja]` of the configuration. All keys are optional.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HarjaSettings {
    /// Work kinds of tasks beside those that are known.
    pub task_values: BTreeMap<String, String>,
    /// Types of machines by their `tyokonetyyppi`, a free text; what nobody knows counts as not told.
    pub vehicle_types: VehicleTypeSettings,
    /// Speed at which times along a line are counted back from its end, km/h. Set too low, a line would
    /// reach back into the message before.
    pub line_speed_kmh: f64,
}

impl Default for HarjaSettings {
    fn default() -> Self {
        HarjaSettings {
            task_values: BTreeMap::new(),
            vehicle_types: VehicleTypeSettings::default(),
            line_speed_kmh: 60.0,
        }
    }
}

impl Decoder for HarjaSettings {
    fn check(&self) -> Result<(), MappingError> {
        if !(5.0..=140.0).contains(&self.line_speed_kmh) {
            return Err(MappingError::new(
                "line_speed_kmh",
                "a plow drives 5 to 140 km/h",
            ));
        }
        VehicleWords::new(&self.vehicle_types)?;
        Tasks::new(&self.task_values).map(|_| ())
    }

    fn decode(&self, payload: &[u8], now: Timestamp) -> Result<Decoded, DecodeError> {
        super::decode::decode(payload, self, now)
    }
}

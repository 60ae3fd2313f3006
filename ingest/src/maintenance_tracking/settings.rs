//! `[feed.maintenance_tracking]`.

use crate::decoded::{DecodeError, Decoded};
use crate::finnish_tasks::Tasks;
use crate::formats::Decoder;
use crate::mapping::MappingError;
use crate::vehicle_words::{VehicleTypeSettings, VehicleWords};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// `[feed.maintenance_tracking]` of the configuration. All keys are optional.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MaintenanceTrackingSettings {
    /// Only features of these domains (`state-roads`, or a city's); all where it is empty.
    pub domains: Vec<String>,
    /// Work kinds of tasks beside those that are known.
    pub task_values: BTreeMap<String, String>,
    /// The type of its vehicles, which the format does not tell.
    pub vehicle_type: Option<String>,
}

impl MaintenanceTrackingSettings {
    pub(super) fn vehicles(&self) -> Result<VehicleWords, MappingError> {
        VehicleWords::new(&VehicleTypeSettings {
            untyped: self.vehicle_type.clone(),
            ..VehicleTypeSettings::default()
        })
    }
}

impl Decoder for MaintenanceTrackingSettings {
    fn check(&self) -> Result<(), MappingError> {
        self.vehicles()?;
        Tasks::new(&self.task_values).map(|_| ())
    }

    fn decode(&self, payload: &[u8], now: Timestamp) -> Result<Decoded, DecodeError> {
        super::decode::decode(payload, self, now)
    }
}

//! `[feed.plow_gpx]`.

use crate::decoded::{DecodeError, Decoded};
use crate::formats::Decoder;
use crate::mapping::{MappingError, zone_of};
use crate::vehicle_words::{VehicleTypeSettings, VehicleWords};
use crate::work_words::WorkWords;
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// `[feed.plow_gpx]` of the configuration. All keys are optional.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PlowGpxSettings {
    /// The vehicle's name, where the tracks' own `<name>` doesn't say it.
    pub vehicle: Option<String>,
    /// Element of a track or a point that says what the vehicle does, such as `type`, by its name
    /// without prefix; read through `work_values`.
    pub work: Option<String>,
    /// From the element's text to a work kind's name.
    pub work_values: BTreeMap<String, String>,
    /// What a point without work counts as. Without this it is unknown: passed, not cleared.
    pub unflagged: Option<String>,
    /// Element of a track or a point that says of what type the vehicle is, by its name without prefix;
    /// read through `vehicle_types`.
    pub vehicle_type: Option<String>,
    /// Words for types, and the type of vehicles whose type is not told.
    pub vehicle_types: VehicleTypeSettings,
    /// IANA zone of times that carry none (GPX wants UTC, some loggers write local time). Default: UTC.
    pub time_zone: Option<String>,
}

impl Decoder for PlowGpxSettings {
    fn check(&self) -> Result<(), MappingError> {
        zone_of(self.time_zone.as_deref())?;
        VehicleWords::new(&self.vehicle_types)?;
        WorkWords::new(&self.work_values, self.unflagged.as_deref()).map(|_| ())
    }

    fn decode(&self, payload: &[u8], now: Timestamp) -> Result<Decoded, DecodeError> {
        super::decode::decode(payload, self, now)
    }
}

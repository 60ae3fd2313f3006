//! How a feed's fields are called.

use crate::decoded::{DecodeError, Decoded};
use crate::formats::Decoder;
use crate::mapping::{MappingError, zone_of};
use crate::text::TimeReader;
use crate::vehicle_words::{VehicleTypeSettings, VehicleWords};
use crate::work_words::WorkWords;
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// `[feed.plow_json]` of the configuration. `items` points into the document, all others into an
/// item. Pointers begin with `/`; the empty pointer is the whole document.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlowJsonMapping {
    /// The array of positions.
    pub items: String,
    /// The vehicle's name: text or number.
    pub vehicle_id: String,
    /// When: RFC 3339, Unix seconds or milliseconds, or `time_format`.
    pub observed_at: String,
    /// Longitude in degrees: number or text.
    pub lon: String,
    /// Latitude in degrees.
    pub lat: String,
    /// Course in degrees clockwise from north.
    pub heading_deg: Option<String>,
    /// Speed in km/h.
    pub speed_kmh: Option<String>,
    /// What the vehicle does; read through `work_values`.
    pub work: Option<String>,
    /// From the value's text to a work kind's name.
    #[serde(default)]
    pub work_values: BTreeMap<String, String>,
    /// What a fix without a work field counts as. Without this it is unknown: passed, not cleared.
    pub unflagged: Option<String>,
    /// Of what type the vehicle is, as a spreader or a dump truck, which never clear; read through
    /// `vehicle_types`.
    pub vehicle_type: Option<String>,
    /// Words for types, and the type of vehicles whose type is not told.
    #[serde(default)]
    pub vehicle_types: VehicleTypeSettings,
    /// strptime form of times that are neither RFC 3339 nor Unix.
    pub time_format: Option<String>,
    /// IANA zone of times that carry none. Default: Asia/Tokyo.
    pub time_zone: Option<String>,
}

/// A mapping whose words have been looked up.
#[derive(Debug, Clone)]
pub(super) struct Resolved {
    pub(super) words: WorkWords,
    pub(super) vehicles: VehicleWords,
    pub(super) times: TimeReader,
}

impl Decoder for PlowJsonMapping {
    fn check(&self) -> Result<(), MappingError> {
        self.resolve().map(|_| ())
    }

    fn decode(&self, payload: &[u8], now: Timestamp) -> Result<Decoded, DecodeError> {
        super::decode(payload, self, now)
    }
}

impl PlowJsonMapping {
    pub(super) fn resolve(&self) -> Result<Resolved, MappingError> {
        let required = [
            ("items", Some(&self.items)),
            ("vehicle_id", Some(&self.vehicle_id)),
            ("observed_at", Some(&self.observed_at)),
            ("lon", Some(&self.lon)),
            ("lat", Some(&self.lat)),
            ("heading_deg", self.heading_deg.as_ref()),
            ("speed_kmh", self.speed_kmh.as_ref()),
            ("work", self.work.as_ref()),
            ("vehicle_type", self.vehicle_type.as_ref()),
        ];
        for (key, pointer) in required {
            if pointer.is_some_and(|p| !p.is_empty() && !p.starts_with('/')) {
                return Err(MappingError::new(key, "a JSON pointer begins with /"));
            }
        }
        Ok(Resolved {
            words: WorkWords::new(&self.work_values, self.unflagged.as_deref())?,
            vehicles: VehicleWords::new(&self.vehicle_types)?,
            times: TimeReader::new(
                self.time_format.clone(),
                zone_of(self.time_zone.as_deref())?,
            ),
        })
    }
}

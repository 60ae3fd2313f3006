//! How a feed's fields are called.

use domain::work::WorkKind;
use jiff::tz::TimeZone;
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
    /// strptime form of times that are neither RFC 3339 nor Unix.
    pub time_format: Option<String>,
    /// IANA zone of times that carry none. Default: Asia/Tokyo.
    pub time_zone: Option<String>,
}

/// What is wrong with a mapping.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {what}")]
pub struct MappingError {
    /// The key in `[feed.plow_json]`.
    pub key: String,
    /// What is wrong with it.
    pub what: String,
}

/// A mapping whose words have been looked up.
#[derive(Debug, Clone)]
pub(super) struct Resolved {
    pub work_values: BTreeMap<String, WorkKind>,
    pub unflagged: Option<WorkKind>,
    pub time_zone: TimeZone,
}

impl PlowJsonMapping {
    /// Checks the mapping without any data.
    ///
    /// # Errors
    /// The first key that cannot work.
    pub fn check(&self) -> Result<(), MappingError> {
        self.resolve().map(|_| ())
    }

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
        ];
        for (key, pointer) in required {
            if pointer.is_some_and(|p| !p.is_empty() && !p.starts_with('/')) {
                return Err(MappingError {
                    key: key.to_owned(),
                    what: "a JSON pointer begins with /".to_owned(),
                });
            }
        }
        let kind = |key: &str, name: &str| {
            WorkKind::parse(name).ok_or_else(|| MappingError {
                key: key.to_owned(),
                what: format!(
                    "{name:?} is no work kind; they are {}",
                    WorkKind::ALL.map(WorkKind::as_str).join(", ")
                ),
            })
        };
        let work_values = self
            .work_values
            .iter()
            .map(|(value, name)| Ok((value.clone(), kind("work_values", name)?)))
            .collect::<Result<_, MappingError>>()?;
        let unflagged = self
            .unflagged
            .as_deref()
            .map(|name| kind("unflagged", name))
            .transpose()?;
        let zone = self.time_zone.as_deref().unwrap_or("Asia/Tokyo");
        let time_zone = TimeZone::get(zone).map_err(|e| MappingError {
            key: "time_zone".to_owned(),
            what: e.to_string(),
        })?;
        Ok(Resolved {
            work_values,
            unflagged,
            time_zone,
        })
    }
}

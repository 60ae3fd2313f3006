//! What formats share of their sections in the configuration.

use jiff::tz::TimeZone;

/// What is wrong with a format's section.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {what}")]
pub struct MappingError {
    /// The key in `[feed.<format>]`.
    pub key: String,
    /// What is wrong with it.
    pub what: String,
}

impl MappingError {
    /// An error of this key.
    pub fn new(key: &str, what: impl Into<String>) -> Self {
        MappingError {
            key: key.to_owned(),
            what: what.into(),
        }
    }
}

/// The zone of times that carry none: `time_zone`, or Asia/Tokyo.
///
/// # Errors
/// When no zone has this name.
pub fn zone_of(time_zone: Option<&str>) -> Result<TimeZone, MappingError> {
    TimeZone::get(time_zone.unwrap_or("Asia/Tokyo"))
        .map_err(|e| MappingError::new("time_zone", e.to_string()))
}

//! `push_json`: fixes and readings that a manager sends by itself (design §6, `POST /api/v1/fixes` and
//! `/api/v1/observations`): a JSON array, or a JSON object per line (NDJSON).
//!
//! A record with `vehicle_id` is a fix, one with `station_id` a reading.

mod decode;
mod record;

#[cfg(test)]
mod tests;

pub use decode::decode;

use crate::decoded::{DecodeError, Decoded};
use crate::formats::Decoder;
use crate::mapping::MappingError;
use jiff::Timestamp;
use serde::Deserialize;

/// `[feed.push_json]`: the form is fixed, so that there are no keys.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushJson {}

impl Decoder for PushJson {
    fn check(&self) -> Result<(), MappingError> {
        Ok(())
    }

    fn decode(&self, payload: &[u8], now: Timestamp) -> Result<Decoded, DecodeError> {
        decode(payload, now)
    }
}

//! From a pushed body to records.

use super::record::{FixRecord, ReadingRecord};
use crate::decoded::{DecodeError, Decoded};
use crate::text::decode_text;
use domain::fix::Rejection;
use jiff::Timestamp;
use serde_json::Value;
use std::borrow::Cow;

/// Decodes a pushed body. A record's position is its 0-based index in the array, or among the lines
/// that are not empty.
///
/// # Errors
/// [`DecodeError`] for a body that is neither an array nor lines of objects.
pub fn decode(payload: &[u8], now: Timestamp) -> Result<Decoded, DecodeError> {
    let text = decode_text(payload, None)?;
    let text = text.trim();
    let mut decoded = Decoded::default();
    let mut take = |position: u64, record: Result<Value, String>, raw: Cow<'_, str>| {
        let taken = record
            .map_err(|reason| (String::new(), reason))
            .and_then(|record| take_record(&mut decoded, position, record, &raw, now));
        if let Err((field, reason)) = taken {
            decoded.rejections.push(Rejection {
                position,
                field,
                reason,
                record: raw.into_owned(),
            });
        }
    };
    if text.starts_with('[') {
        let records: Vec<Value> = serde_json::from_str(text)
            .map_err(|e| DecodeError(format!("not a whole JSON array: {e}")))?;
        for (position, record) in (0..).zip(records) {
            let raw = record.to_string();
            take(position, Ok(record), Cow::Owned(raw));
        }
    } else if text.starts_with('{') {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        for (position, line) in (0..).zip(lines) {
            let record = serde_json::from_str(line).map_err(|e| format!("is no JSON: {e}"));
            take(position, record, Cow::Borrowed(line));
        }
    } else {
        return Err(DecodeError(
            "neither a JSON array nor a JSON object per line".to_owned(),
        ));
    }
    Ok(decoded)
}

fn take_record(
    decoded: &mut Decoded,
    position: u64,
    record: Value,
    raw: &str,
    now: Timestamp,
) -> Result<(), (String, String)> {
    let has = |name: &str| record.get(name).is_some();
    match (has("vehicle_id"), has("station_id")) {
        (true, false) => {
            let fix = FixRecord::read(record)?.fix(now)?;
            decoded.take_fix(position, fix, || raw.to_owned());
        }
        (false, true) => {
            let mut reading = ReadingRecord::read(record)?.observation(now)?;
            reading.doubt_value();
            decoded.observations.push(position, reading);
        }
        (true, true) => {
            return Err((
                "station_id".to_owned(),
                "stands beside vehicle_id: a record is a fix or a reading".to_owned(),
            ));
        }
        (false, false) => {
            return Err((
                String::new(),
                "has neither a vehicle_id (a fix) nor a station_id (a reading)".to_owned(),
            ));
        }
    }
    Ok(())
}

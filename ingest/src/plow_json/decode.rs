//! From a document to fixes.

use super::mapping::{PlowJsonMapping, Resolved};
use crate::decoded::{DecodeError, Decoded};
use crate::fixes_csv::unix_seconds;
use domain::fix::{PlowFix, Rejection, disbelieve_time};
use domain::geometry::LonLat;
use domain::work::WorkKind;
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde_json::Value;

/// Decodes one payload. Times outside what can be believed at `now` are rejected.
///
/// # Errors
/// [`DecodeError`] when the document as a whole can't be read; single items are rejected instead.
pub fn decode(
    payload: &[u8],
    mapping: &PlowJsonMapping,
    now: Timestamp,
) -> Result<Decoded, DecodeError> {
    let resolved = mapping.resolve().map_err(|e| DecodeError(e.to_string()))?;
    let payload = payload.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(payload);
    let document: Value = serde_json::from_slice(payload)
        .map_err(|e| DecodeError(format!("not a whole JSON document: {e}")))?;
    let items = document.pointer(&mapping.items);
    let Some(Value::Array(items)) = items else {
        return Err(DecodeError(format!(
            "items: there is no array at {:?}{}",
            mapping.items,
            items.map_or(String::new(), |v| format!("; it is {}", kind_of(v)))
        )));
    };
    let mut decoded = Decoded::default();
    for (i, item) in items.iter().enumerate() {
        match fix_of(item, mapping, &resolved, now) {
            Ok(fix) => decoded.fixes.push(fix),
            Err((field, reason)) => decoded.rejections.push(Rejection {
                position: i as u64,
                field: field.to_owned(),
                reason,
                record: item.to_string(),
            }),
        }
    }
    Ok(decoded)
}

type Bad = (&'static str, String);

fn fix_of(
    item: &Value,
    mapping: &PlowJsonMapping,
    resolved: &Resolved,
    now: Timestamp,
) -> Result<PlowFix, Bad> {
    let vehicle_id = match item.pointer(&mapping.vehicle_id) {
        // No database keeps a NUL in its text.
        Some(Value::String(s)) if !s.trim().is_empty() && !s.contains('\0') => s.trim().to_owned(),
        Some(Value::Number(n)) => n.to_string(),
        other => return Err(("vehicle_id", unusable(other, "a name"))),
    };
    let observed_at = time_of(item.pointer(&mapping.observed_at), mapping, resolved)?;
    if let Some(reason) = disbelieve_time(observed_at, now) {
        return Err(("observed_at", reason));
    }
    let lon = degrees("lon", item.pointer(&mapping.lon), 180.0)?;
    let lat = degrees("lat", item.pointer(&mapping.lat), 90.0)?;
    if lon == 0.0 && lat == 0.0 {
        // What receivers send before they know where they are.
        return Err(("lon", "position is 0,0".to_owned()));
    }
    let optional = |field: &'static str, pointer: &Option<String>| -> Result<Option<f64>, Bad> {
        match pointer.as_deref().and_then(|p| item.pointer(p)) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(s)) if s.trim().is_empty() => Ok(None),
            Some(value) => number(value)
                .map(Some)
                .ok_or_else(|| (field, unusable(Some(value), "a number"))),
        }
    };
    Ok(PlowFix {
        vehicle_id,
        observed_at,
        at: LonLat::new(lon, lat),
        heading_deg: optional("heading_deg", &mapping.heading_deg)?,
        speed_kmh: optional("speed_kmh", &mapping.speed_kmh)?,
        work: work_of(item, mapping, resolved)?,
    })
}

fn work_of(
    item: &Value,
    mapping: &PlowJsonMapping,
    resolved: &Resolved,
) -> Result<Option<WorkKind>, Bad> {
    let value = mapping.work.as_deref().and_then(|p| item.pointer(p));
    let text = match value {
        None | Some(Value::Null) => return Ok(resolved.unflagged),
        Some(Value::String(s)) if s.trim().is_empty() => return Ok(resolved.unflagged),
        Some(Value::String(s)) => s.trim().to_owned(),
        Some(other) => other.to_string(),
    };
    match resolved.work_values.get(&text) {
        Some(kind) => Ok(Some(*kind)),
        None => Err((
            "work",
            format!("{text:?} is not among work_values; add it to the feed's configuration"),
        )),
    }
}

fn degrees(field: &'static str, value: Option<&Value>, limit: f64) -> Result<f64, Bad> {
    match value.and_then(number) {
        Some(n) if n.abs() <= limit => Ok(n),
        Some(n) => Err((field, format!("{n} lies outside -{limit}..{limit} degrees"))),
        None => Err((field, unusable(value, "a number"))),
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(n) => n.as_f64(),
        Value::String(s) => s.trim().parse().ok(),
        _ => None,
    }
    .filter(|n| n.is_finite())
}

fn time_of(
    value: Option<&Value>,
    mapping: &PlowJsonMapping,
    resolved: &Resolved,
) -> Result<Timestamp, Bad> {
    let bad = || ("observed_at", unusable(value, "a time"));
    if let Some(seconds) = value.and_then(number) {
        // Milliseconds are what JavaScript's clocks give; as seconds they would lie past year 5000.
        let seconds = if seconds > 1e11 {
            seconds / 1000.0
        } else {
            seconds
        };
        return unix_seconds(seconds).ok_or_else(bad);
    }
    let Some(Value::String(text)) = value else {
        return Err(bad());
    };
    let text = text.trim();
    if let Some(format) = &mapping.time_format {
        let wrong = |e: jiff::Error| ("observed_at", format!("{text:?} is not {format}: {e}"));
        let parsed = jiff::fmt::strtime::parse(format, text).map_err(wrong)?;
        // A zone of its own beats the configured one.
        if parsed.offset().is_some() {
            return parsed.to_timestamp().map_err(wrong);
        }
        return parsed
            .to_datetime()
            .and_then(|civil| civil.to_zoned(resolved.time_zone.clone()))
            .map(|zoned| zoned.timestamp())
            .map_err(wrong);
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    text.parse::<DateTime>()
        .ok()
        .and_then(|civil| civil.to_zoned(resolved.time_zone.clone()).ok())
        .map(|zoned| zoned.timestamp())
        .ok_or_else(bad)
}

fn unusable(value: Option<&Value>, wanted: &str) -> String {
    match value {
        None | Some(Value::Null) => "is missing".to_owned(),
        Some(value) => format!("{value} is not {wanted}"),
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

//! From a document to fixes.

use super::mapping::{PlowJsonMapping, Resolved};
use crate::decoded::{DecodeError, Decoded};
use crate::position::position;
use crate::text::{YearGuess, decode_text, unix_seconds_or_millis};
use domain::fix::{PlowFix, Rejection, disbelieve_time};
use domain::work::WorkKind;
use jiff::Timestamp;
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
    let text = decode_text(payload, None)?;
    let document: Value = serde_json::from_str(&text)
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
            Ok(fix) => decoded.take_fix(i as u64, fix, || item.to_string()),
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
    let observed_at = time_of(item.pointer(&mapping.observed_at), resolved, now)?;
    if let Some(reason) = disbelieve_time(observed_at, now) {
        return Err(("observed_at", reason));
    }
    let at = position(
        degrees("lon", item.pointer(&mapping.lon))?,
        degrees("lat", item.pointer(&mapping.lat))?,
    )?;
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
        at,
        heading_deg: optional("heading_deg", &mapping.heading_deg)?,
        speed_kmh: optional("speed_kmh", &mapping.speed_kmh)?,
        work: work_of(item, mapping, resolved)?,
    })
}

/// What the item says of its work, as far as a vehicle of its type does such work.
fn work_of(
    item: &Value,
    mapping: &PlowJsonMapping,
    resolved: &Resolved,
) -> Result<Option<WorkKind>, Bad> {
    let text = |pointer: &Option<String>| match pointer.as_deref().and_then(|p| item.pointer(p)) {
        None | Some(Value::Null) => None,
        Some(Value::String(s)) => Some(s.trim().to_owned()),
        Some(other) => Some(other.to_string()),
    };
    let told = resolved.words.read(text(&mapping.work).as_deref());
    let told = told.map_err(|reason| ("work", reason))?;
    resolved
        .vehicles
        .work(text(&mapping.vehicle_type).as_deref(), told)
        .map_err(|reason| ("vehicle_type", reason))
}

fn degrees(field: &'static str, value: Option<&Value>) -> Result<f64, Bad> {
    value
        .and_then(number)
        .ok_or_else(|| (field, unusable(value, "a number")))
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(n) => n.as_f64(),
        Value::String(s) => s.trim().parse().ok(),
        _ => None,
    }
    .filter(|n| n.is_finite())
}

fn time_of(value: Option<&Value>, resolved: &Resolved, now: Timestamp) -> Result<Timestamp, Bad> {
    let bad = |reason| ("observed_at", reason);
    match value {
        Some(Value::Number(n)) => n
            .as_f64()
            .and_then(unix_seconds_or_millis)
            .ok_or_else(|| bad(unusable(value, "a time"))),
        Some(Value::String(text)) => resolved.times.read(text, YearGuess::Past, now).map_err(bad),
        _ => Err(bad(unusable(value, "a time"))),
    }
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

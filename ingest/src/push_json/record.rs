//! One pushed record, and the domain value that it states.

use crate::text::{kept_name, unix_seconds};
use crate::vehicle_words::VehicleWords;
use domain::fix::{PlowFix, disbelieve_time};
use domain::geometry::LonLat;
use domain::observation::{Observation, QualityFlag, Quantity};
use domain::work::WorkKind;
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Field and reason.
type Bad = (String, String);

/// A fix as it is pushed: the columns of `yukimichi match` as JSON.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FixRecord {
    vehicle_id: Value,
    observed_at: Value,
    lon: f64,
    lat: f64,
    heading_deg: Option<f64>,
    speed_kmh: Option<f64>,
    working: Option<bool>,
    work_kind: Option<String>,
    vehicle_type: Option<String>,
}

/// A reading as it is pushed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadingRecord {
    station_id: Value,
    observed_at: Value,
    quantity: String,
    value: Option<f64>,
    flag: Option<String>,
    #[serde(default)]
    reason: String,
}

/// Reads a record; the field at fault is named where serde's message names it.
fn read<T: DeserializeOwned>(record: Value) -> Result<T, Bad> {
    serde_json::from_value(record).map_err(|e| {
        let message = e.to_string();
        let field = message.split('`').nth(1).unwrap_or_default().to_owned();
        (field, message)
    })
}

impl FixRecord {
    pub(super) fn read(record: Value) -> Result<Self, Bad> {
        // serde names missing and unknown fields, but not the one whose value has the wrong type.
        for field in ["lon", "lat", "heading_deg", "speed_kmh"] {
            if let Some(value) = record.get(field)
                && !(value.is_number() || value.is_null())
            {
                return Err((field.to_owned(), format!("{value} is not a number")));
            }
        }
        read(record)
    }

    pub(super) fn fix(self, now: Timestamp) -> Result<PlowFix, Bad> {
        let bad = |field: &str, reason: String| Err((field.to_owned(), reason));
        for (field, value, limit) in [("lon", self.lon, 180.0), ("lat", self.lat, 90.0)] {
            if value.is_nan() || value.abs() > limit {
                return bad(
                    field,
                    format!("{value} lies outside -{limit}..{limit} degrees"),
                );
            }
        }
        if self.lon == 0.0 && self.lat == 0.0 {
            return bad("lon", "position is 0,0".to_owned());
        }
        let kind = match self.work_kind.as_deref() {
            None => None,
            Some(name) => match WorkKind::parse(name) {
                Some(kind) => Some(kind),
                None => {
                    let names = WorkKind::ALL.map(WorkKind::as_str).join(", ");
                    return bad("work_kind", format!("{name:?} is none of {names}"));
                }
            },
        };
        let told = match (self.working, kind) {
            (Some(false), _) => Some(WorkKind::Transit),
            (Some(true), None | Some(WorkKind::Transit)) => Some(WorkKind::Plowing),
            (_, kind) => kind,
        };
        let vehicle_type = self.vehicle_type.as_deref();
        let work = VehicleWords::default().work(vehicle_type, told);
        Ok(PlowFix {
            vehicle_id: name("vehicle_id", &self.vehicle_id)?,
            observed_at: time(&self.observed_at, now)?,
            at: LonLat::new(self.lon, self.lat),
            heading_deg: self.heading_deg,
            speed_kmh: self.speed_kmh,
            work: work.map_err(|reason| ("vehicle_type".to_owned(), reason))?,
        })
    }
}

impl ReadingRecord {
    pub(super) fn read(record: Value) -> Result<Self, Bad> {
        if let Some(value) = record.get("value")
            && !(value.is_number() || value.is_null())
        {
            return Err(("value".to_owned(), format!("{value} is not a number")));
        }
        read(record)
    }

    pub(super) fn observation(self, now: Timestamp) -> Result<Observation, Bad> {
        let Some(quantity) = Quantity::parse(&self.quantity) else {
            let names = Quantity::ALL.map(Quantity::as_str).join(", ");
            let reason = format!("{:?} is none of {names}", self.quantity);
            return Err(("quantity".to_owned(), reason));
        };
        let flag = match self.flag.as_deref() {
            None if self.value.is_none() => QualityFlag::Missing,
            None => QualityFlag::Pass,
            Some(name) => QualityFlag::parse(name).ok_or_else(|| {
                let reason = format!("{name:?} is none of pass, suspect, fail, missing");
                ("flag".to_owned(), reason)
            })?,
        };
        if (flag == QualityFlag::Missing) != self.value.is_none() {
            let reason = "a reading has no value exactly when its flag is missing".to_owned();
            return Err(("value".to_owned(), reason));
        }
        Ok(Observation {
            station_id: name("station_id", &self.station_id)?,
            observed_at: time(&self.observed_at, now)?,
            quantity,
            value: self.value,
            flag,
            reason: self.reason,
        })
    }
}

fn name(field: &str, value: &Value) -> Result<String, Bad> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        other => return Err((field.to_owned(), format!("{other} is not a name"))),
    };
    kept_name(&text)
        .map(str::to_owned)
        .map_err(|reason| (field.to_owned(), reason))
}

/// RFC 3339, or Unix seconds.
fn time(value: &Value, now: Timestamp) -> Result<Timestamp, Bad> {
    let at = match value {
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(seconds) => seconds.as_f64().and_then(unix_seconds),
        _ => None,
    };
    let bad = |reason: String| ("observed_at".to_owned(), reason);
    let at: Timestamp = at.ok_or_else(|| {
        bad(format!(
            "{value} is neither an RFC 3339 time nor Unix seconds"
        ))
    })?;
    match disbelieve_time(at, now) {
        Some(reason) => Err(bad(reason)),
        None => Ok(at),
    }
}

//! The prefecture's shape, as Chicago's tracker has it: Unix seconds, and a blade that is down.

use super::Flaw;
use domain::fix::PlowFix;
use domain::work::WorkKind;
use serde_json::{Value, json};

pub(super) fn document(records: Vec<Value>) -> Value {
    json!({ "TrackingDataResponse": { "locationList": records } })
}

pub(super) fn record(fix: &PlowFix) -> Value {
    json!({
        "assetName": fix.vehicle_id,
        "postingTime": fix.observed_at.as_second(),
        "longitude": fix.at.lon,
        "latitude": fix.at.lat,
        "directionDegrees": fix.heading_deg.map(|deg| deg as u16),
        "bladeDown": fix.work.is_some_and(WorkKind::clears_carriageway),
    })
}

pub(super) fn flawed(fix: &PlowFix, flaw: Flaw) -> Value {
    let mut record = record(fix);
    match flaw {
        Flaw::NoLatitude => record["latitude"] = Value::Null,
        Flaw::NotATime => record["postingTime"] = json!("N/A"),
        Flaw::AtZero => {
            record["longitude"] = json!(0.0);
            record["latitude"] = json!(0.0);
        }
    }
    record
}

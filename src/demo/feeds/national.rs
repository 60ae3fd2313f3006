//! The national road office's shape: nested positions, RFC 3339 times, work in words.

use super::{Flaw, in_japan};
use domain::fix::PlowFix;
use domain::work::WorkKind;
use jiff::Timestamp;
use serde_json::{Value, json};

/// Words for work, and the kinds that they stand for.
pub(in crate::demo) const WORK_WORDS: [(&str, WorkKind); 3] = [
    ("新雪除雪", WorkKind::Plowing),
    ("路面整正", WorkKind::Grading),
    ("回送", WorkKind::Transit),
];

fn time(at: Timestamp) -> String {
    in_japan(at).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

pub(super) fn document(fixes: &[PlowFix], bad: &[(PlowFix, Flaw)], now: Timestamp) -> String {
    let good = fixes.iter().map(record);
    let records: Vec<Value> = good
        .chain(bad.iter().map(|(fix, flaw)| flawed(fix, *flaw)))
        .collect();
    json!({ "generatedAt": time(now), "vehicles": records }).to_string()
}

fn record(fix: &PlowFix) -> Value {
    let word = WORK_WORDS
        .iter()
        .find(|(_, kind)| fix.work == Some(*kind))
        .map(|(word, _)| *word);
    json!({
        "vehicleNo": fix.vehicle_id,
        "time": time(fix.observed_at),
        "position": { "lon": fix.at.lon, "lat": fix.at.lat },
        "course": fix.heading_deg.map(|deg| deg as u16),
        "speed": fix.speed_kmh,
        "work": word,
    })
}

fn flawed(fix: &PlowFix, flaw: Flaw) -> Value {
    let mut record = record(fix);
    match flaw {
        Flaw::NoLatitude => record["position"] = json!({ "lon": fix.at.lon }),
        Flaw::NotATime => record["time"] = json!("--:--"),
        Flaw::AtZero => record["position"] = json!({ "lon": 0.0, "lat": 0.0 }),
    }
    record
}

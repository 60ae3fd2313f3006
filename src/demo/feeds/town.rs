//! The town's shape: text throughout, local times without a zone, work as 1 or 0.

use super::{Flaw, in_japan};
use domain::fix::PlowFix;
use domain::work::WorkKind;
use serde_json::{Value, json};

/// How the town writes times.
pub(in crate::demo) const TIME_FORMAT: &str = "%Y/%m/%d %H:%M:%S";

pub(super) fn record(fix: &PlowFix) -> Value {
    let works = fix.work.is_some_and(WorkKind::clears_carriageway);
    json!({
        "車両": fix.vehicle_id,
        "日時": in_japan(fix.observed_at).strftime(TIME_FORMAT).to_string(),
        "経度": format!("{:.5}", fix.at.lon),
        "緯度": format!("{:.5}", fix.at.lat),
        "作業": if works { "1" } else { "0" },
    })
}

pub(super) fn flawed(fix: &PlowFix, flaw: Flaw) -> Value {
    let mut record = record(fix);
    match flaw {
        Flaw::NoLatitude => record["緯度"] = json!(""),
        Flaw::NotATime => record["日時"] = json!("----/--/-- --:--:--"),
        Flaw::AtZero => {
            record["経度"] = json!("0.00000");
            record["緯度"] = json!("0.00000");
        }
    }
    record
}

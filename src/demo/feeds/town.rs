//! The town's shape: a table in CP932, local times without a zone, work as 1 or 0.

use super::{Flaw, in_japan};
use domain::fix::PlowFix;
use domain::work::WorkKind;

/// The table's columns.
pub(in crate::demo) const COLUMNS: [&str; 5] = ["車両", "日時", "経度", "緯度", "作業"];

pub(super) fn document(fixes: &[PlowFix], bad: &[(PlowFix, Flaw)]) -> Vec<u8> {
    let good = fixes.iter().map(|fix| row(fix, None));
    let rows = good.chain(bad.iter().map(|(fix, flaw)| row(fix, Some(*flaw))));
    let text: String = std::iter::once(COLUMNS.map(str::to_owned))
        .chain(rows)
        .map(|row| row.join(",") + "\r\n")
        .collect();
    encoding_rs::SHIFT_JIS.encode(&text).0.into_owned()
}

fn row(fix: &PlowFix, flaw: Option<Flaw>) -> [String; 5] {
    let works = fix.work.is_some_and(WorkKind::clears_carriageway);
    let time = in_japan(fix.observed_at).strftime("%Y/%m/%d %H:%M:%S");
    let (mut lon, mut lat) = (format!("{:.5}", fix.at.lon), format!("{:.5}", fix.at.lat));
    let mut time = time.to_string();
    match flaw {
        None => {}
        Some(Flaw::NoLatitude) => lat.clear(),
        Some(Flaw::NotATime) => time = "----/--/-- --:--:--".to_owned(),
        Some(Flaw::AtZero) => (lon, lat) = ("0.00000".to_owned(), "0.00000".to_owned()),
    }
    let work = if works { "1" } else { "0" };
    [fix.vehicle_id.clone(), time, lon, lat, work.to_owned()]
}

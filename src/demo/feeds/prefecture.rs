//! The prefecture's shape: a table as Excel saves it, in CP932, with years of the era.

use super::{Flaw, Report, in_japan};
use domain::work::WorkKind;
use jiff::{Timestamp, Zoned};

/// Words for work, and the kinds that they stand for.
pub(in crate::demo) const WORK_WORDS: [(&str, WorkKind); 2] =
    [("作業中", WorkKind::Plowing), ("移動中", WorkKind::Transit)];

const HEADER: &str = "除雪車位置情報\r\n車両番号,日時,経度,緯度,方位,作業\r\n";
/// The year before 令和元年.
const BEFORE_REIWA: i16 = 2018;

pub(super) fn document(reports: &[Report]) -> Vec<u8> {
    let mut table = HEADER.to_owned();
    for report in reports {
        table.push_str(&row(report));
    }
    encoding_rs::SHIFT_JIS.encode(&table).0.into_owned()
}

fn row(report: &Report) -> String {
    let fix = &report.fix;
    let mut cells = [
        fix.vehicle_id.clone(),
        time(fix.observed_at),
        fix.at.lon.to_string(),
        fix.at.lat.to_string(),
        fix.heading_deg
            .map_or(String::new(), |deg| full_width(deg as u16)),
        work(fix.work).to_owned(),
    ];
    match report.flaw {
        None => {}
        Some(Flaw::NoLatitude) => cells[3] = "－".to_owned(),
        Some(Flaw::NotATime) => cells[1] = "未受信".to_owned(),
        Some(Flaw::AtZero) => (cells[2], cells[3]) = ("0".to_owned(), "0".to_owned()),
    }
    format!("{}\r\n", cells.join(","))
}

fn work(kind: Option<WorkKind>) -> &'static str {
    let works = kind.is_some_and(WorkKind::clears_carriageway);
    WORK_WORDS[usize::from(!works)].0
}

/// 令和8年1月15日 5時12分30秒
fn time(at: Timestamp) -> String {
    let civil: Zoned = in_japan(at);
    format!(
        "令和{}年{}",
        civil.year() - BEFORE_REIWA,
        civil.strftime("%-m月%-d日 %-H時%-M分%-S秒")
    )
}

/// As people type numbers into a Japanese spreadsheet.
fn full_width(number: u16) -> String {
    let wide = |digit: char| match digit.to_digit(10).and_then(|d| char::from_u32(0xFF10 + d)) {
        Some(wide) => wide,
        None => digit,
    };
    number.to_string().chars().map(wide).collect()
}

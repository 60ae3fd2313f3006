//! 日報 as a table: one row per vehicle, owner of the road and work.

use super::{NightReport, VehicleNight};
use domain::daily_report::{Difference, ReportLine};
use domain::japan_time::JST;
use domain::work::WorkKind;
use jiff::Timestamp;

/// What Excel takes for UTF-8.
const BOM: &str = "\u{feff}";

/// Headings of the columns.
pub const HEADINGS: [&str; 15] = [
    "夜間",
    "発注者",
    "業者",
    "車両",
    "道路管理者",
    "作業種別",
    "開始",
    "終了",
    "昼間(分)",
    "早朝・夕方(分)",
    "深夜(分)",
    "計(分)",
    "延べ距離(m)",
    "延長(m)",
    "日報との差異",
];

/// The rows, in the order of [`HEADINGS`]. A vehicle without work has a row too: that it was heard and
/// did nothing, or was never heard, is told.
pub fn rows(report: &NightReport) -> Vec<[String; 15]> {
    report
        .vehicles
        .iter()
        .flat_map(|vehicle| {
            let mut rows: Vec<[String; 15]> = vehicle
                .lines
                .iter()
                .map(|line| work_row(report, vehicle, line))
                .collect();
            if rows.is_empty() {
                rows.push(idle_row(report, vehicle));
            }
            // Differences are the vehicle's, not a line's.
            if let Some(row) = rows.first_mut() {
                row[14] = told(&vehicle.differences);
            }
            rows
        })
        .collect()
}

/// The table as CSV that Excel opens as it is: UTF-8 with a byte order mark, lines that end in CR LF.
///
/// # Errors
/// None with the rows above; the writer's type has one.
pub fn csv(report: &NightReport) -> anyhow::Result<String> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(BOM.as_bytes().to_vec());
    writer.write_record(HEADINGS)?;
    for row in rows(report) {
        writer.write_record(row.map(harmless))?;
    }
    let bytes = writer.into_inner().map_err(|e| e.into_error())?;
    Ok(String::from_utf8(bytes)?)
}

/// A name that a spreadsheet would take for a formula is only a name.
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err() {
        format!("'{cell}")
    } else {
        cell
    }
}

fn work_row(report: &NightReport, vehicle: &VehicleNight, line: &ReportLine) -> [String; 15] {
    let minutes = |minutes: f64| format!("{minutes:.0}");
    [
        report.night.to_string(),
        report.manager.name.ja.clone(),
        vehicle.contractor.clone(),
        vehicle.vehicle.vehicle_id.clone(),
        owner(report, line),
        work_name(line.work).to_owned(),
        time(line.started_at),
        time(line.ended_at),
        minutes(line.minutes.day),
        minutes(line.minutes.evening),
        minutes(line.minutes.night),
        minutes(line.minutes.total()),
        format!("{:.0}", line.driven_m),
        format!("{:.0}", line.covered_m),
        String::new(),
    ]
}

fn idle_row(report: &NightReport, vehicle: &VehicleNight) -> [String; 15] {
    let (what, from, until) = match &vehicle.heard {
        Some(heard) => (
            "作業なし",
            time(heard.first_fix_at),
            time(heard.last_fix_at),
        ),
        None => ("位置情報なし", String::new(), String::new()),
    };
    let mut row: [String; 15] = std::array::from_fn(|_| String::new());
    row[0] = report.night.to_string();
    row[1].clone_from(&report.manager.name.ja);
    row[2].clone_from(&vehicle.contractor);
    row[3].clone_from(&vehicle.vehicle.vehicle_id);
    (row[5], row[6], row[7]) = (what.to_owned(), from, until);
    row
}

/// 自 for own roads: only these are paid by this manager.
fn owner(report: &NightReport, line: &ReportLine) -> String {
    match &line.owner {
        Some(code) if *code == report.manager.code => "自".to_owned(),
        Some(code) => format!("他 {code}"),
        None => "不明".to_owned(),
    }
}

/// The work's name in Japanese.
pub fn work_name(work: Option<WorkKind>) -> &'static str {
    match work {
        Some(WorkKind::Plowing) => "新雪除雪",
        Some(WorkKind::Grading) => "路面整正",
        Some(WorkKind::PackedSnowRemoval) => "圧雪処理",
        Some(WorkKind::Widening) => "拡幅除雪",
        Some(WorkKind::Hauling) => "運搬排雪",
        Some(WorkKind::Deicing) => "凍結防止剤散布",
        Some(WorkKind::Sidewalk) => "歩道除雪",
        Some(WorkKind::Transit) => "回送",
        None => "作業不明",
    }
}

/// The differences as one text.
pub fn told(differences: &[Difference]) -> String {
    let texts: Vec<String> = differences
        .iter()
        .map(|difference| match difference {
            Difference::NotSeen { from, until } => {
                format!("日報のみ {}–{}", time(*from), time(*until))
            }
            Difference::NotLogged { from, until } => {
                format!("GPSのみ {}–{}", time(*from), time(*until))
            }
            Difference::Start { logged, seen } => {
                format!("開始 日報{} GPS{}", time(*logged), time(*seen))
            }
            Difference::End { logged, seen } => {
                format!("終了 日報{} GPS{}", time(*logged), time(*seen))
            }
            Difference::Work { logged, seen, .. } => format!(
                "作業 日報{} GPS{}",
                work_name(Some(*logged)),
                work_name(Some(*seen))
            ),
        })
        .collect();
    texts.join("; ")
}

/// The time in JST.
pub fn time(at: Timestamp) -> String {
    JST.to_datetime(at).strftime("%m-%d %H:%M").to_string()
}

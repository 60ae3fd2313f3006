//! What a decoder understood of a payload, as tables for a person.

use super::terminal::printable;
use comfy_table::{Table, presets};
use domain::closure::{Closure, DailyWindow};
use domain::fact::{Sifted, sift};
use domain::fix::{PlowFix, Rejection};
use domain::geometry::LonLat;
use domain::japan_time::JST;
use domain::observation::{Observation, QualityFlag, Station};
use domain::place::{Place, RouteStretch};
use domain::plan::Plan;
use domain::snow_forecast::SnowForecast;
use domain::work::{Direction, WorkKind};
use domain::work_log::WorkLogEntry;
use domain::zone_order::{OrderState, ZoneOrder};
use indicatif::HumanBytes;
use ingest::Decoded;
use jiff::Timestamp;

/// Rows of a table that are shown.
const SAMPLE: usize = 5;
/// Rejections that are shown.
const REJECTIONS: usize = 10;
/// Longest line of a cell, in characters.
const LONGEST_CELL: usize = 60;
/// Longest line of a note.
const LONGEST_NOTE: usize = 90;

/// The payload's facts with their counts, a sample of each kind, notes, and what was rejected and why.
pub(super) fn understood(decoded: Decoded, payload_bytes: usize) -> String {
    // Taken apart, so that a new kind of fact can't be forgotten here.
    let Decoded {
        fixes,
        stations,
        observations,
        orders,
        plans,
        closures,
        work_log,
        snow_forecasts,
        mut rejections,
        dropped_values,
        notes,
    } = decoded;
    let told = fixes.len();
    let Sifted {
        news, conflicts, ..
    } = sift(fixes.into_numbered(), Vec::new());
    let fixes: Vec<PlowFix> = news.into_iter().map(|(_, fix)| fix).collect();
    let in_conflict = conflicts.len();
    rejections.extend(conflicts);
    let mut out = format!(
        "  {}, {} rejected\n",
        HumanBytes(payload_bytes as u64),
        rejections.len()
    );
    let fixes_title = format!(
        "fixes: {told}, {} of them unique, {in_conflict} in conflict",
        fixes.len()
    );
    section(&mut out, &fixes_title, &FIX_COLUMNS, &fixes, fix_row);
    let title = format!("stations: {}", stations.len());
    section(&mut out, &title, &STATION_COLUMNS, &stations, station_row);
    let title = format!("observations: {}", flags(&observations));
    section(
        &mut out,
        &title,
        &OBSERVATION_COLUMNS,
        &observations,
        observation_row,
    );
    let title = format!("orders: {}", orders.len());
    section(&mut out, &title, &ORDER_COLUMNS, &orders, order_row);
    let title = format!("plans: {}", plans.len());
    section(&mut out, &title, &PLAN_COLUMNS, &plans, plan_row);
    let title = format!("closures: {}", closures.len());
    section(&mut out, &title, &CLOSURE_COLUMNS, &closures, closure_row);
    let title = format!("work log: {}", work_log.len());
    section(&mut out, &title, &WORK_LOG_COLUMNS, &work_log, work_log_row);
    let title = format!("snow forecasts: {}", snow_forecasts.len());
    section(
        &mut out,
        &title,
        &FORECAST_COLUMNS,
        &snow_forecasts,
        forecast_row,
    );
    for note in &notes {
        let note = wrapped(note, LONGEST_NOTE).replace('\n', "\n        ");
        out.push_str(&format!("  note: {note}\n"));
    }
    refused(&mut out, "rejected", &rejections);
    refused(&mut out, "values left out", &dropped_values);
    out
}

/// A title, and a table of the first rows; nothing where there are none.
fn section<T, const N: usize>(
    out: &mut String,
    title: &str,
    columns: &[&str; N],
    facts: &[T],
    row: impl Fn(&T) -> [String; N],
) {
    if facts.is_empty() {
        return;
    }
    out.push_str(&format!("  {title}\n"));
    let shorten = |cells: [String; N]| cells.map(|cell| shortened(&cell));
    table(
        out,
        columns,
        facts.iter().take(SAMPLE).map(row).map(shorten),
    );
    more(out, facts.len(), SAMPLE);
}

fn table<const N: usize>(
    out: &mut String,
    columns: &[&str; N],
    rows: impl Iterator<Item = [String; N]>,
) {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header(columns);
    for row in rows {
        table.add_row(row);
    }
    for line in table.to_string().lines() {
        out.push_str(&format!("   {}\n", line.trim_end()));
    }
}

fn more(out: &mut String, all: usize, shown: usize) {
    if all > shown {
        out.push_str(&format!("    … and {} more\n", all - shown));
    }
}

/// Records or values that were not taken; reasons whole, since they say what is to be done.
fn refused(out: &mut String, title: &str, rejections: &[Rejection]) {
    if rejections.is_empty() {
        return;
    }
    out.push_str(&format!("  {title}: {}\n", rejections.len()));
    let columns = ["line or item", "field", "reason", "record"];
    let rows = rejections.iter().take(REJECTIONS).map(|r| {
        let field = if r.field.is_empty() { "-" } else { &r.field };
        [
            r.position.to_string(),
            field.to_owned(),
            wrapped(&r.reason, LONGEST_CELL),
            shortened(&r.record),
        ]
    });
    table(out, &columns, rows);
    more(out, rejections.len(), REJECTIONS);
}

const FIX_COLUMNS: [&str; 7] = [
    "vehicle_id",
    "observed_at",
    "lon",
    "lat",
    "heading_deg",
    "km/h",
    "work",
];

fn fix_row(fix: &PlowFix) -> [String; 7] {
    [
        fix.vehicle_id.clone(),
        jst(fix.observed_at),
        format!("{:.6}", fix.at.lon),
        format!("{:.6}", fix.at.lat),
        number(fix.heading_deg),
        number(fix.speed_kmh),
        fix.work.map_or("unknown", WorkKind::as_str).to_owned(),
    ]
}

const STATION_COLUMNS: [&str; 5] = ["station", "name", "lon", "lat", "elevation_m"];

fn station_row(station: &Station) -> [String; 5] {
    let degrees = |of: fn(LonLat) -> f64| {
        station
            .at
            .map_or("-".to_owned(), |at| format!("{:.6}", of(at)))
    };
    [
        station.id.clone(),
        station.name.ja.clone(),
        degrees(|at| at.lon),
        degrees(|at| at.lat),
        number(station.elevation_m),
    ]
}

const OBSERVATION_COLUMNS: [&str; 6] = [
    "station",
    "observed_at",
    "quantity",
    "value",
    "flag",
    "reason",
];

fn observation_row(observation: &Observation) -> [String; 6] {
    [
        observation.station_id.clone(),
        jst(observation.observed_at),
        observation.quantity.as_str().to_owned(),
        number(observation.value),
        observation.flag.as_str().to_owned(),
        observation.reason.clone(),
    ]
}

/// `12: 9 pass, 3 missing`.
fn flags(observations: &[Observation]) -> String {
    let count = |flag| observations.iter().filter(|o| o.flag == flag).count();
    let counts: Vec<String> = [
        QualityFlag::Pass,
        QualityFlag::Suspect,
        QualityFlag::Fail,
        QualityFlag::Missing,
    ]
    .into_iter()
    .filter(|flag| count(*flag) > 0)
    .map(|flag| format!("{} {}", count(flag), flag.as_str()))
    .collect();
    format!("{} ({})", observations.len(), counts.join(", "))
}

const ORDER_COLUMNS: [&str; 5] = ["zone", "name", "state", "as_of", "place"];

fn order_row(order: &ZoneOrder) -> [String; 5] {
    [
        order.zone.clone(),
        order.name.clone(),
        order.state.map_or("-", OrderState::as_str).to_owned(),
        jst(order.as_of),
        place(&order.place),
    ]
}

const PLAN_COLUMNS: [&str; 6] = ["id", "work", "state", "from", "until", "place"];

fn plan_row(plan: &Plan) -> [String; 6] {
    [
        plan.id.clone(),
        plan.work.as_str().to_owned(),
        plan.state.as_str().to_owned(),
        jst(plan.from),
        jst(plan.until),
        place(&plan.place),
    ]
}

const CLOSURE_COLUMNS: [&str; 7] = ["id", "kind", "since", "until", "daily", "place", "reason"];

fn closure_row(closure: &Closure) -> [String; 7] {
    let daily = |window: DailyWindow| format!("{}–{}", window.from, window.until);
    [
        closure.id.clone(),
        closure.kind.as_str().to_owned(),
        jst(closure.since),
        closure.until.map_or("open".to_owned(), jst),
        closure.daily.map_or("all day".to_owned(), daily),
        place(&closure.place),
        closure.reason.clone(),
    ]
}

const WORK_LOG_COLUMNS: [&str; 9] = [
    "stretch",
    "started_at",
    "ended_at",
    "work",
    "direction",
    "vehicle_id",
    "contractor",
    "air_c",
    "depth_cm",
];

fn work_log_row(entry: &WorkLogEntry) -> [String; 9] {
    [
        stretch(&entry.stretch),
        jst(entry.started_at),
        jst(entry.ended_at),
        entry.work.as_str().to_owned(),
        entry.direction.map_or("both", Direction::as_str).to_owned(),
        entry.vehicle_id.clone(),
        entry.contractor.clone(),
        number(entry.air_c),
        number(entry.depth_cm),
    ]
}

const FORECAST_COLUMNS: [&str; 5] = ["place", "issued_at", "from", "until", "new_snow_cm"];

fn forecast_row(forecast: &SnowForecast) -> [String; 5] {
    [
        forecast.place.clone(),
        jst(forecast.issued_at),
        jst(forecast.from),
        jst(forecast.until),
        number(Some(forecast.new_snow_cm)),
    ]
}

fn place(place: &Place) -> String {
    let mut parts = Vec::new();
    parts.extend(place.route.as_ref().map(stretch));
    parts.extend(place.zone.as_ref().map(|zone| format!("zone {zone}")));
    if !place.lines.is_empty() {
        parts.push(format!("{} lines", place.lines.len()));
    }
    if !place.areas.is_empty() {
        parts.push(format!("{} areas", place.areas.len()));
    }
    parts.join(", ")
}

fn stretch(stretch: &RouteStretch) -> String {
    let mut parts = vec![stretch.route.clone()];
    parts.extend(stretch.section.clone());
    if let (Some(from), Some(to)) = (stretch.from_km, stretch.to_km) {
        parts.push(format!("km {from:.3}–{to:.3}"));
    }
    if stretch.from_name.is_some() || stretch.to_name.is_some() {
        let end = |name: &Option<String>| name.clone().unwrap_or_else(|| "?".to_owned());
        parts.push(format!(
            "{} – {}",
            end(&stretch.from_name),
            end(&stretch.to_name)
        ));
    }
    parts.join(" ")
}

/// The moment as people read it here.
fn jst(at: Timestamp) -> String {
    let there = JST.to_datetime(at);
    there.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn number(value: Option<f64>) -> String {
    value.map_or("-".to_owned(), |v| {
        format!("{}", (v * 100.0).round() / 100.0)
    })
}

/// One line, not longer than a terminal bears.
fn shortened(text: &str) -> String {
    let mut line: String = printable(text).chars().take(LONGEST_CELL).collect();
    if text.chars().nth(LONGEST_CELL).is_some() {
        line.push('…');
    }
    line
}

/// The whole text in lines of at most `width` characters, broken between words where there are any.
fn wrapped(text: &str, width: usize) -> String {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in printable(text).split_inclusive(' ') {
        let length = word.trim_end().chars().count();
        if used > 0 && used + length > width {
            lines.push(String::new());
            used = 0;
        }
        for c in word.chars() {
            if used == width {
                lines.push(String::new());
                used = 0;
            }
            if let Some(line) = lines.last_mut() {
                line.push(c);
            }
            used += 1;
        }
    }
    let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    lines.join("\n")
}

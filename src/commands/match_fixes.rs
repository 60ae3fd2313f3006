//! `yukimichi match`: the library's own matcher on a road file and a CSV, without a database.

use crate::cli::{MatchArgs, SpanFormat};
use anyhow::Context;
use domain::fix::PlowFix;
use domain::matching::{MatchParams, MatchedSpan, match_vehicle};
use domain::network::{DEFAULT_TOLERANCE_M, RoadId, RoadNetwork, SegmentId, build};
use domain::work::{Direction, WorkKind};
use ingest::fixes_csv::{BadRow, decode_fixes};
use ingest::roads::{decode_roads, line_of_record};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::process::ExitCode;

/// Exit code for bad input.
const BAD_INPUT: u8 = 2;

#[derive(Serialize)]
struct SpanLine<'a> {
    vehicle_id: &'a str,
    segment_id: SegmentId,
    road_id: &'a RoadId,
    direction: Direction,
    from_m: f64,
    to_m: f64,
    entered_at: Timestamp,
    left_at: Timestamp,
    work_kind: Option<WorkKind>,
    inferred: bool,
    fixes: [u32; 2],
}

/// Runs the command.
///
/// # Errors
/// Output that can't be written; bad input is printed and gives exit code 2.
pub fn run(args: &MatchArgs) -> anyhow::Result<ExitCode> {
    let Some((network, any_refused)) = read_roads(args) else {
        return Ok(ExitCode::from(BAD_INPUT));
    };
    let name = args.fixes.display().to_string();
    let bytes = match std::fs::read(&args.fixes) {
        Ok(bytes) => bytes,
        Err(error) => {
            eprintln!("{name}: can't be read: {error}");
            return Ok(ExitCode::from(BAD_INPUT));
        }
    };
    let read = match decode_fixes(&bytes) {
        Ok(read) => read,
        Err(bad) => {
            complain(&name, &bad);
            return Ok(ExitCode::from(BAD_INPUT));
        }
    };
    for bad in &read.bad_rows {
        complain(&name, bad);
    }
    for dropped in &read.dropped_values {
        complain(&name, dropped);
    }
    let any_bad = any_refused || !read.bad_rows.is_empty() || !read.dropped_values.is_empty();
    if any_bad && args.strict {
        return Ok(ExitCode::from(BAD_INPUT));
    }
    say_who_is_elsewhere(&name, &network, &read.fixes);
    match &args.out {
        Some(path) => {
            let file = std::fs::File::create(path)
                .with_context(|| format!("{}: can't be written", path.display()))?;
            let mut out = BufWriter::new(file);
            write_spans(&mut out, &network, read.fixes, args.format)?;
            out.flush()?;
        }
        None => {
            let mut out = BufWriter::new(std::io::stdout().lock());
            write_spans(&mut out, &network, read.fixes, args.format)?;
            out.flush()?;
        }
    }
    Ok(if any_bad {
        ExitCode::from(BAD_INPUT)
    } else {
        ExitCode::SUCCESS
    })
}

fn complain(name: &str, bad: &BadRow) {
    eprintln!("{name}:{}: {}: {}", bad.line, bad.field, bad.reason);
}

/// A word on vehicles whose positions no road is near, since they give no span there.
fn say_who_is_elsewhere(name: &str, network: &RoadNetwork, fixes: &[(u32, PlowFix)]) {
    let radius_m = MatchParams::default().min_radius_m;
    let mut vehicles: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (_, fix) in fixes {
        let (elsewhere, all) = vehicles.entry(&fix.vehicle_id).or_default();
        *elsewhere += usize::from(network.near(fix.at, radius_m).is_empty());
        *all += 1;
    }
    for (vehicle_id, (elsewhere, all)) in vehicles.into_iter().filter(|(_, (n, _))| *n > 0) {
        eprintln!(
            "{name}: {vehicle_id}: {elsewhere} of {all} fixes have no road within {radius_m} m"
        );
    }
}

/// The network of the road file, and whether any record of it was refused; `None` after saying what is
/// wrong with the file as a whole.
fn read_roads(args: &MatchArgs) -> Option<(RoadNetwork, bool)> {
    let name = args.roads.display().to_string();
    let bytes = std::fs::read(&args.roads)
        .map_err(|e| eprintln!("{name}: can't be read: {e}"))
        .ok()?;
    let source = decode_roads(&name, &bytes, None, &|_, _| {})
        .map_err(|e| eprintln!("{e}"))
        .ok()?;
    let (network, report) = build(vec![source], DEFAULT_TOLERANCE_M)
        .map_err(|e| eprintln!("{name}: {e}"))
        .ok()?;
    for (_, refused) in &report.refused {
        let line = line_of_record(&name, &bytes, refused);
        let place = line.map_or(format!("record {}", refused.position), |l| l.to_string());
        let field = if refused.field.is_empty() {
            "feature"
        } else {
            &refused.field
        };
        eprintln!("{name}:{place}: {field}: {}", refused.reason);
    }
    Some((network, !report.refused.is_empty()))
}

/// Vehicles in the order of their names, spans in time order.
fn write_spans(
    out: &mut dyn Write,
    network: &RoadNetwork,
    fixes: Vec<(u32, PlowFix)>,
    format: SpanFormat,
) -> anyhow::Result<()> {
    let mut by_vehicle: BTreeMap<String, Vec<(u32, PlowFix)>> = BTreeMap::new();
    for (row, fix) in fixes {
        by_vehicle
            .entry(fix.vehicle_id.clone())
            .or_default()
            .push((row, fix));
    }
    if format == SpanFormat::Geojson {
        write!(out, "{{\"type\":\"FeatureCollection\",\"features\":[")?;
    }
    let params = MatchParams::default();
    let mut first = true;
    for (vehicle_id, mut rows) in by_vehicle {
        // A stable sort: of two fixes at one time the first row counts.
        rows.sort_by_key(|(_, fix)| fix.observed_at);
        let (rows, fixes): (Vec<u32>, Vec<PlowFix>) = rows.into_iter().unzip();
        for span in match_vehicle(network, &fixes, &params) {
            let line = span_line(network, &vehicle_id, &span, &rows);
            match format {
                SpanFormat::Jsonl => {
                    serde_json::to_writer(&mut *out, &line)?;
                    writeln!(out)?;
                }
                SpanFormat::Geojson => {
                    if !first {
                        write!(out, ",")?;
                    }
                    writeln!(out)?;
                    let feature = json!({
                        "type": "Feature",
                        "geometry": geometry(network, &span),
                        "properties": line,
                    });
                    serde_json::to_writer(&mut *out, &feature)?;
                }
            }
            first = false;
        }
    }
    if format == SpanFormat::Geojson {
        writeln!(out, "\n]}}")?;
    }
    Ok(())
}

fn span_line<'a>(
    network: &'a RoadNetwork,
    vehicle_id: &'a str,
    span: &MatchedSpan,
    rows: &[u32],
) -> SpanLine<'a> {
    let row = |i: u32| rows.get(i as usize).copied().unwrap_or_default();
    let segment = &network.segments()[span.segment as usize];
    let to_decimetre = |m: f64| (m * 10.0).round() / 10.0;
    SpanLine {
        vehicle_id,
        segment_id: segment.id,
        road_id: &network.road(span.segment).id,
        direction: span.direction,
        from_m: to_decimetre(span.from_m),
        to_m: to_decimetre(span.to_m),
        entered_at: to_millisecond(span.entered_at),
        left_at: to_millisecond(span.left_at),
        work_kind: span.work,
        inferred: span.inferred,
        fixes: [row(span.fixes.0), row(span.fixes.1)],
    }
}

fn to_millisecond(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

/// The span's line in the direction of travel.
fn geometry(network: &RoadNetwork, span: &MatchedSpan) -> Value {
    let mut line: Vec<[f64; 2]> = network
        .line_between(span.segment, span.from_m, span.to_m)
        .iter()
        .map(|p| [p.lon, p.lat])
        .collect();
    if span.direction == Direction::Backward {
        line.reverse();
    }
    json!({ "type": "LineString", "coordinates": line })
}

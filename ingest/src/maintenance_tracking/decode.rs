//! From features to fixes.

use super::settings::MaintenanceTrackingSettings;
use super::wire::{Collection, Feature, Geometry, Properties};
use crate::decoded::{DecodeError, Decoded};
use crate::finnish_tasks::Tasks;
use crate::json_item::{read_item, reject};
use crate::line_times::between;
use crate::position::position;
use crate::text::{TimeReader, YearGuess, decode_text, normalize};
use crate::vehicle_words::VehicleWords;
use domain::fix::{PlowFix, disbelieve_time};
use domain::geometry::LonLat;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

pub(super) fn decode(
    payload: &[u8],
    settings: &MaintenanceTrackingSettings,
    now: Timestamp,
) -> Result<Decoded, DecodeError> {
    let text = decode_text(payload, None)?;
    let collection: Collection = serde_json::from_str(&text)
        .map_err(|e| DecodeError(format!("not a whole GeoJSON FeatureCollection: {e}")))?;
    let mut tasks = Tasks::new(&settings.task_values).map_err(|e| DecodeError(e.to_string()))?;
    let vehicles = settings
        .vehicles()
        .map_err(|e| DecodeError(e.to_string()))?;
    let mut decoded = Decoded::default();
    let (mut lines, mut left_out) = (0, 0);
    let mut sources: BTreeMap<String, usize> = BTreeMap::new();
    for (number, raw) in collection.features.iter().enumerate() {
        let number = number as u64;
        let feature = match read_item::<Feature>(raw, number) {
            Ok(feature) => feature,
            Err(rejection) => {
                decoded.rejections.push(rejection);
                continue;
            }
        };
        let domain = feature.properties.domain.as_deref().unwrap_or_default();
        if !settings.domains.is_empty() && !settings.domains.iter().any(|d| d == domain) {
            left_out += 1;
            continue;
        }
        match fixes(&feature, &mut tasks, &vehicles, now) {
            Ok(fixes) => {
                lines += usize::from(fixes.len() > 1);
                let source = feature.properties.source.as_deref().unwrap_or("not stated");
                *sources.entry(normalize(source)).or_default() += 1;
                for fix in fixes {
                    decoded.take_fix(number, fix, || raw.get().to_owned());
                }
            }
            Err((field, reason)) => decoded.rejections.push(reject(raw, number, field, reason)),
        }
    }
    if !decoded.fixes.is_empty() {
        decoded.notes.push(
            "the source names no vehicles: each tracking counts as a vehicle of its own".to_owned(),
        );
    }
    if lines > 0 {
        decoded.notes.push(format!(
            "{lines} lines are timed at their ends; the times between are interpolated by length"
        ));
    }
    if left_out > 0 {
        decoded.notes.push(format!(
            "{left_out} features are of other domains and were left out"
        ));
    }
    if !sources.is_empty() {
        let list: Vec<String> = sources
            .iter()
            .map(|(name, n)| format!("{name} ({n})"))
            .collect();
        decoded.notes.push(format!("sources: {}", list.join(", ")));
    }
    decoded.notes.extend(tasks.note());
    Ok(decoded)
}

type Bad = (&'static str, String);

fn fixes(
    feature: &Feature,
    tasks: &mut Tasks,
    vehicles: &VehicleWords,
    now: Timestamp,
) -> Result<Vec<PlowFix>, Bad> {
    let properties = &feature.properties;
    let (start, end) = times(properties, now)?;
    let line = match &feature.geometry {
        Geometry::Point(point) => vec![vertex(point)?],
        Geometry::LineString(line) => line.iter().map(|v| vertex(v)).collect::<Result<_, Bad>>()?,
    };
    if line.is_empty() {
        return Err(("geometry", "has no vertex".to_owned()));
    }
    let told = tasks.work(properties.tasks.as_deref().unwrap_or_default());
    let work = vehicles
        .work(None, told)
        .map_err(|reason| ("properties", reason))?;
    let timed = between(&line, start, end);
    let last = timed.len().saturating_sub(1);
    Ok(timed
        .into_iter()
        .enumerate()
        .map(|(i, (at, observed_at))| PlowFix {
            vehicle_id: properties.id.to_string(),
            observed_at,
            at,
            heading_deg: properties.direction.filter(|_| i == last),
            speed_kmh: None,
            work,
        })
        .collect())
}

/// Start and end; equal where there is one time.
fn times(properties: &Properties, now: Timestamp) -> Result<(Timestamp, Timestamp), Bad> {
    let reader = TimeReader::new(None, TimeZone::UTC);
    let read = |field: &'static str, text: &Option<String>| match text {
        None => Ok(None),
        Some(text) => match reader.read(text, YearGuess::Past, now) {
            Ok(at) => match disbelieve_time(at, now) {
                Some(reason) => Err((field, reason)),
                None => Ok(Some(at)),
            },
            Err(reason) => Err((field, reason)),
        },
    };
    let start = read("properties.startTime", &properties.start_time)?;
    let end = read("properties.endTime", &properties.end_time)?;
    let time = read("properties.time", &properties.time)?;
    let Some(end) = end.or(time).or(start) else {
        return Err((
            "properties.endTime",
            "is missing, and so is time".to_owned(),
        ));
    };
    let start = start.unwrap_or(end);
    if start > end {
        return Err((
            "properties.endTime",
            format!("{end} lies before the start, {start}"),
        ));
    }
    Ok((start, end))
}

fn vertex(numbers: &[f64]) -> Result<LonLat, Bad> {
    match numbers {
        [lon, lat, ..] => position(*lon, *lat).map_err(|(_, reason)| ("geometry", reason)),
        _ => Err(("geometry", "a vertex has fewer than two numbers".to_owned())),
    }
}

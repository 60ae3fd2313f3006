//! From a table to fixes.

use super::mapping::{PlowCsvMapping, Resolved, Vehicle, When};
use crate::decoded::{DecodeError, Decoded};
use crate::position::position;
use crate::projection::ToWgs84;
use crate::table::{Column, Row, Table};
use crate::text::{YearGuess, decode_text, kept_name, number_in};
use domain::fix::{PlowFix, disbelieve_time};
use domain::geometry::LonLat;
use jiff::Timestamp;
use std::borrow::Cow;

pub(super) fn decode(
    payload: &[u8],
    mapping: &PlowCsvMapping,
    now: Timestamp,
) -> Result<Decoded, DecodeError> {
    let resolved = mapping.resolve().map_err(|e| DecodeError(e.to_string()))?;
    let to_wgs84 = mapping.datum.to_wgs84()?;
    let text = decode_text(payload, mapping.table.encoding)?;
    let table = Table::open(&text, &mapping.table, &resolved.names)?;
    let mut decoded = Decoded::default();
    let mut rows = table.rows();
    while let Some(row) = rows.next_row() {
        let row = match row {
            Ok(row) => row,
            Err(rejection) => {
                decoded.rejections.push(rejection);
                continue;
            }
        };
        match fix_of(&row, &resolved, to_wgs84.as_ref(), now) {
            Ok(fix) => decoded.take_fix(row.line(), fix, || row.reject("", "").record),
            Err((field, reason)) => decoded.rejections.push(row.reject(field, reason)),
        }
    }
    if !decoded.fixes.is_empty() {
        decoded
            .notes
            .extend(mapping.datum.note().map(str::to_owned));
    }
    Ok(decoded)
}

type Bad = (&'static str, String);

fn fix_of(
    row: &Row<'_, '_>,
    resolved: &Resolved,
    to_wgs84: Option<&ToWgs84>,
    now: Timestamp,
) -> Result<PlowFix, Bad> {
    let vehicle_id = match &resolved.vehicle {
        Vehicle::Column(column) => {
            kept_name(row.get(*column)).map_err(|reason| ("vehicle_id", reason))?
        }
        Vehicle::Fixed(name) => name,
    };
    let when = match resolved.when {
        When::Column(column) => Cow::Borrowed(row.get(column)),
        When::DateAndTime(date, time) => Cow::Owned(format!("{} {}", row.get(date), row.get(time))),
    };
    let observed_at = resolved
        .times
        .read(&when, YearGuess::Past, now)
        .map_err(|reason| ("observed_at", reason))?;
    if let Some(reason) = disbelieve_time(observed_at, now) {
        return Err(("observed_at", reason));
    }
    let optional = |field: &'static str, column: Option<Column>, units: &[&str]| match column {
        None => Ok(None),
        Some(column) => number_in(row.get(column), units).map_err(|reason| (field, reason)),
    };
    let told = resolved.words.read(row.get_optional(resolved.work));
    let told = told.map_err(|reason| ("work", reason))?;
    Ok(PlowFix {
        vehicle_id: vehicle_id.to_owned(),
        observed_at,
        at: place(row, resolved, to_wgs84)?,
        heading_deg: optional("heading_deg", resolved.heading_deg, &["°", "度"])?,
        speed_kmh: optional("speed_kmh", resolved.speed_kmh, &["km/h"])?,
        work: resolved
            .vehicles
            .work(row.get_optional(resolved.vehicle_type), told)
            .map_err(|reason| ("vehicle_type", reason))?,
    })
}

fn place(
    row: &Row<'_, '_>,
    resolved: &Resolved,
    to_wgs84: Option<&ToWgs84>,
) -> Result<LonLat, Bad> {
    let degrees = |field: &'static str, column: Column| {
        number_in(row.get(column), &["°", "度"])
            .and_then(|n| n.ok_or_else(|| "is missing".to_owned()))
            .map_err(|reason| (field, reason))
    };
    let at = position(degrees("lon", resolved.lon)?, degrees("lat", resolved.lat)?)?;
    match to_wgs84 {
        None => Ok(at),
        Some(to_wgs84) => to_wgs84
            .position(at.lon, at.lat)
            .map_err(|reason| ("lon", reason)),
    }
}

//! From rows to entries of a work log.

use super::mapping::{Resolved, WorkLogCsvMapping};
use crate::decoded::{DecodeError, Decoded};
use crate::table::{Column, Row, Table};
use crate::text::{
    YearGuess, decode_text, is_missing, kept_name, kilopost, kilopost_range, normalize, number_in,
    zone_name,
};
use domain::fix::disbelieve_time;
use domain::place::RouteStretch;
use domain::work::{Direction, WorkKind};
use domain::work_log::WorkLogEntry;
use jiff::{SignedDuration, Timestamp};

/// A row that works longer than this has its times wrong.
const LONGEST_WORK: SignedDuration = SignedDuration::from_hours(24);

pub(super) fn decode(
    payload: &[u8],
    mapping: &WorkLogCsvMapping,
    now: Timestamp,
) -> Result<Decoded, DecodeError> {
    let resolved = mapping.resolve().map_err(|e| DecodeError(e.to_string()))?;
    let text = decode_text(payload, mapping.table.encoding)?;
    let table = Table::open(&text, &mapping.table, &resolved.names)?;
    let mut decoded = Decoded::default();
    let mut rows = table.rows();
    while let Some(row) = rows.next_row() {
        let entry = row.and_then(|row| {
            let entry = resolved.entry(&row, now);
            let entry = entry.map_err(|(field, reason)| row.reject(field, reason));
            Ok((row.line(), entry?))
        });
        match entry {
            Ok((line, entry)) => decoded.work_log.push(line, entry),
            Err(rejection) => decoded.rejections.push(rejection),
        }
    }
    Ok(decoded)
}

type Bad = (&'static str, String);

impl Resolved {
    fn entry(&self, row: &Row<'_, '_>, now: Timestamp) -> Result<WorkLogEntry, Bad> {
        let columns = &self.columns;
        let text = |column: Option<Column>| match row.get_optional(column) {
            Some(cell) if !is_missing(cell) => normalize(cell),
            _ => String::new(),
        };
        let measured = |field: &'static str, column: Option<Column>, units: &[&str]| match column {
            None => Ok(None),
            Some(column) => number_in(row.get(column), units).map_err(|reason| (field, reason)),
        };
        let (started_at, ended_at) = self.times_of(row, now)?;
        let vehicle_id = match (&self.vehicle, columns.vehicle_id) {
            (Some(name), _) => name.trim(),
            (None, Some(column)) => row.get(column),
            (None, None) => "",
        };
        Ok(WorkLogEntry {
            stretch: self.stretch(row)?,
            started_at,
            ended_at,
            work: self.work_of(row)?,
            direction: self.direction_of(row)?,
            vehicle_id: kept_name(vehicle_id)
                .map_err(|reason| ("vehicle_id", reason))?
                .to_owned(),
            contractor: text(columns.contractor),
            weather: text(columns.weather),
            air_c: measured("air_c", columns.air_c, &["°C", "度", "C"])?,
            depth_cm: measured("depth_cm", columns.depth_cm, &["cm", "センチ"])?,
        })
    }

    fn stretch(&self, row: &Row<'_, '_>) -> Result<RouteStretch, Bad> {
        let columns = &self.columns;
        let route = zone_name(row.get(columns.route));
        if is_missing(&route) {
            return Err(("route", "is missing".to_owned()));
        }
        let name = |column: Option<Column>| {
            row.get_optional(column)
                .filter(|cell| !is_missing(cell))
                .map(normalize)
        };
        let km = |field: &'static str, column: Option<Column>| {
            kilopost(row.get_optional(column).unwrap_or_default()).map_err(|reason| (field, reason))
        };
        let mut stretch = RouteStretch {
            route,
            section: row
                .get_optional(columns.section)
                .filter(|cell| !is_missing(cell))
                .map(zone_name),
            from_km: km("from_km", columns.from_km)?,
            to_km: km("to_km", columns.to_km)?,
            from_name: name(columns.from_name),
            to_name: name(columns.to_name),
        };
        if let Some(cell) = row.get_optional(columns.km_range) {
            let range = kilopost_range(cell).map_err(|reason| ("km_range", reason))?;
            (stretch.from_km, stretch.to_km) = range.unzip();
        }
        if stretch.from_km.is_some() != stretch.to_km.is_some() {
            let field = if stretch.from_km.is_some() {
                "to_km"
            } else {
                "from_km"
            };
            return Err((field, "only one of the two kiloposts is given".to_owned()));
        }
        Ok(stretch)
    }

    fn work_of(&self, row: &Row<'_, '_>) -> Result<WorkKind, Bad> {
        let work = self.words.read(row.get_optional(self.columns.work));
        match work.map_err(|reason| ("work", reason))? {
            Some(work) => Ok(work),
            None => Err((
                "work",
                "is missing, and unflagged says nothing of such rows".to_owned(),
            )),
        }
    }

    fn direction_of(&self, row: &Row<'_, '_>) -> Result<Option<Direction>, Bad> {
        let Some(cell) = row.get_optional(self.columns.direction) else {
            return Ok(None);
        };
        if is_missing(cell) {
            return Ok(None);
        }
        self.directions
            .get(&normalize(cell))
            .copied()
            .ok_or_else(|| {
                (
                    "direction",
                    format!(
                        "{cell:?} is not among direction_values; add it to the feed's configuration"
                    ),
                )
            })
    }

    fn times_of(&self, row: &Row<'_, '_>, now: Timestamp) -> Result<(Timestamp, Timestamp), Bad> {
        let columns = &self.columns;
        let date = row.get_optional(columns.date);
        let read = |field: &'static str, column: Column| {
            let cell = row.get(column);
            let with_date = date.map(|date| format!("{date} {cell}"));
            let text = match (&with_date, cell) {
                (_, "") => return Err((field, "is missing".to_owned())),
                (Some(text), _) => text.as_str(),
                (None, cell) => cell,
            };
            self.times
                .read(text, YearGuess::Past, now)
                .map_err(|reason| (field, reason))
        };
        let started_at = read("started_at", columns.started_at)?;
        let mut ended_at = read("ended_at", columns.ended_at)?;
        if ended_at < started_at && date.is_some() {
            // From 22:00 to 4:00: the night passes midnight. Japan's days have 24 h.
            ended_at = ended_at
                .checked_add(SignedDuration::from_hours(24))
                .map_err(|e| ("ended_at", e.to_string()))?;
        }
        let span = ended_at.duration_since(started_at);
        if span.is_negative() {
            return Err((
                "ended_at",
                format!("{ended_at} lies before the start, {started_at}"),
            ));
        }
        if span > LONGEST_WORK {
            return Err((
                "ended_at",
                format!("{} h of work in one row", span.as_hours()),
            ));
        }
        match disbelieve_time(started_at, now) {
            Some(reason) => return Err(("started_at", reason)),
            None => disbelieve_time(ended_at, now),
        }
        .map_or(Ok((started_at, ended_at)), |reason| {
            Err(("ended_at", reason))
        })
    }
}

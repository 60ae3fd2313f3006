//! From rows to readings.

use super::mapping::{Layout, Resolved, SnowCsvMapping, When};
use crate::decoded::{DecodeError, Decoded};
use crate::position::position;
use crate::table::{Row, Table};
use crate::text::{YearGuess, decode_text, kept_name, normalize, number, number_in};
use domain::fix::disbelieve_time;
use domain::geometry::LonLat;
use domain::observation::{Quantity, Station};
use domain::road_manager::BilingualName;
use jiff::Timestamp;
use std::collections::BTreeMap;

pub(super) fn decode(
    payload: &[u8],
    mapping: &SnowCsvMapping,
    now: Timestamp,
    ages: Ages,
) -> Result<Decoded, DecodeError> {
    let resolved = mapping.resolve().map_err(|e| DecodeError(e.to_string()))?;
    let text = decode_text(payload, mapping.table.encoding)?;
    let table = Table::open(&text, &mapping.table, &resolved.names)?;
    let mut reader = Reader {
        station_columns: station_columns(table.header(), &resolved),
        resolved: &resolved,
        now,
        ages,
        stations: BTreeMap::new(),
        decoded: Decoded::default(),
    };
    if matches!(resolved.layout, Layout::Stations(_)) && reader.station_columns.is_empty() {
        return Err(DecodeError(format!(
            "stations: none of them has a column; the columns are {}",
            table.header().join(", ")
        )));
    }
    let mut rows = table.rows();
    while let Some(row) = rows.next_row() {
        match row {
            Err(rejection) => reader.decoded.rejections.push(rejection),
            Ok(row) => reader.row(&row),
        }
    }
    reader.decoded.stations = reader.stations.into_values().collect();
    Ok(reader.decoded)
}

/// Columns of stations, where each has one: number and id.
fn station_columns(header: &[String], resolved: &Resolved) -> Vec<(usize, String)> {
    if !matches!(resolved.layout, Layout::Stations(_)) {
        return Vec::new();
    }
    header
        .iter()
        .enumerate()
        .filter(|(_, name)| match resolved.stations.is_empty() {
            true => !name.is_empty() && !resolved.time_columns.contains(*name),
            false => resolved.stations.contains_key(*name),
        })
        .map(|(at, name)| (at, name.clone()))
        .collect()
}

/// Which times are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ages {
    /// Those that a live feed can tell.
    Live,
    /// Any.
    Any,
}

struct Reader<'m> {
    resolved: &'m Resolved,
    station_columns: Vec<(usize, String)>,
    now: Timestamp,
    ages: Ages,
    /// Stations, each with the line that first described it.
    stations: BTreeMap<String, (u64, Station)>,
    decoded: Decoded,
}

type Bad = (String, String);

impl Reader<'_> {
    fn row(&mut self, row: &Row<'_, '_>) {
        let observed_at = match self.observed_at(row) {
            Ok(at) => at,
            Err(reason) => {
                return self
                    .decoded
                    .rejections
                    .push(row.reject("observed_at", reason));
            }
        };
        let cells: Result<Vec<(String, Quantity, String, String)>, Bad> =
            match &self.resolved.layout {
                Layout::Quantities(station, columns) => {
                    self.station(row, row.get(*station)).map(|id| {
                        let cells = columns.iter().map(|(quantity, column)| {
                            let field = format!("columns.{}", quantity.as_str());
                            (id.clone(), *quantity, field, row.get(*column).to_owned())
                        });
                        cells.collect()
                    })
                }
                Layout::Readings(station, quantity, value) => {
                    self.quantity(row.get(*quantity)).and_then(|quantity| {
                        let id = self.station(row, row.get(*station))?;
                        let cell = row.get(*value).to_owned();
                        Ok(vec![(id, quantity, "value".to_owned(), cell)])
                    })
                }
                Layout::Stations(quantity) => {
                    let quantity = *quantity;
                    let columns = self.station_columns.clone();
                    let cells = columns.into_iter().map(|(at, id)| {
                        let field = id.clone();
                        self.station(row, &id)
                            .map(|id| (id, quantity, field, row.cell(at).to_owned()))
                    });
                    cells.collect()
                }
            };
        let cells = match cells {
            Ok(cells) => cells,
            Err((field, reason)) => {
                return self.decoded.rejections.push(row.reject(&field, reason));
            }
        };
        // A cell that can't be read costs itself, not its row.
        for (id, quantity, field, cell) in cells {
            let read = self.resolved.values.read(&cell, &id, observed_at, quantity);
            match read {
                Ok(mut observation) => {
                    observation.doubt_value();
                    self.decoded.observations.push(row.line(), observation);
                }
                Err(reason) => self.decoded.rejections.push(row.reject(&field, reason)),
            }
        }
    }

    fn observed_at(&self, row: &Row<'_, '_>) -> Result<Timestamp, String> {
        let text = match self.resolved.when {
            When::Column(column) => row.get(column).to_owned(),
            When::DateAndTime(date, time) => format!("{} {}", row.get(date), row.get(time)),
        };
        let at = self.resolved.times.read(&text, YearGuess::Past, self.now)?;
        match disbelieve_time(at, self.now) {
            Some(reason) if self.ages == Ages::Live => Err(reason),
            _ => Ok(at),
        }
    }

    fn quantity(&self, text: &str) -> Result<Quantity, Bad> {
        let word = normalize(text);
        let own = self.resolved.quantities.get(&word).copied();
        own.or_else(|| Quantity::parse(&word)).ok_or_else(|| {
            let reason = format!(
                "{word:?} is not among quantity_values; add it to the feed's configuration"
            );
            ("quantity".to_owned(), reason)
        })
    }

    /// The row's station by its id; remembered with what the row or the configuration says of it.
    fn station(&mut self, row: &Row<'_, '_>, id: &str) -> Result<String, Bad> {
        let normal = normalize(id);
        let id = kept_name(&normal).map_err(|reason| ("station".to_owned(), reason))?;
        // Read in every row, so that a damaged one is rejected wherever it stands; the first one counts.
        let station = self.describe(row, id)?;
        let first = (row.line(), station);
        self.stations.entry(id.to_owned()).or_insert(first);
        Ok(id.to_owned())
    }

    fn describe(&self, row: &Row<'_, '_>, id: &str) -> Result<Station, Bad> {
        let entry = self.resolved.stations.get(id);
        let columns = &self.resolved.described;
        let degrees = |key: &str, column| {
            let cell = row.get_optional(column).unwrap_or_default();
            number(cell).map_err(|reason| (key.to_owned(), reason))
        };
        let at = match (degrees("lon", columns.lon)?, degrees("lat", columns.lat)?) {
            (Some(lon), Some(lat)) => {
                Some(position(lon, lat).map_err(|(field, reason)| (field.to_owned(), reason))?)
            }
            _ => entry.and_then(|e| Some(LonLat::new(e.lon?, e.lat?))),
        };
        let elevation = row.get_optional(columns.elevation_m).unwrap_or_default();
        let elevation_m = number_in(elevation, &["m"])
            .map_err(|reason| ("elevation_m".to_owned(), reason))?
            .or_else(|| entry.and_then(|e| e.elevation_m));
        let ja = row
            .get_optional(columns.name)
            .map(normalize)
            .or_else(|| entry.and_then(|e| e.name.clone()))
            .unwrap_or_else(|| id.to_owned());
        let en = entry
            .and_then(|e| e.name_en.clone())
            .unwrap_or_else(|| ja.clone());
        Ok(Station {
            id: id.to_owned(),
            name: BilingualName { ja, en },
            at,
            elevation_m,
        })
    }
}

//! How a table of readings is laid out.

use super::decode::Ages;
use super::value::Values;
use crate::decoded::{DecodeError, Decoded};
use crate::formats::Decoder;
use crate::mapping::{MappingError, zone_of};
use crate::table::{Column, ColumnNames, TableSettings};
use crate::text::{TimeReader, normalize};
use domain::geometry::LonLat;
use domain::observation::Quantity;
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// `[feed.snow_csv]` of the configuration: names of columns, and what their cells mean.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SnowCsvMapping {
    /// Column of the station's id; left out where each station has a column.
    pub station: Option<String>,
    /// Date and time. Or `date` and `time`.
    pub observed_at: Option<String>,
    /// The date, where it has a column of its own.
    pub date: Option<String>,
    /// The time of the day, where it has a column of its own.
    pub time: Option<String>,
    /// A column for each quantity: from the quantity's name to the column's.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// A row for each reading: the column that names the quantity …
    pub quantity: Option<String>,
    /// … from its text to a quantity's name …
    #[serde(default)]
    pub quantity_values: BTreeMap<String, String>,
    /// … and the column of the value.
    pub value: Option<String>,
    /// A column for each station: what they measure. Columns named in `stations` are read, or, where none
    /// is, all but the time's.
    pub station_columns: Option<String>,
    /// Texts and numbers that mean that there is no value. Default: −999.
    #[serde(default = "minus_999")]
    pub missing: Vec<String>,
    /// Values that a broken gauge sends: kept, and flagged as failed.
    #[serde(default)]
    pub invalid: Vec<String>,
    /// Stations by id.
    #[serde(default)]
    pub stations: BTreeMap<String, StationEntry>,
    /// Column of the station's name, where rows have one.
    pub station_name: Option<String>,
    /// Column of its longitude.
    pub lon: Option<String>,
    /// Column of its latitude.
    pub lat: Option<String>,
    /// Column of its height in metres.
    pub elevation_m: Option<String>,
    /// strptime form of times that are written in none of the usual ways.
    pub time_format: Option<String>,
    /// IANA zone of times that carry none. Default: Asia/Tokyo.
    pub time_zone: Option<String>,
    /// How the table is written.
    #[serde(default)]
    pub table: TableSettings,
}

fn minus_999() -> Vec<String> {
    vec!["-999".to_owned()]
}

/// What the configuration knows of a station.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StationEntry {
    /// Its Japanese name.
    pub name: Option<String>,
    /// Its English name.
    pub name_en: Option<String>,
    /// Longitude in degrees.
    pub lon: Option<f64>,
    /// Latitude in degrees.
    pub lat: Option<f64>,
    /// Height in metres.
    pub elevation_m: Option<f64>,
}

/// Where a row says when.
#[derive(Debug)]
pub(super) enum When {
    Column(Column),
    DateAndTime(Column, Column),
}

/// Where a row says what and how much.
#[derive(Debug)]
pub(super) enum Layout {
    /// A column for each quantity.
    Quantities(Column, Vec<(Quantity, Column)>),
    /// A row for each reading: station, quantity, value.
    Readings(Column, Column, Column),
    /// A column for each station.
    Stations(Quantity),
}

/// Columns that describe a row's station.
#[derive(Debug)]
pub(super) struct StationColumns {
    pub(super) name: Option<Column>,
    pub(super) lon: Option<Column>,
    pub(super) lat: Option<Column>,
    pub(super) elevation_m: Option<Column>,
}

/// A mapping whose words have been looked up.
#[derive(Debug)]
pub(super) struct Resolved {
    pub(super) names: ColumnNames,
    pub(super) when: When,
    /// Names of the time's columns in their normal form.
    pub(super) time_columns: Vec<String>,
    pub(super) layout: Layout,
    pub(super) quantities: BTreeMap<String, Quantity>,
    pub(super) values: Values,
    pub(super) described: StationColumns,
    /// Stations of the configuration by the normal form of their ids.
    pub(super) stations: BTreeMap<String, StationEntry>,
    pub(super) times: TimeReader,
}

impl SnowCsvMapping {
    /// Decodes a table of past winters, whose times may be of any age.
    ///
    /// # Errors
    /// As [`Decoder::decode`].
    pub fn decode_history(&self, payload: &[u8], now: Timestamp) -> Result<Decoded, DecodeError> {
        super::decode::decode(payload, self, now, Ages::Any)
    }

    pub(super) fn resolve(&self) -> Result<Resolved, MappingError> {
        self.table.check()?;
        self.check_stations()?;
        let mut names = ColumnNames::default();
        let (when, time_columns) = match (&self.observed_at, &self.date, &self.time) {
            (Some(at), None, None) => (
                When::Column(names.add("observed_at", at)),
                vec![normalize(at)],
            ),
            (None, Some(date), Some(time)) => (
                When::DateAndTime(names.add("date", date), names.add("time", time)),
                vec![normalize(date), normalize(time)],
            ),
            _ => {
                let what = "needs either the column observed_at or both date and time";
                return Err(MappingError::new("observed_at", what));
            }
        };
        Ok(Resolved {
            when,
            time_columns,
            layout: self.layout(&mut names)?,
            described: StationColumns {
                name: names.add_optional("station_name", self.station_name.as_deref()),
                lon: names.add_optional("lon", self.lon.as_deref()),
                lat: names.add_optional("lat", self.lat.as_deref()),
                elevation_m: names.add_optional("elevation_m", self.elevation_m.as_deref()),
            },
            names,
            stations: self
                .stations
                .iter()
                .map(|(id, entry)| (normalize(id), entry.clone()))
                .collect(),
            quantities: self
                .quantity_values
                .iter()
                .map(|(word, name)| Ok((normalize(word), quantity("quantity_values", name)?)))
                .collect::<Result<_, MappingError>>()?,
            values: Values::new(&self.missing, &self.invalid)?,
            times: TimeReader::new(
                self.time_format.clone(),
                zone_of(self.time_zone.as_deref())?,
            ),
        })
    }

    fn layout(&self, names: &mut ColumnNames) -> Result<Layout, MappingError> {
        let station = self.station.as_deref();
        let by_reading = (self.quantity.as_deref(), self.value.as_deref());
        match (station, by_reading, self.station_columns.as_deref()) {
            (Some(station), (None, None), None) if !self.columns.is_empty() => {
                let station = names.add("station", station);
                let columns = self
                    .columns
                    .iter()
                    .map(|(name, column)| {
                        let key = format!("columns.{name}");
                        Ok((quantity("columns", name)?, names.add(&key, column)))
                    })
                    .collect::<Result<_, MappingError>>()?;
                Ok(Layout::Quantities(station, columns))
            }
            (Some(station), (Some(quantity), Some(value)), None) if self.columns.is_empty() => {
                Ok(Layout::Readings(
                    names.add("station", station),
                    names.add("quantity", quantity),
                    names.add("value", value),
                ))
            }
            (None, (None, None), Some(what)) if self.columns.is_empty() => {
                Ok(Layout::Stations(quantity("station_columns", what)?))
            }
            _ => Err(MappingError::new(
                "station",
                "needs station with columns (a column for each quantity), or station, quantity and \
                 value (a row for each reading), or station_columns alone (a column for each station)",
            )),
        }
    }

    fn check_stations(&self) -> Result<(), MappingError> {
        for (id, station) in &self.stations {
            let key = format!("stations.{id}");
            let at = match (station.lon, station.lat) {
                (None, None) => continue,
                (Some(lon), Some(lat)) => LonLat::new(lon, lat),
                _ => return Err(MappingError::new(&key, "lon and lat belong together")),
            };
            if !at.is_valid() {
                let what = "lon and lat are no degrees";
                return Err(MappingError::new(&key, what));
            }
        }
        Ok(())
    }
}

fn quantity(key: &str, name: &str) -> Result<Quantity, MappingError> {
    Quantity::parse(name).ok_or_else(|| {
        let names = Quantity::ALL.map(Quantity::as_str).join(", ");
        MappingError::new(key, format!("{name:?} is no quantity; they are {names}"))
    })
}

impl Decoder for SnowCsvMapping {
    fn check(&self) -> Result<(), MappingError> {
        self.resolve().map(|_| ())
    }

    fn decode(&self, payload: &[u8], now: Timestamp) -> Result<Decoded, DecodeError> {
        super::decode::decode(payload, self, now, Ages::Live)
    }
}

//! How a log's columns are called.

use crate::decoded::{DecodeError, Decoded};
use crate::formats::Decoder;
use crate::mapping::{MappingError, zone_of};
use crate::projection::Datum;
use crate::table::{Column, ColumnNames, TableSettings};
use crate::text::TimeReader;
use crate::vehicle_words::{VehicleTypeSettings, VehicleWords};
use crate::work_words::WorkWords;
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// `[feed.plow_csv]` of the configuration: names of columns, and how their cells are read.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlowCsvMapping {
    /// The vehicle's name.
    pub vehicle_id: Option<String>,
    /// The vehicle's name itself, where a log is of one vehicle and has no column for it.
    pub vehicle: Option<String>,
    /// Date and time. Or `date` and `time`.
    pub observed_at: Option<String>,
    /// The date, where it has a column of its own.
    pub date: Option<String>,
    /// The time of the day, where it has a column of its own.
    pub time: Option<String>,
    /// Longitude in degrees.
    pub lon: String,
    /// Latitude in degrees.
    pub lat: String,
    /// Course in degrees clockwise from north.
    pub heading_deg: Option<String>,
    /// Speed in km/h.
    pub speed_kmh: Option<String>,
    /// What the vehicle does; read through `work_values`.
    pub work: Option<String>,
    /// From a cell's text to a work kind's name.
    #[serde(default)]
    pub work_values: BTreeMap<String, String>,
    /// What a row without work counts as. Without this it is unknown: passed, not cleared.
    pub unflagged: Option<String>,
    /// Of what type the vehicle is, as a spreader or a dump truck, which never clear; read through
    /// `vehicle_types`.
    pub vehicle_type: Option<String>,
    /// Words for types, and the type of vehicles whose type is not told.
    #[serde(default)]
    pub vehicle_types: VehicleTypeSettings,
    /// Reference system of the degrees.
    #[serde(default)]
    pub datum: Datum,
    /// strptime form of times that are written in none of the usual ways.
    pub time_format: Option<String>,
    /// IANA zone of times that carry none. Default: Asia/Tokyo.
    pub time_zone: Option<String>,
    /// How the table is written.
    #[serde(default)]
    pub table: TableSettings,
}

/// Where a row says who.
#[derive(Debug)]
pub(super) enum Vehicle {
    Column(Column),
    Fixed(String),
}

/// Where a row says when.
#[derive(Debug)]
pub(super) enum When {
    Column(Column),
    DateAndTime(Column, Column),
}

/// A mapping whose words have been looked up.
#[derive(Debug)]
pub(super) struct Resolved {
    pub(super) names: ColumnNames,
    pub(super) vehicle: Vehicle,
    pub(super) when: When,
    pub(super) lon: Column,
    pub(super) lat: Column,
    pub(super) heading_deg: Option<Column>,
    pub(super) speed_kmh: Option<Column>,
    pub(super) work: Option<Column>,
    pub(super) words: WorkWords,
    pub(super) vehicle_type: Option<Column>,
    pub(super) vehicles: VehicleWords,
    pub(super) times: TimeReader,
}

impl PlowCsvMapping {
    pub(super) fn resolve(&self) -> Result<Resolved, MappingError> {
        self.table.check()?;
        let mut names = ColumnNames::default();
        let vehicle = match (&self.vehicle_id, &self.vehicle) {
            (Some(column), None) => Vehicle::Column(names.add("vehicle_id", column)),
            (None, Some(name)) if !name.trim().is_empty() => Vehicle::Fixed(name.trim().to_owned()),
            _ => {
                return Err(MappingError::new(
                    "vehicle_id",
                    "needs either the column vehicle_id or the one vehicle's name in vehicle",
                ));
            }
        };
        let when = match (&self.observed_at, &self.date, &self.time) {
            (Some(column), None, None) => When::Column(names.add("observed_at", column)),
            (None, Some(date), Some(time)) => {
                When::DateAndTime(names.add("date", date), names.add("time", time))
            }
            _ => {
                return Err(MappingError::new(
                    "observed_at",
                    "needs either the column observed_at or both date and time",
                ));
            }
        };
        Ok(Resolved {
            vehicle,
            when,
            lon: names.add("lon", &self.lon),
            lat: names.add("lat", &self.lat),
            heading_deg: names.add_optional("heading_deg", self.heading_deg.as_deref()),
            speed_kmh: names.add_optional("speed_kmh", self.speed_kmh.as_deref()),
            work: names.add_optional("work", self.work.as_deref()),
            vehicle_type: names.add_optional("vehicle_type", self.vehicle_type.as_deref()),
            names,
            vehicles: VehicleWords::new(&self.vehicle_types)?,
            words: WorkWords::new(&self.work_values, self.unflagged.as_deref())?,
            times: TimeReader::new(
                self.time_format.clone(),
                zone_of(self.time_zone.as_deref())?,
            ),
        })
    }
}

impl Decoder for PlowCsvMapping {
    fn check(&self) -> Result<(), MappingError> {
        self.resolve().map(|_| ())
    }

    fn decode(&self, payload: &[u8], now: Timestamp) -> Result<Decoded, DecodeError> {
        super::decode::decode(payload, self, now)
    }
}

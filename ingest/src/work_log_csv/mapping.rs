//! How a work log's columns are called.

use crate::decoded::{DecodeError, Decoded};
use crate::formats::Decoder;
use crate::mapping::{MappingError, zone_of};
use crate::table::{Column, ColumnNames, TableSettings};
use crate::text::{TimeReader, normalize};
use crate::work_words::WorkWords;
use domain::work::Direction;
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// `[feed.work_log_csv]` of the configuration: names of columns, and how their cells are read.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkLogCsvMapping {
    /// Route number or name.
    pub route: String,
    /// Section's name within the route.
    pub section: Option<String>,
    /// 距離標 at the start: `12.3`, `12k300`, `12km300m`.
    pub from_km: Option<String>,
    /// 距離標 at the end.
    pub to_km: Option<String>,
    /// Both 距離標 in one cell: `12.3～15.0`.
    pub km_range: Option<String>,
    /// Name of the place where it begins.
    pub from_name: Option<String>,
    /// Name of the place where it ends.
    pub to_name: Option<String>,
    /// The day, where start and end are times of the day alone. An end before the start is the next day.
    pub date: Option<String>,
    /// When the work began.
    pub started_at: String,
    /// When it ended.
    pub ended_at: String,
    /// What was done; read through `work_values`.
    pub work: Option<String>,
    /// From a cell's text to a work kind's name.
    #[serde(default)]
    pub work_values: BTreeMap<String, String>,
    /// What a row without work counts as. Without this such a row is rejected.
    pub unflagged: Option<String>,
    /// Which carriageway; read through `direction_values`.
    pub direction: Option<String>,
    /// From a cell's text to `forward`, `backward` or `both`. `上り` is forward, `下り` backward, as the
    /// kilopost table says.
    #[serde(default)]
    pub direction_values: BTreeMap<String, String>,
    /// The vehicle.
    pub vehicle_id: Option<String>,
    /// The vehicle's name itself, where a log is of one vehicle and has no column for it.
    pub vehicle: Option<String>,
    /// The contractor.
    pub contractor: Option<String>,
    /// 天候.
    pub weather: Option<String>,
    /// 気温, °C.
    pub air_c: Option<String>,
    /// 積雪深, cm.
    pub depth_cm: Option<String>,
    /// strptime form of times that are written in none of the usual ways.
    pub time_format: Option<String>,
    /// IANA zone of times that carry none. Default: Asia/Tokyo.
    pub time_zone: Option<String>,
    /// How the table is written.
    #[serde(default)]
    pub table: TableSettings,
}

/// The columns of a log.
#[derive(Debug)]
pub(super) struct Columns {
    pub(super) route: Column,
    pub(super) section: Option<Column>,
    pub(super) from_km: Option<Column>,
    pub(super) to_km: Option<Column>,
    pub(super) km_range: Option<Column>,
    pub(super) from_name: Option<Column>,
    pub(super) to_name: Option<Column>,
    pub(super) date: Option<Column>,
    pub(super) started_at: Column,
    pub(super) ended_at: Column,
    pub(super) work: Option<Column>,
    pub(super) direction: Option<Column>,
    pub(super) vehicle_id: Option<Column>,
    pub(super) contractor: Option<Column>,
    pub(super) weather: Option<Column>,
    pub(super) air_c: Option<Column>,
    pub(super) depth_cm: Option<Column>,
}

/// A mapping whose words have been looked up.
#[derive(Debug)]
pub(super) struct Resolved {
    pub(super) names: ColumnNames,
    pub(super) columns: Columns,
    pub(super) vehicle: Option<String>,
    pub(super) words: WorkWords,
    pub(super) directions: BTreeMap<String, Option<Direction>>,
    pub(super) times: TimeReader,
}

impl WorkLogCsvMapping {
    pub(super) fn resolve(&self) -> Result<Resolved, MappingError> {
        self.table.check()?;
        if self.vehicle_id.is_some() == self.vehicle.is_some() {
            let what = "needs either the column vehicle_id or the one vehicle's name in vehicle";
            return Err(MappingError::new("vehicle_id", what));
        }
        if self.from_km.is_some() != self.to_km.is_some() {
            return Err(MappingError::new(
                "from_km",
                "from_km and to_km belong together",
            ));
        }
        if self.from_km.is_some() && self.km_range.is_some() {
            return Err(MappingError::new(
                "km_range",
                "stands for from_km and to_km",
            ));
        }
        let mut names = ColumnNames::default();
        let mut optional =
            |key: &str, name: &Option<String>| names.add_optional(key, name.as_deref());
        let columns = Columns {
            section: optional("section", &self.section),
            from_km: optional("from_km", &self.from_km),
            to_km: optional("to_km", &self.to_km),
            km_range: optional("km_range", &self.km_range),
            from_name: optional("from_name", &self.from_name),
            to_name: optional("to_name", &self.to_name),
            date: optional("date", &self.date),
            work: optional("work", &self.work),
            direction: optional("direction", &self.direction),
            vehicle_id: optional("vehicle_id", &self.vehicle_id),
            contractor: optional("contractor", &self.contractor),
            weather: optional("weather", &self.weather),
            air_c: optional("air_c", &self.air_c),
            depth_cm: optional("depth_cm", &self.depth_cm),
            route: names.add("route", &self.route),
            started_at: names.add("started_at", &self.started_at),
            ended_at: names.add("ended_at", &self.ended_at),
        };
        Ok(Resolved {
            names,
            columns,
            vehicle: self.vehicle.clone(),
            words: WorkWords::new(&self.work_values, self.unflagged.as_deref())?,
            directions: directions(&self.direction_values)?,
            times: TimeReader::new(
                self.time_format.clone(),
                zone_of(self.time_zone.as_deref())?,
            ),
        })
    }
}

fn directions(
    own: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, Option<Direction>>, MappingError> {
    let usual = [
        ("上り", Some(Direction::Forward)),
        ("下り", Some(Direction::Backward)),
        ("上", Some(Direction::Forward)),
        ("下", Some(Direction::Backward)),
        ("上下", None),
        ("両方", None),
        ("往復", None),
    ];
    let mut directions: BTreeMap<String, Option<Direction>> = usual
        .into_iter()
        .map(|(word, direction)| (word.to_owned(), direction))
        .collect();
    for (word, name) in own {
        let direction = match (Direction::parse(name), name.as_str()) {
            (Some(direction), _) => Some(direction),
            (None, "both") => None,
            _ => {
                let what = format!("{name:?} is none of forward, backward, both");
                return Err(MappingError::new("direction_values", what));
            }
        };
        directions.insert(normalize(word), direction);
    }
    Ok(directions)
}

impl Decoder for WorkLogCsvMapping {
    fn check(&self) -> Result<(), MappingError> {
        self.resolve().map(|_| ())
    }

    fn decode(&self, payload: &[u8], now: Timestamp) -> Result<Decoded, DecodeError> {
        super::decode::decode(payload, self, now)
    }
}

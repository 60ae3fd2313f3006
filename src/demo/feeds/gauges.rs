//! The prefecture's snow gauges: a table of the last hours each 10 min, and of the days before by the
//! hour, as telemetry servers list them.

use super::in_japan;
use crate::demo::gauges::{DRY_DAYS, GAUGES, Gauge, GaugeReading, readings};
use domain::geometry::LocalPlane;
use jiff::{SignedDuration, Timestamp};

/// The table's columns: gauge, its name, time, longitude, latitude, height, depth, air, wind.
pub(in crate::demo) const COLUMNS: [&str; 9] = [
    "観測局",
    "局名",
    "日時",
    "経度",
    "緯度",
    "標高",
    "積雪深",
    "気温",
    "風速",
];

/// How long each reading is listed; the hourly ones as long as the field looks back.
const EACH_READING: SignedDuration = SignedDuration::from_hours(3);

/// The table as of `now`, of gauges around the origin of `plane`.
pub(super) fn document(plane: &LocalPlane, epoch: Timestamp, now: Timestamp) -> Vec<u8> {
    let before = |span: SignedDuration| now.saturating_sub(span).unwrap_or(Timestamp::MIN);
    let recent = before(EACH_READING);
    let mut lines = vec![COLUMNS.map(str::to_owned).join(",")];
    for gauge in &GAUGES {
        let of_an_hour = |r: &GaugeReading| r.at.as_second() % 3600 == 0;
        let hourly = readings(gauge, epoch, before(DRY_DAYS), recent)
            .into_iter()
            .filter(of_an_hour);
        let each = readings(gauge, epoch, recent, now);
        lines.extend(
            hourly
                .chain(each)
                .map(|reading| row(gauge, plane, &reading)),
        );
    }
    (lines.join("\r\n") + "\r\n").into_bytes()
}

fn row(gauge: &Gauge, plane: &LocalPlane, reading: &GaugeReading) -> String {
    let at = plane.unproject(gauge.east_north_m);
    [
        gauge.id.to_owned(),
        gauge.name.to_owned(),
        in_japan(reading.at).strftime("%Y/%m/%d %H:%M").to_string(),
        format!("{:.5}", at.lon),
        format!("{:.5}", at.lat),
        gauge.elevation_m.to_string(),
        reading.depth_cm.to_string(),
        reading.air_c.map_or("-".to_owned(), |c| c.to_string()),
        reading.wind_m_per_s.to_string(),
    ]
    .join(",")
}

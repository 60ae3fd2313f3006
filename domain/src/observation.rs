//! Readings of sensors, with what is believed of them.

use crate::geometry::LonLat;
use crate::road_manager::BilingualName;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A place where something is measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Station {
    /// Its name within its feed.
    pub id: String,
    /// Its name for people.
    pub name: BilingualName,
    /// Where it stands; `None` where the source does not say.
    pub at: Option<LonLat>,
    /// Height above the sea in metres.
    pub elevation_m: Option<f64>,
}

/// A station's name among those of all feeds.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StationKey {
    /// Its feed.
    pub feed_id: String,
    /// Its name within the feed.
    pub station_id: String,
}

impl StationKey {
    /// The name of a feed's station.
    pub fn new(feed_id: impl Into<String>, station_id: impl Into<String>) -> Self {
        StationKey {
            feed_id: feed_id.into(),
            station_id: station_id.into(),
        }
    }
}

/// What is measured, with its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// 積雪深, cm.
    DepthCm,
    /// 降雪量 in the last hour, cm.
    Snowfall1hCm,
    /// In the last 6 h, cm.
    Snowfall6hCm,
    /// In the last 12 h, cm.
    Snowfall12hCm,
    /// In the last 24 h, cm.
    Snowfall24hCm,
    /// Air temperature, °C.
    TemperatureC,
    /// Mean wind speed, m/s.
    WindSpeedMPerS,
    /// Where the wind comes from, degrees clockwise from north.
    WindFromDeg,
    /// Precipitation in the last 10 min, mm.
    Precipitation10mMm,
    /// Precipitation in the last hour, mm.
    Precipitation1hMm,
    /// Precipitation in the last 3 h, mm.
    Precipitation3hMm,
    /// Precipitation in the last 24 h, mm.
    Precipitation24hMm,
    /// Temperature of the road's surface, °C.
    RoadTemperatureC,
}

impl Quantity {
    /// All of them.
    pub const ALL: [Quantity; 13] = [
        Quantity::DepthCm,
        Quantity::Snowfall1hCm,
        Quantity::Snowfall6hCm,
        Quantity::Snowfall12hCm,
        Quantity::Snowfall24hCm,
        Quantity::TemperatureC,
        Quantity::WindSpeedMPerS,
        Quantity::WindFromDeg,
        Quantity::Precipitation10mMm,
        Quantity::Precipitation1hMm,
        Quantity::Precipitation3hMm,
        Quantity::Precipitation24hMm,
        Quantity::RoadTemperatureC,
    ];

    /// The name used in every interface.
    pub fn as_str(self) -> &'static str {
        match self {
            Quantity::DepthCm => "depth_cm",
            Quantity::Snowfall1hCm => "snowfall_1h_cm",
            Quantity::Snowfall6hCm => "snowfall_6h_cm",
            Quantity::Snowfall12hCm => "snowfall_12h_cm",
            Quantity::Snowfall24hCm => "snowfall_24h_cm",
            Quantity::TemperatureC => "temperature_c",
            Quantity::WindSpeedMPerS => "wind_speed_m_per_s",
            Quantity::WindFromDeg => "wind_from_deg",
            Quantity::Precipitation10mMm => "precipitation_10m_mm",
            Quantity::Precipitation1hMm => "precipitation_1h_mm",
            Quantity::Precipitation3hMm => "precipitation_3h_mm",
            Quantity::Precipitation24hMm => "precipitation_24h_mm",
            Quantity::RoadTemperatureC => "road_temperature_c",
        }
    }

    /// Reads the interface name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|q| q.as_str() == name)
    }
}

/// What gauges and telemeters send where they have no value.
const NO_VALUE: [f64; 9] = [
    -999.0, -999.9, -9999.0, -9999.9, -99999.0, 9999.0, 9999.9, 99999.0, 99999.9,
];

impl Quantity {
    /// What the quantity can be in Japan, with room beyond the records of JMA's stations; a depth may
    /// be a little below 0, as gauges drift.
    pub fn possible(self) -> std::ops::RangeInclusive<f64> {
        match self {
            Quantity::DepthCm => -10.0..=1500.0,
            Quantity::Snowfall1hCm => 0.0..=100.0,
            Quantity::Snowfall6hCm | Quantity::Snowfall12hCm => 0.0..=250.0,
            Quantity::Snowfall24hCm => 0.0..=400.0,
            Quantity::TemperatureC => -60.0..=60.0,
            Quantity::RoadTemperatureC => -60.0..=90.0,
            Quantity::WindSpeedMPerS => 0.0..=120.0,
            Quantity::WindFromDeg => 0.0..=360.0,
            Quantity::Precipitation10mMm => 0.0..=100.0,
            Quantity::Precipitation1hMm => 0.0..=300.0,
            Quantity::Precipitation3hMm => 0.0..=600.0,
            Quantity::Precipitation24hMm => 0.0..=2000.0,
        }
    }
}

/// What is believed of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QualityFlag {
    /// Nothing speaks against it.
    Pass,
    /// For reference only.
    Suspect,
    /// Not to be used.
    Fail,
    /// There is no value. Never 0.
    Missing,
}

impl QualityFlag {
    /// The name used in every interface.
    pub fn as_str(self) -> &'static str {
        match self {
            QualityFlag::Pass => "pass",
            QualityFlag::Suspect => "suspect",
            QualityFlag::Fail => "fail",
            QualityFlag::Missing => "missing",
        }
    }

    /// Higher is worse; a missing value is worst.
    pub fn badness(self) -> u8 {
        self as u8
    }

    /// Reads the interface name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Pass, Self::Suspect, Self::Fail, Self::Missing]
            .into_iter()
            .find(|f| f.as_str() == name)
    }
}

/// One reading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// The station's name within its feed.
    pub station_id: String,
    /// When it was measured.
    pub observed_at: Timestamp,
    /// What.
    pub quantity: Quantity,
    /// The value in the quantity's unit; `None` exactly when the flag is `Missing`.
    pub value: Option<f64>,
    /// What the source, and later quality control, says of it.
    pub flag: QualityFlag,
    /// Why the flag is not `Pass`; empty otherwise.
    pub reason: String,
}

impl Observation {
    /// Judges the value by itself: a number that stands for none becomes a missing value, and one that
    /// can't be is kept and flagged as failed, each with its reason.
    pub fn doubt_value(&mut self) {
        let Some(value) = self.value else { return };
        if NO_VALUE.contains(&value) {
            self.value = None;
            self.flag = QualityFlag::Missing;
            self.reason = format!("{value} means no value");
            return;
        }
        let possible = self.quantity.possible();
        if !possible.contains(&value) && self.flag != QualityFlag::Fail {
            self.flag = QualityFlag::Fail;
            self.reason = format!(
                "{value} can't be: {} lies within {}..{}",
                self.quantity.as_str(),
                possible.start(),
                possible.end()
            );
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_stand_for_none_are_missing_and_impossible_ones_fail() {
        use QualityFlag::{Fail, Missing, Pass, Suspect};
        let cases = [
            (Quantity::DepthCm, 412.0, Pass, Some(412.0), Pass, ""),
            (Quantity::DepthCm, 0.0, Pass, Some(0.0), Pass, ""),
            (Quantity::DepthCm, -3.0, Pass, Some(-3.0), Pass, ""),
            (
                Quantity::DepthCm,
                -999.0,
                Pass,
                None,
                Missing,
                "means no value",
            ),
            (
                Quantity::DepthCm,
                99999.0,
                Suspect,
                None,
                Missing,
                "means no value",
            ),
            (
                Quantity::TemperatureC,
                -999.9,
                Pass,
                None,
                Missing,
                "means no value",
            ),
            (
                Quantity::DepthCm,
                5000.0,
                Pass,
                Some(5000.0),
                Fail,
                "can't be",
            ),
            (
                Quantity::DepthCm,
                5000.0,
                Suspect,
                Some(5000.0),
                Fail,
                "can't be",
            ),
            (Quantity::DepthCm, 5000.0, Fail, Some(5000.0), Fail, ""),
            (
                Quantity::WindFromDeg,
                361.0,
                Pass,
                Some(361.0),
                Fail,
                "can't be",
            ),
        ];
        for (quantity, value, flag, kept, judged, reason) in cases {
            let mut observation = Observation {
                station_id: "31482".to_owned(),
                observed_at: "2026-01-15T05:00:00+09:00".parse().unwrap(),
                quantity,
                value: Some(value),
                flag,
                reason: String::new(),
            };
            observation.doubt_value();
            let found = (observation.value, observation.flag);
            assert_eq!(found, (kept, judged), "{value} {}", quantity.as_str());
            assert!(observation.reason.contains(reason), "{value}");
        }
    }
}

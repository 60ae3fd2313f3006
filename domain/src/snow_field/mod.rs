//! The snow between stations: depth, snowfall and new snow since a time, each with its spread.
//!
//! Only values that quality control has passed are used. Each station's readings become one curve of new
//! snow (`curve.rs`); at a place the curves of the stations around it are weighed by distance and height
//! (`kriging.rs`), so that new snow since any time is a weighted sum of differences. Where no station is
//! near nothing is known, and nothing is said.

mod curve;
mod kriging;
mod params;
mod station;
mod validation;

#[cfg(test)]
mod tests;

pub use kriging::Spot;
pub use params::FieldParams;
pub use validation::{ErrorFigures, Measured, Validation, leave_one_out};

use crate::geometry::LonLat;
use crate::observation::StationKey;
use crate::quality::StationSeries;
use jiff::{SignedDuration, Timestamp};
use kriging::{Weights, weights};
use station::{FieldStation, STEP_S};

/// What is estimated at a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The value, cm; never below 0.
    pub value_cm: f64,
    /// Its standard deviation, cm.
    pub sd_cm: f64,
    /// How many stations it rests on.
    pub station_count: u32,
    /// As of when: the oldest among the newest values that it rests on.
    pub observed_at: Timestamp,
}

/// The rolling windows in which snowfall is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SnowfallWindow {
    /// The last hour.
    H1,
    /// The last 3 h.
    H3,
    /// The last 6 h.
    H6,
    /// The last 12 h.
    H12,
    /// The last 24 h.
    H24,
    /// The last 72 h.
    H72,
}

impl SnowfallWindow {
    /// All windows, shortest first.
    pub const ALL: [SnowfallWindow; 6] = [
        SnowfallWindow::H1,
        SnowfallWindow::H3,
        SnowfallWindow::H6,
        SnowfallWindow::H12,
        SnowfallWindow::H24,
        SnowfallWindow::H72,
    ];

    /// Its length in hours.
    pub fn hours(self) -> i64 {
        match self {
            SnowfallWindow::H1 => 1,
            SnowfallWindow::H3 => 3,
            SnowfallWindow::H6 => 6,
            SnowfallWindow::H12 => 12,
            SnowfallWindow::H24 => 24,
            SnowfallWindow::H72 => 72,
        }
    }

    /// The window of that many hours.
    pub fn of_hours(hours: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|window| window.hours() == hours)
    }
}

/// A place with the weights of the stations around it, worked out once; good for every field that
/// [`SnowField::has_stations_of`] the one that placed it.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedSpot {
    spot: Spot,
    weights: Weights,
}

/// The field as of one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct SnowField {
    now: Timestamp,
    start: Timestamp,
    params: FieldParams,
    keys: Vec<StationKey>,
    spots: Vec<Spot>,
    stations: Vec<FieldStation>,
}

impl SnowField {
    /// The field at `now` from stations whose readings are flagged; what is newer than `now` is left out.
    pub fn new<'a>(
        series: impl IntoIterator<Item = &'a StationSeries>,
        now: Timestamp,
        params: FieldParams,
    ) -> Self {
        let start = now.saturating_sub(params.horizon).unwrap_or(now);
        let (mut keys, mut stations) = (Vec::new(), Vec::new());
        let mut ordered: Vec<&StationSeries> = series.into_iter().collect();
        ordered.sort_by(|a, b| a.key.cmp(&b.key));
        for series in ordered {
            if let Some(station) = FieldStation::new(series, start, now, &params) {
                keys.push(series.key.clone());
                stations.push(station);
            }
        }
        SnowField {
            now,
            start,
            params,
            keys,
            spots: stations.iter().map(|s| s.spot).collect(),
            stations,
        }
    }

    /// The moment that it shows.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// How far back it reaches.
    pub fn horizon(&self) -> SignedDuration {
        self.params.horizon
    }

    /// How many stations tell new snow now.
    pub fn live_stations(&self) -> usize {
        self.stations.iter().filter(|s| s.reaches(f64::MAX)).count()
    }

    /// Whether the same stations tell new snow at the same places, so that places need not be placed
    /// anew.
    pub fn has_stations_of(&self, other: &SnowField) -> bool {
        let live = |field: &SnowField| -> Vec<bool> {
            let reaches = |s: &FieldStation| s.reaches(f64::MAX);
            field.stations.iter().map(reaches).collect()
        };
        self.keys == other.keys
            && self.spots == other.spots
            && self.params == other.params
            && live(self) == live(other)
    }

    /// Weighs the stations around a place; `None` far from any.
    pub fn place(&self, at: LonLat, elevation_m: Option<f64>) -> Option<PlacedSpot> {
        let spot = Spot { at, elevation_m };
        let live = self.reaching(f64::MAX);
        let weights = weights(spot, &self.spots, live, &self.params)?;
        Some(PlacedSpot { spot, weights })
    }

    /// Snow on the ground, cm; `None` far from any station that measures it now.
    pub fn depth_at(&self, at: LonLat, elevation_m: Option<f64>) -> Option<Estimate> {
        let spot = Spot { at, elevation_m };
        let told = (0..).zip(&self.stations).filter(|(_, s)| s.depth.is_some());
        let weights = weights(spot, &self.spots, told.map(|(i, _)| i), &self.params)?;
        self.estimate(&weights, |station| station.depth)
    }

    /// Snow that fell within the window before now, cm.
    pub fn snowfall_at(
        &self,
        at: LonLat,
        elevation_m: Option<f64>,
        window: SnowfallWindow,
    ) -> Option<Estimate> {
        let span = SignedDuration::from_hours(window.hours());
        let since = self.now.saturating_sub(span).unwrap_or(self.start);
        self.new_snow_since(at, elevation_m, since)
    }

    /// Snow that fell since a time, cm: 新積雪 where that is when the road was cleared. What fell before
    /// the horizon is not counted, so that for an older time it is the least that fell.
    pub fn new_snow_since(
        &self,
        at: LonLat,
        elevation_m: Option<f64>,
        since: Timestamp,
    ) -> Option<Estimate> {
        self.new_snow_of(&self.place(at, elevation_m)?, since)
    }

    /// The same at a place that was placed before: for millions of them.
    pub fn new_snow_of(&self, place: &PlacedSpot, since: Timestamp) -> Option<Estimate> {
        let step = self.step_of(since);
        let tell = |station: &FieldStation| Some((station.newest_at?, station.since_cm(step)));
        let reach = |(i, _): &(u32, f64)| self.stations[*i as usize].reaches(step);
        if place.weights.of.iter().all(reach) {
            return self.estimate(&place.weights, tell);
        }
        let weights = weights(place.spot, &self.spots, self.reaching(step), &self.params)?;
        self.estimate(&weights, tell)
    }

    /// When the newest snowfall began at a place, by the station that counts most there; `None` where none
    /// fell within the horizon.
    pub fn snowfall_began_at(&self, place: &PlacedSpot) -> Option<Timestamp> {
        let nearest = place.weights.of.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
        self.stations[nearest.0 as usize].began_at
    }

    /// 吹きだまりのおそれ: wind that moves the snow that has fallen; `None` where no wind is measured near, or
    /// the snowfall is unknown.
    pub fn drift_risk_at(&self, at: LonLat, elevation_m: Option<f64>) -> Option<bool> {
        let blown = (self.stations.iter())
            .filter_map(|s| Some((at.geodesic_m(s.spot.at), s.wind_m_per_s?, s.air_c)))
            .filter(|(distance_m, ..)| *distance_m <= 1000.0 * self.params.drift_reach_km);
        let (_, wind, air) = blown.min_by(|a, b| a.0.total_cmp(&b.0))?;
        let fallen = self.snowfall_at(at, elevation_m, SnowfallWindow::H24)?;
        Some(
            wind >= self.params.drift_wind_m_per_s
                && air.is_none_or(|air| air <= self.params.drift_air_c)
                && fallen.value_cm >= self.params.drift_snowfall_24h_cm,
        )
    }

    /// A time as a step of the curves, with its fraction.
    fn step_of(&self, at: Timestamp) -> f64 {
        (at.duration_since(self.start).as_secs_f64() / STEP_S as f64).max(0.0)
    }

    /// Stations that tell new snow now and back to a step of the curves; any step for `f64::MAX`.
    fn reaching(&self, step: f64) -> impl Iterator<Item = u32> {
        (0..)
            .zip(&self.stations)
            .filter(move |(_, station)| station.reaches(step))
            .map(|(i, _)| i)
    }

    fn estimate(
        &self,
        weights: &Weights,
        tell: impl Fn(&FieldStation) -> Option<(Timestamp, f64)>,
    ) -> Option<Estimate> {
        let (mut value_cm, mut gauges, mut count) = (0.0, 0.0, 0);
        let mut observed_at = self.now;
        for (station, weight) in &weights.of {
            let (at, told_cm) = tell(&self.stations[*station as usize])?;
            value_cm += weight * told_cm;
            if *weight > 0.0 {
                gauges += (weight * self.params.gauge_sd_cm).powi(2);
                observed_at = observed_at.min(at);
                count += 1;
            }
        }
        let value_cm = value_cm.max(0.0);
        let spread = (self.params.spread_share * value_cm).max(self.params.spread_min_cm);
        Some(Estimate {
            value_cm,
            sd_cm: (weights.variance * spread * spread + gauges).sqrt(),
            station_count: count,
            observed_at,
        })
    }
}

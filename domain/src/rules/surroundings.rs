//! From the snow field, stations and forecasts to what a rule needs to know of its zone.

use super::Rule;
use super::condition::Measure;
use super::evidence::{Evidence, Measured, RoundEnding, Witness};
use super::ground::ZoneGround;
use super::hours::next_at;
use super::memory::{Phase, RuleMemory};
use crate::geometry::LonLat;
use crate::observation::{QualityFlag, Quantity, StationKey};
use crate::quality::StationSeries;
use crate::snow_field::{Estimate, FieldParams, PlacedSpot, SnowField, SnowfallWindow};
use crate::snow_forecast::SnowForecasts;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::Arc;

/// The air at a zone is that of the nearest station within this distance.
const AIR_REACH_M: f64 = 30_000.0;

/// All that is measured and foreseen at one moment.
#[derive(Debug, Clone)]
pub struct Surroundings {
    now: Timestamp,
    field: Arc<SnowField>,
    stations: HashMap<String, Own>,
    /// Where the air is measured, with its newest reading.
    air: Vec<(LonLat, Witness)>,
    forecasts: SnowForecasts,
}

/// A station by itself: a field of one.
#[derive(Debug, Clone)]
struct Own {
    name: String,
    spot: Option<(LonLat, Option<f64>)>,
    field: SnowField,
    depth: Witness,
    air: Witness,
}

/// A zone's ground with its places in the field, worked out once for many looks; and what was told of it
/// in one look, which all of its rules share.
#[derive(Debug, Clone)]
pub struct PlacedGround {
    /// The ground.
    pub ground: ZoneGround,
    spots: Vec<Option<PlacedSpot>>,
    told: Vec<(Question, Witness)>,
    told_by: Option<Arc<SnowField>>,
}

/// What, by which station (none: the field), and since when at the earliest.
#[derive(Debug, Clone, PartialEq)]
struct Question {
    measure: Measure,
    station: Option<String>,
    ended_at: Option<Timestamp>,
}

impl PlacedGround {
    /// Whether anything was told of it by this field.
    pub fn is_told_by(&self, field: &Arc<SnowField>) -> bool {
        let told_by = self.told_by.as_ref();
        told_by.is_some_and(|own| Arc::ptr_eq(own, field))
    }
}

impl Surroundings {
    /// From stations whose readings are flagged, and forecasts. Only the stations in `asked` (as
    /// `feed/station`) can be asked by themselves.
    pub fn new(
        series: &[StationSeries],
        asked: &[String],
        forecasts: SnowForecasts,
        params: &FieldParams,
        now: Timestamp,
    ) -> Self {
        let stations = series
            .iter()
            .map(|series| (name_of(&series.key), series))
            .filter(|(name, _)| asked.contains(name))
            .map(|(name, series)| (name.clone(), Own::new(name, series, params, now)))
            .collect();
        let air = series
            .iter()
            .filter_map(|series| {
                let air = newest(series, Quantity::TemperatureC, now);
                Some((series.at?, air)).filter(|(_, air)| air.flag == QualityFlag::Pass)
            })
            .collect();
        Surroundings {
            now,
            field: Arc::new(SnowField::new(series, now, params.clone())),
            stations,
            air,
            forecasts,
        }
    }

    /// The moment that they show.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The snow field.
    pub fn field(&self) -> &Arc<SnowField> {
        &self.field
    }

    /// A zone's ground with its places in the field.
    pub fn place(&self, ground: ZoneGround) -> PlacedGround {
        PlacedGround {
            spots: ground.place(&self.field),
            ground,
            told: Vec::new(),
            told_by: None,
        }
    }

    /// What a rule needs to know of a zone.
    pub fn evidence(
        &self,
        rule: &Rule,
        placed: &mut PlacedGround,
        memory: &RuleMemory,
        ending: Option<RoundEnding>,
    ) -> Evidence {
        if !placed.is_told_by(&self.field) {
            placed.told.clear();
            placed.told_by = Some(Arc::clone(&self.field));
        }
        // After a round new snow is counted from its end: what it left lying is not new.
        let ended_at = match (memory.phase, ending) {
            (Phase::Open { .. }, Some(ending)) if ending.round == memory.round => Some(ending.at),
            _ => memory.ended_at(),
        };
        let measured = rule.measures().into_iter().map(|measure| {
            let asks_stations = !rule.stations.is_empty() && !is_forecast(measure);
            let told = match asks_stations {
                true => Measured::Stations(
                    (rule.stations.iter())
                        .map(|name| self.told(measure, Some(name), placed, ended_at))
                        .collect(),
                ),
                false => Measured::Field(self.told(measure, None, placed, ended_at)),
            };
            (measure, told)
        });
        Evidence {
            measured: measured.collect(),
            ending,
        }
    }

    fn told(
        &self,
        measure: Measure,
        station: Option<&String>,
        placed: &mut PlacedGround,
        ended_at: Option<Timestamp>,
    ) -> Witness {
        let counts_since = matches!(measure, Measure::NewSnow | Measure::ForecastNewSnow { .. });
        let question = Question {
            measure,
            station: station.cloned(),
            ended_at: ended_at.filter(|_| counts_since),
        };
        let mut known = placed.told.iter();
        if let Some((_, witness)) = known.find(|(asked, _)| *asked == question) {
            return witness.clone();
        }
        let witness = match station {
            Some(name) => self.by_station(name, measure, placed, ended_at),
            None => self.by_field(measure, placed, ended_at),
        };
        placed.told.push((question, witness.clone()));
        witness
    }

    fn by_field(
        &self,
        measure: Measure,
        placed: &PlacedGround,
        ended_at: Option<Timestamp>,
    ) -> Witness {
        let Some(centre) = placed.ground.centre() else {
            return nothing("");
        };
        let estimate = match measure {
            Measure::NewSnow => self.new_snow(placed, ended_at),
            Measure::Depth => self.field.depth_at(centre, None),
            Measure::Snowfall { hours } => SnowfallWindow::of_hours(i64::from(hours))
                .and_then(|window| self.field.snowfall_at(centre, None, window)),
            Measure::Temperature => return self.air_at(centre),
            Measure::ForecastNewSnow { by } => {
                let until = next_at(by, self.now);
                let foreseen = self.forecasts.new_snow(centre, self.now, until);
                let both = self.new_snow(placed, ended_at).zip(foreseen);
                return both.map_or(nothing(""), |(lies, falls)| Witness {
                    value: Some(lies.value_cm + falls.new_snow_cm),
                    observed_at: Some(falls.issued_at),
                    ..by_estimate("", lies)
                });
            }
        };
        estimate.map_or(nothing(""), |estimate| by_estimate("", estimate))
    }

    fn new_snow(&self, placed: &PlacedGround, ended_at: Option<Timestamp>) -> Option<Estimate> {
        let (_, estimate) = placed.ground.median(ended_at, self.now, |cell, since| {
            let spot = placed.spots.get(cell)?.as_ref()?;
            let estimate = self.field.new_snow_of(spot, since)?;
            Some((estimate.value_cm, estimate))
        })?;
        Some(estimate)
    }

    fn by_station(
        &self,
        name: &str,
        measure: Measure,
        placed: &PlacedGround,
        ended_at: Option<Timestamp>,
    ) -> Witness {
        let Some(own) = self.stations.get(name) else {
            return nothing(name);
        };
        let field = &own.field;
        let told = match measure {
            Measure::Depth => return own.depth.clone(),
            Measure::Temperature => return own.air.clone(),
            Measure::ForecastNewSnow { .. } => None,
            Measure::NewSnow => own.spot.and_then(|(at, height)| {
                let spot = field.place(at, height)?;
                let (_, estimate) = placed.ground.median(ended_at, self.now, |_, since| {
                    let estimate = field.new_snow_of(&spot, since)?;
                    Some((estimate.value_cm, estimate))
                })?;
                Some(estimate)
            }),
            Measure::Snowfall { hours } => own.spot.and_then(|(at, height)| {
                let window = SnowfallWindow::of_hours(i64::from(hours))?;
                field.snowfall_at(at, height, window)
            }),
        };
        match told {
            // What the gauge says now is not believed: neither is the snow that it has seen.
            _ if own.depth.value.is_some() && own.depth.flag != QualityFlag::Pass => {
                own.depth.clone()
            }
            Some(estimate) => by_estimate(&own.name, estimate),
            None => Witness {
                value: None,
                flag: QualityFlag::Missing,
                ..own.depth.clone()
            },
        }
    }

    fn air_at(&self, at: LonLat) -> Witness {
        let near = (self.air.iter()).map(|(place, air)| (place.geodesic_m(at), air));
        let nearest = near.min_by(|a, b| a.0.total_cmp(&b.0));
        nearest
            .filter(|(distance_m, _)| *distance_m <= AIR_REACH_M)
            .map_or(nothing(""), |(_, air)| Witness {
                name: String::new(),
                ..air.clone()
            })
    }
}

impl Own {
    fn new(name: String, series: &StationSeries, params: &FieldParams, now: Timestamp) -> Self {
        let of = |quantity| Witness {
            name: name.clone(),
            ..newest(series, quantity, now)
        };
        Own {
            spot: series.at.map(|at| (at, series.elevation_m)),
            field: SnowField::new(std::slice::from_ref(series), now, params.clone()),
            depth: of(Quantity::DepthCm),
            air: of(Quantity::TemperatureC),
            name,
        }
    }
}

/// A station's newest reading of a quantity, whatever is believed of it.
fn newest(series: &StationSeries, quantity: Quantity, now: Timestamp) -> Witness {
    let readings = series.of(quantity);
    let end = readings.partition_point(|reading| reading.observed_at <= now);
    readings[..end]
        .last()
        .map_or(nothing(""), |reading| Witness {
            name: String::new(),
            value: reading.value,
            stations: 1,
            flag: reading.flag,
            reason: reading.reason.clone(),
            observed_at: Some(reading.observed_at),
        })
}

fn by_estimate(name: &str, estimate: Estimate) -> Witness {
    Witness {
        name: name.to_owned(),
        value: Some(estimate.value_cm),
        stations: estimate.station_count,
        flag: QualityFlag::Pass,
        reason: String::new(),
        observed_at: Some(estimate.observed_at),
    }
}

fn nothing(name: &str) -> Witness {
    Witness {
        name: name.to_owned(),
        value: None,
        stations: 0,
        flag: QualityFlag::Missing,
        reason: String::new(),
        observed_at: None,
    }
}

/// `feed/station`, as rules name stations.
pub fn name_of(key: &StationKey) -> String {
    format!("{}/{}", key.feed_id, key.station_id)
}

fn is_forecast(measure: Measure) -> bool {
    matches!(measure, Measure::ForecastNewSnow { .. })
}

/// How far back readings are needed: the field's horizon.
pub fn readings_since(params: &FieldParams, now: Timestamp) -> Timestamp {
    now.saturating_sub(params.horizon + SignedDuration::from_hours(24))
        .unwrap_or(Timestamp::MIN)
}

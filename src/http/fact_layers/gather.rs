//! The facts of each layer, as features.

use super::sidewalks::sidewalks;
use crate::http::listing::Geometry;
use crate::http::{AppState, Problem};
use domain::observation::QualityFlag;
use domain::road_manager::RoadManager;
use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use store::{LaidKind, ObservationFilter, ObservationRecord};
use tiles::{CLOSURES, Fact, FactLayer, FactShape, FactValue, PLANS, STATIONS, ZONES};

/// Readings that are older say nothing of the present.
const NEWEST_WITHIN: SignedDuration = SignedDuration::from_hours(3);
/// Readings that are read at once.
const PAGE: i64 = 5_000;

/// What is told of a fact.
#[derive(Default)]
pub(super) struct Properties(Vec<(&'static str, FactValue)>);

impl Properties {
    pub(super) fn text(mut self, name: &'static str, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.0.push((name, FactValue::Text(text)));
        }
        self
    }

    pub(super) fn whole(mut self, name: &'static str, n: u64) -> Self {
        self.0.push((name, FactValue::Whole(n)));
        self
    }

    fn real(mut self, name: &'static str, n: Option<f64>) -> Self {
        self.0.extend(n.map(|n| (name, FactValue::Real(n))));
        self
    }

    fn flag(mut self, name: &'static str, yes: bool) -> Self {
        self.0.push((name, FactValue::Flag(yes)));
        self
    }

    fn source(self, feed: &str, managers: &HashMap<String, RoadManager>) -> Self {
        let manager = managers.get(feed);
        self.text("feed", feed)
            .text("manager", manager.map_or("", |m| &m.code))
            .text("manager_name", manager.map_or("", |m| &m.name.ja))
    }

    pub(super) fn fact(self, id: u64, shape: FactShape) -> Fact {
        Fact {
            id,
            shape,
            properties: self.0,
        }
    }
}

/// All facts of a layer by now.
pub(super) async fn gathered(
    state: &AppState,
    layer: &'static FactLayer,
) -> Result<Vec<Fact>, Problem> {
    let now = state.clock.now();
    match layer.name {
        name if name == CLOSURES.name => closures(state, now).await,
        name if name == PLANS.name => plans(state, now).await,
        name if name == STATIONS.name => stations(state, now).await,
        name if name == ZONES.name => zones(state, now).await,
        _ => sidewalks(state, now).await,
    }
}

async fn closures(state: &AppState, now: Timestamp) -> Result<Vec<Fact>, Problem> {
    let managers = state.store.feed_managers().await?;
    let laid = state.store.laid_at(LaidKind::Closure, now).await?;
    let view = state.views.borrow().clone();
    let records = state.store.closures_at(now, now).await?;
    Ok(records
        .into_iter()
        .filter_map(|record| {
            let closure = record.closure;
            let laid = laid.get(&(record.feed_id.clone(), closure.id.clone()));
            let shape = shape(Geometry::of(&closure.place, laid, &view)?);
            let (_, kind, kind_ja) = domain::closure::ClosureKind::ALL[closure.kind as usize];
            let mut told = Properties::default()
                .source(&record.feed_id, &managers)
                .text("closure", &closure.id)
                .text("kind", kind)
                .text("kind_ja", kind_ja)
                .flag("shuts_the_road", closure.kind.shuts_the_road())
                .text("reason", &closure.reason)
                .whole("since_min", minutes(closure.since))
                .whole("until_min", closure.until.map_or(0, minutes));
            if let Some(daily) = closure.daily {
                told = told
                    .whole("daily_from_min", minutes_of_day(daily.from))
                    .whole("daily_until_min", minutes_of_day(daily.until));
            }
            Some(told.fact(record.number.unsigned_abs(), shape))
        })
        .collect())
}

async fn plans(state: &AppState, now: Timestamp) -> Result<Vec<Fact>, Problem> {
    let managers = state.store.feed_managers().await?;
    let laid = state.store.laid_at(LaidKind::Plan, now).await?;
    let view = state.views.borrow().clone();
    let records = state.store.plans_at(now, now).await?;
    Ok(records
        .into_iter()
        .filter_map(|record| {
            let plan = record.plan;
            let laid = laid.get(&(record.feed_id.clone(), plan.id.clone()));
            let shape = shape(Geometry::of(&plan.place, laid, &view)?);
            let (_, name, name_ja) = domain::plan::PlanState::ALL[plan.state as usize];
            let told = Properties::default()
                .source(&record.feed_id, &managers)
                .text("plan", &plan.id)
                .text("work_kind", plan.work.as_str())
                .text("state", name)
                .text("state_ja", name_ja)
                .whole("from_min", minutes(plan.from))
                .whole("until_min", minutes(plan.until))
                .text("note", &plan.note);
            Some(told.fact(id_of(&[&record.feed_id, &plan.id]), shape))
        })
        .collect())
}

async fn zones(state: &AppState, now: Timestamp) -> Result<Vec<Fact>, Problem> {
    let managers = state.store.feed_managers().await?;
    let laid = state.store.laid_at(LaidKind::Zone, now).await?;
    let orders: HashMap<(String, String), _> = state
        .store
        .orders_at(now)
        .await?
        .into_iter()
        .map(|record| ((record.feed_id, record.order.zone.clone()), record.order))
        .collect();
    let view = state.views.borrow().clone();
    let records = state.store.zones_at(now).await?;
    Ok(records
        .into_iter()
        .filter_map(|record| {
            let key = (record.feed_id.clone(), record.zone.clone());
            let shape = shape(Geometry::of(&record.place, laid.get(&key), &view)?);
            let mut told = Properties::default()
                .source(&record.feed_id, &managers)
                .text("zone", &record.zone)
                .text("name", &record.name);
            let order = orders.get(&key);
            if let Some((order, state)) = order.and_then(|o| Some((o, o.state?))) {
                told = told
                    .text("order", state.as_str())
                    .text("order_ja", state.ja())
                    .whole("order_as_of_min", minutes(order.as_of));
            }
            Some(told.fact(id_of(&[&record.feed_id, &record.zone]), shape))
        })
        .collect())
}

async fn stations(state: &AppState, now: Timestamp) -> Result<Vec<Fact>, Problem> {
    let managers = state.store.feed_managers().await?;
    let mut readings: HashMap<(String, String), Vec<ObservationRecord>> = HashMap::new();
    for record in newest_readings(state, now).await? {
        let key = (
            record.feed_id.clone(),
            record.observation.station_id.clone(),
        );
        readings.entry(key).or_default().push(record);
    }
    let records = state.store.stations_at(now).await?;
    Ok(records
        .into_iter()
        .filter_map(|record| {
            let station = record.station;
            let at = station.at?;
            let mut told = Properties::default()
                .source(&record.feed_id, &managers)
                .text("station", &station.id)
                .text("name", &station.name.ja)
                .real("elevation_m", station.elevation_m);
            let id = id_of(&[&record.feed_id, &station.id]);
            let known = readings.remove(&(record.feed_id, station.id));
            let known: Vec<_> = known
                .unwrap_or_default()
                .into_iter()
                .map(|r| r.observation)
                .collect();
            let good = |flag| matches!(flag, QualityFlag::Pass | QualityFlag::Suspect);
            let good: Vec<_> = known.into_iter().filter(|o| good(o.flag)).collect();
            if let Some(newest) = good.iter().map(|o| o.observed_at).max() {
                let suspect = good.iter().filter(|o| o.flag == QualityFlag::Suspect);
                let suspect: Vec<&str> = suspect.map(|o| o.quantity.as_str()).collect();
                told = told
                    .whole("observed_min", minutes(newest))
                    .text("suspect", suspect.join(","));
            }
            for reading in &good {
                told = told.real(reading.quantity.as_str(), reading.value);
            }
            Some(told.fact(id, FactShape::Point(at)))
        })
        .collect())
}

/// The newest reading of each station and quantity.
async fn newest_readings(
    state: &AppState,
    now: Timestamp,
) -> Result<Vec<ObservationRecord>, Problem> {
    let mut filter = ObservationFilter {
        at: now,
        within: NEWEST_WITHIN,
        feed_id: None,
        station_id: None,
        quantity: None,
        area: None,
        all: false,
        after: None,
        limit: PAGE,
    };
    let mut all = Vec::new();
    loop {
        let some = state.store.observations(&filter).await?;
        let last = some.len() < PAGE as usize;
        filter.after = some.last().map(|record| {
            let reading = &record.observation;
            (
                record.feed_id.clone(),
                reading.station_id.clone(),
                reading.quantity.as_str().to_owned(),
                reading.observed_at,
            )
        });
        all.extend(some);
        if last {
            return Ok(all);
        }
    }
}

fn shape(geometry: Geometry) -> FactShape {
    match geometry {
        Geometry::Point(at) => FactShape::Point(at),
        Geometry::Lines(lines) => FactShape::Lines(lines),
        Geometry::Areas(areas) => FactShape::Areas(areas),
    }
}

/// Unix time in minutes; 0 before 1970.
pub(super) fn minutes(at: Timestamp) -> u64 {
    u64::try_from(at.as_second().div_euclid(60)).unwrap_or(0)
}

fn minutes_of_day(time: Time) -> u64 {
    u64::from(time.hour().unsigned_abs()) * 60 + u64::from(time.minute().unsigned_abs())
}

/// A number for a name; 53 bits, so that JavaScript can hold it.
fn id_of(parts: &[&str]) -> u64 {
    let digest = Sha256::digest(parts.join("\u{0}"));
    let first: [u8; 8] = std::array::from_fn(|i| digest[i]);
    u64::from_be_bytes(first) >> 11
}

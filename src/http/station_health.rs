//! `/api/v1/stations/{feed}/{station}`: how a station fares, by the flags of its last day.

use super::{AppState, Problem};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use domain::observation::{QualityFlag, Quantity};
use domain::quality::{QualityParams, Reading, freshness};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::{ObservationFilter, ObservationRecord};

/// What is looked at.
const LAST_DAY: SignedDuration = SignedDuration::from_hours(24);
/// Most readings of a day: a dozen quantities each minute.
const MOST_READINGS: i64 = 20_000;
/// Newest readings against which something speaks that are listed, per quantity.
const LISTED: usize = 50;

pub(super) async fn station(
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let Some((feed_id, station_id)) = id.split_once('/') else {
        let what = format!("{id:?} is no station: its feed, a slash and its id");
        return Err(Problem::bad_request(what));
    };
    let now = state.clock.now();
    let described = state
        .store
        .stations_at(now)
        .await?
        .into_iter()
        .find(|r| r.feed_id == feed_id && r.station.id == station_id);
    let readings = state
        .store
        .observations(&ObservationFilter {
            at: now,
            within: LAST_DAY,
            feed_id: Some(feed_id.to_owned()),
            station_id: Some(station_id.to_owned()),
            quantity: None,
            area: None,
            all: true,
            after: None,
            limit: MOST_READINGS,
        })
        .await?;
    if described.is_none() && readings.is_empty() {
        return Err(Problem::not_found(format!("no station {id}")));
    }
    let mut by_quantity: BTreeMap<Quantity, Vec<Reading>> = BTreeMap::new();
    for record in readings {
        let quantity = record.observation.quantity;
        by_quantity
            .entry(quantity)
            .or_default()
            .push(believed(record));
    }
    let quantities: Vec<Value> = by_quantity
        .iter()
        .map(|(quantity, readings)| health(*quantity, readings, &state.quality, now))
        .collect();
    let answer = json!({
        "feed": feed_id,
        "station": station_id,
        "name": described.as_ref().map(|r| &r.station.name),
        "at": described.as_ref().and_then(|r| r.station.at),
        "elevation_m": described.as_ref().and_then(|r| r.station.elevation_m),
        "known_since": described.as_ref().map(|r| r.known_since),
        "from": now.saturating_sub(LAST_DAY).unwrap_or(now),
        "now": now,
        "simulated": state.simulated,
        "quantities": quantities,
    });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)))
}

/// A reading under the verdict on it; under the source's own flag before there is one.
fn believed(record: ObservationRecord) -> Reading {
    let (told, verdict) = (record.observation, record.verdict);
    let (flag, reason) = match verdict {
        Some(verdict) => (verdict.flag, verdict.reason),
        None => (told.flag, told.reason),
    };
    Reading {
        observed_at: told.observed_at,
        value: told.value,
        flag,
        reason,
    }
}

/// The day of one quantity, its readings oldest first.
fn health(
    quantity: Quantity,
    readings: &[Reading],
    params: &QualityParams,
    now: Timestamp,
) -> Value {
    let fresh = freshness(readings, now, params);
    let count = |flag| readings.iter().filter(|r| r.flag == flag).count();
    let passed = readings.iter().rev().find(|r| r.flag == QualityFlag::Pass);
    let objections: Vec<Value> = readings
        .iter()
        .rev()
        .filter(|r| r.flag != QualityFlag::Pass)
        .take(LISTED)
        .map(|r| {
            json!({
                "observed_at": r.observed_at,
                "value": r.value,
                "flag": r.flag,
                "reason": r.reason,
            })
        })
        .collect();
    json!({
        "quantity": quantity,
        "newest": readings.last().map(|r| json!({
            "observed_at": r.observed_at,
            "value": r.value,
            "flag": r.flag,
            "reason": r.reason,
        })),
        "last_pass_at": passed.map(|r| r.observed_at),
        "last_pass_value": passed.and_then(|r| r.value),
        "silence": {
            "flag": fresh.flag,
            "reason": fresh.reason,
            "newest_at": fresh.newest_at,
            "interval_s": fresh.interval.as_secs(),
        },
        "counts": {
            "pass": count(QualityFlag::Pass),
            "suspect": count(QualityFlag::Suspect),
            "fail": count(QualityFlag::Fail),
            "missing": count(QualityFlag::Missing),
        },
        "objections": objections,
    })
}

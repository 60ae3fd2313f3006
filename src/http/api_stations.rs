//! `/api/v1/stations` and `/api/v1/observations`.

use super::listing::{Geometry, Item, ListQuery, collection, page};
use super::{AppState, Problem};
use axum::extract::State;
use axum::response::Response;
use domain::observation::{QualityFlag, Quantity};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::HashMap;
use store::{ObservationFilter, ObservationRecord};

/// The newest reading of a station is not older than this.
const NEWEST_WITHIN: SignedDuration = SignedDuration::from_hours(3);

pub(super) async fn stations(
    State(state): State<AppState>,
    query: ListQuery,
) -> Result<Response, Problem> {
    let managers = state.store.feed_managers().await?;
    let newest = newest_flags(&state, query.at).await?;
    let items = state
        .store
        .stations_at(query.at)
        .await?
        .into_iter()
        .map(|record| Item {
            key: format!("{}/{}", record.feed_id, record.station.id),
            manager: managers.get(&record.feed_id).map(|m| m.code.clone()),
            geometry: record.station.at.map(Geometry::Point),
            properties: json!({
                "feed": record.feed_id,
                "station": record.station.id,
                "name": record.station.name,
                "elevation_m": record.station.elevation_m,
                "known_since": record.known_since,
                "newest": newest.get(&(record.feed_id.clone(), record.station.id)),
            }),
            feed: record.feed_id,
        })
        .collect();
    Ok(page(&query, &state, items))
}

/// The newest reading of each station with its flag, of the quantity that says most of snow.
async fn newest_flags(
    state: &AppState,
    at: Timestamp,
) -> Result<HashMap<(String, String), Value>, Problem> {
    let filter = ObservationFilter {
        at,
        within: SignedDuration::from_hours(24),
        feed_id: None,
        station_id: None,
        quantity: None,
        area: None,
        all: false,
        after: None,
        limit: i64::MAX,
    };
    let mut newest: HashMap<(String, String), (Quantity, Value)> = HashMap::new();
    for record in state.store.observations(&filter).await? {
        let (flag, reason, _) = belief(&record);
        let reading = record.observation;
        let told = json!({
            "quantity": reading.quantity,
            "observed_at": reading.observed_at,
            "value": reading.value,
            "flag": flag,
            "reason": reason,
        });
        let station = (record.feed_id, reading.station_id);
        let is_better = newest
            .get(&station)
            .is_none_or(|(quantity, _)| reading.quantity < *quantity);
        if is_better {
            newest.insert(station, (reading.quantity, told));
        }
    }
    Ok(newest
        .into_iter()
        .map(|(station, (_, told))| (station, told))
        .collect())
}

/// What is believed of a reading and why, and since when; as the source said where quality control has
/// not seen it yet.
fn belief(record: &ObservationRecord) -> (QualityFlag, String, Option<Timestamp>) {
    match &record.verdict {
        Some(verdict) => (
            verdict.flag,
            verdict.reason.clone(),
            Some(verdict.judged_at),
        ),
        None => (
            record.observation.flag,
            record.observation.reason.clone(),
            None,
        ),
    }
}

/// The newest reading of each station and quantity, or with `since` all of them from there on.
pub(super) async fn observations(
    State(state): State<AppState>,
    query: ListQuery,
) -> Result<Response, Problem> {
    let quantity = query
        .quantity
        .as_deref()
        .map(|name| {
            Quantity::parse(name).ok_or_else(|| {
                let names = Quantity::ALL.map(Quantity::as_str).join(", ");
                Problem::bad_request(format!("quantity: {name:?} is none of {names}"))
            })
        })
        .transpose()?;
    let filter = ObservationFilter {
        at: query.at,
        within: query
            .since
            .map_or(NEWEST_WITHIN, |since| query.at.duration_since(since)),
        feed_id: query.feed.clone(),
        station_id: query.station.clone(),
        quantity,
        area: query.area,
        all: query.since.is_some(),
        after: query.after.as_deref().map(cursor).transpose()?,
        limit: query.limit as i64 + 1,
    };
    let mut found = state.store.observations(&filter).await?;
    let more = found.len() > query.limit;
    found.truncate(query.limit);
    let managers = state.store.feed_managers().await?;
    let stations: HashMap<(String, String), _> = state
        .store
        .stations_at(query.at)
        .await?
        .into_iter()
        .map(|s| ((s.feed_id, s.station.id), s.station.at))
        .collect();
    let items: Vec<Item> = found
        .into_iter()
        .map(|record| {
            let (flag, reason, judged_at) = belief(&record);
            let reading = record.observation;
            let key = (record.feed_id.clone(), reading.station_id.clone());
            Item {
                key: format!(
                    "{}/{}/{}/{}",
                    record.feed_id,
                    reading.quantity.as_str(),
                    reading.observed_at,
                    reading.station_id
                ),
                manager: managers.get(&record.feed_id).map(|m| m.code.clone()),
                geometry: stations.get(&key).copied().flatten().map(Geometry::Point),
                properties: json!({
                    "feed": record.feed_id,
                    "station": reading.station_id,
                    "quantity": reading.quantity,
                    "observed_at": reading.observed_at,
                    "value": reading.value,
                    "flag": flag,
                    "reason": reason,
                    "judged_at": judged_at,
                    "source_flag": reading.flag,
                    "received_at": record.received_at,
                }),
                feed: record.feed_id,
            }
        })
        .collect();
    let next = items.last().filter(|_| more).map(|item| item.key.clone());
    Ok(collection(&query, &state, items, next))
}

/// Reads a cursor back: feed, station, quantity and time of the last reading of a page. A station's
/// name comes last, since it may hold anything.
fn cursor(text: &str) -> Result<(String, String, String, Timestamp), Problem> {
    let mut parts = text.splitn(4, '/');
    let bad = || Problem::bad_request("after: is no cursor of this list; take it from \"next\"");
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(feed), Some(quantity), Some(at), Some(station)) => Ok((
            feed.to_owned(),
            station.to_owned(),
            quantity.to_owned(),
            at.parse().map_err(|_| bad())?,
        )),
        _ => Err(bad()),
    }
}

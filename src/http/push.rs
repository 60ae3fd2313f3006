//! `POST /api/v1/fixes` and `/api/v1/observations`: managers without a feed send what they know.

use super::keys::FeedKey;
use super::{AppState, Problem, body};
use crate::workers::intake::{Races, judge};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use domain::fix::Rejection;
use ingest::Decoded;
use serde_json::{Value, json};
use store::payload_sha256;

/// What an address takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Fixes,
    Observations,
}

pub(super) async fn fixes(
    State(state): State<AppState>,
    key: FeedKey,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Problem> {
    push(&state, key, &headers, body, Kind::Fixes).await
}

pub(super) async fn observations(
    State(state): State<AppState>,
    key: FeedKey,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Problem> {
    push(&state, key, &headers, body, Kind::Observations).await
}

async fn push(
    state: &AppState,
    key: FeedKey,
    headers: &HeaderMap,
    body: Body,
    kind: Kind,
) -> Result<Json<Value>, Problem> {
    let feed = state
        .feeds
        .get(&key.feed_id)
        .filter(|feed| feed.push)
        .ok_or_else(|| Problem::forbidden("the key's feed is not configured with push = true"))?;
    let bytes = body::read(headers, body, body::JSON_OR_LINES, feed.max_bytes).await?;
    let now = state.clock.now();
    let decoded = feed
        .decode(&bytes, now)
        .map_err(|e| Problem::unprocessable(e.to_string()))?;
    refuse_other_kind(&decoded, kind)?;
    let records = decoded.fixes.len() + decoded.observations.len() + decoded.rejections.len();
    let sha256 = payload_sha256(&bytes);
    let mut races = Races::default();
    let (understood, kept) = loop {
        let understood = judge(&state.store, feed, &bytes, decoded.clone(), now)
            .await
            .map_err(|e| Problem::internal(format!("{e:#}")))?;
        let batch = understood.batch(now, &bytes, &sha256);
        if understood.is_nothing_new() {
            // A client that sends once more because it missed the answer adds nothing.
            state.store.record_push_of_repeats(&feed.id, &batch).await?;
            break (understood, 0);
        }
        let kept = state.store.keep_pushed(&feed.id, &batch).await;
        if let Some(kept) = races.settle(kept)? {
            break (understood, kept.facts);
        }
    };
    let refused = by_index(&understood.rejections);
    if records > 0 && refused.len() == records {
        let problem = Problem::unprocessable("no record could be taken");
        return Err(problem.with("refused", Value::Array(refused)));
    }
    Ok(Json(json!({
        "taken": kept,
        "repeats": records - refused.len() - kept,
        "refused": refused,
        "dropped_values": by_index(&understood.dropped_values),
    })))
}

fn refuse_other_kind(decoded: &Decoded, kind: Kind) -> Result<(), Problem> {
    match kind {
        Kind::Fixes if !decoded.observations.is_empty() => Err(Problem::unprocessable(
            "readings (records with a station_id) go to /api/v1/observations",
        )),
        Kind::Observations if !decoded.fixes.is_empty() => Err(Problem::unprocessable(
            "fixes (records with a vehicle_id) go to /api/v1/fixes",
        )),
        _ => Ok(()),
    }
}

/// What was not taken, by its record's index in the body.
fn by_index(rejections: &[Rejection]) -> Vec<Value> {
    let mut sorted: Vec<&Rejection> = rejections.iter().collect();
    sorted.sort_by_key(|rejection| rejection.position);
    sorted
        .into_iter()
        .map(|r| json!({ "index": r.position, "field": r.field, "reason": r.reason }))
        .collect()
}

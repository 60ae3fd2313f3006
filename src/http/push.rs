//! `POST /api/v1/fixes` and `/api/v1/observations`: managers without a feed send what they know.

use super::keys::FeedKey;
use super::{AppState, Problem, body};
use crate::workers::intake::{Understood, judge};
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
    let understood = judge(&state.store, feed, &bytes, decoded, now)
        .await
        .map_err(|e| Problem::internal(format!("{e:#}")))?;
    let refused = refused(&understood, records);
    let sha256 = payload_sha256(&bytes);
    let batch = understood.batch(now, &bytes, &sha256);
    let kept = if understood.is_nothing_new() {
        // A client that sends once more because it missed the answer adds nothing.
        state.store.record_push_of_repeats(&feed.id, &batch).await?;
        0
    } else {
        state.store.keep_pushed(&feed.id, &batch).await?.facts
    };
    if records > 0 && refused.len() == records {
        let problem = Problem::unprocessable("no record could be taken");
        return Err(problem.with("refused", Value::Array(refused)));
    }
    Ok(Json(json!({
        "taken": kept,
        "repeats": records - refused.len() - kept,
        "refused": refused,
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

/// The refused records by their index in the body.
fn refused(understood: &Understood, records: usize) -> Vec<Value> {
    let (undecoded, others) = understood.rejections.split_at(understood.undecoded);
    let answer = |index: u64, rejection: &Rejection| json!({ "index": index, "field": rejection.field, "reason": rejection.reason });
    // Others are counted among the records that could be decoded.
    let decoded: Vec<u64> = (0..records as u64)
        .filter(|index| undecoded.iter().all(|r| r.position != *index))
        .collect();
    let mut refused: Vec<(u64, Value)> = undecoded
        .iter()
        .map(|r| (r.position, answer(r.position, r)))
        .chain(others.iter().map(|r| {
            let index = decoded
                .get(r.position as usize)
                .copied()
                .unwrap_or(r.position);
            (index, answer(index, r))
        }))
        .collect();
    refused.sort_by_key(|(index, _)| *index);
    refused.into_iter().map(|(_, value)| value).collect()
}

//! `POST /api/v1/closures` and `POST /api/v1/closures/{number}/reopen`.

use super::place::PlaceBody;
use super::standing::Standing;
use super::{id_or_new, keep, not_empty, read};
use crate::http::api_plans::closure_answer;
use crate::http::officer::{Officer, Reader};
use crate::http::{AppState, Problem, body};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use domain::closure::{Closure, ClosureKind, DailyWindow};
use jiff::Timestamp;
use serde::Deserialize;
use store::{ClosureRecord, Facts, LaidKind};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClosureBody {
    id: Option<String>,
    kind: ClosureKind,
    #[serde(default)]
    reason: String,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    daily: Option<DailyWindow>,
    place: PlaceBody,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReopenBody {
    /// Who decided it.
    said_by: String,
    /// Since when it is open; now where that is not said.
    at: Option<Timestamp>,
}

/// Records a closure.
pub(in crate::http) async fn close(
    State(state): State<AppState>,
    officer: Officer,
    headers: HeaderMap,
    body: Body,
) -> Result<impl IntoResponse, Problem> {
    let bytes = read(&headers, body).await?;
    let said: ClosureBody = body::json(&bytes)?;
    let now = state.clock.now();
    let since = said.since.unwrap_or(now);
    if said.until.is_some_and(|until| until <= since) {
        return Err(Problem::unprocessable("until: is not after since"));
    }
    let view = state.views.borrow().clone();
    let closure = Closure {
        id: id_or_new(said.id)?,
        kind: said.kind,
        reason: said.reason,
        since,
        until: said.until,
        daily: said.daily,
        place: said.place.place(&view)?,
    };
    let standing = Standing::of(&state, &officer, &closure.place).await?;
    let id = closure.id.clone();
    let facts = Facts {
        closures: vec![closure],
        ..Facts::default()
    };
    let feed_id = keep(
        &state,
        &standing.manager_code,
        &officer.name,
        &bytes,
        facts,
        now,
    )
    .await?;
    let number = state.store.closure_number(&feed_id, &id).await?;
    let number = number.ok_or_else(|| Problem::internal("a closure was kept without a number"))?;
    let record = closure_of(&state, number).await?;
    let headers = [(header::LOCATION, format!("/api/v1/closures/{number}"))];
    let managers = state.store.feed_managers().await?;
    let laid = standing.laid_then(now);
    let mut answer = closure_answer(&record, managers.get(&feed_id), Some(&laid), now, true);
    standing.warn(&mut answer);
    Ok((StatusCode::CREATED, headers, Json(answer)))
}

/// One closure.
pub(in crate::http) async fn one(
    State(state): State<AppState>,
    reader: Reader,
    Path(number): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let record = closure_of(&state, number_of(&number)?).await?;
    let now = state.clock.now();
    let laid = state.store.laid_at(LaidKind::Closure, now).await?;
    let laid = laid.get(&(record.feed_id.clone(), record.closure.id.clone()));
    let managers = state.store.feed_managers().await?;
    let manager = managers.get(&record.feed_id);
    let named = reader.knows_names_of(manager.map(|m| m.code.as_str()));
    let answer = closure_answer(&record, manager, laid, now, named);
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)))
}

/// Ends a closure that the officer's manager recorded by hand. It needs the name of who decided it.
pub(in crate::http) async fn reopen(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<impl IntoResponse, Problem> {
    let bytes = read(&headers, body).await?;
    let said: ReopenBody = body::json(&bytes)?;
    let said_by = not_empty("said_by", &said.said_by)?;
    let now = state.clock.now();
    let number = number_of(&number)?;
    let record = closure_of(&state, number).await?;
    let own = state.store.by_hand_feed(&officer.manager_code).await?;
    let managers = state.store.feed_managers().await?;
    let manager = managers
        .get(&record.feed_id)
        .ok_or_else(|| Problem::internal("a closure of no manager's feed"))?;
    let by_hand = state.store.by_hand_feed(&manager.code).await?;
    if record.feed_id != own && !(officer.any_manager && record.feed_id == by_hand) {
        return Err(Problem::forbidden(format!(
            "the closure comes from {}; only what this manager recorded by hand is reopened here",
            record.feed_id
        )));
    }
    let at = said.at.unwrap_or(now);
    if at > now {
        return Err(Problem::unprocessable(
            "at: lies ahead; record the closure again with that until instead",
        ));
    }
    if at < record.closure.since {
        return Err(Problem::unprocessable("at: lies before the closure began"));
    }
    if let Some(until) = record.closure.until
        && until <= at
    {
        return Err(Problem::conflict(format!(
            "the closure has ended at {until} already"
        )));
    }
    let closure = Closure {
        until: Some(at),
        ..record.closure
    };
    let facts = Facts {
        closures: vec![closure],
        ..Facts::default()
    };
    let recorded_by = format!("{} ({said_by})", officer.name);
    keep(&state, &manager.code, &recorded_by, &bytes, facts, now).await?;
    let record = closure_of(&state, number).await?;
    let laid = state.store.laid_at(LaidKind::Closure, now).await?;
    let laid = laid.get(&(record.feed_id.clone(), record.closure.id.clone()));
    let answer = closure_answer(&record, Some(manager), laid, now, true);
    Ok(Json(answer))
}

fn number_of(text: &str) -> Result<i64, Problem> {
    text.parse()
        .map_err(|_| Problem::bad_request(format!("{text:?} is no closure's number")))
}

async fn closure_of(state: &AppState, number: i64) -> Result<ClosureRecord, Problem> {
    let record = state.store.closure(number).await?;
    record.ok_or_else(|| Problem::not_found(format!("no closure has the number {number}")))
}

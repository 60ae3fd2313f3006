//! `POST /api/v1/dispatches`: a call-out that a person opens; also a drill (訓練).

use super::list::book_of;
use super::{answer, framed, once, read, required};
use crate::call_outs::{BY_HAND, alive, opened};
use crate::http::officer::Officer;
use crate::http::{AppState, Problem, body};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use dispatch::life::{Actor, DispatchKey, Mode, Opening};
use jiff::Timestamp;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OpeningBody {
    zone: String,
    reason: String,
    deadline: Option<Timestamp>,
    #[serde(default)]
    drill: bool,
    /// 待機: only standby as yet.
    #[serde(default)]
    standby: bool,
    /// The firm; the one by contract where none is named.
    contractor: Option<String>,
}

/// Opens it, once for each key: the key is part of what names it.
pub(in crate::http) async fn open(
    State(state): State<AppState>,
    officer: Officer,
    headers: HeaderMap,
    body: Body,
) -> Result<impl IntoResponse, Problem> {
    let bytes = read(&headers, body).await?;
    let asked: OpeningBody = body::json(&bytes)?;
    let once = required(once(&headers, "open", &bytes)?)?;
    let zone = ingest::text::zone_name(&asked.zone);
    let reason = asked.reason.trim();
    if zone.is_empty() || reason.is_empty() {
        return Err(Problem::unprocessable("zone and reason: must not be empty"));
    }
    let now = state.clock.now();
    if asked.deadline.is_some_and(|deadline| deadline <= now) {
        return Err(Problem::unprocessable("deadline: lies in the past"));
    }
    let manager = &officer.manager_code;
    let book = book_of(&state, manager).await?;
    let contractor = match &asked.contractor {
        Some(code) => match book.contacts.firm(code) {
            Some(firm) => Some(firm.code.clone()),
            None => {
                return Err(Problem::unprocessable(format!(
                    "contractor: {code:?} is not in the book of contacts"
                )));
            }
        },
        None => book.contacts.firm_of(&zone).map(|firm| firm.code.clone()),
    };
    let rule = format!("{BY_HAND}:{}", once.key);
    let opening = Opening {
        key: DispatchKey {
            manager: manager.clone(),
            zone: zone.clone(),
            rule: rule.clone(),
            round: 1,
        },
        mode: Mode::Order,
        drill: asked.drill,
        standby: asked.standby,
        reason: reason.to_owned(),
        deadline: asked.deadline,
        contractor,
        by: Some(Actor::Officer { name: officer.name }),
    };
    let new = opened(&opening, now).map_err(Problem::internal)?;
    let raised = state.store.raise(std::slice::from_ref(&new)).await?;
    let record = state.store.dispatch_of(manager, &zone, &rule, 1).await?;
    let record = record.ok_or_else(|| Problem::internal("a call-out that was opened is gone"))?;
    let dispatch = alive(&record).map_err(Problem::internal)?;
    if dispatch.reason != reason || dispatch.drill != asked.drill {
        return Err(Problem::unprocessable(
            "Idempotency-Key: was used for another request",
        ));
    }
    let status = match raised.first().is_some_and(|raised| raised.new) {
        true => StatusCode::CREATED,
        false => StatusCode::OK,
    };
    let told = answer::told(record.id, &dispatch, &book);
    let headers = [(header::CACHE_CONTROL, "no-store")];
    Ok((status, headers, Json(framed(&state, "dispatch", told))))
}

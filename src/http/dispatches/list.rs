//! A manager's call-outs with all that happened to them; `at=` shows them as they were then.

use super::{answer, framed, private, unknown};
use crate::call_outs::{Book, alive, as_of};
use crate::http::listing::ListQuery;
use crate::http::officer::Officer;
use crate::http::{AppState, Problem};
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::{Value, json};
use store::DispatchFilter;

/// A page is so long at most: each call-out brings its whole timeline.
const MOST: usize = 200;

pub(in crate::http) async fn list(
    State(state): State<AppState>,
    officer: Officer,
    query: ListQuery,
) -> Result<Response, Problem> {
    let before = query
        .after
        .as_deref()
        .map(|text| {
            text.parse::<i64>().map_err(|_| {
                Problem::bad_request("after: is no cursor of this list; take it from \"next\"")
            })
        })
        .transpose()?;
    let limit = query.limit.min(MOST);
    let filter = DispatchFilter {
        manager_code: officer.manager_code,
        at: query.at,
        zone: query.zone.as_deref().map(ingest::text::zone_name),
        before,
        limit: limit as i64 + 1,
    };
    let mut found = state.store.dispatches(&filter).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|d| d.id.to_string());
    let ids: Vec<i64> = found.iter().map(|record| record.id).collect();
    let manager = &filter.manager_code;
    let timelines = state
        .store
        .dispatch_timelines(manager, &ids, query.at)
        .await?;
    let book = book_of(&state, manager).await?;
    let mut items: Vec<Value> = Vec::with_capacity(found.len());
    for record in &found {
        let events = timelines.get(&record.id).map_or(&[][..], Vec::as_slice);
        let dispatch = match query.past {
            true => as_of(events),
            false => alive(record),
        };
        let mut item = answer::told(record.id, &dispatch.map_err(Problem::internal)?, &book);
        item["timeline"] = answer::timeline(events);
        items.push(item);
    }
    let list = json!({
        "at": query.at,
        "now": state.clock.now(),
        "simulated": state.simulated,
        "next": next,
        "items": items,
    });
    Ok(private(list))
}

pub(in crate::http) async fn one(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let manager = &officer.manager_code;
    let record = state.store.dispatch(manager, id).await?;
    let record = record.ok_or_else(|| unknown(id))?;
    let book = book_of(&state, manager).await?;
    let dispatch = alive(&record).map_err(Problem::internal)?;
    let mut item = answer::told(id, &dispatch, &book);
    item["timeline"] = answer::timeline(&state.store.dispatch_timeline(manager, id).await?);
    let attempts = state.store.dispatch_attempts(manager, id).await?;
    item["attempts"] = answer::attempts(&attempts, &book);
    Ok(private(framed(&state, "dispatch", item)))
}

pub(super) async fn book_of(state: &AppState, manager: &str) -> Result<Book, Problem> {
    Book::load(&state.store, manager)
        .await
        .map_err(Problem::internal)
}

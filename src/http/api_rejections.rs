//! `/api/v1/rejections`: the quarantine of a manager's feeds, newest first. Records hold what their
//! sender did not mean for everybody, so that it takes an officer.

use super::listing::ListQuery;
use super::officer::Officer;
use super::{AppState, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde_json::{Value, json};
use store::RejectionFilter;

pub(super) async fn list(
    State(state): State<AppState>,
    officer: Officer,
    query: ListQuery,
) -> Result<impl IntoResponse, Problem> {
    let before = query
        .after
        .as_deref()
        .map(|text| {
            text.parse::<i64>().map_err(|_| {
                Problem::bad_request("after: is no cursor of this list; take it from \"next\"")
            })
        })
        .transpose()?;
    let filter = RejectionFilter {
        manager_code: Some(officer.manager_code),
        feed_id: query.feed.clone(),
        since: query.since,
        at: query.past.then_some(query.at),
        resolved: query.all,
        before,
        limit: query.limit as i64 + 1,
    };
    let mut found = state.store.rejections(&filter).await?;
    let more = found.len() > query.limit;
    found.truncate(query.limit);
    let next = found.last().filter(|_| more).map(|r| r.id.to_string());
    let items: Vec<Value> = found
        .into_iter()
        .map(|record| {
            json!({
                "id": record.id,
                "feed": record.feed_id,
                "payload": record.payload_id,
                "position": record.rejection.position,
                "field": record.rejection.field,
                "reason": record.rejection.reason,
                "record": record.rejection.record,
                "first_seen_at": record.first_seen_at,
                "last_seen_at": record.last_seen_at,
                "seen": record.seen,
                "resolved_at": record.resolved_at,
            })
        })
        .collect();
    let list = json!({
        "now": state.clock.now(),
        "simulated": state.simulated,
        "next": next,
        "items": items,
    });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(list)))
}

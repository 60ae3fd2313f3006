//! `/api/v1/plans` and `/api/v1/closures`, as they were known at a moment.

use super::listing::{Geometry, Item, ListQuery, laid_answer, page};
use super::officer::Reader;
use super::{AppState, Problem};
use axum::extract::State;
use axum::response::Response;
use domain::road_manager::RoadManager;
use jiff::Timestamp;
use serde_json::{Value, json};
use store::{ClosureRecord, LaidKind, LaidThen};

/// Plans whose window is not over; with `all` those that are over too.
pub(super) async fn plans(
    State(state): State<AppState>,
    reader: Reader,
    query: ListQuery,
) -> Result<Response, Problem> {
    let managers = state.store.feed_managers().await?;
    let laid = state.store.laid_at(LaidKind::Plan, query.at).await?;
    let view = state.views.borrow().clone();
    let items = state
        .store
        .plans_at(query.at, since(&query))
        .await?
        .into_iter()
        .map(|record| {
            let plan = record.plan;
            let laid = laid.get(&(record.feed_id.clone(), plan.id.clone()));
            let manager = managers.get(&record.feed_id);
            let named = reader.knows_names_of(manager.map(|m| m.code.as_str()));
            Item {
                key: format!("{}/{}", record.feed_id, plan.id),
                manager: manager.map(|m| m.code.clone()),
                geometry: Geometry::of(&plan.place, laid, &view),
                properties: json!({
                    "feed": record.feed_id,
                    "manager": manager,
                    "plan": plan.id,
                    "work_kind": plan.work,
                    "state": plan.state,
                    "from": plan.from,
                    "until": plan.until,
                    "route": plan.place.route,
                    "zone": plan.place.zone,
                    "note": plan.note,
                    "received_at": record.received_at,
                    "recorded_by": record.recorded_by.filter(|_| named),
                    "network": laid_answer(laid),
                }),
                feed: record.feed_id,
            }
        })
        .collect();
    Ok(page(&query, &state, items))
}

/// Closures that are not over; with `all` those that are over too.
pub(super) async fn closures(
    State(state): State<AppState>,
    reader: Reader,
    query: ListQuery,
) -> Result<Response, Problem> {
    let managers = state.store.feed_managers().await?;
    let laid = state.store.laid_at(LaidKind::Closure, query.at).await?;
    let view = state.views.borrow().clone();
    let items = state
        .store
        .closures_at(query.at, since(&query))
        .await?
        .into_iter()
        .map(|record| {
            let laid = laid.get(&(record.feed_id.clone(), record.closure.id.clone()));
            let manager = managers.get(&record.feed_id);
            let named = reader.knows_names_of(manager.map(|m| m.code.as_str()));
            Item {
                // Of one width, so that they are sorted as numbers.
                key: format!("{:016}", record.number),
                manager: manager.map(|m| m.code.clone()),
                geometry: Geometry::of(&record.closure.place, laid, &view),
                properties: closure_answer(&record, manager, laid, query.at, named),
                feed: record.feed_id,
            }
        })
        .collect();
    Ok(page(&query, &state, items))
}

/// What is told of a closure; the name of who recorded it only where `named`.
pub(super) fn closure_answer(
    record: &ClosureRecord,
    manager: Option<&RoadManager>,
    laid: Option<&LaidThen>,
    at: Timestamp,
    named: bool,
) -> Value {
    let closure = &record.closure;
    json!({
        "number": record.number,
        "feed": record.feed_id,
        "manager": manager,
        "closure": closure.id,
        "kind": closure.kind,
        "holds": closure.holds_at(at),
        "shuts_the_road": closure.kind.shuts_the_road(),
        "reason": closure.reason,
        "since": closure.since,
        "until": closure.until,
        "daily": closure.daily,
        "route": closure.place.route,
        "zone": closure.place.zone,
        "received_at": record.received_at,
        "recorded_by": record.recorded_by.as_ref().filter(|_| named),
        "network": laid_answer(laid),
    })
}

fn since(query: &ListQuery) -> Timestamp {
    if query.all {
        Timestamp::UNIX_EPOCH
    } else {
        query.at
    }
}

//! `/api/v1/zones` and `/api/v1/orders`: zones (工区), the states that cities publish for them, and
//! what people reported.

use super::listing::{Geometry, Item, ListQuery, laid_answer, page};
use super::officer::Reader;
use super::{AppState, Problem};
use axum::extract::State;
use axum::response::Response;
use dispatch::life::State as CallOutState;
use serde_json::json;
use std::collections::HashMap;
use store::{LaidKind, ReportRecord, ZoneRecord};

pub(super) async fn zones(
    State(state): State<AppState>,
    query: ListQuery,
) -> Result<Response, Problem> {
    let managers = state.store.feed_managers().await?;
    let laid = state.store.laid_at(LaidKind::Zone, query.at).await?;
    let view = state.views.borrow().clone();
    // As of now only: what was called for in the past is the manager's own to ask.
    let dispatches = match query.past {
        true => Vec::new(),
        false => state.store.zone_dispatches().await?,
    };
    let items = state
        .store
        .zones_at(query.at)
        .await?
        .into_iter()
        .map(|record| {
            let laid = laid.get(&(record.feed_id.clone(), record.zone.clone()));
            let manager = managers.get(&record.feed_id);
            let called = dispatches.iter().filter(|called| {
                manager.is_some_and(|m| m.code == called.manager_code) && called.zone == record.zone
            });
            let called = called
                .filter_map(|called| CallOutState::parse(&called.state))
                .filter(|state| *state != CallOutState::AwaitingApproval);
            let dispatch = called.max_by_key(|state| state.tile_digit());
            Item {
                key: format!("{}/{}", record.feed_id, record.zone),
                manager: manager.map(|m| m.code.clone()),
                geometry: Geometry::of(&record.place, laid, &view),
                properties: json!({
                    "feed": record.feed_id,
                    "manager": manager,
                    "zone": record.zone,
                    "name": record.name,
                    "route": record.place.route,
                    "known_since": record.known_since,
                    "network": laid_answer(laid),
                    "dispatch": dispatch.map(|state| state.as_str()),
                    "dispatch_ja": dispatch.map(|state| state.ja()),
                }),
                feed: record.feed_id,
            }
        })
        .collect();
    Ok(page(&query, &state, items))
}

pub(super) async fn orders(
    State(state): State<AppState>,
    reader: Reader,
    query: ListQuery,
) -> Result<Response, Problem> {
    let managers = state.store.feed_managers().await?;
    // One feed of a manager may draw its zones and another tell their states: names join them.
    let mut zones: HashMap<(String, String), Vec<ZoneRecord>> = HashMap::new();
    for zone in state.store.zones_at(query.at).await? {
        if let Some(manager) = managers.get(&zone.feed_id) {
            let key = (manager.code.clone(), zone.zone.clone());
            zones.entry(key).or_default().push(zone);
        }
    }
    let reports = state.store.reports_at(query.at).await?;
    let reported = |manager: &str, zone: &str| {
        reports
            .iter()
            .find(|r| r.report.manager_code == manager && r.report.zone == zone)
    };
    let answer = |record: &ReportRecord| {
        let named = reader.knows_names_of(Some(&record.report.manager_code));
        report_answer(record, named)
    };
    let view = state.views.borrow().clone();
    let mut items: Vec<Item> = Vec::new();
    for record in state.store.orders_at(query.at).await? {
        let order = record.order;
        let manager = managers.get(&record.feed_id);
        let code = manager.map(|m| m.code.clone());
        let drawn = code
            .clone()
            .and_then(|code| zones.get(&(code, order.zone.clone())))
            .and_then(|drawn| drawing(drawn, &record.feed_id));
        items.push(Item {
            key: format!("{}/{}", record.feed_id, order.zone),
            geometry: drawn.and_then(|zone| Geometry::of(&zone.place, None, &view)),
            properties: json!({
                "feed": record.feed_id,
                "manager": manager,
                "zone": order.zone,
                "name": order.name,
                "state": order.state,
                "state_ja": order.state.map(|state| state.ja()),
                "as_of": order.as_of,
                "received_at": record.received_at,
                "drawn_by": drawn.map(|zone| &zone.feed_id),
                "report": code.as_deref().and_then(|m| reported(m, &order.zone)).map(&answer),
            }),
            manager: code,
            feed: record.feed_id,
        });
    }
    // Zones of which nobody publishes an order, but of which somebody reported.
    for record in &reports {
        let report = &record.report;
        let published = items.iter().any(|item| {
            item.manager.as_deref() == Some(&report.manager_code)
                && item.properties["zone"] == report.zone.as_str()
        });
        if !published {
            let feed = format!("by-hand:{}", report.manager_code);
            items.push(Item {
                key: format!("{feed}/{}", report.zone),
                manager: Some(report.manager_code.clone()),
                geometry: zones
                    .get(&(report.manager_code.clone(), report.zone.clone()))
                    .and_then(|drawn| drawing(drawn, &feed))
                    .and_then(|zone| Geometry::of(&zone.place, None, &view)),
                properties: json!({
                    "feed": feed,
                    "manager": managers.values().find(|m| m.code == report.manager_code),
                    "zone": report.zone,
                    "state": null,
                    "report": answer(record),
                }),
                feed,
            });
        }
    }
    Ok(page(&query, &state, items))
}

/// Of several feeds' records of a zone one with a shape; of these the order's own feed's, else the first.
fn drawing<'a>(records: &'a [ZoneRecord], feed_id: &str) -> Option<&'a ZoneRecord> {
    let shaped = |zone: &&ZoneRecord| !(zone.place.lines.is_empty() && zone.place.areas.is_empty());
    let own = (records.iter()).find(|zone| zone.feed_id == feed_id && shaped(zone));
    own.or_else(|| records.iter().find(shaped))
}

/// What is told of a report; names only where `named`.
pub(super) fn report_answer(record: &ReportRecord, named: bool) -> serde_json::Value {
    let report = &record.report;
    json!({
        "id": record.id,
        "zone": report.zone,
        "state": report.state,
        "state_ja": report.state.ja(),
        "at": report.at,
        "said_by": named.then_some(&report.said_by),
        "recorded_by": named.then_some(&report.recorded_by),
        "recorded_at": record.recorded_at,
        "units": report.units,
        "work_kind": report.work,
        "note": report.note,
    })
}

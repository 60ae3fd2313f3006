//! What lies on a segment beside passes: closures, plans, its zone and the zone's order.

use super::api_plans::closure_answer;
use super::{AppState, Problem};
use domain::network::SegmentId;
use domain::plan::Plan;
use domain::status::Beside;
use jiff::Timestamp;
use serde_json::{Value, json};
use store::LaidKind;

/// The answer's member `facts`.
pub(super) async fn on_segment(
    state: &AppState,
    segment: SegmentId,
    now: Timestamp,
) -> Result<Value, Problem> {
    let on_it = state.store.facts_on_segment(segment).await?;
    let lies = |kind: LaidKind, feed: &str, fact: &str| {
        on_it
            .iter()
            .any(|key| key.kind == kind && key.feed_id == feed && key.fact_id == fact)
    };
    let has = |kind: LaidKind| on_it.iter().any(|key| key.kind == kind);
    let mut closures = Vec::new();
    if has(LaidKind::Closure) {
        closures = state.store.closures_at(now, now).await?;
        closures.retain(|c| lies(LaidKind::Closure, &c.feed_id, &c.closure.id));
    }
    let mut plans = Vec::new();
    if has(LaidKind::Plan) {
        plans = state.store.plans_at(now, now).await?;
        plans.retain(|p| lies(LaidKind::Plan, &p.feed_id, &p.plan.id));
    }
    let zone = on_it.iter().find(|key| key.kind == LaidKind::Zone);
    let order = match zone {
        Some(zone) => {
            let managers = state.store.feed_managers().await?;
            let code = |feed: &str| managers.get(feed).map(|m| &m.code);
            let mut orders = state.store.orders_at(now).await?;
            // Another feed of the same manager may tell the state of a zone that this one draws.
            orders.retain(|record| {
                record.order.zone == zone.fact_id && code(&record.feed_id) == code(&zone.feed_id)
            });
            // A feed that only draws says nothing of the state.
            orders
                .into_iter()
                .max_by_key(|record| (record.order.state.is_some(), record.order.as_of))
        }
        None => None,
    };
    let announced: Vec<&Plan> = plans.iter().map(|record| &record.plan).collect();
    let beside = Beside::of(order.as_ref().map(|o| &o.order), announced, now);
    Ok(json!({
        "planned": beside.planned,
        "ordered": beside.ordered,
        "zone": zone.map(|zone| json!({ "feed": zone.feed_id, "zone": zone.fact_id })),
        "order": order.map(|record| json!({
            "state": record.order.state,
            "state_ja": record.order.state.map(|state| state.ja()),
            "as_of": record.order.as_of,
        })),
        "closures": closures
            .iter()
            .map(|record| closure_answer(record, None, None, now, false))
            .collect::<Vec<_>>(),
        "plans": plans
            .iter()
            .map(|record| json!({
                "feed": record.feed_id,
                "plan": record.plan.id,
                "work_kind": record.plan.work,
                "state": record.plan.state,
                "from": record.plan.from,
                "until": record.plan.until,
                "note": record.plan.note,
            }))
            .collect::<Vec<_>>(),
    }))
}

//! `POST /api/v1/rules/{id}/order`: 一斉指令, one press that orders all zones of a rule.

use super::api_rules::rule_of;
use super::officer::Officer;
use super::{AppState, Problem, body};
use crate::call_outs::{self, BY_HAND, Book};
use crate::workers::ruling::grounds::Grounds;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use dispatch::life::{Actor, DispatchKey, Event, Mode, Opening};
use domain::rules::{Rule, next_at};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use store::DispatchRecord;

/// Largest body that is taken.
const MAX_BYTES: usize = 64 * 1024;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderBody {
    /// Why, as firms read it.
    reason: String,
    /// Only these of the rule's zones; all where it is left out.
    zones: Option<Vec<String>>,
    /// By when; the rule's next deadline where it is left out.
    deadline: Option<Timestamp>,
    /// 訓練.
    #[serde(default)]
    drill: bool,
}

/// Orders every zone: what waits for approval or stands by is let go, what is ordered already stays as it
/// is, and elsewhere a call-out is opened by hand. Pressing again changes nothing while those are open.
pub(super) async fn order(
    State(state): State<AppState>,
    key: Officer,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<impl IntoResponse, Problem> {
    let bytes = body::read(&headers, body, &["application/json"], MAX_BYTES).await?;
    let said: OrderBody = body::json(&bytes)?;
    let reason = said.reason.trim().to_owned();
    if reason.is_empty() {
        return Err(Problem::unprocessable("reason: is empty"));
    }
    let rule = rule_of(&state, &key, &id).await?.rule;
    let grounds = Grounds::load(&state.store)
        .await
        .map_err(Problem::internal)?;
    let zones = zones_of(&grounds, &key, &rule, said.zones)?;
    let (now, code) = (state.clock.now(), key.manager_code.as_str());
    let deadline = said
        .deadline
        .or(rule.deadline.map(|time| next_at(time, now)));
    let by = Actor::Officer {
        name: key.name.clone(),
    };
    let book = Book::load(&state.store, code)
        .await
        .map_err(Problem::internal)?;
    let open = state.store.open_dispatches(code).await?;
    let (mut answers, mut openings) = (Vec::new(), Vec::new());
    for zone in zones {
        let own = |record: &&DispatchRecord| {
            let of_rule = record.rule == rule.id || record.rule == BY_HAND;
            record.zone == zone && of_rule && record.drill == said.drill
        };
        if let Some(record) = open.iter().find(own) {
            let waits = matches!(record.life.state.as_str(), "standby" | "awaiting_approval");
            let what = match waits {
                true => approve(&state, code, record.id, &by, now).await?,
                false => "already_ordered",
            };
            answers.push(json!({ "zone": zone, "dispatch": record.id, "what": what }));
            continue;
        }
        let round = state.store.last_round(code, &zone, BY_HAND).await? + 1;
        let opening = Opening {
            contractor: book.contacts.firm_of(&zone).map(|firm| firm.code.clone()),
            key: DispatchKey {
                manager: code.to_owned(),
                zone,
                rule: BY_HAND.to_owned(),
                round,
            },
            mode: Mode::Order,
            drill: said.drill,
            standby: false,
            reason: reason.clone(),
            deadline,
            by: Some(by.clone()),
        };
        openings.push(call_outs::opened(&opening, now).map_err(Problem::internal)?);
    }
    // One transaction: all of them or none.
    let raised = state.store.raise(&openings).await?;
    for (opening, raised) in openings.iter().zip(raised) {
        let what = if raised.new {
            "ordered"
        } else {
            "already_ordered"
        };
        answers.push(json!({ "zone": opening.zone, "dispatch": raised.id, "what": what }));
    }
    answers.sort_by_key(|answer| answer["zone"].as_str().map(str::to_owned));
    let answer: Value = json!({ "rule": rule.id, "drill": said.drill, "zones": answers });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)))
}

/// The rule's zones, or those of them that were named.
fn zones_of(
    grounds: &Grounds,
    key: &Officer,
    rule: &Rule,
    named: Option<Vec<String>>,
) -> Result<Vec<String>, Problem> {
    let drawn = grounds.zones_of_rule(&key.manager_code, rule);
    let mut all: Vec<String> = drawn.map(|(_, zone)| zone.clone()).collect();
    // A zone that nobody has drawn has a firm all the same.
    let unknown = grounds.unknown_zones(&key.manager_code, rule);
    all.extend(unknown);
    let Some(named) = named else { return Ok(all) };
    named
        .iter()
        .map(|name| {
            let zone = ingest::text::zone_name(name);
            match all.contains(&zone) {
                true => Ok(zone),
                false => {
                    let detail = format!("zones: rule {:?} is not for zone {zone:?}", rule.id);
                    Err(Problem::unprocessable(detail))
                }
            }
        })
        .collect()
}

async fn approve(
    state: &AppState,
    code: &str,
    id: i64,
    by: &Actor,
    now: Timestamp,
) -> Result<&'static str, Problem> {
    let event = Event::Approved { by: by.clone() };
    let done = call_outs::happen(&state.store, code, id, &event, None, now).await;
    match done.map_err(Problem::internal)? {
        call_outs::Outcome::Done(_) => Ok("approved"),
        call_outs::Outcome::Refused(_) | call_outs::Outcome::Unknown => Ok("over"),
    }
}

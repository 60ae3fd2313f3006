//! `/api/v1/rules`: a manager's own threshold rules; with a person's key alone.

use super::officer::Officer;
use super::{AppState, Problem, body};
use crate::rule_trial::{LONGEST, try_rules};
use axum::Json;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use domain::night::Night;
use domain::rules::Rule;
use ingest::text::zone_name;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::{PageRecord, RuleRecord, RuleStanding, RuleZone};

/// Largest rule that is taken.
const MAX_BYTES: usize = 64 * 1024;
/// Pages that are shown.
const PAGES: i64 = 100;

/// Answers are the manager's own: nobody between may keep them.
const PRIVATE: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListQuery {
    at: Option<Timestamp>,
}

/// The manager's rules as they hold, or held at a moment; with how each zone was last found, what a person
/// was asked, and when it was last looked.
pub(super) async fn list(
    State(state): State<AppState>,
    key: Officer,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<impl IntoResponse, Problem> {
    let Query(query) = query.map_err(|e| Problem::bad_request(e.body_text()))?;
    let now = state.clock.now();
    let at = query.at.unwrap_or(now);
    let code = key.manager_code.as_str();
    let rules = state.store.rules_at(at, Some(code)).await?;
    let mut zones = standings_by_rule(&state, code).await?;
    let rules: Vec<Value> = rules
        .iter()
        .map(|record| rule_answer(record, zones.remove(&record.rule.id).unwrap_or_default()))
        .collect();
    let pages = state.store.rule_pages(code, PAGES).await?;
    let cycle = state.store.last_rule_cycle().await?.map(|(at, cycle)| {
        json!({
            "at": at,
            "age_s": now.duration_since(at).as_secs(),
            "zones": cycle.zones,
            "rules": cycle.rules,
            "raised": cycle.raised,
            "stood_down": cycle.stood_down,
            "doubts": cycle.doubts,
            "took_ms": cycle.took_ms,
        })
    });
    let answer = json!({
        "manager": code,
        "at": at,
        "simulated": state.simulated,
        "rules": rules,
        "pages": pages.iter().map(page_answer).collect::<Vec<_>>(),
        "last_cycle": cycle,
    });
    Ok((PRIVATE, Json(answer)))
}

/// One rule.
pub(super) async fn one(
    State(state): State<AppState>,
    key: Officer,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let record = rule_of(&state, &key, &id).await?;
    let mut zones = standings_by_rule(&state, &key.manager_code).await?;
    let answer = rule_answer(&record, zones.remove(&id).unwrap_or_default());
    Ok((PRIVATE, Json(answer)))
}

/// Keeps a rule, as a new version where it says something else. Its open rounds go on.
pub(super) async fn put(
    State(state): State<AppState>,
    key: Officer,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<impl IntoResponse, Problem> {
    let bytes = body::read(&headers, body, &["application/json"], MAX_BYTES).await?;
    let mut rule: Rule = body::json(&bytes)?;
    if rule.id != id {
        let detail = format!("id: {:?} is not that of the address, {id:?}", rule.id);
        return Err(Problem::unprocessable(detail));
    }
    for zone in &mut rule.zones {
        if zone != "*" {
            *zone = zone_name(zone);
        }
    }
    rule.check()
        .map_err(|error| Problem::unprocessable(error.to_string()))?;
    let (code, now) = (key.manager_code.as_str(), state.clock.now());
    let kept = state
        .store
        .keep_rules(code, std::slice::from_ref(&rule), &key.name, now)
        .await?;
    let record = rule_of(&state, &key, &id).await?;
    let status = match kept.new {
        0 => StatusCode::OK,
        _ => StatusCode::CREATED,
    };
    Ok((status, PRIVATE, Json(rule_answer(&record, Vec::new()))))
}

/// Withdraws a rule.
pub(super) async fn delete(
    State(state): State<AppState>,
    key: Officer,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let (code, now) = (key.manager_code.as_str(), state.clock.now());
    match state.store.withdraw_rule(code, &id, &key.name, now).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(no_rule(&id)),
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TrialQuery {
    night: Option<Date>,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
}

/// What the manager's rules would have raised in a past night. Raises nothing.
pub(super) async fn test(
    State(state): State<AppState>,
    key: Officer,
    query: Result<Query<TrialQuery>, QueryRejection>,
) -> Result<impl IntoResponse, Problem> {
    let Query(query) = query.map_err(|e| Problem::bad_request(e.body_text()))?;
    let now = state.clock.now();
    let (from, to) = match (query.night, query.from, query.to) {
        (Some(night), None, None) => Night::beginning_on(night).span(),
        (None, Some(from), to) => (from, to.unwrap_or(now)),
        _ => {
            let detail = "either night=2026-01-12, or from= with or without to=, is needed";
            return Err(Problem::bad_request(detail));
        }
    };
    let to = to.min(now);
    if from >= to || to.duration_since(from) > LONGEST {
        let days = LONGEST.as_hours() / 24;
        let detail = format!("from must lie before to, and at most {days} days before it");
        return Err(Problem::bad_request(detail));
    }
    let rules = state.store.rules_at(now, Some(&key.manager_code)).await?;
    let narrow = state.policy.narrow.clone();
    let trial = try_rules(&state.store, rules, &state.quality, narrow, (from, to))
        .await
        .map_err(Problem::internal)?;
    let events: Vec<Value> = trial
        .events
        .iter()
        .map(|event| {
            json!({
                "at": event.at,
                "rule": event.key.rule_id,
                "zone": event.key.zone,
                "what": event.what,
                "round": (event.round > 0).then_some(event.round),
                "reason": event.reason,
                "deadline": event.deadline,
            })
        })
        .collect();
    let answer = json!({
        "from": from,
        "to": to,
        "simulated": state.simulated,
        "looks": trial.looks,
        "zones": trial.zones,
        "readings": trial.readings,
        "events": events,
    });
    Ok((PRIVATE, Json(answer)))
}

pub(super) async fn rule_of(
    state: &AppState,
    key: &Officer,
    id: &str,
) -> Result<RuleRecord, Problem> {
    let code = key.manager_code.as_str();
    let rules = state.store.rules_at(state.clock.now(), Some(code)).await?;
    let mut own = rules.into_iter().filter(|record| record.rule.id == id);
    own.next().ok_or_else(|| no_rule(id))
}

fn no_rule(id: &str) -> Problem {
    Problem::not_found(format!("this manager has no rule {id:?}"))
}

type Standing = (RuleZone, RuleStanding);

async fn standings_by_rule(
    state: &AppState,
    code: &str,
) -> Result<BTreeMap<String, Vec<Standing>>, Problem> {
    let mut by_rule: BTreeMap<String, Vec<Standing>> = BTreeMap::new();
    for (key, standing) in state.store.rule_standings(Some(code)).await? {
        let of_rule = by_rule.entry(key.rule_id.clone()).or_default();
        of_rule.push((key, standing));
    }
    Ok(by_rule)
}

fn rule_answer(record: &RuleRecord, mut zones: Vec<Standing>) -> Value {
    zones.sort_by(|a, b| a.0.cmp(&b.0));
    let zones: Vec<Value> = zones
        .iter()
        .map(|(key, standing)| {
            json!({
                "zone": key.zone,
                "is": standing.outcome,
                "since": standing.since,
                "reason": standing.reason,
                "round": standing.memory.round,
                "standby_from": standing.memory.standby_from,
            })
        })
        .collect();
    json!({
        "rule": record.rule,
        "version": record.version,
        "known_since": record.known_since,
        "recorded_by": record.recorded_by,
        "zones": zones,
    })
}

fn page_answer(page: &PageRecord) -> Value {
    json!({
        "id": page.id,
        "cause": page.cause,
        "text": page.text_ja,
        "zones": page.zones,
        "opened_at": page.opened_at,
        "closed_at": page.closed_at,
    })
}

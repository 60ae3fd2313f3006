//! `POST /api/v1/reports`: what was said of a zone's order (申告).

use super::{not_empty, read};
use crate::http::api_orders::report_answer;
use crate::http::officer::Officer;
use crate::http::{AppState, Problem, body};
use crate::workers::laying::survey;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use domain::fix::disbelieve_time;
use domain::place::Place;
use domain::work::WorkKind;
use domain::zone_order::ReportedState;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Report, ReportRecord};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReportBody {
    zone: String,
    state: ReportedState,
    /// As of when; now where that is not said.
    at: Option<Timestamp>,
    /// Who said so; the officer where nobody else did.
    said_by: Option<String>,
    /// Units that are out for it.
    units: Option<u16>,
    /// The work that it is about; plowing where that is not said.
    work_kind: Option<WorkKind>,
    #[serde(default)]
    note: String,
}

/// Records a report.
pub(in crate::http) async fn report(
    State(state): State<AppState>,
    officer: Officer,
    headers: HeaderMap,
    body: Body,
) -> Result<impl IntoResponse, Problem> {
    let bytes = read(&headers, body).await?;
    let said: ReportBody = body::json(&bytes)?;
    let now = state.clock.now();
    let at = said.at.unwrap_or(now);
    if let Some(reason) = disbelieve_time(at, now) {
        return Err(Problem::unprocessable(format!("at: {reason}")));
    }
    let report = Report {
        manager_code: officer.manager_code,
        zone: ingest::text::zone_name(&not_empty("zone", &said.zone)?),
        state: said.state,
        at,
        said_by: match said.said_by {
            Some(name) => not_empty("said_by", &name)?,
            None => officer.name.clone(),
        },
        recorded_by: officer.name,
        units: said.units.map(i32::from),
        work: said.work_kind.unwrap_or(WorkKind::Plowing),
        note: said.note,
    };
    let id = state.store.keep_report(&report, now).await?;
    let record = ReportRecord {
        id,
        report,
        recorded_at: now,
    };
    let mut answer = report_answer(&record, true);
    if record.report.state == ReportedState::Done {
        warn(&state, &record.report, &mut answer).await?;
    }
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Says so where a zone that is done makes no pass.
async fn warn(state: &AppState, report: &Report, answer: &mut Value) -> Result<(), Problem> {
    let zone = Place {
        zone: Some(report.zone.clone()),
        ..Place::default()
    };
    let view = state.views.borrow().clone();
    let found = survey(&state.store, view, zone, &report.manager_code)
        .await
        .map_err(|e| Problem::internal(format!("{e:#}")))?;
    if found.own.stretches.is_empty() {
        answer["unplaced"] = json!(found.own.unplaced);
        answer["warning"] = json!("recorded, but it clears no road: nobody has drawn the zone");
    }
    Ok(())
}

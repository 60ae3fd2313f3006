//! `/api/v1/daily-reports`: 日報 of the key's manager for a night, as JSON, CSV or a page to print.

use super::officer::Officer;
use super::{AppState, Problem};
use crate::daily_report::{NightReport, VehicleNight, page, table};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::night::Night;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReportQuery {
    /// The date on which the night begins; the present night where it is left out.
    night: Option<Date>,
    #[serde(default)]
    format: Format,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "snake_case")]
enum Format {
    #[default]
    Json,
    Csv,
    Html,
}

pub(super) async fn reports(
    State(state): State<AppState>,
    officer: Officer,
    query: Result<Query<ReportQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(query) = query.map_err(|e| Problem::bad_request(e.body_text()))?;
    let now = state.clock.now();
    let night = query.night.map_or(Night::of(now), Night::beginning_on);
    let managers = state.store.road_managers().await?;
    let manager = managers
        .into_iter()
        .find(|m| m.code == officer.manager_code)
        .ok_or_else(|| Problem::not_found("the key's manager is not configured any more"))?;
    let network = state.views.borrow().network.clone();
    let report = NightReport::gather(&state.store, &network, &manager, night, now).await?;
    Ok(match query.format {
        Format::Json => {
            let answer = json!({
                "night": report.night.to_string(),
                "manager": report.manager,
                "drawn_up_at": report.drawn_up_at,
                "simulated": state.simulated,
                "vehicles": report.vehicles.iter().map(vehicle_answer).collect::<Vec<Value>>(),
            });
            ([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response()
        }
        Format::Csv => {
            let file = format!(
                "attachment; filename=\"nippo-{}-{}.csv\"",
                manager.code, night
            );
            let headers = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
                (header::CONTENT_DISPOSITION, file),
                (header::CACHE_CONTROL, "no-store".to_owned()),
            ];
            let csv = table::csv(&report).map_err(Problem::internal)?;
            (headers, csv).into_response()
        }
        Format::Html => {
            let headers = [
                (header::CONTENT_TYPE, "text/html; charset=utf-8"),
                (header::CACHE_CONTROL, "no-store"),
                // The page brings its own style and nothing else.
                (
                    header::CONTENT_SECURITY_POLICY,
                    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
                ),
            ];
            (headers, page::html(&report, state.simulated)).into_response()
        }
    })
}

fn vehicle_answer(night: &VehicleNight) -> Value {
    let passes: Vec<Value> = night
        .passes
        .iter()
        .map(|(key, reported)| {
            json!({
                "trace_start": key.trace_start,
                "ordinal": key.ordinal,
                "segment": reported.segment,
                "owner": reported.owner,
                "direction": reported.pass.direction,
                "from_m": reported.pass.from_m,
                "to_m": reported.pass.to_m,
                "entered_at": reported.pass.entered_at,
                "left_at": reported.pass.left_at,
                "work_kind": reported.pass.work,
                "confidence": reported.pass.confidence,
            })
        })
        .collect();
    json!({
        "feed": night.vehicle.feed_id,
        "vehicle_id": night.vehicle.vehicle_id,
        "contractor": night.contractor,
        "first_fix_at": night.heard.as_ref().map(|h| h.first_fix_at),
        "last_fix_at": night.heard.as_ref().map(|h| h.last_fix_at),
        "fixes": night.heard.as_ref().map_or(0, |h| h.fixes),
        "lines": night.lines,
        "log": night.log,
        "differences": night.differences,
        "passes": passes,
    })
}

//! `POST /api/v1/plans`.

use super::place::PlaceBody;
use super::standing::Standing;
use super::{id_or_new, keep, read};
use crate::http::listing::laid_answer;
use crate::http::officer::Officer;
use crate::http::{AppState, Problem, body};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use domain::plan::{Plan, PlanState};
use domain::work::WorkKind;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use store::Facts;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanBody {
    id: Option<String>,
    work_kind: WorkKind,
    state: Option<PlanState>,
    from: Timestamp,
    until: Timestamp,
    place: PlaceBody,
    #[serde(default)]
    note: String,
}

/// Records a plan, or with the id of one that is there what has become of it.
pub(in crate::http) async fn plan(
    State(state): State<AppState>,
    officer: Officer,
    headers: HeaderMap,
    body: Body,
) -> Result<impl IntoResponse, Problem> {
    let bytes = read(&headers, body).await?;
    let said: PlanBody = body::json(&bytes)?;
    if said.until <= said.from {
        return Err(Problem::unprocessable("until: is not after from"));
    }
    let view = state.views.borrow().clone();
    let plan = Plan {
        id: id_or_new(said.id)?,
        work: said.work_kind,
        state: said.state.unwrap_or(PlanState::Planned),
        from: said.from,
        until: said.until,
        place: said.place.place(&view)?,
        note: said.note,
    };
    let standing = Standing::of(&state, &officer, &plan.place).await?;
    let id = plan.id.clone();
    let facts = Facts {
        plans: vec![plan],
        ..Facts::default()
    };
    let now = state.clock.now();
    let feed_id = keep(
        &state,
        &standing.manager_code,
        &officer.name,
        &bytes,
        facts,
        now,
    )
    .await?;
    let mut answer = json!({
        "feed": feed_id,
        "plan": id,
        "recorded_by": officer.name,
        "received_at": now,
        "network": laid_answer(Some(&standing.laid_then(now))),
    });
    standing.warn(&mut answer);
    Ok((StatusCode::CREATED, Json(answer)))
}

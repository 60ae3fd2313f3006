//! `/livez`: the process runs. `/readyz`: it can answer for the map.

use super::{AppState, Problem};
use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

pub(super) async fn livez() -> &'static str {
    "ok\n"
}

pub(super) async fn readyz(State(state): State<AppState>) -> Result<Json<Value>, Problem> {
    state
        .store
        .ping()
        .await
        .map_err(|_| Problem::unavailable("the database does not answer"))?;
    let view = state.views.borrow().clone();
    if view.network_version == 0 {
        return Err(Problem::unavailable(
            "there is no road network; run `yukimichi roads import FILE`",
        ));
    }
    let now = state.clock.now();
    // Their ages are told, not judged: `serve` may run on one machine and `dispatch` on another.
    let cycles: serde_json::Map<String, Value> = state
        .store
        .worker_cycles()
        .await?
        .into_iter()
        .map(|cycle| {
            let age_s = now.duration_since(cycle.ended_at).as_secs();
            let told = json!({"ended_at": cycle.ended_at, "age_s": age_s, "did": cycle.detail});
            (cycle.worker, told)
        })
        .collect();
    Ok(Json(json!({
        "status": "ok",
        "cycles": cycles,
        "network_version": view.network_version,
        "segments": view.network.segments().len(),
        "sequence": view.status.sequence(),
    })))
}

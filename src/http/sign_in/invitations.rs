//! `POST /api/v1/invitations`: the person who was let in chooses a password, once.

use super::origin;
use super::session::{MAX_BYTES, begin};
use crate::api_key::random_hex;
use crate::http::{AppState, Problem, body};
use crate::passwords::refuse_new;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

/// How long an invitation holds.
const HOLDS: SignedDuration = SignedDuration::from_hours(72);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TakeBody {
    token: String,
    password: String,
}

/// A new invitation for an account, which ends the former one. It is told once.
pub(super) async fn make(state: &AppState, account_id: i64) -> Result<Value, Problem> {
    let token = random_hex();
    let now = state.wall_clock.now();
    let expires_at = now.saturating_add(HOLDS).unwrap_or(now);
    state
        .store
        .keep_invitation(&token, account_id, now, expires_at)
        .await?;
    // Behind a #, which browsers send to no server.
    let page = format!("/board#invitation={token}");
    Ok(json!({ "token": token, "page": page, "expires_at": expires_at }))
}

/// Sets the password of an invitation's account and signs in.
pub(in crate::http) async fn take(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    origin::refuse_foreign(&headers)?;
    let bytes = body::read(&headers, body, &["application/json"], MAX_BYTES).await?;
    let said: TakeBody = body::json(&bytes)?;
    if let Some(reason) = refuse_new(&said.password) {
        return Err(Problem::unprocessable(format!("password: {reason}")));
    }
    let hashed = state.passwords.hash(said.password).await;
    let hashed = hashed.map_err(Problem::internal)?;
    let now = state.wall_clock.now();
    let taken = state
        .store
        .take_invitation(&said.token, &hashed, now)
        .await?;
    let account = match taken {
        Some(account_id) => state.store.account(account_id).await?,
        None => None,
    };
    let account = account.ok_or_else(|| {
        Problem::unprocessable("token: the invitation is unknown, over, or was taken already")
    })?;
    begin(&state, &headers, account).await
}

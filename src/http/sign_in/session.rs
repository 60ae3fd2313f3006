//! `/api/v1/session`: sign in, who am I, sign out.

use super::address::ClientAddress;
use super::{SignedIn, cookie, origin};
use crate::api_key::random_hex;
use crate::http::{AppState, Problem, body};
use crate::passwords::{LONGEST, refuse_new};
use axum::Json;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::sign_in::{FailureScope, SessionLife};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Account;

pub(super) const MAX_BYTES: usize = 8 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignInBody {
    email: String,
    password: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PasswordBody {
    password: String,
    new_password: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct SignOutQuery {
    #[serde(default)]
    everywhere: bool,
}

/// Signs in. A wrong address and a wrong password are answered alike, after the same time.
pub(in crate::http) async fn sign_in(
    State(state): State<AppState>,
    from: ClientAddress,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    origin::refuse_foreign(&headers)?;
    let bytes = body::read(&headers, body, &["application/json"], MAX_BYTES).await?;
    let said: SignInBody = body::json(&bytes)?;
    let email = said.email.trim().to_lowercase();
    let subjects = count_before_looking(&state, &email, &from).await?;
    let found = match said.password.len() {
        0..=LONGEST => state.store.account_by_email(&email).await?,
        _ => None,
    };
    let (account, phc) = match found {
        Some((account, phc)) if account.disabled_at.is_none() => (Some(account), phc),
        _ => (None, None),
    };
    let right = state
        .passwords
        .is_right(said.password, phc)
        .await
        .map_err(Problem::internal)?;
    let account = account
        .filter(|_| right)
        .ok_or_else(|| Problem::unauthorized("the address or the password is wrong"))?;
    let now = state.wall_clock.now();
    // The address keeps its count: with an account of one's own others could be guessed at for ever.
    state.store.forget_failures(&subjects[..2], now).await?;
    if let Some(former) = cookie::token(&headers) {
        state.store.end_session(&former).await?;
    }
    begin(&state, &headers, account).await
}

/// Counts a failure of the account and the address, and refuses who must still wait.
async fn count_before_looking(
    state: &AppState,
    email: &str,
    ClientAddress(address): &ClientAddress,
) -> Result<Vec<String>, Problem> {
    let now = state.wall_clock.now();
    let (scopes, subjects): (Vec<FailureScope>, Vec<String>) = [
        (
            FailureScope::AccountFromAddress,
            format!("both {email} {address}"),
        ),
        (FailureScope::Account, format!("account {email}")),
        (FailureScope::Address, format!("address {address}")),
    ]
    .into_iter()
    .unzip();
    let gate = state.store.sign_in_gate(&subjects, now).await?;
    let waits = scopes.iter().zip(&gate.failures);
    let wait = waits
        .map(|(scope, failures)| scope.wait(*failures, now))
        .max();
    if let Some(wait) = wait.filter(|wait| wait.is_positive()) {
        // Not counted: who is kept waiting must not be kept for ever by asking.
        return Err(Problem::too_many_requests(
            "too many wrong passwords; wait a little",
            wait,
        ));
    }
    gate.count_failure(now).await?;
    Ok(subjects)
}

/// Opens a session and gives it to the browser.
pub(super) async fn begin(
    state: &AppState,
    headers: &HeaderMap,
    account: Account,
) -> Result<Response, Problem> {
    let token = random_hex();
    let (life, now) = (SessionLife::default(), state.wall_clock.now());
    state
        .store
        .open_session(&token, account.id, life, now)
        .await?;
    let set = cookie::set(headers, &token, life)
        .ok_or_else(|| Problem::internal("the session's cookie can't be written"))?;
    let answer = answer(state, &SignedIn { token, account }).await?;
    let headers = [(header::CACHE_CONTROL, "no-store")];
    let mut response = (StatusCode::CREATED, headers, Json(answer)).into_response();
    response.headers_mut().insert(header::SET_COOKIE, set);
    Ok(response)
}

/// Tells who is signed in, and for which road managers.
pub(in crate::http) async fn who_am_i(
    State(state): State<AppState>,
    signed_in: Option<SignedIn>,
) -> Result<impl IntoResponse, Problem> {
    let answer = match signed_in {
        Some(signed_in) => answer(&state, &signed_in).await?,
        None => json!({ "signed_in": false, "simulated": state.simulated }),
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)))
}

async fn answer(state: &AppState, signed_in: &SignedIn) -> Result<Value, Problem> {
    let known = state.store.road_managers().await?;
    let account = &signed_in.account;
    let managers: Vec<Value> = account
        .memberships
        .iter()
        .map(|m| {
            let manager = known.iter().find(|known| known.code == m.manager_code);
            json!({ "manager": manager, "role": m.role })
        })
        .collect();
    Ok(json!({
        "signed_in": true,
        "simulated": state.simulated,
        "account": { "id": account.id, "email": account.email, "name": account.name },
        "managers": managers,
        "csrf_token": origin::csrf_token(&signed_in.token),
    }))
}

/// Signs out, here or on every device.
pub(in crate::http) async fn sign_out(
    State(state): State<AppState>,
    signed_in: Option<SignedIn>,
    Query(query): Query<SignOutQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(signed_in) = signed_in {
        match query.everywhere {
            true => drop(state.store.end_sessions_of(signed_in.account.id).await?),
            false => state.store.end_session(&signed_in.token).await?,
        }
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(gone) = cookie::set(&headers, "", SessionLife::default()) {
        response.headers_mut().insert(header::SET_COOKIE, gone);
    }
    Ok(response)
}

/// Chooses a new password, which ends all other sessions.
pub(in crate::http) async fn change_password(
    State(state): State<AppState>,
    signed_in: SignedIn,
    from: ClientAddress,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = body::read(&headers, body, &["application/json"], MAX_BYTES).await?;
    let said: PasswordBody = body::json(&bytes)?;
    if let Some(reason) = refuse_new(&said.new_password) {
        return Err(Problem::unprocessable(format!("new_password: {reason}")));
    }
    let email = &signed_in.account.email;
    let subjects = count_before_looking(&state, email, &from).await?;
    let phc = state.store.account_by_email(email).await?;
    let phc = phc.and_then(|(_, phc)| phc);
    let right = state.passwords.is_right(said.password, phc).await;
    if !right.map_err(Problem::internal)? {
        return Err(Problem::forbidden("password: is wrong"));
    }
    let now = state.wall_clock.now();
    state.store.forget_failures(&subjects[..2], now).await?;
    let hashed = state.passwords.hash(said.new_password).await;
    let hashed = hashed.map_err(Problem::internal)?;
    state
        .store
        .set_password(signed_in.account.id, &hashed)
        .await?;
    begin(&state, &headers, signed_in.account).await
}

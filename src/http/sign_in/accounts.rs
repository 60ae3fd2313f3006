//! `/api/v1/accounts`: who may sign in for a road manager. For its admins only.

use super::invitations;
use super::session::MAX_BYTES;
use crate::http::officer::Officer;
use crate::http::{AppState, Problem, body};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use domain::sign_in::Role;
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Account, Membership, RoleChange};

const LONGEST: usize = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewAccount {
    email: String,
    name: String,
    role: Role,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewRole {
    role: Role,
}

/// The accounts of the admin's road manager.
pub(in crate::http) async fn list(
    State(state): State<AppState>,
    admin: Officer,
) -> Result<impl IntoResponse, Problem> {
    let manager = admin.admin_of()?;
    let accounts = state.store.accounts(Some(manager)).await?;
    let items: Vec<Value> = accounts.iter().map(|a| answer(a, manager)).collect();
    let list = json!({ "manager": manager, "items": items });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(list)))
}

/// Lets a person in, with an invitation where the address has no account yet.
pub(in crate::http) async fn let_in(
    State(state): State<AppState>,
    admin: Officer,
    headers: HeaderMap,
    body: Body,
) -> Result<impl IntoResponse, Problem> {
    let manager = admin.admin_of()?;
    let bytes = body::read(&headers, body, &["application/json"], MAX_BYTES).await?;
    let said: NewAccount = body::json(&bytes)?;
    let email = email_of(&said.email).ok_or_else(|| Problem::unprocessable("email: is none"))?;
    let name = said.name.trim();
    if name.is_empty() || name.len() > LONGEST {
        return Err(Problem::unprocessable(
            "name: what is recorded stands under it",
        ));
    }
    let now = state.wall_clock.now();
    let made = state.store.make_account(&email, name, None, now).await?;
    let account_id = match made {
        Some(account_id) => account_id,
        None => known(&state, &email, manager).await?,
    };
    let membership = Membership {
        manager_code: manager.to_owned(),
        role: said.role,
    };
    let granted = state
        .store
        .grant_role(account_id, &membership, &admin.name, now)
        .await?;
    if !granted {
        return Err(Problem::conflict(format!(
            "{email} has a role here already"
        )));
    }
    let invitation = match made {
        Some(account_id) => Some(invitations::make(&state, account_id).await?),
        None => None,
    };
    let account = account_of(&state, account_id, manager).await?;
    let mut told = answer(&account, manager);
    told["invitation"] = json!(invitation);
    let headers = [(header::CACHE_CONTROL, "no-store")];
    Ok((StatusCode::CREATED, headers, Json(told)))
}

/// Changes a person's role.
pub(in crate::http) async fn change(
    State(state): State<AppState>,
    admin: Officer,
    Path(account_id): Path<i64>,
    headers: HeaderMap,
    body: Body,
) -> Result<impl IntoResponse, Problem> {
    let manager = admin.admin_of()?;
    let bytes = body::read(&headers, body, &["application/json"], MAX_BYTES).await?;
    let said: NewRole = body::json(&bytes)?;
    change_role(&state, &admin, account_id, Some(said.role)).await?;
    let account = account_of(&state, account_id, manager).await?;
    Ok(Json(answer(&account, manager)))
}

/// Takes a person's role with this manager away.
pub(in crate::http) async fn put_out(
    State(state): State<AppState>,
    admin: Officer,
    Path(account_id): Path<i64>,
) -> Result<impl IntoResponse, Problem> {
    change_role(&state, &admin, account_id, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A new invitation, for who lost the first or forgot the password.
pub(in crate::http) async fn invite(
    State(state): State<AppState>,
    admin: Officer,
    Path(account_id): Path<i64>,
) -> Result<impl IntoResponse, Problem> {
    let manager = admin.admin_of()?;
    let account = account_of(&state, account_id, manager).await?;
    // Whoever invites could take the account: never one that acts for somebody else too.
    if account
        .memberships
        .iter()
        .any(|m| m.manager_code != manager)
    {
        return Err(Problem::forbidden(
            "the account belongs to other road managers too; `yukimichi admin reset` sets its password",
        ));
    }
    let invitation = invitations::make(&state, account_id).await?;
    let headers = [(header::CACHE_CONTROL, "no-store")];
    Ok((StatusCode::CREATED, headers, Json(invitation)))
}

async fn change_role(
    state: &AppState,
    admin: &Officer,
    account_id: i64,
    role: Option<Role>,
) -> Result<(), Problem> {
    let manager = admin.admin_of()?;
    let now = state.wall_clock.now();
    let done = state
        .store
        .change_role(account_id, manager, role, &admin.name, now)
        .await?;
    match done {
        RoleChange::Done => Ok(()),
        RoleChange::NotThere => Err(Problem::not_found(format!(
            "no account {account_id} belongs to this road manager"
        ))),
        RoleChange::LastAdmin => Err(Problem::conflict(
            "it would leave the road manager without an admin",
        )),
    }
}

/// The account that an address has already. One whose password is still to be chosen may be in the
/// hands of whoever invited it.
async fn known(state: &AppState, email: &str, manager: &str) -> Result<i64, Problem> {
    let found = state.store.account_by_email(email).await?;
    let (account, _) = found.ok_or_else(|| Problem::internal("an account came and went"))?;
    let foreign = account
        .memberships
        .iter()
        .any(|m| m.manager_code != manager);
    if foreign && !account.has_password {
        return Err(Problem::conflict(format!(
            "{email} was invited by another road manager and has not chosen a password yet"
        )));
    }
    Ok(account.id)
}

async fn account_of(state: &AppState, account_id: i64, manager: &str) -> Result<Account, Problem> {
    let account = state.store.account(account_id).await?;
    account
        .filter(|a| a.memberships.iter().any(|m| m.manager_code == manager))
        .ok_or_else(|| {
            Problem::not_found(format!(
                "no account {account_id} belongs to this road manager"
            ))
        })
}

fn answer(account: &Account, manager: &str) -> Value {
    let here = account
        .memberships
        .iter()
        .find(|m| m.manager_code == manager);
    json!({
        "id": account.id,
        "email": account.email,
        "name": account.name,
        "role": here.map(|m| m.role),
        "has_password": account.has_password,
        "disabled_at": account.disabled_at,
        "made_at": account.made_at,
    })
}

/// An address in the form in which it is kept; `None` where it can't be one.
fn email_of(text: &str) -> Option<String> {
    let email = text.trim().to_lowercase();
    let (local, host) = email.rsplit_once('@')?;
    let whole = !local.is_empty() && !host.is_empty() && email.len() <= LONGEST;
    (whole && !email.contains(|c: char| c.is_whitespace() || c.is_control())).then_some(email)
}

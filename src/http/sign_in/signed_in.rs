//! The session of a request.

use super::{cookie, origin};
use crate::http::{AppState, Problem};
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use domain::sign_in::SessionLife;
use store::Account;

/// A request of a person who signed in; one that changes something was sent by our own page.
#[derive(Debug, Clone)]
pub(in crate::http) struct SignedIn {
    /// The session's token.
    pub(super) token: String,
    /// Whose session it is.
    pub account: Account,
}

impl SignedIn {
    /// The session of a request; `None` without one, or with one that is over.
    ///
    /// # Errors
    /// 403 for a request that changes something and was not sent by our own page.
    pub(in crate::http) async fn of(
        parts: &Parts,
        state: &AppState,
    ) -> Result<Option<Self>, Problem> {
        let Some(token) = cookie::token(&parts.headers) else {
            return Ok(None);
        };
        let now = state.wall_clock.now();
        let life = SessionLife::default();
        let account = state.store.session_account(&token, life, now).await?;
        let Some(account) = account else {
            return Ok(None);
        };
        if !parts.method.is_safe() {
            origin::refuse_forged(&parts.headers, &token)?;
        }
        Ok(Some(SignedIn { token, account }))
    }
}

impl OptionalFromRequestParts<AppState> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Option<Self>, Problem> {
        Self::of(parts, state).await
    }
}

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let found = Self::of(parts, state).await?;
        found.ok_or_else(|| Problem::unauthorized("sign in first: POST /api/v1/session"))
    }
}

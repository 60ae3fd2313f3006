//! Who asks: the key in `Authorization: Bearer`.

use super::{AppState, Problem};
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use store::KeyHolder;

/// A request that carries a feed's key.
#[derive(Debug)]
pub(super) struct FeedKey {
    /// The feed.
    pub feed_id: String,
}

/// A request that carries a person's key.
#[derive(Debug)]
pub(super) struct OperatorKey {
    /// Code of the road manager for whom the person records.
    pub manager_code: String,
    /// The person's name.
    pub name: String,
    /// Whether the person may record on roads of other managers too.
    pub any_manager: bool,
}

/// A request that may carry a person's key: people's names are told to their own manager only.
#[derive(Debug)]
pub(super) struct Reader(Option<OperatorKey>);

impl Reader {
    /// Whether names that stand beside this manager's records may be told.
    pub(super) fn knows_names_of(&self, manager_code: Option<&str>) -> bool {
        let own = self.0.as_ref().map(|key| key.manager_code.as_str());
        own.is_some() && own == manager_code
    }
}

impl From<OperatorKey> for Reader {
    fn from(key: OperatorKey) -> Self {
        Reader(Some(key))
    }
}

impl FromRequestParts<AppState> for Reader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        if !parts.headers.contains_key(header::AUTHORIZATION) {
            return Ok(Reader(None));
        }
        OperatorKey::from_request_parts(parts, state)
            .await
            .map(Reader::from)
    }
}

impl FromRequestParts<AppState> for FeedKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        match holder(parts, state).await? {
            KeyHolder::Feed { feed_id } => Ok(FeedKey { feed_id }),
            KeyHolder::Operator { .. } => Err(Problem::forbidden(
                "this is a person's key; pushing takes a feed's: `yukimichi feeds key FEED`",
            )),
        }
    }
}

impl FromRequestParts<AppState> for OperatorKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        match holder(parts, state).await? {
            KeyHolder::Operator {
                manager_code,
                name,
                any_manager,
            } => Ok(OperatorKey {
                manager_code,
                name,
                any_manager,
            }),
            KeyHolder::Feed { .. } => Err(Problem::forbidden(
                "this is a feed's key; recording by hand takes a person's: \
                 `yukimichi operator key MANAGER --name NAME`",
            )),
        }
    }
}

async fn holder(parts: &Parts, state: &AppState) -> Result<KeyHolder, Problem> {
    let key = parts
        .headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, key)| key.trim());
    let Some(key) = key else {
        return Err(Problem::unauthorized(
            "a key is needed: Authorization: Bearer KEY",
        ));
    };
    let holder = state.store.key_holder(key).await?;
    holder.ok_or_else(|| Problem::unauthorized("the key is unknown or was revoked"))
}

//! Keys in `Authorization: Bearer`.

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

impl FromRequestParts<AppState> for FeedKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let key = key_of(parts)
            .ok_or_else(|| Problem::unauthorized("a key is needed: Authorization: Bearer KEY"))?;
        match key_holder(key, state).await? {
            KeyHolder::Feed { feed_id } => Ok(FeedKey { feed_id }),
            KeyHolder::Operator { .. } => Err(Problem::forbidden(
                "this is a person's key; pushing takes a feed's: `yukimichi feeds key FEED`",
            )),
        }
    }
}

/// What stands in `Authorization`: an empty key where that is none, so that it is refused.
pub(super) fn key_of(parts: &Parts) -> Option<&str> {
    let given = parts.headers.get(header::AUTHORIZATION)?;
    let key = given
        .to_str()
        .ok()
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, key)| key.trim());
    Some(key.unwrap_or_default())
}

/// Whom a key speaks for.
///
/// # Errors
/// 401 for a key that is unknown or revoked.
pub(super) async fn key_holder(key: &str, state: &AppState) -> Result<KeyHolder, Problem> {
    let holder = state.store.key_holder(key).await?;
    holder.ok_or_else(|| Problem::unauthorized("the key is unknown or was revoked"))
}

//! What a person records by hand (design §6): a closure, a plan, or what was said of an order. It
//! stands under the officer's name.

mod closures;
mod place;
mod plans;
mod reports;
mod standing;

pub(super) use closures::{close, one as closure, reopen};
pub(super) use plans::plan;
pub(super) use reports::report;

use super::{AppState, Problem, body};
use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use jiff::Timestamp;
use serde_json::json;
use store::{Batch, Facts, payload_sha256};

/// Largest body that a person's record takes.
const MAX_BYTES: usize = 1024 * 1024;

async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
    body::read(headers, body, &["application/json"], MAX_BYTES).await
}

/// Keeps facts under the manager's feed of facts recorded by hand, with the body as it came.
async fn keep(
    state: &AppState,
    manager_code: &str,
    recorded_by: &str,
    bytes: &[u8],
    facts: Facts,
    now: Timestamp,
) -> Result<String, Problem> {
    let feed_id = state.store.by_hand_feed(manager_code).await?;
    let sha256 = payload_sha256(bytes);
    let batch = Batch {
        recorded_by: Some(recorded_by),
        ..Batch::of(now, bytes, &sha256, &facts)
    };
    state.store.keep_pushed(&feed_id, &batch).await?;
    Ok(feed_id)
}

/// The id that a person gave, else one of its own. With the same id again it is the same fact.
fn id_or_new(id: Option<String>) -> Result<String, Problem> {
    match id {
        None => Ok(format!("{:016x}", rand::random::<u64>())),
        Some(id) if (1..=200).contains(&id.len()) && !id.contains(char::is_control) => Ok(id),
        Some(_) => Err(Problem::unprocessable("id: 1 to 200 printable characters")),
    }
}

/// 422 for a member of the body; the problem's `field` names it.
fn bad_field(field: &str, reason: &str) -> Problem {
    Problem::unprocessable(format!("{field}: {reason}")).with("field", json!(field))
}

fn not_empty(field: &str, text: &str) -> Result<String, Problem> {
    match text.trim() {
        "" => Err(bad_field(field, "is empty")),
        text => Ok(text.to_owned()),
    }
}

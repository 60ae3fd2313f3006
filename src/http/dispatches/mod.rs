//! `/api/v1/dispatches` and `/api/v1/call/{token}`: call-outs, for the road manager's own people by
//! key and for a contact by the one-time link. No route that shows or changes a call-out is open, GET
//! changes nothing, and every answer is `no-store`.

mod acts;
mod answer;
mod call;
mod list;
mod opening;

pub(super) use acts::act;
pub(super) use call::{answer as answer_call, show as show_call, subscribe};
pub(super) use list::{list, one};
pub(super) use opening::open;

use super::{AppState, Problem, body};
use crate::call_outs::{Outcome, happen};
use axum::Json;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use dispatch::life::Event;
use serde_json::{Value, json};
use store::{DispatchRecord, payload_sha256};

/// Largest body that is taken.
const MAX_BYTES: usize = 64 * 1024;
const LONGEST_KEY: usize = 200;

/// Whose call-out, and which.
#[derive(Debug, Clone, Copy)]
struct Which<'a> {
    manager_code: &'a str,
    id: i64,
}

/// A request that is done once, however often it comes.
#[derive(Debug, Clone)]
struct Once {
    key: String,
    sha256: Vec<u8>,
}

async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
    body::read(headers, body, &["application/json"], MAX_BYTES).await
}

/// `Idempotency-Key` (the IETF draft of that name); `what` tells requests apart that have one body.
fn once(headers: &HeaderMap, what: &str, bytes: &[u8]) -> Result<Option<Once>, Problem> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let key = value.to_str().unwrap_or_default().trim();
    if key.is_empty() || key.len() > LONGEST_KEY {
        return Err(Problem::bad_request(format!(
            "Idempotency-Key: 1 to {LONGEST_KEY} printable ASCII characters"
        )));
    }
    let sha256 = payload_sha256(&[what.as_bytes(), b"\n", bytes].concat());
    Ok(Some(Once {
        key: key.to_owned(),
        sha256,
    }))
}

fn required(once: Option<Once>) -> Result<Once, Problem> {
    once.ok_or_else(|| {
        Problem::bad_request(
            "the header Idempotency-Key is needed: a new one for each act, the same one again for \
             a repeated request",
        )
    })
}

/// Lets an event happen, once for each key.
async fn do_once(
    state: &AppState,
    which: Which<'_>,
    event: &Event,
    once: Option<Once>,
) -> Result<DispatchRecord, Problem> {
    if let Some(once) = &once
        && let Some(record) = done_before(state, which, once).await?
    {
        return Ok(record);
    }
    let request = once.clone().map(|once| (once.key, once.sha256));
    let now = state.clock.now();
    let store = &state.store;
    let done = happen(store, which.manager_code, which.id, event, request, now).await;
    let outcome = match (done, &once) {
        (Ok(outcome), _) => outcome,
        // Two requests with one key at once: the other was faster.
        (Err(error), Some(once)) => match done_before(state, which, once).await? {
            Some(record) => return Ok(record),
            None => return Err(Problem::internal(error)),
        },
        (Err(error), None) => return Err(Problem::internal(error)),
    };
    match outcome {
        Outcome::Done(record) => Ok(*record),
        Outcome::Unknown => Err(unknown(which.id)),
        Outcome::Refused(refused) => {
            Err(Problem::conflict(refused.to_string()).with("detail_ja", refused.ja().into()))
        }
    }
}

async fn done_before(
    state: &AppState,
    which: Which<'_>,
    once: &Once,
) -> Result<Option<DispatchRecord>, Problem> {
    let store = &state.store;
    let known = store
        .request_with_key(which.manager_code, which.id, &once.key)
        .await?;
    match known {
        None => Ok(None),
        Some(sha256) if sha256 == once.sha256 => {
            Ok(store.dispatch(which.manager_code, which.id).await?)
        }
        Some(_) => Err(Problem::unprocessable(
            "Idempotency-Key: was used for another request",
        )),
    }
}

fn unknown(id: i64) -> Problem {
    Problem::not_found(format!("there is no call-out {id}"))
}

fn private(answer: Value) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response()
}

/// Around an answer, what all of them say.
fn framed(state: &AppState, name: &str, value: Value) -> Value {
    let mut answer = json!({"now": state.clock.now(), "simulated": state.simulated});
    answer[name] = value;
    answer
}

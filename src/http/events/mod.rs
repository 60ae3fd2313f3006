//! `/api/v1/events`: server-sent events of what has changed on the map.
//!
//! An event's id is the network's version and the highest change that it tells of. All clients are sent
//! the same bytes; a client that comes back with `Last-Event-ID` is told first, in one event, of
//! everything that changed in between. Whoever does not read is dropped, and may come back.

mod announcement;
mod hub;
#[cfg(test)]
mod tests;

pub use hub::EventHub;

use super::{AppState, Problem};
use announcement::{Announcement, EventId};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;

/// A word at least this often, so that both ends notice a lost connection.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
const KEEP_ALIVE_COMMENT: Bytes = Bytes::from_static(b":\n\n");
/// How long a client waits before it comes back.
const GREETING: &str = "retry: 3000\n\n";

/// A client's place in the stream.
struct Listening {
    first: Option<Bytes>,
    /// What the client knows by then; older announcements are not repeated.
    known: EventId,
    receiver: Receiver<Arc<Announcement>>,
}

pub(super) async fn events(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    // Before the view is read: what comes in between is heard twice, and left out once.
    let receiver = state.events.subscribe().ok_or_else(|| {
        Problem::unavailable("this server has as many listeners as it can serve; try again later")
    })?;
    let view = Arc::clone(&state.views.borrow());
    let now = EventId {
        network_version: view.network_version,
        sequence: view.status.sequence(),
    };
    let missed = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok())
        .map(|id| Announcement::since(EventId::parse(id), &view));
    let (known, told) = match missed {
        Some(missed) => (missed.id, missed.bytes),
        None => (now, Bytes::new()),
    };
    let listening = Listening {
        first: Some([GREETING.as_bytes(), &told].concat().into()),
        known,
        receiver,
    };
    let body = Body::from_stream(stream::unfold(listening, next));
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    // nginx would hold events back.
    Ok((headers, [("x-accel-buffering", "no")], body).into_response())
}

/// The next bytes for a client; `None` ends its connection.
async fn next(mut at: Listening) -> Option<(Result<Bytes, std::convert::Infallible>, Listening)> {
    if let Some(first) = at.first.take() {
        return Some((Ok(first), at));
    }
    loop {
        match tokio::time::timeout(KEEP_ALIVE, at.receiver.recv()).await {
            Err(_) => return Some((Ok(KEEP_ALIVE_COMMENT), at)),
            // A client that reads too slowly has missed something, or the server stops.
            Ok(Err(_)) => return None,
            Ok(Ok(news)) if news.id.is_after(at.known) => {
                at.known = news.id;
                return Some((Ok(news.bytes.clone()), at));
            }
            Ok(Ok(_)) => {}
        }
    }
}

//! The three managers' feeds over HTTP, each in its own shape.

mod national;
mod prefecture;
mod town;

pub(super) use national::WORK_WORDS;
pub(super) use prefecture::WORK_WORDS as BLADE_WORDS;
pub(super) use town::WORK_ELEMENT;

#[cfg(test)]
mod tests;

use super::dirt::{self, Flaw};
use super::fleet::Fleet;
use super::night::Night;
use super::outage;
use crate::clock::Clock;
use anyhow::Context;
use axum::Router;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH, RETRY_AFTER};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::fix::PlowFix;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp, Zoned};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// A poll that comes this late still loses nothing.
const WINDOW: SignedDuration = SignedDuration::from_mins(10);

/// Japan has one offset and no summer time; a demo needs no zone database for it.
const JST: TimeZone = TimeZone::fixed(Offset::constant(9));

/// Where each fleet's feed is.
pub(super) fn path(fleet: Fleet) -> &'static str {
    match fleet {
        Fleet::National => "/national/positions.json",
        Fleet::Prefecture => "/prefecture/plows.csv",
        Fleet::Town => "/town/josetsu.gpx",
    }
}

/// Serves the night's feeds until `shutdown`.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: tokio::net::TcpListener,
    night: Arc<Night>,
    clock: Arc<dyn Clock>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    axum::serve(listener, router(night, clock))
        .with_graceful_shutdown(shutdown)
        .await
        .context("the demo's feeds stopped")
}

/// The feeds' routes.
pub fn router(night: Arc<Night>, clock: Arc<dyn Clock>) -> Router {
    let source = Source { night, clock };
    let mut router = Router::new();
    for fleet in Fleet::ALL {
        let answer = move |State(source): State<Source>, headers: HeaderMap| async move {
            source.answer(fleet, headers).await
        };
        router = router.route(path(fleet), get(answer));
    }
    router.with_state(source)
}

#[derive(Clone)]
struct Source {
    night: Arc<Night>,
    clock: Arc<dyn Clock>,
}

impl Source {
    async fn answer(self, fleet: Fleet, headers: HeaderMap) -> Response {
        let now = self.clock.now();
        if outage::server_is_down(fleet, self.night.epoch(), now) {
            let again = outage::RETRY_AFTER_S.to_string();
            return (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, again)]).into_response();
        }
        // A night that is resumed late is driven again first, which takes a while.
        let body = tokio::task::spawn_blocking(move || body(&self.night, fleet, now)).await;
        match body {
            Ok(body) if fleet == Fleet::Prefecture => with_etag(fleet, body, &headers),
            Ok(body) => answer(fleet, body),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
}

/// One record of a feed, good or gone wrong.
#[derive(Debug)]
struct Report {
    fix: PlowFix,
    flaw: Option<Flaw>,
}

/// What a feed says at a moment.
fn body(night: &Night, fleet: Fleet, now: Timestamp) -> Vec<u8> {
    let (from, epoch) = (
        now.saturating_sub(WINDOW).unwrap_or(Timestamp::MIN),
        night.epoch(),
    );
    let mut fixes = night.fixes_between(fleet, from, now);
    fixes.retain(|fix| !outage::report_is_lost(fleet, &fix.vehicle_id, epoch, fix.observed_at));
    let bad = dirt::bad_records(fleet, epoch, [from, now], &fixes);
    let good = fixes.into_iter().map(|fix| Report { fix, flaw: None });
    let bad = bad.into_iter().map(|(fix, flaw)| Report {
        fix,
        flaw: Some(flaw),
    });
    let reports: Vec<Report> = good.chain(bad).collect();
    match fleet {
        Fleet::National => national::document(&reports, now),
        Fleet::Prefecture => prefecture::document(&reports),
        Fleet::Town => town::document(&reports),
    }
}

fn in_japan(at: Timestamp) -> Zoned {
    at.to_zoned(JST)
}

fn answer(fleet: Fleet, body: Vec<u8>) -> Response {
    let content_type = match fleet {
        Fleet::National => "application/json; charset=utf-8",
        Fleet::Prefecture => "text/csv; charset=Shift_JIS",
        Fleet::Town => "application/gpx+xml",
    };
    ([(CONTENT_TYPE, content_type)], body).into_response()
}

fn with_etag(fleet: Fleet, body: Vec<u8>, headers: &HeaderMap) -> Response {
    let mut hasher = DefaultHasher::new();
    body.hash(&mut hasher);
    let etag = format!("\"{:016x}\"", hasher.finish());
    let known = headers
        .get(IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|tags| {
            tags.split(',')
                .map(|tag| tag.trim().trim_start_matches("W/"))
                .any(|tag| tag == "*" || tag == etag)
        });
    if known {
        (StatusCode::NOT_MODIFIED, [(ETAG, etag)]).into_response()
    } else {
        ([(ETAG, etag)], answer(fleet, body)).into_response()
    }
}

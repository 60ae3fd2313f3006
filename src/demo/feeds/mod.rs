//! The three managers' feeds of plows, one of snow gauges and one of zones over HTTP, each in its own shape.

mod gauges;
mod national;
mod prefecture;
mod town;
mod zones;

pub(super) use gauges::COLUMNS as GAUGE_COLUMNS;
pub(super) use national::WORK_WORDS as NATIONAL_WORDS;
pub(super) use prefecture::WORK_WORDS as PREFECTURE_WORDS;
pub(super) use town::COLUMNS as TOWN_COLUMNS;

#[cfg(test)]
mod tests;

use super::dirt::{self, Flaw};
use super::fleet::Fleet;
use super::night::Night;
use super::trouble;
use crate::clock::Clock;
use anyhow::Context;
use axum::Router;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::japan_time::JST;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// A poll that comes this late still loses nothing.
const WINDOW: SignedDuration = SignedDuration::from_mins(10);

/// Where each fleet's feed is.
pub(super) fn path(fleet: Fleet) -> &'static str {
    match fleet {
        Fleet::National => "/national/positions.json",
        Fleet::Prefecture => "/prefecture/plows.gpx",
        Fleet::Town => "/town/josetsu.csv",
    }
}

/// Where the snow gauges' feed is.
pub(super) const GAUGES_PATH: &str = "/prefecture/gauges.csv";

/// Where the town's zones are.
pub(super) const ZONES_PATH: &str = "/town/zones.geojson";

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
    let gauges = |State(source): State<Source>, headers: HeaderMap| async move {
        let (night, now) = (&source.night, source.clock.now());
        let body = gauges::document(&night.map().plane, night.epoch(), now);
        with_etag("text/csv; charset=UTF-8", body, &headers)
    };
    let zones = |State(source): State<Source>, headers: HeaderMap| async move {
        let body = zones::document(&source.night.map().plane, source.night.epoch());
        with_etag("application/geo+json", body, &headers)
    };
    router
        .route(GAUGES_PATH, get(gauges))
        .route(ZONES_PATH, get(zones))
        .with_state(source)
}

#[derive(Clone)]
struct Source {
    night: Arc<Night>,
    clock: Arc<dyn Clock>,
}

impl Source {
    async fn answer(self, fleet: Fleet, headers: HeaderMap) -> Response {
        let now = self.clock.now();
        if trouble::server_is_down(fleet, self.night.epoch(), now) {
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
        // A night that is resumed late is driven again first, which takes a while.
        let body = tokio::task::spawn_blocking(move || body(&self.night, fleet, now)).await;
        match body {
            Ok(body) if fleet == Fleet::Prefecture => with_etag(media_type(fleet), body, &headers),
            Ok(body) => ([(CONTENT_TYPE, media_type(fleet))], body).into_response(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
}

/// What a feed says at a moment.
fn body(night: &Night, fleet: Fleet, now: Timestamp) -> Vec<u8> {
    let from = now.saturating_sub(WINDOW).unwrap_or(Timestamp::MIN);
    let mut fixes = night.fixes_between(fleet, from, now);
    fixes.retain(|fix| {
        !trouble::unit_is_silent(fleet, &fix.vehicle_id, night.epoch(), fix.observed_at)
    });
    let bad = dirt::bad_records(fleet, night.epoch(), [from, now], &fixes);
    match fleet {
        Fleet::National => national::document(&fixes, &bad, now).into_bytes(),
        Fleet::Prefecture => prefecture::document(&fixes, &bad).into_bytes(),
        Fleet::Town => town::document(&fixes, &bad),
    }
}

fn in_japan(at: Timestamp) -> Zoned {
    at.to_zoned(TimeZone::fixed(JST))
}

fn media_type(fleet: Fleet) -> &'static str {
    match fleet {
        Fleet::National => "application/json; charset=utf-8",
        Fleet::Prefecture => "application/gpx+xml",
        Fleet::Town => "text/csv; charset=Shift_JIS",
    }
}

fn with_etag(media_type: &'static str, body: Vec<u8>, headers: &HeaderMap) -> Response {
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
        ([(ETAG, etag), (CONTENT_TYPE, media_type.to_owned())], body).into_response()
    }
}

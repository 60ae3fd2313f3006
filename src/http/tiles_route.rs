//! `/tiles/roads/{z}/{x}/{y}`: Mapbox Vector Tiles.

use super::conditional::is_match;
use super::content_coding::chosen;
use super::{AppState, Problem};
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use tiles::{Encoding, TileCoordinate};

/// Browsers ask again after 5 s, caches between after one; most answers are then 304. Whoever finds no
/// server shows the last answer: its age is the client's to work out, and to say.
const CACHE_CONTROL: HeaderValue = HeaderValue::from_static(
    "public, max-age=5, s-maxage=1, stale-while-revalidate=5, stale-if-error=600",
);
const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("application/vnd.mapbox-vector-tile");
const VARY: HeaderValue = HeaderValue::from_static("accept-encoding");
/// Counts the ways in which this program has drawn tiles: the same facts drawn otherwise are another
/// tile.
const DRAWING: u32 = 2;

pub(super) async fn roads(
    State(state): State<AppState>,
    Path((z, x, y)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let tile = coordinate(&z, &x, &y)?;
    let encoding = chosen(&headers);
    let view = Arc::clone(&state.views.borrow());
    let etag = |sequence: i64| {
        let (edition, coding) = (view.edition(), encoding.as_str());
        format!("\"{edition}-{sequence}-{coding}.{DRAWING}\"")
    };
    if headers.contains_key(header::IF_NONE_MATCH)
        && let Some(sequence) = view.tiles.highest_sequence(tile)
    {
        let etag = etag(sequence);
        if is_match(&headers, &etag) {
            return Ok(bare(StatusCode::NOT_MODIFIED, Some(&etag)));
        }
    }
    let now = state.started.elapsed();
    let drawn = match view.tiles.ready(tile, encoding, now) {
        Some(ready) => Some(ready),
        None => {
            let view = Arc::clone(&view);
            tokio::task::spawn_blocking(move || view.tiles.draw(tile, encoding, now))
                .await
                .map_err(Problem::internal)?
                .map_err(Problem::internal)?
        }
    };
    let Some(drawn) = drawn else {
        return Ok(bare(StatusCode::NO_CONTENT, None));
    };
    let etag = etag(drawn.sequence);
    if is_match(&headers, &etag) {
        return Ok(bare(StatusCode::NOT_MODIFIED, Some(&etag)));
    }
    Ok(answer(drawn.body, encoding, &etag))
}

/// A tile.
pub(super) fn answer(body: Bytes, encoding: Encoding, etag: &str) -> Response {
    let mut response = bare(StatusCode::OK, Some(etag));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, CONTENT_TYPE);
    if encoding != Encoding::Identity {
        let name = HeaderValue::from_static(encoding.as_str());
        headers.insert(header::CONTENT_ENCODING, name);
    }
    *response.body_mut() = Body::from(body);
    response
}

/// The tile of an address; `y` may end in `.mvt` or `.pbf`.
pub(super) fn coordinate(z: &str, x: &str, y: &str) -> Result<TileCoordinate, Problem> {
    let y = y
        .strip_suffix(".mvt")
        .or_else(|| y.strip_suffix(".pbf"))
        .unwrap_or(y);
    z.parse()
        .ok()
        .zip(x.parse().ok())
        .zip(y.parse().ok())
        .and_then(|((z, x), y)| TileCoordinate::new(z, x, y))
        .ok_or_else(|| {
            Problem::not_found(format!(
                "{z}/{x}/{y} is no tile: zooms {} to {} are served",
                tiles::MIN_ZOOM,
                tiles::MAX_ZOOM
            ))
        })
}

/// An answer without a body, kept as tiles are.
pub(super) fn bare(status: StatusCode, etag: Option<&str>) -> Response {
    let mut response = status.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, CACHE_CONTROL);
    headers.insert(header::VARY, VARY);
    if let Some(etag) = etag.and_then(|e| HeaderValue::from_str(e).ok()) {
        headers.insert(header::ETAG, etag);
    }
    response
}

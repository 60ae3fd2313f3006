//! `/tiles/roads/{z}/{x}/{y}`: Mapbox Vector Tiles.

use super::{AppState, Problem};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use tiles::TileCoordinate;

/// Clients ask again after this; most answers are then 304.
const CACHE_CONTROL: &str = "public, max-age=5";
const CONTENT_TYPE: &str = "application/vnd.mapbox-vector-tile";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Identity,
    Gzip,
    Zstd,
}

impl Encoding {
    /// The best of those that the client takes; gzip where it takes several alike, since every
    /// cache and proxy knows it.
    fn chosen(headers: &HeaderMap) -> Self {
        let accepted = headers
            .get_all(header::ACCEPT_ENCODING)
            .iter()
            .filter_map(|v| v.to_str().ok())
            .flat_map(|v| v.split(','))
            .filter_map(|item| {
                let mut parts = item.trim().split(';');
                let name = parts.next()?.trim().to_ascii_lowercase();
                let refused =
                    parts.any(|p| matches!(p.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
                (!refused).then_some(name)
            });
        let mut best = Encoding::Identity;
        for name in accepted {
            match name.as_str() {
                "gzip" | "x-gzip" | "*" => return Encoding::Gzip,
                "zstd" => best = Encoding::Zstd,
                _ => {}
            }
        }
        best
    }

    fn name(self) -> &'static str {
        match self {
            Encoding::Identity => "identity",
            Encoding::Gzip => "gzip",
            Encoding::Zstd => "zstd",
        }
    }

    fn encode(self, bytes: Vec<u8>) -> std::io::Result<Vec<u8>> {
        match self {
            Encoding::Identity => Ok(bytes),
            Encoding::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
                encoder.write_all(&bytes)?;
                encoder.finish()
            }
            Encoding::Zstd => zstd::encode_all(&bytes[..], 3),
        }
    }
}

pub(super) async fn roads(
    State(state): State<AppState>,
    Path((z, x, y)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let y = y
        .strip_suffix(".mvt")
        .or_else(|| y.strip_suffix(".pbf"))
        .unwrap_or(&y);
    let coordinate = z
        .parse()
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
        })?;
    let encoding = Encoding::chosen(&headers);
    let view = state.views.borrow().clone();
    let Some(sequence) = tiles::highest_sequence(&view.network, &view.snapshot, coordinate) else {
        return Ok(bare(StatusCode::NO_CONTENT, None));
    };
    let etag = format!(
        "\"{}-{sequence}-{}\"",
        view.snapshot.network_version,
        encoding.name()
    );
    if is_match(&headers, &etag) {
        return Ok(bare(StatusCode::NOT_MODIFIED, Some(&etag)));
    }
    let drawn = tokio::task::spawn_blocking(move || {
        let bytes = tiles::roads_tile(&view.network, &view.snapshot, coordinate)
            .map_err(Problem::internal)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        encoding.encode(bytes).map(Some).map_err(Problem::internal)
    })
    .await
    .map_err(Problem::internal)??;
    let Some(bytes) = drawn else {
        return Ok(bare(StatusCode::NO_CONTENT, Some(&etag)));
    };
    let mut response = bare(StatusCode::OK, Some(&etag));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    if encoding != Encoding::Identity {
        let name = HeaderValue::from_static(encoding.name());
        headers.insert(header::CONTENT_ENCODING, name);
    }
    *response.body_mut() = Body::from(bytes);
    Ok(response)
}

fn is_match(headers: &HeaderMap, etag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

fn bare(status: StatusCode, etag: Option<&str>) -> Response {
    let mut response = status.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static(CACHE_CONTROL),
    );
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(etag) = etag.and_then(|e| HeaderValue::from_str(e).ok()) {
        headers.insert(header::ETAG, etag);
    }
    response
}

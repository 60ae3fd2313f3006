//! The web app, built into the binary.

use super::{AppState, Problem};
use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;
use tower_http::compression::CompressionLayer;

/// `web/dist`, made by `script/build-web`. Missing in a bare `cargo build`, which then serves
/// everything but the page.
#[derive(RustEmbed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct WebApp;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/", get(page))
        .route("/ja", get(page))
        .route("/en", get(page))
        .route("/board", get(board))
        .route("/en/board", get(board))
        .route("/call/{token}", get(call))
        .route("/en/call/{token}", get(call))
        .route("/{file}", get(file))
        .route("/assets/{*path}", get(asset))
        .layer(CompressionLayer::new())
}

async fn page(headers: HeaderMap) -> Result<Response, Problem> {
    document("index.html", &headers)
}

/// The managers' page; what it shows takes a session.
async fn board(headers: HeaderMap) -> Result<Response, Problem> {
    document("board.html", &headers)
}

/// A firm's page of one call-out. Its address is a secret, which goes to nobody from here.
async fn call(headers: HeaderMap) -> Result<Response, Problem> {
    let mut page = document("call.html", &headers)?;
    for (name, value) in [
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        page.headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    Ok(page)
}

fn document(name: &str, headers: &HeaderMap) -> Result<Response, Problem> {
    answer(name, "no-cache", headers)
        .ok_or_else(|| Problem::not_found("this build holds no web app; script/build-web makes it"))
}

/// Files beside the page, such as its icon.
async fn file(Path(file): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    answer(&file, "no-cache", &headers)
        .ok_or_else(|| Problem::not_found(format!("there is nothing at /{file}")))
}

/// Files whose name changes with their content.
async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let caching = "public, max-age=31536000, immutable";
    answer(&format!("assets/{path}"), caching, &headers)
        .ok_or_else(|| Problem::not_found(format!("there is nothing at /assets/{path}")))
}

fn answer(path: &str, caching: &'static str, headers: &HeaderMap) -> Option<Response> {
    let found = WebApp::get(path)?;
    let hash = found.metadata.sha256_hash();
    let etag: String = hash.iter().take(12).map(|b| format!("{b:02x}")).collect();
    let etag = format!("\"{etag}\"");
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.contains(&etag));
    let common = [
        (header::CACHE_CONTROL, caching.to_owned()),
        (header::ETAG, etag),
    ];
    if known {
        return Some((StatusCode::NOT_MODIFIED, common).into_response());
    }
    let kind = [(header::CONTENT_TYPE, found.metadata.mimetype().to_owned())];
    Some((common, kind, found.data).into_response())
}

//! Bodies of requests: their type, their size, and JSON with the field that is wrong.

use super::Problem;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, header};
use serde::de::DeserializeOwned;

/// Media types of JSON, and of JSON per line.
pub(super) const JSON_OR_LINES: &[&str] = &[
    "application/json",
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
    "application/geo+json",
];

/// Reads a body of one of the media types, up to `limit` bytes.
pub(super) async fn read(
    headers: &HeaderMap,
    body: Body,
    types: &[&str],
    limit: usize,
) -> Result<Bytes, Problem> {
    let given = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(|value| value.trim().to_ascii_lowercase());
    if !given.is_some_and(|given| types.contains(&given.as_str())) {
        let detail = format!("Content-Type is one of {}", types.join(", "));
        return Err(Problem::unsupported_media_type(detail));
    }
    if headers.contains_key(header::CONTENT_ENCODING) {
        return Err(Problem::unsupported_media_type(
            "a body with a Content-Encoding is not taken; send it as it is",
        ));
    }
    to_bytes(body, limit)
        .await
        .map_err(|_| Problem::too_large(format!("at most {limit} bytes are taken")))
}

/// Reads a JSON document; a mistake is named with its place.
pub(super) fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|error| {
        if error.is_data() {
            Problem::unprocessable(error.to_string())
        } else {
            Problem::bad_request(format!("not a whole JSON document: {error}"))
        }
    })
}

//! Conditional requests (RFC 9110 §13).

use axum::http::{HeaderMap, header};

/// Whether the client already holds what this ETag names, by `If-None-Match`.
pub(super) fn is_match(headers: &HeaderMap, etag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

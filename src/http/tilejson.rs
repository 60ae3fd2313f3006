//! `/tiles/roads`: TileJSON 3.0.0.

use super::{AppState, Problem};
use crate::attribution::attribution;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use serde_json::{Map, Value, json};
use tiles::{MAX_ZOOM, MIN_ZOOM, ROADS_FIELDS, ROADS_LAYER};

pub(super) async fn roads(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let view = state.views.borrow().clone();
    let bounds = view.network.bounds();
    let fields: Map<String, Value> = ROADS_FIELDS
        .iter()
        .map(|field| (field.name.to_owned(), json!(field.description)))
        .collect();
    let mut answer = json!({
        "tilejson": "3.0.0",
        "name": "yukimichi roads",
        "description": "When each road was last cleared of snow, per direction.",
        "tiles": [format!("{}/tiles/roads/{{z}}/{{x}}/{{y}}", origin(&headers))],
        "minzoom": MIN_ZOOM,
        "maxzoom": MAX_ZOOM,
        "scheme": "xyz",
        "attribution": attribution(&state.store).await?,
        "vector_layers": [{
            "id": ROADS_LAYER,
            "description": "Road segments between junctions.",
            "minzoom": MIN_ZOOM,
            "maxzoom": MAX_ZOOM,
            "fields": fields,
        }],
        "simulated": state.simulated,
    });
    if let Some(b) = bounds {
        answer["bounds"] = json!([b.west, b.south, b.east, b.north]);
        answer["center"] = json!([(b.west + b.east) / 2.0, (b.south + b.north) / 2.0, 12]);
    }
    Ok((
        [(header::CACHE_CONTROL, "public, max-age=60")],
        Json(answer),
    ))
}

/// Scheme and host as the client knows this server. A proxy in front says the scheme.
pub(super) fn origin(headers: &HeaderMap) -> String {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    let scheme = match text("x-forwarded-proto") {
        Some("https") => "https",
        _ => "http",
    };
    let host = text("x-forwarded-host")
        .or_else(|| text("host"))
        .filter(|h| {
            h.chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']'))
        })
        .unwrap_or("localhost");
    format!("{scheme}://{host}")
}

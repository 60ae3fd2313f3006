//! TileJSON 3.0.0 of `/tiles/roads` and the other layers.

use super::{AppState, Problem};
use crate::attribution::attribution;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use domain::geometry::BoundingBox;
use serde_json::{Map, Value, json};
use std::ops::RangeInclusive;
use tiles::{Field, MAX_ZOOM, MIN_ZOOM, ROADS_FIELDS, ROADS_LAYER};

/// What a TileJSON tells of a layer.
pub(super) struct Described<'a> {
    pub name: &'a str,
    pub description: &'a str,
    pub zooms: RangeInclusive<u8>,
    pub fields: &'a [Field],
    pub bounds: Option<BoundingBox>,
}

pub(super) async fn roads(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let described = Described {
        name: ROADS_LAYER,
        description: "Road segments between junctions: when each was last cleared of snow, per \
                      direction.",
        zooms: MIN_ZOOM..=MAX_ZOOM,
        fields: &ROADS_FIELDS,
        bounds: state.views.borrow().network.bounds(),
    };
    tilejson(&state, &headers, &described).await
}

/// The TileJSON of a layer of `/tiles/…`.
pub(super) async fn tilejson(
    state: &AppState,
    headers: &HeaderMap,
    layer: &Described<'_>,
) -> Result<Response, Problem> {
    let fields: Map<String, Value> = layer
        .fields
        .iter()
        .map(|field| (field.name.to_owned(), json!(field.description)))
        .collect();
    let mut answer = json!({
        "tilejson": "3.0.0",
        "name": format!("yukimichi {}", layer.name),
        "description": layer.description,
        "tiles": [format!("{}/tiles/{}/{{z}}/{{x}}/{{y}}", origin(headers), layer.name)],
        "minzoom": layer.zooms.start(),
        "maxzoom": layer.zooms.end(),
        "scheme": "xyz",
        "attribution": attribution(&state.store).await?,
        "vector_layers": [{
            "id": layer.name,
            "description": layer.description,
            "minzoom": layer.zooms.start(),
            "maxzoom": layer.zooms.end(),
            "fields": fields,
        }],
        "simulated": state.simulated,
    });
    if let Some(b) = layer.bounds {
        answer["bounds"] = json!([b.west, b.south, b.east, b.north]);
        answer["center"] = json!([(b.west + b.east) / 2.0, (b.south + b.north) / 2.0, 12]);
    }
    Ok((
        [(header::CACHE_CONTROL, "public, max-age=60")],
        Json(answer),
    )
        .into_response())
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

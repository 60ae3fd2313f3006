//! `/tiles/{zones,stations,closures,plans,sidewalks}`: layers of their own beside the roads.
//!
//! A tile's ETag names all that the layer's facts say, so it is the same on every server. Times are minutes
//! for the client to compare with its clock; what is over leaves the layer.

mod gather;
mod held;
mod sidewalks;

pub use held::FactLayers;

use super::conditional::is_match;
use super::content_coding::chosen;
use super::tilejson::{Described, tilejson};
use super::tiles_route::{answer, bare, coordinate};
use super::{AppState, Problem};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tiles::{FACT_LAYERS, FactLayer, MAX_ZOOM};

/// Counts the ways in which this program has drawn these layers.
const DRAWING: u32 = 1;

pub(super) async fn about(
    State(state): State<AppState>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let layer = named(&name)?;
    let tiles = state.fact_layers.newest(&state, layer).await?;
    let described = Described {
        name: layer.name,
        description: layer.description,
        zooms: layer.min_zoom..=MAX_ZOOM,
        fields: layer.fields,
        bounds: tiles.bounds(),
    };
    tilejson(&state, &headers, &described).await
}

pub(super) async fn tile(
    State(state): State<AppState>,
    Path((name, z, x, y)): Path<(String, String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let layer = named(&name)?;
    let tile = coordinate(&z, &x, &y)?;
    let encoding = chosen(&headers);
    let tiles = state.fact_layers.newest(&state, layer).await?;
    let etag = format!(
        "\"{}-{:016x}-{}.{DRAWING}\"",
        layer.name,
        tiles.version(),
        encoding.as_str()
    );
    if headers.contains_key(header::IF_NONE_MATCH) && is_match(&headers, &etag) {
        return Ok(bare(StatusCode::NOT_MODIFIED, Some(&etag)));
    }
    let drawn = tokio::task::spawn_blocking(move || tiles.draw(tile, encoding))
        .await
        .map_err(Problem::internal)?
        .map_err(Problem::internal)?;
    Ok(match drawn {
        Some(body) => answer(body, encoding, &etag),
        None => bare(StatusCode::NO_CONTENT, None),
    }
    .into_response())
}

fn named(name: &str) -> Result<&'static FactLayer, Problem> {
    let found = FACT_LAYERS.into_iter().find(|layer| layer.name == name);
    found.ok_or_else(|| {
        let names = FACT_LAYERS.map(|layer| layer.name).join(", ");
        Problem::not_found(format!("{name:?} is no layer of tiles: roads, {names}"))
    })
}

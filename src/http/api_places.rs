//! `/api/v1/places`: roads found by what people call them.

use super::{AppState, Problem};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use domain::gazetteer::NamedRoad;
use domain::geometry::LonLat;
use serde::Deserialize;
use serde_json::{Value, json};

const DEFAULT_LIMIT: usize = 10;
const MOST: usize = 50;
const LONGEST_QUERY: usize = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlaceQuery {
    q: String,
    /// `lon,lat`: of two roads of the same name the nearer one comes first.
    near: Option<String>,
    limit: Option<usize>,
}

pub(super) async fn places(
    State(state): State<AppState>,
    query: Result<Query<PlaceQuery>, QueryRejection>,
) -> Result<impl IntoResponse, Problem> {
    let Query(query) = query.map_err(|e| Problem::bad_request(e.body_text()))?;
    if query.q.len() > LONGEST_QUERY {
        let detail = format!("q: at most {LONGEST_QUERY} bytes");
        return Err(Problem::bad_request(detail));
    }
    let near = query.near.as_deref().map(parse_place).transpose()?;
    let limit = match query.limit {
        None => DEFAULT_LIMIT,
        Some(limit) if (1..=MOST).contains(&limit) => limit,
        Some(_) => return Err(Problem::bad_request(format!("limit: 1 to {MOST}"))),
    };
    let view = state.views.borrow().clone();
    let (now, simulated) = (state.clock.now(), state.simulated);
    // The first question on a network gathers its names, which takes a while on a large one.
    let places = tokio::task::spawn_blocking(move || {
        let found = view.gazetteer().find(&query.q, near, limit);
        found.into_iter().map(place_answer).collect::<Vec<Value>>()
    })
    .await
    .map_err(Problem::internal)?;
    let answer = json!({ "now": now, "simulated": simulated, "places": places });
    Ok((
        [(header::CACHE_CONTROL, "public, max-age=60")],
        Json(answer),
    ))
}

fn place_answer(road: &NamedRoad) -> Value {
    let bounds = road.bounds;
    json!({
        "kind": "road",
        "name": road.name,
        "ref": road.reference,
        "class": road.class,
        "manager_level": road.manager_level,
        "manager": road.manager,
        "length_m": road.length_m.round(),
        "bbox": [bounds.west, bounds.south, bounds.east, bounds.north],
        "at": [road.at.lon, road.at.lat],
        "segment": road.segment,
    })
}

fn parse_place(text: &str) -> Result<LonLat, Problem> {
    let bad = || Problem::bad_request("near=longitude,latitude in degrees");
    let (lon, lat) = text.split_once(',').ok_or_else(bad)?;
    let number = |text: &str| text.trim().parse::<f64>().map_err(|_| bad());
    let place = LonLat::new(number(lon)?, number(lat)?);
    if place.is_valid() {
        Ok(place)
    } else {
        Err(bad())
    }
}

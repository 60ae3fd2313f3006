//! What all lists share: `at`, `bbox`, paging, and GeoJSON.

use super::{AppState, Problem};
use crate::workers::follow::MapView;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Query};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use domain::geometry::{BoundingBox, LonLat};
use domain::place::Place;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use store::Laid;

const DEFAULT_LIMIT: usize = 1000;
const MOST: usize = 5000;

/// The query of any list. Each list says which of these it heeds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawQuery {
    at: Option<Timestamp>,
    bbox: Option<String>,
    limit: Option<usize>,
    after: Option<String>,
    feed: Option<String>,
    manager: Option<String>,
    station: Option<String>,
    quantity: Option<String>,
    since: Option<Timestamp>,
    all: Option<bool>,
}

/// A list's query, read.
#[derive(Debug)]
pub(super) struct ListQuery {
    /// The moment asked for; now where none is.
    pub at: Timestamp,
    /// Whether a moment was asked for.
    pub past: bool,
    /// Only what touches this.
    pub area: Option<BoundingBox>,
    /// Size of a page.
    pub limit: usize,
    /// Where the last page ended.
    pub after: Option<String>,
    /// Only of this feed.
    pub feed: Option<String>,
    /// Only of this road manager.
    pub manager: Option<String>,
    /// Only of this station.
    pub station: Option<String>,
    /// Only of this quantity.
    pub quantity: Option<String>,
    /// From here on.
    pub since: Option<Timestamp>,
    /// Also what is left out otherwise.
    pub all: bool,
}

impl FromRequestParts<AppState> for ListQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let query: Result<Query<RawQuery>, QueryRejection> =
            Query::from_request_parts(parts, state).await;
        let Query(raw) = query.map_err(|e| Problem::bad_request(e.body_text()))?;
        Ok(ListQuery {
            at: raw.at.unwrap_or_else(|| state.clock.now()),
            past: raw.at.is_some(),
            area: raw.bbox.as_deref().map(parse_box).transpose()?,
            limit: raw.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MOST),
            after: raw.after,
            feed: raw.feed,
            manager: raw.manager,
            station: raw.station,
            quantity: raw.quantity,
            since: raw.since,
            all: raw.all.unwrap_or(false),
        })
    }
}

/// `west,south,east,north` in degrees.
pub(super) fn parse_box(text: &str) -> Result<BoundingBox, Problem> {
    BoundingBox::parse(text)
        .ok_or_else(|| Problem::bad_request("bbox=west,south,east,north in degrees is needed"))
}

/// One item of a list.
pub(super) struct Item {
    /// What it is sorted and paged by; unique within the list.
    pub key: String,
    /// Its feed.
    pub feed: String,
    /// Code of its road manager, where it has one.
    pub manager: Option<String>,
    /// Its shape, where it has one.
    pub geometry: Option<Geometry>,
    /// What is told of it.
    pub properties: Value,
}

/// The page of a list that a query asks for, as a GeoJSON FeatureCollection.
pub(super) fn page(query: &ListQuery, state: &AppState, mut items: Vec<Item>) -> Response {
    let wanted = |want: &Option<String>, has: &str| want.as_deref().is_none_or(|w| w == has);
    items.retain(|item| {
        wanted(&query.feed, &item.feed)
            && wanted(&query.manager, item.manager.as_deref().unwrap_or_default())
            && query.after.as_ref().is_none_or(|after| item.key > *after)
            && query.area.is_none_or(|area| {
                item.geometry
                    .as_ref()
                    .and_then(Geometry::bounds)
                    .is_some_and(|bounds| bounds.touches(&area))
            })
    });
    items.sort_by(|a, b| a.key.cmp(&b.key));
    let next = (items.len() > query.limit).then(|| items[query.limit - 1].key.clone());
    items.truncate(query.limit);
    collection(query, state, items, next)
}

/// A page that is cut already.
pub(super) fn collection(
    query: &ListQuery,
    state: &AppState,
    items: Vec<Item>,
    next: Option<String>,
) -> Response {
    let features: Vec<Value> = items
        .into_iter()
        .map(|item| {
            json!({
                "type": "Feature",
                "id": item.key,
                "geometry": item.geometry.map(|g| g.json()),
                "properties": item.properties,
            })
        })
        .collect();
    let list = json!({
        "type": "FeatureCollection",
        "at": query.at,
        "now": state.clock.now(),
        "simulated": state.simulated,
        "next": next,
        "features": features,
    });
    ([(header::CACHE_CONTROL, "no-store")], Json(list)).into_response()
}

/// A shape of GeoJSON.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Geometry {
    /// A place.
    Point(LonLat),
    /// Lines.
    Lines(Vec<Vec<LonLat>>),
    /// Polygons, outer ring first.
    Areas(Vec<Vec<Vec<LonLat>>>),
}

impl Geometry {
    /// The shape of a fact: its source's own, else that of the segments on which it was laid.
    pub(super) fn of(place: &Place, laid: Option<&Laid>, view: &MapView) -> Option<Self> {
        if !place.areas.is_empty() {
            return Some(Geometry::Areas(place.areas.clone()));
        }
        if !place.lines.is_empty() {
            return Some(Geometry::Lines(place.lines.clone()));
        }
        let lines: Vec<Vec<LonLat>> = laid?
            .stretches
            .iter()
            .filter_map(|s| {
                let segment = view.network.find(s.segment)?;
                Some(view.network.line_between(segment, s.from_m, s.to_m))
            })
            .collect();
        (!lines.is_empty()).then_some(Geometry::Lines(lines))
    }

    fn bounds(&self) -> Option<BoundingBox> {
        match self {
            Geometry::Point(at) => BoundingBox::around([*at]),
            Geometry::Lines(lines) => BoundingBox::around(lines.iter().flatten().copied()),
            Geometry::Areas(areas) => {
                BoundingBox::around(areas.iter().flatten().flatten().copied())
            }
        }
    }

    fn json(&self) -> Value {
        let line =
            |line: &Vec<LonLat>| -> Value { line.iter().map(|p| json!([p.lon, p.lat])).collect() };
        match self {
            Geometry::Point(at) => json!({ "type": "Point", "coordinates": [at.lon, at.lat] }),
            Geometry::Lines(lines) => {
                let lines: Vec<Value> = lines.iter().map(line).collect();
                json!({ "type": "MultiLineString", "coordinates": lines })
            }
            Geometry::Areas(areas) => {
                let areas: Vec<Value> = areas
                    .iter()
                    .map(|rings| rings.iter().map(line).collect())
                    .collect();
                json!({ "type": "MultiPolygon", "coordinates": areas })
            }
        }
    }
}

/// What an answer tells of where a fact lies on the network.
pub(super) fn laid_answer(laid: Option<&Laid>) -> Value {
    match laid {
        None => json!({ "laid": false }),
        Some(laid) => json!({
            "laid": true,
            "unplaced": (!laid.unplaced.is_empty()).then_some(&laid.unplaced),
            "segments": laid.stretches.iter().map(|s| json!({
                "id": s.segment,
                "from_m": s.from_m,
                "to_m": s.to_m,
                "direction": s.direction,
            })).collect::<Vec<_>>(),
        }),
    }
}

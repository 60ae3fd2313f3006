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
use store::LaidThen;

const DEFAULT_LIMIT: usize = 1000;
const MOST: usize = 5000;

/// The query of any list. Each list says which of these it heeds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawQuery {
    at: Option<String>,
    bbox: Option<String>,
    limit: Option<usize>,
    after: Option<String>,
    feed: Option<String>,
    manager: Option<String>,
    station: Option<String>,
    quantity: Option<String>,
    zone: Option<String>,
    since: Option<String>,
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
    /// Only of this zone.
    pub zone: Option<String>,
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
        let time = |name, text: Option<&str>| text.map(|text| moment(name, text)).transpose();
        let at = time("at", raw.at.as_deref())?;
        if raw.limit == Some(0) {
            return Err(Problem::bad_request(format!(
                "limit: at least 1; {DEFAULT_LIMIT} where it is left out, {MOST} at most"
            )));
        }
        Ok(ListQuery {
            at: at.unwrap_or_else(|| state.clock.now()),
            past: at.is_some(),
            area: raw.bbox.as_deref().map(parse_box).transpose()?,
            limit: raw.limit.unwrap_or(DEFAULT_LIMIT).min(MOST),
            after: raw.after,
            feed: raw.feed,
            manager: raw.manager,
            station: raw.station,
            quantity: raw.quantity,
            zone: raw.zone,
            since: time("since", raw.since.as_deref())?,
            all: raw.all.unwrap_or(false),
        })
    }
}

/// A moment in RFC 3339. In a query a plus stands for a space, and many who write `+09:00` leave it
/// bare: a space before the offset is one.
pub(super) fn moment(name: &str, text: &str) -> Result<Timestamp, Problem> {
    let mended = match text.trim().rsplit_once(' ') {
        Some((before, offset)) if before.contains(['T', 't']) => format!("{before}+{offset}"),
        _ => text.to_owned(),
    };
    mended.parse().map_err(|_| {
        Problem::bad_request(format!(
            "{name}: {text:?} is no moment such as 2026-01-15T05:00:00+09:00"
        ))
    })
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
    pub(super) fn of(place: &Place, laid: Option<&LaidThen>, view: &MapView) -> Option<Self> {
        if !place.areas.is_empty() {
            return Some(Geometry::Areas(place.areas.clone()));
        }
        if !place.lines.is_empty() {
            return Some(Geometry::Lines(place.lines.clone()));
        }
        if !place.picked.is_empty() {
            let lines = place.picked.iter().map(|picked| picked.line.clone());
            return Some(Geometry::Lines(lines.collect()));
        }
        let lines: Vec<Vec<LonLat>> = laid?
            .laid
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

/// What an answer tells of where a fact lies on the network, or lay at the moment asked for.
pub(super) fn laid_answer(then: Option<&LaidThen>) -> Value {
    match then {
        None => json!({ "laid": false }),
        Some(LaidThen {
            laid,
            since,
            as_then,
        }) => json!({
            "laid": true,
            "as_then": as_then,
            "since": since,
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_plus_before_the_offset_is_understood() {
        let wanted: Timestamp = "2026-01-01T00:00:00+09:00".parse().unwrap();
        for text in [
            "2026-01-01T00:00:00+09:00",
            "2026-01-01T00:00:00 09:00",
            "2025-12-31T15:00:00Z",
        ] {
            assert_eq!(moment("at", text).unwrap(), wanted, "{text}");
        }
        for text in ["", "yesterday", "2026-01-01 09:00", "2026-01-01T00:00:00"] {
            assert!(moment("at", text).is_err(), "{text}");
        }
    }
}

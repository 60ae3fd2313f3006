//! `/api/v1/segments/{id}` and `/api/v1/segments?bbox=`.

use super::api_feeds::{FeedState, feed_state};
use super::listing::parse_box;
use super::{AppState, Problem, segment_facts, segment_snow, segment_sources};
use crate::segment_row::SegmentRow;
use crate::workers::follow::MapView;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use domain::coverage::{Confidence, DirectionFacts, SegmentFacts};
use domain::geometry::LonLat;
use domain::network::{SegmentId, StretchKind};
use domain::road_manager::{ManagerLevel, RoadManager, owner_among};
use domain::status::{SegmentStatus, State as RoadState};
use domain::work::{Direction, WorkKind};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const HISTORY: i64 = 50;
const DEFAULT_LIMIT: usize = 1000;
const MOST: usize = 5000;

#[derive(Serialize)]
struct SegmentAnswer {
    #[serde(flatten)]
    road: RoadAnswer,
    status: StatusAnswer,
    stretches: Vec<StretchAnswer>,
    history: Vec<PassAnswer>,
    sources: Vec<SourceAnswer>,
    facts: Value,
    /// Snow on it, and since it was cleared.
    snow: Value,
    geometry: Value,
    now: Timestamp,
}

#[derive(Serialize)]
struct RoadAnswer {
    id: SegmentId,
    name: Option<String>,
    #[serde(rename = "ref")]
    reference: Option<String>,
    class: String,
    manager_level: ManagerLevel,
    manager: Option<RoadManager>,
    priority: Option<String>,
    oneway: &'static str,
    lanes: Option<u8>,
    length_m: f64,
}

#[derive(Serialize)]
struct StatusAnswer {
    forward: DirectionAnswer,
    backward: DirectionAnswer,
}

#[derive(Serialize)]
struct DirectionAnswer {
    state: RoadState,
    state_code: u32,
    cleared_at: Option<Timestamp>,
    last_pass_at: Option<Timestamp>,
    work_kind: Option<WorkKind>,
    /// How often the newest round covered it: a road of several lanes takes several passes.
    passes: u16,
    confidence: Confidence,
}

#[derive(Serialize)]
struct StretchAnswer {
    kind: StretchKind,
    from_m: f64,
    to_m: f64,
    standard: Option<String>,
}

#[derive(Serialize)]
struct PassAnswer {
    direction: Direction,
    work_kind: Option<WorkKind>,
    entered_at: Timestamp,
    left_at: Timestamp,
    from_m: f64,
    to_m: f64,
    feed: String,
    inferred: bool,
    confidence: Confidence,
}

#[derive(Serialize)]
struct SourceAnswer {
    feed: String,
    manager: RoadManager,
    attribution: String,
    licence: String,
    last_contact_at: Option<Timestamp>,
    interval_s: f64,
    state: FeedState,
}

pub(super) async fn one(
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let id: u64 = id
        .parse()
        .map_err(|_| Problem::bad_request(format!("{id:?} is no segment id: a whole number")))?;
    let id = SegmentId(id);
    let view = state.views.borrow().clone();
    let segment = view
        .network
        .find(id)
        .ok_or_else(|| Problem::not_found(format!("no segment {id} in the present network")))?;
    let now = state.clock.now();
    let feeds = state.store.feeds().await?;
    let written = state.store.writer_row(id).await?;
    let passes = state.store.passes_of_segment(id, HISTORY).await?;
    let facts = written
        .as_ref()
        .and_then(|row| row.facts)
        .unwrap_or_default();
    // The stored row is newer than or as new as the view; its digits belong to its facts.
    let status = written.map_or_else(|| view.status.status(segment), |row| row.status);

    let managers = state.store.road_managers().await?;
    let road = road_answer(&view, segment, &managers);
    let history: Vec<PassAnswer> = passes
        .into_iter()
        .map(|record| {
            let pass = record.segment_pass.pass;
            PassAnswer {
                direction: pass.direction,
                work_kind: pass.work,
                entered_at: pass.entered_at,
                left_at: pass.left_at,
                from_m: pass.from_m,
                to_m: pass.to_m,
                feed: record.feed_id,
                inferred: pass.confidence == Confidence::Inferred,
                confidence: pass.confidence,
            }
        })
        .collect();
    let owner = road.manager.as_ref();
    let speakers = segment_sources::speakers(&state, &view, segment, owner, &feeds).await?;
    let sources = feeds
        .iter()
        .filter(|feed| {
            history.iter().any(|pass| pass.feed == feed.entry.id)
                || speakers.contains(&feed.entry.id)
        })
        .map(|feed| SourceAnswer {
            feed: feed.entry.id.clone(),
            manager: feed.manager.clone(),
            attribution: feed.entry.attribution.clone(),
            licence: feed.entry.licence.clone(),
            last_contact_at: feed.last_contact_at,
            interval_s: feed.entry.interval.as_secs_f64(),
            state: feed_state(
                feed.last_contact_at,
                feed.entry.interval,
                &state.policy,
                now,
            ),
        })
        .collect();
    let answer = SegmentAnswer {
        facts: segment_facts::on_segment(&state, id, now).await?,
        snow: segment_snow::on_segment(&state, &view, segment, &facts, road.manager.as_ref(), now)
            .await?,
        status: status_answer(&status, &facts),
        stretches: view
            .network
            .stretches(segment)
            .iter()
            .map(|s| StretchAnswer {
                kind: s.kind,
                from_m: s.from_m,
                to_m: s.to_m,
                standard: s.standard.clone(),
            })
            .collect(),
        geometry: line_string(view.network.line(segment)),
        road,
        history,
        sources,
        now,
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)))
}

/// `west,south,east,north` in degrees, a page size, and where to go on.
#[derive(Deserialize)]
pub(super) struct BoxQuery {
    bbox: Option<String>,
    limit: Option<usize>,
    after: Option<u32>,
}

pub(super) async fn in_box(
    State(state): State<AppState>,
    query: Result<Query<BoxQuery>, QueryRejection>,
) -> Result<impl IntoResponse, Problem> {
    let Query(query) = query.map_err(|e| Problem::bad_request(e.body_text()))?;
    let area = parse_box(query.bbox.as_deref().unwrap_or_default())?;
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MOST);
    let view = state.views.borrow().clone();
    let managers = state.store.road_managers().await?;
    let mut found = view.network.in_box(&area);
    found.retain(|segment| query.after.is_none_or(|after| *segment > after));
    let next = (found.len() > limit).then(|| found[limit - 1]);
    found.truncate(limit);
    let features: Vec<Value> = found
        .into_iter()
        .map(|segment| {
            let row = SegmentRow::of(&view, segment, managers.iter());
            json!({
                "type": "Feature",
                "id": row.id,
                "geometry": line_string(view.network.line(segment)),
                "properties": row,
            })
        })
        .collect();
    let answer = json!({
        "type": "FeatureCollection",
        "now": state.clock.now(),
        "next": next,
        "features": features,
    });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)))
}

fn road_answer(view: &MapView, segment: u32, managers: &[RoadManager]) -> RoadAnswer {
    let part = &view.network.segments()[segment as usize];
    let attributes = &view.network.road(segment).attributes;
    let manager = owner_among(
        managers.iter(),
        attributes.manager.as_deref(),
        attributes.manager_level,
    )
    .cloned();
    RoadAnswer {
        id: part.id,
        name: attributes.name.clone(),
        reference: attributes.reference.clone(),
        class: attributes.class.clone(),
        manager_level: attributes.manager_level,
        manager,
        priority: attributes.priority(),
        oneway: attributes.oneway.as_str(),
        lanes: attributes.lanes,
        length_m: (part.length_m * 10.0).round() / 10.0,
    }
}

fn status_answer(status: &SegmentStatus, facts: &SegmentFacts) -> StatusAnswer {
    let direction = |direction: Direction| {
        let known: &DirectionFacts = facts.direction(direction);
        let state = status.state(direction);
        DirectionAnswer {
            state,
            state_code: state.code(),
            cleared_at: known.cleared_at,
            last_pass_at: known.passed_at,
            work_kind: known.work,
            passes: known.passes,
            confidence: known.confidence,
        }
    };
    StatusAnswer {
        forward: direction(Direction::Forward),
        backward: direction(Direction::Backward),
    }
}

pub(super) fn line_string(line: &[LonLat]) -> Value {
    let coordinates: Vec<[f64; 2]> = line.iter().map(|p| [p.lon, p.lat]).collect();
    json!({ "type": "LineString", "coordinates": coordinates })
}

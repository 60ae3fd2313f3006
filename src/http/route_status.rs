//! `/api/v1/route-status`: the way between places and its state, worst stretch first.

use super::api_segments::line_string;
use super::{AppState, Problem, body};
use crate::workers::follow::MapView;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use domain::geometry::LonLat;
use domain::journey::{self, Journey, JourneyStretch, NoJourney, OpenWay, Travelled};
use domain::road_manager::{RoadManager, owner_among};
use domain::status::{State as RoadState, cleared_at};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::sync::Arc;

const MAX_BYTES: usize = 64 * 1024;
const MOST_PLACES: usize = 25;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    /// Longitude and latitude of each place, in degrees.
    points: Vec<[f64; 2]>,
}

/// Answers for now. Nothing of the question is kept or logged: it tells where somebody lives.
pub(super) async fn route_status(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Body,
) -> Result<impl IntoResponse, Problem> {
    let bytes = body::read(&headers, body, &["application/json"], MAX_BYTES).await?;
    let places = places(&body::json::<Question>(&bytes)?)?;
    let view = state.views.borrow().clone();
    let managers = state.store.road_managers().await?;
    let now = state.clock.now();
    let found = tokio::task::spawn_blocking(move || answer(&view, &managers, &places))
        .await
        .map_err(Problem::internal)?;
    let mut answer = found.map_err(|error| Problem::unprocessable(format!("points: {error}")))?;
    answer["now"] = json!(now);
    answer["simulated"] = json!(state.simulated);
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)))
}

fn places(question: &Question) -> Result<Vec<LonLat>, Problem> {
    if question.points.len() > MOST_PLACES {
        let detail = format!("points: at most {MOST_PLACES} are taken");
        return Err(Problem::unprocessable(detail));
    }
    let place = |(i, [lon, lat]): (usize, &[f64; 2])| {
        let place = LonLat::new(*lon, *lat);
        if place.is_valid() {
            return Ok(place);
        }
        let detail = format!("points[{i}]: [longitude, latitude] in degrees");
        Err(Problem::unprocessable(detail))
    };
    question.points.iter().enumerate().map(place).collect()
}

fn answer(
    view: &Arc<MapView>,
    managers: &[RoadManager],
    places: &[LonLat],
) -> Result<Value, NoJourney> {
    let OpenWay {
        closed_on_usual,
        way,
    } = journey::open_way(&view.network, &view.status, places)?;
    let mut answer = match way {
        Ok((journey, stretches)) => way_answer(view, managers, &journey, stretches),
        Err(reason @ (NoJourney::ClosedIn { .. } | NoJourney::Apart { .. })) => json!({
            "open": false,
            "reason": reason.to_string(),
            "worst": RoadState::Closed,
            "stretches": [],
        }),
        Err(error) => return Err(error),
    };
    let closed = closed_on_usual.iter();
    answer["closed_on_usual_way"] = closed
        .map(|stretch| stretch_answer(view, managers, stretch))
        .collect();
    Ok(answer)
}

fn way_answer(
    view: &Arc<MapView>,
    managers: &[RoadManager],
    journey: &Journey,
    mut stretches: Vec<JourneyStretch>,
) -> Value {
    let mut length_m_by_state = Map::new();
    for stretch in &stretches {
        let sum = length_m_by_state
            .get(stretch.state.as_str())
            .and_then(Value::as_f64)
            .unwrap_or(0.0);
        let sum = tenths(sum + stretch.length_m());
        length_m_by_state.insert(stretch.state.as_str().to_owned(), json!(sum));
    }
    let unknown_m: f64 = stretches
        .iter()
        .filter(|s| matches!(s.state, RoadState::NoData | RoadState::Unconfirmed))
        .map(JourneyStretch::length_m)
        .sum();
    stretches.sort_by(|a, b| {
        let weight = |s: &JourneyStretch| s.state.driver_weight();
        weight(b)
            .cmp(&weight(a))
            .then(a.cleared_min.cmp(&b.cleared_min))
            .then(a.from_m.total_cmp(&b.from_m))
    });
    json!({
        "open": true,
        "length_m": tenths(journey.length_m()),
        "usual_s": journey.usual_s.round(),
        "worst": stretches.first().map(|s| s.state),
        "length_m_by_state": length_m_by_state,
        "unknown_m": tenths(unknown_m),
        "stretches": stretches
            .iter()
            .map(|stretch| stretch_answer(view, managers, stretch))
            .collect::<Vec<Value>>(),
        "geometry": line_string(&way_line(view, &journey.travelled)),
    })
}

fn stretch_answer(view: &MapView, managers: &[RoadManager], stretch: &JourneyStretch) -> Value {
    let attributes = &view.network.road(stretch.segment).attributes;
    let level = attributes.manager_level;
    let manager = owner_among(managers.iter(), attributes.manager.as_deref(), level);
    json!({
        "from_m": tenths(stretch.from_m),
        "to_m": tenths(stretch.to_m),
        "state": stretch.state,
        "cleared_at": cleared_at(stretch.cleared_min),
        "confidence": stretch.confidence,
        "name": attributes.name,
        "ref": attributes.reference,
        "class": attributes.class,
        "manager_level": level,
        "manager": manager,
        "segments": stretch.segment_ids,
        "geometry": line_string(&stretch.line),
    })
}

fn way_line(view: &MapView, travelled: &[Travelled]) -> Vec<LonLat> {
    let mut line: Vec<LonLat> = Vec::new();
    for part in travelled {
        let part = part.line(&view.network);
        let skip = usize::from(!line.is_empty());
        line.extend(part.into_iter().skip(skip));
    }
    line
}

fn tenths(metres: f64) -> f64 {
    (metres * 10.0).round() / 10.0
}

//! `/api/v1/coverage`: how much road is in which state, by road manager, priority and zone, and which
//! roads are missed.

use super::listing::ListQuery;
use super::{AppState, Problem};
use crate::workers::follow::MapView;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use domain::road_lengths::{CountedStretch, LengthByState, MissedRoad, by_group, missed};
use domain::road_manager::{RoadManager, owner_among};
use domain::status::{State as RoadState, cleared_at};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use store::{Laid, LaidKind, ZoneRecord};

/// Roads that are listed as missed; how many there are is told besides.
const MOST_MISSED: usize = 500;

/// What the answer is made of beside the map.
struct Known {
    managers: Vec<RoadManager>,
    feed_managers: HashMap<String, RoadManager>,
    zones: Vec<ZoneRecord>,
    laid: HashMap<(String, String), Laid>,
    /// Only the roads and zones of this manager.
    only: Option<String>,
}

/// Counts the roads as they are now.
pub(super) async fn coverage(
    State(state): State<AppState>,
    query: ListQuery,
) -> Result<impl IntoResponse, Problem> {
    if query.past {
        return Err(Problem::bad_request("at: only the present is counted"));
    }
    let known = Known {
        managers: state.store.road_managers().await?,
        feed_managers: state.store.feed_managers().await?,
        zones: state.store.zones_at(query.at).await?,
        laid: state.store.laid(LaidKind::Zone).await?,
        only: query.manager,
    };
    let view = state.views.borrow().clone();
    let counted = tokio::task::spawn_blocking(move || answer(&view, &known))
        .await
        .map_err(Problem::internal)?;
    let mut answer = json!({ "now": state.clock.now(), "simulated": state.simulated });
    if let (Some(answer), Value::Object(counted)) = (answer.as_object_mut(), counted) {
        answer.extend(counted);
    }
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)))
}

fn answer(view: &MapView, known: &Known) -> Value {
    let network = &view.network;
    let owner = |segment: u32| {
        let a = &network.road(segment).attributes;
        owner_among(known.managers.iter(), a.manager.as_deref(), a.manager_level)
    };
    let wanted = |code: Option<&str>| known.only.is_none() || known.only.as_deref() == code;
    let segments: Vec<u32> = (0..network.segments().len() as u32)
        .filter(|segment| wanted(owner(*segment).map(|m| m.code.as_str())))
        .collect();
    let whole = |segment: &u32| CountedStretch::whole(network, *segment);

    let status = view.status.read();
    let by_manager = by_group(
        &status,
        segments
            .iter()
            .map(|s| (owner(*s).map(|m| m.code.clone()), whole(s))),
    );
    let by_priority = by_group(
        &status,
        segments
            .iter()
            .map(|s| (network.road(*s).attributes.priority(), whole(s))),
    );
    let total = by_group(&status, segments.iter().map(|s| ((), whole(s))));
    let zones: Vec<(&ZoneRecord, Option<&RoadManager>)> = known
        .zones
        .iter()
        .map(|zone| (zone, known.feed_managers.get(&zone.feed_id)))
        .filter(|(_, manager)| wanted(manager.map(|m| m.code.as_str())))
        .collect();
    let by_zone = by_group(
        &status,
        zones
            .iter()
            .enumerate()
            .flat_map(|(i, (zone, _))| stretches(view, known, zone).map(move |s| (i, s))),
    );
    let roads = missed(network, &status, segments);
    drop(status);

    let manager_of = |code: &Option<String>| {
        let code = code.as_ref()?;
        known.managers.iter().find(|m| m.code == *code)
    };
    json!({
        "network_version": view.network_version,
        "total": lengths(total.get(&()).copied().unwrap_or_default()),
        "managers": by_manager.iter()
            .map(|(code, sum)| with(json!({ "manager": manager_of(code) }), *sum))
            .collect::<Vec<_>>(),
        "priorities": by_priority.iter()
            .map(|(priority, sum)| with(json!({ "priority": priority }), *sum))
            .collect::<Vec<_>>(),
        "zones": zones.iter().enumerate()
            .map(|(i, (zone, manager))| {
                let sum = by_zone.get(&i).copied().unwrap_or_default();
                with(json!({
                    "feed": zone.feed_id,
                    "zone": zone.zone,
                    "name": zone.name,
                    "manager": manager,
                }), sum)
            })
            .collect::<Vec<_>>(),
        "missed_roads": roads.len(),
        "missed": roads.iter().take(MOST_MISSED)
            .map(|road| missed_answer(view, road, owner(road.segment)))
            .collect::<Vec<_>>(),
    })
}

/// What of the network a zone lies on.
fn stretches<'a>(
    view: &'a MapView,
    known: &'a Known,
    zone: &ZoneRecord,
) -> impl Iterator<Item = CountedStretch> + 'a {
    let laid = known.laid.get(&(zone.feed_id.clone(), zone.zone.clone()));
    laid.into_iter()
        .flat_map(|laid| &laid.stretches)
        .filter_map(|stretch| {
            Some(CountedStretch {
                segment: view.network.find(stretch.segment)?,
                length_m: stretch.to_m - stretch.from_m,
                direction: stretch.direction,
            })
        })
}

fn missed_answer(view: &MapView, road: &MissedRoad, owner: Option<&RoadManager>) -> Value {
    let attributes = &view.network.road(road.segment).attributes;
    let segment = &view.network.segments()[road.segment as usize];
    let at = view.network.position(road.segment, segment.length_m / 2.0);
    json!({
        "segment": segment.id,
        "name": attributes.name,
        "ref": attributes.reference,
        "class": attributes.class,
        "priority": attributes.priority(),
        "manager": owner,
        "missed_m": road.missed_m.round(),
        "cleared_at": cleared_at(road.cleared_min),
        "at": [at.lon, at.lat],
    })
}

fn with(mut group: Value, sum: LengthByState) -> Value {
    group["lengths"] = lengths(sum);
    group
}

fn lengths(sum: LengthByState) -> Value {
    let by_state: Map<String, Value> = RoadState::ALL
        .into_iter()
        .map(|state| (state.as_str().to_owned(), json!(sum.metres(state).round())))
        .collect();
    json!({
        "total_m": sum.total_m().round(),
        "known_m": sum.known_m().round(),
        "done_share": sum.done_share(),
        "by_state_m": by_state,
    })
}

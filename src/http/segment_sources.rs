//! Which feeds speak for a segment, whether or not their plows ever passed it.

use super::{AppState, Problem};
use crate::workers::follow::MapView;
use domain::conflation::LayParams;
use domain::geometry::BoundingBox;
use domain::network::SegmentId;
use domain::place::Place;
use domain::road_manager::RoadManager;
use domain::zone_extent::{ZoneContract, zone_extents};
use std::collections::HashSet;
use std::sync::Arc;
use store::{FeedHealth, FeedScope, LaidKind};

/// Ids of the feeds that speak for a segment: those that name its zone or an area that holds it; where
/// none does, those that name all roads of its owner.
pub(super) async fn speakers(
    state: &AppState,
    view: &Arc<MapView>,
    segment: u32,
    owner: Option<&RoadManager>,
    feeds: &[FeedHealth],
) -> Result<HashSet<String>, Problem> {
    let id = view.network.segments()[segment as usize].id;
    let zones = zones_of(state, id).await?;
    let mut named = HashSet::new();
    for feed in feeds {
        let code = &feed.manager.code;
        let speaks = match &feed.entry.scope {
            FeedScope::Zones(names) => {
                let of_feed =
                    |(manager, zone): &(String, String)| manager == code && names.contains(zone);
                zones.iter().any(of_feed)
            }
            FeedScope::Area(place) => holds(state, view, segment, code, place).await?,
            FeedScope::Manager | FeedScope::Passes => false,
        };
        if speaks {
            named.insert(feed.entry.id.clone());
        }
    }
    if named.is_empty() {
        let all = |feed: &&FeedHealth| {
            feed.entry.scope == FeedScope::Manager
                && owner.is_some_and(|owner| owner.code == feed.manager.code)
        };
        named.extend(feeds.iter().filter(all).map(|feed| feed.entry.id.clone()));
    }
    Ok(named)
}

/// The zones in which a segment lies: code of the manager, and name.
async fn zones_of(state: &AppState, id: SegmentId) -> Result<Vec<(String, String)>, Problem> {
    let on_it = state.store.facts_on_segment(id).await?;
    let managers = state.store.feed_managers().await?;
    Ok(on_it
        .into_iter()
        .filter(|key| key.kind == LaidKind::Zone)
        .filter_map(|key| Some((managers.get(&key.feed_id)?.code.clone(), key.fact_id)))
        .collect())
}

/// Whether an area of a manager's feed holds a segment, as the writer of status works it out.
async fn holds(
    state: &AppState,
    view: &Arc<MapView>,
    segment: u32,
    manager_code: &str,
    place: &Place,
) -> Result<bool, Problem> {
    let rings = place.areas.iter().flatten();
    let extent = BoundingBox::around(rings.chain(&place.lines).flatten().copied());
    let own = BoundingBox::around(view.network.line(segment).iter().copied());
    if !extent
        .zip(own)
        .is_some_and(|(extent, own)| extent.padded_m(100.0).touches(&own))
    {
        return Ok(false);
    }
    let managers = state.store.road_managers().await?;
    let (view, place, code) = (Arc::clone(view), place.clone(), manager_code.to_owned());
    let found = tokio::task::spawn_blocking(move || {
        let contract = ZoneContract {
            zone: "",
            manager: &code,
            place: &place,
        };
        let extents = zone_extents(&view.network, &[contract], &managers, &LayParams::default());
        extents.zone_of.contains_key(&segment)
    });
    found.await.map_err(Problem::internal)
}

//! Turns a [`Place`], as a source states it, into stretches of segments.
//!
//! What is stated most exactly counts: picked segments and lines, then the route's kilometres, then a route's name, then
//! polygons, then the zone. Nothing is guessed: what can't be placed comes back with the reason.

mod named_routes;

#[cfg(test)]
mod tests;

pub use named_routes::NamedRoutes;

use crate::conflation::{LayParams, SegmentStretch, lay_line_preferring, union_of_stretches};
use crate::geometry::{BoundingBox, LonLat};
use crate::kilopost::{KilopostParams, KilopostTable, Unplaced, place_stretch};
use crate::network::RoadNetwork;
use crate::place::{Place, RouteStretch};
use crate::route_name::{keys_of_road, route_key};
use crate::work::Direction;
use crate::zone_extent::{LEAST_SHARE, share_inside};

/// Cost per sample of following a line on a road that does not go by the route's name.
const OTHER_ROUTE_COST: f64 = 0.5;

/// What places are looked up in.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// The network.
    pub network: &'a RoadNetwork,
    /// Its routes by name.
    pub routes: &'a NamedRoutes,
    /// The manager's kiloposts; an empty table where it has none.
    pub kiloposts: &'a KilopostTable,
    /// Segments of a zone by its normalised name; none for an unknown one.
    pub zone: &'a dyn Fn(&str) -> Vec<u32>,
    /// Whether the manager that states the place may mean the segment when it names a route or
    /// draws a polygon: it is its own, or nobody knows whose.
    pub may_mean: &'a dyn Fn(u32) -> bool,
    /// Numbers of the laying of lines.
    pub lay: &'a LayParams,
    /// Numbers of the placing by kiloposts.
    pub posts: &'a KilopostParams,
}

/// How a place was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlacedBy {
    /// By its own lines.
    Lines,
    /// By kilometres or named posts of its route.
    Kilometres,
    /// By its route's name, as a whole.
    RouteName,
    /// By its polygons.
    Areas,
    /// By its zone.
    Zone,
}

/// What became of a place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PlacedFact {
    /// Where it lies; empty where it could not be placed.
    pub stretches: Vec<SegmentStretch>,
    /// By what; `None` where it could not be placed.
    pub by: Option<PlacedBy>,
    /// What could not be placed, for people; also of a place that was found by something else.
    pub problems: Vec<String>,
}

/// Finds a place on the network.
pub fn place_fact(ground: &Ground<'_>, place: &Place) -> PlacedFact {
    let mut problems = Vec::new();
    let found = by_lines(ground, place, &mut problems)
        .or_else(|| by_route(ground, place, &mut problems))
        .or_else(|| by_areas(ground, place, &mut problems))
        .or_else(|| by_zone(ground, place, &mut problems));
    if found.is_none() && problems.is_empty() {
        problems.push("it says nowhere where it lies".to_owned());
    }
    let (by, stretches) = match found {
        Some((by, stretches)) => (Some(by), stretches),
        None => (None, Vec::new()),
    };
    PlacedFact {
        stretches,
        by,
        problems,
    }
}

/// Places a stretch of a route: by kiloposts, or as a whole where it is named without any ends and
/// has no number. (A numbered route is too long for a missing column to mean all of it.)
///
/// # Errors
/// Why it stays unplaced.
pub fn place_route(
    ground: &Ground<'_>,
    stretch: &RouteStretch,
    direction: Option<Direction>,
) -> Result<(PlacedBy, Vec<SegmentStretch>), Unplaced> {
    let (network, table) = (ground.network, ground.kiloposts);
    let reason = match place_stretch(network, table, stretch, direction, ground.posts) {
        Ok(stretches) => return Ok((PlacedBy::Kilometres, stretches)),
        Err(reason) => reason,
    };
    let is_whole = stretch.section.is_none()
        && stretch.from_km.is_none()
        && stretch.to_km.is_none()
        && stretch.from_name.is_none()
        && stretch.to_name.is_none();
    // Which way 上り is, the name alone does not tell.
    if !is_whole || direction.is_some() {
        return Err(reason);
    }
    let segments = (ground.routes.segments(&stretch.route).into_iter())
        .filter(|segment| (ground.may_mean)(*segment));
    let stretches = whole(network, segments);
    if stretches.is_empty() {
        return Err(reason);
    }
    Ok((PlacedBy::RouteName, stretches))
}

type Found = Option<(PlacedBy, Vec<SegmentStretch>)>;

fn by_lines(ground: &Ground<'_>, place: &Place, problems: &mut Vec<String>) -> Found {
    let key = place
        .route
        .as_ref()
        .map(|stretch| route_key(&stretch.route));
    let cost = |segment: u32| {
        let Some(key) = &key else { return 0.0 };
        let keys = keys_of_road(&ground.network.road(segment).attributes);
        // A road without any name may be it.
        if keys.is_empty() || keys.iter().any(|k| k.is_same(key)) {
            0.0
        } else {
            OTHER_ROUTE_COST
        }
    };
    let mut stretches = Vec::new();
    let mut gone = Vec::new();
    for picked in &place.picked {
        match ground.network.find(picked.segment) {
            // Exactly that one: its line alone might be laid onto a part of its neighbours too.
            Some(segment) => stretches.extend(whole(ground.network, [segment])),
            None => gone.push(&picked.line),
        }
    }
    for (i, line) in gone.into_iter().chain(&place.lines).enumerate() {
        let laid = lay_line_preferring(ground.network, line, &cost, ground.lay);
        for part in &laid.unmatched {
            problems.push(format!(
                "line {}: no road lies under {:.0} m of it, from {:.0} m on",
                i + 1,
                part.to_m - part.from_m,
                part.from_m
            ));
        }
        if laid.stretches.is_empty() && laid.unmatched.is_empty() {
            problems.push(format!("line {}: has no length", i + 1));
        }
        stretches.extend(laid.stretches);
    }
    (!stretches.is_empty()).then(|| (PlacedBy::Lines, union_of_stretches(stretches)))
}

fn by_route(ground: &Ground<'_>, place: &Place, problems: &mut Vec<String>) -> Found {
    match place_route(ground, place.route.as_ref()?, None) {
        Ok(found) => Some(found),
        Err(reason) => {
            problems.push(reason.to_string());
            None
        }
    }
}

fn by_areas(ground: &Ground<'_>, place: &Place, problems: &mut Vec<String>) -> Found {
    let vertices = place.areas.iter().flatten().flatten().copied();
    let area = BoundingBox::around(vertices.filter(|at: &LonLat| at.is_valid()))?;
    let network = ground.network;
    let inside = network.in_box(&area).into_iter().filter(|segment| {
        (ground.may_mean)(*segment) && share_inside(network, *segment, &place.areas) >= LEAST_SHARE
    });
    let stretches = whole(network, inside);
    if stretches.is_empty() {
        problems.push("none of the manager's roads lies in its area".to_owned());
        return None;
    }
    Some((PlacedBy::Areas, stretches))
}

fn by_zone(ground: &Ground<'_>, place: &Place, problems: &mut Vec<String>) -> Found {
    let zone = place.zone.as_deref()?;
    let stretches = whole(ground.network, (ground.zone)(zone));
    if stretches.is_empty() {
        problems.push(format!("zone {zone:?} has no segments"));
        return None;
    }
    Some((PlacedBy::Zone, stretches))
}

/// The segments from end to end, ascending.
fn whole(network: &RoadNetwork, segments: impl IntoIterator<Item = u32>) -> Vec<SegmentStretch> {
    let mut segments: Vec<u32> = segments.into_iter().collect();
    segments.sort_unstable();
    segments.dedup();
    segments
        .into_iter()
        .map(|segment| SegmentStretch {
            segment,
            from_m: 0.0,
            to_m: network.segments()[segment as usize].length_m,
            direction: None,
        })
        .collect()
}

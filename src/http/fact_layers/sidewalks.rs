//! Sidewalks: of clearing plans, of the network, and where a sidewalk's plow was seen.

use super::gather::{Properties, minutes};
use crate::http::{AppState, Problem};
use crate::workers::follow::MapView;
use domain::network::{Stretch, StretchKind};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use tiles::{Fact, FactShape};

/// Passes that are older are forgotten.
const PASSES_WITHIN: SignedDuration = SignedDuration::from_hours(7 * 24);
/// OSM highway values of ways for walkers.
const OWN_WAYS: [&str; 3] = ["footway", "pedestrian", "path"];

/// All that is known of sidewalks.
pub(super) async fn sidewalks(state: &AppState, now: Timestamp) -> Result<Vec<Fact>, Problem> {
    let view = state.views.borrow().clone();
    let after = now.saturating_sub(PASSES_WITHIN).unwrap_or(Timestamp::MIN);
    let mut cleared: BTreeMap<u32, Timestamp> = BTreeMap::new();
    for pass in state.store.sidewalk_passes(after, now).await? {
        if let Some(segment) = view.network.find(pass.segment) {
            let newest = cleared.entry(segment).or_insert(pass.left_at);
            *newest = pass.left_at.max(*newest);
        }
    }
    Ok(facts(&view, &cleared))
}

/// In the order of the segments' ids, which all servers share.
fn facts(view: &MapView, cleared: &BTreeMap<u32, Timestamp>) -> Vec<Fact> {
    let network = &view.network;
    let id = |segment: u32| network.segments()[segment as usize].id.0;
    let mut planned: Vec<(&Stretch, &str)> = network
        .all_stretches()
        .filter_map(|stretch| {
            let side = match stretch.kind {
                StretchKind::SidewalkLeft => "left",
                StretchKind::SidewalkRight => "right",
                StretchKind::Melting => return None,
            };
            Some((stretch, side))
        })
        .collect();
    planned.sort_by(|(a, _), (b, _)| {
        (id(a.segment), a.kind.as_str())
            .cmp(&(id(b.segment), b.kind.as_str()))
            .then(a.from_m.total_cmp(&b.from_m))
    });
    let mut found: Vec<Fact> = Vec::new();
    let mut add = |segment: u32, line, side: &str, standard: Option<&str>| {
        let road = &network.road(segment).attributes;
        let told = Properties::default()
            .whole("segment", id(segment))
            .text("name", road.name.as_deref().unwrap_or_default())
            .text("manager", road.manager.as_deref().unwrap_or_default())
            .text("side", side)
            .text("standard", standard.unwrap_or_default())
            .whole(
                "cleared_min",
                cleared.get(&segment).map_or(0, |at| minutes(*at)),
            );
        // Several may lie on one segment; a feature's id is its place in the layer.
        found.push(told.fact(found.len() as u64 + 1, FactShape::Lines(vec![line])));
    };
    let mut drawn = BTreeSet::new();
    for (stretch, side) in planned {
        drawn.insert(stretch.segment);
        let line = network.line_between(stretch.segment, stretch.from_m, stretch.to_m);
        add(stretch.segment, line, side, stretch.standard.as_deref());
    }
    let mut others: BTreeMap<u32, &str> = cleared.keys().map(|s| (*s, "unknown")).collect();
    let is_own_way = |class: &str| OWN_WAYS.contains(&class);
    if network
        .roads()
        .iter()
        .any(|road| is_own_way(&road.attributes.class))
    {
        let ways = 0..network.segments().len() as u32;
        others.extend(
            ways.filter(|segment| is_own_way(&network.road(*segment).attributes.class))
                .map(|segment| (segment, "way")),
        );
    }
    let mut others: Vec<(u32, &str)> = others.into_iter().collect();
    others.retain(|(segment, _)| !drawn.contains(segment));
    others.sort_unstable_by_key(|(segment, _)| id(*segment));
    for (segment, side) in others {
        add(segment, network.line(segment).to_vec(), side, None);
    }
    found
}

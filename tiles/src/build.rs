//! Builds the template of one tile: which lines it shows, how finely, with which static attributes.

use crate::clip::clipped;
use crate::coordinate::TileCoordinate;
use crate::geometry_commands::line_commands;
use crate::layer::{LayerDraft, Tag};
use crate::merged::MergedLines;
use crate::simplify::simplified;
use crate::template::Sources;
use crate::visibility::tolerance;
use crate::world::{WorldPoint, world_point};
use domain::network::{RoadAttributes, RoadNetwork};
use domain::zone_extent::SegmentZones;
use std::sync::Arc;

/// The layer of single segments.
pub(crate) fn segments_layer(
    network: &RoadNetwork,
    zones: &SegmentZones,
    tile: TileCoordinate,
    shown: &[u32],
) -> (LayerDraft, Sources) {
    let (mut layer, mut sources) = (LayerDraft::default(), Vec::new());
    for segment in shown {
        let line: Vec<WorldPoint> = network
            .line(*segment)
            .iter()
            .map(|p| world_point(*p))
            .collect();
        let Some(geometry) = drawn(tile, &line) else {
            continue;
        };
        let attributes = &network.road(*segment).attributes;
        let priority = attributes.priority();
        let id = network.segments()[*segment as usize].id.0;
        let zone = zones.name(*segment).map(|name| ("zone", Tag::Text(name)));
        let tags = texts(attributes, priority.as_deref()).chain(zone);
        layer.add(id, tags, geometry, false);
        sources.push(*segment);
    }
    (layer, Sources::Segments(sources.into_boxed_slice()))
}

/// The layer of merged lines.
pub(crate) fn merged_layer(
    network: &RoadNetwork,
    merged: &Arc<MergedLines>,
    tile: TileCoordinate,
    shown: &[u32],
) -> (LayerDraft, Sources) {
    let (mut layer, mut sources) = (LayerDraft::default(), Vec::new());
    for number in shown {
        let line = &merged.lines()[*number as usize];
        let Some(geometry) = drawn(tile, &merged.points(network, line)) else {
            continue;
        };
        let members = merged.members(line);
        let attributes = &network.road(members[0].segment()).attributes;
        let priority = attributes.priority();
        let is_merged = members.len() > 1;
        let tags = texts(attributes, priority.as_deref())
            .chain(is_merged.then_some(("agg", Tag::Number(1))));
        layer.add(merged.id(network, line), tags, geometry, is_merged);
        sources.push(*number);
    }
    let sources = Sources::Lines(Arc::clone(merged), sources.into_boxed_slice());
    (layer, sources)
}

/// The line's commands within the tile; `None` where nothing of it can be seen.
fn drawn(tile: TileCoordinate, line: &[WorldPoint]) -> Option<Vec<u8>> {
    // Simplified before it is cut, so that the tile beside this one draws the same line.
    let line: Vec<[i32; 2]> = simplified(line, tolerance(tile.zoom()))
        .into_iter()
        .map(|p| tile.project(p))
        .collect();
    let parts = clipped(&line);
    (!parts.is_empty()).then(|| line_commands(&parts))
}

fn texts<'a>(
    attributes: &'a RoadAttributes,
    priority: Option<&'a str>,
) -> impl Iterator<Item = (&'static str, Tag<'a>)> {
    [
        ("name", attributes.name.as_deref()),
        ("ref", attributes.reference.as_deref()),
        ("class", Some(attributes.class.as_str())),
        ("manager_level", Some(attributes.manager_level.as_str())),
        ("manager", attributes.manager.as_deref()),
        ("priority", priority),
        ("oneway", Some(attributes.oneway.as_str())),
    ]
    .into_iter()
    .filter_map(|(key, text)| Some((key, Tag::Text(text?))))
}

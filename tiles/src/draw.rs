//! Draws one tile of the `roads` layer.

use crate::clip::clipped;
use crate::coordinate::TileCoordinate;
use crate::fields::ROADS_LAYER;
use crate::visibility::{min_zoom, resolution};
use domain::network::RoadNetwork;
use domain::status::StatusSnapshot;
use mvt::{GeomEncoder, GeomType, Tile};

/// Why a tile could not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum DrawError {
    /// The encoder refused a value.
    #[error("encoding: {0}")]
    Encoding(#[from] mvt::Error),
    /// Snapshot and network do not belong together.
    #[error("the snapshot has {statuses} statuses for {segments} segments")]
    Mismatch {
        /// Statuses in the snapshot.
        statuses: usize,
        /// Segments in the network.
        segments: usize,
    },
}

/// The segments that a tile shows.
fn shown(network: &RoadNetwork, tile: TileCoordinate) -> impl Iterator<Item = u32> {
    network
        .in_box(&tile.drawn_area())
        .into_iter()
        .filter(move |segment| min_zoom(&network.road(*segment).attributes) <= tile.zoom())
}

/// Highest number of a change among the segments that a tile shows, for its ETag; `None` when it
/// shows none.
pub fn highest_sequence(
    network: &RoadNetwork,
    snapshot: &StatusSnapshot,
    tile: TileCoordinate,
) -> Option<i64> {
    shown(network, tile)
        .map(|s| snapshot.sequences.get(s as usize).copied().unwrap_or(0))
        .max()
}

/// The tile's bytes (MVT 2.1, not compressed); empty when it shows nothing.
///
/// # Errors
/// [`DrawError`].
pub fn roads_tile(
    network: &RoadNetwork,
    snapshot: &StatusSnapshot,
    coordinate: TileCoordinate,
) -> Result<Vec<u8>, DrawError> {
    if snapshot.statuses.len() != network.segments().len() {
        return Err(DrawError::Mismatch {
            statuses: snapshot.statuses.len(),
            segments: network.segments().len(),
        });
    }
    let mut tile = Tile::new(4096);
    let mut layer = tile.create_layer(ROADS_LAYER);
    let resolution = resolution(coordinate.zoom());
    for segment in shown(network, coordinate) {
        let line: Vec<[f64; 2]> = network
            .line(segment)
            .iter()
            .map(|p| coordinate.project(*p))
            .collect();
        let parts = clipped(&line, resolution);
        if parts.is_empty() {
            continue;
        }
        let mut geometry = GeomEncoder::<f64>::new(GeomType::Linestring);
        for part in &parts {
            for [x, y] in part {
                geometry.add_point(f64::from(*x), f64::from(*y))?;
            }
            geometry.complete_geom()?;
        }
        let mut feature = layer.into_feature(geometry.encode()?);
        feature.set_id(network.segments()[segment as usize].id.0);
        let attributes = &network.road(segment).attributes;
        let texts = [
            ("name", attributes.name.as_deref()),
            ("ref", attributes.reference.as_deref()),
            ("class", Some(attributes.class.as_str())),
            ("manager_level", Some(attributes.manager_level.as_str())),
            ("manager", attributes.manager.as_deref()),
            ("priority", attributes.priority().as_deref()),
            ("oneway", Some(attributes.oneway.as_str())),
        ]
        .map(|(key, text)| (key, text.map(str::to_owned)));
        for (key, text) in texts {
            if let Some(text) = text {
                feature.add_tag_string(key, &text);
            }
        }
        let status = &snapshot.statuses[segment as usize];
        feature.add_tag_uint("cleared_fwd_min", u64::from(status.cleared_fwd_min));
        feature.add_tag_uint("cleared_rev_min", u64::from(status.cleared_rev_min));
        feature.add_tag_uint("status", u64::from(status.status));
        layer = feature.into_layer();
    }
    if layer.num_features() == 0 {
        return Ok(Vec::new());
    }
    tile.add_layer(layer)?;
    Ok(tile.to_bytes()?)
}

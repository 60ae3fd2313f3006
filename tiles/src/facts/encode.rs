//! One tile of facts by the `mvt` crate.

use super::ring_clip::{clipped_ring, doubled_area};
use super::{Fact, FactShape, FactTileError, FactValue};
use crate::clip::clipped;
use crate::coordinate::{EXTENT, TileCoordinate};
use crate::simplify::simplified;
use crate::visibility::tolerance;
use crate::world::{WorldPoint, world_point};
use domain::geometry::LonLat;
use mvt::{GeomData, GeomEncoder, GeomType, Tile};

/// The tile's bytes; `None` where nothing is drawn.
pub(super) fn encoded<'a>(
    name: &str,
    tile: TileCoordinate,
    facts: impl Iterator<Item = &'a Fact>,
) -> Result<Option<Vec<u8>>, FactTileError> {
    let mut whole = Tile::new(EXTENT as u32);
    let mut layer = whole.create_layer(name);
    for fact in facts {
        let Some(geometry) = geometry(tile, &fact.shape)? else {
            continue;
        };
        let mut feature = layer.into_feature(geometry);
        feature.set_id(fact.id);
        for (name, value) in &fact.properties {
            match value {
                FactValue::Text(text) => feature.add_tag_string(name, text),
                FactValue::Whole(n) => feature.add_tag_uint(name, *n),
                FactValue::Real(n) => feature.add_tag_double(name, *n),
                FactValue::Flag(yes) => feature.add_tag_bool(name, *yes),
            }
        }
        layer = feature.into_layer();
    }
    if layer.num_features() == 0 {
        return Ok(None);
    }
    whole.add_layer(layer)?;
    Ok(Some(whole.to_bytes()?))
}

fn geometry(tile: TileCoordinate, shape: &FactShape) -> Result<Option<GeomData>, FactTileError> {
    let encoder = match shape {
        FactShape::Point(at) => point(tile, *at)?,
        FactShape::Lines(lines) => lines_of(tile, lines)?,
        FactShape::Areas(areas) => areas_of(tile, areas)?,
    };
    let data = encoder.map(GeomEncoder::encode).transpose()?;
    Ok(data.filter(|data| !data.is_empty()))
}

type Encoder = Option<GeomEncoder<i32>>;

/// A place is in one tile only: its symbol would be drawn twice else.
fn point(tile: TileCoordinate, at: LonLat) -> Result<Encoder, FactTileError> {
    if TileCoordinate::holding(tile.zoom(), at) != Some(tile) {
        return Ok(None);
    }
    let [x, y] = tile.project(world_point(at));
    Ok(Some(GeomEncoder::new(GeomType::Point).point(x, y)?))
}

fn lines_of(tile: TileCoordinate, lines: &[Vec<LonLat>]) -> Result<Encoder, FactTileError> {
    let mut encoder = GeomEncoder::new(GeomType::Linestring);
    let mut any = false;
    for part in lines.iter().flat_map(|line| clipped(&drawn(tile, line))) {
        for [x, y] in part {
            encoder.add_point(x, y)?;
        }
        encoder.complete_geom()?;
        any = true;
    }
    Ok(any.then_some(encoder))
}

fn areas_of(tile: TileCoordinate, areas: &[Vec<Vec<LonLat>>]) -> Result<Encoder, FactTileError> {
    let mut encoder = GeomEncoder::new(GeomType::Polygon);
    let mut pen = None;
    for rings in areas {
        for (i, ring) in rings.iter().enumerate() {
            let mut ring = clipped_ring(&drawn(tile, ring));
            if ring.is_empty() {
                if i == 0 {
                    // Its holes have nothing to be holes of.
                    break;
                }
                continue;
            }
            if (doubled_area(&ring) > 0) != (i == 0) {
                ring.reverse();
            }
            // The crate goes on with the ring before where one begins at that one's last vertex.
            if pen == ring.first().copied() {
                ring.rotate_left(1);
            }
            pen = ring.last().copied();
            for [x, y] in ring {
                encoder.add_point(x, y)?;
            }
            encoder.complete_geom()?;
        }
    }
    Ok(pen.is_some().then_some(encoder))
}

/// A line in the tile's units, as coarse as the zoom allows.
fn drawn(tile: TileCoordinate, line: &[LonLat]) -> Vec<[i32; 2]> {
    let line: Vec<WorldPoint> = line.iter().map(|at| world_point(*at)).collect();
    simplified(&line, tolerance(tile.zoom()))
        .into_iter()
        .map(|p| tile.project(p))
        .collect()
}

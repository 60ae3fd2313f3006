//! Layers of facts: zones, stations, closures, plans, sidewalks. They are small and change as a whole, so
//! the `mvt` crate encodes their tiles, which stay until a fact changes.

mod encode;
mod layers;
mod ring_clip;

#[cfg(test)]
mod tests;

pub use layers::{CLOSURES, FACT_LAYERS, FactLayer, PLANS, SIDEWALKS, STATIONS, ZONES};

use crate::coordinate::TileCoordinate;
use crate::encoding::{EncodeError, Encoding, Prefix};
use crate::world::{WorldExtent, world_point};
use bytes::Bytes;
use domain::geometry::{BoundingBox, LonLat};
use quick_cache::sync::Cache;
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

/// Tiles that are kept of a layer.
const KEPT_TILES: usize = 512;

/// Why a tile of facts could not be made.
#[derive(Debug, thiserror::Error)]
pub enum FactTileError {
    /// By the encoder.
    #[error("mvt: {0}")]
    Mvt(#[from] mvt::Error),
    /// By compression.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

/// Where a fact lies, WGS84.
#[derive(Debug, Clone, PartialEq)]
pub enum FactShape {
    /// A place.
    Point(LonLat),
    /// Lines.
    Lines(Vec<Vec<LonLat>>),
    /// Polygons: rings, the outer one first.
    Areas(Vec<Vec<Vec<LonLat>>>),
}

/// A value of an attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum FactValue {
    /// A text.
    Text(String),
    /// A count, a time in minutes, an id.
    Whole(u64),
    /// A measured number.
    Real(f64),
    /// Yes or no.
    Flag(bool),
}

/// One feature of a layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Its id, below 2^53.
    pub id: u64,
    /// Where it lies.
    pub shape: FactShape,
    /// Its attributes, by the names of the layer's fields.
    pub properties: Vec<(&'static str, FactValue)>,
}

/// A layer's facts at one moment, and its tiles.
#[derive(Debug)]
pub struct FactTiles {
    layer: &'static FactLayer,
    facts: Vec<Fact>,
    extents: Vec<WorldExtent>,
    version: u64,
    tiles: Cache<(TileCoordinate, Encoding), Bytes>,
}

impl FactTiles {
    /// The tiles of some facts, which are drawn in this order.
    pub fn new(layer: &'static FactLayer, facts: Vec<Fact>) -> Self {
        let mut hasher = FxHasher::default();
        facts.iter().for_each(|fact| fact.hash(&mut hasher));
        FactTiles {
            layer,
            extents: facts
                .iter()
                .map(|fact| WorldExtent::around(fact.shape.vertices().map(world_point)))
                .collect(),
            version: hasher.finish(),
            tiles: Cache::new(KEPT_TILES),
            facts,
        }
    }

    /// A number for all that the facts say: equal where they are equal, on whichever server.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The box around all facts.
    pub fn bounds(&self) -> Option<BoundingBox> {
        BoundingBox::around(self.facts.iter().flat_map(|fact| fact.shape.vertices()))
    }

    /// A tile; `None` when it shows nothing.
    ///
    /// # Errors
    /// [`FactTileError`].
    pub fn draw(
        &self,
        tile: TileCoordinate,
        encoding: Encoding,
    ) -> Result<Option<Bytes>, FactTileError> {
        if tile.zoom() < self.layer.min_zoom {
            return Ok(None);
        }
        if let Some(body) = self.tiles.get(&(tile, encoding)) {
            return Ok(Some(body));
        }
        let shown = self
            .facts
            .iter()
            .zip(&self.extents)
            .filter(|(_, extent)| extent.reaches(tile))
            .map(|(fact, _)| fact);
        let Some(raw) = encode::encoded(self.layer.name, tile, shown)? else {
            return Ok(None);
        };
        let body = Bytes::from(Prefix::new(encoding, &raw)?.join(&[])?);
        self.tiles.insert((tile, encoding), body.clone());
        Ok(Some(body))
    }
}

impl FactShape {
    fn vertices(&self) -> Box<dyn Iterator<Item = LonLat> + '_> {
        match self {
            FactShape::Point(at) => Box::new(std::iter::once(*at)),
            FactShape::Lines(lines) => Box::new(lines.iter().flatten().copied()),
            FactShape::Areas(areas) => Box::new(areas.iter().flatten().flatten().copied()),
        }
    }
}

impl Hash for Fact {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
        std::mem::discriminant(&self.shape).hash(state);
        match &self.shape {
            FactShape::Point(_) => {}
            FactShape::Lines(lines) => lines.iter().for_each(|line| line.len().hash(state)),
            FactShape::Areas(areas) => {
                for rings in areas {
                    rings.len().hash(state);
                    rings.iter().for_each(|ring| ring.len().hash(state));
                }
            }
        }
        for at in self.shape.vertices() {
            [at.lon.to_bits(), at.lat.to_bits()].hash(state);
        }
        for (name, value) in &self.properties {
            name.hash(state);
            std::mem::discriminant(value).hash(state);
            match value {
                FactValue::Text(text) => text.hash(state),
                FactValue::Whole(n) => n.hash(state),
                FactValue::Real(n) => n.to_bits().hash(state),
                FactValue::Flag(yes) => yes.hash(state),
            }
        }
    }
}

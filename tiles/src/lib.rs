//! DRAWS: the status of a network's segments and a tile coordinate become Mapbox Vector Tile bytes.
//!
//! This crate must never know SQL, HTTP, feeds or the clock: a tile is a function of the network's
//! version and the status of its segments. Ages are worked out by whoever looks at it.
//!
//! A tile is a template: geometry and names are encoded and packed once, and at each change only the
//! value slots at its end are written anew ([`RoadTiles`]).

mod archive;
mod build;
mod clip;
mod coordinate;
mod directory;
mod encoding;
mod facts;
mod fields;
mod geometry_commands;
mod layer;
mod merged;
mod protobuf;
mod road_tiles;
mod shown;
mod simplify;
mod size_limit;
mod slots;
mod template;
mod visibility;
mod world;

#[cfg(test)]
mod tests;

pub use archive::{ArchiveCounts, ArchiveError, ArchiveHead};
pub use coordinate::{MAX_ZOOM, MIN_ZOOM, TileCoordinate};
pub use encoding::{EncodeError, Encoding};
pub use facts::{
    CLOSURES, FACT_LAYERS, Fact, FactLayer, FactShape, FactTileError, FactTiles, FactValue, PLANS,
    SIDEWALKS, STATIONS, ZONES,
};
pub use fields::{Field, ROADS_FIELDS, ROADS_LAYER};
pub use road_tiles::{RoadTiles, Tile, TileSettings};

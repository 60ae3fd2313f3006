//! DRAWS: a status snapshot and a tile coordinate become Mapbox Vector Tile bytes.
//!
//! This crate must never know SQL, HTTP, feeds or the clock: a tile is a function of the network's
//! version and the status of its segments. Ages are worked out by whoever looks at it.

mod clip;
mod coordinate;
mod draw;
mod fields;
mod visibility;

#[cfg(test)]
mod tests;

pub use coordinate::{MAX_ZOOM, MIN_ZOOM, TileCoordinate};
pub use draw::{DrawError, highest_sequence, roads_tile};
pub use fields::{Field, ROADS_FIELDS, ROADS_LAYER};

//! Places as whole numbers, so that every tile and every server draws the same line.
//!
//! A unit is a unit of a z16 tile (about 1 cm in Japan). What a tile holds is decided in these numbers
//! alone, whether the tile asks for its lines or a line for its tiles.

use crate::coordinate::{BUFFER, EXTENT, MAX_ZOOM, MIN_ZOOM, TileCoordinate};
use domain::geometry::LonLat;
use std::ops::RangeInclusive;

/// Bits of a unit position within a z16 tile.
const TILE_BITS: u32 = EXTENT.trailing_zeros();

/// A place in units from the world's north-west corner, y downwards.
pub(crate) type WorldPoint = [i32; 2];

/// The place in Web Mercator (EPSG:3857).
pub(crate) fn world_point(at: LonLat) -> WorldPoint {
    let lat = at.lat.clamp(-85.051_128, 85.051_128).to_radians();
    let y = (1.0 - lat.tan().asinh() / std::f64::consts::PI) / 2.0;
    let x = (at.lon + 180.0) / 360.0;
    let units = f64::from(1u32 << (u32::from(MAX_ZOOM) + TILE_BITS));
    [x, y].map(|share| (share * units).round().clamp(0.0, units - 1.0) as i32)
}

/// The rectangle around some places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WorldExtent {
    west: i32,
    north: i32,
    east: i32,
    south: i32,
}

impl WorldExtent {
    /// Around nothing; touches no tile until something is added.
    pub(crate) const NOTHING: WorldExtent = WorldExtent {
        west: i32::MAX,
        north: i32::MAX,
        east: i32::MIN,
        south: i32::MIN,
    };

    pub(crate) fn around(points: impl IntoIterator<Item = WorldPoint>) -> Self {
        points.into_iter().fold(Self::NOTHING, |acc, [x, y]| {
            acc.with(WorldExtent {
                west: x,
                north: y,
                east: x,
                south: y,
            })
        })
    }

    pub(crate) fn with(self, other: WorldExtent) -> Self {
        WorldExtent {
            west: self.west.min(other.west),
            north: self.north.min(other.north),
            east: self.east.max(other.east),
            south: self.south.max(other.south),
        }
    }

    /// Columns and rows of the tiles of a zoom that it reaches into, their buffers included.
    fn tile_ranges(&self, zoom: u8) -> (RangeInclusive<u32>, RangeInclusive<u32>) {
        let up = u32::from(MAX_ZOOM - zoom);
        let buffer = i64::from(BUFFER) << up;
        let last = (1i64 << zoom) - 1;
        let range = |low: i32, high: i32| {
            let first = (i64::from(low) - buffer) >> (TILE_BITS + up);
            let end = (i64::from(high) + buffer) >> (TILE_BITS + up);
            first.max(0) as u32..=end.min(last) as u32
        };
        if self.west > self.east {
            #[allow(clippy::reversed_empty_ranges)]
            return (1..=0, 1..=0);
        }
        (range(self.west, self.east), range(self.north, self.south))
    }

    /// Whether a tile holds it.
    pub(crate) fn reaches(&self, tile: TileCoordinate) -> bool {
        let (columns, rows) = self.tile_ranges(tile.zoom());
        columns.contains(&tile.column()) && rows.contains(&tile.row())
    }

    /// The tiles of a zoom that hold it.
    pub(crate) fn tiles(&self, zoom: u8) -> impl Iterator<Item = TileCoordinate> + use<> {
        debug_assert!((MIN_ZOOM..=MAX_ZOOM).contains(&zoom));
        let (columns, rows) = self.tile_ranges(zoom);
        columns.flat_map(move |x| {
            rows.clone()
                .filter_map(move |y| TileCoordinate::new(zoom, x, y))
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Whoever asks, the answer is the same: else two servers would disagree on an ETag.
        #[test]
        fn a_line_knows_the_tiles_that_know_it(
            (lon, lat) in (139.0..142.0f64, 36.0..42.0f64),
            (dx, dy) in (-0.02..0.02f64, -0.02..0.02f64),
            zoom in MIN_ZOOM..=MAX_ZOOM,
            (i, j) in (-3i64..=3, -3i64..=3),
        ) {
            let ends = [LonLat::new(lon, lat), LonLat::new(lon + dx, lat + dy)];
            let extent = WorldExtent::around(ends.map(world_point));
            let tiles: Vec<TileCoordinate> = extent.tiles(zoom).collect();
            prop_assert!(tiles.contains(&TileCoordinate::holding(zoom, ends[0]).unwrap()));
            prop_assert!(tiles.contains(&TileCoordinate::holding(zoom, ends[1]).unwrap()));
            let near = TileCoordinate::holding(zoom, ends[0]).unwrap();
            let beside = TileCoordinate::new(
                zoom,
                (i64::from(near.column()) + i) as u32,
                (i64::from(near.row()) + j) as u32,
            ).unwrap();
            prop_assert_eq!(extent.reaches(beside), tiles.contains(&beside));
        }
    }

    #[test]
    fn nothing_is_in_no_tile_and_the_worlds_edge_in_its_last() {
        assert_eq!(WorldExtent::NOTHING.tiles(5).count(), 0);
        let corner = WorldExtent::around([world_point(LonLat::new(180.0, -90.0))]);
        let tiles: Vec<_> = corner.tiles(5).collect();
        assert_eq!(tiles, [TileCoordinate::new(5, 31, 31).unwrap()]);
    }
}

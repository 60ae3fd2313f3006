//! Tile coordinates in Web Mercator (EPSG:3857), XYZ scheme.

use crate::world::{WorldPoint, world_point};
use domain::geometry::{BoundingBox, LonLat};

/// Lowest zoom that is served.
pub const MIN_ZOOM: u8 = 5;
/// Highest zoom that is served; clients draw further ones from it.
pub const MAX_ZOOM: u8 = 16;
/// Units across a tile.
pub(crate) const EXTENT: i32 = 4096;
/// Units around a tile that lines are drawn into, so that their caps meet.
pub(crate) const BUFFER: i32 = 64;

/// A tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TileCoordinate {
    z: u8,
    x: u32,
    y: u32,
}

impl TileCoordinate {
    /// A tile; `None` outside the served zooms or outside the world.
    pub fn new(z: u8, x: u32, y: u32) -> Option<Self> {
        let inside = (MIN_ZOOM..=MAX_ZOOM).contains(&z) && x < 1 << z && y < 1 << z;
        inside.then_some(TileCoordinate { z, x, y })
    }

    /// The zoom.
    pub fn zoom(self) -> u8 {
        self.z
    }

    /// The column, from the west.
    pub fn column(self) -> u32 {
        self.x
    }

    /// The row, from the north.
    pub fn row(self) -> u32 {
        self.y
    }

    /// The tile that holds a place.
    pub fn holding(z: u8, at: LonLat) -> Option<Self> {
        let point = world_point(at);
        if !(MIN_ZOOM..=MAX_ZOOM).contains(&z) {
            return None;
        }
        let units = u32::from(MAX_ZOOM - z) + EXTENT.trailing_zeros();
        let [x, y] = point.map(|p| (p >> units) as u32);
        Self::new(z, x, y)
    }

    /// An area that holds all that is drawn, buffer included.
    pub fn drawn_area(self) -> BoundingBox {
        // A unit more than the buffer makes up for rounding.
        let margin = f64::from(BUFFER + 1) / f64::from(EXTENT);
        let (x, y) = (f64::from(self.x), f64::from(self.y));
        let north_west = self.place(x - margin, y - margin);
        let south_east = self.place(x + 1.0 + margin, y + 1.0 + margin);
        BoundingBox {
            west: north_west.lon,
            south: south_east.lat,
            east: south_east.lon,
            north: north_west.lat,
        }
    }

    /// A place in the tile's units, y downwards.
    pub(crate) fn project(self, [x, y]: WorldPoint) -> [i32; 2] {
        let up = u32::from(MAX_ZOOM - self.z);
        let half = (1 << up) >> 1;
        [
            ((x + half) >> up) - (self.x as i32) * EXTENT,
            ((y + half) >> up) - (self.y as i32) * EXTENT,
        ]
    }

    fn place(self, x: f64, y: f64) -> LonLat {
        let tiles = f64::from(1u32 << self.z);
        let mercator = std::f64::consts::PI * (1.0 - 2.0 * y / tiles);
        LonLat::new(
            x / tiles * 360.0 - 180.0,
            mercator.sinh().atan().to_degrees(),
        )
    }
}

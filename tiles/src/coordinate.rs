//! Tile coordinates in Web Mercator (EPSG:3857), XYZ scheme.

use domain::geometry::{BoundingBox, LonLat};

/// Lowest zoom that is served.
pub const MIN_ZOOM: u8 = 5;
/// Highest zoom that is served; clients draw further ones from it.
pub const MAX_ZOOM: u8 = 16;
/// Units across a tile.
pub(crate) const EXTENT: f64 = 4096.0;
/// Units around a tile that lines are drawn into, so that their caps meet.
pub(crate) const BUFFER: f64 = 64.0;

/// A tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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

    /// The tile that holds a place.
    pub fn holding(z: u8, at: LonLat) -> Option<Self> {
        let tiles = f64::from(1u32 << z);
        let [x, y] = world(at);
        Self::new(z, (x * tiles).floor() as u32, (y * tiles).floor() as u32)
    }

    /// The area that is drawn, buffer included.
    pub fn drawn_area(self) -> BoundingBox {
        let margin = BUFFER / EXTENT;
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
    pub(crate) fn project(self, at: LonLat) -> [f64; 2] {
        let tiles = f64::from(1u32 << self.z);
        let [x, y] = world(at);
        [
            (x * tiles - f64::from(self.x)) * EXTENT,
            (y * tiles - f64::from(self.y)) * EXTENT,
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

/// Position in the unit square of Web Mercator, y downwards.
fn world(at: LonLat) -> [f64; 2] {
    let lat = at.lat.clamp(-85.051_128, 85.051_128).to_radians();
    let y = (1.0 - lat.tan().asinh() / std::f64::consts::PI) / 2.0;
    [(at.lon + 180.0) / 360.0, y]
}

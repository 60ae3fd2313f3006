//! Positions and lengths on the ellipsoid, and a flat plane good for a few kilometres.

use geo::{Distance, Geodesic, Point};
use serde::{Deserialize, Serialize};

/// A WGS84 position in degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LonLat {
    /// East of Greenwich, −180…180.
    pub lon: f64,
    /// North of the equator, −90…90.
    pub lat: f64,
}

impl LonLat {
    /// A position; not checked, see [`LonLat::is_valid`].
    pub const fn new(lon: f64, lat: f64) -> Self {
        LonLat { lon, lat }
    }

    /// Whether both values are finite and within the globe's ranges.
    pub fn is_valid(self) -> bool {
        self.lon.is_finite()
            && self.lat.is_finite()
            && self.lon.abs() <= 180.0
            && self.lat.abs() <= 90.0
    }

    /// Distance on the WGS84 ellipsoid in metres (Karney 2013).
    pub fn geodesic_m(self, other: LonLat) -> f64 {
        Geodesic.distance(
            Point::new(self.lon, self.lat),
            Point::new(other.lon, other.lat),
        )
    }
}

/// Length of a line on the ellipsoid in metres.
pub fn line_length_m(line: &[LonLat]) -> f64 {
    line.windows(2)
        .map(|pair| pair[0].geodesic_m(pair[1]))
        .sum()
}

/// A plane tangent to the ellipsoid: metres east and north of an origin.
///
/// Scales come from the ellipsoid's radii of curvature at the origin, so distances within a few
/// kilometres are right to 0.01 %.
#[derive(Debug, Clone, Copy)]
pub struct LocalPlane {
    origin: LonLat,
    /// Metres per degree of longitude at the origin.
    pub east_m_per_deg: f64,
    /// Metres per degree of latitude at the origin.
    pub north_m_per_deg: f64,
}

impl LocalPlane {
    /// The plane that touches the ellipsoid at `origin`.
    pub fn at(origin: LonLat) -> Self {
        const EQUATOR_M: f64 = 6_378_137.0;
        const E2: f64 = 0.006_694_379_990_14;
        let (sin, cos) = origin.lat.to_radians().sin_cos();
        let w2 = 1.0 - E2 * sin * sin;
        let prime_vertical_m = EQUATOR_M / w2.sqrt();
        let meridional_m = prime_vertical_m * (1.0 - E2) / w2;
        LocalPlane {
            origin,
            east_m_per_deg: (prime_vertical_m * cos).to_radians().max(1e-9),
            north_m_per_deg: meridional_m.to_radians(),
        }
    }

    /// Metres east and north of the origin.
    pub fn project(&self, at: LonLat) -> [f64; 2] {
        [
            (at.lon - self.origin.lon) * self.east_m_per_deg,
            (at.lat - self.origin.lat) * self.north_m_per_deg,
        ]
    }

    /// The position that many metres east and north of the origin.
    pub fn unproject(&self, xy: [f64; 2]) -> LonLat {
        LonLat::new(
            self.origin.lon + xy[0] / self.east_m_per_deg,
            self.origin.lat + xy[1] / self.north_m_per_deg,
        )
    }
}

/// The foot of a perpendicular on a straight piece.
#[derive(Debug, Clone, Copy)]
pub struct Foot {
    /// Share of the piece before the foot, 0…1.
    pub share: f64,
    /// Distance from the point to the foot in the plane's unit.
    pub distance: f64,
    /// The foot itself.
    pub at: [f64; 2],
}

/// The nearest point of the piece `a`–`b` to `p`, in a plane.
pub fn nearest_on_piece(p: [f64; 2], a: [f64; 2], b: [f64; 2]) -> Foot {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let squared = dx * dx + dy * dy;
    let share = if squared > 0.0 {
        (((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / squared).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let at = [a[0] + share * dx, a[1] + share * dy];
    Foot {
        share,
        // Metres of a few kilometres: nothing overflows, and hypot is many times slower.
        distance: ((p[0] - at[0]).powi(2) + (p[1] - at[1]).powi(2)).sqrt(),
        at,
    }
}

/// A rectangle in degrees: west, south, east, north.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoundingBox {
    /// Western edge.
    pub west: f64,
    /// Southern edge.
    pub south: f64,
    /// Eastern edge.
    pub east: f64,
    /// Northern edge.
    pub north: f64,
}

impl BoundingBox {
    /// Reads `west,south,east,north` in degrees; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let numbers: Vec<f64> = text
            .split(',')
            .map(|part| part.trim().parse::<f64>().ok().filter(|n| n.is_finite()))
            .collect::<Option<_>>()?;
        match numbers[..] {
            [west, south, east, north] if west <= east && south <= north => Some(BoundingBox {
                west,
                south,
                east,
                north,
            }),
            _ => None,
        }
    }

    /// The box around the points; `None` for none.
    pub fn around(points: impl IntoIterator<Item = LonLat>) -> Option<Self> {
        points.into_iter().fold(None, |acc: Option<Self>, p| {
            Some(match acc {
                None => BoundingBox {
                    west: p.lon,
                    south: p.lat,
                    east: p.lon,
                    north: p.lat,
                },
                Some(b) => BoundingBox {
                    west: b.west.min(p.lon),
                    south: b.south.min(p.lat),
                    east: b.east.max(p.lon),
                    north: b.north.max(p.lat),
                },
            })
        })
    }

    /// The box widened by `metres` on every side.
    pub fn padded_m(self, metres: f64) -> Self {
        let plane = LocalPlane::at(LonLat::new(self.west, 0.5 * (self.south + self.north)));
        let (dx, dy) = (
            metres / plane.east_m_per_deg,
            metres / plane.north_m_per_deg,
        );
        BoundingBox {
            west: self.west - dx,
            south: self.south - dy,
            east: self.east + dx,
            north: self.north + dy,
        }
    }

    /// Its middle.
    pub fn centre(&self) -> LonLat {
        LonLat::new(
            0.5 * (self.west + self.east),
            0.5 * (self.south + self.north),
        )
    }

    /// Whether the two overlap or touch.
    pub fn touches(&self, other: &BoundingBox) -> bool {
        self.west <= other.east
            && other.west <= self.east
            && self.south <= other.north
            && other.south <= self.north
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plane_agrees_with_the_ellipsoid_within_a_kilometre() {
        for origin in [
            LonLat::new(140.74, 40.82),
            LonLat::new(10.75, 59.91),
            LonLat::new(0.0, 0.0),
        ] {
            let plane = LocalPlane::at(origin);
            for xy in [[1000.0, 0.0], [0.0, 1000.0], [-700.0, 700.0]] {
                let there = plane.unproject(xy);
                let geodesic = origin.geodesic_m(there);
                let flat = xy[0].hypot(xy[1]);
                assert!(
                    (geodesic / flat - 1.0).abs() < 2e-4,
                    "{origin:?} {xy:?}: {geodesic} vs {flat}"
                );
                let back = plane.project(there);
                assert!((back[0] - xy[0]).abs() < 1e-6 && (back[1] - xy[1]).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn foot_is_clamped_to_the_piece() {
        let foot = nearest_on_piece([5.0, 3.0], [0.0, 0.0], [10.0, 0.0]);
        assert_eq!((foot.share, foot.distance), (0.5, 3.0));
        let beyond = nearest_on_piece([13.0, 4.0], [0.0, 0.0], [10.0, 0.0]);
        assert_eq!((beyond.share, beyond.distance), (1.0, 5.0));
        let point = nearest_on_piece([3.0, 4.0], [0.0, 0.0], [0.0, 0.0]);
        assert_eq!(point.distance, 5.0);
    }
}

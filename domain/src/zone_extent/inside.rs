//! How much of a segment lies inside polygons.

use crate::geometry::LonLat;
use crate::network::RoadNetwork;

/// A polygon: its rings, the outer one first.
type Polygon = Vec<Vec<LonLat>>;

/// Share of the segment's length inside any of the polygons, 0…1, by the even-odd rule.
///
/// Each straight piece is cut where it crosses a ring; the parts count by their middles. Degrees
/// serve as a plane: pieces are short.
pub(crate) fn share_inside(network: &RoadNetwork, segment: u32, polygons: &[Polygon]) -> f64 {
    let line = network.line(segment);
    let measures = network.measures_m(segment);
    let mut inside_m = 0.0;
    for (i, pair) in line.windows(2).enumerate() {
        let (a, b) = (pair[0], pair[1]);
        let piece_m = f64::from(measures[i + 1] - measures[i]);
        let mut cuts = vec![0.0, 1.0];
        for (c, d) in polygons.iter().flatten().flat_map(|ring| edges(ring)) {
            cuts.extend(crossing_share(a, b, c, d));
        }
        cuts.sort_by(f64::total_cmp);
        for part in cuts.windows(2) {
            let middle = 0.5 * (part[0] + part[1]);
            let at = LonLat::new(
                a.lon + middle * (b.lon - a.lon),
                a.lat + middle * (b.lat - a.lat),
            );
            if polygons.iter().any(|polygon| is_inside(at, polygon)) {
                inside_m += (part[1] - part[0]) * piece_m;
            }
        }
    }
    let length_m = f64::from(measures.last().copied().unwrap_or(0.0));
    if length_m > 0.0 {
        (inside_m / length_m).min(1.0)
    } else {
        0.0
    }
}

/// The edges of a ring, whether or not it repeats its first vertex at its end.
fn edges(ring: &[LonLat]) -> impl Iterator<Item = (LonLat, LonLat)> {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| (*a, *b))
}

fn is_inside(at: LonLat, polygon: &Polygon) -> bool {
    let crossed = polygon
        .iter()
        .flat_map(|ring| edges(ring))
        .filter(|(a, b)| {
            (a.lat > at.lat) != (b.lat > at.lat)
                && at.lon < a.lon + (at.lat - a.lat) / (b.lat - a.lat) * (b.lon - a.lon)
        });
    crossed.count() % 2 == 1
}

/// Share along `a`–`b` where it crosses `c`–`d`.
fn crossing_share(a: LonLat, b: LonLat, c: LonLat, d: LonLat) -> Option<f64> {
    let (rx, ry) = (b.lon - a.lon, b.lat - a.lat);
    let (sx, sy) = (d.lon - c.lon, d.lat - c.lat);
    let cross = rx * sy - ry * sx;
    if cross == 0.0 {
        return None;
    }
    let (qx, qy) = (c.lon - a.lon, c.lat - a.lat);
    let along = (qx * sy - qy * sx) / cross;
    let across = (qx * ry - qy * rx) / cross;
    ((0.0..=1.0).contains(&along) && (0.0..=1.0).contains(&across)).then_some(along)
}

//! Geometry in a cell: well-known text (OGC 06-103r4).

use super::geometry::Geometry;
use ::wkt::Wkt;
use ::wkt::types::{Coord, LineString, Polygon};

/// Reads points, lines and polygons, single or many.
pub(super) fn read(text: &str) -> Result<Geometry, String> {
    // PostGIS writes where the coordinates are from before them.
    let text = match text.trim().split_once(';') {
        Some((srid, rest)) if srid.eq_ignore_ascii_case("SRID=4326") => rest,
        _ => text.trim(),
    };
    // Collections nest without end, and nobody means them here.
    if text.to_ascii_uppercase().contains("COLLECTION") {
        return Err("a GEOMETRYCOLLECTION is not read".to_owned());
    }
    let wkt: Wkt<f64> = text.parse().map_err(|e| format!("not WKT: {e}"))?;
    let mut geometry = Geometry::default();
    match &wkt {
        Wkt::Point(point) => {
            let coord = point.coord().ok_or_else(|| "an empty POINT".to_owned())?;
            geometry.add_point(&pair(coord))?;
        }
        Wkt::LineString(line) => geometry.add_line(&pairs(line))?,
        Wkt::MultiLineString(lines) => {
            for line in lines.line_strings() {
                geometry.add_line(&pairs(line))?;
            }
        }
        Wkt::Polygon(polygon) => geometry.add_area(&rings(polygon))?,
        Wkt::MultiPolygon(polygons) => {
            for polygon in polygons.polygons() {
                geometry.add_area(&rings(polygon))?;
            }
        }
        _ => return Err("only POINT, LINESTRING, POLYGON and MULTI of these are read".to_owned()),
    }
    Ok(geometry)
}

fn pair(coord: &Coord<f64>) -> [f64; 2] {
    [coord.x, coord.y]
}

fn pairs(line: &LineString<f64>) -> Vec<[f64; 2]> {
    line.coords().iter().map(pair).collect()
}

fn rings(polygon: &Polygon<f64>) -> Vec<Vec<[f64; 2]>> {
    polygon.rings().iter().map(pairs).collect()
}

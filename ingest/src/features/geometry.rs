//! Where a record lies.

use domain::geometry::LonLat;

/// Lines, polygons and points of a record, WGS84.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Geometry {
    /// Lines of at least two different positions.
    pub lines: Vec<Vec<LonLat>>,
    /// Polygons: rings, the outer first; each closed.
    pub areas: Vec<Vec<Vec<LonLat>>>,
    /// Points.
    pub points: Vec<LonLat>,
}

impl Geometry {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.areas.is_empty() && self.points.is_empty()
    }

    pub(super) fn add_point(&mut self, position: &[f64]) -> Result<(), String> {
        self.points.push(at(position, 0)?);
        Ok(())
    }

    pub(super) fn add_line<P: AsRef<[f64]>>(&mut self, positions: &[P]) -> Result<(), String> {
        let line = distinct(positions)?;
        if line.len() < 2 {
            return Err("a line has fewer than two different positions".to_owned());
        }
        self.lines.push(line);
        Ok(())
    }

    pub(super) fn add_area<P: AsRef<[f64]>>(&mut self, rings: &[Vec<P>]) -> Result<(), String> {
        let rings = rings
            .iter()
            .map(|ring| {
                let mut ring = distinct(ring)?;
                // What some programs leave open is meant closed.
                if let (Some(first), Some(last)) = (ring.first().copied(), ring.last())
                    && first != *last
                {
                    ring.push(first);
                }
                if ring.len() < 4 {
                    return Err("a ring has fewer than three different positions".to_owned());
                }
                Ok(ring)
            })
            .collect::<Result<Vec<_>, String>>()?;
        if rings.is_empty() {
            return Err("a polygon has no ring".to_owned());
        }
        self.areas.push(rings);
        Ok(())
    }
}

/// Positions without those that repeat the one before.
fn distinct<P: AsRef<[f64]>>(positions: &[P]) -> Result<Vec<LonLat>, String> {
    let mut line: Vec<LonLat> = Vec::with_capacity(positions.len());
    for (i, position) in positions.iter().enumerate() {
        let at = at(position.as_ref(), i)?;
        if line.last() != Some(&at) {
            line.push(at);
        }
    }
    Ok(line)
}

fn at(position: &[f64], number: usize) -> Result<LonLat, String> {
    match position {
        [lon, lat, ..] if LonLat::new(*lon, *lat).is_valid() => Ok(LonLat::new(*lon, *lat)),
        _ => Err(format!(
            "position {number} is not a longitude and latitude in degrees"
        )),
    }
}

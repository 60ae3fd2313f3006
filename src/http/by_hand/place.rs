//! Where it is, as a person says: segments picked on the map, a drawn shape, a route with its
//! kiloposts, or a zone.

use super::{Problem, bad_field};
use crate::workers::follow::MapView;
use domain::geometry::LonLat;
use domain::network::SegmentId;
use domain::place::{PickedSegment, Place, RouteStretch};
use serde::Deserialize;

/// The members of a body that say where.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlaceBody {
    /// Ids of segments of the present network.
    #[serde(default)]
    segments: Vec<u64>,
    /// GeoJSON lines or polygons.
    geometry: Option<GeometryBody>,
    /// A stretch of a route.
    route: Option<RouteBody>,
    /// A zone's name.
    zone: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", content = "coordinates")]
enum GeometryBody {
    LineString(Vec<Vec<f64>>),
    MultiLineString(Vec<Vec<Vec<f64>>>),
    Polygon(Vec<Vec<Vec<f64>>>),
    MultiPolygon(Vec<Vec<Vec<Vec<f64>>>>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RouteBody {
    route: String,
    section: Option<String>,
    from_km: Option<f64>,
    to_km: Option<f64>,
    from_name: Option<String>,
    to_name: Option<String>,
}

impl PlaceBody {
    /// The place; segments come with their lines, so that the fact outlives the network.
    pub(super) fn place(self, view: &MapView) -> Result<Place, Problem> {
        let mut place = Place {
            route: self.route.map(RouteBody::stretch).transpose()?,
            zone: self.zone.map(|zone| zone_of(&zone)).transpose()?,
            ..Place::default()
        };
        for id in self.segments {
            let id = SegmentId(id);
            let segment = view.network.find(id).ok_or_else(|| {
                let reason = format!("no segment {id} in the present network");
                bad_field("place.segments", &reason)
            })?;
            place.picked.push(PickedSegment {
                segment: id,
                line: view.network.line(segment).to_vec(),
            });
        }
        match self.geometry {
            None => {}
            Some(GeometryBody::LineString(line)) => place.lines.push(points(&line, 2)?),
            Some(GeometryBody::MultiLineString(lines)) => {
                for line in lines {
                    place.lines.push(points(&line, 2)?);
                }
            }
            Some(GeometryBody::Polygon(rings)) => place.areas.push(rings_of(&rings)?),
            Some(GeometryBody::MultiPolygon(areas)) => {
                for rings in areas {
                    place.areas.push(rings_of(&rings)?);
                }
            }
        }
        if place == Place::default() {
            let reason = "say where, by segments, geometry, route or zone";
            return Err(bad_field("place", reason));
        }
        Ok(place)
    }
}

fn zone_of(given: &str) -> Result<String, Problem> {
    match ingest::text::zone_name(given) {
        zone if zone.is_empty() => Err(bad_field("place.zone", "is empty")),
        zone => Ok(zone),
    }
}

impl RouteBody {
    fn stretch(self) -> Result<RouteStretch, Problem> {
        let route = ingest::text::normalize(&self.route);
        if route.is_empty() {
            return Err(bad_field("place.route.route", "is empty"));
        }
        Ok(RouteStretch {
            route,
            section: self.section,
            from_km: self.from_km,
            to_km: self.to_km,
            from_name: self.from_name,
            to_name: self.to_name,
        })
    }
}

fn rings_of(rings: &[Vec<Vec<f64>>]) -> Result<Vec<Vec<LonLat>>, Problem> {
    if rings.is_empty() {
        return Err(bad_field("place.geometry", "a polygon without rings"));
    }
    rings.iter().map(|ring| points(ring, 4)).collect()
}

fn points(positions: &[Vec<f64>], least: usize) -> Result<Vec<LonLat>, Problem> {
    let bad = |what: String| bad_field("place.geometry", &what);
    if positions.len() < least {
        return Err(bad(format!("at least {least} positions are needed")));
    }
    positions
        .iter()
        .map(|position| match position[..] {
            [lon, lat, ..] if LonLat::new(lon, lat).is_valid() => Ok(LonLat::new(lon, lat)),
            _ => Err(bad(format!(
                "{position:?} is no position [lon, lat] in degrees"
            ))),
        })
        .collect()
}

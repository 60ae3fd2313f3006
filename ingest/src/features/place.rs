//! The part of a mapping that says where something holds.

use super::{Bad, Field, FieldNames, Record};
use crate::text::{kept_name, kilopost, kilopost_range, normalize, zone_name};
use domain::place::{Place, RouteStretch};
use serde::Deserialize;

/// Names of the fields that say where, as in `[feed.plans.place]`. All are optional; a record must be
/// given a route, a zone or a geometry by some of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PlaceFields {
    /// Route number or name (路線).
    pub route: Option<String>,
    /// Section within the route (区間名).
    pub section: Option<String>,
    /// Both kilometres in one cell, such as `12.3～15.0`.
    pub km_range: Option<String>,
    /// Kilometre at its start (距離標).
    pub from_km: Option<String>,
    /// Kilometre at its end.
    pub to_km: Option<String>,
    /// Name of the place where it begins (起点).
    pub from: Option<String>,
    /// Name of the place where it ends (終点).
    pub to: Option<String>,
    /// Zone (工区).
    pub zone: Option<String>,
    /// Column of a CSV that holds WKT.
    pub geometry: Option<String>,
}

/// The fields, asked for.
#[derive(Debug, Clone)]
pub struct PlaceColumns {
    route: Option<Field>,
    section: Option<Field>,
    km_range: Option<Field>,
    from_km: Option<Field>,
    to_km: Option<Field>,
    from: Option<Field>,
    to: Option<Field>,
    zone: Option<Field>,
}

impl PlaceFields {
    /// Asks for the fields.
    pub fn ask(&self, names: &mut FieldNames) -> PlaceColumns {
        names.geometry(self.geometry.as_deref());
        let mut ask = |key: &str, name: &Option<String>| {
            names.add_optional(&format!("place.{key}"), name.as_deref())
        };
        PlaceColumns {
            route: ask("route", &self.route),
            section: ask("section", &self.section),
            km_range: ask("km_range", &self.km_range),
            from_km: ask("from_km", &self.from_km),
            to_km: ask("to_km", &self.to_km),
            from: ask("from", &self.from),
            to: ask("to", &self.to),
            zone: ask("zone", &self.zone),
        }
    }
}

impl PlaceColumns {
    /// Where a record holds.
    ///
    /// # Errors
    /// When it says so nowhere, or in kilometres that are no number or of no route.
    pub fn read(&self, record: &Record) -> Result<Place, Bad> {
        let km = |key: &str, field: Option<Field>| {
            let cell = record.get(field).unwrap_or_default();
            kilopost(cell).map_err(|reason| (format!("place.{key}"), reason))
        };
        let words = |field| {
            record
                .get(field)
                .map(normalize)
                .filter(|word| !word.is_empty())
        };
        let (mut from_km, mut to_km) = (km("from_km", self.from_km)?, km("to_km", self.to_km)?);
        if let Some(cell) = record.get(self.km_range) {
            let range = kilopost_range(cell).map_err(|r| ("place.km_range".to_owned(), r))?;
            (from_km, to_km) = range.unzip();
        }
        let route = match words(self.route) {
            None if from_km.is_some() || to_km.is_some() => {
                let reason = "kilometres are of no use without a route".to_owned();
                return Err(("place.route".to_owned(), reason));
            }
            None => None,
            Some(route) => Some(RouteStretch {
                route: kept_name(&route)
                    .map_err(|reason| ("place.route".to_owned(), reason))?
                    .to_owned(),
                section: words(self.section),
                from_km,
                to_km,
                from_name: words(self.from),
                to_name: words(self.to),
            }),
        };
        let place = Place {
            route,
            zone: record
                .get(self.zone)
                .map(zone_name)
                .filter(|zone| !zone.is_empty()),
            lines: record.geometry.lines.clone(),
            areas: record.geometry.areas.clone(),
            picked: Vec::new(),
        };
        if place.route.is_none()
            && place.zone.is_none()
            && place.lines.is_empty()
            && place.areas.is_empty()
        {
            let reason = if record.geometry.points.is_empty() {
                "says nowhere where: neither route, zone nor geometry"
            } else {
                "says where by a point alone; a line, a polygon, a route or a zone is needed"
            };
            return Err(("place".to_owned(), reason.to_owned()));
        }
        Ok(place)
    }
}

//! Names of a forecast's fields.

use crate::decoded::{DecodeError, Decoded};
use crate::features::{Field, FieldNames};
use crate::formats::Decoder;
use crate::mapping::{MappingError, zone_of};
use crate::table::TableSettings;
use crate::text::{TimeReader, normalize};
use domain::geometry::LonLat;
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// `[feed.snow_forecast]` of the configuration.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SnowForecastMapping {
    /// JSON pointer of the list, where the payload is JSON; CSV and GeoJSON need none.
    pub items: Option<String>,
    /// The place's name, or the code of a mesh cell.
    pub place: String,
    /// Longitude, where the place is neither a mesh cell nor in `places`.
    pub lon: Option<String>,
    /// Latitude.
    pub lat: Option<String>,
    /// Where named places are.
    #[serde(default)]
    pub places: BTreeMap<String, ForecastPlace>,
    /// When the forecast was issued.
    pub issued_at: String,
    /// Begin of the span. Left out where `hours` is given.
    pub from: Option<String>,
    /// End of the span.
    pub until: String,
    /// Length of all spans.
    pub hours: Option<u16>,
    /// Snow that falls in the span, cm.
    pub new_snow_cm: String,
    /// strptime form of times that are written in none of the usual ways.
    pub time_format: Option<String>,
    /// IANA zone of times that carry none. Default: Asia/Tokyo.
    pub time_zone: Option<String>,
    /// How a table is written.
    #[serde(default)]
    pub table: TableSettings,
}

/// Where a named place is.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForecastPlace {
    /// Longitude in degrees.
    pub lon: f64,
    /// Latitude in degrees.
    pub lat: f64,
}

/// A mapping whose words have been looked up.
#[derive(Debug)]
pub(super) struct Resolved {
    pub(super) names: FieldNames,
    pub(super) place: Field,
    pub(super) position: Option<(Field, Field)>,
    /// By the normal form of their names.
    pub(super) places: BTreeMap<String, LonLat>,
    pub(super) issued_at: Field,
    pub(super) span: Span,
    pub(super) until: Field,
    pub(super) new_snow_cm: Field,
    pub(super) times: TimeReader,
}

/// Where a record says when its span begins.
#[derive(Debug, Clone, Copy)]
pub(super) enum Span {
    From(Field),
    Hours(u16),
}

impl SnowForecastMapping {
    pub(super) fn resolve(&self) -> Result<Resolved, MappingError> {
        self.table.check()?;
        if let Some(items) = &self.items
            && !(items.is_empty() || items.starts_with('/'))
        {
            let what = format!("{items:?} is no JSON pointer; one begins with /");
            return Err(MappingError::new("items", what));
        }
        let mut names = FieldNames::default();
        let span = match (&self.from, self.hours) {
            (Some(from), None) => Span::From(names.add("from", from)),
            (None, Some(hours)) if (1..=240).contains(&hours) => Span::Hours(hours),
            (None, Some(hours)) => {
                let what = format!("{hours} is none of 1 to 240");
                return Err(MappingError::new("hours", what));
            }
            _ => {
                let what = "needs either from, the field, or hours, the length of all spans";
                return Err(MappingError::new("from", what));
            }
        };
        let position = match (&self.lon, &self.lat) {
            (Some(lon), Some(lat)) => Some((names.add("lon", lon), names.add("lat", lat))),
            (None, None) => None,
            _ => return Err(MappingError::new("lon", "lon and lat belong together")),
        };
        Ok(Resolved {
            span,
            position,
            place: names.add("place", &self.place),
            issued_at: names.add("issued_at", &self.issued_at),
            until: names.add("until", &self.until),
            new_snow_cm: names.add("new_snow_cm", &self.new_snow_cm),
            names,
            places: self.places()?,
            times: TimeReader::new(
                self.time_format.clone(),
                zone_of(self.time_zone.as_deref())?,
            ),
        })
    }

    fn places(&self) -> Result<BTreeMap<String, LonLat>, MappingError> {
        let places = self.places.iter().map(|(name, place)| {
            let at = LonLat::new(place.lon, place.lat);
            match at.is_valid() {
                true => Ok((normalize(name), at)),
                false => {
                    let what = "lon and lat are no degrees";
                    Err(MappingError::new(&format!("places.{name}"), what))
                }
            }
        });
        places.collect()
    }
}

impl Decoder for SnowForecastMapping {
    fn check(&self) -> Result<(), MappingError> {
        self.resolve().map(|_| ())
    }

    fn decode(&self, payload: &[u8], now: Timestamp) -> Result<Decoded, DecodeError> {
        super::decode::decode(payload, self, now)
    }
}

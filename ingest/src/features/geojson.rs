//! Records from a GeoJSON FeatureCollection (RFC 7946).

use super::geometry::Geometry;
use super::{FieldNames, Record};
use crate::decoded::DecodeError;
use crate::text::normalize;
use domain::fix::Rejection;
use geojson::{Feature, GeometryValue, Position};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct Collection<'a> {
    #[serde(rename = "type")]
    kind: String,
    #[serde(borrow, default)]
    features: Vec<&'a RawValue>,
    crs: Option<Value>,
}

pub(super) fn read(
    text: &str,
    names: &FieldNames,
) -> Result<Vec<Result<Record, Rejection>>, DecodeError> {
    let collection: Collection<'_> = serde_json::from_str(text.trim_start())
        .map_err(|e| DecodeError(format!("not a whole GeoJSON FeatureCollection: {e}")))?;
    if collection.kind != "FeatureCollection" {
        return Err(DecodeError(format!(
            "type is {:?}, not \"FeatureCollection\"",
            collection.kind
        )));
    }
    // RFC 7946 knows only WGS84; older files may name it.
    let crs = collection.crs.as_ref();
    if let Some(crs) = crs.and_then(|crs| crs.pointer("/properties/name")?.as_str()) {
        let known = ["CRS84", "4326", "6668", "WGS84", "WGS 84"];
        if !known.iter().any(|k| crs.contains(k)) {
            return Err(DecodeError(format!(
                "coordinates are in {crs}; only WGS84 degrees (EPSG:4326) can be read"
            )));
        }
    }
    let features = collection.features.iter().enumerate();
    Ok(features
        .map(|(i, raw)| {
            record(i as u64, raw, names).map_err(|(field, reason)| Rejection {
                position: i as u64,
                field: field.to_owned(),
                reason,
                record: raw.get().to_owned(),
            })
        })
        .collect())
}

fn record(
    position: u64,
    raw: &RawValue,
    names: &FieldNames,
) -> Result<Record, (&'static str, String)> {
    let feature: Feature = serde_json::from_str(raw.get()).map_err(|e| ("", e.to_string()))?;
    let mut geometry = Geometry::default();
    if let Some(given) = &feature.geometry {
        add(&given.value, &mut geometry).map_err(|reason| ("geometry", reason))?;
    }
    let mut properties: Vec<(String, String)> = feature
        .properties
        .iter()
        .flatten()
        .map(|(name, value)| (normalize(name), text_of(value)))
        .collect();
    // GeoJSON's own id, unless the properties have one.
    if let Some(id) = feature.id {
        let id = match id {
            geojson::feature::Id::String(id) => id,
            geojson::feature::Id::Number(id) => id.to_string(),
        };
        properties.push(("id".to_owned(), id));
    }
    let find = |name: &str| {
        let mut found = properties.iter().filter(|(n, _)| n == name);
        found.next().map(|(_, value)| value.as_str())
    };
    Ok(Record {
        position,
        geometry,
        values: names.values(find),
        record: raw.get().to_owned(),
    })
}

pub(super) fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn add(value: &GeometryValue, geometry: &mut Geometry) -> Result<(), String> {
    let area = |rings: &[Vec<Position>], geometry: &mut Geometry| -> Result<(), String> {
        let rings: Vec<Vec<&[f64]>> = rings
            .iter()
            .map(|ring| ring.iter().map(Position::as_slice).collect())
            .collect();
        geometry.add_area(&rings)
    };
    let line = |positions: &[Position], geometry: &mut Geometry| -> Result<(), String> {
        let positions: Vec<&[f64]> = positions.iter().map(Position::as_slice).collect();
        geometry.add_line(&positions)
    };
    match value {
        GeometryValue::Point { coordinates } => geometry.add_point(coordinates.as_slice()),
        GeometryValue::MultiPoint { coordinates } => coordinates
            .iter()
            .try_for_each(|point| geometry.add_point(point.as_slice())),
        GeometryValue::LineString { coordinates } => line(coordinates, geometry),
        GeometryValue::MultiLineString { coordinates } => coordinates
            .iter()
            .try_for_each(|positions| line(positions, geometry)),
        GeometryValue::Polygon { coordinates } => area(coordinates, geometry),
        GeometryValue::MultiPolygon { coordinates } => coordinates
            .iter()
            .try_for_each(|rings| area(rings, geometry)),
        GeometryValue::GeometryCollection { geometries } => geometries
            .iter()
            .try_for_each(|one| add(&one.value, geometry)),
    }
}

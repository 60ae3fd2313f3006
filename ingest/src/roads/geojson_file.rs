//! `.geojson`: a network of lines that meet at their ends, or a manager's route lines.

use super::route_line::{is_route_line, route_line_of};
use super::{RoadFileError, broken};
use domain::fix::Rejection;
use domain::geometry::LonLat;
use domain::network::{Joins, NodeKey, Oneway, RoadAttributes, RoadId, RoadSource, SourceWay};
use domain::road_manager::ManagerLevel;
use geojson::{Feature, GeometryValue, JsonObject, JsonValue, Position};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct Collection<'a> {
    #[serde(rename = "type")]
    kind: String,
    #[serde(borrow, default)]
    features: Vec<&'a RawValue>,
    crs: Option<serde_json::Value>,
}

pub(super) fn decode(
    name: &str,
    bytes: &[u8],
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<RoadSource, RoadFileError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let collection: Collection<'_> = serde_json::from_slice(bytes).map_err(|e| {
        let what = "not a GeoJSON FeatureCollection";
        broken(name, format!("line {}: {what}: {}", e.line(), said(&e)))
    })?;
    if collection.kind != "FeatureCollection" {
        let what = format!("type is {:?}, not \"FeatureCollection\"", collection.kind);
        return Err(broken(name, what));
    }
    check_crs(name, collection.crs.as_ref())?;

    let mut source = RoadSource {
        name: name.to_owned(),
        ..RoadSource::default()
    };
    let total = collection.features.len() as u64;
    for (i, raw) in collection.features.iter().enumerate() {
        progress(i as u64 + 1, total);
        if let Err((field, reason)) = take(&mut source, i as u64, raw) {
            source.refused.push(Rejection {
                position: i as u64,
                field,
                reason,
                record: raw.get().to_owned(),
            });
        }
    }
    Ok(source)
}

/// At which byte a feature begins, by its 0-based number.
pub(super) fn place_of(bytes: &[u8], feature: u64) -> Option<usize> {
    let collection: Collection<'_> =
        serde_json::from_slice(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)).ok()?;
    let raw = collection.features.get(usize::try_from(feature).ok()?)?;
    // The feature's text is a part of the file's.
    (raw.get().as_ptr() as usize).checked_sub(bytes.as_ptr() as usize)
}

/// What the JSON reader says, without the place.
fn said(e: &serde_json::Error) -> String {
    let text = e.to_string();
    match text.rfind(" at line ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

/// RFC 7946 knows only WGS84; older files may name it.
fn check_crs(name: &str, crs: Option<&serde_json::Value>) -> Result<(), RoadFileError> {
    let Some(named) = crs.and_then(|crs| crs.pointer("/properties/name")?.as_str()) else {
        return Ok(());
    };
    let known = ["CRS84", "4326", "6668", "WGS84", "WGS 84"];
    if known.iter().any(|k| named.contains(k)) {
        Ok(())
    } else {
        Err(broken(
            name,
            format!("coordinates are in {named}; only WGS84 degrees (EPSG:4326) can be read"),
        ))
    }
}

type Refusal = (String, String);

fn take(source: &mut RoadSource, position: u64, raw: &RawValue) -> Result<(), Refusal> {
    let feature: Feature =
        serde_json::from_str(raw.get()).map_err(|e| (String::new(), said(&e)))?;
    let properties = feature.properties.unwrap_or_default();
    let road_id = road_id(feature.id, &properties);
    let geometry = feature
        .geometry
        .ok_or_else(|| ("geometry".to_owned(), "is missing".to_owned()))?;
    let lines: Vec<Vec<LonLat>> = match &geometry.value {
        GeometryValue::LineString { coordinates } => vec![line_of(coordinates)?],
        GeometryValue::MultiLineString { coordinates } => coordinates
            .iter()
            .map(|part| line_of(part))
            .collect::<Result<_, _>>()?,
        other => {
            return Err((
                "geometry".to_owned(),
                format!("is a {}, not a LineString", other.type_name()),
            ));
        }
    };
    if lines.is_empty() {
        return Err(("geometry.coordinates".to_owned(), "are empty".to_owned()));
    }
    let as_route_line = is_route_line(&properties);
    let attributes = if as_route_line {
        RoadAttributes::default()
    } else {
        attributes_of(&properties)?
    };
    for line in lines {
        if as_route_line {
            source
                .lines
                .push(route_line_of(road_id.clone(), position, &properties, line));
        } else {
            source.ways.push(SourceWay {
                road_id: road_id.clone(),
                nodes: line.iter().map(|at| NodeKey::of_place(*at)).collect(),
                line,
                joins: Joins::AtEnds,
                attributes: attributes.clone(),
                position,
            });
        }
    }
    Ok(())
}

fn road_id(id: Option<geojson::feature::Id>, properties: &JsonObject) -> RoadId {
    match id {
        Some(geojson::feature::Id::Number(n)) => n
            .as_i64()
            .map_or_else(|| RoadId::Text(n.to_string()), RoadId::Number),
        Some(geojson::feature::Id::String(s)) => RoadId::Text(s),
        None => match properties.get("id") {
            Some(JsonValue::Number(n)) => n
                .as_i64()
                .map_or_else(|| RoadId::Text(n.to_string()), RoadId::Number),
            Some(JsonValue::String(s)) => RoadId::Text(s.clone()),
            _ => RoadId::None,
        },
    }
}

fn line_of(positions: &[Position]) -> Result<Vec<LonLat>, Refusal> {
    let mut line: Vec<LonLat> = Vec::with_capacity(positions.len());
    for (i, position) in positions.iter().enumerate() {
        let at = match position.as_slice() {
            [lon, lat, ..] => LonLat::new(*lon, *lat),
            _ => LonLat::new(f64::NAN, f64::NAN),
        };
        if !at.is_valid() {
            return Err((
                "geometry.coordinates".to_owned(),
                format!("vertex {i} is not a longitude and latitude in degrees"),
            ));
        }
        if line.last() != Some(&at) {
            line.push(at);
        }
    }
    if line.len() < 2 {
        return Err((
            "geometry.coordinates".to_owned(),
            "has fewer than two different vertices".to_owned(),
        ));
    }
    Ok(line)
}

/// Properties of a network line; names are those of OSM's tags.
fn attributes_of(properties: &JsonObject) -> Result<RoadAttributes, Refusal> {
    let text = |key: &str| -> Option<String> {
        match properties.get(key)? {
            JsonValue::String(s) if !s.trim().is_empty() => Some(s.trim().to_owned()),
            JsonValue::Number(n) => Some(n.to_string()),
            JsonValue::Bool(b) => Some(if *b { "yes" } else { "no" }.to_owned()),
            _ => None,
        }
    };
    let number = |key: &str| text(key).and_then(|v| v.parse::<f64>().ok());
    let flag = |key: &str| text(key).is_some_and(|v| v != "no" && v != "0");
    let oneway = match text("oneway").as_deref() {
        None | Some("no" | "0" | "false") => Oneway::No,
        Some(value) => match Oneway::parse(value) {
            Oneway::No => {
                return Err((
                    "oneway".to_owned(),
                    format!("is {value:?}; yes, -1 or no can be read"),
                ));
            }
            oneway => oneway,
        },
    };
    let manager_level = match text("manager_level") {
        None => ManagerLevel::Unknown,
        Some(level) => ManagerLevel::parse(&level)
            .ok_or_else(|| ("manager_level".to_owned(), format!("{level:?} is unknown")))?,
    };
    Ok(RoadAttributes {
        name: text("name:ja").or_else(|| text("name")),
        reference: text("ref"),
        class: text("highway").unwrap_or_else(|| "road".to_owned()),
        lanes: number("lanes").map(|n| n as u8),
        width_m: number("width"),
        oneway,
        maxspeed_kmh: number("maxspeed"),
        manager_level,
        manager: text("manager"),
        bridge: flag("bridge"),
        tunnel: flag("tunnel"),
        layer: number("layer").map_or(0, |n| n as i8),
        ..RoadAttributes::default()
    })
}

//! The message as it comes. Source: HARJA's `tyokoneenseurannan-kirjaus`, as Digitraffic takes it.

use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Debug, Deserialize)]
pub(super) struct Message {
    #[serde(rename = "havainnot")]
    pub(super) observations: Vec<Box<RawValue>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Item {
    #[serde(rename = "havainto")]
    pub(super) observation: Observation,
}

#[derive(Debug, Deserialize)]
pub(super) struct Observation {
    #[serde(rename = "tyokone")]
    pub(super) machine: Machine,
    #[serde(rename = "sijainti")]
    pub(super) place: Place,
    /// Course of the last position, degrees.
    #[serde(rename = "suunta")]
    pub(super) course_deg: Option<f64>,
    #[serde(rename = "havaintoaika")]
    pub(super) observed_at: String,
    #[serde(rename = "urakkaid")]
    pub(super) contract: Option<i64>,
    #[serde(rename = "suoritettavatTehtavat", default)]
    pub(super) tasks: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Machine {
    pub(super) id: i64,
    #[serde(rename = "tyokonetyyppi")]
    pub(super) vehicle_type: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Place {
    #[serde(rename = "koordinaatit")]
    pub(super) point: Option<Point>,
    #[serde(rename = "viivageometria")]
    pub(super) line: Option<Line>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// Vertices of two or three numbers.
#[derive(Debug, Deserialize)]
pub(super) struct Line {
    pub(super) coordinates: Vec<Vec<f64>>,
}

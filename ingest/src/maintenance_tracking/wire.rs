//! Features as they come. Source: Digitraffic road-traffic API, `/api/maintenance/v1/tracking/routes`
//! (lines) and `…/routes/latest` (points or lines with one time).

use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Debug, Deserialize)]
pub(super) struct Collection {
    pub(super) features: Vec<Box<RawValue>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Feature {
    pub(super) geometry: Geometry,
    pub(super) properties: Properties,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", content = "coordinates")]
pub(super) enum Geometry {
    Point(Vec<f64>),
    LineString(Vec<Vec<f64>>),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Properties {
    pub(super) id: i64,
    /// Of the latest positions.
    pub(super) time: Option<String>,
    /// Of lines.
    pub(super) start_time: Option<String>,
    pub(super) end_time: Option<String>,
    #[serde(default)]
    pub(super) tasks: Option<Vec<String>>,
    pub(super) direction: Option<f64>,
    pub(super) domain: Option<String>,
    pub(super) source: Option<String>,
}

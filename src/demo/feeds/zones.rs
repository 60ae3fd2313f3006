//! The town's zones (工区): four squares around its middle, without any order.

use domain::geometry::LocalPlane;
use jiff::Timestamp;
use serde_json::{Value, json};

/// Names of the zones, and where their middle lies east and north of the town's, metres.
const ZONES: [(&str, [f64; 2]); 4] = [
    ("北東-1", [1500.0, 1500.0]),
    ("北西-1", [-1500.0, 1500.0]),
    ("南西-1", [-1500.0, -1500.0]),
    ("南東-1", [1500.0, -1500.0]),
];
/// Half of a square's side, metres.
const HALF_M: f64 = 1500.0;

/// A GeoJSON of the zones as of the night's beginning.
pub(super) fn document(plane: &LocalPlane, epoch: Timestamp) -> Vec<u8> {
    let features: Vec<Value> = ZONES
        .iter()
        .map(|(name, [east, north])| {
            let corners = [
                (-1.0, -1.0),
                (1.0, -1.0),
                (1.0, 1.0),
                (-1.0, 1.0),
                (-1.0, -1.0),
            ];
            let ring = corners.map(|(x, y)| {
                let at = plane.unproject([east + x * HALF_M, north + y * HALF_M]);
                json!([at.lon, at.lat])
            });
            json!({
                "type": "Feature",
                "properties": { "zone": name, "state": "-", "as_of": epoch },
                "geometry": { "type": "Polygon", "coordinates": [ring] },
            })
        })
        .collect();
    json!({ "type": "FeatureCollection", "features": features })
        .to_string()
        .into_bytes()
}

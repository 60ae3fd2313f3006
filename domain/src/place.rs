//! Where a road manager says that something holds: in its own words, its own kiloposts or its own lines.

use crate::geometry::LonLat;
use crate::network::SegmentId;
use serde::{Deserialize, Serialize};

/// A place as a source states it; laid onto segments later, and kept as it came whatever becomes of that.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Stretch of a route, where one is named.
    pub route: Option<RouteStretch>,
    /// Zone (工区), its name normalised, where one is named.
    pub zone: Option<String>,
    /// Lines, where the source gives any.
    pub lines: Vec<Vec<LonLat>>,
    /// Polygons (outer ring first), where the source gives any.
    pub areas: Vec<Vec<Vec<LonLat>>>,
    /// Segments that a person picked on the map.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub picked: Vec<PickedSegment>,
}

/// A segment that was picked, with its line, so that the place outlives the network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PickedSegment {
    /// The segment.
    pub segment: SegmentId,
    /// Its line as it was then.
    pub line: Vec<LonLat>,
}

/// Part of a route by the manager's own linear reference (距離標) or by the names of its ends.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RouteStretch {
    /// Route number or name, normalised: `7`, `県道12号`, `中央通り`.
    pub route: String,
    /// Section's name within the route, where one is given.
    pub section: Option<String>,
    /// Kilometres at its start.
    pub from_km: Option<f64>,
    /// Kilometres at its end; may be less than `from_km`.
    pub to_km: Option<f64>,
    /// Name of the place where it begins.
    pub from_name: Option<String>,
    /// Name of the place where it ends.
    pub to_name: Option<String>,
}

//! What a road file says, before it becomes a network: ways that share nodes, and a road
//! manager's own route lines that do not.

use crate::fix::Rejection;
use crate::geometry::LonLat;
use crate::road_manager::ManagerLevel;
use serde::{Deserialize, Serialize};

/// The source's own id of a road, echoed as it came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RoadId {
    /// A number, such as an OSM way id.
    Number(i64),
    /// Text.
    Text(String),
    /// The source gives none.
    #[default]
    None,
}

/// Which directions traffic may take, seen along the line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Oneway {
    /// Both directions.
    #[default]
    No,
    /// Only in the order of the line.
    Forward,
    /// Only against it (`oneway=-1`).
    Backward,
}

impl Oneway {
    /// OSM's value: `no`, `yes`, `-1`.
    pub fn as_str(self) -> &'static str {
        match self {
            Oneway::No => "no",
            Oneway::Forward => "yes",
            Oneway::Backward => "-1",
        }
    }

    /// Reads OSM's values (`yes`, `true`, `1`, `-1`, `reverse`); anything else is `No`.
    pub fn parse(value: &str) -> Self {
        match value {
            "yes" | "true" | "1" => Oneway::Forward,
            "-1" | "reverse" => Oneway::Backward,
            _ => Oneway::No,
        }
    }
}

/// What is known of a road beside its line.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RoadAttributes {
    /// Its name, Japanese first.
    pub name: Option<String>,
    /// Route number.
    pub reference: Option<String>,
    /// OSM highway value; `road` where the source has none.
    pub class: String,
    /// Lanes of both directions together.
    pub lanes: Option<u8>,
    /// Width of the carriageway in metres.
    pub width_m: Option<f64>,
    /// Directions open to traffic.
    pub oneway: Oneway,
    /// Speed limit in km/h.
    pub maxspeed_kmh: Option<f64>,
    /// Level of its road manager.
    pub manager_level: ManagerLevel,
    /// Code of its road manager.
    pub manager: Option<String>,
    /// Priority class of the clearing plan (第1種 = 1 …).
    pub priority_class: Option<u8>,
    /// Whether it is on the list of emergency routes (緊急確保路線).
    pub emergency: bool,
    /// On a bridge.
    pub bridge: bool,
    /// In a tunnel.
    pub tunnel: bool,
    /// OSM layer.
    pub layer: i8,
}

impl RoadAttributes {
    /// Whether it runs above or below the ground, so that what crosses it does not meet it.
    pub fn off_grade(&self) -> bool {
        self.bridge || self.tunnel || self.layer != 0
    }

    /// The tile's and API's word for its priority: `emergency`, else the class as text.
    pub fn priority(&self) -> Option<String> {
        if self.emergency {
            Some("emergency".to_owned())
        } else {
            self.priority_class.map(|class| class.to_string())
        }
    }
}

/// Names a node within all sources: where two ways carry the same key, they meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NodeKey {
    /// An OSM node.
    Osm(i64),
    /// A place rounded to 1e-7 degrees (about 1 cm).
    Place(i64, i64),
}

impl NodeKey {
    /// The key of a place.
    pub fn of_place(at: LonLat) -> Self {
        NodeKey::Place((at.lon * 1e7).round() as i64, (at.lat * 1e7).round() as i64)
    }
}

/// How the vertices of a way meet other ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joins {
    /// At every vertex that two ways share (OSM).
    AtSharedNodes,
    /// Only where an end lies (a GeoJSON network).
    AtEnds,
}

/// A road whose vertices are shared with its neighbours.
#[derive(Debug, Clone)]
pub struct SourceWay {
    /// The source's id.
    pub road_id: RoadId,
    /// One key per vertex of the line.
    pub nodes: Vec<NodeKey>,
    /// The line, as long as `nodes`.
    pub line: Vec<LonLat>,
    /// Where it meets others.
    pub joins: Joins,
    /// What is known of it.
    pub attributes: RoadAttributes,
    /// Which record of its file it is, counted from 0, for messages.
    pub position: u64,
}

/// What a manager's route line says of the road that it lies on.
#[derive(Debug, Clone, PartialEq)]
pub enum RouteLineKind {
    /// 除雪路線: the road is cleared under the plan.
    Clearing,
    /// 緊急確保路線: kept open first.
    Emergency,
    /// 歩道除雪: sidewalks on either side, seen along the line, with their 水準.
    Sidewalk {
        /// There is one on the left.
        left: bool,
        /// There is one on the right.
        right: bool,
        /// A–C.
        standard: Option<String>,
    },
    /// 消雪パイプ・ロードヒーティング: the road melts its snow.
    Melting,
}

impl RouteLineKind {
    /// Whether such a line is itself a carriageway, and may become network where none lies.
    pub fn is_carriageway(&self) -> bool {
        matches!(self, RouteLineKind::Clearing | RouteLineKind::Emergency)
    }
}

/// A line drawn by a road manager for its own plan; it shares no nodes with anything.
#[derive(Debug, Clone)]
pub struct RouteLine {
    /// The source's id.
    pub road_id: RoadId,
    /// What it says.
    pub kind: RouteLineKind,
    /// Whether the stretch melts its snow besides (緊急確保路線 marked 消パイ or ヒータ).
    pub melting: bool,
    /// What is known of the road.
    pub attributes: RoadAttributes,
    /// Its line.
    pub line: Vec<LonLat>,
    /// Which record of its file it is, counted from 0, for messages.
    pub position: u64,
}

/// One decoded road file.
#[derive(Debug, Clone, Default)]
pub struct RoadSource {
    /// Its name, as the reports and `roads list` show it.
    pub name: String,
    /// Ways that share nodes.
    pub ways: Vec<SourceWay>,
    /// Route lines that do not.
    pub lines: Vec<RouteLine>,
    /// What the decoder refused.
    pub refused: Vec<Rejection>,
}

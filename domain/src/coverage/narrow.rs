//! Roads so narrow that one pass clears both directions (design §2).

use crate::network::RoadAttributes;
use crate::road_manager::{RoadManager, owner_among};
use serde::{Deserialize, Serialize};

/// When a road counts as narrow; each manager may have its own rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NarrowRoads {
    /// So many lanes, of both directions together, or fewer.
    pub lanes_at_most: u8,
    /// A carriageway less wide, metres; known lanes that are too few count before it.
    pub width_below_m: f64,
    /// OSM highway values of roads of which neither lanes nor width are known.
    pub classes: Vec<String>,
}

impl Default for NarrowRoads {
    fn default() -> Self {
        let classes = [
            "residential",
            "living_street",
            "service",
            "unclassified",
            "track",
            "road",
            "pedestrian",
        ];
        NarrowRoads {
            lanes_at_most: 1,
            width_below_m: 6.5,
            classes: classes.map(str::to_owned).to_vec(),
        }
    }
}

impl NarrowRoads {
    /// Whether one pass clears both directions of such a road.
    pub fn hold(&self, road: &RoadAttributes) -> bool {
        match (road.lanes, road.width_m) {
            (Some(lanes), _) if lanes <= self.lanes_at_most => true,
            (_, Some(width_m)) => width_m < self.width_below_m,
            (Some(_), None) => false,
            (None, None) => self.classes.contains(&road.class),
        }
    }
}

/// The rules of all managers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NarrowRules {
    managers: Vec<RoadManager>,
    general: NarrowRoads,
}

impl NarrowRules {
    /// The rules of these managers; other roads follow the general one.
    pub fn of(managers: &[RoadManager]) -> Self {
        NarrowRules {
            managers: managers.to_vec(),
            general: NarrowRoads::default(),
        }
    }

    /// Whether one pass clears both directions of a road, by its own manager's rule.
    pub fn hold(&self, road: &RoadAttributes) -> bool {
        let code = road.manager.as_deref();
        let owner = owner_among(self.managers.iter(), code, road.manager_level);
        owner
            .map_or(&self.general, |manager| &manager.narrow)
            .hold(road)
    }
}

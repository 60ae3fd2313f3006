//! What the made-up town's roads are: classes, managers, widths, names.

use super::super::fleet::Fleet;
use domain::network::{Oneway, RoadAttributes};

/// The national road; the bypass bears its number too.
pub(super) fn national(name: &str, lanes: u8) -> RoadAttributes {
    RoadAttributes {
        reference: Some("999".to_owned()),
        class: "trunk".to_owned(),
        lanes: Some(lanes),
        width_m: Some(if lanes > 2 { 16.0 } else { 8.5 }),
        maxspeed_kmh: Some(if lanes > 2 { 60.0 } else { 50.0 }),
        priority_class: Some(1),
        emergency: true,
        ..owned(Fleet::National, name)
    }
}

/// A prefectural road: 県道 and its number.
pub(super) fn prefectural(number: u16, line_name: &str, class: &str, lanes: u8) -> RoadAttributes {
    RoadAttributes {
        reference: Some(number.to_string()),
        class: class.to_owned(),
        lanes: Some(lanes),
        width_m: Some(if lanes > 2 { 16.0 } else { 7.5 }),
        maxspeed_kmh: Some(50.0),
        priority_class: Some(if class == "primary" { 1 } else { 2 }),
        ..owned(Fleet::Prefecture, &format!("県道{number}号{line_name}"))
    }
}

/// Kinds of municipal road.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Municipal {
    /// Two lanes, through a district or to the next.
    Collector,
    /// Two lanes between houses.
    Street,
    /// Houses, too narrow for two lanes.
    Lane,
    /// Between fields.
    FarmRoad,
    /// A few houses or a yard, and no way on.
    Yard,
}

/// A municipal road: 町道.
pub(super) fn municipal(kind: Municipal, name: &str) -> RoadAttributes {
    let (class, lanes, width_m, priority) = match kind {
        Municipal::Collector => ("tertiary", Some(2), Some(7.0), 2),
        Municipal::Street => ("residential", Some(2), Some(6.5), 3),
        Municipal::Lane => ("residential", None, Some(4.5), 3),
        Municipal::FarmRoad => ("unclassified", None, Some(5.0), 3),
        Municipal::Yard => ("service", None, None, 4),
    };
    RoadAttributes {
        class: class.to_owned(),
        lanes,
        width_m,
        maxspeed_kmh: Some(if kind == Municipal::Collector {
            40.0
        } else {
            30.0
        }),
        priority_class: Some(priority),
        ..owned(Fleet::Town, &format!("町道{name}"))
    }
}

/// The same road with one lane in one direction.
pub(super) fn one_way(attributes: RoadAttributes, oneway: Oneway) -> RoadAttributes {
    RoadAttributes {
        lanes: Some(1),
        oneway,
        ..attributes
    }
}

fn owned(fleet: Fleet, name: &str) -> RoadAttributes {
    RoadAttributes {
        name: Some(name.to_owned()),
        manager_level: fleet.level(),
        manager: Some(fleet.manager().to_owned()),
        ..RoadAttributes::default()
    }
}

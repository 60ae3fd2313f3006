//! From which zoom a road is shown.

use domain::network::RoadAttributes;

/// Lowest zoom at which a road is drawn: what a driver looks for at that scale, and what keeps a
/// tile of a whole prefecture small.
pub(crate) fn min_zoom(attributes: &RoadAttributes) -> u8 {
    let by_class = match attributes.class.as_str() {
        "motorway" | "trunk" => 5,
        "motorway_link" | "trunk_link" => 9,
        "primary" => 7,
        "secondary" => 9,
        "primary_link" | "secondary_link" => 11,
        "tertiary" => 10,
        "tertiary_link" | "unclassified" | "residential" | "road" | "busway" => 12,
        _ => 13,
    };
    // A plan's first classes are arterials, whatever the map calls them.
    let by_priority = match (attributes.emergency, attributes.priority_class) {
        (true, _) | (_, Some(1)) => 10,
        (_, Some(2)) => 11,
        _ => 16,
    };
    by_class.min(by_priority)
}

/// Distance in tile units below which vertices are left out.
pub(crate) fn resolution(zoom: u8) -> f64 {
    if zoom <= 11 { 8.0 } else { 1.0 }
}

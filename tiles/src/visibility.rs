//! From which zoom a road is shown, and how finely.

use crate::coordinate::MAX_ZOOM;
use domain::network::RoadAttributes;

/// Highest zoom at which segments of a road are drawn as one line.
pub(crate) const MERGED_UP_TO_ZOOM: u8 = 11;

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

/// Distance in world units below which a line's bends are left out: 1/4 of a pixel of a 512-pixel
/// tile while one may still come nearer, more where the next zoom draws other lines anyway.
pub(crate) fn tolerance(zoom: u8) -> f64 {
    let tile_units = match zoom {
        ..=8 => 8.0,
        9..=MERGED_UP_TO_ZOOM => 5.0,
        12..=15 => 2.0,
        _ => 0.5,
    };
    tile_units * f64::from(1u32 << (MAX_ZOOM - zoom.min(MAX_ZOOM)))
}

/// Length at which a merged line ends and the next begins: some 24 pixels at the latitude of
/// northern Japan, short enough that the worst of it says something about the place.
pub(crate) fn merged_length_m(zoom: u8) -> f64 {
    700.0 * f64::from(1u32 << (MERGED_UP_TO_ZOOM - zoom.min(MERGED_UP_TO_ZOOM)))
}

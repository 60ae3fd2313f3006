//! Which way a segment sets out and arrives, in a byte each, and how fast its kind of road is.

use crate::geometry::{LocalPlane, LonLat};

/// A direction on the compass: 256 steps from north, clockwise.
pub type Course = u8;

/// A bend closer to the end than this is the corner's rounding, not the road's direction.
const LOOK_M: f64 = 8.0;

/// The course from a line's first vertex to where it is a few metres on.
pub(super) fn setting_out(line: impl Iterator<Item = LonLat>) -> Course {
    let mut plane: Option<LocalPlane> = None;
    let mut there = [0.0, 0.0];
    for place in line {
        let Some(plane) = &plane else {
            plane = Some(LocalPlane::at(place));
            continue;
        };
        there = plane.project(place);
        if there[0] * there[0] + there[1] * there[1] > LOOK_M * LOOK_M {
            break;
        }
    }
    let turns = there[0].atan2(there[1]) / std::f64::consts::TAU;
    (turns * 256.0).round().rem_euclid(256.0) as u8
}

/// The opposite course.
pub(super) fn opposite(course: Course) -> Course {
    course.wrapping_add(128)
}

/// Usual speed of traffic by OSM class in winter, km/h: what makes drivers prefer one way to
/// another of the same length.
pub(super) fn usual_kmh(class: &str) -> u8 {
    match class.trim_end_matches("_link") {
        "motorway" => 80,
        "trunk" => 60,
        "primary" => 50,
        "secondary" => 45,
        "tertiary" => 40,
        "unclassified" => 35,
        "living_street" | "track" | "pedestrian" => 15,
        "service" => 20,
        _ => 30,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn courses_are_those_of_the_compass() {
        let plane = LocalPlane::at(LonLat::new(140.7, 40.8));
        let line = |places: &[[f64; 2]]| setting_out(places.iter().map(|p| plane.unproject(*p)));
        assert_eq!(line(&[[0.0, 0.0], [0.0, 50.0]]), 0);
        assert_eq!(line(&[[0.0, 0.0], [50.0, 0.0]]), 64);
        assert_eq!(line(&[[0.0, 0.0], [0.0, -50.0]]), 128);
        assert_eq!(opposite(line(&[[0.0, 0.0], [50.0, 0.0]])), 192);
        let rounded = [[0.0, 0.0], [1.0, 0.0], [2.0, 1.0], [2.0, 40.0]];
        assert!(line(&rounded) < 4, "not the first metre's");
        assert_eq!(line(&[[0.0, 0.0], [0.0, 0.0]]), 0, "a point has no course");
    }
}

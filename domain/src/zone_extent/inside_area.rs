//! Which segments lie in an area.

use super::share_inside;
use crate::geometry::{BoundingBox, LonLat};
use crate::network::RoadNetwork;

/// The segments of which any part lies inside any of the polygons (rings, the outer one first), in
/// ascending order of their index.
pub fn segments_inside(network: &RoadNetwork, polygons: &[Vec<Vec<LonLat>>]) -> Vec<u32> {
    let vertices = polygons.iter().flatten().flatten();
    let Some(area) = BoundingBox::around(vertices.copied().filter(|at| at.is_valid())) else {
        return Vec::new();
    };
    let mut inside = network.in_box(&area);
    inside.retain(|segment| share_inside(network, *segment, polygons) > 0.0);
    inside
}

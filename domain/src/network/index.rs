//! The R-tree over segments.

use super::{RoadNetwork, Segment};
use crate::geometry::{BoundingBox, Foot, LocalPlane, LonLat, nearest_on_piece};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

type IndexedBox = GeomWithData<Rectangle<[f32; 2]>, u32>;

#[derive(Debug)]
pub(super) struct SegmentIndex {
    tree: RTree<IndexedBox>,
}

/// The nearest point of a segment to some place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NearSegment {
    /// Index of the segment.
    pub segment: u32,
    /// Measure of its nearest point.
    pub at_m: f64,
    /// Distance to it in metres.
    pub distance_m: f64,
    /// Direction of the line there, degrees clockwise from north.
    pub bearing_deg: f64,
}

impl SegmentIndex {
    pub(super) fn new(segments: &[Segment], vertices: &[LonLat]) -> Self {
        let boxes = segments
            .iter()
            .enumerate()
            .filter_map(|(i, s)| {
                let line =
                    &vertices[s.first_vertex as usize..(s.first_vertex + s.vertex_count) as usize];
                let b = BoundingBox::around(line.iter().copied())?;
                // f32 halves the tree; rounding outwards keeps every box whole.
                let rectangle = Rectangle::from_corners(
                    [(b.west as f32).next_down(), (b.south as f32).next_down()],
                    [(b.east as f32).next_up(), (b.north as f32).next_up()],
                );
                Some(GeomWithData::new(rectangle, i as u32))
            })
            .collect();
        SegmentIndex {
            tree: RTree::bulk_load(boxes),
        }
    }

    pub(super) fn in_box(&self, area: &BoundingBox) -> Vec<u32> {
        let envelope = AABB::from_corners(
            [
                (area.west as f32).next_down(),
                (area.south as f32).next_down(),
            ],
            [(area.east as f32).next_up(), (area.north as f32).next_up()],
        );
        let mut found: Vec<u32> = self
            .tree
            .locate_in_envelope_intersecting(&envelope)
            .map(|entry| entry.data)
            .collect();
        found.sort_unstable();
        found
    }

    pub(super) fn near(
        &self,
        network: &RoadNetwork,
        at: LonLat,
        radius_m: f64,
    ) -> Vec<NearSegment> {
        let plane = LocalPlane::at(at);
        let (dx, dy) = (
            radius_m / plane.east_m_per_deg,
            radius_m / plane.north_m_per_deg,
        );
        let area = BoundingBox {
            west: at.lon - dx,
            south: at.lat - dy,
            east: at.lon + dx,
            north: at.lat + dy,
        };
        let mut near: Vec<NearSegment> = self
            .in_box(&area)
            .into_iter()
            .filter_map(|segment| nearest(network, &plane, segment, radius_m))
            .collect();
        near.sort_by(|a, b| {
            a.distance_m
                .total_cmp(&b.distance_m)
                .then(a.segment.cmp(&b.segment))
        });
        near
    }
}

/// The nearest point of a segment, within the radius of the plane's origin.
fn nearest(
    network: &RoadNetwork,
    plane: &LocalPlane,
    segment: u32,
    radius_m: f64,
) -> Option<NearSegment> {
    let line = network.line(segment);
    let mut best: Option<(usize, Foot)> = None;
    let mut a = plane.project(line[0]);
    for (i, p) in line.iter().enumerate().skip(1) {
        let b = plane.project(*p);
        let foot = nearest_on_piece([0.0, 0.0], a, b);
        if foot.distance <= radius_m && best.is_none_or(|(_, best)| foot.distance < best.distance) {
            best = Some((i, foot));
        }
        a = b;
    }
    let (i, foot) = best?;
    let measures = network.measures_m(segment);
    let (from, to) = (f64::from(measures[i - 1]), f64::from(measures[i]));
    let (a, b) = (plane.project(line[i - 1]), plane.project(line[i]));
    Some(NearSegment {
        segment,
        at_m: from + foot.share * (to - from),
        distance_m: foot.distance,
        bearing_deg: (b[0] - a[0])
            .atan2(b[1] - a[1])
            .to_degrees()
            .rem_euclid(360.0),
    })
}

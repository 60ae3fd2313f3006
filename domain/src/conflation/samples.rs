//! The samples of a line and the roads that each may lie on.

use super::LayParams;
use crate::geometry::{BoundingBox, LocalPlane, LonLat, nearest_on_piece};
use crate::linear_reference::place_at;
use crate::network::{DirectedSegment, RoadNetwork};
use crate::work::Direction;

/// A line whose ends lie nearer than this share of its length is folded: a corner has 0.7.
const FOLDED: f64 = 0.6;

/// A place on a road where a sample may lie, taken in one direction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Foot {
    pub directed: DirectedSegment,
    /// Metres from where the directed segment begins.
    pub along_m: f64,
    /// Cost of lying there.
    pub cost: f64,
}

/// The samples of one line, `step_m` apart, its ends among them.
#[derive(Debug)]
pub(super) struct Samples {
    pub step_m: f64,
    pub feet: Vec<Vec<Foot>>,
    /// Some of the roads are one-way.
    pub any_oneway: bool,
}

/// Samples a line by its measures and looks for the roads around each sample.
pub(super) fn samples_of(
    network: &RoadNetwork,
    line: &[LonLat],
    measures: &[f64],
    cost_of_segment: &dyn Fn(u32) -> f64,
    params: &LayParams,
) -> Samples {
    let length_m = measures.last().copied().unwrap_or(0.0);
    let steps = (length_m / params.step_m).ceil().max(2.0);
    let steps = (steps as usize).min(params.most_steps.max(2));
    let step_m = length_m / steps as f64;
    let mut any_oneway = false;
    let feet = (0..=steps)
        .map(|k| {
            let at_m = k as f64 * step_m;
            let (at, _) = place_at(line, measures, at_m);
            let (before, _) = place_at(line, measures, at_m - params.bearing_half_m);
            let (after, _) = place_at(line, measures, at_m + params.bearing_half_m);
            let way = LocalPlane::at(before).project(after);
            let drawn_m = (at_m + params.bearing_half_m).min(length_m)
                - (at_m - params.bearing_half_m).max(0.0);
            // Where the line is folded, its direction says little.
            let straight = (way[0].hypot(way[1]) / drawn_m).min(1.0);
            let mut feet = Vec::new();
            let area = BoundingBox {
                west: at.lon,
                east: at.lon,
                south: at.lat,
                north: at.lat,
            };
            for segment in network.in_box(&area.padded_m(params.radius_m)) {
                let own_cost = cost_of_segment(segment);
                if own_cost.is_finite() {
                    for place in places_near(network, segment, at, params.radius_m) {
                        let directed =
                            directed_feet(network, segment, &place, (way, straight), params);
                        feet.extend(directed.into_iter().flatten().map(|mut foot| {
                            any_oneway |= !network.is_open(foot.directed)
                                || !network.is_open(foot.directed.reverse());
                            foot.cost += own_cost;
                            foot
                        }));
                    }
                }
            }
            feet
        })
        .collect();
    Samples {
        step_m,
        feet,
        any_oneway,
    }
}

/// A place on a segment that is nearer than those on either side of it.
struct Place {
    at_m: f64,
    distance_m: f64,
    /// Direction of the segment's line there, east and north.
    way: [f64; 2],
}

/// A hairpin comes near more than once: all local minima of the distance along a segment.
fn places_near(network: &RoadNetwork, segment: u32, at: LonLat, radius_m: f64) -> Vec<Place> {
    let plane = LocalPlane::at(at);
    let measures = network.measures_m(segment);
    let mut found: Vec<Place> = Vec::new();
    let mut falling = true;
    let mut last: Option<Place> = None;
    let mut before: Option<[f64; 2]> = None;
    for (i, vertex) in network.line(segment).iter().enumerate() {
        let b = plane.project(*vertex);
        if let Some(a) = before {
            let foot = nearest_on_piece([0.0, 0.0], a, b);
            let (from, to) = (f64::from(measures[i - 1]), f64::from(measures[i]));
            let place = Place {
                at_m: from + foot.share * (to - from),
                distance_m: foot.distance,
                way: [b[0] - a[0], b[1] - a[1]],
            };
            match last.take() {
                Some(last) if place.distance_m >= last.distance_m => {
                    if falling {
                        found.push(last);
                    }
                    falling = false;
                }
                _ => falling = true,
            }
            last = Some(place);
        }
        before = Some(b);
    }
    found.extend(last.filter(|_| falling));
    found.retain(|place| place.distance_m <= radius_m);
    found
}

/// The place taken along and against the segment's line, where the sample's way allows it.
fn directed_feet(
    network: &RoadNetwork,
    segment: u32,
    place: &Place,
    (way, straight): ([f64; 2], f64),
    params: &LayParams,
) -> [Option<Foot>; 2] {
    let norms = way[0].hypot(way[1]) * place.way[0].hypot(place.way[1]);
    let cos = if norms > 0.0 {
        (way[0] * place.way[0] + way[1] * place.way[1]) / norms
    } else {
        1.0
    };
    let length_m = network.segments()[segment as usize].length_m;
    let least_cos = params.max_turn_deg.to_radians().cos();
    Direction::BOTH.map(|direction| {
        let (cos, along_m) = match direction {
            Direction::Forward => (cos, place.at_m),
            Direction::Backward => (-cos, length_m - place.at_m),
        };
        let directed = DirectedSegment::new(segment, direction);
        let against = if network.is_open(directed) {
            0.0
        } else {
            params.against_traffic
        };
        (cos >= least_cos || straight < FOLDED).then(|| Foot {
            directed,
            along_m: along_m.clamp(0.0, length_m),
            cost: 0.5 * (place.distance_m / params.sigma_m).powi(2)
                + params.turn * (1.0 - cos) * straight * straight
                + against,
        })
    })
}

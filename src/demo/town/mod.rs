//! A made-up snowy town: a national road with a bypass, prefectural roads, streets, hamlets.

mod drawing;
mod joining;
mod main_roads;
mod outskirts;
mod path;
mod road_kind;
mod street_names;
mod streets;

#[cfg(test)]
mod tests;

use super::chance;
use domain::geometry::{LocalPlane, LonLat};
use domain::network::{Joins, NodeKey, RoadId, RoadSource, SourceWay};
use drawing::{Drawing, Stroke};
use joining::Vertex;
use std::collections::HashMap;

/// The middle of the town: fields in the north of Honshu, far from any road office of the story.
const MIDDLE: LonLat = LonLat::new(140.60, 40.70);

/// Numbers of ways and nodes begin here, far above OSM's, so that the town may lie beside an
/// extract without sharing an id.
const FIRST_NUMBER: i64 = 900_000_000_000;

/// The town of a seed: always the same, down to the ids.
pub fn town(seed: u64) -> RoadSource {
    let mut rng = chance::stream(seed, 2);
    let river: Vec<path::Xy> = path::straight(&[[-6000.0, -620.0], [6000.0, -620.0]]);
    let mut drawing = Drawing::new(seed, &river);
    let grid = streets::Grid::new(&mut rng);
    let mut names = street_names::StreetNames::default();
    let main_roads = main_roads::draw(&mut drawing, &grid);
    streets::draw(&mut drawing, &grid, &mut names, &mut rng);
    outskirts::draw_embankments(&mut drawing, &grid, &mut names);
    outskirts::draw_new_quarter(&mut drawing, &grid, &mut names);
    outskirts::draw_farm_roads(&mut drawing, &grid);
    outskirts::draw_hamlets(&mut drawing, &main_roads, &mut names);
    RoadSource {
        name: "雪道町（模擬データ）".to_owned(),
        ways: ways(&drawing.strokes),
        ..RoadSource::default()
    }
}

fn ways(strokes: &[Stroke]) -> Vec<SourceWay> {
    let plane = LocalPlane::at(MIDDLE);
    let mut junction_numbers: HashMap<usize, i64> = HashMap::new();
    let mut next_node = FIRST_NUMBER;
    let mut ways = Vec::new();
    for (stroke, vertices) in strokes.iter().zip(joining::join(strokes)) {
        let points: Vec<(NodeKey, LonLat)> = vertices
            .iter()
            .map(|vertex| {
                let fresh = || {
                    next_node += 1;
                    next_node
                };
                let number = match vertex.junction {
                    Some(junction) => *junction_numbers.entry(junction).or_insert_with(fresh),
                    None => {
                        next_node += 1;
                        next_node
                    }
                };
                (NodeKey::Osm(number), plane.unproject(vertex.at))
            })
            .collect();
        for (from, to, is_bridge) in spans(stroke, &vertices) {
            let mut attributes = stroke.attributes.clone();
            attributes.bridge = is_bridge;
            attributes.layer = i8::from(is_bridge);
            let (nodes, line) = points[from..=to].iter().copied().unzip();
            ways.push(SourceWay {
                road_id: RoadId::Number(FIRST_NUMBER + 1 + ways.len() as i64),
                nodes,
                line,
                joins: Joins::AtSharedNodes,
                attributes,
                position: 0,
            });
        }
    }
    ways
}

/// The stretches on the ground and on bridges, as first and last vertex.
fn spans(stroke: &Stroke, vertices: &[Vertex]) -> Vec<(usize, usize, bool)> {
    let on_bridge = |i: usize| stroke.is_bridge_at(0.5 * (vertices[i].at_m + vertices[i + 1].at_m));
    let mut spans: Vec<(usize, usize, bool)> = Vec::new();
    for i in 0..vertices.len().saturating_sub(1) {
        match spans.last_mut() {
            Some((_, to, is_bridge)) if *is_bridge == on_bridge(i) => *to = i + 1,
            _ => spans.push((i, i + 1, on_bridge(i))),
        }
    }
    spans
}

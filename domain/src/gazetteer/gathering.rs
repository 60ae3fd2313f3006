//! Segments gathered to the roads that people know.

use super::NamedRoad;
use crate::geometry::BoundingBox;
use crate::network::{RoadAttributes, RoadNetwork};
use std::collections::HashMap;

/// Parts of one name that lie closer are one road: a name is left out on many a bridge.
const CLOSE_M: f64 = 1000.0;

type Called<'a> = (&'a str, &'a str, Option<&'a str>);

#[derive(Debug)]
struct Part {
    segments: Vec<u32>,
    bounds: BoundingBox,
}

/// All named roads, in no order that means anything, but always the same.
pub(super) fn named_roads(network: &RoadNetwork) -> Vec<NamedRoad> {
    let mut by_name: HashMap<Called<'_>, Vec<u32>> = HashMap::new();
    for segment in 0..network.segments().len() as u32 {
        let called = called(&network.road(segment).attributes);
        if !(called.0.is_empty() && called.1.is_empty()) {
            by_name.entry(called).or_default().push(segment);
        }
    }
    let mut names: Vec<(Called<'_>, Vec<u32>)> = by_name.into_iter().collect();
    names.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    names
        .into_iter()
        .flat_map(|(called, segments)| {
            joined(parts(network, &segments))
                .into_iter()
                .map(move |part| named(network, called, &part))
        })
        .collect()
}

fn called(attributes: &RoadAttributes) -> Called<'_> {
    (
        attributes.name.as_deref().unwrap_or_default(),
        attributes.reference.as_deref().unwrap_or_default(),
        attributes.manager.as_deref(),
    )
}

/// Segments that hang together at their ends.
fn parts(network: &RoadNetwork, segments: &[u32]) -> Vec<Part> {
    let mut at_node: HashMap<u32, Vec<usize>> = HashMap::new();
    for (i, segment) in segments.iter().enumerate() {
        let segment = &network.segments()[*segment as usize];
        for node in [segment.from_node, segment.to_node] {
            at_node.entry(node).or_default().push(i);
        }
    }
    let mut taken = vec![false; segments.len()];
    let mut parts = Vec::new();
    for first in 0..segments.len() {
        if taken[first] {
            continue;
        }
        taken[first] = true;
        let mut part = vec![segments[first]];
        let mut open = vec![first];
        while let Some(i) = open.pop() {
            let segment = &network.segments()[segments[i] as usize];
            for node in [segment.from_node, segment.to_node] {
                for other in &at_node[&node] {
                    if !taken[*other] {
                        taken[*other] = true;
                        part.push(segments[*other]);
                        open.push(*other);
                    }
                }
            }
        }
        let vertices = part.iter().flat_map(|s| network.line(*s)).copied();
        if let Some(bounds) = BoundingBox::around(vertices) {
            parts.push(Part {
                segments: part,
                bounds,
            });
        }
    }
    parts
}

/// Joins parts that lie close, from west to east.
fn joined(mut parts: Vec<Part>) -> Vec<Part> {
    parts.sort_by(|a, b| a.bounds.west.total_cmp(&b.bounds.west));
    let mut roads: Vec<Part> = Vec::new();
    for part in parts {
        let near = part.bounds.padded_m(CLOSE_M);
        // A part can close the gap between several.
        let (close, mut apart): (Vec<Part>, Vec<Part>) = roads
            .into_iter()
            .partition(|road| road.bounds.touches(&near));
        let all = close.into_iter().fold(part, |mut all, other| {
            all.segments.extend(other.segments);
            all.bounds = BoundingBox {
                west: all.bounds.west.min(other.bounds.west),
                south: all.bounds.south.min(other.bounds.south),
                east: all.bounds.east.max(other.bounds.east),
                north: all.bounds.north.max(other.bounds.north),
            };
            all
        });
        apart.push(all);
        roads = apart;
    }
    roads
}

fn named(network: &RoadNetwork, called: Called<'_>, part: &Part) -> NamedRoad {
    let length_m = |segment: &u32| network.segments()[*segment as usize].length_m;
    let centre = part.bounds.centre();
    let middle = |segment: u32| network.position(segment, length_m(&segment) / 2.0);
    let nearest = part
        .segments
        .iter()
        .copied()
        .min_by(|a, b| {
            let off = |s: u32| middle(s).geodesic_m(centre);
            off(*a).total_cmp(&off(*b)).then(a.cmp(b))
        })
        .unwrap_or_default();
    let longest = part
        .segments
        .iter()
        .copied()
        .max_by(|a, b| length_m(a).total_cmp(&length_m(b)).then(b.cmp(a)))
        .unwrap_or_default();
    let attributes = &network.road(longest).attributes;
    NamedRoad {
        name: called.0.to_owned(),
        reference: called.1.to_owned(),
        class: attributes.class.clone(),
        manager_level: attributes.manager_level,
        manager: attributes.manager.clone(),
        length_m: part.segments.iter().map(length_m).sum(),
        bounds: part.bounds,
        at: middle(nearest),
        segment: network.segments()[nearest as usize].id,
    }
}

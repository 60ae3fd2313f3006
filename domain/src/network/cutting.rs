//! Cuts strands into the segments of the network, with what the plan says of each.

use super::build::{BuildError, BuildReport};
use super::id::{Identity, SegmentId};
use super::intake::{NumberedLine, refusal};
use super::junctions::Nodes;
use super::source::{NodeKey, RoadAttributes, RouteLineKind};
use super::split::Piece;
use super::strand::{Overlay, Strand};
use super::{NetworkParts, Road, SegmentPart, Stretch, StretchKind};
use crate::geometry::line_length_m;
use crate::linear_reference::{sub_line, without_repeats};
use std::collections::HashMap;

/// Cuts the strands at their junctions and gives each piece its attributes and its id.
pub(super) fn cut(
    strands: Vec<Strand>,
    nodes: &mut Nodes,
    lines: &[NumberedLine],
    names: &[String],
    report: &mut BuildReport,
) -> Result<NetworkParts, BuildError> {
    let mut parts = NetworkParts::default();
    let mut node_numbers: HashMap<u32, u32> = HashMap::new();
    let mut road_numbers: HashMap<String, Vec<u32>> = HashMap::new();
    let mut identities: HashMap<SegmentId, (Identity, u32)> = HashMap::new();
    for strand in strands {
        for (mut piece, from, to, overlays) in pieces_of(strand) {
            let (id, identity) = loop {
                let identity = piece.identity();
                let id = identity.segment_id();
                match identities.get(&id) {
                    None => break (id, Some(identity)),
                    Some((earlier, _)) if *earlier != identity => {
                        return Err(BuildError::IdCollision {
                            id,
                            first: format!("{earlier:?}"),
                            second: format!("{identity:?}"),
                        });
                    }
                    Some((_, segment))
                        if piece.is_osm && parts.segments[*segment as usize].line != piece.line =>
                    {
                        piece.occurrence += 1;
                    }
                    Some(_) => break (id, None),
                }
            };
            let Some(identity) = identity else {
                if piece.from_route_line {
                    // A stretch too short to be followed, drawn vertex for vertex as another.
                    let length_km = line_length_m(&piece.line) / 1000.0;
                    report.laid_km += length_km;
                    report.added_km -= length_km;
                    continue;
                }
                let reason = "the same line came before; the first one was kept".to_owned();
                report.refused.push((
                    names[piece.source as usize].clone(),
                    refusal(piece.position, reason, &piece.road_id),
                ));
                continue;
            };
            identities.insert(id, (identity, parts.segments.len() as u32));
            let length_m = line_length_m(&piece.line);
            let mut attributes = piece.attributes.clone();
            apply_overlays(&mut attributes, &overlays, lines, length_m);
            let road = road_number(
                &mut parts.roads,
                &mut road_numbers,
                Road {
                    id: piece.road_id.clone(),
                    attributes,
                },
            );
            let segment = parts.segments.len() as u32;
            parts
                .stretches
                .extend(stretches_of(segment, &overlays, lines));
            let mut number = |node: u32| {
                let root = nodes.sets.find(node);
                let next = node_numbers.len() as u32;
                *node_numbers.entry(root).or_insert(next)
            };
            let (from_node, to_node) = (number(from), number(to));
            parts.segments.push(SegmentPart {
                id,
                road,
                from_node,
                to_node,
                line: piece.line,
                length_m,
            });
        }
    }
    parts.node_count = node_numbers.len() as u32;
    Ok(parts)
}

type CutPiece = (Piece, u32, u32, Vec<Overlay>);

fn pieces_of(strand: Strand) -> Vec<CutPiece> {
    if strand.cuts.is_empty() {
        return vec![(
            strand.piece,
            strand.from_node,
            strand.to_node,
            strand.overlays,
        )];
    }
    let length_m = strand.length_m();
    let piece = &strand.piece;
    let last = piece.line[piece.line.len() - 1];
    let mut stations = vec![(0.0, piece.line[0], piece.from, strand.from_node)];
    stations.extend(
        strand
            .cuts
            .iter()
            .map(|cut| (cut.at_m, cut.at, NodeKey::of_place(cut.at), cut.node)),
    );
    stations.push((length_m, last, piece.to, strand.to_node));
    let mut pieces: Vec<CutPiece> = Vec::with_capacity(stations.len());
    for pair in stations.windows(2) {
        let (from_m, from_at, from_key, from_node) = pair[0];
        let (to_m, to_at, to_key, to_node) = pair[1];
        let mut line = sub_line(&piece.line, &strand.measures_m, from_m, to_m);
        let end = line.len() - 1;
        line[0] = from_at;
        line[end] = to_at;
        let line = without_repeats(&line);
        if line.len() < 2 {
            continue;
        }
        let occurrence = pieces
            .iter()
            .filter(|(p, ..)| (p.from, p.to) == (from_key, to_key))
            .count() as u32
            + piece.occurrence;
        let overlays = strand
            .overlays
            .iter()
            .filter(|o| o.to_m > from_m && o.from_m < to_m)
            .map(|o| Overlay {
                from_m: (o.from_m - from_m).max(0.0),
                to_m: o.to_m.min(to_m) - from_m,
                ..*o
            })
            .collect();
        pieces.push((
            Piece {
                line,
                from: from_key,
                to: to_key,
                occurrence,
                ..piece.clone()
            },
            from_node,
            to_node,
            overlays,
        ));
    }
    pieces
}

/// The plan's words hold for a segment when it lies under the line for at least half its length.
fn apply_overlays(
    attributes: &mut RoadAttributes,
    overlays: &[Overlay],
    lines: &[NumberedLine],
    length_m: f64,
) {
    for overlay in overlays {
        let line = &lines[overlay.route_line as usize].1;
        if !line.kind.is_carriageway() || overlay.to_m - overlay.from_m < 0.5 * length_m {
            continue;
        }
        let said = &line.attributes;
        if line.kind == RouteLineKind::Emergency {
            attributes.emergency = true;
        }
        if let Some(class) = said.priority_class {
            // Where two lines speak, the more urgent one counts.
            attributes.priority_class =
                Some(attributes.priority_class.map_or(class, |c| c.min(class)));
        }
        if said.manager_level != crate::road_manager::ManagerLevel::Unknown {
            attributes.manager_level = said.manager_level;
        }
        if said.manager.is_some() {
            attributes.manager.clone_from(&said.manager);
        }
        if attributes.name.is_none() {
            attributes.name.clone_from(&said.name);
        }
    }
}

fn stretches_of(segment: u32, overlays: &[Overlay], lines: &[NumberedLine]) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    for overlay in overlays {
        let line = &lines[overlay.route_line as usize].1;
        let mut add = |kind: StretchKind, standard: &Option<String>| {
            stretches.push(Stretch {
                segment,
                from_m: overlay.from_m,
                to_m: overlay.to_m,
                kind,
                standard: standard.clone(),
                road_id: line.road_id.clone(),
            });
        };
        match &line.kind {
            RouteLineKind::Melting => add(StretchKind::Melting, &None),
            RouteLineKind::Sidewalk {
                left,
                right,
                standard,
            } => {
                let (left, right) = if overlay.same_direction {
                    (*left, *right)
                } else {
                    (*right, *left)
                };
                if left {
                    add(StretchKind::SidewalkLeft, standard);
                }
                if right {
                    add(StretchKind::SidewalkRight, standard);
                }
            }
            RouteLineKind::Clearing | RouteLineKind::Emergency if line.melting => {
                add(StretchKind::Melting, &None);
            }
            RouteLineKind::Clearing | RouteLineKind::Emergency => {}
        }
    }
    stretches
}

/// Roads are kept once for all segments that share them.
fn road_number(roads: &mut Vec<Road>, numbers: &mut HashMap<String, Vec<u32>>, road: Road) -> u32 {
    let key = format!("{:?}", road.id);
    let known = numbers.entry(key).or_default();
    if let Some(number) = known.iter().find(|n| roads[**n as usize] == road) {
        return *number;
    }
    let number = roads.len() as u32;
    roads.push(road);
    known.push(number);
    number
}

//! Makes one network of all imported sources.

use super::id::{Identity, SegmentId};
use super::intake::{NumberedLine, refusal, take_sources};
use super::junctions::Nodes;
use super::laying::{self, Laid};
use super::noding;
use super::source::{NodeKey, RoadAttributes, RoadSource, RouteLine, RouteLineKind};
use super::split::{Piece, Split, split_at_junctions, without_repeats};
use super::strand::{Overlay, Strand, StrandIndex, sub_line};
use super::{NetworkParts, Road, RoadNetwork, SegmentPart, Stretch, StretchKind};
use crate::fix::Rejection;
use crate::geometry::{BoundingBox, LonLat, line_length_m};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Default distance within which a route line's end is joined and its course laid onto a road.
pub const DEFAULT_TOLERANCE_M: f64 = 15.0;

/// What an import did, for the person who ran it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct BuildReport {
    /// Ways that share nodes, read from all sources.
    pub ways: usize,
    /// Route lines read from all sources.
    pub route_lines: usize,
    /// Segments of the network.
    pub segments: usize,
    /// Nodes of the network.
    pub nodes: usize,
    /// Length of the network.
    pub length_km: f64,
    /// Connected parts when only what shares a place is joined.
    pub components_before_joining: usize,
    /// Connected parts of the network.
    pub components: usize,
    /// Places where route lines were joined with something.
    pub joints: usize,
    /// Kilometres of route lines laid onto roads that were there.
    pub laid_km: f64,
    /// Kilometres of route lines that became network.
    pub added_km: f64,
    /// Kilometres of sidewalks and melting pipes with no road under them.
    pub unplaced_km: f64,
    /// Ways that came again from another source; the later source's were kept.
    pub repeated_ways: usize,
    /// Segments by level of their road manager.
    pub segments_by_level: Vec<(String, usize)>,
    /// Records that were not taken, with the source's name.
    pub refused: Vec<(String, Rejection)>,
}

/// Why no network could be made.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// Nothing to build from.
    #[error("no road was found in {0}")]
    Empty(String),
    /// Two different stretches hash to one id.
    #[error(
        "segments of roads {first} and {second} both hash to id {id}; \
         please report this, the import was refused"
    )]
    IdCollision {
        /// The id.
        id: SegmentId,
        /// Road of the first.
        first: String,
        /// Road of the second.
        second: String,
    },
}

/// Makes the network. Sources come oldest first; of a way that two sources hold, the later counts.
///
/// # Errors
/// [`BuildError`] when there is no road at all, or two stretches share an id.
pub fn build(
    sources: Vec<RoadSource>,
    tolerance_m: f64,
) -> Result<(RoadNetwork, BuildReport), BuildError> {
    let mut report = BuildReport::default();
    let names: Vec<String> = sources.iter().map(|s| s.name.clone()).collect();
    let (ways, lines) = take_sources(sources, &mut report);

    let (strands, mut nodes) = strands_of(split_at_junctions(ways));
    report.components_before_joining = components_before(&strands, &nodes, &lines);
    let strands = lay_and_join(
        strands,
        &mut nodes,
        &lines,
        &names,
        tolerance_m,
        &mut report,
    );
    let parts = cut(strands, &mut nodes, &lines, &names, &mut report)?;
    if parts.segments.is_empty() {
        return Err(BuildError::Empty(names.join(", ")));
    }
    report.segments = parts.segments.len();
    report.nodes = parts.node_count as usize;
    report.length_km = parts.segments.iter().map(|s| s.length_m).sum::<f64>() / 1000.0;
    let mut levels: std::collections::BTreeMap<_, usize> = Default::default();
    for segment in &parts.segments {
        let level = parts.roads[segment.road as usize].attributes.manager_level;
        *levels.entry(level).or_default() += 1;
    }
    report.segments_by_level = levels
        .into_iter()
        .map(|(level, n)| (level.as_str().to_owned(), n))
        .collect();
    let network = RoadNetwork::assemble(parts);
    report.components = network.component_count();
    Ok((network, report))
}

fn strands_of(split: Split) -> (Vec<Strand>, Nodes) {
    let mut nodes = Nodes::new();
    let mut by_key: HashMap<NodeKey, u32> = HashMap::new();
    let strands = split
        .pieces
        .into_iter()
        .map(|piece| {
            let (first, last) = (piece.line[0], piece.line[piece.line.len() - 1]);
            let from = *by_key
                .entry(piece.from)
                .or_insert_with(|| nodes.add(first, false));
            let to = *by_key
                .entry(piece.to)
                .or_insert_with(|| nodes.add(last, false));
            Strand::new(piece, from, to)
        })
        .collect();
    for (a, b) in split.same {
        let [a, b] = [a, b].map(|key| {
            let anywhere = LonLat::new(0.0, 0.0);
            *by_key
                .entry(key)
                .or_insert_with(|| nodes.add(anywhere, true))
        });
        nodes.unite_always(a, b);
    }
    (strands, nodes)
}

/// Parts that hang together when only shared places join.
fn components_before(strands: &[Strand], nodes: &Nodes, lines: &[NumberedLine]) -> usize {
    let mut sets = nodes.sets.clone();
    let mut used: Vec<u32> = Vec::new();
    for strand in strands {
        sets.union(strand.from_node, strand.to_node);
        used.push(strand.from_node);
    }
    let mut places: HashMap<NodeKey, u32> = HashMap::new();
    for (_, line) in lines.iter().filter(|(_, l)| l.kind.is_carriageway()) {
        let ends = [line.line.first(), line.line.last()];
        let mut members = ends.into_iter().flatten().map(|at| {
            *places
                .entry(NodeKey::of_place(*at))
                .or_insert_with(|| sets.push())
        });
        if let (Some(a), Some(b)) = (members.next(), members.next()) {
            sets.union(a, b);
            used.push(a);
        }
    }
    sets.sets(used)
}

fn lay_and_join(
    mut strands: Vec<Strand>,
    nodes: &mut Nodes,
    lines: &[NumberedLine],
    names: &[String],
    tolerance_m: f64,
    report: &mut BuildReport,
) -> Vec<Strand> {
    let Some(area) = BoundingBox::around(lines.iter().flat_map(|(_, l)| l.line.iter().copied()))
    else {
        return strands;
    };
    let area = area.padded_m(4.0 * tolerance_m);
    let mut near: Vec<u32> = (0..strands.len() as u32)
        .filter(|i| {
            let line = &strands[*i as usize].piece.line;
            BoundingBox::around(line.iter().copied()).is_some_and(|b| b.touches(&area))
        })
        .collect();
    let mut index = StrandIndex::bulk(&strands, &near);
    let mut end_nodes: HashMap<NodeKey, u32> = HashMap::new();
    for (i, (source, line)) in lines.iter().enumerate() {
        let Laid {
            free,
            laid_m,
            free_m,
        } = laying::lay(&mut strands, &index, line, i as u32, tolerance_m);
        report.laid_km += laid_m / 1000.0;
        if !line.kind.is_carriageway() {
            report.unplaced_km += free_m / 1000.0;
            // What is left over within the tolerance is the drawing's.
            if free_m > laid_m || free_m > tolerance_m {
                report.refused.push((
                    names[*source as usize].clone(),
                    Rejection {
                        position: line.position,
                        field: "geometry".to_owned(),
                        reason: format!(
                            "{free_m:.0} m of {:.0} m have no road within {tolerance_m:.0} m",
                            free_m + laid_m
                        ),
                        record: line_label(line),
                    },
                ));
            }
            continue;
        }
        report.added_km += free_m / 1000.0;
        for part in free.into_iter().filter(|part| part.len() >= 2) {
            let (first, last) = (part[0], part[part.len() - 1]);
            let keys = (NodeKey::of_place(first), NodeKey::of_place(last));
            let from = *end_nodes
                .entry(keys.0)
                .or_insert_with(|| nodes.add(first, true));
            let to = *end_nodes
                .entry(keys.1)
                .or_insert_with(|| nodes.add(last, true));
            let strand = Strand::new(
                Piece {
                    road_id: line.road_id.clone(),
                    is_osm: false,
                    occurrence: 0,
                    from: keys.0,
                    to: keys.1,
                    line: part,
                    attributes: line.attributes.clone(),
                    from_route_line: true,
                    source: *source,
                    position: line.position,
                },
                from,
                to,
            );
            let length_m = strand.length_m();
            index.insert(strands.len() as u32, &strand);
            near.push(strands.len() as u32);
            strands.push(strand);
            if let Some(strand) = strands.last_mut() {
                strand.overlays.push(Overlay {
                    from_m: 0.0,
                    to_m: length_m,
                    route_line: i as u32,
                    same_direction: true,
                });
            }
        }
    }
    report.joints = noding::join(&mut strands, &near, &index, nodes, tolerance_m);
    strands
}

fn line_label(line: &RouteLine) -> String {
    format!(
        "{:?} {}",
        line.road_id,
        line.attributes.name.as_deref().unwrap_or("")
    )
}

/// Cuts the strands at their junctions and gives each piece its attributes and its id.
fn cut(
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

//! Makes one network of all imported sources.

use super::RoadNetwork;
use super::cutting::cut;
use super::id::SegmentId;
use super::intake::{NumberedLine, take_sources};
use super::junctions::Nodes;
use super::laying::{self, Laid};
use super::noding;
use super::source::{NodeKey, RoadSource, RouteLine};
use super::split::{Piece, Split, split_at_junctions};
use super::strand::{Overlay, Strand, StrandIndex};
use crate::fix::Rejection;
use crate::geometry::{BoundingBox, LonLat};
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

//! Joins what route lines drew apart: ends with ends, ends with the road beside them, and
//! crossings at grade.
//!
//! Joining is a matter of the graph. A vertex is moved only where that changes the line's length
//! by no more than [`super::end_moves::MAX_LENGTH_CHANGE`] and moves it no further than the tolerance; otherwise the
//! two stay apart on the map and are one node in the graph. Two nodes never become one where a
//! stretch of road between them would be lost ([`Nodes::unite`]).

use super::crossings::join_crossings;
use super::end_moves::move_ends;
use super::junctions::{Nodes, SAME_PLACE_M};
use super::strand::{Cut, Strand, StrandFoot, StrandIndex};
use crate::geometry::{LocalPlane, LonLat};
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};
use std::collections::{BTreeSet, HashMap};

/// A new junction is not made this near another one on the same road, but there.
const SHORTEST_PIECE_M: f64 = 5.0;

/// No piece of road is shorter than this.
pub(super) const NO_PIECE_M: f64 = 0.1;

type NodeTree = RTree<GeomWithData<[f64; 2], u32>>;

/// Joins the strands from route lines with everything near them. `near` are the strands that lie
/// where route lines do. Returns how many joints it made.
pub(super) fn join(
    strands: &mut [Strand],
    near: &[u32],
    index: &StrandIndex,
    nodes: &mut Nodes,
    tolerance_m: f64,
) -> usize {
    let free: Vec<u32> = near
        .iter()
        .copied()
        .filter(|i| strands[*i as usize].piece.from_route_line)
        .collect();
    let mut ends_at: HashMap<u32, u32> = HashMap::new();
    for i in near {
        let strand = &strands[*i as usize];
        let is_given = !strand.piece.from_route_line;
        for (node, at_m) in [(strand.from_node, 0.0), (strand.to_node, strand.length_m())] {
            nodes.put_on(node, *i, at_m, is_given);
            *ends_at.entry(node).or_default() += 1;
        }
    }
    let end_nodes: BTreeSet<u32> = ends_at.keys().copied().collect();
    let tree = RTree::bulk_load(
        end_nodes
            .into_iter()
            .map(|node| {
                let at = nodes.places[node as usize].0;
                GeomWithData::new([at.lon, at.lat], node)
            })
            .collect(),
    );
    let mut joints = 0;
    // What touches is joined first, so that nothing farther off takes its place.
    for within_m in [SAME_PLACE_M.min(tolerance_m), tolerance_m] {
        for strand in &free {
            for is_start in [true, false] {
                let node = end_node(&strands[*strand as usize], is_start);
                let end = End {
                    strand: *strand,
                    is_start,
                    goes_on: ends_at[&node] > 1,
                };
                joints += join_end(strands, index, &tree, nodes, end, within_m);
            }
        }
    }
    for strand in &free {
        joints += join_crossings(strands, index, nodes, *strand, tolerance_m);
    }
    for i in near {
        merge_close_cuts(&mut strands[*i as usize], nodes);
    }
    move_ends(strands, &free, nodes, tolerance_m);
    joints
}

#[derive(Clone, Copy)]
struct End {
    strand: u32,
    is_start: bool,
    /// Another line begins at this very place.
    goes_on: bool,
}

fn end_place(strand: &Strand, is_start: bool) -> LonLat {
    let line = &strand.piece.line;
    if is_start {
        line[0]
    } else {
        line[line.len() - 1]
    }
}

pub(super) fn end_node(strand: &Strand, is_start: bool) -> u32 {
    if is_start {
        strand.from_node
    } else {
        strand.to_node
    }
}

/// Joins one end of a route line: with the road beside it where that is nearest, then with the
/// ends around it, nearest first.
fn join_end(
    strands: &mut [Strand],
    index: &StrandIndex,
    tree: &NodeTree,
    nodes: &mut Nodes,
    end: End,
    tolerance_m: f64,
) -> usize {
    let own = end.strand;
    let at = end_place(&strands[own as usize], end.is_start);
    let own_node = end_node(&strands[own as usize], end.is_start);
    let own_far_node = end_node(&strands[own as usize], !end.is_start);
    let around = nodes_around(tree, at, own_node, tolerance_m);
    let nearest_m = around
        .iter()
        .find(|(_, node)| *node != own_far_node)
        .map_or(f64::INFINITY, |(distance_m, _)| *distance_m);

    let mut joints = 0;
    let touches_only = tolerance_m <= SAME_PLACE_M;
    if touches_only || (!end.goes_on && nearest_m > SAME_PLACE_M) {
        let beside = index
            .feet(strands, at, tolerance_m)
            .into_iter()
            .find(|foot| {
                foot.strand != own
                    && (touches_only || foot.distance_m < nearest_m)
                    && !strands[foot.strand as usize].piece.attributes.off_grade()
            });
        if let Some(foot) = beside.filter(|foot| !nodes.lies_on(own_node, foot.strand)) {
            joints += usize::from(join_foot(strands, nodes, own_node, at, foot, tolerance_m));
        }
    }
    let is_ring = strands[own as usize].length_m() > 4.0 * tolerance_m;
    for (distance_m, node) in around {
        let closes_ring = is_ring && node == own_far_node && distance_m <= SAME_PLACE_M;
        joints += usize::from(if closes_ring {
            nodes.unite_always(node, own_node)
        } else {
            nodes.unite(node, own_node)
        });
    }
    joints
}

/// Nodes within the tolerance of a place, nearest first, with their distances.
fn nodes_around(tree: &NodeTree, at: LonLat, own_node: u32, tolerance_m: f64) -> Vec<(f64, u32)> {
    let plane = LocalPlane::at(at);
    let (dx, dy) = (
        tolerance_m / plane.east_m_per_deg,
        tolerance_m / plane.north_m_per_deg,
    );
    let envelope = AABB::from_corners([at.lon - dx, at.lat - dy], [at.lon + dx, at.lat + dy]);
    let mut around: Vec<(f64, u32)> = tree
        .locate_in_envelope(&envelope)
        .filter(|entry| entry.data != own_node)
        .map(|entry| {
            let xy = plane.project(LonLat::new(entry.geom()[0], entry.geom()[1]));
            (xy[0].hypot(xy[1]), entry.data)
        })
        .filter(|(distance_m, _)| *distance_m <= tolerance_m)
        .collect();
    around.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    around
}

/// Joins a node with the road beside it: at a junction of that road where one is near, else at a
/// new one.
fn join_foot(
    strands: &mut [Strand],
    nodes: &mut Nodes,
    node: u32,
    at: LonLat,
    foot: StrandFoot,
    tolerance_m: f64,
) -> bool {
    let road = &strands[foot.strand as usize];
    let is_given = !road.piece.from_route_line;
    let near_end = [(0.0, true), (road.length_m(), false)]
        .into_iter()
        .filter(|(at_m, is_start)| {
            (foot.at_m - at_m).abs() <= tolerance_m
                && end_place(road, *is_start).geodesic_m(at) <= tolerance_m
        })
        .min_by(|a, b| (foot.at_m - a.0).abs().total_cmp(&(foot.at_m - b.0).abs()))
        .map(|(_, is_start)| end_node(road, is_start));
    if let Some(there) = near_end.or_else(|| station_near(road, foot.at_m)) {
        return nodes.unite(there, node);
    }
    if !nodes.may_lie_on(node, foot.strand, foot.at_m, is_given) {
        return false;
    }
    let cut = nodes.add(foot.at, false);
    nodes.put_on(cut, foot.strand, foot.at_m, is_given);
    nodes.unite(cut, node);
    strands[foot.strand as usize].cuts.push(Cut {
        at_m: foot.at_m,
        at: foot.at,
        node: cut,
    });
    true
}

/// The junction on a road within the shortest piece's length of a measure.
pub(super) fn station_near(strand: &Strand, at_m: f64) -> Option<u32> {
    stations(strand)
        .filter(|(m, _)| (m - at_m).abs() <= SHORTEST_PIECE_M)
        .min_by(|a, b| (a.0 - at_m).abs().total_cmp(&(b.0 - at_m).abs()))
        .map(|(_, node)| node)
}

pub(super) fn stations(strand: &Strand) -> impl Iterator<Item = (f64, u32)> {
    [(0.0, strand.from_node), (strand.length_m(), strand.to_node)]
        .into_iter()
        .chain(strand.cuts.iter().map(|cut| (cut.at_m, cut.node)))
}

/// Cuts within a metre of each other or of an end are one place, unless a stretch of another road
/// would be lost by that.
fn merge_close_cuts(strand: &mut Strand, nodes: &mut Nodes) {
    if strand.cuts.is_empty() {
        return;
    }
    let length_m = strand.length_m();
    let mut cuts = std::mem::take(&mut strand.cuts);
    cuts.sort_by(|a, b| a.at_m.total_cmp(&b.at_m).then(a.node.cmp(&b.node)));
    for cut in cuts {
        let (last_m, last_node) = strand
            .cuts
            .last()
            .map_or((0.0, strand.from_node), |last| (last.at_m, last.node));
        let before = (cut.at_m - last_m, last_node);
        let after = (length_m - cut.at_m, strand.to_node);
        let merged = [before, after].into_iter().any(|(gap_m, node)| {
            gap_m <= SAME_PLACE_M
                && (nodes.unite(cut.node, node)
                    || nodes.sets.find(cut.node) == nodes.sets.find(node)
                    || (gap_m <= NO_PIECE_M && nodes.unite_always(cut.node, node)))
        });
        if !merged {
            strand.cuts.push(cut);
        }
    }
}

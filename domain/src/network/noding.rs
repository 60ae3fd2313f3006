//! Joins what route lines drew apart: ends with ends, ends with the road beside them, and
//! crossings at grade.
//!
//! Joining is a matter of the graph. A vertex is moved only where that changes the line's length
//! by no more than [`MAX_LENGTH_CHANGE`] and moves it no further than the tolerance; otherwise the
//! two stay apart on the map and are one node in the graph.

use super::strand::{Cut, Strand, StrandIndex, measures_m};
use super::union_find::UnionFind;
use crate::geometry::{LocalPlane, LonLat};
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};
use std::collections::HashMap;

/// How much moving its ends may change the length of a line.
pub(super) const MAX_LENGTH_CHANGE: f64 = 0.005;
/// Ends that are this near are drawn as one: the line goes on there.
const CONTINUES_M: f64 = 1.0;

/// Nodes of the network in the making.
#[derive(Debug)]
pub(super) struct Nodes {
    pub sets: UnionFind,
    /// Position of each node, and whether it may be moved.
    pub places: Vec<(LonLat, bool)>,
}

impl Nodes {
    pub(super) fn add(&mut self, at: LonLat, movable: bool) -> u32 {
        self.places.push((at, movable));
        self.sets.push()
    }
}

#[derive(Clone, Copy)]
struct End {
    strand: u32,
    is_start: bool,
}

/// Joins the strands from route lines with everything near them. Returns how many joints it made.
pub(super) fn join(
    strands: &mut [Strand],
    index: &StrandIndex,
    nodes: &mut Nodes,
    tolerance_m: f64,
) -> usize {
    let free: Vec<u32> = (0..strands.len() as u32)
        .filter(|i| strands[*i as usize].piece.from_route_line)
        .collect();
    let ends = RTree::bulk_load(
        strands
            .iter()
            .enumerate()
            .flat_map(|(i, strand)| {
                [true, false].map(|is_start| {
                    let at = end_place(strand, is_start);
                    let end = End {
                        strand: i as u32,
                        is_start,
                    };
                    GeomWithData::new([at.lon, at.lat], end)
                })
            })
            .collect(),
    );
    let mut joints = 0;
    for strand in &free {
        for is_start in [true, false] {
            joints += join_end(strands, index, &ends, nodes, *strand, is_start, tolerance_m);
        }
    }
    for strand in &free {
        joints += join_crossings(strands, index, nodes, *strand, tolerance_m);
    }
    for strand in strands.iter_mut() {
        merge_close_cuts(strand, nodes);
    }
    move_ends(strands, &free, nodes, tolerance_m);
    joints
}

fn end_place(strand: &Strand, is_start: bool) -> LonLat {
    let line = &strand.piece.line;
    if is_start {
        line[0]
    } else {
        line[line.len() - 1]
    }
}

fn end_node(strand: &Strand, is_start: bool) -> u32 {
    if is_start {
        strand.from_node
    } else {
        strand.to_node
    }
}

fn join_end(
    strands: &mut [Strand],
    index: &StrandIndex,
    ends: &RTree<GeomWithData<[f64; 2], End>>,
    nodes: &mut Nodes,
    own: u32,
    is_start: bool,
    tolerance_m: f64,
) -> usize {
    let at = end_place(&strands[own as usize], is_start);
    let own_node = end_node(&strands[own as usize], is_start);
    let plane = LocalPlane::at(at);
    let (dx, dy) = (
        tolerance_m / plane.east_m_per_deg,
        tolerance_m / plane.north_m_per_deg,
    );
    let envelope = AABB::from_corners([at.lon - dx, at.lat - dy], [at.lon + dx, at.lat + dy]);
    let mut near: Vec<(f64, End)> = ends
        .locate_in_envelope(&envelope)
        .filter(|entry| entry.data.strand != own || entry.data.is_start != is_start)
        .map(|entry| {
            let xy = plane.project(LonLat::new(entry.geom()[0], entry.geom()[1]));
            (xy[0].hypot(xy[1]), entry.data)
        })
        .filter(|(distance_m, _)| *distance_m <= tolerance_m)
        .collect();
    near.sort_by(|a, b| {
        a.0.total_cmp(&b.0)
            .then_with(|| (a.1.strand, a.1.is_start).cmp(&(b.1.strand, b.1.is_start)))
    });

    let mut joints = 0;
    let nearest_end_m = near
        .iter()
        .find(|(_, end)| end.strand != own)
        .map_or(f64::INFINITY, |(distance_m, _)| *distance_m);
    for (_, end) in &near {
        let other = &strands[end.strand as usize];
        let node = end_node(other, end.is_start);
        let far_end = end_node(other, !end.is_start);
        let own_far_end = end_node(&strands[own as usize], !is_start);
        if nodes.sets.find(node) == nodes.sets.find(own_node) {
            continue;
        }
        // Joining must not make one node of both ends of a short street.
        let would_collapse = nodes.sets.find(far_end) == nodes.sets.find(own_node)
            || nodes.sets.find(own_far_end) == nodes.sets.find(node);
        if !would_collapse {
            nodes.sets.union(node, own_node);
            joints += 1;
        }
    }
    if nearest_end_m <= CONTINUES_M {
        return joints;
    }

    let beside = index
        .feet(strands, at, tolerance_m)
        .into_iter()
        .find(|foot| {
            let strand = &strands[foot.strand as usize];
            foot.strand != own
                && foot.distance_m < nearest_end_m
                && !strand.piece.attributes.off_grade()
                && foot.at_m > tolerance_m
                && foot.at_m < strand.length_m() - tolerance_m
        });
    if let Some(foot) = beside {
        let node = nodes.add(foot.at, false);
        nodes.sets.union(node, own_node);
        strands[foot.strand as usize].cuts.push(Cut {
            at_m: foot.at_m,
            at: foot.at,
            node,
        });
        joints += 1;
    }
    joints
}

/// Joins a strand with what it crosses, unless either runs above or below the ground.
fn join_crossings(
    strands: &mut [Strand],
    index: &StrandIndex,
    nodes: &mut Nodes,
    own: u32,
    tolerance_m: f64,
) -> usize {
    if strands[own as usize].piece.attributes.off_grade() {
        return 0;
    }
    let mut joints = 0;
    for i in 0..strands[own as usize].piece.line.len() - 1 {
        let (a, b) = (
            strands[own as usize].piece.line[i],
            strands[own as usize].piece.line[i + 1],
        );
        for (other, j) in index.touching(a, b) {
            let (this, that) = (&strands[own as usize], &strands[other as usize]);
            let attributes = &that.piece.attributes;
            // Two route lines meet once, seen from the earlier one.
            if other == own
                || (that.piece.from_route_line && other < own)
                || attributes.off_grade()
                || attributes.class.starts_with("motorway")
            {
                continue;
            }
            let j = j as usize;
            let Some((share, other_share)) =
                crossing(a, b, that.piece.line[j], that.piece.line[j + 1])
            else {
                continue;
            };
            let at_m = this.measures_m[i] + share * (this.measures_m[i + 1] - this.measures_m[i]);
            let other_at_m =
                that.measures_m[j] + other_share * (that.measures_m[j + 1] - that.measures_m[j]);
            let near_this = nodes_near(this, at_m, tolerance_m);
            let near_that = nodes_near(that, other_at_m, tolerance_m);
            let met_already = near_this.iter().any(|x| {
                near_that
                    .iter()
                    .any(|y| nodes.sets.find(*x) == nodes.sets.find(*y))
            });
            if met_already {
                continue;
            }
            let at = LonLat::new(
                a.lon + share * (b.lon - a.lon),
                a.lat + share * (b.lat - a.lat),
            );
            let node = nodes.add(at, false);
            strands[own as usize].cuts.push(Cut { at_m, at, node });
            strands[other as usize].cuts.push(Cut {
                at_m: other_at_m,
                at,
                node,
            });
            joints += 1;
        }
    }
    joints
}

/// Shares along both pieces where they cross properly.
fn crossing(a: LonLat, b: LonLat, c: LonLat, d: LonLat) -> Option<(f64, f64)> {
    let (rx, ry) = (b.lon - a.lon, b.lat - a.lat);
    let (sx, sy) = (d.lon - c.lon, d.lat - c.lat);
    let cross = rx * sy - ry * sx;
    if cross == 0.0 {
        return None;
    }
    let (qx, qy) = (c.lon - a.lon, c.lat - a.lat);
    let t = (qx * sy - qy * sx) / cross;
    let u = (qx * ry - qy * rx) / cross;
    ((0.0..=1.0).contains(&t) && (0.0..=1.0).contains(&u)).then_some((t, u))
}

fn nodes_near(strand: &Strand, at_m: f64, tolerance_m: f64) -> Vec<u32> {
    let ends = [(0.0, strand.from_node), (strand.length_m(), strand.to_node)];
    ends.into_iter()
        .chain(strand.cuts.iter().map(|cut| (cut.at_m, cut.node)))
        .filter(|(m, _)| (m - at_m).abs() <= tolerance_m)
        .map(|(_, node)| node)
        .collect()
}

/// Cuts within a metre of each other or of an end are one place.
fn merge_close_cuts(strand: &mut Strand, nodes: &mut Nodes) {
    if strand.cuts.is_empty() {
        return;
    }
    let length_m = strand.length_m();
    let mut cuts = std::mem::take(&mut strand.cuts);
    cuts.sort_by(|a, b| a.at_m.total_cmp(&b.at_m).then(a.node.cmp(&b.node)));
    for cut in cuts {
        if cut.at_m <= CONTINUES_M {
            nodes.sets.union(cut.node, strand.from_node);
        } else if cut.at_m >= length_m - CONTINUES_M {
            nodes.sets.union(cut.node, strand.to_node);
        } else if let Some(last) = strand
            .cuts
            .last()
            .filter(|last| cut.at_m - last.at_m <= CONTINUES_M)
        {
            nodes.sets.union(cut.node, last.node);
        } else {
            strand.cuts.push(cut);
        }
    }
}

/// Moves the ends of route lines onto their nodes where that keeps their shape.
fn move_ends(strands: &mut [Strand], free: &[u32], nodes: &mut Nodes, tolerance_m: f64) {
    let mut anchors: HashMap<u32, (LonLat, bool)> = HashMap::new();
    for node in 0..nodes.places.len() as u32 {
        let root = nodes.sets.find(node);
        let (at, movable) = nodes.places[node as usize];
        let anchor = anchors.entry(root).or_insert((at, movable));
        if anchor.1 && !movable {
            *anchor = (at, movable);
        }
    }
    for index in free {
        let strand = &mut strands[*index as usize];
        let original_m = strand.length_m();
        for is_start in [true, false] {
            let root = nodes.sets.find(end_node(strand, is_start));
            let Some((target, _)) = anchors.get(&root).copied() else {
                continue;
            };
            let at = end_place(strand, is_start);
            let moved_m = at.geodesic_m(target);
            if moved_m == 0.0 || moved_m > tolerance_m {
                continue;
            }
            let mut line = strand.piece.line.clone();
            let vertex = if is_start { 0 } else { line.len() - 1 };
            line[vertex] = target;
            let measures = measures_m(&line);
            let length_m = measures.last().copied().unwrap_or(0.0);
            let unchanged = (length_m / original_m - 1.0).abs() <= MAX_LENGTH_CHANGE;
            // Cuts are kept by measure: only what lies before them may not stretch.
            if unchanged && (strand.cuts.is_empty() || !is_start) {
                strand.piece.line = line;
                strand.measures_m = measures;
            }
        }
    }
}

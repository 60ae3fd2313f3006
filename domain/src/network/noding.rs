//! Joins what route lines drew apart: ends with ends, ends with the road beside them, and
//! crossings at grade.
//!
//! Joining is a matter of the graph. A vertex is moved only where that changes the line's length
//! by no more than [`MAX_LENGTH_CHANGE`] and moves it no further than the tolerance; otherwise the
//! two stay apart on the map and are one node in the graph. Two nodes never become one where a
//! stretch of road between them would be lost ([`Nodes::unite`]).

use super::junctions::{Nodes, SAME_PLACE_M};
use super::strand::{Cut, Overlay, Strand, StrandFoot, StrandIndex, measures_m, place_at};
use crate::geometry::{LocalPlane, LonLat};
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};
use std::collections::{BTreeSet, HashMap};

/// How much moving its ends may change the length of a line.
pub(super) const MAX_LENGTH_CHANGE: f64 = 0.005;
/// A new junction is not made this near another one on the same road, but there.
const SHORTEST_PIECE_M: f64 = 5.0;

/// No piece of road is shorter than this.
const NO_PIECE_M: f64 = 0.1;

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

fn end_node(strand: &Strand, is_start: bool) -> u32 {
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
fn station_near(strand: &Strand, at_m: f64) -> Option<u32> {
    stations(strand)
        .filter(|(m, _)| (m - at_m).abs() <= SHORTEST_PIECE_M)
        .min_by(|a, b| (a.0 - at_m).abs().total_cmp(&(b.0 - at_m).abs()))
        .map(|(_, node)| node)
}

fn stations(strand: &Strand) -> impl Iterator<Item = (f64, u32)> {
    [(0.0, strand.from_node), (strand.length_m(), strand.to_node)]
        .into_iter()
        .chain(strand.cuts.iter().map(|cut| (cut.at_m, cut.node)))
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
            let j = j as usize;
            // Two route lines meet once, seen from the earlier one; so does a line with itself.
            let seen_before =
                that.piece.from_route_line && other < own || other == own && j < i + 2;
            if seen_before || attributes.off_grade() || attributes.class.starts_with("motorway") {
                continue;
            }
            let Some((share, other_share)) =
                crossing(a, b, that.piece.line[j], that.piece.line[j + 1])
            else {
                continue;
            };
            let at_m = this.measures_m[i] + share * (this.measures_m[i + 1] - this.measures_m[i]);
            let other_at_m =
                that.measures_m[j] + other_share * (that.measures_m[j + 1] - that.measures_m[j]);
            if other == own && other_at_m - at_m <= 2.0 * tolerance_m {
                continue;
            }
            if meet_already(nodes, (this, at_m), (that, other_at_m), tolerance_m) {
                continue;
            }
            let at = LonLat::new(
                a.lon + share * (b.lon - a.lon),
                a.lat + share * (b.lat - a.lat),
            );
            joints += usize::from(join_crossing(
                strands,
                nodes,
                at,
                [(own, at_m), (other, other_at_m)],
            ));
        }
    }
    joints
}

/// Whether two roads have a junction in common near their crossing.
fn meet_already(
    nodes: &mut Nodes,
    (this, at_m): (&Strand, f64),
    (that, other_at_m): (&Strand, f64),
    tolerance_m: f64,
) -> bool {
    let near = |strand: &Strand, at_m: f64| -> Vec<u32> {
        stations(strand)
            .filter(|(m, _)| (m - at_m).abs() <= tolerance_m)
            .map(|(_, node)| node)
            .collect()
    };
    let near_that = near(that, other_at_m);
    near(this, at_m).into_iter().any(|x| {
        near_that
            .iter()
            .any(|y| nodes.sets.find(x) == nodes.sets.find(*y))
    })
}

/// Makes the junction of two roads that cross, at a junction that either has there already or at
/// a new one.
fn join_crossing(
    strands: &mut [Strand],
    nodes: &mut Nodes,
    at: LonLat,
    roads: [(u32, f64); 2],
) -> bool {
    let is_given =
        |strand: u32, strands: &[Strand]| !strands[strand as usize].piece.from_route_line;
    let there = roads.map(|(strand, at_m)| station_near(&strands[strand as usize], at_m));
    match there {
        [Some(a), Some(b)] => return nodes.unite(a, b),
        [Some(node), None] | [None, Some(node)] => {
            let (strand, at_m) = roads[usize::from(there[0].is_some())];
            let given = is_given(strand, strands);
            if nodes.may_lie_on(node, strand, at_m, given) {
                nodes.put_on(node, strand, at_m, given);
                strands[strand as usize].cuts.push(Cut { at_m, at, node });
                return true;
            }
            // The junction there leads to another part of this road.
            let (other, other_m) = roads[usize::from(there[0].is_none())];
            let touches = stations(&strands[other as usize])
                .any(|(m, n)| n == node && (m - other_m).abs() <= SAME_PLACE_M);
            if touches {
                return false;
            }
        }
        [None, None] => {}
    }
    let node = nodes.add(at, false);
    for (strand, at_m) in roads {
        nodes.put_on(node, strand, at_m, is_given(strand, strands));
        strands[strand as usize].cuts.push(Cut { at_m, at, node });
    }
    true
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
        // What lies between a cut and the other end must not change with this end.
        let at_vertices = put_cuts_into_line(strand);
        let mut changed_m = 0.0;
        for is_start in [true, false] {
            let root = nodes.sets.find(end_node(strand, is_start));
            let Some((target, _)) = anchors.get(&root).copied() else {
                continue;
            };
            let line = &mut strand.piece.line;
            let (end, next) = if is_start {
                (0, 1)
            } else {
                (line.len() - 1, line.len() - 2)
            };
            let moved_m = line[end].geodesic_m(target);
            if moved_m == 0.0 || moved_m > tolerance_m {
                continue;
            }
            let before_m = line[end].geodesic_m(line[next]);
            let after_m = target.geodesic_m(line[next]);
            let change_m: f64 = changed_m + after_m - before_m;
            if change_m.abs() <= MAX_LENGTH_CHANGE * original_m && after_m > 0.5 * before_m {
                line[end] = target;
                changed_m = change_m;
            }
        }
        remeasure(strand, &at_vertices);
    }
}

/// Makes a vertex of each cut. Returns the cuts' vertices.
fn put_cuts_into_line(strand: &mut Strand) -> Vec<usize> {
    let mut at_vertices = Vec::with_capacity(strand.cuts.len());
    for cut in &mut strand.cuts {
        let (at, after) = place_at(&strand.piece.line, &strand.measures_m, cut.at_m);
        // A vertex that is there already is the cut's, to the width of a hand.
        let near = [after - 1, after]
            .into_iter()
            .find(|v| (strand.measures_m[*v] - cut.at_m).abs() < 0.5 * NO_PIECE_M);
        let vertex = near.unwrap_or_else(|| {
            strand.piece.line.insert(after, at);
            strand.measures_m.insert(after, cut.at_m);
            after
        });
        cut.at = strand.piece.line[vertex];
        at_vertices.push(vertex);
    }
    at_vertices
}

/// Measures a strand anew; its cuts stay at their vertices, what lies on it keeps its place.
fn remeasure(strand: &mut Strand, at_vertices: &[usize]) {
    let measures = measures_m(&strand.piece.line);
    let length_m = measures.last().copied().unwrap_or(0.0);
    let (old_length_m, old) = (strand.length_m(), &strand.measures_m);
    let shift_m = measures[1] - old[1];
    for Overlay { from_m, to_m, .. } in &mut strand.overlays {
        if *from_m > 0.0 {
            *from_m = (*from_m + shift_m).clamp(0.0, length_m);
        }
        *to_m = if *to_m >= old_length_m {
            length_m
        } else {
            (*to_m + shift_m).clamp(0.0, length_m)
        };
    }
    for (cut, vertex) in strand.cuts.iter_mut().zip(at_vertices) {
        cut.at_m = measures[*vertex];
    }
    strand.measures_m = measures;
}

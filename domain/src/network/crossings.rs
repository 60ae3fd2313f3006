//! Joins route lines with what they cross at grade.

use super::junctions::{Nodes, SAME_PLACE_M};
use super::noding::{station_near, stations};
use super::strand::{Cut, Strand, StrandIndex};
use crate::geometry::LonLat;

/// Joins a strand with what it crosses, unless either runs above or below the ground.
pub(super) fn join_crossings(
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

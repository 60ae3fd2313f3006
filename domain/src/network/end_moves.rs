//! Moves the ends of route lines onto their nodes, where that keeps their length.

use super::junctions::Nodes;
use super::noding::{NO_PIECE_M, end_node};
use super::strand::{Overlay, Strand};
use crate::geometry::LonLat;
use crate::linear_reference::{measures_m, place_at};
use std::collections::HashMap;

/// How much moving its ends may change the length of a line.
pub(super) const MAX_LENGTH_CHANGE: f64 = 0.005;

/// Moves the ends of route lines onto their nodes where that keeps their shape.
pub(super) fn move_ends(strands: &mut [Strand], free: &[u32], nodes: &mut Nodes, tolerance_m: f64) {
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

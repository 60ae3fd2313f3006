//! Joins the strokes: where two meet at one grade there is a junction that both share.

use super::drawing::Stroke;
use super::path::{Xy, distance_m};

/// Ends this near to another road are joined with it.
const SNAP_M: f64 = 22.0;
/// Junctions nearer than this are one.
const MERGE_M: f64 = 18.0;
/// Vertices nearer than this to a junction are left out.
const CLEAR_M: f64 = 5.0;

/// A vertex of a joined road.
#[derive(Debug, Clone, Copy)]
pub(super) struct Vertex {
    pub at_m: f64,
    pub at: Xy,
    /// Number of the junction that lies here.
    pub junction: Option<usize>,
}

struct Cut {
    stroke: usize,
    at_m: f64,
    at: Xy,
}

/// The vertices of each stroke, with the junctions that it shares with others. Strokes that hang
/// together with nothing else come back empty.
pub(super) fn join(strokes: &[Stroke]) -> Vec<Vec<Vertex>> {
    let mut cuts = crossing_cuts(strokes);
    cuts.extend(end_cuts(strokes, &cuts));
    let junctions = merge(&cuts);
    let mut roads: Vec<Vec<Vertex>> = strokes
        .iter()
        .enumerate()
        .map(|(i, stroke)| {
            let mut own: Vec<(f64, usize)> = cuts
                .iter()
                .zip(&junctions.of_cut)
                .filter(|(cut, _)| cut.stroke == i)
                .map(|(cut, junction)| (cut.at_m, *junction))
                .collect();
            own.sort_by(|a, b| a.0.total_cmp(&b.0));
            own.dedup_by_key(|(_, junction)| *junction);
            vertices(stroke, &own, &junctions.places)
        })
        .collect();
    leave_out_islands(&mut roads, junctions.places.len());
    roads
}

fn crossing_cuts(strokes: &[Stroke]) -> Vec<Cut> {
    let mut cuts = Vec::new();
    for (i, a) in strokes.iter().enumerate() {
        for (j, b) in strokes.iter().enumerate().skip(i + 1) {
            for (a_m, b_m) in a.crossings(&b.line, &b.measures_m) {
                if a.is_bridge_at(a_m) || b.is_bridge_at(b_m) {
                    continue;
                }
                let at = a.place(a_m);
                cuts.extend([(i, a_m), (j, b_m)].map(|(stroke, at_m)| Cut { stroke, at_m, at }));
            }
        }
    }
    cuts
}

/// Ends that stop just short of a road.
fn end_cuts(strokes: &[Stroke], crossings: &[Cut]) -> Vec<Cut> {
    let mut cuts = Vec::new();
    for (i, stroke) in strokes.iter().enumerate() {
        for end_m in [0.0, stroke.length_m()] {
            let reach_m = stroke.overshoot_m.max(SNAP_M);
            let is_joined = crossings
                .iter()
                .any(|c| c.stroke == i && (c.at_m - end_m).abs() <= reach_m);
            if is_joined {
                continue;
            }
            let end = stroke.place(end_m);
            let nearest = strokes
                .iter()
                .enumerate()
                .filter(|(j, _)| *j != i)
                .flat_map(|(j, other)| {
                    other
                        .line
                        .iter()
                        .zip(&other.measures_m)
                        .filter(|(_, m)| !other.is_bridge_at(**m))
                        .map(move |(p, m)| (distance_m(end, *p), j, *m, *p))
                })
                .min_by(|a, b| a.0.total_cmp(&b.0));
            if let Some((away_m, j, at_m, at)) = nearest
                && away_m <= SNAP_M
            {
                cuts.extend([(i, end_m), (j, at_m)].map(|(stroke, at_m)| Cut { stroke, at_m, at }));
            }
        }
    }
    cuts
}

struct Junctions {
    /// The junction of each cut.
    of_cut: Vec<usize>,
    places: Vec<Xy>,
}

fn merge(cuts: &[Cut]) -> Junctions {
    let mut places: Vec<(Xy, f64)> = Vec::new();
    let of_cut = cuts
        .iter()
        .map(|cut| {
            let near = places
                .iter()
                .position(|(at, _)| distance_m(*at, cut.at) <= MERGE_M);
            let junction = near.unwrap_or_else(|| {
                places.push((cut.at, 0.0));
                places.len() - 1
            });
            let (at, weight) = &mut places[junction];
            *at = [0, 1].map(|k| (at[k] * *weight + cut.at[k]) / (*weight + 1.0));
            *weight += 1.0;
            junction
        })
        .collect();
    Junctions {
        of_cut,
        places: places.into_iter().map(|(at, _)| at).collect(),
    }
}

/// What remains of the stroke between its first and last vertex, overshoots cut off.
fn vertices(stroke: &Stroke, cuts: &[(f64, usize)], places: &[Xy]) -> Vec<Vertex> {
    let reach_m = stroke.overshoot_m.max(SNAP_M);
    let length_m = stroke.length_m();
    let from_m = cuts
        .first()
        .map_or(0.0, |c| if c.0 <= reach_m { c.0 } else { 0.0 });
    let to_m = cuts.last().map_or(length_m, |c| {
        if length_m - c.0 <= reach_m {
            c.0
        } else {
            length_m
        }
    });
    let mut kept: Vec<Vertex> = cuts
        .iter()
        .map(|(at_m, junction)| Vertex {
            at_m: *at_m,
            at: places[*junction],
            junction: Some(*junction),
        })
        .collect();
    let bridge_ends = stroke.bridges.iter().flat_map(|(from, to)| [*from, *to]);
    let fixed: Vec<f64> = cuts
        .iter()
        .map(|c| c.0)
        .chain(bridge_ends.clone())
        .collect();
    kept.extend(bridge_ends.map(|at_m| Vertex {
        at_m,
        at: stroke.place(at_m),
        junction: None,
    }));
    for (at, at_m) in stroke.line.iter().zip(&stroke.measures_m) {
        let is_free = fixed.iter().all(|f| (f - at_m).abs() > CLEAR_M);
        if is_free && (from_m..=to_m).contains(at_m) {
            kept.push(Vertex {
                at_m: *at_m,
                at: *at,
                junction: None,
            });
        }
    }
    kept.sort_by(|a, b| a.at_m.total_cmp(&b.at_m));
    kept
}

fn leave_out_islands(roads: &mut [Vec<Vertex>], junction_count: usize) {
    let mut group: Vec<usize> = (0..junction_count).collect();
    // Few enough that flooding the smallest number through all roads is quick.
    let mut changed = true;
    while changed {
        changed = false;
        for road in roads.iter() {
            let own: Vec<usize> = road.iter().filter_map(|v| v.junction).collect();
            if let Some(least) = own.iter().map(|j| group[*j]).min() {
                for j in own {
                    changed |= group[j] != least;
                    group[j] = least;
                }
            }
        }
    }
    let mut sizes = vec![0; junction_count];
    for g in &group {
        sizes[*g] += 1;
    }
    let main = (0..junction_count).max_by_key(|g| sizes[*g]);
    for road in roads {
        let hangs_on = road
            .iter()
            .find_map(|v| v.junction)
            .is_some_and(|j| Some(group[j]) == main);
        if !hangs_on || road.len() < 2 {
            road.clear();
        }
    }
}

//! Lines by measure: metres from their start, places and parts at given metres.

use crate::geometry::LonLat;

/// Metres from the start at each vertex, on the ellipsoid.
pub(crate) fn measures_m(line: &[LonLat]) -> Vec<f64> {
    let mut sum = 0.0;
    let mut measures = Vec::with_capacity(line.len());
    for (i, p) in line.iter().enumerate() {
        if i > 0 {
            sum += line[i - 1].geodesic_m(*p);
        }
        measures.push(sum);
    }
    measures
}

/// The position at a measure, and the vertex after it.
pub(crate) fn place_at(line: &[LonLat], measures_m: &[f64], at_m: f64) -> (LonLat, usize) {
    let after = measures_m
        .partition_point(|m| *m <= at_m)
        .clamp(1, line.len() - 1);
    let (a, b) = (line[after - 1], line[after]);
    let span = measures_m[after] - measures_m[after - 1];
    let share = if span > 0.0 {
        ((at_m - measures_m[after - 1]) / span).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let at = LonLat::new(
        a.lon + share * (b.lon - a.lon),
        a.lat + share * (b.lat - a.lat),
    );
    (at, after)
}

/// The part of a line between two measures.
pub(crate) fn sub_line(line: &[LonLat], measures_m: &[f64], from_m: f64, to_m: f64) -> Vec<LonLat> {
    let (start, first_after) = place_at(line, measures_m, from_m);
    let (end, last_after) = place_at(line, measures_m, to_m);
    let mut part = vec![start];
    for i in first_after..last_after {
        if measures_m[i] > from_m && measures_m[i] < to_m {
            part.push(line[i]);
        }
    }
    part.push(end);
    without_repeats(&part)
}

/// The line without vertices that repeat the one before.
pub(crate) fn without_repeats(line: &[LonLat]) -> Vec<LonLat> {
    let mut kept: Vec<LonLat> = Vec::with_capacity(line.len());
    for p in line {
        if kept.last() != Some(p) {
            kept.push(*p);
        }
    }
    kept
}

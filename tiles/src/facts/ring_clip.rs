//! Clips polygons' rings to the tile's rectangle (Sutherland and Hodgman 1974).

use crate::coordinate::{BUFFER, EXTENT};

const LOW: i64 = -BUFFER as i64;
const HIGH: i64 = (EXTENT + BUFFER) as i64;

/// The part of a ring within the tile and its buffer, without a repeated end; empty where nothing of it has
/// an area. Where a ring leaves and comes back, edges run along the rectangle's, outside what is shown.
pub(super) fn clipped_ring(ring: &[[i32; 2]]) -> Vec<[i32; 2]> {
    let mut ring = ring.to_vec();
    for (axis, bound, keep_above) in [
        (0, LOW, true),
        (0, HIGH, false),
        (1, LOW, true),
        (1, HIGH, false),
    ] {
        ring = cut(&ring, axis, bound, keep_above);
    }
    ring.dedup();
    while ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    if ring.len() < 3 || doubled_area(&ring) == 0 {
        return Vec::new();
    }
    ring
}

/// Twice the area by the surveyor's formula; positive where MVT wants an outer ring (§4.3.4.4).
pub(super) fn doubled_area(ring: &[[i32; 2]]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter()
        .zip(next)
        .map(|(a, b)| i64::from(a[0]) * i64::from(b[1]) - i64::from(b[0]) * i64::from(a[1]))
        .sum()
}

fn cut(ring: &[[i32; 2]], axis: usize, bound: i64, keep_above: bool) -> Vec<[i32; 2]> {
    let inside = |p: &[i32; 2]| {
        let v = i64::from(p[axis]);
        if keep_above { v >= bound } else { v <= bound }
    };
    let mut kept = Vec::with_capacity(ring.len() + 4);
    let before = ring.iter().cycle().skip(ring.len().saturating_sub(1));
    for (from, to) in before.zip(ring) {
        if inside(from) != inside(to) {
            kept.push(crossing(*from, *to, axis, bound));
        }
        if inside(to) {
            kept.push(*to);
        }
    }
    kept
}

fn crossing(a: [i32; 2], b: [i32; 2], axis: usize, bound: i64) -> [i32; 2] {
    let other = 1 - axis;
    let share =
        (bound - i64::from(a[axis])) as f64 / (i64::from(b[axis]) - i64::from(a[axis])) as f64;
    let along = f64::from(a[other]) + share * (f64::from(b[other]) - f64::from(a[other]));
    let mut at = [0; 2];
    at[axis] = bound as i32;
    at[other] = along.round() as i32;
    at
}

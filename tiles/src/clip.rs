//! Clips lines to the tile's rectangle and leaves out vertices that nobody can see.

use crate::coordinate::{BUFFER, EXTENT};

const LOW: f64 = -BUFFER;
const HIGH: f64 = EXTENT + BUFFER;

/// The parts of a line within the tile and its buffer, in whole units, each with at least two
/// different vertices. Vertices nearer than `resolution` units to the last are left out, but never
/// a line's ends, so that what meets still meets.
pub(crate) fn clipped(line: &[[f64; 2]], resolution: f64) -> Vec<Vec<[i32; 2]>> {
    let mut parts: Vec<Vec<[i32; 2]>> = Vec::new();
    let mut open: Vec<[i32; 2]> = Vec::new();
    let thinned = thinned(line, resolution);
    for pair in thinned.windows(2) {
        match clip_piece(pair[0], pair[1]) {
            Some((a, b)) => {
                if open.is_empty() {
                    push(&mut open, a);
                }
                push(&mut open, b);
                if b != pair[1] {
                    close(&mut parts, &mut open);
                }
            }
            None => close(&mut parts, &mut open),
        }
    }
    close(&mut parts, &mut open);
    parts
}

fn thinned(line: &[[f64; 2]], resolution: f64) -> Vec<[f64; 2]> {
    let mut kept: Vec<[f64; 2]> = Vec::with_capacity(line.len());
    let last = line.len().saturating_sub(1);
    for (i, p) in line.iter().enumerate() {
        let far = kept
            .last()
            .is_none_or(|k| (k[0] - p[0]).hypot(k[1] - p[1]) >= resolution);
        if far || i == last {
            kept.push(*p);
        }
    }
    kept
}

fn push(open: &mut Vec<[i32; 2]>, p: [f64; 2]) {
    let rounded = [p[0].round() as i32, p[1].round() as i32];
    if open.last() != Some(&rounded) {
        open.push(rounded);
    }
}

fn close(parts: &mut Vec<Vec<[i32; 2]>>, open: &mut Vec<[i32; 2]>) {
    let part = std::mem::take(open);
    if part.len() < 2 {
        return;
    }
    match parts.last_mut() {
        // A part that begins where the last one ended is the same line.
        Some(before) if before.last() == part.first() => before.extend(&part[1..]),
        _ => parts.push(part),
    }
}

/// Liang and Barsky 1984.
fn clip_piece(a: [f64; 2], b: [f64; 2]) -> Option<([f64; 2], [f64; 2])> {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let (mut enter, mut leave) = (0.0f64, 1.0f64);
    for (p, q) in [
        (-dx, a[0] - LOW),
        (dx, HIGH - a[0]),
        (-dy, a[1] - LOW),
        (dy, HIGH - a[1]),
    ] {
        if p == 0.0 {
            if q < 0.0 {
                return None;
            }
        } else if p < 0.0 {
            enter = enter.max(q / p);
        } else {
            leave = leave.min(q / p);
        }
    }
    if enter > leave {
        return None;
    }
    let at = |t: f64| [a[0] + t * dx, a[1] + t * dy];
    // The ends themselves, not what rounding makes of them: comparisons hang on it.
    let first = if enter > 0.0 { at(enter) } else { a };
    let last = if leave < 1.0 { at(leave) } else { b };
    Some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_are_cut_at_the_buffer_and_come_back() {
        let line = [
            [-500.0, 100.0],
            [100.0, 100.0],
            [100.0, -500.0],
            [300.0, -500.0],
            [300.0, 50.0],
        ];
        let parts = clipped(&line, 1.0);
        assert_eq!(
            parts,
            vec![
                vec![[-64, 100], [100, 100], [100, -64]],
                vec![[300, -64], [300, 50]]
            ]
        );
    }

    #[test]
    fn invisible_vertices_go_but_ends_stay() {
        let line = [[0.0, 0.0], [0.4, 0.0], [10.0, 0.0], [10.2, 0.0]];
        assert_eq!(clipped(&line, 1.0), vec![vec![[0, 0], [10, 0]]]);
        assert_eq!(
            clipped(&[[5.0, 5.0], [5.1, 5.0]], 1.0),
            Vec::<Vec<[i32; 2]>>::new()
        );
    }

    proptest! {
        #[test]
        fn nothing_lies_outside_and_no_part_is_a_point(
            points in prop::collection::vec((-9000.0..9000.0f64, -9000.0..9000.0f64), 0..20),
        ) {
            let line: Vec<[f64; 2]> = points.iter().map(|(x, y)| [*x, *y]).collect();
            for part in clipped(&line, 2.0) {
                prop_assert!(part.len() >= 2);
                prop_assert!(part.windows(2).all(|w| w[0] != w[1]));
                for [x, y] in part {
                    prop_assert!((-64..=4160).contains(&x) && (-64..=4160).contains(&y));
                }
            }
        }
    }
}

//! Clips lines to the tile's rectangle.

use crate::coordinate::{BUFFER, EXTENT};

const LOW: f64 = -BUFFER as f64;
const HIGH: f64 = (EXTENT + BUFFER) as f64;

/// The parts of a line within the tile and its buffer, in whole units, each with at least two
/// different vertices.
pub(crate) fn clipped(line: &[[i32; 2]]) -> Vec<Vec<[i32; 2]>> {
    let mut parts: Vec<Vec<[i32; 2]>> = Vec::new();
    let mut open: Vec<[i32; 2]> = Vec::new();
    for pair in line.windows(2) {
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

fn push(open: &mut Vec<[i32; 2]>, p: [i32; 2]) {
    if open.last() != Some(&p) {
        open.push(p);
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
fn clip_piece(from: [i32; 2], to: [i32; 2]) -> Option<([i32; 2], [i32; 2])> {
    let a = from.map(f64::from);
    let (dx, dy) = (f64::from(to[0]) - a[0], f64::from(to[1]) - a[1]);
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
    let at = |t: f64| [a[0] + t * dx, a[1] + t * dy].map(|v| v.round() as i32);
    // The ends themselves, not what rounding makes of them: comparisons hang on it.
    let first = if enter > 0.0 { at(enter) } else { from };
    let last = if leave < 1.0 { at(leave) } else { to };
    Some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_are_cut_at_the_buffer_and_come_back() {
        let line = [[-500, 100], [100, 100], [100, -500], [300, -500], [300, 50]];
        let parts = clipped(&line);
        assert_eq!(
            parts,
            vec![
                vec![[-64, 100], [100, 100], [100, -64]],
                vec![[300, -64], [300, 50]]
            ]
        );
    }

    #[test]
    fn a_line_of_one_place_is_none() {
        assert_eq!(clipped(&[[5, 5], [5, 5]]), Vec::<Vec<[i32; 2]>>::new());
        assert_eq!(clipped(&[]), Vec::<Vec<[i32; 2]>>::new());
    }

    proptest! {
        #[test]
        fn nothing_lies_outside_and_no_part_is_a_point(
            points in prop::collection::vec((-9000..9000i32, -9000..9000i32), 0..20),
        ) {
            let line: Vec<[i32; 2]> = points.iter().map(|(x, y)| [*x, *y]).collect();
            for part in clipped(&line) {
                prop_assert!(part.len() >= 2);
                prop_assert!(part.windows(2).all(|w| w[0] != w[1]));
                for [x, y] in part {
                    prop_assert!((-64..=4160).contains(&x) && (-64..=4160).contains(&y));
                }
            }
        }
    }
}

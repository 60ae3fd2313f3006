//! Leaves out vertices that nobody can see (Douglas and Peucker 1973).

use crate::world::WorldPoint;

/// The line without vertices that lie within `tolerance` units of what is drawn without them. Its ends
/// stay, so that what meets still meets; and it hangs on nothing but the line, so that tiles beside each
/// other draw the same one.
pub(crate) fn simplified(line: &[WorldPoint], tolerance: f64) -> Vec<WorldPoint> {
    let Some(last) = line.len().checked_sub(1) else {
        return Vec::new();
    };
    let mut keep = vec![false; line.len()];
    keep[0] = true;
    keep[last] = true;
    let mut open = vec![(0, last)];
    while let Some((from, to)) = open.pop() {
        let farthest = (from + 1..to)
            .map(|i| (distance2(line[i], line[from], line[to]), i))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        if let Some((far2, i)) = farthest
            && far2 > tolerance * tolerance
        {
            keep[i] = true;
            open.push((from, i));
            open.push((i, to));
        }
    }
    line.iter()
        .zip(keep)
        .filter_map(|(p, kept)| kept.then_some(*p))
        .collect()
}

/// Squared distance of a point to a straight piece.
fn distance2(p: WorldPoint, a: WorldPoint, b: WorldPoint) -> f64 {
    let to = |q: WorldPoint| [f64::from(q[0] - a[0]), f64::from(q[1] - a[1])];
    let ([px, py], [dx, dy]) = (to(p), to(b));
    let whole = dx * dx + dy * dy;
    let share = if whole > 0.0 {
        ((px * dx + py * dy) / whole).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let (ex, ey) = (px - share * dx, py - share * dy);
    ex * ex + ey * ey
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn corners_stay_and_wiggles_go() {
        let line = [[0, 0], [50, 3], [100, 0], [100, 90], [101, 200]];
        assert_eq!(simplified(&line, 5.0), [[0, 0], [100, 0], [101, 200]]);
        assert_eq!(simplified(&line, 0.0), line);
        // A ring's ends are one place.
        let ring = [[0, 0], [100, 0], [100, 100], [0, 0]];
        assert_eq!(simplified(&ring, 5.0), ring);
        assert_eq!(simplified(&[], 5.0), Vec::<WorldPoint>::new());
    }

    proptest! {
        #[test]
        fn nothing_moves_by_more_than_the_tolerance(
            line in prop::collection::vec((0..4000i32, 0..4000i32), 2..40),
            tolerance in 0.0..50.0f64,
        ) {
            let line: Vec<WorldPoint> = line.into_iter().map(|(x, y)| [x, y]).collect();
            let drawn = simplified(&line, tolerance);
            prop_assert_eq!(drawn.first(), line.first());
            prop_assert_eq!(drawn.last(), line.last());
            for p in line {
                let near = drawn.windows(2).any(|w| distance2(p, w[0], w[1]) <= tolerance * tolerance + 1e-9);
                prop_assert!(near);
            }
        }
    }
}

//! Lines in the town's plane, in metres.

/// A place in metres.
pub(super) type Xy = [f64; 2];

/// Distance between samples of a curve.
const STEP_M: f64 = 18.0;

pub(super) fn distance_m(a: Xy, b: Xy) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// A curve through the points (Catmull–Rom), sampled every few metres.
pub(super) fn curve(points: &[Xy]) -> Vec<Xy> {
    let last = points.len() - 1;
    let mut sampled = vec![points[0]];
    for i in 0..last {
        let (b, c) = (points[i], points[i + 1]);
        let (a, d) = (points[i.saturating_sub(1)], points[(i + 2).min(last)]);
        let steps = (distance_m(b, c) / STEP_M).ceil().max(1.0) as usize;
        for step in 1..=steps {
            let t = step as f64 / steps as f64;
            sampled.push([0, 1].map(|k| catmull_rom(a[k], b[k], c[k], d[k], t)));
        }
    }
    sampled
}

/// Straight pieces between the points, sampled every few metres.
pub(super) fn straight(points: &[Xy]) -> Vec<Xy> {
    let mut sampled = vec![points[0]];
    for pair in points.windows(2) {
        let steps = (distance_m(pair[0], pair[1]) / STEP_M).ceil().max(1.0) as usize;
        for step in 1..=steps {
            let t = step as f64 / steps as f64;
            sampled.push([0, 1].map(|k| pair[0][k] + t * (pair[1][k] - pair[0][k])));
        }
    }
    sampled
}

fn catmull_rom(a: f64, b: f64, c: f64, d: f64, t: f64) -> f64 {
    0.5 * (2.0 * b
        + (c - a) * t
        + (2.0 * a - 5.0 * b + 4.0 * c - d) * t * t
        + (3.0 * b - a - 3.0 * c + d) * t * t * t)
}

/// Metres from the start at each vertex.
pub(super) fn measures_m(line: &[Xy]) -> Vec<f64> {
    let mut sum = 0.0;
    let mut measures = vec![0.0];
    for pair in line.windows(2) {
        sum += distance_m(pair[0], pair[1]);
        measures.push(sum);
    }
    measures
}

/// The place that lies `aside_m` to the left of the line at a measure.
pub(super) fn beside(line: &[Xy], at_m: f64, aside_m: f64) -> Xy {
    let measures = measures_m(line);
    let after = measures
        .partition_point(|m| *m <= at_m)
        .clamp(1, line.len() - 1);
    let (a, b) = (line[after - 1], line[after]);
    let span = measures[after] - measures[after - 1];
    let (dx, dy) = ((b[0] - a[0]) / span, (b[1] - a[1]) / span);
    let along = at_m - measures[after - 1];
    [
        a[0] + dx * along - dy * aside_m,
        a[1] + dy * along + dx * aside_m,
    ]
}

/// Where two straight pieces cross: the shares of each before the crossing.
pub(super) fn crossing(a: [Xy; 2], b: [Xy; 2]) -> Option<(f64, f64)> {
    // A crossing at a vertex shall be found in spite of rounding.
    const SLACK: f64 = 1e-9;
    let (r, s) = (
        [a[1][0] - a[0][0], a[1][1] - a[0][1]],
        [b[1][0] - b[0][0], b[1][1] - b[0][1]],
    );
    let cross = r[0] * s[1] - r[1] * s[0];
    if cross.abs() < 1e-9 {
        return None;
    }
    let q = [b[0][0] - a[0][0], b[0][1] - a[0][1]];
    let t = (q[0] * s[1] - q[1] * s[0]) / cross;
    let u = (q[0] * r[1] - q[1] * r[0]) / cross;
    let inside = |share: f64| (-SLACK..=1.0 + SLACK).contains(&share);
    (inside(t) && inside(u)).then_some((t, u))
}

//! Lays a manager's route lines onto the road that is already there.
//!
//! A line is sampled every few metres. A sample lies on the network where a road within the
//! tolerance runs the same way; what is left over becomes network of its own (carriageways) or is
//! reported as unplaced (sidewalks, melting pipes).

use super::source::RouteLine;
use super::strand::{Overlay, Strand, StrandFoot, StrandIndex};
use crate::geometry::{LocalPlane, LonLat};
use crate::linear_reference::{measures_m, place_at, sub_line};

/// Roads that differ more than this from the line's direction are crossed, not followed.
const MAX_TURN_RAD: f64 = 35.0 * std::f64::consts::PI / 180.0;
/// Distance between samples.
const STEP_M: f64 = 5.0;
/// A line of 100 km and more is sampled more coarsely.
const MOST_STEPS: f64 = 20_000.0;
/// A neighbour is left for another road only when that one is nearer by this much, and followed
/// beyond its end only so far.
const STICKINESS_M: f64 = 3.0;

/// What became of one route line.
#[derive(Debug, Default)]
pub(super) struct Laid {
    /// Parts that no road lies under.
    pub free: Vec<Vec<LonLat>>,
    /// Metres laid onto roads.
    pub laid_m: f64,
    /// Metres that lie on none.
    pub free_m: f64,
}

/// Lays one line; overlays are added to the strands that it follows.
pub(super) fn lay(
    strands: &mut [Strand],
    index: &StrandIndex,
    route_line: &RouteLine,
    route_line_index: u32,
    tolerance_m: f64,
) -> Laid {
    let line = &route_line.line;
    let measures = measures_m(line);
    let length_m = measures.last().copied().unwrap_or(0.0);
    if length_m <= 0.0 {
        return Laid::default();
    }
    let steps = (length_m / STEP_M).ceil().clamp(3.0, MOST_STEPS) as usize;
    let step_m = length_m / steps as f64;
    let Samples {
        feet,
        off_road,
        beyond,
    } = sample(strands, index, route_line, &measures, steps, tolerance_m);

    let mut on_road: Vec<bool> = feet
        .iter()
        .zip(&off_road)
        .map(|(foot, off_road)| foot.is_some() && !off_road)
        .collect();
    // A junction's mouth is neither a gap in the road nor a road under the line.
    let shortest_run = (2.0 * tolerance_m / step_m).ceil() as usize;
    drop_short_runs(&mut on_road, false, shortest_run, |run| {
        let is_last = run.start == 0 || run.end == steps;
        let leaves_it = off_road[run.clone()].contains(&true);
        let outruns_it = is_last && beyond[run].contains(&true);
        !leaves_it && !outruns_it
    });
    drop_short_runs(&mut on_road, true, shortest_run, |run| {
        let on_it = |foot: &Option<(StrandFoot, bool)>| {
            foot.is_some_and(|(foot, _)| foot.distance_m <= STICKINESS_M)
        };
        run.len() < 3 || !feet[run].iter().all(on_it)
    });

    let mut laid = Laid::default();
    for (start, end, covered) in runs(&on_road) {
        // Road and line meet where the last sample was still within the tolerance.
        let reach = |k: usize, back: f64| match k {
            0 => 0.0,
            k if k == steps => length_m,
            k if covered => (k as f64 + back) * step_m,
            k => (k as f64 - back) * step_m,
        };
        let (from_m, to_m) = (reach(start, 0.5), reach(end, -0.5));
        if covered {
            laid.laid_m += to_m - from_m;
            add_overlays(strands, &feet[start..end], step_m, route_line_index);
        } else {
            laid.free_m += to_m - from_m;
            laid.free.push(sub_line(line, &measures, from_m, to_m));
        }
    }
    laid
}

/// What was found below each step of a line.
struct Samples {
    /// The road that the step follows, and whether it runs the line's way.
    feet: Vec<Option<(StrandFoot, bool)>>,
    /// No road lies within the tolerance, whatever its direction.
    off_road: Vec<bool>,
    /// Roads only end there.
    beyond: Vec<bool>,
}

fn sample(
    strands: &[Strand],
    index: &StrandIndex,
    route_line: &RouteLine,
    measures: &[f64],
    steps: usize,
    tolerance_m: f64,
) -> Samples {
    let line = &route_line.line;
    let length_m = measures.last().copied().unwrap_or(0.0);
    let step_m = length_m / steps as f64;
    // Pipes are drawn metres long, across the road as often as along it.
    let any_direction = !route_line.kind.is_carriageway() && length_m < 2.0 * tolerance_m;

    let mut feet: Vec<Option<(StrandFoot, bool)>> = Vec::with_capacity(steps);
    let mut off_road = vec![false; steps];
    let mut beyond = vec![false; steps];
    for k in 0..steps {
        let at_m = (k as f64 + 0.5) * step_m;
        let (at, after) = place_at(line, measures, at_m);
        let bearing = bearing(line[after - 1], line[after]);
        let previous = feet.last().copied().flatten().map(|(foot, _)| foot.strand);
        let mut near = index.feet(strands, at, tolerance_m);
        near.retain(|foot| may_carry(&strands[foot.strand as usize], route_line));
        off_road[k] = near.is_empty();
        beyond[k] =
            (near.iter()).all(|foot| is_beyond_end(&strands[foot.strand as usize], foot, at));
        let candidates: Vec<(StrandFoot, bool)> = near
            .iter()
            .filter_map(|foot| {
                let turn = turn_between(bearing, foot.bearing);
                let same = turn < std::f64::consts::FRAC_PI_2;
                let along = turn.min(std::f64::consts::PI - turn);
                let is_along = along <= MAX_TURN_RAD
                    && !is_beyond_end(&strands[foot.strand as usize], foot, at);
                (any_direction || is_along).then_some((*foot, same))
            })
            .collect();
        let nearest = candidates.first().copied();
        let stay = candidates
            .iter()
            .find(|(foot, _)| Some(foot.strand) == previous)
            .copied();
        feet.push(match (nearest, stay) {
            (Some(n), Some(s)) if s.0.distance_m <= n.0.distance_m + STICKINESS_M => Some(s),
            (nearest, _) => nearest,
        });
    }
    // A corner may stand out between two samples.
    for (at, at_m) in line.iter().zip(measures) {
        let k = ((at_m / step_m) as usize).min(steps - 1);
        if !off_road[k] {
            off_road[k] = !index
                .feet(strands, *at, tolerance_m)
                .iter()
                .any(|foot| may_carry(&strands[foot.strand as usize], route_line));
        }
    }
    Samples {
        feet,
        off_road,
        beyond,
    }
}

/// A city's plan does not clear the motorway above its street.
fn may_carry(strand: &Strand, route_line: &RouteLine) -> bool {
    !strand.piece.attributes.class.starts_with("motorway")
        || route_line.attributes.class.starts_with("motorway")
}

/// Whether the foot is only the road's last point, and the place lies farther out.
fn is_beyond_end(strand: &Strand, foot: &StrandFoot, at: LonLat) -> bool {
    let is_end = foot.at_m <= 0.0 || foot.at_m >= strand.length_m();
    let [east_m, north_m] = LocalPlane::at(at).project(foot.at);
    let (sin, cos) = foot.bearing.sin_cos();
    is_end && (east_m * cos + north_m * sin).abs() > STICKINESS_M
}

fn bearing(a: LonLat, b: LonLat) -> f64 {
    let to = LocalPlane::at(a).project(b);
    to[1].atan2(to[0])
}

/// Angle between two directions, 0…π.
fn turn_between(a: f64, b: f64) -> f64 {
    let turn = (a - b).rem_euclid(std::f64::consts::TAU);
    turn.min(std::f64::consts::TAU - turn)
}

/// Runs of equal values as (start, end, value).
fn runs(values: &[bool]) -> Vec<(usize, usize, bool)> {
    let mut found = Vec::new();
    let mut start = 0;
    for i in 1..=values.len() {
        if i == values.len() || values[i] != values[start] {
            found.push((start, i, values[start]));
            start = i;
        }
    }
    found
}

/// Turns runs of `value` shorter than `shortest` into the other value where `may` allows it,
/// unless nothing else is there.
fn drop_short_runs(
    values: &mut [bool],
    value: bool,
    shortest: usize,
    may: impl Fn(std::ops::Range<usize>) -> bool,
) {
    let found = runs(values);
    if found.len() < 2 {
        return;
    }
    for (start, end, v) in found {
        if v == value && end - start < shortest && may(start..end) {
            values[start..end].fill(!value);
        }
    }
}

fn add_overlays(
    strands: &mut [Strand],
    feet: &[Option<(StrandFoot, bool)>],
    step_m: f64,
    route_line: u32,
) {
    let mut open: Option<(u32, Overlay)> = None;
    for (foot, same_direction) in feet.iter().flatten() {
        match &mut open {
            Some((strand, overlay))
                if *strand == foot.strand && overlay.same_direction == *same_direction =>
            {
                overlay.from_m = overlay.from_m.min(foot.at_m);
                overlay.to_m = overlay.to_m.max(foot.at_m);
            }
            _ => {
                close(strands, open.take(), step_m);
                open = Some((
                    foot.strand,
                    Overlay {
                        from_m: foot.at_m,
                        to_m: foot.at_m,
                        route_line,
                        same_direction: *same_direction,
                    },
                ));
            }
        }
    }
    close(strands, open, step_m);
}

/// A sample stands for half a step on either side.
fn close(strands: &mut [Strand], open: Option<(u32, Overlay)>, step_m: f64) {
    if let Some((strand, mut overlay)) = open {
        let strand = &mut strands[strand as usize];
        overlay.from_m = (overlay.from_m - 0.5 * step_m).max(0.0);
        overlay.to_m = (overlay.to_m + 0.5 * step_m).min(strand.length_m());
        strand.overlays.push(overlay);
    }
}

//! Splits a vehicle's fixes where they no longer belong together.

use super::MatchParams;
use crate::fix::PlowFix;

/// Fixes of one vehicle in time order that belong together.
#[derive(Debug, Clone)]
pub struct Trace<'a> {
    /// The fixes.
    pub fixes: Vec<&'a PlowFix>,
    /// Index of each among the fixes that the trace was split from.
    pub rows: Vec<u32>,
}

/// Splits at a gap over 5 min and at a move over 140 km/h; a single fix that jumps away and back
/// is left out. Fixes must be ordered by time; of two at one time the first counts.
pub fn split_traces<'a>(fixes: &'a [PlowFix], params: &MatchParams) -> Vec<Trace<'a>> {
    let mut traces = Vec::new();
    let mut open = Trace {
        fixes: Vec::new(),
        rows: Vec::new(),
    };
    for (i, fix) in fixes.iter().enumerate() {
        if let Some(last) = open.fixes.last() {
            if fix.observed_at <= last.observed_at {
                continue;
            }
            let gap = fix.observed_at.duration_since(last.observed_at);
            if gap > params.max_gap {
                traces.push(std::mem::replace(&mut open, empty()));
            } else if too_fast(last, fix, params) {
                let comes_back = fixes.get(i + 1).is_some_and(|next| {
                    too_fast(fix, next, params) && !too_fast(last, next, params)
                });
                if comes_back {
                    continue;
                }
                traces.push(std::mem::replace(&mut open, empty()));
            }
        }
        open.fixes.push(fix);
        open.rows.push(i as u32);
    }
    traces.push(open);
    traces.retain(|trace| !trace.fixes.is_empty());
    traces
}

fn empty<'a>() -> Trace<'a> {
    Trace {
        fixes: Vec::new(),
        rows: Vec::new(),
    }
}

fn too_fast(a: &PlowFix, b: &PlowFix, params: &MatchParams) -> bool {
    let seconds = b
        .observed_at
        .duration_since(a.observed_at)
        .as_secs_f64()
        .max(0.5);
    let certain_m = a.at.geodesic_m(b.at) - params.noise_allowance_m;
    certain_m / seconds * 3.6 > params.max_speed_kmh
}

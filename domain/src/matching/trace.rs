//! Splits a vehicle's fixes where they no longer belong together.

use super::MatchParams;
use super::states::plane_m;
use crate::fix::PlowFix;
use crate::geometry::LonLat;
use jiff::Timestamp;

/// Fixes of one vehicle in time order that belong together.
#[derive(Debug, Clone)]
pub struct Trace<'a> {
    /// The fixes.
    pub fixes: Vec<&'a PlowFix>,
    /// Index of each among the fixes that the trace was split from.
    pub rows: Vec<u32>,
}

/// When a trace ends whatever happens: noon in Japan, when fewest plows work. So a plow that never
/// rests has traces that end, at times that hang on no other fix.
const NOON_JST_S: i64 = 3 * 3600;

/// Splits at a gap over 5 min, at a move over 140 km/h and at noon JST; a single fix that jumps
/// away and back is left out. At noon the next trace begins with the last fix before it, so that no
/// metre is lost. Fixes must be ordered by time; of two at one time the first counts.
pub fn split_traces<'a>(fixes: &'a [PlowFix], params: &MatchParams) -> Vec<Trace<'a>> {
    let mut traces: Vec<Trace<'a>> = Vec::new();
    let mut open = Trace {
        fixes: Vec::new(),
        rows: Vec::new(),
    };
    for (i, fix) in fixes.iter().enumerate() {
        if let (Some(last), Some(last_row)) = (open.fixes.last().copied(), open.rows.last()) {
            if fix.observed_at <= last.observed_at {
                continue;
            }
            let (here, there) = (moment_of(last), moment_of(fix));
            if too_long(here.1, there.1, params) {
                traces.push(std::mem::replace(&mut open, empty()));
            } else if too_fast(here, there, params) {
                let comes_back = fixes.get(i + 1).map(moment_of).is_some_and(|next| {
                    too_fast(there, next, params) && !too_fast(here, next, params)
                });
                if comes_back {
                    continue;
                }
                traces.push(std::mem::replace(&mut open, empty()));
            } else if open.fixes.len() > 1 && crosses_noon(here.1, there.1) {
                let next = Trace {
                    fixes: vec![last],
                    rows: vec![*last_row],
                };
                traces.push(std::mem::replace(&mut open, next));
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

fn moment_of(fix: &PlowFix) -> (LonLat, Timestamp) {
    (fix.at, fix.observed_at)
}

/// Whether a silence ends the trace.
pub(super) fn too_long(before: Timestamp, after: Timestamp, params: &MatchParams) -> bool {
    after.duration_since(before) > params.max_gap
}

/// The last noon in Japan at or before a time.
pub fn noon_before(at: Timestamp) -> Timestamp {
    let since = (at.as_second() - NOON_JST_S).rem_euclid(24 * 3600);
    Timestamp::from_second(at.as_second() - since).unwrap_or(at)
}

/// Whether noon in Japan lies between.
pub(super) fn crosses_noon(before: Timestamp, after: Timestamp) -> bool {
    noon_before(before) != noon_before(after)
}

/// Whether no plow drives that fast.
pub(super) fn too_fast(
    (a, a_at): (LonLat, Timestamp),
    (b, b_at): (LonLat, Timestamp),
    params: &MatchParams,
) -> bool {
    let seconds = b_at.duration_since(a_at).as_secs_f64().max(0.5);
    let certain_m = plane_m(a, b) - params.noise_allowance_m;
    certain_m / seconds * 3.6 > params.max_speed_kmh
}

//! Splits a vehicle's fixes where they no longer belong together.

use super::MatchParams;
use super::states::plane_m;
use crate::fix::PlowFix;
use crate::geometry::LonLat;
use jiff::{SignedDuration, Timestamp};

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

/// Fixes that jump away and come back within this time are echoes between houses.
const ISLAND: SignedDuration = SignedDuration::from_secs(30);
/// No echo shows farther away than this; several fixes that do are another place.
const ISLAND_M: f64 = 500.0;

/// Splits at a gap over 5 min, at a move over 140 km/h and at noon JST; a fix that jumps away and
/// back is left out, and so are several near by within half a minute. At noon the next trace begins with
/// the last fix before it, so that no metre is lost. Fixes must be ordered by time; of two at one
/// time the first counts.
pub fn split_traces<'a>(fixes: &'a [PlowFix], params: &MatchParams) -> Vec<Trace<'a>> {
    let mut rising: Vec<(u32, &PlowFix)> = Vec::with_capacity(fixes.len());
    for (row, fix) in (0..).zip(fixes) {
        if rising
            .last()
            .is_none_or(|(_, last)| fix.observed_at > last.observed_at)
        {
            rising.push((row, fix));
        }
    }
    let mut traces: Vec<Trace<'a>> = Vec::new();
    let mut open = empty();
    let mut i = 0;
    while let Some((row, fix)) = rising.get(i).copied() {
        if let (Some(last), Some(last_row)) = (open.fixes.last().copied(), open.rows.last()) {
            let (here, there) = (moment_of(last), moment_of(fix));
            if too_long(here.1, there.1, params) {
                traces.push(std::mem::replace(&mut open, empty()));
            } else if too_fast(here, there, params) {
                if let Some(back) = comes_back(here, &rising[i..], params) {
                    i += back;
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
        open.rows.push(row);
        i += 1;
    }
    traces.push(open);
    traces.retain(|trace| !trace.fixes.is_empty());
    traces
}

/// Which of the fixes that jumped away from `here` is back again: the next one, or one soon after.
fn comes_back(
    here: (LonLat, Timestamp),
    away: &[(u32, &PlowFix)],
    params: &MatchParams,
) -> Option<usize> {
    for k in 1..away.len() {
        let fix = moment_of(away[k].1);
        let [first, last] = [0, k - 1].map(|i| away[i].1.at);
        if k > 1 && !may_be_island(here, [first, last], fix.1) {
            return None;
        }
        // It jumps again, to where it can have come from the last place.
        if too_fast(moment_of(away[k - 1].1), fix, params) && !too_fast(here, fix, params) {
            return Some(k);
        }
    }
    None
}

/// Whether several fixes since `here` may be echoes, when the next one comes then.
pub(super) fn may_be_island(
    here: (LonLat, Timestamp),
    away: [LonLat; 2],
    next_at: Timestamp,
) -> bool {
    next_at.duration_since(here.1) <= ISLAND
        && away.iter().all(|at| plane_m(here.0, *at) <= ISLAND_M)
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

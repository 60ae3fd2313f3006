//! Which fixes are kept, and where they are taken to lie.

use super::states::{Kept, plane_m};
use super::{MatchParams, Trace};
use crate::geometry::LonLat;
use jiff::Timestamp;

/// Where the fixes lie, freed of the worst noise: each moved to the median of those around it
/// within a moment in which a plow drives hardly farther than its own length.
pub(super) fn steadied(trace: &Trace<'_>, params: &MatchParams) -> Vec<LonLat> {
    let fixes = &trace.fixes;
    let mut from = 0;
    let mut to = 0;
    (0..fixes.len())
        .map(|i| {
            let near = |k: usize| is_one_moment(fixes[i].observed_at, fixes[k].observed_at, params);
            while !near(from) {
                from += 1;
            }
            while to + 1 < fixes.len() && near(to + 1) {
                to += 1;
            }
            // As many on either side, so that a moving plow stays where it is.
            let side = (i - from).min(to - i);
            median_place(fixes[i - side..=i + side].iter().map(|fix| fix.at))
        })
        .collect()
}

/// Whether two fixes are taken together against noise.
pub(super) fn is_one_moment(a: Timestamp, b: Timestamp, params: &MatchParams) -> bool {
    a.duration_since(b).abs() <= params.moment
}

/// The median of an odd number of places, longitude and latitude apart.
pub(super) fn median_place(places: impl ExactSizeIterator<Item = LonLat> + Clone) -> LonLat {
    if places.len() == 1
        && let Some(only) = places.clone().next()
    {
        return only;
    }
    let mut values: Vec<f64> = Vec::with_capacity(places.len());
    let mut median = |axis: fn(LonLat) -> f64| {
        values.clear();
        values.extend(places.clone().map(axis));
        let middle = values.len() / 2;
        *values.select_nth_unstable_by(middle, f64::total_cmp).1
    };
    LonLat::new(median(|at| at.lon), median(|at| at.lat))
}

/// Indices of the fixes that are not passed over: those that have moved on, one a minute, each
/// change of work, and the last one.
pub(super) fn kept(
    trace: &Trace<'_>,
    places: &[LonLat],
    sigma_m: f64,
    params: &MatchParams,
) -> Vec<usize> {
    let last = trace.fixes.len() - 1;
    let mut kept: Vec<usize> = Vec::with_capacity(trace.fixes.len());
    for (i, fix) in trace.fixes.iter().enumerate() {
        let keep = kept.last().is_none_or(|k| {
            i == last
                || has_moved_on(
                    (&Kept::of(trace.fixes[*k], 0), places[*k]),
                    (&Kept::of(fix, 0), places[i]),
                    sigma_m,
                    params,
                )
        });
        if keep {
            kept.push(i);
        }
    }
    kept
}

/// Whether a fix says more than the last kept one.
pub(super) fn has_moved_on(
    (before, before_at): (&Kept, LonLat),
    (fix, at): (&Kept, LonLat),
    sigma_m: f64,
    params: &MatchParams,
) -> bool {
    let waited = fix.observed_at.duration_since(before.observed_at);
    fix.work != before.work
        || waited >= params.thin_at_most
        || plane_m(before_at, at) >= params.thin_sigmas * sigma_m
}

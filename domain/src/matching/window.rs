//! Matching a long night in windows.
//!
//! A vehicle's passes are kept by windows of ten minutes. A window is matched from its own fixes
//! and those of the gap limit on either side, and its spans are cut at its borders. So the outcome
//! hangs on the fixes alone, not on the order in which they came or on how often it was run.

use super::{MatchParams, MatchedSpan, match_vehicle};
use crate::fix::PlowFix;
use crate::network::RoadNetwork;
use crate::work::Direction;
use jiff::{SignedDuration, Timestamp};

/// Length of a window.
pub const WINDOW: SignedDuration = SignedDuration::from_mins(10);

/// Start of the window that a time falls in.
pub fn window_start(at: Timestamp) -> Timestamp {
    let seconds = at.as_second();
    Timestamp::from_second(seconds - seconds.rem_euclid(WINDOW.as_secs())).unwrap_or(at)
}

/// First and last time of the fixes that a window's outcome hangs on.
pub fn context_of(start: Timestamp, params: &MatchParams) -> (Timestamp, Timestamp) {
    let reach = params.max_gap;
    (
        start.saturating_sub(reach).unwrap_or(Timestamp::MIN),
        start
            .saturating_add(WINDOW + reach)
            .unwrap_or(Timestamp::MAX),
    )
}

/// Spans of the window that begins at `start`, from the fixes of its context in time order.
pub fn spans_of_window(
    network: &RoadNetwork,
    fixes: &[PlowFix],
    start: Timestamp,
    params: &MatchParams,
) -> Vec<MatchedSpan> {
    let end = start.saturating_add(WINDOW).unwrap_or(Timestamp::MAX);
    match_vehicle(network, fixes, params)
        .into_iter()
        .filter_map(|span| clip(span, start, end))
        .collect()
}

/// The part of a span between two times; `None` when none is left.
fn clip(mut span: MatchedSpan, start: Timestamp, end: Timestamp) -> Option<MatchedSpan> {
    if span.left_at <= start || span.entered_at >= end {
        return None;
    }
    let total = span.left_at.duration_since(span.entered_at).as_secs_f64();
    let share = |at: Timestamp| {
        if total > 0.0 {
            (at.duration_since(span.entered_at).as_secs_f64() / total).clamp(0.0, 1.0)
        } else {
            0.0
        }
    };
    let (first, last) = (
        share(start),
        if end < span.left_at { share(end) } else { 1.0 },
    );
    let (from_m, length_m) = (span.from_m, span.to_m - span.from_m);
    let (first, last) = match span.direction {
        Direction::Forward => (first, last),
        Direction::Backward => (1.0 - last, 1.0 - first),
    };
    span.from_m = from_m + first * length_m;
    span.to_m = from_m + last * length_m;
    span.entered_at = span.entered_at.max(start);
    span.left_at = span.left_at.min(end);
    Some(span)
}

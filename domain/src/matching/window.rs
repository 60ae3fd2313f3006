//! Matching a long night in windows.
//!
//! A vehicle's passes are kept by windows of ten minutes. A window is matched from its own fixes
//! and those of the gap limit on either side, and its spans are cut at its borders. So the outcome
//! hangs on the fixes alone, not on the order in which they came or on how often it was run.

use super::{MatchParams, MatchedSpan, match_within};
use crate::fix::PlowFix;
use crate::network::RoadNetwork;
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
    match_within(network, fixes, Some([start, end]), params)
}

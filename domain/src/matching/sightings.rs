//! Which fixes were seen on a span: those passed over when thinning count like those that were kept.

use super::states::plane_m;
use super::{MatchedSpan, Trace};
use crate::fix::PlowFix;
use crate::geometry::LonLat;
use crate::network::RoadNetwork;
use crate::work::Direction;

/// Gives each span of a run the fixes of its time, so that none is left out between two spans.
///
/// A span is seen where one of them lies within `near_m` of where the plow was then; a doubted one
/// stays inferred: what was heard while it drove one of several ways does not tell which.
pub(super) fn note_sightings(
    network: &RoadNetwork,
    spans: &mut [MatchedSpan],
    trace: &Trace<'_>,
    near_m: f64,
) {
    // What was too short for a span counts to the next one's time.
    for i in 1..spans.len() {
        spans[i].entered_at = spans[i].entered_at.min(spans[i - 1].left_at);
    }
    let (fixes, rows) = (&trace.fixes, &trace.rows);
    for span in spans {
        let first = fixes.partition_point(|fix| fix.observed_at <= span.entered_at);
        let end = fixes.partition_point(|fix| fix.observed_at < span.left_at);
        let is_near = |fix: &&PlowFix| plane_m(fix.at, place_at(network, span, fix)) <= near_m;
        let is_sighted = first < end && !span.doubtful && fixes[first..end].iter().any(is_near);
        if span.inferred && !is_sighted {
            let (before, after) = (first.saturating_sub(1), end.min(rows.len() - 1));
            span.fixes = (rows[before], rows[after]);
        } else if span.inferred {
            span.inferred = false;
            span.fixes = (rows[first], rows[end - 1]);
        } else if first < end {
            let (a, b) = span.fixes;
            span.fixes = (a.min(rows[first]), b.max(rows[end - 1]));
        }
    }
}

/// Where on a span the plow was at the time of a fix.
fn place_at(network: &RoadNetwork, span: &MatchedSpan, fix: &PlowFix) -> LonLat {
    let seconds = |from, to: jiff::Timestamp| to.duration_since(from).as_secs_f64();
    let whole_s = seconds(span.entered_at, span.left_at).max(1e-3);
    let along_m = span.length_m() * (seconds(span.entered_at, fix.observed_at) / whole_s);
    let at_m = match span.direction {
        Direction::Forward => span.from_m + along_m,
        Direction::Backward => span.to_m - along_m,
    };
    network.position(span.segment, at_m)
}

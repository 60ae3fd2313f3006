//! From driven pieces to matched spans.

use super::path::DrivenPiece;
use crate::network::{DirectedSegment, RoadNetwork};
use crate::work::{Direction, WorkKind};
use jiff::{SignedDuration, Timestamp};

/// Spans shorter than this are noise at a junction's mouth.
const SHORTEST_SPAN_M: f64 = 1.0;

/// A trace's way over one segment.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchedSpan {
    /// Index of the segment.
    pub segment: u32,
    /// Direction driven.
    pub direction: Direction,
    /// Start measure in the order of the segment's line.
    pub from_m: f64,
    /// End measure; never below `from_m`.
    pub to_m: f64,
    /// When the vehicle came onto the span.
    pub entered_at: Timestamp,
    /// When it left.
    pub left_at: Timestamp,
    /// What it was doing; `None` when the feed does not say.
    pub work: Option<WorkKind>,
    /// No fix was seen on it: it only lies on the way between two.
    pub inferred: bool,
    /// Another way between the two fixes is nearly as likely: it makes no pass.
    pub doubtful: bool,
    /// First and last fix: those seen on it, or those before and after when inferred.
    pub fixes: (u32, u32),
}

impl MatchedSpan {
    /// Its length.
    pub fn length_m(&self) -> f64 {
        self.to_m - self.from_m
    }
}

#[derive(Debug, Clone, Copy)]
struct OpenSpan {
    directed: DirectedSegment,
    from_along_m: f64,
    to_along_m: f64,
    entered_at: Timestamp,
    left_at: Timestamp,
    work: Option<WorkKind>,
    /// Rows of the first and last fix seen on it.
    seen: Option<(u32, u32)>,
    doubtful: bool,
    /// Rows of the fixes before and after it.
    around: (u32, u32),
}

/// The spans of a run's pieces, in order.
pub(super) fn spans_of(network: &RoadNetwork, pieces: &[DrivenPiece]) -> Vec<MatchedSpan> {
    let mut spans = Vec::new();
    let mut joined = SpanJoin::default();
    for piece in pieces {
        spans.extend(joined.add(network, piece));
    }
    spans.extend(joined.finish(network));
    spans
}

/// Joins pieces that go on from each other into spans, one after another.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SpanJoin {
    open: Option<OpenSpan>,
    /// A span came before the open one.
    has_ended_one: bool,
}

impl SpanJoin {
    /// Adds a piece; returns the span that it ends.
    pub(super) fn add(
        &mut self,
        network: &RoadNetwork,
        piece: &DrivenPiece,
    ) -> Option<MatchedSpan> {
        let span = span_of(piece);
        match &mut self.open {
            Some(last)
                if piece.continues && last.directed == span.directed && last.work == span.work =>
            {
                last.from_along_m = last.from_along_m.min(span.from_along_m);
                last.to_along_m = last.to_along_m.max(span.to_along_m);
                last.left_at = span.left_at;
                last.doubtful |= span.doubtful;
                last.around.1 = span.around.1;
                last.seen = match (last.seen, span.seen) {
                    (Some((first, _)), Some((_, end))) => Some((first, end)),
                    (first, second) => first.or(second),
                };
                None
            }
            _ => {
                let ended = self.open.replace(span)?;
                self.has_ended_one = true;
                ended.is_long_enough().then(|| finished(network, &ended))
            }
        }
    }

    /// Ends the open span. A run's only span counts whatever its length.
    pub(super) fn finish(&mut self, network: &RoadNetwork) -> Option<MatchedSpan> {
        let ended = self.open.take()?;
        let only = !std::mem::take(&mut self.has_ended_one);
        (only || ended.is_long_enough()).then(|| finished(network, &ended))
    }
}

impl OpenSpan {
    fn is_long_enough(&self) -> bool {
        self.to_along_m - self.from_along_m >= SHORTEST_SPAN_M
    }
}

fn span_of(piece: &DrivenPiece) -> OpenSpan {
    let (a, b) = (piece.before, piece.after);
    let seconds = b.seconds_since(&a);
    let at_share = |share: f64| {
        if share >= 1.0 {
            return b.observed_at;
        }
        a.observed_at
            .saturating_add(SignedDuration::from_secs_f64(seconds * share))
            .unwrap_or(b.observed_at)
    };
    OpenSpan {
        directed: piece.directed,
        from_along_m: piece.from_along_m,
        to_along_m: piece.to_along_m,
        entered_at: at_share(piece.from_share),
        left_at: at_share(piece.to_share),
        work: work_between(a.work, b.work),
        seen: match (piece.holds_before, piece.holds_after) {
            (true, true) => Some((a.row, b.row)),
            (true, false) => Some((a.row, a.row)),
            (false, true) => Some((b.row, b.row)),
            (false, false) => None,
        },
        doubtful: piece.doubtful,
        around: (a.row, b.row),
    }
}

fn finished(network: &RoadNetwork, span: &OpenSpan) -> MatchedSpan {
    let segment = span.directed.segment();
    let length_m = network.segments()[segment as usize].length_m;
    let (from_m, to_m) = match span.directed.direction() {
        Direction::Forward => (span.from_along_m, span.to_along_m),
        Direction::Backward => (length_m - span.to_along_m, length_m - span.from_along_m),
    };
    let (first, last) = span.seen.unwrap_or(span.around);
    MatchedSpan {
        segment,
        direction: span.directed.direction(),
        from_m: from_m.clamp(0.0, length_m),
        to_m: to_m.clamp(0.0, length_m),
        entered_at: span.entered_at,
        left_at: span.left_at,
        work: span.work,
        inferred: span.seen.is_none(),
        doubtful: span.doubtful,
        fixes: (first, last),
    }
}

/// Work between two fixes: what both say. Where they differ nothing is claimed that clears: a road
/// painted as cleared that no plow cleared is the worst mistake.
fn work_between(a: Option<WorkKind>, b: Option<WorkKind>) -> Option<WorkKind> {
    match (a, b) {
        (a, b) if a == b => a,
        (Some(WorkKind::Transit), _) | (_, Some(WorkKind::Transit)) => Some(WorkKind::Transit),
        (Some(a), Some(b)) if a.clears_carriageway() && b.clears_carriageway() => Some(a),
        (Some(WorkKind::Deicing), Some(_)) | (Some(_), Some(WorkKind::Deicing)) => {
            Some(WorkKind::Deicing)
        }
        _ => None,
    }
}

//! From driven pieces to matched spans.

use super::Trace;
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
    /// First and last fix: those seen on it, or those before and after when inferred.
    pub fixes: (u32, u32),
}

impl MatchedSpan {
    /// Its length.
    pub fn length_m(&self) -> f64 {
        self.to_m - self.from_m
    }
}

struct OpenSpan {
    directed: DirectedSegment,
    from_along_m: f64,
    to_along_m: f64,
    entered_at: Timestamp,
    left_at: Timestamp,
    work: Option<WorkKind>,
    /// First and last fix seen on it.
    seen: Option<(usize, usize)>,
    /// The fixes before and after it.
    around: (usize, usize),
    /// It goes on beyond the window.
    cut: bool,
}

/// The spans of pieces, in order; cut at the ends of the window where one is given.
pub(super) fn spans_of(
    network: &RoadNetwork,
    trace: &Trace<'_>,
    pieces: &[DrivenPiece],
    window: Option<[Timestamp; 2]>,
) -> Vec<MatchedSpan> {
    let mut open: Vec<OpenSpan> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let Some(span) = span_of(trace, piece, window) else {
            continue;
        };
        match open.last_mut() {
            Some(last)
                if piece.continues && last.directed == span.directed && last.work == span.work =>
            {
                last.from_along_m = last.from_along_m.min(span.from_along_m);
                last.to_along_m = last.to_along_m.max(span.to_along_m);
                last.left_at = span.left_at;
                last.around.1 = span.around.1;
                last.cut |= span.cut;
                last.seen = match (last.seen, span.seen) {
                    (Some((first, _)), Some((_, end))) => Some((first, end)),
                    (first, second) => first.or(second),
                };
            }
            _ => open.push(span),
        }
    }
    let only = open.len() == 1;
    open.into_iter()
        .filter(|span| only || span.cut || span.to_along_m - span.from_along_m >= SHORTEST_SPAN_M)
        .map(|span| finished(network, trace, &span))
        .collect()
}

/// The part of a piece within the window; `None` when there is none.
fn span_of(
    trace: &Trace<'_>,
    piece: &DrivenPiece,
    window: Option<[Timestamp; 2]>,
) -> Option<OpenSpan> {
    let (a, b) = (trace.fixes[piece.fix_before], trace.fixes[piece.fix_after]);
    let seconds = b.observed_at.duration_since(a.observed_at).as_secs_f64();
    let at_share = |share: f64| {
        if share >= 1.0 {
            return b.observed_at;
        }
        a.observed_at
            .saturating_add(SignedDuration::from_secs_f64(seconds * share))
            .unwrap_or(b.observed_at)
    };
    let mut span = OpenSpan {
        directed: piece.directed,
        from_along_m: piece.from_along_m,
        to_along_m: piece.to_along_m,
        entered_at: at_share(piece.from_share),
        left_at: at_share(piece.to_share),
        work: work_between(a.work, b.work),
        seen: match (piece.holds_before, piece.holds_after) {
            (true, true) => Some((piece.fix_before, piece.fix_after)),
            (true, false) => Some((piece.fix_before, piece.fix_before)),
            (false, true) => Some((piece.fix_after, piece.fix_after)),
            (false, false) => None,
        },
        around: (piece.fix_before, piece.fix_after),
        cut: false,
    };
    if let Some([start, end]) = window {
        span.clip(start, end)?;
    }
    Some(span)
}

impl OpenSpan {
    /// Cuts it at two times; `None` when nothing is left. A moment belongs to the window that it
    /// begins.
    fn clip(&mut self, start: Timestamp, end: Timestamp) -> Option<()> {
        let lasts = self.left_at.duration_since(self.entered_at).as_secs_f64();
        let is_outside = if lasts > 0.0 {
            self.left_at <= start || self.entered_at >= end
        } else {
            self.entered_at < start || self.entered_at >= end
        };
        if is_outside {
            return None;
        }
        let driven_m = self.to_along_m - self.from_along_m;
        let (entered_at, from_m) = (self.entered_at, self.from_along_m);
        let along_m =
            |at: Timestamp| from_m + at.duration_since(entered_at).as_secs_f64() / lasts * driven_m;
        if self.entered_at < start {
            self.from_along_m = along_m(start);
            self.entered_at = start;
            self.cut = true;
        }
        if self.left_at > end {
            self.to_along_m = along_m(end);
            self.left_at = end;
            self.cut = true;
        }
        Some(())
    }
}

fn finished(network: &RoadNetwork, trace: &Trace<'_>, span: &OpenSpan) -> MatchedSpan {
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
        fixes: (trace.rows[first], trace.rows[last]),
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

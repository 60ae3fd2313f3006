//! From driven pieces to matched spans.

use super::Trace;
use super::path::DrivenPiece;
use crate::network::RoadNetwork;
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
    piece: DrivenPiece,
    entered_at: Timestamp,
    left_at: Timestamp,
    work: Option<WorkKind>,
    seen: Option<(usize, usize)>,
}

pub(super) fn spans_of(
    network: &RoadNetwork,
    trace: &Trace<'_>,
    pieces: &[DrivenPiece],
) -> Vec<MatchedSpan> {
    let mut open: Vec<OpenSpan> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let (a, b) = (trace.fixes[piece.fix_before], trace.fixes[piece.fix_after]);
        let between = b.observed_at.duration_since(a.observed_at);
        let at_share = |share: f64| {
            let passed = SignedDuration::from_secs_f64(between.as_secs_f64() * share);
            a.observed_at
                .saturating_add(passed)
                .unwrap_or(b.observed_at)
        };
        let work = work_between(a.work, b.work);
        let (entered_at, left_at) = (at_share(piece.from_share), at_share(piece.to_share));
        let seen = match (piece.holds_before, piece.holds_after) {
            (true, true) => Some((piece.fix_before, piece.fix_after)),
            (true, false) => Some((piece.fix_before, piece.fix_before)),
            (false, true) => Some((piece.fix_after, piece.fix_after)),
            (false, false) => None,
        };
        match open.last_mut() {
            Some(last)
                if piece.continues
                    && last.piece.directed == piece.directed
                    && last.work == work =>
            {
                last.piece.from_along_m = last.piece.from_along_m.min(piece.from_along_m);
                last.piece.to_along_m = last.piece.to_along_m.max(piece.to_along_m);
                last.left_at = left_at;
                last.piece.fix_after = piece.fix_after;
                last.seen = match (last.seen, seen) {
                    (Some((first, _)), Some((_, end))) => Some((first, end)),
                    (first, second) => first.or(second),
                };
            }
            _ => open.push(OpenSpan {
                piece: *piece,
                entered_at,
                left_at,
                work,
                seen,
            }),
        }
    }
    let only = open.len() == 1;
    open.into_iter()
        .filter(|span| only || span.piece.to_along_m - span.piece.from_along_m >= SHORTEST_SPAN_M)
        .map(|span| finished(network, trace, &span))
        .collect()
}

fn finished(network: &RoadNetwork, trace: &Trace<'_>, span: &OpenSpan) -> MatchedSpan {
    let piece = &span.piece;
    let segment = piece.directed.segment();
    let length_m = network.segments()[segment as usize].length_m;
    let (from_m, to_m) = match piece.directed.direction() {
        Direction::Forward => (piece.from_along_m, piece.to_along_m),
        Direction::Backward => (length_m - piece.to_along_m, length_m - piece.from_along_m),
    };
    let (first, last) = span.seen.unwrap_or((piece.fix_before, piece.fix_after));
    MatchedSpan {
        segment,
        direction: piece.directed.direction(),
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

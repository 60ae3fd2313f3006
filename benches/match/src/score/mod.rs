//! Holds what was matched against what was driven.
//!
//! Each directed segment is cut into cells of about 5 m. What was driven, and what was matched, is a
//! sequence of cells; a cell belongs to it when its middle does. The two are aligned by their longest
//! common subsequence, so a repeated pass counts each time and order counts, but no times are needed,
//! which routing engines don't give. Route mismatch fraction (RMF) = (added + missed) / true length.
//!
//! *Falsely cleared* is the share of the length that was claimed at any time, street side by street
//! side, that was never driven; what is matched but doubted is not claimed, since it makes no pass. Where the same side was driven up to 10 m from there it is forgiven,
//! as design §2 does for the ends of passes. *Missed* is the share of the length driven at any time
//! that was never claimed.

mod alignment;

use crate::simulation::Stretch;
use alignment::difference;
use domain::matching::MatchedSpan;
use domain::network::{DirectedSegment, RoadNetwork};
use domain::work::Direction;
use std::collections::BTreeSet;
use std::ops::AddAssign;

/// Length of a cell; a shorter segment is one cell.
const CELL_M: f64 = 5.0;
/// So far from what was driven, on the same side of the same street, nothing is falsely cleared.
pub const TOLERANCE_M: f64 = 10.0;

/// Part of a directed segment, metres from where it begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Piece {
    /// Segment and direction.
    pub directed: DirectedSegment,
    /// Start.
    pub from_m: f64,
    /// End.
    pub to_m: f64,
}

impl From<&Stretch> for Piece {
    fn from(stretch: &Stretch) -> Self {
        Piece {
            directed: stretch.directed,
            from_m: stretch.from_m,
            to_m: stretch.to_m,
        }
    }
}

impl Piece {
    /// What a span lies on.
    pub fn of_span(network: &RoadNetwork, span: &MatchedSpan) -> Self {
        let length_m = network.segments()[span.segment as usize].length_m;
        let (from_m, to_m) = match span.direction {
            Direction::Forward => (span.from_m, span.to_m),
            Direction::Backward => (length_m - span.to_m, length_m - span.from_m),
        };
        Piece {
            directed: DirectedSegment::new(span.segment, span.direction),
            from_m,
            to_m,
        }
    }
}

/// Metres by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Score {
    /// Driven.
    pub true_m: f64,
    /// Matched, but not driven then.
    pub added_m: f64,
    /// Driven, but not matched then.
    pub missed_m: f64,
    /// Driven at any time.
    pub ever_driven_m: f64,
    /// Of this, never claimed.
    pub never_claimed_m: f64,
    /// Claimed at any time.
    pub ever_claimed_m: f64,
    /// Of this, never driven, tolerance aside.
    pub falsely_m: f64,
    /// Of this, never driven, without tolerance.
    pub falsely_strict_m: f64,
}

impl Score {
    /// Route mismatch fraction.
    pub fn rmf(&self) -> f64 {
        (self.added_m + self.missed_m) / self.true_m
    }

    /// Share of the claimed length that never was driven.
    pub fn falsely_cleared(&self) -> f64 {
        self.falsely_m / self.ever_claimed_m.max(1.0)
    }

    /// The same, without tolerance.
    pub fn falsely_cleared_strict(&self) -> f64 {
        self.falsely_strict_m / self.ever_claimed_m.max(1.0)
    }

    /// Share of the driven length that never was claimed.
    pub fn missed(&self) -> f64 {
        self.never_claimed_m / self.ever_driven_m
    }
}

impl AddAssign for Score {
    fn add_assign(&mut self, other: Score) {
        self.true_m += other.true_m;
        self.added_m += other.added_m;
        self.missed_m += other.missed_m;
        self.ever_driven_m += other.ever_driven_m;
        self.never_claimed_m += other.never_claimed_m;
        self.ever_claimed_m += other.ever_claimed_m;
        self.falsely_m += other.falsely_m;
        self.falsely_strict_m += other.falsely_strict_m;
    }
}

/// A cell: directed segment and place.
type Cell = u64;

fn cell_count(length_m: f64) -> u32 {
    ((length_m / CELL_M).round() as u32).max(1)
}

/// Cells of a network.
struct Cells<'a>(&'a RoadNetwork);

impl Cells<'_> {
    fn length_m(&self, directed: DirectedSegment) -> f64 {
        self.0.segments()[directed.segment() as usize].length_m
    }

    /// The cells whose middle lies in the piece.
    fn of(&self, piece: &Piece) -> impl Iterator<Item = Cell> + use<> {
        let length_m = self.length_m(piece.directed);
        let count = cell_count(length_m);
        let number = u64::from(piece.directed.number()) << 32;
        let nth = |m: f64| (m / length_m * f64::from(count) - 0.5).ceil().max(0.0) as u32;
        let first = nth(piece.from_m);
        let end = nth(piece.to_m).min(count);
        (first..end.max(first)).map(move |i| number | u64::from(i))
    }

    fn sequence(&self, pieces: &[Piece]) -> Vec<Cell> {
        pieces.iter().flat_map(|piece| self.of(piece)).collect()
    }

    /// Metres of a cell.
    fn metres(&self, cell: Cell) -> f64 {
        // Both directions of a segment are as long.
        let length_m = self.0.segments()[(cell >> 33) as usize].length_m;
        length_m / f64::from(cell_count(length_m))
    }

    fn piece(&self, cell: Cell) -> Piece {
        let direction = Direction::BOTH[(cell >> 32 & 1) as usize];
        let metres = self.metres(cell);
        let from_m = metres * (cell & u64::from(u32::MAX)) as f64;
        Piece {
            directed: DirectedSegment::new((cell >> 33) as u32, direction),
            from_m,
            to_m: from_m + metres,
        }
    }

    fn sum_m(&self, cells: impl IntoIterator<Item = Cell>) -> f64 {
        cells.into_iter().map(|cell| self.metres(cell)).sum()
    }
}

/// Scores one trace. The lists are in the order of travel; `claimed` is what of `matched` clears.
pub fn score(
    network: &RoadNetwork,
    truth: &[Piece],
    matched: &[Piece],
    claimed: &[Piece],
) -> Score {
    let cells = Cells(network);
    let (driven, found) = (cells.sequence(truth), cells.sequence(matched));
    let rest = difference(&driven, &found);
    let ever_driven: BTreeSet<Cell> = driven.iter().copied().collect();
    let ever_claimed: BTreeSet<Cell> = cells.sequence(claimed).into_iter().collect();
    let forgiven: BTreeSet<Cell> = truth
        .iter()
        .flat_map(|piece| {
            cells.of(&Piece {
                from_m: piece.from_m - TOLERANCE_M,
                to_m: piece.to_m + TOLERANCE_M,
                ..*piece
            })
        })
        .collect();
    Score {
        true_m: cells.sum_m(driven.iter().copied()),
        added_m: cells.sum_m(rest.added.iter().map(|i| found[*i])),
        missed_m: cells.sum_m(rest.missed.iter().map(|i| driven[*i])),
        ever_driven_m: cells.sum_m(ever_driven.iter().copied()),
        never_claimed_m: cells.sum_m(ever_driven.difference(&ever_claimed).copied()),
        ever_claimed_m: cells.sum_m(ever_claimed.iter().copied()),
        falsely_m: cells.sum_m(ever_claimed.difference(&forgiven).copied()),
        falsely_strict_m: cells.sum_m(ever_claimed.difference(&ever_driven).copied()),
    }
}

/// A stretch that was added or missed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mismatch {
    /// Matched but not driven; else driven but not matched.
    pub added: bool,
    /// Where.
    pub piece: Piece,
    /// How many cells of the sequence that it belongs to (true or matched) come before it.
    pub place: usize,
}

/// What was added and missed, stretch by stretch, in the order of travel of each sequence.
pub fn mismatches(network: &RoadNetwork, truth: &[Piece], matched: &[Piece]) -> Vec<Mismatch> {
    let cells = Cells(network);
    let (driven, found) = (cells.sequence(truth), cells.sequence(matched));
    let rest = difference(&driven, &found);
    let mut all: Vec<Mismatch> = Vec::new();
    for (added, list, indices) in [(false, &driven, &rest.missed), (true, &found, &rest.added)] {
        let mut before: Option<(usize, Cell)> = None;
        for &place in indices {
            let cell = list[place];
            let piece = cells.piece(cell);
            match all.last_mut() {
                Some(last) if before == Some((place.wrapping_sub(1), cell.wrapping_sub(1))) => {
                    last.piece.to_m = piece.to_m;
                }
                _ => all.push(Mismatch {
                    added,
                    piece,
                    place,
                }),
            }
            before = Some((place, cell));
        }
    }
    all
}

#[cfg(test)]
mod tests;

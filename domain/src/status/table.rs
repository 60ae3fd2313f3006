//! The status of every segment of one network, kept up to date in place.
//!
//! Ten million rows are too many to copy for each change, so readers and the one follower share a
//! table. A reader that needs values and their numbers to belong together holds [`StatusTable::read`]
//! while it looks.

use super::SegmentStatus;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// A new status of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusChange {
    /// Index of the segment in its network.
    pub segment: u32,
    /// Its status from now on.
    pub status: SegmentStatus,
    /// The writer's number of the change.
    pub sequence: i64,
}

/// One row per segment, by its index in the network.
#[derive(Debug, Clone, Default)]
pub struct StatusColumns {
    highest: i64,
    statuses: Vec<SegmentStatus>,
    sequences: Vec<i64>,
}

impl StatusColumns {
    /// Rows of segments that nothing was ever written for.
    pub fn new(segments: usize) -> Self {
        StatusColumns {
            highest: 0,
            statuses: vec![SegmentStatus::default(); segments],
            sequences: vec![0; segments],
        }
    }

    /// Number of segments.
    pub fn len(&self) -> usize {
        self.statuses.len()
    }

    /// Whether there is no segment.
    pub fn is_empty(&self) -> bool {
        self.statuses.is_empty()
    }

    /// The highest change that it holds; 0 before the first.
    pub fn sequence(&self) -> i64 {
        self.highest
    }

    /// The status of a segment.
    pub fn status(&self, segment: u32) -> SegmentStatus {
        self.statuses[segment as usize]
    }

    /// The change that set it; 0 where none did.
    pub fn sequence_of(&self, segment: u32) -> i64 {
        self.sequences[segment as usize]
    }

    /// Segments that a change after `sequence` set, in ascending order of their index.
    pub fn changed_after(&self, sequence: i64) -> impl Iterator<Item = u32> {
        (0..)
            .zip(&self.sequences)
            .filter(move |(_, s)| **s > sequence)
            .map(|(segment, _)| segment)
    }

    /// Takes a change; an older one than is known is no news. Says whether it was news.
    pub fn set(&mut self, change: StatusChange) -> bool {
        let i = change.segment as usize;
        self.highest = self.highest.max(change.sequence);
        let is_news = self.sequences[i] < change.sequence;
        if is_news {
            self.statuses[i] = change.status;
            self.sequences[i] = change.sequence;
        }
        is_news
    }

    /// Counts changes of segments that the network does not hold, so that they are not asked for again.
    pub fn skip_to(&mut self, sequence: i64) {
        self.highest = self.highest.max(sequence);
    }
}

/// The rows, shared by one writer and many readers.
#[derive(Debug, Default)]
pub struct StatusTable {
    columns: RwLock<StatusColumns>,
}

impl StatusTable {
    /// A table that begins with these rows.
    pub fn new(columns: StatusColumns) -> Self {
        StatusTable {
            columns: RwLock::new(columns),
        }
    }

    /// The rows as they stand, for as long as the guard lives; keep that short.
    pub fn read(&self) -> RwLockReadGuard<'_, StatusColumns> {
        // Rows are plain numbers: a panic elsewhere leaves none of them half written.
        self.columns.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The rows for changing.
    pub fn write(&self) -> RwLockWriteGuard<'_, StatusColumns> {
        self.columns.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The status of one segment.
    pub fn status(&self, segment: u32) -> SegmentStatus {
        self.read().status(segment)
    }

    /// The highest change so far.
    pub fn sequence(&self) -> i64 {
        self.read().sequence()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_changes_do_not_undo_newer_ones() {
        let status = |n| SegmentStatus {
            status: n,
            ..SegmentStatus::default()
        };
        let change = |segment, n, sequence| StatusChange {
            segment,
            status: status(n),
            sequence,
        };
        let mut columns = StatusColumns::new(3);
        assert!(columns.set(change(1, 44, 7)));
        assert!(!columns.set(change(1, 33, 6)));
        assert!(!columns.set(change(1, 33, 7)));
        assert_eq!(columns.status(1), status(44));
        assert!(columns.set(change(2, 33, 8)));
        columns.skip_to(5);
        assert_eq!((columns.sequence(), columns.sequence_of(1)), (8, 7));
        assert_eq!(columns.changed_after(6).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(columns.changed_after(7).collect::<Vec<_>>(), [2]);
    }
}

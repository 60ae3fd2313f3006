//! A tile whose geometry and names are packed once, and whose slots are filled at each change.

use crate::encoding::{EncodeError, Encoding, Prefix};
use crate::merged::MergedLines;
use crate::slots::{BLOCK, SlotValues, put_block};
use bytes::Bytes;
use domain::network::RoadNetwork;
use domain::status::StatusColumns;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, TryLockError};
use std::time::Duration;

/// Where the slots' values come from, feature by feature.
#[derive(Debug)]
pub(crate) enum Sources {
    /// Of one segment each.
    Segments(Box<[u32]>),
    /// Of merged lines, by their number.
    Lines(Arc<MergedLines>, Box<[u32]>),
}

/// A tile's bytes at one moment.
#[derive(Debug, Clone)]
pub(crate) struct Composed {
    /// Highest change in them.
    pub(crate) sequence: i64,
    /// When they were composed.
    pub(crate) at: Duration,
    pub(crate) body: Bytes,
}

/// A tile in one encoding.
#[derive(Debug)]
pub(crate) struct Template {
    prefix: Prefix,
    sources: Sources,
    slots_len: usize,
    latest: RwLock<Option<Composed>>,
    composing: Mutex<()>,
}

impl Template {
    /// `raw` is the part that stays, and stands before the slots.
    pub(crate) fn new(
        raw: &[u8],
        slots_len: usize,
        sources: Sources,
        encoding: Encoding,
    ) -> Result<Self, EncodeError> {
        Ok(Template {
            prefix: Prefix::new(encoding, raw)?,
            sources,
            slots_len,
            latest: RwLock::new(None),
            composing: Mutex::new(()),
        })
    }

    /// Whether nothing is drawn.
    pub(crate) fn is_empty(&self) -> bool {
        self.slots_len == 0
    }

    /// Bytes of memory that it and its newest body take at most.
    pub(crate) fn weight(&self) -> u64 {
        let sources = match &self.sources {
            Sources::Segments(s) | Sources::Lines(_, s) => s.len() * 4,
        };
        (2 * self.prefix.len() + self.slots_len + sources + 512) as u64
    }

    /// The newest body, whatever its age.
    pub(crate) fn latest(&self) -> Option<Composed> {
        self.latest
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The right to compose, once nobody else does.
    pub(crate) fn compose_alone(&self) -> MutexGuard<'_, ()> {
        self.composing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether somebody composes just now.
    pub(crate) fn is_being_composed(&self) -> bool {
        matches!(self.composing.try_lock(), Err(TryLockError::WouldBlock))
    }

    /// The slots' bytes by the statuses.
    pub(crate) fn slots(&self, network: &RoadNetwork, columns: &StatusColumns) -> Vec<u8> {
        let mut slots = Vec::with_capacity(self.slots_len);
        let mut block = Vec::with_capacity(BLOCK);
        match &self.sources {
            Sources::Segments(segments) => {
                for some in segments.chunks(BLOCK) {
                    block.clear();
                    block.extend(some.iter().map(|segment| SlotValues {
                        status: columns.status(*segment),
                        cleared_percent: None,
                    }));
                    put_block(&mut slots, &block);
                }
            }
            Sources::Lines(merged, numbers) => {
                for some in numbers.chunks(BLOCK) {
                    block.clear();
                    block.extend(some.iter().map(|number| {
                        let line = &merged.lines()[*number as usize];
                        let shown = merged.status(network, line, columns);
                        let is_merged = merged.members(line).len() > 1;
                        SlotValues {
                            status: shown.status,
                            cleared_percent: is_merged.then_some(shown.cleared_percent),
                        }
                    }));
                    put_block(&mut slots, &block);
                }
            }
        }
        debug_assert_eq!(slots.len(), self.slots_len);
        slots
    }

    /// Packs the slots and keeps the whole as the newest body.
    pub(crate) fn compose(
        &self,
        slots: &[u8],
        sequence: i64,
        at: Duration,
    ) -> Result<Composed, EncodeError> {
        let composed = Composed {
            sequence,
            at,
            body: Bytes::from(self.prefix.join(slots)?),
        };
        *self.latest.write().unwrap_or_else(PoisonError::into_inner) = Some(composed.clone());
        Ok(composed)
    }
}

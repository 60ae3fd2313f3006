//! The highest change of each tile that was ever asked for, kept however often its template is evicted.

use crate::coordinate::{MAX_ZOOM, MIN_ZOOM, TileCoordinate};
use rustc_hash::FxHashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

type Level = FxHashMap<(u32, u32), AtomicI64>;

/// Tiles by zoom, with their highest change.
#[derive(Debug)]
pub(crate) struct TileDirectory {
    levels: [RwLock<Level>; LEVELS],
}

const LEVELS: usize = (MAX_ZOOM - MIN_ZOOM) as usize + 1;

/// The directory, held open for marking many tiles.
pub(crate) struct Marker<'a> {
    levels: [RwLockReadGuard<'a, Level>; LEVELS],
}

impl TileDirectory {
    pub(crate) fn new() -> Self {
        TileDirectory {
            levels: std::array::from_fn(|_| RwLock::default()),
        }
    }

    /// The highest change of a tile; `None` when nobody has asked for it yet.
    pub(crate) fn highest(&self, tile: TileCoordinate) -> Option<i64> {
        let level = self.level(tile.zoom());
        let highest = level.get(&(tile.column(), tile.row()))?;
        Some(highest.load(Ordering::Acquire))
    }

    /// Takes a tile in. Whoever does holds the status table, so that no change slips in between.
    pub(crate) fn enter(&self, tile: TileCoordinate, highest: i64) {
        self.levels[usize::from(tile.zoom() - MIN_ZOOM)]
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .entry((tile.column(), tile.row()))
            .or_default()
            .fetch_max(highest, Ordering::AcqRel);
    }

    pub(crate) fn marker(&self) -> Marker<'_> {
        Marker {
            levels: std::array::from_fn(|i| self.level(i as u8 + MIN_ZOOM)),
        }
    }

    fn level(&self, zoom: u8) -> RwLockReadGuard<'_, Level> {
        self.levels[usize::from(zoom - MIN_ZOOM)]
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Marker<'_> {
    /// Whether no tile of a zoom is known, so that none needs a mark.
    pub(crate) fn is_idle(&self, zoom: u8) -> bool {
        self.levels[usize::from(zoom - MIN_ZOOM)].is_empty()
    }

    /// Notes a change of a tile, if anybody has asked for it.
    pub(crate) fn mark(&self, tile: TileCoordinate, sequence: i64) {
        let level = &self.levels[usize::from(tile.zoom() - MIN_ZOOM)];
        if let Some(highest) = level.get(&(tile.column(), tile.row())) {
            highest.fetch_max(sequence, Ordering::AcqRel);
        }
    }
}

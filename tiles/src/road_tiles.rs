//! The tiles of one network: templates in a bounded cache, filled with the newest status.

use crate::build::{merged_layer, segments_layer};
use crate::coordinate::TileCoordinate;
use crate::directory::TileDirectory;
use crate::encoding::{EncodeError, Encoding};
use crate::fields::ROADS_LAYER;
use crate::shown::{Shown, ShownNetwork};
use crate::size_limit::features_to_keep;
use crate::template::{Composed, Template};
use bytes::Bytes;
use domain::network::RoadNetwork;
use domain::status::{StatusChange, StatusTable};
use domain::zone_extent::SegmentZones;
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{OptionsBuilder, Weighter};
use std::hash::BuildHasherDefault;
use std::sync::Arc;
use std::time::Duration;

/// A body older than this is never served for a newer one.
const OLDEST: Duration = Duration::from_millis(800);
/// Changes that are taken in under one lock: readers wait for less than a millisecond.
const AT_ONCE: usize = 1_000;
/// Least memory that lets one tile of the largest size stay.
const SMALLEST_CACHE: u64 = 16 << 20;

/// How tiles are kept.
#[derive(Debug, Clone, Copy)]
pub struct TileSettings {
    /// Memory for templates and bodies in bytes.
    pub cache_bytes: u64,
    /// A tile is composed anew at most once in this span.
    pub min_interval: Duration,
}

impl Default for TileSettings {
    fn default() -> Self {
        TileSettings {
            cache_bytes: 256 << 20,
            min_interval: Duration::from_millis(250),
        }
    }
}

/// A tile, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// Highest change among all that it shows.
    pub sequence: i64,
    /// Its bytes in the encoding that was asked for.
    pub body: Bytes,
}

impl From<Composed> for Tile {
    fn from(composed: Composed) -> Self {
        Tile {
            sequence: composed.sequence,
            body: composed.body,
        }
    }
}

type Key = (TileCoordinate, Encoding);

#[derive(Debug, Clone)]
struct ByMemory;

impl Weighter<Key, Arc<Template>> for ByMemory {
    fn weight(&self, _: &Key, template: &Arc<Template>) -> u64 {
        template.weight()
    }
}

type Templates = Cache<
    Key,
    Arc<Template>,
    ByMemory,
    BuildHasherDefault<rustc_hash::FxHasher>,
    DefaultLifecycle<Key, Arc<Template>>,
>;

/// All tiles of a network.
///
/// A tile hangs on the network and on the status of its segments; times that are passed in only say
/// how long a body may be kept.
#[derive(Debug)]
pub struct RoadTiles {
    shown: ShownNetwork,
    zones: Arc<SegmentZones>,
    status: Arc<StatusTable>,
    directory: TileDirectory,
    templates: Templates,
    settings: TileSettings,
}

impl RoadTiles {
    /// Tiles of a network with its status table, which from now on changes only by
    /// [`RoadTiles::apply`].
    pub fn new(
        network: Arc<RoadNetwork>,
        status: Arc<StatusTable>,
        settings: TileSettings,
    ) -> Self {
        debug_assert_eq!(status.read().len(), network.segments().len());
        RoadTiles {
            shown: ShownNetwork::new(network),
            zones: Arc::default(),
            status,
            directory: TileDirectory::new(),
            templates: templates(settings.cache_bytes.max(SMALLEST_CACHE)),
            settings,
        }
    }

    /// The same tiles with the names of zones. They are part of what is drawn once, so other zones
    /// want other tiles.
    pub fn with_zones(self, zones: Arc<SegmentZones>) -> Self {
        RoadTiles { zones, ..self }
    }

    /// Takes changes in and marks the tiles that show them. Changes of older sequence than what is known
    /// are no news.
    pub fn apply(&self, changes: &[StatusChange]) {
        for some in changes.chunks(AT_ONCE) {
            let mut columns = self.status.write();
            let marker = self.directory.marker();
            for change in some {
                if columns.set(*change) {
                    self.shown.mark(&marker, change.segment, change.sequence);
                }
            }
        }
    }

    /// The highest change of a tile, without any work; `None` when the tile is not known yet.
    pub fn highest_sequence(&self, tile: TileCoordinate) -> Option<i64> {
        self.directory.highest(tile)
    }

    /// A tile that needs no work: nothing of it has changed, or it was composed just now. `now` is any
    /// clock that only goes forward.
    pub fn ready(&self, tile: TileCoordinate, encoding: Encoding, now: Duration) -> Option<Tile> {
        let template = self.templates.get(&(tile, encoding))?;
        let latest = template.latest()?;
        let in_a_moment = || now.saturating_sub(latest.at) < OLDEST && template.is_being_composed();
        (self.is_good(&latest, tile, now) || in_a_moment()).then(|| latest.into())
    }

    /// Whether a body needs no composing.
    fn is_good(&self, latest: &Composed, tile: TileCoordinate, now: Duration) -> bool {
        self.directory.highest(tile) == Some(latest.sequence)
            || now.saturating_sub(latest.at) < self.settings.min_interval
    }

    /// A tile by its newest status; `None` when it shows nothing. Work of one caller serves all who ask
    /// for the same tile at the same time.
    ///
    /// # Errors
    /// [`EncodeError`].
    pub fn draw(
        &self,
        tile: TileCoordinate,
        encoding: Encoding,
        now: Duration,
    ) -> Result<Option<Tile>, EncodeError> {
        if self.directory.highest(tile).is_none() && !self.enter(tile) {
            return Ok(None);
        }
        let template = self.templates.get_or_insert_with(&(tile, encoding), || {
            self.template(tile, encoding).map(Arc::new)
        })?;
        if template.is_empty() {
            return Ok(None);
        }
        let alone = template.compose_alone();
        if let Some(latest) = template.latest().filter(|l| self.is_good(l, tile, now)) {
            return Ok(Some(latest.into()));
        }
        let (sequence, slots) = {
            let columns = self.status.read();
            let sequence = self.directory.highest(tile).unwrap_or(0);
            (sequence, template.slots(&self.shown.network, &columns))
        };
        let composed = template.compose(&slots, sequence, now)?;
        drop(alone);
        Ok(Some(composed.into()))
    }

    /// The tiles of one zoom that show a segment.
    pub fn tiles_of(&self, segment: u32, zoom: u8) -> impl Iterator<Item = TileCoordinate> + use<> {
        self.shown.tiles_of(segment, zoom)
    }

    /// The tiles of one zoom in which a segment lies, whether they show it or not.
    pub(crate) fn tiles_around(
        &self,
        segment: u32,
        zoom: u8,
    ) -> impl Iterator<Item = TileCoordinate> + use<> {
        self.shown.tiles_around(segment, zoom)
    }

    /// Takes a tile into the directory; false when it shows nothing.
    fn enter(&self, tile: TileCoordinate) -> bool {
        let shown = self.shown.in_tile(tile);
        // Until it is entered, no change may be applied that would not mark it.
        let columns = self.status.read();
        let highest = shown.highest_sequence(&columns);
        if let Some(highest) = highest {
            self.directory.enter(tile, highest);
        }
        highest.is_some()
    }

    fn template(&self, tile: TileCoordinate, encoding: Encoding) -> Result<Template, EncodeError> {
        let network = &self.shown.network;
        let mut shown = self.shown.in_tile(tile);
        loop {
            let (layer, sources) = match &shown {
                Shown::Segments(segments) => segments_layer(network, &self.zones, tile, segments),
                Shown::Lines(merged, lines) => merged_layer(network, merged, tile, lines),
            };
            let slots_len = layer.slots_len();
            let raw = layer.finish(ROADS_LAYER);
            match features_to_keep(&raw, shown.len())? {
                Some(most) => shown.keep_largest(network, most),
                None => return Template::new(&raw, slots_len, sources, encoding),
            }
        }
    }
}

/// A cache whose every part has room for the largest tile.
fn templates(bytes: u64) -> Templates {
    const TYPICAL: u64 = 64 << 10;
    let parts = (bytes / SMALLEST_CACHE).clamp(1, 16) as usize;
    let items = (bytes / TYPICAL) as usize;
    let options = OptionsBuilder::new()
        .shards(parts)
        .estimated_items_capacity(items)
        .weight_capacity(bytes)
        .build();
    match options {
        Ok(options) => Cache::with_options(
            options,
            ByMemory,
            BuildHasherDefault::default(),
            DefaultLifecycle::default(),
        ),
        Err(_) => Cache::with(
            items,
            bytes,
            ByMemory,
            BuildHasherDefault::default(),
            DefaultLifecycle::default(),
        ),
    }
}

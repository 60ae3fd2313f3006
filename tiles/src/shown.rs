//! What each tile shows of a network, and the other way round: which tiles show a segment.

use crate::coordinate::{MAX_ZOOM, MIN_ZOOM, TileCoordinate};
use crate::directory::Marker;
use crate::merged::{Chains, MergedLines};
use crate::visibility::{MERGED_UP_TO_ZOOM, min_zoom};
use crate::world::{WorldExtent, world_point};
use domain::geometry::{BoundingBox, LonLat};
use domain::network::RoadNetwork;
use domain::status::StatusColumns;
use std::sync::{Arc, OnceLock};

const MERGED_ZOOMS: usize = (MERGED_UP_TO_ZOOM - MIN_ZOOM) as usize + 1;

/// Extents and zooms of a network's segments.
#[derive(Debug)]
pub(crate) struct ShownNetwork {
    pub(crate) network: Arc<RoadNetwork>,
    extents: Vec<WorldExtent>,
    min_zooms: Vec<u8>,
    chains: OnceLock<Chains>,
    merged: [OnceLock<Arc<MergedLines>>; MERGED_ZOOMS],
}

/// What a tile shows: numbers of segments, or of the merged lines of its zoom.
pub(crate) enum Shown {
    Segments(Vec<u32>),
    Lines(Arc<MergedLines>, Vec<u32>),
}

impl ShownNetwork {
    pub(crate) fn new(network: Arc<RoadNetwork>) -> Self {
        let segments = 0..network.segments().len() as u32;
        let extent = |segment| {
            let line = network.line(segment);
            // Mercator keeps the order of places, so two corners say as much as all vertices.
            match BoundingBox::around(line.iter().copied()) {
                Some(b) => WorldExtent::around([
                    world_point(LonLat::new(b.west, b.north)),
                    world_point(LonLat::new(b.east, b.south)),
                ]),
                None => WorldExtent::NOTHING,
            }
        };
        let of_road: Vec<u8> = network
            .roads()
            .iter()
            .map(|road| min_zoom(&road.attributes))
            .collect();
        ShownNetwork {
            extents: segments.map(extent).collect(),
            min_zooms: network
                .segments()
                .iter()
                .map(|s| of_road[s.road as usize])
                .collect(),
            chains: OnceLock::new(),
            merged: std::array::from_fn(|_| OnceLock::new()),
            network,
        }
    }

    /// What a tile shows.
    pub(crate) fn in_tile(&self, tile: TileCoordinate) -> Shown {
        let zoom = tile.zoom();
        if zoom <= MERGED_UP_TO_ZOOM {
            let merged = self.merged_at(zoom);
            let lines = (0..)
                .zip(merged.lines())
                .filter(|(_, line)| line.extent.reaches(tile))
                .map(|(number, _)| number)
                .collect();
            return Shown::Lines(Arc::clone(merged), lines);
        }
        let mut segments = self.network.in_box(&tile.drawn_area());
        segments.retain(|s| {
            self.min_zooms[*s as usize] <= zoom && self.extents[*s as usize].reaches(tile)
        });
        Shown::Segments(segments)
    }

    /// The tiles of one zoom that show a segment.
    pub(crate) fn tiles_of(
        &self,
        segment: u32,
        zoom: u8,
    ) -> impl Iterator<Item = TileCoordinate> + use<> {
        let extent = if self.min_zooms[segment as usize] > zoom {
            WorldExtent::NOTHING
        } else if zoom <= MERGED_UP_TO_ZOOM {
            let line = self.merged_at(zoom).of(segment);
            line.map_or(WorldExtent::NOTHING, |line| line.extent)
        } else {
            self.extents[segment as usize]
        };
        extent.tiles(zoom)
    }

    /// The tiles of one zoom in which a segment lies.
    pub(crate) fn tiles_around(
        &self,
        segment: u32,
        zoom: u8,
    ) -> impl Iterator<Item = TileCoordinate> + use<> {
        self.extents[segment as usize].tiles(zoom)
    }

    /// Marks all known tiles that show a segment.
    pub(crate) fn mark(&self, marker: &Marker<'_>, segment: u32, sequence: i64) {
        for zoom in self.min_zooms[segment as usize]..=MAX_ZOOM {
            if marker.is_idle(zoom) {
                continue;
            }
            for tile in self.tiles_of(segment, zoom) {
                marker.mark(tile, sequence);
            }
        }
    }

    fn merged_at(&self, zoom: u8) -> &Arc<MergedLines> {
        self.merged[usize::from(zoom - MIN_ZOOM)].get_or_init(|| {
            let chains = self.chains.get_or_init(|| Chains::new(&self.network));
            Arc::new(MergedLines::new(&self.network, chains, &self.extents, zoom))
        })
    }
}

impl Shown {
    /// The highest change among all that is shown; `None` when nothing is.
    pub(crate) fn highest_sequence(&self, columns: &StatusColumns) -> Option<i64> {
        match self {
            Shown::Segments(segments) => segments.iter().map(|s| columns.sequence_of(*s)).max(),
            Shown::Lines(merged, numbers) => numbers
                .iter()
                .flat_map(|n| merged.members(&merged.lines()[*n as usize]))
                .map(|link| columns.sequence_of(link.segment()))
                .max(),
        }
    }
}

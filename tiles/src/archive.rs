//! Tiles in one file: a PMTiles archive (PMTiles 3, which maps read without a server).

use crate::coordinate::{MAX_ZOOM, MIN_ZOOM, TileCoordinate};
use crate::encoding::{EncodeError, Encoding};
use crate::road_tiles::RoadTiles;
use domain::geometry::BoundingBox;
use pmtiles::{Compression, PmTilesWriter, PmtError, TileCoord, TileId, TileType};
use rustc_hash::FxHashSet;
use std::io::{Seek, Write};
use std::ops::RangeInclusive;
use std::time::Duration;

/// Why an archive could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// A tile could not be compressed.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The file could not be written.
    #[error("PMTiles: {0}")]
    Write(#[from] PmtError),
}

/// What an archive says of itself.
#[derive(Debug, Clone)]
pub struct ArchiveHead {
    /// A JSON object with `vector_layers` (PMTiles 3 §5).
    pub metadata: String,
    /// Around what it was made for; its tiles show more than that.
    pub bounds: BoundingBox,
    /// Its zooms.
    pub zooms: RangeInclusive<u8>,
}

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ArchiveCounts {
    /// Tiles.
    pub tiles: u64,
    /// Bytes of all tiles.
    pub bytes: u64,
}

impl RoadTiles {
    /// The tiles of some zooms in which any of these segments lies, shown there or not, in the order of
    /// an archive. Zooms that are not served are left out.
    ///
    /// # Errors
    /// Never for tiles of this world.
    pub fn archive_tiles(
        &self,
        segments: &[u32],
        zooms: RangeInclusive<u8>,
    ) -> Result<Vec<TileCoordinate>, ArchiveError> {
        let mut wanted = FxHashSet::default();
        for zoom in zooms.filter(|zoom| (MIN_ZOOM..=MAX_ZOOM).contains(zoom)) {
            for segment in segments {
                wanted.extend(self.tiles_around(*segment, zoom));
            }
        }
        let mut numbered = wanted
            .into_iter()
            .map(|tile| Ok((TileId::from(coord(tile)?), tile)))
            .collect::<Result<Vec<_>, PmtError>>()?;
        numbered.sort_unstable_by_key(|(id, _)| *id);
        Ok(numbered.into_iter().map(|(_, tile)| tile).collect())
    }

    /// Writes an archive of these tiles, which come as from [`RoadTiles::archive_tiles`]; `done` is
    /// called after each.
    ///
    /// The tiles are those that a server sends in gzip, byte for byte.
    ///
    /// # Errors
    /// [`ArchiveError`].
    pub fn write_archive(
        &self,
        which: &[TileCoordinate],
        head: &ArchiveHead,
        out: impl Write + Seek,
        mut done: impl FnMut(),
    ) -> Result<ArchiveCounts, ArchiveError> {
        let b = head.bounds;
        let mut writer = PmTilesWriter::new(TileType::Mvt)
            .precompressed(Compression::Gzip)
            .min_zoom(*head.zooms.start())
            .max_zoom(*head.zooms.end())
            .bounds(b.west, b.south, b.east, b.north)
            .center((b.west + b.east) / 2.0, (b.south + b.north) / 2.0)
            .center_zoom((*head.zooms.end()).min(12).max(*head.zooms.start()))
            .metadata(head.metadata.as_str())
            .create(out)?;
        let mut counts = ArchiveCounts::default();
        for tile in which {
            if let Some(drawn) = self.draw(*tile, Encoding::Gzip, Duration::ZERO)? {
                writer.add_tile(coord(*tile)?, &drawn.body)?;
                counts.tiles += 1;
                counts.bytes += drawn.body.len() as u64;
            }
            done();
        }
        writer.finalize()?;
        Ok(counts)
    }
}

fn coord(tile: TileCoordinate) -> Result<TileCoord, PmtError> {
    TileCoord::new(tile.zoom(), tile.column(), tile.row())
}

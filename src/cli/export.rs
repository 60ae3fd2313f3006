//! `yukimichi export …`.

use clap::{Args, Subcommand};
use domain::geometry::BoundingBox;
use std::path::PathBuf;

/// What is written.
#[derive(Debug, Clone, Subcommand)]
pub enum ExportCommand {
    /// Segments with their state as GeoJSON
    Geojson(ExportArgs),
    /// Segments with their state as CSV that Excel opens (UTF-8 with BOM)
    Csv(ExportArgs),
    /// Tiles in one PMTiles file: a map that needs no server
    Pmtiles(PmtilesArgs),
}

/// Which segments; all where nothing is said.
#[derive(Debug, Clone, Default, Args)]
#[group(multiple = false)]
pub struct SelectionArgs {
    /// Those that touch a box, in degrees
    #[arg(long, value_name = "WEST,SOUTH,EAST,NORTH", value_parser = bounding_box, allow_hyphen_values = true)]
    pub bbox: Option<BoundingBox>,
    /// Those that lie in part or whole in the polygons of a GeoJSON, KML or CSV file
    #[arg(long, value_name = "FILE")]
    pub area: Option<PathBuf>,
    /// Those of a road manager, by its code
    #[arg(long, value_name = "CODE")]
    pub municipality: Option<String>,
}

/// Arguments of `export geojson` and `export csv`.
#[derive(Debug, Clone, Args)]
pub struct ExportArgs {
    /// Which segments.
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// File to write; one that is there is replaced once the new one is whole
    #[arg(long, value_name = "F")]
    pub out: PathBuf,
}

/// Arguments of `export pmtiles`.
#[derive(Debug, Clone, Args)]
pub struct PmtilesArgs {
    /// Which segments, and where.
    #[command(flatten)]
    pub export: ExportArgs,
    /// Lowest zoom
    #[arg(long, value_name = "Z", default_value_t = tiles::MIN_ZOOM, value_parser = zoom())]
    pub min_zoom: u8,
    /// Highest zoom; maps draw further ones from it
    #[arg(long, value_name = "Z", default_value_t = 14, value_parser = zoom())]
    pub max_zoom: u8,
}

fn zoom() -> clap::builder::RangedI64ValueParser<u8> {
    clap::value_parser!(u8).range(i64::from(tiles::MIN_ZOOM)..=i64::from(tiles::MAX_ZOOM))
}

fn bounding_box(text: &str) -> Result<BoundingBox, String> {
    BoundingBox::parse(text).ok_or_else(|| "west,south,east,north in degrees is needed".to_owned())
}

//! `yukimichi export geojson | csv | pmtiles`: the map as it is now, in a file.

mod csv_file;
mod geojson_file;
mod pmtiles_file;
mod replaced_file;
mod selection;

use crate::attribution::attribution;
use crate::cli::{ExportArgs, ExportCommand, PmtilesArgs};
use crate::config::Config;
use crate::database::Database;
use crate::workers::follow::{Follower, MapView};
use anyhow::bail;
use domain::road_manager::RoadManager;
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use jiff::Timestamp;
use replaced_file::ReplacedFile;
use std::process::ExitCode;
use std::sync::Arc;
use store::Store;
use tiles::TileSettings;

/// What is exported, with all that an export tells of it.
struct Source {
    view: Arc<MapView>,
    managers: Vec<RoadManager>,
    attribution: String,
    /// When status was last worked out; `None` before the first time.
    as_of: Option<Timestamp>,
    simulated: bool,
}

/// Runs the command.
///
/// # Errors
/// A selection that can't be read or holds nothing, a file that can't be written, database errors.
pub async fn run(config: &Config, command: &ExportCommand) -> anyhow::Result<ExitCode> {
    let (ExportCommand::Geojson(args)
    | ExportCommand::Csv(args)
    | ExportCommand::Pmtiles(PmtilesArgs { export: args, .. })) = command;
    let area = selection::read_area(&args.selection)?;
    let database = Database::join(config).await?;
    let source = read(&database.store, config).await;
    database.close().await?;
    let source = source?;
    let segments = selection::segments(&source, &args.selection, area.as_deref())?;
    if segments.is_empty() {
        bail!("nothing to export: no segment of the network is there");
    }
    let (command, args) = (command.clone(), args.clone());
    tokio::task::spawn_blocking(move || write(&source, &segments, &command, &args)).await??;
    Ok(ExitCode::SUCCESS)
}

async fn read(store: &Store, config: &Config) -> anyhow::Result<Source> {
    let settings = TileSettings {
        cache_bytes: config.tiles.cache_mb << 20,
        ..TileSettings::default()
    };
    let (_follower, views) = Follower::start(store.clone(), settings).await?;
    let view = Arc::clone(&views.borrow());
    Ok(Source {
        view,
        managers: store.road_managers().await?,
        attribution: attribution(store).await?,
        as_of: store.last_tick().await?,
        simulated: super::demo::is_demo_folder(&config.data_dir)?,
    })
}

fn write(
    source: &Source,
    segments: &[u32],
    command: &ExportCommand,
    args: &ExportArgs,
) -> anyhow::Result<()> {
    let mut file = ReplacedFile::create(&args.out)?;
    let what = match command {
        ExportCommand::Geojson(_) => {
            geojson_file::write(source, segments, file.writer())?;
            format!("{} segments", segments.len())
        }
        ExportCommand::Csv(_) => {
            csv_file::write(source, segments, file.writer())?;
            format!("{} segments", segments.len())
        }
        ExportCommand::Pmtiles(args) => {
            let zooms = args.min_zoom..=args.max_zoom;
            if zooms.is_empty() {
                bail!(
                    "--min-zoom {} lies above --max-zoom {}",
                    zooms.start(),
                    zooms.end()
                );
            }
            let counts = pmtiles_file::write(source, segments, zooms, file.writer())?;
            format!("{} tiles around {} segments", counts.tiles, segments.len())
        }
    };
    let bytes = file.keep()?;
    let as_of = match source.as_of {
        Some(at) => format!("as of {at}"),
        None => "before any status was worked out".to_owned(),
    };
    let simulated = if source.simulated {
        ", simulated data"
    } else {
        ""
    };
    println!(
        "{}: {what}, {}, {as_of}{simulated}",
        args.out.display(),
        HumanBytes(bytes)
    );
    Ok(())
}

/// A bar on a terminal; nothing elsewhere.
fn progress(length: usize, what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {bar:30} {percent:>3} % {elapsed}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length as u64)
        .with_style(style)
        .with_message(what)
}

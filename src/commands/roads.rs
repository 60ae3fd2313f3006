//! `yukimichi roads import | list | remove`.

use crate::cli::ImportArgs;
use crate::config::Config;
use crate::database::Database;
use anyhow::{Context, bail};
use domain::fix::Rejection;
use domain::network::{BuildReport, DEFAULT_TOLERANCE_M, RoadNetwork, RoadSource, build};
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use ingest::roads::decode_roads;
use jiff::Timestamp;
use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use store::{RoadFile, Store};

/// Prints a line; a reader that went away (`| head`) is no reason to fail what was done.
macro_rules! say {
    ($($words:tt)*) => {
        let _ = writeln!(std::io::stdout(), $($words)*);
    };
}

/// Refused records that are printed one by one.
const REFUSED_SHOWN: usize = 10;

/// `roads import`.
///
/// # Errors
/// A file that can't be read; then nothing has changed.
pub async fn import(config: &Config, args: &ImportArgs) -> anyhow::Result<ExitCode> {
    let files = read_files(args)?;
    // Read them all before the database is touched: a bad file changes nothing.
    let mut decoded = HashMap::new();
    for file in &files {
        let source = decode_with_progress(file)?;
        if decoded.insert(file.name.clone(), source).is_some() {
            bail!(
                "{}: given twice; files are told apart by their names",
                file.name
            );
        }
    }
    let database = Database::join(config).await?;
    let done = import_into(&database.store, files, decoded, &[], args.tolerance_m).await;
    database.close().await?;
    let report = done?;
    print_report(&report);
    Ok(ExitCode::SUCCESS)
}

/// `roads list`.
///
/// # Errors
/// Database errors.
pub async fn list(config: &Config) -> anyhow::Result<ExitCode> {
    let database = Database::join(config).await?;
    let files = database.store.road_files().await;
    database.close().await?;
    let files = files?;
    if files.is_empty() {
        say!("no road files; `yukimichi roads import FILE` adds some");
    }
    for file in files {
        say!(
            "{}  {}  imported {}{}",
            file.name,
            HumanBytes(file.size_bytes.unsigned_abs()),
            file.imported_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            file.manager_code
                .map_or(String::new(), |code| format!("  manager {code}"))
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// `roads refused`.
///
/// # Errors
/// Database errors.
pub async fn refused(config: &Config) -> anyhow::Result<ExitCode> {
    let database = Database::join(config).await?;
    let report = database.store.network_report().await;
    database.close().await?;
    let refused = report?.unwrap_or_default().refused;
    say!("{} records refused", refused.len());
    refused.iter().for_each(print_refused);
    Ok(ExitCode::SUCCESS)
}

/// `roads remove`.
///
/// # Errors
/// A name that is not there; then nothing has changed.
pub async fn remove(config: &Config, names: &[String]) -> anyhow::Result<ExitCode> {
    let database = Database::join(config).await?;
    let done = remove_from(&database.store, names).await;
    database.close().await?;
    print_report(&done?);
    Ok(ExitCode::SUCCESS)
}

async fn remove_from(store: &Store, names: &[String]) -> anyhow::Result<BuildReport> {
    let files = store.road_files().await?;
    for name in names {
        if !files.iter().any(|f| &f.name == name) {
            bail!("{name}: is not among the imported files; see `yukimichi roads list`");
        }
    }
    import_into(store, Vec::new(), HashMap::new(), names, None).await
}

fn read_files(args: &ImportArgs) -> anyhow::Result<Vec<RoadFile>> {
    args.files
        .iter()
        .map(|path| {
            Ok(RoadFile {
                name: file_name(path)?,
                manager_code: args.manager.clone(),
                attribution: args
                    .attribution
                    .clone()
                    .unwrap_or_else(|| default_attribution(path)),
                tolerance_m: args.tolerance_m.unwrap_or(DEFAULT_TOLERANCE_M),
                bytes: std::fs::read(path)
                    .with_context(|| format!("{}: can't be read", path.display()))?,
            })
        })
        .collect()
}

/// What the licence of OSM's data asks for; other sources say it themselves.
pub fn default_attribution(path: &Path) -> String {
    let name = path.to_string_lossy().to_lowercase();
    if name.ends_with(".pbf") || name.ends_with(".osm") || name.ends_with(".osm.xml") {
        "© OpenStreetMap contributors".to_owned()
    } else {
        String::new()
    }
}

fn file_name(path: &Path) -> anyhow::Result<String> {
    Ok(path
        .file_name()
        .with_context(|| format!("{}: is no file", path.display()))?
        .to_string_lossy()
        .into_owned())
}

fn decode_with_progress(file: &RoadFile) -> anyhow::Result<RoadSource> {
    let bar = ProgressBar::new(1).with_style(bar_style());
    bar.set_message(file.name.clone());
    let source = decode_roads(
        &file.name,
        &file.bytes,
        file.manager_code.as_deref(),
        &|done, total| {
            bar.set_length(total);
            bar.set_position(done);
        },
    );
    bar.finish_and_clear();
    Ok(source?)
}

fn bar_style() -> ProgressStyle {
    ProgressStyle::with_template("{msg:30!} {bar:30} {percent:>3} % {elapsed}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// Makes the network of the stored files and the new ones, and swaps it in.
///
/// # Errors
/// A stored file that can't be read any more, a network that can't be built, database errors.
pub async fn import_into(
    store: &Store,
    mut new_files: Vec<RoadFile>,
    mut decoded: HashMap<String, RoadSource>,
    removed: &[String],
    tolerance_m: Option<f64>,
) -> anyhow::Result<BuildReport> {
    // From here on nobody else reads the files that this import will stand beside.
    let _lock = store.import_lock().await?;
    let stored_files = store.road_files().await?;
    // One tolerance holds for the whole network: lines of all files are joined with one another.
    let tolerance_m = tolerance_m
        .or(stored_files.last().map(|file| file.tolerance_m))
        .unwrap_or(DEFAULT_TOLERANCE_M);
    for file in &mut new_files {
        file.tolerance_m = tolerance_m;
    }
    let mut sources = Vec::new();
    for stored in stored_files {
        let replaced = new_files.iter().any(|f| f.name == stored.name);
        if replaced || removed.contains(&stored.name) {
            continue;
        }
        let file = store
            .road_file(&stored.name)
            .await?
            .with_context(|| format!("{}: vanished while reading", stored.name))?;
        sources.push(decode_roads(
            &file.name,
            &file.bytes,
            file.manager_code.as_deref(),
            &|_, _| {},
        )?);
    }
    for file in &new_files {
        sources.extend(decoded.remove(&file.name));
    }
    let spinner = ProgressBar::new_spinner().with_message("joining roads");
    spinner.enable_steady_tick(std::time::Duration::from_millis(100));
    let (network, report): (RoadNetwork, BuildReport) = if sources.is_empty() {
        (
            RoadNetwork::assemble(Default::default()),
            BuildReport::default(),
        )
    } else {
        tokio::task::spawn_blocking(move || build(sources, tolerance_m)).await??
    };
    spinner.set_message("writing the network");
    store
        .replace_network(&new_files, removed, &network, &report, Timestamp::now())
        .await?;
    spinner.finish_and_clear();
    Ok(report)
}

fn print_report(report: &BuildReport) {
    say!(
        "{} ways and {} route lines became {} segments ({:.1} km) between {} nodes",
        report.ways,
        report.route_lines,
        report.segments,
        report.length_km,
        report.nodes
    );
    let levels: Vec<String> = report
        .segments_by_level
        .iter()
        .map(|(level, n)| format!("{level} {n}"))
        .collect();
    say!("  road managers: {}", levels.join(", "));
    say!(
        "  components: {} before joining, {} after; {} joints made",
        report.components_before_joining,
        report.components,
        report.joints
    );
    if report.route_lines > 0 {
        say!(
            "  route lines: {:.1} km laid onto roads, {:.1} km became roads, {:.1} km of sidewalks \
             and pipes lie on no road",
            report.laid_km,
            report.added_km,
            report.unplaced_km
        );
    }
    if report.repeated_ways > 0 {
        say!(
            "  {} ways came in more than one file; those of the file imported last were kept",
            report.repeated_ways
        );
    }
    if !report.refused.is_empty() {
        say!("  {} records refused:", report.refused.len());
    }
    for refused in report.refused.iter().take(REFUSED_SHOWN) {
        print_refused(refused);
    }
    if report.refused.len() > REFUSED_SHOWN {
        say!(
            "    … and {} more; `yukimichi roads refused` lists them all",
            report.refused.len() - REFUSED_SHOWN
        );
    }
}

fn print_refused((name, refused): &(String, Rejection)) {
    let field = if refused.field.is_empty() {
        String::new()
    } else {
        format!("{}: ", refused.field)
    };
    let record: String = refused.record.chars().take(60).collect();
    say!(
        "    {name}: record {}: {field}{} [{record}]",
        refused.position,
        refused.reason
    );
}

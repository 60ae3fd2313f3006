//! `yukimichi demo`: a simulated winter night through the real thing.
//!
//! The night is served as feeds over HTTP on loopback and pulled by the same workers as in `run`.
//! Only the clock is the demo's own, so that a night can pass faster than life.

use super::demo_officer;
use super::feeds_sync::sync_feeds;
use super::roads::{default_attribution, import_into};
use super::run::{Parts, listen, shutdown_on_signals, work};
use crate::cli::DemoArgs;
use crate::clock::{Clock, ScaledClock};
use crate::config::Config;
use crate::database::Database;
use crate::demo::{self, Ground, Night};
use anyhow::{Context, bail};
use domain::network::DEFAULT_TOLERANCE_M;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use store::{RoadFile, Store};

/// Marks a data folder as the demo's.
const MARK: &str = "demo.json";
/// Name of the made-up town's file among the imported ones.
const TOWN_FILE: &str = "simulated-town.osm";
/// Real seconds between two pulls of a feed.
const PULL_EVERY_S: f64 = 3.0;

/// Which night a data folder holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Mark {
    seed: u64,
    roads: Option<PathBuf>,
    epoch: Timestamp,
}

/// Runs the demo until SIGTERM or SIGINT.
///
/// # Errors
/// What kept it from starting or stopping.
pub async fn run(config: Config, args: DemoArgs) -> anyhow::Result<ExitCode> {
    let shutdown = shutdown_on_signals()?;
    let config = Config {
        // The demo never writes into somebody's own server.
        database: None,
        ..config
    };
    let mark = Mark {
        seed: args.seed,
        roads: args
            .roads
            .as_deref()
            .map(|path| {
                std::fs::canonicalize(path)
                    .with_context(|| format!("{}: can't be read", path.display()))
            })
            .transpose()?,
        epoch: Timestamp::now(),
    };
    let road_file = road_file(&mark)?;
    let database = Database::for_run(&config, "demo").await?;
    let done = night(&config, &args, mark, road_file, &database.store, shutdown).await;
    database.close().await?;
    done?;
    Ok(ExitCode::SUCCESS)
}

async fn night(
    config: &Config,
    args: &DemoArgs,
    mark: Mark,
    road_file: RoadFile,
    store: &Store,
    shutdown: crate::workers::Shutdown,
) -> anyhow::Result<()> {
    let address = SocketAddr::from(([127, 0, 0, 1], args.port));
    let listener = listen(address, "--port").await?;
    let mark = settle(&config.data_dir, mark, store).await?;
    import_once(store, road_file).await?;

    let stored = store.load_network().await?;
    let ground = match mark.roads {
        None => Ground::MadeUpTown,
        Some(_) => Ground::RealRoads,
    };
    let (seed, epoch) = (mark.seed, mark.epoch);
    let night =
        tokio::task::spawn_blocking(move || Night::new(&stored.network, seed, epoch)).await?;
    let plows = night.plow_count();
    let town_units = night.plows_of(demo::Fleet::Town);

    // After a stop the night goes on where it was last heard.
    let heard = store
        .feeds()
        .await?
        .into_iter()
        .filter_map(|f| f.last_contact_at)
        .max();
    let now = Timestamp::now().max(night.epoch());
    let start = heard.map_or(now, |heard| heard.max(now));
    let clock: Arc<dyn Clock> = Arc::new(ScaledClock::start(start, args.speed));

    let feeds = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    let every_s = (PULL_EVERY_S * args.speed).round().max(1.0) as u64;
    let text = demo::config_toml_on(ground, feeds.local_addr()?, every_s, town_units);
    let configured = Config {
        data_dir: config.data_dir.clone(),
        web: config.web.clone(),
        status: config.status.clone(),
        quality: config.quality.clone(),
        snow: config.snow.clone(),
        tiles: config.tiles.clone(),
        ..Config::parse(&text, "the demo's own configuration")?
    };
    sync_feeds(&configured, store).await?;
    let (manager, rules) = demo::call_rules();
    store.keep_rules(manager, &rules, "demo", epoch).await?;
    let stop = shutdown.clone();
    let serving = tokio::spawn(demo::serve(
        feeds,
        Arc::new(night),
        Arc::clone(&clock),
        async move { crate::workers::called(&stop).await },
    ));

    let officer = demo_officer::let_in(&configured, store).await?;
    println!("yukimichi demo: 模擬データ — a simulated winter night, not real roads' state");
    println!(
        "  {plows} plows of three road managers, seed {seed}, {} × the speed of life",
        args.speed
    );
    println!("  open http://{}/", listener.local_addr()?);
    println!(
        "  the board: http://{}/board as {} with password {}",
        listener.local_addr()?,
        officer.email,
        officer.password
    );
    println!("  stop with Ctrl-C; the same command goes on where it stopped");
    work(
        &configured,
        store,
        clock,
        Some(listener),
        Parts::ALL,
        true,
        shutdown,
    )
    .await?;
    serving.await?
}

/// The demo's roads as a file: the one given, or the town made by the program.
fn road_file(mark: &Mark) -> anyhow::Result<RoadFile> {
    let (name, bytes, attribution) = match &mark.roads {
        Some(path) => {
            let bytes = std::fs::read(path)
                .with_context(|| format!("{}: can't be read", path.display()))?;
            let name = path.file_name().context("--roads names no file")?;
            let attribution = default_attribution(path);
            (name.to_string_lossy().into_owned(), bytes, attribution)
        }
        None => {
            let xml = demo::osm_xml(&demo::town(mark.seed));
            (TOWN_FILE.to_owned(), xml.into_bytes(), String::new())
        }
    };
    Ok(RoadFile {
        name,
        manager_code: None,
        attribution,
        tolerance_m: DEFAULT_TOLERANCE_M,
        bytes,
    })
}

/// Keeps simulated and real data apart: a folder is the demo's from its first start, or never.
async fn settle(data_dir: &Path, mark: Mark, store: &Store) -> anyhow::Result<Mark> {
    if let Some(held) = held_by_demo(data_dir)? {
        if (held.seed, &held.roads) == (mark.seed, &mark.roads) {
            return Ok(held);
        }
        bail!(
            "{} holds the demo of seed {}{}; start that one again, or give another --data-dir",
            data_dir.display(),
            held.seed,
            held.roads
                .map_or(String::new(), |p| format!(" with --roads {}", p.display()))
        );
    }
    let in_use = !store.road_files().await?.is_empty() || !store.feeds().await?.is_empty();
    if in_use {
        bail!(
            "{} holds real data; the demo would mix simulated plows into it. \
             Give another --data-dir",
            data_dir.display()
        );
    }
    let path = data_dir.join(MARK);
    write_whole(&path, serde_json::to_string_pretty(&mark)?.as_bytes())
        .with_context(|| format!("{}: can't be written", path.display()))?;
    Ok(mark)
}

/// Writes a file that is there whole or not at all, whenever the process is killed.
fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let draft = path.with_extension("draft");
    let mut file = std::fs::File::create(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&draft, path)
}

fn held_by_demo(data_dir: &Path) -> anyhow::Result<Option<Mark>> {
    let path = data_dir.join(MARK);
    match std::fs::read_to_string(&path) {
        Ok(text) => serde_json::from_str(&text)
            .map(Some)
            .with_context(|| format!("{}: is no demo's mark", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{}: can't be read", path.display())),
    }
}

/// Refuses a folder of the demo for real work.
///
/// # Errors
/// When it is the demo's.
pub fn refuse_demo_folder(data_dir: &Path) -> anyhow::Result<()> {
    if held_by_demo(data_dir)?.is_some() {
        bail!(
            "{} holds the demo's simulated data; give another --data-dir",
            data_dir.display()
        );
    }
    Ok(())
}

/// Whether the folder holds the demo's simulated data.
///
/// # Errors
/// When that can't be read.
pub fn is_demo_folder(data_dir: &Path) -> anyhow::Result<bool> {
    Ok(held_by_demo(data_dir)?.is_some())
}

async fn import_once(store: &Store, file: RoadFile) -> anyhow::Result<()> {
    let held = store
        .road_files()
        .await?
        .iter()
        .any(|f| f.name == file.name);
    if held && store.network_version().await? > 0 {
        return Ok(());
    }
    let source = ingest::roads::decode_roads(&file.name, &file.bytes, None, &|_, _| {})?;
    let decoded = HashMap::from([(file.name.clone(), source)]);
    let report = import_into(store, vec![file], decoded, &[], None).await?;
    tracing::info!(segments = report.segments, "roads imported");
    Ok(())
}

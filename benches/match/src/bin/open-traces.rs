//! `open-traces`: how much memory the open traces of a whole country's plows take.
//!
//! Feeds as many vehicles as Japan has, each on a simulated drive or beat of its own start, fix by fix, and
//! keeps all their states; prints what they weigh. Exit code 1 when that is 1 GiB or more.

use anyhow::{Context, ensure};
use clap::Parser;
use domain::matching::{MatchParams, OnlineMatcher, OnlineTrace, Pushed};
use match_bench::cases::{Case, Trips};
use match_bench::maps;
use match_bench::simulation::{Behaviour, Noise, Streets};
use std::path::PathBuf;

/// Most that all open traces may weigh, MiB.
const MOST_MIB: f64 = 1024.0;

/// Measures the memory of open traces.
#[derive(Debug, Parser)]
struct Args {
    /// Folder of the OSM files.
    #[arg(long, env = "MATCH_BENCH_MAPS", default_value = "../shared/data/osm")]
    maps: PathBuf,
    /// Where the made town is kept.
    #[arg(long, default_value = "target/match-bench")]
    work: PathBuf,
    /// Vehicles.
    #[arg(long, default_value_t = 30_000)]
    vehicles: usize,
    /// Seconds between fixes: 1, 5, 10, 30 or 60.
    #[arg(long, default_value_t = 5)]
    every_s: u32,
    /// Fixes that each is followed for.
    #[arg(long, default_value_t = 60)]
    fixes: usize,
    /// Seed of all trips.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Resident memory of this process, MiB.
fn resident_mib() -> anyhow::Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status").context("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|rest| rest.trim().strip_suffix("kB")?.trim().parse::<f64>().ok());
    Ok(kib.context("/proc/self/status has no VmRSS")? / 1024.0)
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let map = maps::all(&args.maps, &args.work)?
        .into_iter()
        .next()
        .context("no map")?;
    let streets = Streets::new(&map.network);
    let mut traces = Vec::new();
    for behaviour in Behaviour::ALL {
        let case = Case {
            behaviour,
            noise: Noise::White(10.0),
            every_s: args.every_s,
        };
        traces.extend(Trips::new(&streets, behaviour, 20, args.seed).traces(&case));
    }
    ensure!(!traces.is_empty(), "no trip on {}", map.name);
    let before = resident_mib()?;
    let mut matcher = OnlineMatcher::new(&map.network, MatchParams::default());
    let mut open: Vec<OnlineTrace> = Vec::with_capacity(args.vehicles);
    let (mut heard, mut decided) = (0, Vec::new());
    for vehicle in 0..args.vehicles {
        let fixes = &traces[vehicle % traces.len()].fixes;
        // Each begins elsewhere on its way.
        let from = vehicle / traces.len() * 7 % fixes.len().saturating_sub(args.fixes).max(1);
        let mut trace = matcher.begin(&fixes[from]);
        for fix in fixes[from..].iter().skip(1).take(args.fixes) {
            if let Pushed::Ended { .. } = matcher.push(&mut trace, fix, &mut decided) {
                trace = matcher.begin(fix);
            }
            heard += 1;
        }
        decided.clear();
        open.push(trace);
    }
    let grown = resident_mib()? - before;
    let counted: usize = open.iter().map(OnlineTrace::heap_bytes).sum();
    let counted = (counted + open.len() * size_of::<OnlineTrace>()) as f64 / f64::from(1 << 20);
    println!(
        "{} open traces on {} ({} segments), a fix each {} s, {heard} fixes: {grown:.0} MiB more resident \
         ({counted:.0} MiB counted)",
        open.len(),
        map.name,
        map.network.segments().len(),
        args.every_s,
    );
    ensure!(grown.max(counted) < MOST_MIB, "{MOST_MIB} MiB or more");
    Ok(())
}

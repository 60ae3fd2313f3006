//! `match-bench`: see `script/bench match`.

mod ours;
mod run;

use clap::Parser;
use std::path::PathBuf;

/// Measures the matcher on simulated drives whose truth is known, side by side with its peers.
#[derive(Debug, Parser)]
struct Args {
    /// Ours only, one line a case; peers as they were when last run on the same traces.
    #[arg(long)]
    quick: bool,
    /// Folder of the OSM files.
    #[arg(long, env = "MATCH_BENCH_MAPS", default_value = "../shared/data/osm")]
    maps: PathBuf,
    /// Where made files and peers' data are kept.
    #[arg(long, default_value = "target/match-bench")]
    work: PathBuf,
    /// Python with the peers installed.
    #[arg(long, default_value = "target/bench-venv/bin/python")]
    python: PathBuf,
    /// Seed of all trips and noise.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Trips of each behaviour on each map.
    #[arg(long, default_value_t = 8)]
    trips: u64,
    /// Rounds in which ours and the peers are timed in turn; the median counts.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// In a round each matches the traces again until it has taken so many seconds.
    #[arg(long, default_value_t = 0.1)]
    at_least_s: f64,
    /// Writes the tables there.
    #[arg(long)]
    table: Option<PathBuf>,
    /// Other settings of the peers, as JSON, for finding the best.
    #[arg(long, default_value = "{}")]
    settings: String,
    /// Lists what was added and missed in this many traces of each case, the worst first.
    #[arg(long, default_value_t = 0)]
    show: usize,
    /// Only cases whose `map/behaviour/noise/interval/` holds this text; several, separated by commas.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
}

impl Args {
    fn wants(&self, name: &str) -> bool {
        self.only.is_empty()
            || self
                .only
                .iter()
                .any(|part| format!("{name}/").contains(part))
    }
}

fn main() -> anyhow::Result<()> {
    run::run(&Args::parse())
}

//! `match-bench`: see `script/bench match`.

use clap::Parser;
use domain::matching::{MatchParams, match_vehicle};
use match_bench::cases::{Case, Trace, Trips};
use match_bench::maps::{self, Map};
use match_bench::score::{Piece, Score, mismatches, score};
use match_bench::simulation::{Behaviour, Streets};
use std::path::PathBuf;
use std::time::Duration;

/// Measures the matcher on simulated drives whose truth is known.
#[derive(Debug, Parser)]
struct Args {
    /// Ours only, one line a case.
    #[arg(long)]
    quick: bool,
    /// Folder of the OSM files.
    #[arg(long, env = "MATCH_BENCH_MAPS", default_value = "../shared/data/osm")]
    maps: PathBuf,
    /// Where made files and peers' data are kept.
    #[arg(long, default_value = "target/match-bench")]
    work: PathBuf,
    /// Seed of all trips and noise.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Trips of each behaviour on each map.
    #[arg(long, default_value_t = 8)]
    trips: u64,
    /// Lists what was added and missed in this many traces of each case, the worst first.
    #[arg(long, default_value_t = 0)]
    show: usize,
    /// Only cases whose `map/behaviour/noise/interval` holds this text; several, separated by commas.
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
    let args = Args::parse();
    for map in maps::all(&args.maps, &args.work)? {
        run(&args, &map);
    }
    Ok(())
}

fn run(args: &Args, map: &Map) {
    let streets = Streets::new(&map.network);
    for behaviour in Behaviour::ALL {
        let mut trips = None;
        for case in Case::all().iter().filter(|c| c.behaviour == behaviour) {
            let name = format!("{}/{}", map.name, case.name());
            if !args.wants(&name) {
                continue;
            }
            let trips =
                trips.get_or_insert_with(|| Trips::new(&streets, behaviour, args.trips, args.seed));
            let traces = trips.traces(case);
            let (score, rate) = ours(map, &traces, args.show);
            println!(
                "{name:32} {:6.1} km  RMF {:6.2} % (added {:5.2} missed {:5.2})  falsely {:5.2} % (strict {:5.2})  never matched {:5.2} %  {:7.0} fixes/s",
                score.true_m / 1000.0,
                100.0 * score.rmf(),
                100.0 * score.added_m / score.true_m,
                100.0 * score.missed_m / score.true_m,
                100.0 * score.falsely_cleared(),
                100.0 * score.falsely_cleared_strict(),
                100.0 * score.missed(),
                rate
            );
        }
    }
}

/// Time on the processor so far.
fn cpu() -> Duration {
    let t = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(t.tv_sec as u64, t.tv_nsec as u32)
}

fn ours(map: &Map, traces: &[Trace], show: usize) -> (Score, f64) {
    let mut all = Vec::new();
    let params = MatchParams::default();
    let mut sum = Score::default();
    let mut spent = Duration::ZERO;
    let mut fixes = 0;
    for trace in traces {
        let began = cpu();
        let spans = match_vehicle(&map.network, &trace.fixes, &params);
        spent += cpu() - began;
        fixes += trace.fixes.len();
        let matched: Vec<Piece> = spans
            .iter()
            .map(|span| Piece::of_span(&map.network, span))
            .collect();
        let one = score(&map.network, &trace.truth, &matched);
        sum += one;
        all.push((one.rmf(), trace, matched));
    }
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (rmf, trace, matched) in all.into_iter().take(show) {
        println!("  trace with RMF {:.2} %", 100.0 * rmf);
        for m in mismatches(&map.network, &trace.truth, &matched) {
            let at = map
                .network
                .position(m.piece.directed.segment(), m.piece.from_m);
            println!(
                "    {} {:6} {:?} {:5.0}-{:5.0} of {:5.0} m  #{:5} {:.5},{:.5}",
                if m.added { "added " } else { "missed" },
                m.piece.directed.segment(),
                m.piece.directed.direction(),
                m.piece.from_m,
                m.piece.to_m,
                map.network.segments()[m.piece.directed.segment() as usize].length_m,
                m.place,
                at.lat,
                at.lon
            );
        }
    }
    (sum, fixes as f64 / spent.as_secs_f64())
}

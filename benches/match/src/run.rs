//! Goes through the cases: ours and the peers in turn, on the same traces.

use crate::{Args, ours};
use anyhow::Context;
use match_bench::cache::PeerCache;
use match_bench::cases::{Case, Trace, Trips, fingerprint};
use match_bench::figures::{Row, verdicts};
use match_bench::maps::{self, Map};
use match_bench::peers::{Answer, Engine, Peer, PeerFigures, positions, prepare};
use match_bench::reference::pieces_of_line;
use match_bench::score::{Score, score};
use match_bench::simulation::{Behaviour, Streets};
use match_bench::table;

/// Runs all wanted cases, prints a line for each and the verdicts, and writes the tables.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let settings: serde_json::Value =
        serde_json::from_str(&args.settings).context("--settings: not JSON")?;
    let mut cache = PeerCache::open(&args.work);
    let mut rows = Vec::new();
    for map in maps::all(&args.maps, &args.work)? {
        let streets = Streets::new(&map.network);
        let mut peers: Vec<Peer> = Vec::new();
        if !args.quick {
            let folder = args.work.join(map.name);
            prepare(&args.python, &map.file, &folder)?;
            for engine in Engine::ALL {
                peers.push(Peer::start(engine, &args.python, &folder)?);
            }
        }
        for behaviour in Behaviour::ALL {
            let mut trips = None;
            for case in Case::all().into_iter().filter(|c| c.behaviour == behaviour) {
                if !args.wants(&format!("{}/{}", map.name, case.name())) {
                    continue;
                }
                let trips = trips
                    .get_or_insert_with(|| Trips::new(&streets, behaviour, args.trips, args.seed));
                let traces = trips.traces(&case);
                let row = row(args, &settings, &map, case, &traces, &mut peers, &mut cache)?;
                print(&row);
                rows.push(row);
            }
        }
    }
    let verdicts = verdicts(&rows);
    println!();
    for verdict in &verdicts {
        let mark = if verdict.kept { "kept    " } else { "NOT KEPT" };
        println!("{mark} {}: {}", verdict.promise, verdict.seen);
    }
    if let Some(path) = &args.table {
        std::fs::write(path, table::markdown(&rows, &verdicts))
            .with_context(|| format!("{}", path.display()))?;
    }
    Ok(())
}

/// Times each in turn, round after round, and scores what the first round brought.
fn row(
    args: &Args,
    settings: &serde_json::Value,
    map: &Map,
    case: Case,
    traces: &[Trace],
    peers: &mut [Peer],
    cache: &mut PeerCache,
) -> anyhow::Result<Row> {
    let (rounds, at_least_s) = match args.quick {
        true => (1, 0.0),
        false => (args.rounds.max(1), args.at_least_s),
    };
    let mut our_seconds = Vec::new();
    let mut spans = Vec::new();
    let mut peer_seconds = vec![Vec::new(); peers.len()];
    let mut answers: Vec<Answer> = Vec::new();
    for round in 0..rounds {
        let (found, seconds) = ours::matched(map, traces, at_least_s);
        our_seconds.push(seconds);
        spans = found;
        for (peer, seconds) in peers.iter_mut().zip(&mut peer_seconds) {
            let answer = peer.answer(&case, traces, at_least_s, settings)?;
            seconds.push(answer.seconds);
            if round == 0 {
                answers.push(answer);
            }
        }
    }
    let fingerprint = format!("{}-{}", fingerprint(traces), args.settings);
    let key = |engine: Engine| format!("{}-{fingerprint}", engine.name());
    for ((peer, seconds), answer) in peers.iter().zip(peer_seconds).zip(&answers) {
        let figures = PeerFigures {
            seconds: median(seconds),
            ..of_peer(map, traces, answer)
        };
        cache.put(key(peer.engine), figures)?;
    }
    let lagging = ours::matched_with_lag(map, traces);
    Ok(Row {
        map: map.name,
        case,
        fixes: traces.iter().map(|t| t.fixes.len()).sum(),
        ours: ours::scored(map, traces, &spans, args.show),
        lagging: ours::scored(map, traces, &lagging, 0),
        seconds: median(our_seconds),
        peers: Engine::ALL.map(|engine| cache.get(&key(engine))),
    })
}

fn of_peer(map: &Map, traces: &[Trace], answer: &Answer) -> PeerFigures {
    let mut figures = PeerFigures {
        score: Score::default(),
        seconds: answer.seconds,
        lost_m: 0.0,
    };
    for (trace, lines) in traces.iter().zip(&answer.lines) {
        let mut matched = Vec::new();
        for line in lines {
            let (pieces, lost_m) = pieces_of_line(&map.network, &positions(line));
            matched.extend(pieces);
            figures.lost_m += lost_m;
        }
        figures.score += score(&map.network, &trace.truth, &matched, &matched);
    }
    figures
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

fn print(row: &Row) {
    let score = &row.ours;
    let share = |m: f64| 100.0 * m / score.true_m;
    print!(
        "{:32} RMF {:5.2} (+{:5.2} -{:5.2}) false {:5.2} ({:5.2}) never {:5.2} lag {:+5.2} %, {:3.0} k/s",
        row.name(),
        100.0 * score.rmf(),
        share(score.added_m),
        share(score.missed_m),
        100.0 * score.falsely_cleared(),
        100.0 * score.falsely_cleared_strict(),
        100.0 * score.missed(),
        100.0 * row.lag_cost(),
        row.fixes as f64 / row.seconds / 1000.0,
    );
    for (engine, peer) in Engine::ALL.iter().zip(&row.peers) {
        if let Some(peer) = peer {
            print!(
                " | {} {:5.2} false {:5.2} %, {:3.0} k/s",
                engine.name(),
                100.0 * peer.score.rmf(),
                100.0 * peer.score.falsely_cleared(),
                row.fixes as f64 / peer.seconds / 1000.0,
            );
        }
    }
    if let Some(ratio) = row.rmf_ratio() {
        let mark = if ratio > row.promised_rmf_ratio() {
            "MORE THAN"
        } else {
            "of"
        };
        let [meili, osrm] = row.speed_ratios().map(|r| r.unwrap_or(0.0));
        print!(
            " | RMF x{ratio:.2} {mark} {}, speed x{meili:.1} x{osrm:.1}",
            row.promised_rmf_ratio()
        );
    }
    println!();
}

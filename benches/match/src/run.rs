//! Goes through the cases: ours and the peers in turn, on the same traces.

use crate::Args;
use anyhow::Context;
use domain::matching::{MatchParams, match_vehicle};
use match_bench::cache::{PeerCache, PeerFigures};
use match_bench::cases::{Case, Trace, Trips, fingerprint};
use match_bench::maps::{self, Map};
use match_bench::peers::{Engine, Peer, positions};
use match_bench::reference::pieces_of_line;
use match_bench::score::{Piece, Score, mismatches, score};
use match_bench::simulation::{Behaviour, Streets};
use std::time::Duration;

/// Figures of one case.
struct Row {
    name: String,
    fixes: usize,
    ours: Score,
    seconds: f64,
    /// In the order of [`Engine::ALL`].
    peers: [Option<PeerFigures>; 2],
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let settings: serde_json::Value =
        serde_json::from_str(&args.settings).context("--settings: not JSON")?;
    let mut cache = PeerCache::open(&args.work);
    for map in maps::all(&args.maps, &args.work)? {
        let streets = Streets::new(&map.network);
        let mut peers: Vec<Peer> = Vec::new();
        if !args.quick {
            let folder = args.work.join(map.name);
            for engine in Engine::ALL {
                peers.push(Peer::start(engine, &args.python, &folder)?);
            }
        }
        for behaviour in Behaviour::ALL {
            let mut trips = None;
            for case in Case::all().iter().filter(|c| c.behaviour == behaviour) {
                let name = format!("{}/{}", map.name, case.name());
                if !args.wants(&name) {
                    continue;
                }
                let trips = trips
                    .get_or_insert_with(|| Trips::new(&streets, behaviour, args.trips, args.seed));
                let traces = trips.traces(case);
                let fingerprint = format!("{}-{}", fingerprint(&traces), args.settings);
                let key = |engine: Engine| format!("{}-{fingerprint}", engine.name());
                for peer in &mut peers {
                    let figures = of_peer(args, peer, &map, case, &traces, &settings)?;
                    cache.put(key(peer.engine), figures)?;
                }
                let (ours, seconds) = ours(args, &map, &traces);
                print(&Row {
                    name,
                    fixes: traces.iter().map(|t| t.fixes.len()).sum(),
                    ours,
                    seconds,
                    peers: Engine::ALL.map(|engine| cache.get(&key(engine))),
                });
            }
        }
    }
    Ok(())
}

fn print(row: &Row) {
    let score = &row.ours;
    let rate = |seconds: f64| row.fixes as f64 / seconds / 1000.0;
    print!(
        "{:31} RMF {:6.2} (+{:5.2} -{:5.2}) false {:5.2} ({:5.2}) miss {:5.2} %, {:4.0} k/s",
        row.name,
        100.0 * score.rmf(),
        100.0 * score.added_m / score.true_m,
        100.0 * score.missed_m / score.true_m,
        100.0 * score.falsely_cleared(),
        100.0 * score.falsely_cleared_strict(),
        100.0 * score.missed(),
        rate(row.seconds),
    );
    for (engine, peer) in Engine::ALL.iter().zip(&row.peers) {
        if let Some(peer) = peer {
            print!(
                " | {} {:6.2} false {:5.2} %, {:4.0} k/s lost {:.2}",
                engine.name(),
                100.0 * peer.score.rmf(),
                100.0 * peer.score.falsely_cleared(),
                rate(peer.seconds),
                100.0 * peer.lost_m / peer.score.true_m,
            );
        }
    }
    println!();
}

/// Time on the processor so far.
fn cpu() -> Duration {
    let t = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(t.tv_sec as u64, t.tv_nsec as u32)
}

fn of_peer(
    args: &Args,
    peer: &mut Peer,
    map: &Map,
    case: &Case,
    traces: &[Trace],
    settings: &serde_json::Value,
) -> anyhow::Result<PeerFigures> {
    let answer = peer.answer(case, traces, args.at_least_s, settings)?;
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
        figures.score += score(&map.network, &trace.truth, &matched);
    }
    Ok(figures)
}

fn ours(args: &Args, map: &Map, traces: &[Trace]) -> (Score, f64) {
    let params = MatchParams::default();
    let (mut spent, mut rounds) = (Duration::ZERO, 0);
    let mut all = Vec::new();
    while rounds == 0 || (!args.quick && spent.as_secs_f64() < args.at_least_s) {
        all.clear();
        let began = cpu();
        for trace in traces {
            all.push(match_vehicle(&map.network, &trace.fixes, &params));
        }
        spent += cpu() - began;
        rounds += 1;
    }
    let mut sum = Score::default();
    let mut scored = Vec::new();
    for (trace, spans) in traces.iter().zip(&all) {
        let matched: Vec<Piece> = spans
            .iter()
            .map(|span| Piece::of_span(&map.network, span))
            .collect();
        let one = score(&map.network, &trace.truth, &matched);
        sum += one;
        scored.push((one.rmf(), trace, matched));
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (rmf, trace, matched) in scored.into_iter().take(args.show) {
        println!("  trace with RMF {:.2} %", 100.0 * rmf);
        show(map, trace, &matched);
    }
    (sum, spent.as_secs_f64() / f64::from(rounds))
}

fn show(map: &Map, trace: &Trace, matched: &[Piece]) {
    for m in mismatches(&map.network, &trace.truth, matched) {
        let segment = m.piece.directed.segment();
        let at = map.network.position(segment, m.piece.from_m);
        println!(
            "    {} {segment:6} {:8} {:5.0}-{:5.0} of {:5.0} m  #{:5}  {:.5},{:.5} {}",
            if m.added { "added " } else { "missed" },
            m.piece.directed.direction().as_str(),
            m.piece.from_m,
            m.piece.to_m,
            map.network.segments()[segment as usize].length_m,
            m.place,
            at.lat,
            at.lon,
            map.network.road(segment).attributes.class
        );
    }
}

//! Our matcher on the traces of a case.

use domain::fix::PlowFix;
use domain::matching::{MatchParams, MatchedSpan, OnlineMatcher, Pushed, match_vehicle};
use match_bench::cases::Trace;
use match_bench::maps::Map;
use match_bench::score::{Piece, Score, mismatches, score};
use std::time::Duration;

/// Time on the processor so far.
fn cpu() -> Duration {
    let t = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(t.tv_sec.unsigned_abs(), t.tv_nsec as u32)
}

/// Matches all traces again and again until it has taken so long; the spans, and seconds for all traces once.
pub(crate) fn matched(
    map: &Map,
    traces: &[Trace],
    at_least_s: f64,
) -> (Vec<Vec<MatchedSpan>>, f64) {
    let params = MatchParams::default();
    let mut all = Vec::new();
    let (mut spent, mut times) = (Duration::ZERO, 0);
    while times == 0 || spent.as_secs_f64() < at_least_s {
        all.clear();
        let began = cpu();
        for trace in traces {
            all.push(match_vehicle(&map.network, &trace.fixes, &params));
        }
        spent += cpu() - began;
        times += 1;
    }
    (all, spent.as_secs_f64() / f64::from(times))
}

/// Matches all traces fix by fix: what is decided with the fixed lag, never to be changed.
pub(crate) fn matched_with_lag(map: &Map, traces: &[Trace]) -> Vec<Vec<MatchedSpan>> {
    let mut matcher = OnlineMatcher::new(&map.network, MatchParams::default());
    traces
        .iter()
        .map(|trace| with_lag(&mut matcher, &trace.fixes))
        .collect()
}

fn with_lag(matcher: &mut OnlineMatcher<'_>, fixes: &[PlowFix]) -> Vec<MatchedSpan> {
    let mut decided = Vec::new();
    let Some(first) = fixes.first() else {
        return decided;
    };
    let mut trace = matcher.begin(first);
    let mut i = 1;
    while i < fixes.len() {
        match matcher.push(&mut trace, &fixes[i], &mut decided) {
            Pushed::Taken | Pushed::Late => i += 1,
            Pushed::Ended { next_from } => {
                let next = fixes.partition_point(|fix| fix.observed_at < next_from);
                let ended = std::mem::replace(&mut trace, matcher.begin(&fixes[next]));
                matcher.finish(ended, &mut decided);
                i = next + 1;
            }
        }
    }
    matcher.finish(trace, &mut decided);
    decided
}

/// Scores the spans of all traces, and lists the mismatches of the worst.
pub(crate) fn scored(
    map: &Map,
    traces: &[Trace],
    spans: &[Vec<MatchedSpan>],
    show: usize,
) -> Score {
    let mut sum = Score::default();
    let mut each = Vec::new();
    for (trace, spans) in traces.iter().zip(spans) {
        let matched: Vec<Piece> = spans
            .iter()
            .map(|span| Piece::of_span(&map.network, span))
            .collect();
        let claimed: Vec<Piece> = spans
            .iter()
            .filter(|span| !span.doubtful)
            .map(|span| Piece::of_span(&map.network, span))
            .collect();
        let one = score(&map.network, &trace.truth, &matched, &claimed);
        sum += one;
        each.push((one.rmf(), trace, matched));
    }
    each.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (rmf, trace, matched) in each.into_iter().take(show) {
        println!("  trace with RMF {:.2} %", 100.0 * rmf);
        print_mismatches(map, trace, &matched);
    }
    sum
}

fn print_mismatches(map: &Map, trace: &Trace, matched: &[Piece]) {
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

//! A simulated night, held against what was truly driven.
//!
//! Prints the figures (`cargo test --test matching_truth -- --nocapture`). The bounds leave a margin
//! of about a third: they catch what breaks the matcher, they are not its measure.

#![allow(clippy::unwrap_used)]

mod resampled;
mod scorer;

use domain::fix::PlowFix;
use domain::geometry::LonLat;
use domain::matching::{MatchParams, MatchedSpan, match_vehicle};
use domain::network::{DEFAULT_TOLERANCE_M, RoadNetwork, RoadSource, build};
use domain::work::WorkKind;
use ingest::roads::decode_roads;
use jiff::{SignedDuration, Timestamp};
use resampled::{Receiver, fixes_of, heard};
use scorer::{Drive, Score, score};
use std::collections::BTreeMap;
use std::path::PathBuf;
use yukimichi::demo::{Fleet, Night, PlowTruth, town};

/// Beside the repository; never part of it.
const OSLO: &str = "../shared/data/osm/oslo-east-filtered.osm.pbf";
const LIECHTENSTEIN: &str = "../shared/data/osm/liechtenstein-latest.osm.pbf";
const HOURS: i64 = 1;

fn network_of(source: RoadSource) -> RoadNetwork {
    build(vec![source], DEFAULT_TOLERANCE_M).unwrap().0
}

/// A real network; `None`, loudly, where its file is not there.
fn real(file: &str) -> Option<RoadNetwork> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file);
    let Ok(bytes) = std::fs::read(&path) else {
        // Past the harness, which swallows what a passing test prints.
        let _ = std::io::Write::write_fmt(
            &mut std::io::stderr(),
            format_args!("SKIPPED: {file} is not there\n"),
        );
        return None;
    };
    Some(network_of(
        decode_roads(file, &bytes, None, &|_, _| {}).unwrap(),
    ))
}

struct Played {
    truth: Vec<PlowTruth>,
    fixes: BTreeMap<String, Vec<PlowFix>>,
}

fn play(network: &RoadNetwork, seed: u64) -> Played {
    let epoch: Timestamp = "2026-01-15T05:12:00+09:00".parse().unwrap();
    let until = epoch + SignedDuration::from_hours(HOURS);
    let night = Night::new(network, seed, epoch);
    let mut fixes: BTreeMap<String, Vec<PlowFix>> = BTreeMap::new();
    for fix in Fleet::ALL
        .into_iter()
        .flat_map(|fleet| night.fixes_between(fleet, epoch, until))
    {
        fixes.entry(fix.vehicle_id.clone()).or_default().push(fix);
    }
    Played {
        truth: night.truth(until),
        fixes,
    }
}

fn scored(network: &RoadNetwork, plow: &PlowTruth, fixes: &[PlowFix]) -> Score {
    let spans = match_vehicle(network, fixes, &MatchParams::default());
    let truth: Vec<Drive> = plow.legs.iter().map(Drive::from).collect();
    let matched: Vec<Drive> = spans.iter().map(Drive::from).collect();
    score(&truth, &matched, &heard(fixes))
}

/// The night as its feeds report it: each 5 s (national), 10 s (prefecture), 15 and 30 s (town),
/// with drifting errors, echoes between houses, and gaps of 1–4 min that nobody can see into.
fn night(network: &RoadNetwork, seed: u64) -> BTreeMap<Fleet, Score> {
    let played = play(network, seed);
    let mut scores: BTreeMap<Fleet, Score> = BTreeMap::new();
    for plow in &played.truth {
        let fixes = &played.fixes[&plow.vehicle_id];
        *scores.entry(plow.fleet).or_default() += scored(network, plow, fixes);
    }
    scores
}

/// The same drives reported anew, without gaps, heading or speed, and working all the time.
fn anew(network: &RoadNetwork, seed: u64, by: Receiver) -> Score {
    let played = play(network, seed);
    let mut sum = Score::default();
    for (mut plow, i) in played.truth.into_iter().zip(0..) {
        for leg in &mut plow.legs {
            leg.work = WorkKind::Plowing;
        }
        let fixes = fixes_of(network, &plow.legs, by, 1000 * seed + i);
        sum += scored(network, &plow, &fixes);
    }
    sum
}

fn assert_within(name: &str, score: &Score, rmf: f64, falsely_cleared: f64) {
    println!("{name:34} {}", score.line());
    assert!(score.rmf() < rmf, "{name}: {}", score.line());
    let falsely = score.falsely_cleared();
    assert!(falsely < falsely_cleared, "{name}: {}", score.line());
}

fn assert_night(name: &str, network: &RoadNetwork, seed: u64) {
    let mut all = Score::default();
    for (fleet, score) in night(network, seed) {
        assert_within(&format!("{name} {seed} {fleet:?}"), &score, 0.065, 0.04);
        all += score;
    }
    assert_within(&format!("{name} {seed} all"), &all, 0.04, 0.018);
    assert!(all.not_seen_cleared() < 0.10, "{}", all.line());
}

#[test]
fn a_towns_night() {
    for seed in 1..=3 {
        assert_night("town", &network_of(town(seed)), seed);
    }
}

#[test]
fn a_night_on_oslos_roads() {
    if let Some(network) = real(OSLO) {
        assert_night("Oslo", &network, 1);
    }
}

#[test]
fn a_night_on_liechtensteins_roads() {
    if let Some(network) = real(LIECHTENSTEIN) {
        assert_night("Liechtenstein", &network, 1);
    }
}

/// What the receiver does, and the bounds of RMF and of falsely cleared length.
const RECEIVERS: [(&str, Receiver, f64, f64); 6] = [
    ("1 s, white 10 m", white(1.0, 10.0), 0.025, 0.010),
    ("5 s, white 5 m", white(5.0, 5.0), 0.020, 0.008),
    ("5 s, white 10 m", white(5.0, 10.0), 0.035, 0.012),
    ("10 s, white 10 m", white(10.0, 10.0), 0.035, 0.010),
    ("30 s, white 10 m", white(30.0, 10.0), 0.07, 0.016),
    (
        "5 s, drifting 4 m, 5 % wild",
        Receiver {
            every_s: 5.0,
            sigma_m: 4.0,
            memory_s: 25.0,
            tail: 0.05,
        },
        0.025,
        0.012,
    ),
];

const fn white(every_s: f64, sigma_m: f64) -> Receiver {
    Receiver {
        every_s,
        sigma_m,
        memory_s: 0.0,
        tail: 0.0,
    }
}

fn assert_receivers(name: &str, network: &RoadNetwork) {
    for (receiver, by, rmf, falsely_cleared) in RECEIVERS {
        let score = anew(network, 1, by);
        assert_within(&format!("{name} {receiver}"), &score, rmf, falsely_cleared);
    }
}

#[test]
fn receivers_of_every_kind_in_a_town() {
    assert_receivers("town", &network_of(town(1)));
}

#[test]
fn receivers_of_every_kind_in_liechtenstein() {
    if let Some(network) = real(LIECHTENSTEIN) {
        assert_receivers("Liechtenstein", &network);
    }
}

#[test]
fn the_scorer_counts_directions_repeats_and_lengths() {
    use domain::work::Direction::{Backward, Forward};
    let drive = |direction, from_m: f64, to_m: f64, entered_s: f64| Drive {
        segment: 7,
        direction,
        from_m,
        to_m,
        entered_s,
        left_s: entered_s + 10.0,
        clears: true,
    };
    let heard = [(0.0, 5000.0)];
    let truth = [
        drive(Forward, 0.0, 100.0, 0.0),
        drive(Forward, 0.0, 100.0, 900.0),
    ];
    let rmf = |matched: &[Drive]| score(&truth, matched, &heard).rmf();
    assert_eq!(rmf(&truth), 0.0);
    assert_eq!(rmf(&truth[..1]), 0.5, "the second pass is missed");
    let backward = drive(Backward, 0.0, 100.0, 0.0);
    assert_eq!(rmf(&[backward.clone(), truth[1].clone()]), 1.0);
    let late = drive(Forward, 0.0, 100.0, 1100.0);
    assert_eq!(rmf(&[truth[0].clone(), late]), 1.0, "not at that time");
    let short = drive(Forward, 0.0, 60.0, 900.0);
    assert_eq!(rmf(&[truth[0].clone(), short]), 0.2);
    let once_too_often = [truth[0].clone(), truth[0].clone(), truth[1].clone()];
    assert_eq!(rmf(&once_too_often), 0.5);
    let both = score(&truth, &[truth[0].clone(), backward], &heard);
    assert_eq!(both.falsely_cleared(), 1.0, "the other direction never was");
    assert_eq!(both.not_seen_cleared(), 0.0, "it was, at least once");
    assert_eq!(score(&truth, &[], &[(0.0, 20.0)]).true_m, 100.0);
}

#[test]
fn real_traces_that_another_matcher_gave_up_on_run_through() {
    let file = "../shared/data/clearstreets/unmatched_traces.geojsonl";
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        // Past the harness, which swallows what a passing test prints.
        let _ = std::io::Write::write_fmt(
            &mut std::io::stderr(),
            format_args!("SKIPPED: {file} is not there\n"),
        );
        return;
    };
    let traces: Vec<Vec<PlowFix>> = text.lines().map(chicago_trace).collect();
    assert_eq!(traces.len(), 1785);
    let chicago = network_of(chicago_grid());
    let elsewhere = network_of(town(1));
    let (mut matched, mut fix_count, mut length_m) = (0, 0, 0.0);
    for fixes in &traces {
        let spans = match_vehicle(&chicago, fixes, &MatchParams::default());
        let in_order = |pair: &[MatchedSpan]| pair[1].entered_at >= pair[0].left_at;
        assert!(spans.windows(2).all(in_order));
        matched += usize::from(!spans.is_empty());
        fix_count += fixes.len();
        length_m += spans.iter().map(MatchedSpan::length_m).sum::<f64>();
        let none = match_vehicle(&elsewhere, fixes, &MatchParams::default());
        assert!(none.is_empty(), "no road near, no spans");
    }
    println!(
        "{} traces with {fix_count} fixes: {matched} matched over {:.0} km of a made-up grid",
        traces.len(),
        length_m / 1000.0
    );
    assert!(matched > 1500, "{matched}");
}

/// The fixes of a trace. Most features carry no time: those follow each other by two minutes, which
/// is the median of the others.
fn chicago_trace(line: &str) -> Vec<PlowFix> {
    let trace: serde_json::Value = serde_json::from_str(line).unwrap();
    let begun_s: f64 = trace["trace"].as_str().unwrap().parse().unwrap();
    let begun = Timestamp::from_second(begun_s as i64).unwrap();
    let features = trace["features"].as_array().unwrap();
    let mut fixes: Vec<PlowFix> = (0..)
        .zip(features)
        .map(|(i, feature)| {
            let [lon, lat] =
                [0, 1].map(|k| feature["geometry"]["coordinates"][k].as_f64().unwrap());
            PlowFix {
                vehicle_id: trace["asset"].to_string(),
                observed_at: match feature["properties"]["timestamp"].as_str() {
                    Some(time) => format!("{time}-06:00").parse().unwrap(),
                    None => begun + SignedDuration::from_secs(120 * i),
                },
                at: LonLat::new(lon, lat),
                heading_deg: None,
                speed_kmh: None,
                work: None,
            }
        })
        .collect();
    fixes.sort_by_key(|fix| fix.observed_at);
    fixes
}

/// Streets about 100 m apart to the east and 200 m to the north, as in Chicago.
fn chicago_grid() -> RoadSource {
    use domain::network::{Joins, NodeKey, RoadAttributes, RoadId, SourceWay};
    let (west, south, step_east, step_north) = (-87.80, 41.672, 0.0012, 0.0018);
    let (columns, rows) = (218_i64, 184_i64);
    let place = |column: i64, row: i64| {
        LonLat::new(
            west + column as f64 * step_east,
            south + row as f64 * step_north,
        )
    };
    let streets = (0..rows)
        .map(|row| (0..columns).map(|column| (column, row)).collect())
        .chain((0..columns).map(|column| (0..rows).map(|row| (column, row)).collect()));
    let ways = streets
        .enumerate()
        .map(|(i, places): (_, Vec<_>)| SourceWay {
            road_id: RoadId::Number(i as i64),
            nodes: places
                .iter()
                .map(|(column, row)| NodeKey::Osm(column + 1000 * row))
                .collect(),
            line: places.iter().map(|(c, r)| place(*c, *r)).collect(),
            joins: Joins::AtSharedNodes,
            attributes: RoadAttributes {
                class: "residential".to_owned(),
                ..RoadAttributes::default()
            },
            position: i as u64,
        });
    RoadSource {
        name: "chicago.osm".to_owned(),
        ways: ways.collect(),
        ..RoadSource::default()
    }
}

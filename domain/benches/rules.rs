//! What looking at 10,000 rules costs when a reading comes: 1,000 zones of 200 roads, ten rules each, 60
//! gauges with a week of hourly readings.
//!
//!     cargo bench -p domain --bench rules
#![allow(clippy::unwrap_used, clippy::expect_used)]

use domain::geometry::LonLat;
use domain::observation::{QualityFlag, Quantity, StationKey};
use domain::quality::{Reading, StationSeries};
use domain::rules::{
    Condition, GroundRoad, Measure, Outcome, Rule, RuleMemory, Surroundings, ZoneGround, evaluate,
};
use domain::snow_field::FieldParams;
use domain::snow_forecast::SnowForecasts;
use jiff::{SignedDuration, Timestamp};
use std::time::Instant;

const ZONES: usize = 1000;
const RULES_PER_ZONE: usize = 10;
const ROADS_PER_ZONE: usize = 200;
const GAUGES: usize = 60;
const RUNS: usize = 9;

fn now() -> Timestamp {
    "2026-01-16T03:00:00+09:00".parse().expect("a time")
}

fn hours_ago(hours: usize) -> Timestamp {
    now() - SignedDuration::from_hours(hours as i64)
}

fn gauge(number: usize) -> StationSeries {
    let at = LonLat::new(
        140.0 + 0.15 * (number % 10) as f64,
        40.3 + 0.15 * (number / 10) as f64,
    );
    let key = StationKey::new("gauges", number.to_string());
    let mut series = StationSeries::new(key, Some(at), Some(20.0));
    for hours in 0..168 {
        let fallen = 2.0 * 8_usize.saturating_sub(hours) as f64;
        let reading = |value| Reading {
            observed_at: hours_ago(hours),
            value: Some(value),
            flag: QualityFlag::Pass,
            reason: String::new(),
        };
        series.add(
            Quantity::DepthCm,
            reading(40.0 + fallen + (number % 7) as f64),
        );
        series.add(Quantity::TemperatureC, reading(-4.0));
    }
    series
}

fn ground(zone: usize) -> ZoneGround {
    let west = 140.0 + 0.04 * (zone % 34) as f64;
    let south = 40.3 + 0.03 * (zone / 34) as f64;
    ZoneGround::of((0..ROADS_PER_ZONE).map(|road| GroundRoad {
        at: LonLat::new(
            west + 0.002 * (road % 20) as f64,
            south + 0.003 * (road / 20) as f64,
        ),
        length_m: 150.0,
        // Plows pass through the night: roads were cleared at different times.
        cleared_at: (road % 5 > 0).then(|| hours_ago(1 + (zone + road) % 12)),
    }))
}

fn rule(number: usize) -> Rule {
    let (threshold, hours) = (5.0 + number as f64, [1, 3, 6, 12, 24][number % 5]);
    let when = Condition::Any(vec![
        Condition::at_least(Measure::NewSnow, threshold),
        Condition::All(vec![
            Condition::at_least(Measure::Snowfall { hours }, threshold),
            Condition::at_least(Measure::Depth, 40.0),
        ]),
    ]);
    Rule {
        stations: match number % 3 {
            0 => vec!["gauges/3".to_owned(), "gauges/17".to_owned()],
            _ => Vec::new(),
        },
        ..Rule::new(format!("r{number}"), vec!["*".to_owned()], when)
    }
}

fn main() {
    let series: Vec<StationSeries> = (0..GAUGES).map(gauge).collect();
    let rules: Vec<Rule> = (0..RULES_PER_ZONE).map(rule).collect();
    let asked: Vec<String> = rules.iter().flat_map(|r| r.stations.clone()).collect();
    let params = FieldParams::default();
    let surroundings =
        || Surroundings::new(&series, &asked, SnowForecasts::default(), &params, now());
    let around = surroundings();
    let began = Instant::now();
    let mut zones: Vec<_> = (0..ZONES).map(|zone| around.place(ground(zone))).collect();
    let placing_ms = began.elapsed().as_secs_f64() * 1e3;
    let memory = RuleMemory::default();
    let (mut field_ms, mut look_ms) = (Vec::new(), Vec::new());
    let mut crossed = 0;
    for _ in 0..RUNS {
        let began = Instant::now();
        let around = surroundings();
        field_ms.push(began.elapsed().as_secs_f64() * 1e3);
        let began = Instant::now();
        crossed = 0;
        for zone in &mut zones {
            for rule in &rules {
                let evidence = around.evidence(rule, zone, &memory, None);
                let verdict = evaluate(rule, &evidence, &memory, around.now());
                crossed += usize::from(matches!(verdict.outcome, Outcome::Counting { .. }));
            }
        }
        look_ms.push(began.elapsed().as_secs_f64() * 1e3);
    }
    let median = |figures: &mut Vec<f64>| {
        figures.sort_by(f64::total_cmp);
        figures[figures.len() / 2]
    };
    println!(
        "{} rules in {ZONES} zones, {GAUGES} gauges, median of {RUNS} runs:",
        ZONES * RULES_PER_ZONE
    );
    println!(
        "  field from a new reading   {:8.1} ms",
        median(&mut field_ms)
    );
    println!(
        "  evidence and verdicts      {:8.1} ms, {crossed} crossed",
        median(&mut look_ms)
    );
    println!("  placing all zones, once    {placing_ms:8.1} ms");
}

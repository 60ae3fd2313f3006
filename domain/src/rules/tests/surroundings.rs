//! From readings to calls: gauges on one side, roads on the other.

use super::*;
use crate::geometry::LonLat;
use crate::observation::{Quantity, StationKey};
use crate::quality::{QualityParams, Reading, StationSeries, flagged};
use crate::snow_field::FieldParams;
use crate::snow_forecast::{SnowForecast, SnowForecasts};
use jiff::SignedDuration;

/// Three days before the looks, so that every window is filled.
fn start() -> Timestamp {
    jst("2026-01-12T21:00")
}

/// A gauge read each ten minutes; its depth by the hours since the start.
fn gauge(id: &str, lon: f64, until: Timestamp, depth: impl Fn(f64) -> f64) -> StationSeries {
    let at = LonLat::new(lon, 40.8);
    let mut series = StationSeries::new(StationKey::new("s", id), Some(at), Some(10.0));
    let steps = until.duration_since(start()).as_mins() / 10;
    for step in 0..=steps {
        let reading = |value| Reading {
            observed_at: start() + SignedDuration::from_mins(10 * step),
            value: Some(value),
            flag: QualityFlag::Pass,
            reason: String::new(),
        };
        series.add(Quantity::DepthCm, reading(depth(step as f64 / 6.0)));
        series.add(Quantity::TemperatureC, reading(-3.0));
    }
    series
}

/// 20 cm, and from the given hour on 3 cm an hour more.
fn rising(from_h: f64) -> impl Fn(f64) -> f64 {
    move |h| 20.0 + 3.0 * (h - from_h).max(0.0)
}

fn road(lon: f64, cleared_at: Option<Timestamp>, length_m: f64) -> GroundRoad {
    GroundRoad {
        at: LonLat::new(lon, 40.8),
        length_m,
        cleared_at,
    }
}

fn surroundings(series: &[StationSeries], now: Timestamp) -> Surroundings {
    let asked: Vec<String> = series.iter().map(|s| name_of(&s.key)).collect();
    let judged = flagged(series, &QualityParams::default());
    Surroundings::new(
        &judged,
        &asked,
        SnowForecasts::default(),
        &FieldParams::default(),
        now,
    )
}

fn look(rule: &Rule, roads: Vec<GroundRoad>, series: &[StationSeries], now: Timestamp) -> Verdict {
    let around = surroundings(series, now);
    let mut placed = around.place(ZoneGround::of(roads));
    let evidence = around.evidence(rule, &mut placed, &RuleMemory::default(), None);
    evaluate(rule, &evidence, &RuleMemory::default(), now)
}

/// 72 h after the start: 15 cm have fallen in the last five hours.
fn night(now: Timestamp) -> Vec<StationSeries> {
    vec![
        gauge("a", 140.70, now, rising(67.0)),
        gauge("b", 140.75, now, rising(67.0)),
        gauge("c", 140.80, now, rising(67.0)),
    ]
}

#[test]
fn new_snow_is_counted_since_half_of_the_length_was_cleared() {
    let now = jst("2026-01-15T21:00");
    let rule = new_snow_rule(10.0);
    let hours_ago = |h| Some(now - SignedDuration::from_hours(h));
    let raise = Outcome::Raise { round: 1 };
    let cases = [
        (vec![road(140.74, hours_ago(6), 1000.0)], raise),
        (vec![road(140.74, hours_ago(1), 1000.0)], Outcome::Quiet),
        (vec![road(140.74, None, 1000.0)], raise),
        (
            vec![
                road(140.74, hours_ago(6), 600.0),
                road(140.76, hours_ago(1), 400.0),
            ],
            raise,
        ),
        (
            vec![
                road(140.74, hours_ago(6), 400.0),
                road(140.76, hours_ago(1), 600.0),
            ],
            Outcome::Quiet,
        ),
        // Far from any station.
        (vec![road(142.0, hours_ago(6), 1000.0)], Outcome::Doubt),
        (Vec::new(), Outcome::Doubt),
    ];
    for (roads, wanted) in cases {
        let verdict = look(&rule, roads.clone(), &night(now), now);
        assert_eq!(verdict.outcome, wanted, "{roads:?} {:?}", verdict.parts);
    }
    let verdict = look(
        &rule,
        vec![road(140.74, hours_ago(6), 1000.0)],
        &night(now),
        now,
    );
    let said = reason_ja(&verdict.parts);
    assert!(
        said.starts_with("新積雪 1") && said.ends_with(" cm ≥ 10 cm、3 観測所"),
        "{said}"
    );
}

#[test]
fn a_stuck_gauge_and_a_spike_call_nobody_and_hold_nobody_back() {
    let now = jst("2026-01-15T21:00");
    let roads = || vec![road(140.74, None, 1000.0)];
    let spike = |h: f64| if h > 71.8 { 95.0 } else { 20.0 };
    // Nothing fell; one gauge spikes at the last moment.
    let dry = vec![
        gauge("a", 140.70, now, |_| 20.0),
        gauge("b", 140.75, now, |_| 20.0),
        gauge("c", 140.80, now, |_| 20.0),
        gauge("spike", 140.74, now, spike),
    ];
    let rule = new_snow_rule(10.0);
    assert_eq!(look(&rule, roads(), &dry, now).outcome, Outcome::Quiet);
    let by_spike = Rule {
        stations: vec!["s/spike".to_owned()],
        ..rule.clone()
    };
    assert_eq!(
        look(&by_spike, roads(), &dry, now).outcome,
        Outcome::Doubt,
        "it is for a person to say"
    );
    // It snows; one gauge is stuck.
    let mut wet = night(now);
    wet.push(gauge("stuck", 140.74, now, |_| 20.0));
    let names = ["s/a", "s/b", "s/c", "s/stuck"].map(str::to_owned).to_vec();
    let two_of_four = Rule {
        stations: names,
        at_least: 2,
        ..rule
    };
    assert_eq!(
        look(&two_of_four, roads(), &wet, now).outcome,
        Outcome::Raise { round: 1 }
    );
}

#[test]
fn other_measures_are_found_at_the_zone_and_at_stations() {
    let now = jst("2026-01-15T21:00");
    let by_field = |condition| Rule {
        consecutive: 1,
        ..Rule::new("r", zone(), condition)
    };
    let by_station = |condition| Rule {
        stations: vec!["s/a".to_owned()],
        ..by_field(condition)
    };
    let at_most = |threshold: f64| Condition::Compare {
        measure: Measure::Temperature,
        comparison: Comparison::AtMost,
        threshold: Threshold::flat(threshold),
    };
    let conditions = [
        (
            Condition::at_least(Measure::Snowfall { hours: 24 }, 12.0),
            true,
        ),
        (
            Condition::at_least(Measure::Snowfall { hours: 24 }, 20.0),
            false,
        ),
        (
            Condition::at_least(Measure::Snowfall { hours: 1 }, 5.0),
            false,
        ),
        (Condition::at_least(Measure::Depth, 30.0), true),
        (Condition::at_least(Measure::Depth, 40.0), false),
        (at_most(-2.0), true),
        (at_most(-5.0), false),
    ];
    for (condition, crossed) in conditions {
        for rule in [by_field(condition.clone()), by_station(condition.clone())] {
            let verdict = look(&rule, vec![road(140.71, None, 500.0)], &night(now), now);
            let raised = verdict.outcome == Outcome::Raise { round: 1 };
            assert_eq!(raised, crossed, "{condition:?} {:?}", verdict);
            assert_ne!(verdict.outcome, Outcome::Doubt);
        }
    }
}

#[test]
fn a_forecast_adds_to_what_lies_and_its_absence_is_doubt() {
    let now = jst("2026-01-15T21:00");
    let by = "07:00".parse().unwrap();
    let rule = Rule {
        consecutive: 1,
        ..Rule::new(
            "r",
            zone(),
            Condition::at_least(Measure::ForecastNewSnow { by }, 20.0),
        )
    };
    let forecast = |cm: f64, hours: i64| SnowForecast {
        place: "cell".to_owned(),
        at: LonLat::new(140.74, 40.81),
        issued_at: now - SignedDuration::from_hours(1),
        from: now,
        until: now + SignedDuration::from_hours(hours),
        new_snow_cm: cm,
    };
    // 15 cm lie; what is foreseen until 7:00, and what comes of it.
    let cases = [
        (Some(forecast(8.0, 10)), Outcome::Raise { round: 1 }),
        (Some(forecast(3.0, 10)), Outcome::Quiet),
        (Some(forecast(8.0, 6)), Outcome::Doubt),
        (None, Outcome::Doubt),
    ];
    for (foreseen, wanted) in cases {
        let judged = flagged(&night(now), &QualityParams::default());
        let forecasts = SnowForecasts::new(foreseen.clone());
        let around = Surroundings::new(&judged, &[], forecasts, &FieldParams::default(), now);
        let mut placed = around.place(ZoneGround::of([road(140.74, None, 1000.0)]));
        let evidence = around.evidence(&rule, &mut placed, &RuleMemory::default(), None);
        let verdict = evaluate(&rule, &evidence, &RuleMemory::default(), now);
        assert_eq!(verdict.outcome, wanted, "{foreseen:?} {evidence:?}");
    }
}

#[test]
fn after_a_round_only_newer_snow_counts() {
    let now = jst("2026-01-15T21:00");
    let rule = new_snow_rule(10.0);
    let memory = RuleMemory {
        round: 1,
        phase: Phase::Open { since: start() },
        ..RuleMemory::default()
    };
    let around = surroundings(&night(now), now);
    let mut placed = around.place(ZoneGround::of([road(140.74, None, 1000.0)]));
    for (hours, reached) in [(1, false), (4, true)] {
        let at = now - SignedDuration::from_hours(hours);
        let ending = Some(RoundEnding {
            round: 1,
            end: RoundEnd::Completed,
            at,
        });
        let evidence = around.evidence(&rule, &mut placed, &memory, ending);
        let verdict = evaluate(&rule, &evidence, &memory, now);
        assert_eq!(
            matches!(verdict.outcome, Outcome::Raise { round: 2 }),
            reached,
            "{verdict:?}"
        );
    }
}

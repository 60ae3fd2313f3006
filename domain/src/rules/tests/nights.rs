//! Whole nights: a script of looks, and what each comes to.

use super::*;

/// Looks at the rule with each of these (time, new snow) in turn; what each comes to, in short.
fn night(rule: &Rule, looks: &[(&str, &str)]) -> Vec<String> {
    let mut memory = RuleMemory::default();
    let mut ending = None;
    looks
        .iter()
        .map(|(at, word)| {
            let now = jst(at);
            let word = match word.split_once(' ') {
                Some((word, "done")) => {
                    ending = Some(RoundEnding {
                        round: memory.round,
                        end: RoundEnd::Completed,
                        at: now,
                    });
                    word
                }
                _ => word,
            };
            let evidence = Evidence {
                ending,
                ..new_snow(word, now)
            };
            let verdict = evaluate(rule, &evidence, &memory, now);
            memory = verdict.memory;
            short(verdict.outcome)
        })
        .collect()
}

fn short(outcome: Outcome) -> String {
    match outcome {
        Outcome::Quiet => "-".to_owned(),
        Outcome::OffSeason => "off".to_owned(),
        Outcome::Counting { seen } => format!("count {seen}"),
        Outcome::Waiting { until } => format!(
            "until {}",
            until
                .to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(9)))
                .strftime("%d %H:%M")
        ),
        Outcome::Raise { round } => format!("RAISE {round}"),
        Outcome::Holding { round } => format!("hold {round}"),
        Outcome::StandDown { round } => format!("down {round}"),
        Outcome::Doubt => "?".to_owned(),
    }
}

fn assert_night(rule: &Rule, script: &[(&str, &str, &str)]) {
    let looks: Vec<(&str, &str)> = script.iter().map(|(at, word, _)| (*at, *word)).collect();
    let wanted: Vec<&str> = script.iter().map(|(_, _, wanted)| *wanted).collect();
    assert_eq!(night(rule, &looks), wanted);
}

#[test]
fn a_crossing_opens_one_round_which_ends_below_the_hysteresis() {
    let rule = Rule {
        consecutive: 2,
        ..new_snow_rule(10.0)
    };
    assert_night(
        &rule,
        &[
            ("2026-01-15T20:00", "4", "-"),
            ("2026-01-15T21:00", "10.5", "count 1"),
            ("2026-01-15T21:00", "10.5", "count 1"), // the same reading again is no second pass
            ("2026-01-15T22:00", "9", "-"),
            ("2026-01-15T23:00", "11", "count 1"),
            ("2026-01-16T00:00", "12", "RAISE 1"),
            ("2026-01-16T00:00", "12", "hold 1"),
            ("2026-01-16T01:00", "8", "hold 1"),
            ("2026-01-16T02:00", "6.9", "hold 1"), // one reading too low calls nobody back
            ("2026-01-16T03:00", "7.5", "hold 1"),
            ("2026-01-16T04:00", "6.9", "hold 1"),
            ("2026-01-16T05:00", "6.5", "down 1"),
            ("2026-01-16T06:00", "11", "count 1"),
            ("2026-01-16T07:00", "11", "RAISE 2"),
        ],
    );
}

#[test]
fn new_snow_after_completion_opens_the_next_round_the_same_night() {
    assert_night(
        &new_snow_rule(10.0),
        &[
            ("2026-01-15T22:00", "12", "RAISE 1"),
            ("2026-01-16T01:00", "2 done", "-"),
            ("2026-01-16T03:00", "9", "-"),
            ("2026-01-16T04:00", "10", "RAISE 2"),
        ],
    );
}

#[test]
fn what_still_stands_after_completion_calls_nobody_again() {
    // A rule on the depth: clearing the road lowers no gauge beside it.
    let rule = Rule {
        consecutive: 1,
        again_cm: Some(10.0),
        ..Rule::new("r", zone(), Condition::at_least(Measure::Depth, 100.0))
    };
    let mut memory = RuleMemory::default();
    let mut look = |at: &str, depth: &str, snow: &str, done: bool| {
        let now = jst(at);
        let evidence = Evidence {
            measured: vec![
                (Measure::Depth, Measured::Field(witness("", depth, 2, now))),
                (Measure::NewSnow, Measured::Field(witness("", snow, 2, now))),
            ],
            ending: done.then_some(RoundEnding {
                round: 1,
                end: RoundEnd::Cancelled,
                at: now,
            }),
        };
        let verdict = evaluate(&rule, &evidence, &memory, now);
        memory = verdict.memory;
        short(verdict.outcome)
    };
    assert_eq!(look("2026-01-15T20:00", "101", "3", false), "RAISE 1");
    assert_eq!(look("2026-01-15T23:00", "105", "0", true), "-");
    assert_eq!(look("2026-01-16T01:00", "109", "6", true), "-");
    assert_eq!(look("2026-01-16T02:00", "112", "-", true), "?");
    assert_eq!(look("2026-01-16T03:00", "115", "11", true), "RAISE 2");
}

#[test]
fn a_deciding_hour_decides_once_and_late_rather_than_never() {
    let rule = Rule {
        decide_at: "00:00".parse().ok(),
        ..new_snow_rule(10.0)
    };
    assert_night(
        &rule,
        &[
            ("2026-01-15T21:00", "15", "until 16 00:00"),
            ("2026-01-16T00:00", "9", "-"),
            ("2026-01-16T01:00", "15", "until 17 00:00"), // it was decided at 0:00
            ("2026-01-17T00:02", "15", "RAISE 1"),
        ],
    );
    // The machine was down at midnight, or the data were.
    assert_night(
        &rule,
        &[
            ("2026-01-15T21:00", "15", "until 16 00:00"),
            ("2026-01-16T02:30", "15", "RAISE 1"),
        ],
    );
    assert_night(
        &rule,
        &[
            ("2026-01-15T22:00", "-", "until 16 00:00"),
            ("2026-01-15T23:10", "-", "?"), // told in time for someone to look
            ("2026-01-16T00:00", "-", "?"),
            ("2026-01-16T00:20", "15", "RAISE 1"),
        ],
    );
}

#[test]
fn outside_the_window_it_waits() {
    let rule = Rule {
        window: Some(DailyWindow {
            from: "22:00".parse().unwrap(),
            until: "05:00".parse().unwrap(),
        }),
        ..new_snow_rule(10.0)
    };
    assert_night(
        &rule,
        &[
            ("2026-01-15T18:00", "15", "until 15 22:00"),
            ("2026-01-15T22:00", "15", "RAISE 1"),
        ],
    );
    assert_night(&rule, &[("2026-01-16T05:00", "15", "until 16 22:00")]);
}

#[test]
fn out_of_season_nothing_is_called_nor_doubted_and_open_rounds_go_on() {
    let season = serde_json::from_str(r#"{"from": "11-15", "until": "04-10"}"#).unwrap();
    let rule = Rule {
        season: Some(season),
        ..new_snow_rule(10.0)
    };
    assert_night(
        &rule,
        &[
            ("2026-04-10T22:00", "12", "RAISE 1"),
            ("2026-04-11T01:00", "12", "hold 1"),
            ("2026-04-11T02:00", "1", "down 1"),
            ("2026-07-11T02:00", "-", "off"),
            ("2026-07-11T03:00", "50", "off"),
        ],
    );
}

#[test]
fn a_clock_set_back_neither_loses_nor_doubles_a_call() {
    let rule = Rule {
        decide_at: "00:00".parse().ok(),
        ..new_snow_rule(10.0)
    };
    // A day ahead, and back: tonight is still decided.
    assert_night(
        &rule,
        &[
            ("2026-01-17T00:10", "3", "-"),
            ("2026-01-16T00:10", "15", "RAISE 1"),
            ("2026-01-15T23:50", "15", "hold 1"),
            ("2026-01-16T00:20", "15", "hold 1"),
        ],
    );
    // An hour back over the deciding hour.
    assert_night(
        &rule,
        &[
            ("2026-01-16T00:10", "3", "-"),
            ("2026-01-15T23:20", "15", "until 16 00:00"),
            ("2026-01-16T00:10", "15", "until 17 00:00"),
        ],
    );
}

#[test]
fn the_deadline_is_the_next_time_of_that_hour() {
    let rule = Rule {
        deadline: "06:00".parse().ok(),
        ..new_snow_rule(10.0)
    };
    for (at, wanted) in [
        ("2026-01-15T22:00", "2026-01-16T06:00"),
        ("2026-01-16T05:59", "2026-01-16T06:00"),
        ("2026-01-16T06:00", "2026-01-17T06:00"),
    ] {
        let verdict = evaluate(
            &rule,
            &new_snow("12", jst(at)),
            &RuleMemory::default(),
            jst(at),
        );
        assert_eq!(verdict.deadline, Some(jst(wanted)), "{at}");
    }
}

#[test]
fn firms_stand_by_ahead_and_are_released() {
    let by = "06:00".parse().unwrap();
    let rule = Rule {
        standby: Some(Standby {
            when: Condition::at_least(Measure::ForecastNewSnow { by }, 10.0),
            from: "21:00".parse().ok(),
        }),
        ..new_snow_rule(10.0)
    };
    let mut memory = RuleMemory::default();
    let mut look = |at: &str, snow: &str, foreseen: &str| {
        let now = jst(at);
        let mut evidence = new_snow(snow, now);
        evidence
            .measured
            .extend(field(Measure::ForecastNewSnow { by }, foreseen, now).measured);
        let verdict = evaluate(&rule, &evidence, &memory, now);
        memory = verdict.memory;
        (short(verdict.outcome), verdict.standby)
    };
    let from = jst("2026-01-15T21:00");
    let quiet = || "-".to_owned();
    assert_eq!(
        look("2026-01-15T17:00", "2", "12"),
        (quiet(), Some(StandbyTurn::Ready { round: 1, from }))
    );
    assert_eq!(
        look("2026-01-15T18:00", "2", "8"),
        (quiet(), None),
        "within the hysteresis"
    );
    assert_eq!(
        look("2026-01-15T18:30", "2", "-"),
        (quiet(), None),
        "nobody is released by silence"
    );
    assert_eq!(
        look("2026-01-15T19:00", "2", "6"),
        (quiet(), Some(StandbyTurn::Lifted { round: 1 }))
    );
    assert_eq!(
        look("2026-01-15T20:00", "2", "15"),
        (quiet(), Some(StandbyTurn::Ready { round: 2, from }))
    );
    assert_eq!(
        look("2026-01-15T23:00", "12", "15"),
        ("RAISE 2".to_owned(), None)
    );
    assert_eq!(
        look("2026-01-15T23:30", "12", "2"),
        ("hold 2".to_owned(), None)
    );
}

#[test]
fn a_standby_that_a_person_calls_off_stays_off_and_its_round_is_over() {
    let rule = Rule {
        standby: Some(Standby {
            when: Condition::at_least(Measure::NewSnow, 5.0),
            from: None,
        }),
        hysteresis_cm: 2.0,
        ..new_snow_rule(10.0)
    };
    let mut memory = RuleMemory::default();
    let mut look = |at: &str, snow: &str, called_off: u32| {
        let now = jst(at);
        let ending = (called_off > 0).then_some(RoundEnding {
            round: called_off,
            end: RoundEnd::Cancelled,
            at: now,
        });
        let evidence = Evidence {
            ending,
            ..new_snow(snow, now)
        };
        let verdict = evaluate(&rule, &evidence, &memory, now);
        memory = verdict.memory;
        (short(verdict.outcome), verdict.standby.is_some())
    };
    let quiet = || "-".to_owned();
    assert_eq!(look("2026-01-15T17:00", "6", 0), (quiet(), true));
    assert_eq!(look("2026-01-15T18:00", "7", 1), (quiet(), false));
    assert_eq!(look("2026-01-15T19:00", "8", 1), (quiet(), false));
    assert_eq!(look("2026-01-15T20:00", "11", 1).0, "RAISE 2");
}

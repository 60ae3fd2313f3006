//! One look each: what the data say, and what the rule makes of it.

use super::*;

const NOW: &str = "2026-01-16T01:00";

/// A tree in which letters stand for measures that are known to hold (Y), not to hold (N), or unknown (?).
fn tree(text: &str) -> (Condition, Evidence) {
    fn read(
        chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
        out: &mut Vec<(Measure, Measured)>,
    ) -> Condition {
        let hours = [1u8, 3, 6, 12, 24, 72];
        match chars.next().unwrap() {
            sign @ ('&' | '|') => {
                assert_eq!(chars.next(), Some('('));
                let mut parts = Vec::new();
                while chars.peek() != Some(&')') {
                    parts.push(read(chars, out));
                }
                chars.next();
                if sign == '&' {
                    Condition::All(parts)
                } else {
                    Condition::Any(parts)
                }
            }
            letter => {
                let measure = Measure::Snowfall {
                    hours: hours[out.len()],
                };
                let word = match letter {
                    'Y' => "20",
                    'N' => "5",
                    _ => "-",
                };
                out.push((measure, Measured::Field(witness("", word, 1, jst(NOW)))));
                Condition::at_least(measure, 10.0)
            }
        }
    }
    let mut measured = Vec::new();
    let condition = read(&mut text.chars().peekable(), &mut measured);
    (
        condition,
        Evidence {
            measured,
            ending: None,
        },
    )
}

#[test]
fn unknown_decides_only_where_nothing_certain_does() {
    let cases = [
        ("Y", Truth::Yes),
        ("N", Truth::No),
        ("?", Truth::Unknown),
        ("&(YY)", Truth::Yes),
        ("&(YN)", Truth::No),
        ("&(Y?)", Truth::Unknown),
        ("&(N?)", Truth::No),
        ("|(NN)", Truth::No),
        ("|(YN)", Truth::Yes),
        ("|(Y?)", Truth::Yes),
        ("|(N?)", Truth::Unknown),
        ("|(&(Y?)N)", Truth::Unknown),
        ("|(&(N?)N)", Truth::No),
        ("&(|(Y?)|(N?))", Truth::Unknown),
        ("|(&(Y?)Y)", Truth::Yes),
    ];
    for (text, wanted) in cases {
        let (condition, evidence) = tree(text);
        let rule = Rule::new("r", zone(), condition);
        let found = rule.when.find(&rule, &evidence, 0.0, jst(NOW));
        assert_eq!(found.truth, wanted, "{text}");
        assert_eq!(
            found.truth == Truth::Unknown,
            !found.causes.is_empty(),
            "{text}"
        );
    }
}

#[test]
fn k_of_n_stations_say_yes_no_or_leave_it_open() {
    // Stations' new snow against 10 cm; how many must say so; what comes of it.
    let cases: [(&[&str], u32, Truth); 12] = [
        (&["12"], 1, Truth::Yes),
        (&["9"], 1, Truth::No),
        (&["!40"], 1, Truth::Unknown),
        (&["12", "11", "3"], 2, Truth::Yes),
        (&["12", "9", "3"], 2, Truth::No),
        (&["12", "9", "-"], 2, Truth::Unknown),
        (&["9", "9", "-"], 2, Truth::No),
        (&["12", "12", "-"], 2, Truth::Yes),
        // One is stuck and one spikes: neither calls, and two that are well suffice.
        (&["2", "2", "!60", "!0"], 2, Truth::Unknown),
        (&["2", "2", "2", "!60"], 2, Truth::No),
        (&["12", "13", "!60", "!0"], 2, Truth::Yes),
        (&["?12", "?12", "?12"], 2, Truth::Unknown),
    ];
    for (words, at_least, wanted) in cases {
        let rule = Rule {
            at_least,
            ..new_snow_rule(10.0)
        };
        let witnesses = words
            .iter()
            .enumerate()
            .map(|(i, word)| witness(&format!("s/{i}"), word, 1, jst(NOW)));
        let evidence = Evidence {
            measured: vec![(Measure::NewSnow, Measured::Stations(witnesses.collect()))],
            ending: None,
        };
        let found = rule.when.find(&rule, &evidence, 0.0, jst(NOW));
        assert_eq!(found.truth, wanted, "{words:?} {at_least}");
    }
}

#[test]
fn what_is_missing_or_doubtful_or_old_goes_to_a_person_with_its_cause() {
    let now = jst(NOW);
    let old = jst("2026-01-15T21:30");
    let station = || "s/1".to_owned();
    let by_station = |word: &str, at| Evidence {
        measured: vec![(
            Measure::NewSnow,
            Measured::Stations(vec![witness("s/1", word, 1, at)]),
        )],
        ending: None,
    };
    let few = Evidence {
        measured: vec![(Measure::NewSnow, Measured::Field(witness("", "30", 1, now)))],
        ending: None,
    };
    let flagged = |flag| Cause::Station {
        station: station(),
        flag,
    };
    let cases = [
        (Evidence::default(), 1, Cause::NoSnowField),
        (new_snow("-", now), 1, Cause::NoSnowField),
        (new_snow("30", old), 1, Cause::SnowFieldOld),
        (few, 2, Cause::FewStations),
        (by_station("-", now), 1, flagged(QualityFlag::Missing)),
        (by_station("!300", now), 1, flagged(QualityFlag::Fail)),
        (by_station("?30", now), 1, flagged(QualityFlag::Suspect)),
        (
            by_station("30", old),
            1,
            Cause::StationSilent { station: station() },
        ),
    ];
    for (evidence, at_least, cause) in cases {
        let rule = Rule {
            at_least,
            ..new_snow_rule(10.0)
        };
        let verdict = evaluate(&rule, &evidence, &RuleMemory::default(), now);
        assert_eq!(verdict.outcome, Outcome::Doubt, "{evidence:?}");
        assert_eq!(verdict.causes, std::slice::from_ref(&cause));
        let raising = Rule {
            on_doubt: OnDoubt::Raise,
            ..rule
        };
        let verdict = evaluate(&raising, &evidence, &RuleMemory::default(), now);
        assert_eq!(verdict.outcome, Outcome::Raise { round: 1 });
        assert_eq!(verdict.causes, [cause], "a person is told why");
    }
}

#[test]
fn doubts_of_one_cause_are_one_page() {
    let station = |n: &str| Cause::StationSilent {
        station: n.to_owned(),
    };
    let doubts: [(&str, &[Cause]); 3] = [
        ("B", &[station("s/1")]),
        ("A", &[station("s/1"), station("s/2")]),
        ("C", &[station("s/1")]),
    ];
    let pages = pages(doubts);
    let told: Vec<_> = pages
        .iter()
        .map(|page| (page.cause.clone(), page.zones.clone()))
        .collect();
    assert_eq!(
        told,
        [
            (station("s/1"), vec!["A", "B", "C"]),
            (station("s/2"), vec!["A"])
        ]
    );
    assert!(pages[0].cause.ja().contains("s/1"));
}

#[test]
fn the_reason_says_what_was_measured_by_how_many() {
    let now = jst(NOW);
    let by = "07:00".parse().unwrap();
    let cases = [
        (
            Condition::at_least(Measure::NewSnow, 10.0),
            field(Measure::NewSnow, "12", now),
            "新積雪 12 cm ≥ 10 cm、3 観測所",
        ),
        (
            Condition::at_least(Measure::Snowfall { hours: 24 }, 25.0),
            field(Measure::Snowfall { hours: 24 }, "31.25", now),
            "24 時間降雪量 31.2 cm ≥ 25 cm、3 観測所",
        ),
        (
            Condition::at_least(Measure::NewSnow, 10.0),
            field(Measure::NewSnow, "9.96", now),
            "新積雪 9.9 cm < 10 cm、3 観測所",
        ),
        (
            Condition::at_least(Measure::ForecastNewSnow { by }, 10.0),
            field(Measure::ForecastNewSnow { by }, "14", now),
            "7:00 までの予想新積雪 14 cm ≥ 10 cm",
        ),
    ];
    for (condition, evidence, wanted) in cases {
        let rule = Rule::new("r", zone(), condition);
        let found = rule.when.find(&rule, &evidence, 0.0, now);
        assert_eq!(reason_ja(&found.parts), wanted);
    }
    // Of several stations the value that decides is the one that k of them reach.
    let rule = Rule {
        at_least: 2,
        ..new_snow_rule(10.0)
    };
    let witnesses = ["11", "30", "12", "2"].map(|word| witness(word, word, 1, now));
    let evidence = Evidence {
        measured: vec![(Measure::NewSnow, Measured::Stations(witnesses.to_vec()))],
        ending: None,
    };
    let found = rule.when.find(&rule, &evidence, 0.0, now);
    assert_eq!(reason_ja(&found.parts), "新積雪 12 cm ≥ 10 cm、3 観測所");
}

#[test]
fn thresholds_follow_the_season() {
    let text = r#"{"base": 15, "seasons": [{"name": "根雪期", "from": "12-20", "until": "03-10", "value": 10}]}"#;
    let threshold: Threshold = serde_json::from_str(text).unwrap();
    let cases = [
        ("2025-12-19T23:59", 15.0),
        ("2025-12-20T00:00", 10.0),
        ("2026-01-01T12:00", 10.0),
        ("2026-03-10T23:59", 10.0),
        ("2026-03-11T00:00", 15.0),
        ("2026-07-01T00:00", 15.0),
    ];
    for (at, wanted) in cases {
        assert_eq!(threshold.at(jst(at)), wanted, "{at}");
    }
}

#[test]
fn a_road_is_looked_at_by_its_class_and_priority() {
    let road = |class: &str, priority_class, emergency| RoadAttributes {
        class: class.to_owned(),
        priority_class,
        emergency,
        ..RoadAttributes::default()
    };
    let rule = Rule {
        classes: vec!["primary".to_owned(), "secondary".to_owned()],
        priorities: vec!["1".to_owned(), "emergency".to_owned()],
        ..new_snow_rule(5.0)
    };
    assert!(rule.looks_at(&road("primary", Some(1), false)));
    assert!(rule.looks_at(&road("secondary", Some(2), true)));
    assert!(!rule.looks_at(&road("secondary", Some(2), false)));
    assert!(!rule.looks_at(&road("primary", None, false)));
    assert!(!rule.looks_at(&road("residential", Some(1), false)));
    assert!(new_snow_rule(5.0).looks_at(&road("residential", None, false)));
}

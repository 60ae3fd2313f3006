//! How rules are written, and what is said of those that can't work.

use super::*;

fn rule(more: &str) -> Result<Rule, String> {
    let text = format!(r#"{{"id": "r", "zones": ["A-1"], {more}}}"#);
    let rule: Rule = serde_json::from_str(&text).map_err(|e| e.to_string())?;
    rule.check().map_err(|e| e.to_string())?;
    Ok(rule)
}

#[test]
fn what_is_written_is_read_back() {
    let texts = [
        r#""when": {"new_snow_cm": 10}"#,
        r#""when": {"snowfall_cm": 25, "hours": 24}, "mode": "order""#,
        r#""when": {"any": [{"new_snow_cm": 10}, {"forecast_new_snow_cm": 10, "by": "07:00"}]}, "mode": "self""#,
        r#""when": {"all": [{"new_snow_cm": 20}, {"by_person": "わだち 10 cm 超"}]}"#,
        r#""when": {"all": [{"depth_cm": 100}, {"temperature_at_most_c": -1.5}, {"temperature_at_least_c": -20}]}"#,
        r#""when": {"new_snow_cm": {"base": 15, "seasons": [{"from": "12-20", "until": "03-10", "value": 10}]}},
           "decide_at": "00:00", "window": {"from": "22:00", "until": "05:00"}, "deadline": "07:00",
           "season": {"from": "11-15", "until": "04-10"}, "stations": ["amedas/31312"], "oldest": "2h",
           "standby": {"when": {"forecast_new_snow_cm": 5, "by": "06:00"}, "from": "21:00"}"#,
    ];
    for text in texts {
        let read = rule(text).unwrap();
        let written = serde_json::to_string(&read).unwrap();
        assert_eq!(
            serde_json::from_str::<Rule>(&written).unwrap(),
            read,
            "{written}"
        );
    }
}

#[test]
fn what_cannot_work_is_named() {
    // What is written → words of the error.
    let cases: [(&str, &[&str]); 22] = [
        (
            r#""when": {"new_snow": 10}"#,
            &["new_snow", "unknown field"],
        ),
        (
            r#""when": {"new_snow_cm": 10}, "deadlin": "07:00""#,
            &["deadlin"],
        ),
        (r#""when": {}"#, &["a condition is one of", "new_snow_cm"]),
        (
            r#""when": {"new_snow_cm": 10, "depth_cm": 100}"#,
            &["several conditions", "any"],
        ),
        (r#""when": {"new_snow_cm": "ten"}"#, &["a number"]),
        (r#""when": {"new_snow_cm": 0}"#, &["when", "0 cm"]),
        (r#""when": {"new_snow_cm": -5}"#, &["when", "-5 cm"]),
        (r#""when": {"snowfall_cm": 25}"#, &["hours"]),
        (
            r#""when": {"snowfall_cm": 25, "hours": 5}"#,
            &["hours", "5"],
        ),
        (r#""when": {"forecast_new_snow_cm": 25}"#, &["by"]),
        (r#""when": {"all": []}"#, &["when", "empty"]),
        (
            r#""when": {"new_snow_cm": 3}"#,
            &["hysteresis_cm", "never be over"],
        ),
        (
            r#""when": {"new_snow_cm": {"base": 15, "seasons": [{"from": "13-20", "until": "03-10", "value": 10}]}}"#,
            &["13-20"],
        ),
        (
            r#""when": {"new_snow_cm": {"base": 15, "seasons": [{"from": "12-20", "until": "03-10", "value": 2}]}}"#,
            &["hysteresis_cm"],
        ),
        (
            r#""when": {"new_snow_cm": 10}, "stations": ["31312"]"#,
            &["stations", "feed/station"],
        ),
        (
            r#""when": {"new_snow_cm": 10}, "stations": ["a/1", "a/1"]"#,
            &["stations", "twice"],
        ),
        (
            r#""when": {"new_snow_cm": 10}, "stations": ["a/1"], "at_least": 2"#,
            &["at_least", "2 of 1"],
        ),
        (
            r#""when": {"new_snow_cm": 10}, "consecutive": 0"#,
            &["consecutive"],
        ),
        (
            r#""when": {"new_snow_cm": 10}, "decide_at": "12:00", "window": {"from": "22:00", "until": "05:00"}"#,
            &["decide_at", "window"],
        ),
        (
            r#""when": {"new_snow_cm": 10}, "oldest": "72h""#,
            &["oldest"],
        ),
        (
            r#""when": {"all": [{"new_snow_cm": 20}, {"by_person": "わだち"}]}, "on_doubt": "raise""#,
            &["on_doubt"],
        ),
        (r#""when": {"temperature_at_most_c": 99}"#, &["99"]),
    ];
    for (text, words) in cases {
        let error = rule(text).expect_err(text);
        for word in words {
            assert!(error.contains(word), "{text}: {word:?} is not in {error}");
        }
    }
    let nothing: Rule =
        serde_json::from_str(r#"{"id": "r", "zones": [], "when": {"depth_cm": 100}}"#).unwrap();
    assert_eq!(nothing.check().unwrap_err().field, "zones");
    let slash = Rule {
        id: "a/b".to_owned(),
        ..new_snow_rule(10.0)
    };
    assert_eq!(slash.check().unwrap_err().field, "id");
}

#[test]
fn new_snow_is_always_asked_for() {
    let rule =
        rule(r#""when": {"snowfall_cm": 25, "hours": 24}, "standby": {"when": {"depth_cm": 50}}"#)
            .unwrap();
    assert_eq!(
        rule.measures(),
        [
            Measure::NewSnow,
            Measure::Snowfall { hours: 24 },
            Measure::Depth
        ]
    );
}

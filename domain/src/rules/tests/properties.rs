//! What holds whatever the weather.

use super::*;
use jiff::SignedDuration;
use proptest::prelude::*;

/// A reading each ten minutes: a value, or a doubt.
fn words() -> impl Strategy<Value = Vec<String>> {
    let word = prop_oneof![
        6 => (0.0..30.0_f64).prop_map(|cm| format!("{cm:.1}")),
        1 => Just("-".to_owned()),
        1 => (0.0..300.0_f64).prop_map(|cm| format!("!{cm:.1}")),
        1 => (0.0..300.0_f64).prop_map(|cm| format!("?{cm:.1}")),
    ];
    prop::collection::vec(word, 1..80)
}

fn rules() -> impl Strategy<Value = Rule> {
    (5.0..20.0_f64, 1u32..4, 0.0..4.0_f64, any::<bool>()).prop_map(
        |(threshold, consecutive, hysteresis_cm, decides)| Rule {
            consecutive,
            hysteresis_cm,
            decide_at: decides.then(|| "00:00".parse().unwrap()),
            ..new_snow_rule(threshold)
        },
    )
}

fn start() -> Timestamp {
    jst("2026-01-15T20:00")
}

/// Outcomes of looks each ten minutes, each done `times` times.
fn looks(rule: &Rule, words: &[String], times: usize) -> (Vec<Outcome>, RuleMemory) {
    let mut memory = RuleMemory::default();
    let mut outcomes = Vec::new();
    for (i, word) in words.iter().enumerate() {
        let now = start() + SignedDuration::from_mins(10 * i as i64);
        for _ in 0..times {
            let verdict = evaluate(rule, &new_snow(word, now), &memory, now);
            memory = verdict.memory;
            outcomes.push(verdict.outcome);
        }
    }
    (outcomes, memory)
}

fn rounds(outcomes: &[Outcome]) -> Vec<u32> {
    outcomes
        .iter()
        .filter_map(|outcome| match outcome {
            Outcome::Raise { round } => Some(*round),
            _ => None,
        })
        .collect()
}

proptest! {
    #[test]
    fn rounds_are_numbered_and_never_overlap(rule in rules(), words in words()) {
        let (outcomes, _) = looks(&rule, &words, 1);
        let mut open = None;
        let mut last = 0;
        for outcome in outcomes {
            match outcome {
                Outcome::Raise { round } => {
                    prop_assert_eq!(open, None);
                    prop_assert_eq!(round, last + 1);
                    (open, last) = (Some(round), round);
                }
                Outcome::Holding { round } => prop_assert_eq!(open, Some(round)),
                Outcome::StandDown { round } => {
                    prop_assert_eq!(open, Some(round));
                    open = None;
                }
                _ => prop_assert_eq!(open, None),
            }
        }
    }

    #[test]
    fn looking_again_changes_nothing(rule in rules(), words in words()) {
        let (once, memory) = looks(&rule, &words, 1);
        let (thrice, again) = looks(&rule, &words, 3);
        prop_assert_eq!(rounds(&once), rounds(&thrice));
        prop_assert_eq!(memory, again);
    }

    #[test]
    fn nothing_below_the_threshold_calls_and_no_doubt_is_a_no(rule in rules(), words in words()) {
        let (outcomes, _) = looks(&rule, &words, 1);
        let Condition::Compare { threshold, .. } = &rule.when else { unreachable!() };
        let good = |word: &String| word.parse::<f64>().ok();
        let reached = words.iter().filter_map(good).any(|cm| cm >= threshold.base);
        prop_assert!(reached || rounds(&outcomes).is_empty());
        for (word, outcome) in words.iter().zip(&outcomes) {
            // Missing and doubtful readings leave things as they are, or tell a person.
            let told = matches!(outcome, Outcome::Doubt | Outcome::Holding { .. } | Outcome::Waiting { .. });
            prop_assert!(good(word).is_some() || told, "{word}: {outcome:?}");
        }
    }

    #[test]
    fn more_snow_never_calls_less(threshold in 5.0..20.0_f64, words in prop::collection::vec(0.0..30.0_f64, 1..60), more in 0.0..20.0_f64) {
        // Up to the first call: after it the nights differ.
        let rule = Rule { consecutive: 2, ..new_snow_rule(threshold) };
        let text = |plus: f64| -> Vec<String> { words.iter().map(|cm| format!("{:.3}", cm + plus)).collect() };
        let first = |words: &[String]| {
            let (outcomes, _) = looks(&rule, words, 1);
            outcomes.iter().position(|o| matches!(o, Outcome::Raise { .. }))
        };
        if let Some(at) = first(&text(0.0)) {
            prop_assert!(first(&text(more)).is_some_and(|sooner| sooner <= at));
        }
    }

    #[test]
    fn memory_survives_a_restart(rule in rules(), words in words()) {
        let (_, memory) = looks(&rule, &words, 1);
        let text = serde_json::to_string(&memory).unwrap();
        prop_assert_eq!(serde_json::from_str::<RuleMemory>(&text).unwrap(), memory);
    }

    #[test]
    fn clock_steps_never_double_a_round(rule in rules(), words in words(), steps in prop::collection::vec(-25i64..25, 80)) {
        let mut memory = RuleMemory::default();
        let mut open = false;
        for (i, word) in words.iter().enumerate() {
            let now = start() + SignedDuration::from_mins(10 * i as i64) + SignedDuration::from_hours(steps[i]);
            let verdict = evaluate(&rule, &new_snow(word, now), &memory, now);
            prop_assert!(verdict.memory.round == memory.round || !open);
            open = matches!(verdict.memory.phase, Phase::Open { .. });
            memory = verdict.memory;
        }
    }
}

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod cases;
mod form;
mod nights;
mod properties;
mod surroundings;

use super::*;
use crate::observation::QualityFlag;
use jiff::Timestamp;

/// A time in Japan, as `2026-01-15T22:00`.
pub(super) fn jst(text: &str) -> Timestamp {
    format!("{text}:00+09:00").parse().unwrap()
}

pub(super) fn zone() -> Vec<String> {
    vec!["A-1".to_owned()]
}

/// New snow of at least so much, crossed in one pass.
pub(super) fn new_snow_rule(threshold_cm: f64) -> Rule {
    Rule {
        consecutive: 1,
        ..Rule::new(
            "r",
            zone(),
            Condition::at_least(Measure::NewSnow, threshold_cm),
        )
    }
}

/// What a witness says: a value, or a doubt (`?` suspect, `!` fail, `-` missing).
pub(super) fn witness(name: &str, word: &str, stations: u32, at: Timestamp) -> Witness {
    let flag = match word.chars().next() {
        Some('?') => QualityFlag::Suspect,
        Some('!') => QualityFlag::Fail,
        Some('-') => QualityFlag::Missing,
        _ => QualityFlag::Pass,
    };
    Witness {
        name: name.to_owned(),
        value: word.trim_start_matches(['?', '!', '-']).parse().ok(),
        stations,
        flag,
        reason: String::new(),
        observed_at: Some(at),
    }
}

/// New snow by the snow field, which rests on three stations.
pub(super) fn new_snow(word: &str, at: Timestamp) -> Evidence {
    field(Measure::NewSnow, word, at)
}

pub(super) fn field(measure: Measure, word: &str, at: Timestamp) -> Evidence {
    Evidence {
        measured: vec![(measure, Measured::Field(witness("", word, 3, at)))],
        ending: None,
    }
}

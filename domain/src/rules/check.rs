//! Whether a rule can work at all.

use super::condition::{Condition, Measure};
use super::{OnDoubt, Rule};
use jiff::SignedDuration;
use std::collections::BTreeSet;

/// Snowfall windows that are kept.
const HOURS: [u8; 6] = [1, 3, 6, 12, 24, 72];
/// Most conditions in one rule.
const MOST_CONDITIONS: usize = 64;
/// Names that stand for call-outs by hand, for questions to a person, and in addresses.
const RESERVED: [&str; 3] = ["by-hand", "doubt", "test"];
/// Deepest snow that anyone has to set a threshold for, cm.
const DEEPEST_CM: f64 = 1000.0;

/// What is wrong with a rule: the field and the reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct RuleError {
    /// The field at fault.
    pub field: &'static str,
    /// What is wrong with it.
    pub reason: String,
}

impl Rule {
    /// Checks it without any data.
    ///
    /// # Errors
    /// The first field that can't work.
    pub fn check(&self) -> Result<(), RuleError> {
        let bad = |field, reason: String| Err(RuleError { field, reason });
        let printable = |name: &str| {
            (1..=100).contains(&name.chars().count())
                && !name.contains(|c: char| c.is_control() || c == '/')
        };
        if !printable(&self.id) || self.id.trim() != self.id {
            let what = "needs 1 to 100 printable characters, without / and without space around";
            return bad("id", what.to_owned());
        }
        if RESERVED.contains(&self.id.as_str()) {
            return bad("id", format!("{:?} means something else already", self.id));
        }
        if self.zones.is_empty() {
            return bad("zones", "is empty; \"*\" means all zones".to_owned());
        }
        if let Some(zone) = self.zones.iter().find(|zone| zone.trim().is_empty()) {
            return bad("zones", format!("{zone:?} is no zone's name"));
        }
        check_condition("when", &self.when)?;
        if let Some(standby) = &self.standby {
            check_condition("standby.when", &standby.when)?;
        }
        let mut seen = BTreeSet::new();
        for station in &self.stations {
            let parts = station.split_once('/');
            if parts.is_none_or(|(feed, id)| feed.is_empty() || id.is_empty()) {
                return bad("stations", format!("{station:?} is not feed/station"));
            }
            if !seen.insert(station) {
                return bad("stations", format!("{station:?} stands twice"));
            }
        }
        if self.at_least == 0 {
            return bad("at_least", "is 0; at least one must say so".to_owned());
        }
        if !self.stations.is_empty() && self.at_least as usize > self.stations.len() {
            let reason = format!("{} of {} stations", self.at_least, self.stations.len());
            return bad("at_least", reason);
        }
        if !(1..=10).contains(&self.consecutive) {
            return bad("consecutive", "needs 1 to 10 passes".to_owned());
        }
        self.check_snow()?;
        let longest = SignedDuration::from_hours(24);
        if self.oldest < SignedDuration::from_mins(10) || self.oldest > longest {
            return bad("oldest", "needs 10 minutes to 24 hours".to_owned());
        }
        if let (Some(decide_at), Some(window)) = (self.decide_at, self.window)
            && !window.contains(decide_at)
        {
            return bad("decide_at", "lies outside the window".to_owned());
        }
        if self.on_doubt == OnDoubt::Raise && has_person(&self.when) {
            let reason = "raise would call each night: by_person is always in doubt";
            return bad("on_doubt", reason.to_owned());
        }
        Ok(())
    }

    fn check_snow(&self) -> Result<(), RuleError> {
        let bad = |field, reason: String| Err(RuleError { field, reason });
        if !(0.0..=50.0).contains(&self.hysteresis_cm) {
            return bad("hysteresis_cm", "needs 0 to 50 cm".to_owned());
        }
        let mut lowest = f64::INFINITY;
        self.when.each(&mut |measure, threshold| {
            if measure.is_snow() {
                lowest = threshold.values().fold(lowest, f64::min);
            }
        });
        if self.hysteresis_cm >= lowest {
            let reason = format!("with a threshold of {lowest} cm a round would never be over");
            return bad("hysteresis_cm", reason);
        }
        if let Some(again_cm) = self.again_cm
            && !(again_cm > 0.0 && again_cm <= DEEPEST_CM)
        {
            return bad("again_cm", format!("{again_cm} cm is no depth of new snow"));
        }
        Ok(())
    }
}

fn check_condition(field: &'static str, condition: &Condition) -> Result<(), RuleError> {
    let bad = |reason: String| RuleError { field, reason };
    if condition.size() > MOST_CONDITIONS {
        return Err(bad(format!("more than {MOST_CONDITIONS} conditions")));
    }
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            if parts.is_empty() {
                return Err(bad("an empty list of conditions".to_owned()));
            }
            parts
                .iter()
                .try_for_each(|part| check_condition(field, part))
        }
        Condition::ByPerson(what) if what.trim().is_empty() => {
            Err(bad("by_person: says nothing".to_owned()))
        }
        Condition::ByPerson(_) => Ok(()),
        Condition::Compare {
            measure, threshold, ..
        } => {
            if let Measure::Snowfall { hours } = measure
                && !HOURS.contains(hours)
            {
                return Err(bad(format!("hours: {hours} is none of {HOURS:?}")));
            }
            let good = |value: f64| match measure.is_snow() {
                true => value > 0.0 && value <= DEEPEST_CM,
                false => (-60.0..=60.0).contains(&value),
            };
            match threshold.values().find(|value| !good(*value)) {
                Some(value) => Err(bad(format!(
                    "{value} {} is no threshold of {measure:?}",
                    measure.unit()
                ))),
                None => Ok(()),
            }
        }
    }
}

fn has_person(condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(has_person),
        Condition::ByPerson(_) => true,
        Condition::Compare { .. } => false,
    }
}

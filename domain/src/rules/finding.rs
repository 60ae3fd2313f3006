//! What a condition comes to, in three values.

use super::Rule;
use super::cause::Cause;
use super::condition::{Comparison, Condition, Measure, Threshold};
use super::evidence::{Evidence, Measured, Witness};
use super::reason::Part;
use crate::observation::QualityFlag;
use jiff::{SignedDuration, Timestamp};

/// A forecast that was issued longer ago is none.
const OLDEST_FORECAST: SignedDuration = SignedDuration::from_hours(12);

/// Kleene's three values: `All` is their minimum, `Any` their maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// Certainly not.
    No,
    /// Nobody can say.
    Unknown,
    /// Certainly.
    Yes,
}

/// What a condition comes to, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Whether it holds.
    pub truth: Truth,
    /// The values that decided.
    pub parts: Vec<Part>,
    /// Why nobody can say; empty unless that decided.
    pub causes: Vec<Cause>,
    /// The newest reading among those that decided.
    pub newest: Option<Timestamp>,
}

impl Condition {
    /// What it comes to; snow thresholds are lowered by `lowered_cm`.
    pub fn find(
        &self,
        rule: &Rule,
        evidence: &Evidence,
        lowered_cm: f64,
        now: Timestamp,
    ) -> Finding {
        match self {
            Condition::All(parts) => joined(parts, rule, evidence, lowered_cm, now, Truth::No),
            Condition::Any(parts) => joined(parts, rule, evidence, lowered_cm, now, Truth::Yes),
            Condition::ByPerson(what) => unknown(vec![Cause::ByPerson { what: what.clone() }]),
            Condition::Compare {
                measure,
                comparison,
                threshold,
            } => {
                let lowered_cm = if measure.is_snow() { lowered_cm } else { 0.0 };
                let test = Test {
                    measure: *measure,
                    comparison: *comparison,
                    threshold: threshold.at(now) - lowered_cm,
                    at_least: rule.at_least.max(1),
                    oldest: match measure {
                        Measure::ForecastNewSnow { .. } => OLDEST_FORECAST,
                        _ => rule.oldest,
                    },
                    now,
                };
                test.find(evidence.of(*measure))
            }
        }
    }
}

/// Whether new snow alone reaches a threshold, as it must to open another round.
pub(super) fn new_snow_reaches(
    rule: &Rule,
    evidence: &Evidence,
    threshold_cm: f64,
    now: Timestamp,
) -> Finding {
    let condition = Condition::Compare {
        measure: Measure::NewSnow,
        comparison: Comparison::AtLeast,
        threshold: Threshold::flat(threshold_cm),
    };
    condition.find(rule, evidence, 0.0, now)
}

/// `settles` is the value of one part that settles the whole: no for all, yes for any.
fn joined(
    parts: &[Condition],
    rule: &Rule,
    evidence: &Evidence,
    lowered_cm: f64,
    now: Timestamp,
    settles: Truth,
) -> Finding {
    let found: Vec<Finding> = parts
        .iter()
        .map(|part| part.find(rule, evidence, lowered_cm, now))
        .collect();
    let truths = found.iter().map(|f| f.truth);
    let truth = match settles {
        Truth::No => truths.min(),
        _ => truths.max(),
    }
    // None at all: nobody can say.
    .unwrap_or(Truth::Unknown);
    let mut whole = Finding {
        truth,
        parts: Vec::new(),
        causes: Vec::new(),
        newest: None,
    };
    for part in found {
        // Of an unknown whole the certain parts are told too: "25 cm, and ruts are to be looked at".
        if part.truth == truth || truth == Truth::Unknown {
            whole.parts.extend(part.parts);
            whole.newest = whole.newest.max(part.newest);
        }
        if part.truth == truth {
            whole.causes.extend(part.causes);
        }
    }
    whole
}

fn unknown(causes: Vec<Cause>) -> Finding {
    Finding {
        truth: Truth::Unknown,
        parts: Vec::new(),
        causes,
        newest: None,
    }
}

struct Test {
    measure: Measure,
    comparison: Comparison,
    threshold: f64,
    at_least: u32,
    oldest: SignedDuration,
    now: Timestamp,
}

impl Test {
    fn find(&self, measured: Option<&Measured>) -> Finding {
        match measured {
            None => unknown(vec![self.nothing()]),
            Some(Measured::Field(witness)) => self.by_field(witness),
            Some(Measured::Stations(witnesses)) => self.by_stations(witnesses),
        }
    }

    fn is_forecast(&self) -> bool {
        matches!(self.measure, Measure::ForecastNewSnow { .. })
    }

    fn nothing(&self) -> Cause {
        if self.is_forecast() {
            Cause::NoForecast
        } else {
            Cause::NoSnowField
        }
    }

    fn by_field(&self, witness: &Witness) -> Finding {
        let value = match self.believed(witness) {
            Ok(value) => value,
            Err(_) if self.is_forecast() => return unknown(vec![Cause::NoForecast]),
            Err(Doubt::Old) => return unknown(vec![Cause::SnowFieldOld]),
            Err(Doubt::Flag) => return unknown(vec![Cause::NoSnowField]),
        };
        if witness.stations < self.at_least && !self.is_forecast() {
            return unknown(vec![Cause::FewStations]);
        }
        Finding {
            truth: self.truth_of(value),
            parts: vec![self.part(value, witness.stations)],
            causes: Vec::new(),
            newest: self.read_at(witness),
        }
    }

    /// At least k of n: certain when k say yes, or so many say no that k can't be reached.
    fn by_stations(&self, witnesses: &[Witness]) -> Finding {
        let (mut yes, mut no, mut causes) = (Vec::new(), Vec::new(), Vec::new());
        let mut newest = None;
        for witness in witnesses {
            match self.believed(witness) {
                Ok(value) => {
                    newest = newest.max(self.read_at(witness));
                    match self.truth_of(value) {
                        Truth::Yes => yes.push(value),
                        _ => no.push(value),
                    }
                }
                Err(doubt) => causes.push(match doubt {
                    Doubt::Old => Cause::StationSilent {
                        station: witness.name.clone(),
                    },
                    Doubt::Flag => Cause::Station {
                        station: witness.name.clone(),
                        flag: witness.flag,
                    },
                }),
            }
        }
        let needed = self.at_least as usize;
        let truth = if yes.len() >= needed {
            Truth::Yes
        } else if yes.len() + causes.len() >= needed {
            Truth::Unknown
        } else {
            Truth::No
        };
        // The value that decides is the k-th in order: k stations say at least so much.
        let told = if truth == Truth::No {
            &mut no
        } else {
            &mut yes
        };
        told.sort_unstable_by(|a, b| match self.comparison {
            Comparison::AtLeast => b.total_cmp(a),
            Comparison::AtMost => a.total_cmp(b),
        });
        let at = (needed - 1).min(told.len().saturating_sub(1));
        let part = told
            .get(at)
            .map(|value| self.part(*value, told.len() as u32));
        if truth == Truth::Unknown && causes.is_empty() {
            causes.push(self.nothing());
        }
        Finding {
            truth,
            parts: part.into_iter().collect(),
            causes: match truth {
                Truth::Unknown => causes,
                _ => Vec::new(),
            },
            newest,
        }
    }

    fn truth_of(&self, value: f64) -> Truth {
        match self.comparison.passes(value, self.threshold) {
            true => Truth::Yes,
            false => Truth::No,
        }
    }

    fn part(&self, value: f64, stations: u32) -> Part {
        Part {
            measure: self.measure,
            value,
            comparison: self.comparison,
            threshold: self.threshold,
            stations,
        }
    }

    fn believed(&self, witness: &Witness) -> Result<f64, Doubt> {
        let value = witness.value.filter(|v| v.is_finite()).ok_or(Doubt::Flag)?;
        if witness.flag != QualityFlag::Pass {
            return Err(Doubt::Flag);
        }
        match witness.observed_at {
            Some(at) if self.now.duration_since(at) <= self.oldest => Ok(value),
            _ => Err(Doubt::Old),
        }
    }

    /// A forecast is no reading that could be a spike: each look at it is a pass.
    fn read_at(&self, witness: &Witness) -> Option<Timestamp> {
        match self.is_forecast() {
            true => Some(self.now),
            false => witness.observed_at,
        }
    }
}

enum Doubt {
    Flag,
    Old,
}

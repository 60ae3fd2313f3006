//! Conditions as a tree, in the form that people write.

use super::season::SeasonValue;
use jiff::Timestamp;
use jiff::civil::Time;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What is measured, or foreseen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Measure {
    /// 新積雪: snow fallen since the roads were last cleared, cm.
    NewSnow,
    /// 降雪量 of the last hours, cm.
    Snowfall {
        /// How many hours: 1, 3, 6, 12, 24, 48 or 72.
        hours: u8,
    },
    /// 積雪深, cm.
    Depth,
    /// 気温, °C.
    Temperature,
    /// New snow since the roads were last cleared that there will be by a time of the day, cm.
    ForecastNewSnow {
        /// By when.
        by: Time,
    },
}

impl Measure {
    /// Whether it is snow, so that a hysteresis in cm means anything.
    pub fn is_snow(self) -> bool {
        self != Measure::Temperature
    }

    /// Its unit.
    pub fn unit(self) -> &'static str {
        if self.is_snow() { "cm" } else { "°C" }
    }

    /// Its name for people.
    pub fn ja(self) -> String {
        match self {
            Measure::NewSnow => "新積雪".to_owned(),
            Measure::Snowfall { hours } => format!("{hours} 時間降雪量"),
            Measure::Depth => "積雪深".to_owned(),
            Measure::Temperature => "気温".to_owned(),
            Measure::ForecastNewSnow { by } => {
                format!("{}:{:02} までの予想新積雪", by.hour(), by.minute())
            }
        }
    }
}

/// How a value is held against a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// ≥
    AtLeast,
    /// ≤
    AtMost,
}

impl Comparison {
    /// Whether the value passes.
    pub fn passes(self, value: f64, threshold: f64) -> bool {
        match self {
            Comparison::AtLeast => value >= threshold,
            Comparison::AtMost => value <= threshold,
        }
    }

    /// Its sign.
    pub fn sign(self) -> &'static str {
        match self {
            Comparison::AtLeast => "≥",
            Comparison::AtMost => "≤",
        }
    }
}

/// A threshold, with what holds in parts of the year.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// Where no part of the year says otherwise.
    pub base: f64,
    /// Parts of the year; the first that holds counts.
    pub seasons: Vec<SeasonValue>,
}

impl Threshold {
    /// The same all year.
    pub fn flat(base: f64) -> Self {
        Threshold {
            base,
            seasons: Vec::new(),
        }
    }

    /// What holds at a time.
    pub fn at(&self, now: Timestamp) -> f64 {
        let mut parts = self.seasons.iter();
        parts
            .find(|part| part.season().holds_at(now))
            .map_or(self.base, |part| part.value)
    }

    /// All values that it takes in a year.
    pub(super) fn values(&self) -> impl Iterator<Item = f64> + '_ {
        std::iter::once(self.base).chain(self.seasons.iter().map(|part| part.value))
    }
}

/// When a rule is crossed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Form", into = "Form")]
pub enum Condition {
    /// All of them.
    All(Vec<Condition>),
    /// Any of them.
    Any(Vec<Condition>),
    /// A value against a threshold.
    Compare {
        /// Of what.
        measure: Measure,
        /// How.
        comparison: Comparison,
        /// Against what.
        threshold: Threshold,
    },
    /// What no sensor tells, as ruts over 10 cm: it is always for a person to say.
    ByPerson(String),
}

impl Condition {
    /// The commonest: at least so much.
    pub fn at_least(measure: Measure, threshold: f64) -> Self {
        Condition::Compare {
            measure,
            comparison: Comparison::AtLeast,
            threshold: Threshold::flat(threshold),
        }
    }

    /// Visits each comparison.
    pub(super) fn each<'c>(&'c self, visit: &mut impl FnMut(Measure, &'c Threshold)) {
        match self {
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().for_each(|part| part.each(visit));
            }
            Condition::Compare {
                measure, threshold, ..
            } => visit(*measure, threshold),
            Condition::ByPerson(_) => {}
        }
    }

    /// How many conditions it is made of.
    pub(super) fn size(&self) -> usize {
        match self {
            Condition::All(parts) | Condition::Any(parts) => {
                1 + parts.iter().map(Condition::size).sum::<usize>()
            }
            _ => 1,
        }
    }
}

/// A condition as it is written: one key with its value, as `{ new_snow_cm = 10 }`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Form {
    #[serde(skip_serializing_if = "Option::is_none")]
    all: Option<Vec<Condition>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    any: Option<Vec<Condition>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_snow_cm: Option<Threshold>,
    #[serde(skip_serializing_if = "Option::is_none")]
    snowfall_cm: Option<Threshold>,
    /// Of `snowfall_cm`.
    #[serde(skip_serializing_if = "Option::is_none")]
    hours: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    depth_cm: Option<Threshold>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature_at_most_c: Option<Threshold>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature_at_least_c: Option<Threshold>,
    #[serde(skip_serializing_if = "Option::is_none")]
    forecast_new_snow_cm: Option<Threshold>,
    /// Of `forecast_new_snow_cm`.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_person: Option<String>,
}

const KEYS: &str = "all, any, new_snow_cm, snowfall_cm (with hours), depth_cm, \
                    temperature_at_most_c, temperature_at_least_c, forecast_new_snow_cm (with by) \
                    and by_person";

impl TryFrom<Form> for Condition {
    type Error = String;

    fn try_from(form: Form) -> Result<Self, String> {
        let compare = |measure: Measure, comparison, threshold: Option<Threshold>| {
            threshold.map(|threshold| Condition::Compare {
                measure,
                comparison,
                threshold,
            })
        };
        let snowfall = match (form.snowfall_cm, form.hours) {
            (None, None) => None,
            (Some(threshold), Some(hours)) => compare(
                Measure::Snowfall { hours },
                Comparison::AtLeast,
                Some(threshold),
            ),
            _ => return Err("snowfall_cm and hours belong together".to_owned()),
        };
        let forecast = match (form.forecast_new_snow_cm, form.by) {
            (None, None) => None,
            (Some(threshold), Some(by)) => compare(
                Measure::ForecastNewSnow { by },
                Comparison::AtLeast,
                Some(threshold),
            ),
            _ => return Err("forecast_new_snow_cm and by belong together".to_owned()),
        };
        let mut found = [
            form.all.map(Condition::All),
            form.any.map(Condition::Any),
            compare(Measure::NewSnow, Comparison::AtLeast, form.new_snow_cm),
            snowfall,
            compare(Measure::Depth, Comparison::AtLeast, form.depth_cm),
            compare(
                Measure::Temperature,
                Comparison::AtMost,
                form.temperature_at_most_c,
            ),
            compare(
                Measure::Temperature,
                Comparison::AtLeast,
                form.temperature_at_least_c,
            ),
            forecast,
            form.by_person.map(Condition::ByPerson),
        ]
        .into_iter()
        .flatten();
        match (found.next(), found.next()) {
            (Some(condition), None) => Ok(condition),
            (None, _) => Err(format!("a condition is one of {KEYS}")),
            (Some(_), Some(_)) => Err(
                "several conditions in one place; put them into all = [] or any = []".to_owned(),
            ),
        }
    }
}

impl From<Condition> for Form {
    fn from(condition: Condition) -> Self {
        let mut form = Form::default();
        match condition {
            Condition::All(parts) => form.all = Some(parts),
            Condition::Any(parts) => form.any = Some(parts),
            Condition::ByPerson(what) => form.by_person = Some(what),
            Condition::Compare {
                measure,
                comparison,
                threshold,
            } => {
                let threshold = Some(threshold);
                match (measure, comparison) {
                    (Measure::NewSnow, _) => form.new_snow_cm = threshold,
                    (Measure::Depth, _) => form.depth_cm = threshold,
                    (Measure::Snowfall { hours }, _) => {
                        (form.snowfall_cm, form.hours) = (threshold, Some(hours));
                    }
                    (Measure::ForecastNewSnow { by }, _) => {
                        (form.forecast_new_snow_cm, form.by) = (threshold, Some(by));
                    }
                    (Measure::Temperature, Comparison::AtMost) => {
                        form.temperature_at_most_c = threshold;
                    }
                    (Measure::Temperature, Comparison::AtLeast) => {
                        form.temperature_at_least_c = threshold;
                    }
                }
            }
        }
        form
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ThresholdTable {
    base: f64,
    seasons: Vec<SeasonValue>,
}

impl Serialize for Threshold {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.seasons.is_empty() {
            serializer.serialize_f64(self.base)
        } else {
            ThresholdTable {
                base: self.base,
                seasons: self.seasons.clone(),
            }
            .serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Threshold {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ThresholdVisitor)
    }
}

/// serde's `untagged` would take both forms too, and say nothing of what is wrong.
struct ThresholdVisitor;

impl<'de> Visitor<'de> for ThresholdVisitor {
    type Value = Threshold;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a number, or { base = 15, seasons = [{ from = \"12-20\", until = \"03-10\", value = 10 }] }")
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Threshold, E> {
        Ok(Threshold::flat(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Threshold, E> {
        Ok(Threshold::flat(value as f64))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Threshold, E> {
        Ok(Threshold::flat(value as f64))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Threshold, A::Error> {
        let table = ThresholdTable::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Threshold {
            base: table.base,
            seasons: table.seasons,
        })
    }
}

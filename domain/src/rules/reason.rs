//! The reason in words: 「新積雪 12 cm ≥ 10 cm、2 観測所」.

use super::condition::{Comparison, Measure};

/// One value that decided.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// Of what.
    pub measure: Measure,
    /// The value.
    pub value: f64,
    /// How it was compared.
    pub comparison: Comparison,
    /// With what.
    pub threshold: f64,
    /// How many stations say so.
    pub stations: u32,
}

impl Part {
    /// For people.
    pub fn ja(&self) -> String {
        let unit = self.measure.unit();
        let said = format!(
            "{} {} {unit} {} {} {unit}",
            self.measure.ja(),
            rounded(self.value),
            self.sign(),
            rounded(self.threshold)
        );
        match (self.measure, self.stations) {
            (Measure::ForecastNewSnow { .. }, _) | (_, 0) => said,
            (_, stations) => format!("{said}、{stations} 観測所"),
        }
    }

    fn sign(&self) -> &'static str {
        match (
            self.comparison.passes(self.value, self.threshold),
            self.comparison,
        ) {
            (true, comparison) => comparison.sign(),
            (false, Comparison::AtLeast) => "<",
            (false, Comparison::AtMost) => ">",
        }
    }
}

/// The parts in one line.
pub fn reason_ja(parts: &[Part]) -> String {
    let parts: Vec<String> = parts.iter().map(Part::ja).collect();
    parts.join("／")
}

/// Whole numbers as such, others with one place. Downwards, so that 9.96 isn't shown as a 10 that was
/// not reached.
fn rounded(value: f64) -> String {
    let tenths = (value * 10.0 + 1e-6).floor() / 10.0;
    if tenths.fract() == 0.0 {
        format!("{tenths:.0}")
    } else {
        format!("{tenths:.1}")
    }
}

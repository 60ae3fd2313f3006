//! What is known of a zone when its rules are looked at.

use super::condition::Measure;
use crate::observation::QualityFlag;
use jiff::Timestamp;

/// What one station, or the snow field, says of one measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Witness {
    /// The station as `feed/station`; empty for the snow field.
    pub name: String,
    /// The value in the measure's unit; `None` where there is none.
    pub value: Option<f64>,
    /// On how many stations it rests: one for a station.
    pub stations: u32,
    /// What is believed of it. Anything but `Pass` is doubt.
    pub flag: QualityFlag,
    /// Why it isn't believed, for people.
    pub reason: String,
    /// When it was measured; of a forecast, when it was issued. `None` where there is nothing.
    pub observed_at: Option<Timestamp>,
}

/// Who was asked of a measure.
#[derive(Debug, Clone, PartialEq)]
pub enum Measured {
    /// The snow field at the zone, or the forecast there.
    Field(Witness),
    /// The rule's stations, each by itself.
    Stations(Vec<Witness>),
}

/// How a round ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundEnd {
    /// Its dispatch was completed.
    Completed,
    /// Its dispatch was cancelled.
    Cancelled,
}

/// That a round ended, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoundEnding {
    /// Which round.
    pub round: u32,
    /// How.
    pub end: RoundEnd,
    /// When.
    pub at: Timestamp,
}

/// All that a rule needs to know of its zone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evidence {
    /// By measure. New snow is counted since the roads were cleared or the last round ended, whichever
    /// was later. A measure that isn't here is unknown.
    pub measured: Vec<(Measure, Measured)>,
    /// How the zone's last round ended, where it has.
    pub ending: Option<RoundEnding>,
}

impl Evidence {
    pub(super) fn of(&self, measure: Measure) -> Option<&Measured> {
        let mut measured = self.measured.iter();
        measured
            .find(|(own, _)| *own == measure)
            .map(|(_, measured)| measured)
    }
}

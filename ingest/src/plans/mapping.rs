//! How a plan's fields are called.

use crate::decoded::{DecodeError, Decoded};
use crate::features::{Field, FieldNames, PlaceColumns, PlaceFields};
use crate::formats::Decoder;
use crate::mapping::{MappingError, zone_of};
use crate::table::TableSettings;
use crate::text::TimeReader;
use crate::word_table::WordTable;
use crate::work_words::WorkWords;
use domain::plan::PlanState;
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// `[feed.plans]` of the configuration: names of columns or properties.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlansMapping {
    /// The source's own id; made of place and window where it is left out.
    pub id: Option<String>,
    /// Start of the window. A date alone means its first moment.
    pub from: Option<String>,
    /// End of the window. A date alone means the whole day.
    pub until: Option<String>,
    /// The day, where a plan is for a day (and `hours` of it) instead of `from` and `until`.
    pub date: Option<String>,
    /// Hours of the day, such as `21:00-5:00`; all day where the cell is empty.
    pub hours: Option<String>,
    /// What will be done; read through `work_values`.
    pub work: Option<String>,
    /// From a cell's text to a work kind's name.
    #[serde(default)]
    pub work_values: BTreeMap<String, String>,
    /// What a plan without work is for.
    pub unflagged: Option<String>,
    /// Its state; read through `state_values`. Planned where it is left out.
    pub state: Option<String>,
    /// From a state's text to `planned`, `moved`, `cancelled` or `done`.
    #[serde(default)]
    pub state_values: BTreeMap<String, String>,
    /// What else it says.
    pub note: Option<String>,
    /// Where.
    #[serde(default)]
    pub place: PlaceFields,
    /// strptime form of times that are written in none of the usual ways.
    pub time_format: Option<String>,
    /// IANA zone of times that carry none. Default: Asia/Tokyo.
    pub time_zone: Option<String>,
    /// How a table is written.
    #[serde(default)]
    pub table: TableSettings,
}

/// Words for a plan's state beside their names.
const STATE_WORDS: [(&str, PlanState); 16] = [
    ("予定", PlanState::Planned),
    ("予定あり", PlanState::Planned),
    ("実施予定", PlanState::Planned),
    ("計画", PlanState::Planned),
    ("変更", PlanState::Moved),
    ("日程変更", PlanState::Moved),
    ("延期", PlanState::Moved),
    ("順延", PlanState::Moved),
    ("中止", PlanState::Cancelled),
    ("取消", PlanState::Cancelled),
    ("取りやめ", PlanState::Cancelled),
    ("完了", PlanState::Done),
    ("終了", PlanState::Done),
    ("済", PlanState::Done),
    ("実施済", PlanState::Done),
    ("作業完了", PlanState::Done),
];

/// Where a record says when.
#[derive(Debug, Clone, Copy)]
pub(super) enum Window {
    FromUntil(Field, Field),
    Day(Field, Option<Field>),
}

/// A mapping whose words have been looked up.
#[derive(Debug)]
pub(super) struct Resolved {
    pub(super) names: FieldNames,
    pub(super) id: Option<Field>,
    pub(super) window: Window,
    pub(super) work: Option<Field>,
    pub(super) words: WorkWords,
    pub(super) state: Option<Field>,
    pub(super) states: WordTable<PlanState>,
    pub(super) note: Option<Field>,
    pub(super) place: PlaceColumns,
    pub(super) times: TimeReader,
}

impl PlansMapping {
    pub(super) fn resolve(&self) -> Result<Resolved, MappingError> {
        self.table.check()?;
        let mut names = FieldNames::default();
        let window = match (&self.from, &self.until, &self.date, &self.hours) {
            (Some(from), Some(until), None, None) => {
                Window::FromUntil(names.add("from", from), names.add("until", until))
            }
            (None, None, Some(date), hours) => Window::Day(
                names.add("date", date),
                names.add_optional("hours", hours.as_deref()),
            ),
            _ => {
                let what = "needs either both from and until, or date, with or without hours";
                return Err(MappingError::new("from", what));
            }
        };
        if self.work.is_none() && self.unflagged.is_none() {
            let what = "needs work, the field, or unflagged, what all plans are for";
            return Err(MappingError::new("work", what));
        }
        Ok(Resolved {
            id: names.add_optional("id", self.id.as_deref()),
            window,
            work: names.add_optional("work", self.work.as_deref()),
            words: WorkWords::new(&self.work_values, self.unflagged.as_deref())?,
            state: names.add_optional("state", self.state.as_deref()),
            states: WordTable::new(
                "state",
                "state_values",
                &self.state_values,
                PlanState::ALL
                    .map(|(state, name, _)| (name, state))
                    .to_vec(),
                &STATE_WORDS,
            )?,
            note: names.add_optional("note", self.note.as_deref()),
            place: self.place.ask(&mut names),
            names,
            times: TimeReader::new(
                self.time_format.clone(),
                zone_of(self.time_zone.as_deref())?,
            ),
        })
    }
}

impl Decoder for PlansMapping {
    fn check(&self) -> Result<(), MappingError> {
        self.resolve().map(|_| ())
    }

    fn decode(&self, payload: &[u8], now: Timestamp) -> Result<Decoded, DecodeError> {
        super::decode::decode(payload, self, now)
    }
}

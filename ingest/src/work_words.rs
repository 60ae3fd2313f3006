//! What a manager calls each kind of work.

use crate::mapping::MappingError;
use crate::text::normalize;
use domain::work::WorkKind;
use std::collections::BTreeMap;

/// The standard words, which need no mapping.
const STANDARD: [(&str, WorkKind); 9] = [
    ("新雪除雪", WorkKind::Plowing),
    ("路面整正", WorkKind::Grading),
    ("圧雪処理", WorkKind::PackedSnowRemoval),
    ("拡幅除雪", WorkKind::Widening),
    ("運搬排雪", WorkKind::Hauling),
    ("凍結防止剤散布", WorkKind::Deicing),
    ("歩道除雪", WorkKind::Sidewalk),
    ("回送", WorkKind::Transit),
    ("移動", WorkKind::Transit),
];

/// A feed's words for work. Its own (`work_values`) come first, then the names of
/// [`WorkKind`], then the standard words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkWords {
    own: BTreeMap<String, WorkKind>,
    unflagged: Option<WorkKind>,
}

impl WorkWords {
    /// From the keys `work_values` and `unflagged` of a format's section.
    ///
    /// # Errors
    /// A name that is no work kind.
    pub fn new(
        work_values: &BTreeMap<String, String>,
        unflagged: Option<&str>,
    ) -> Result<Self, MappingError> {
        let own = work_values
            .iter()
            .map(|(value, name)| Ok((normalize(value), kind("work_values", name)?)))
            .collect::<Result<_, MappingError>>()?;
        let unflagged = unflagged.map(|name| kind("unflagged", name)).transpose()?;
        Ok(WorkWords { own, unflagged })
    }

    /// What a value stands for; without one, what records without work count as.
    ///
    /// # Errors
    /// The reason for a person, when the value is unknown.
    pub fn read(&self, value: Option<&str>) -> Result<Option<WorkKind>, String> {
        let Some(value) = value.map(normalize).filter(|value| !value.is_empty()) else {
            return Ok(self.unflagged);
        };
        let standard = || {
            STANDARD
                .into_iter()
                .find(|(word, _)| *word == value)
                .map(|s| s.1)
        };
        self.own
            .get(&value)
            .copied()
            .or_else(|| WorkKind::parse(&value))
            .or_else(standard)
            .map(Some)
            .ok_or_else(|| {
                format!("{value:?} is not among work_values; add it to the feed's configuration")
            })
    }
}

fn kind(key: &str, name: &str) -> Result<WorkKind, MappingError> {
    WorkKind::parse(name).ok_or_else(|| {
        let names = WorkKind::ALL.map(WorkKind::as_str).join(", ");
        MappingError::new(key, format!("{name:?} is no work kind; they are {names}"))
    })
}

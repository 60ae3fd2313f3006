//! How a closure's fields are called.

use crate::decoded::{DecodeError, Decoded};
use crate::features::{Field, FieldNames, PlaceColumns, PlaceFields};
use crate::formats::Decoder;
use crate::mapping::{MappingError, zone_of};
use crate::table::TableSettings;
use crate::text::TimeReader;
use crate::word_table::WordTable;
use domain::closure::ClosureKind;
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// `[feed.closures]` of the configuration: names of columns or properties.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClosuresMapping {
    /// The source's own id; made of place, kind and start where it is left out.
    pub id: Option<String>,
    /// Its kind; read through `kind_values`.
    pub kind: Option<String>,
    /// From a kind's text to `winter`, `closed`, `one_lane` or `restricted`.
    #[serde(default)]
    pub kind_values: BTreeMap<String, String>,
    /// What a closure without a kind is, as in a list of winter closures.
    pub unflagged: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Since when. A date alone means its first moment.
    pub since: String,
    /// Until when. A date alone means the whole day; an empty cell, until further notice.
    pub until: Option<String>,
    /// Hours of each day in which it holds, such as `20:00-6:00`.
    pub daily: Option<String>,
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

/// Words for kinds beside their names.
const KIND_WORDS: [(&str, ClosureKind); 26] = [
    ("冬期閉鎖", ClosureKind::Winter),
    ("冬季閉鎖", ClosureKind::Winter),
    ("冬期通行止め", ClosureKind::Winter),
    ("冬季通行止め", ClosureKind::Winter),
    ("冬期通行止", ClosureKind::Winter),
    ("冬期間通行止め", ClosureKind::Winter),
    ("冬期間閉鎖", ClosureKind::Winter),
    ("通行止め", ClosureKind::Closed),
    ("通行止", ClosureKind::Closed),
    ("全面通行止め", ClosureKind::Closed),
    ("全面通行止", ClosureKind::Closed),
    ("車両通行止め", ClosureKind::Closed),
    ("夜間通行止め", ClosureKind::Closed),
    ("閉鎖", ClosureKind::Closed),
    ("片側交互通行", ClosureKind::OneLane),
    ("片側通行", ClosureKind::OneLane),
    ("交互通行", ClosureKind::OneLane),
    ("片側交互", ClosureKind::OneLane),
    ("通行規制", ClosureKind::Restricted),
    ("チェーン規制", ClosureKind::Restricted),
    ("冬用タイヤ規制", ClosureKind::Restricted),
    ("タイヤチェーン装着", ClosureKind::Restricted),
    ("大型車通行止め", ClosureKind::Restricted),
    ("車線規制", ClosureKind::Restricted),
    ("幅員減少", ClosureKind::Restricted),
    ("速度規制", ClosureKind::Restricted),
];

/// A mapping whose words have been looked up.
#[derive(Debug)]
pub(super) struct Resolved {
    pub(super) names: FieldNames,
    pub(super) id: Option<Field>,
    pub(super) kind: Option<Field>,
    pub(super) kinds: WordTable<ClosureKind>,
    pub(super) unflagged: Option<ClosureKind>,
    pub(super) reason: Option<Field>,
    pub(super) since: Field,
    pub(super) until: Option<Field>,
    pub(super) daily: Option<Field>,
    pub(super) place: PlaceColumns,
    pub(super) times: TimeReader,
}

impl ClosuresMapping {
    pub(super) fn resolve(&self) -> Result<Resolved, MappingError> {
        self.table.check()?;
        let kinds = WordTable::new(
            "kind",
            "kind_values",
            &self.kind_values,
            ClosureKind::ALL
                .map(|(kind, name, _)| (name, kind))
                .to_vec(),
            &KIND_WORDS,
        )?;
        let unflagged = self.unflagged.as_deref().map(|name| {
            ClosureKind::parse(name).ok_or_else(|| {
                let names = ClosureKind::ALL.map(|k| k.1).join(", ");
                MappingError::new("unflagged", format!("{name:?} is none of {names}"))
            })
        });
        let unflagged = unflagged.transpose()?;
        if self.kind.is_none() && unflagged.is_none() {
            let what = "needs kind, the field, or unflagged, what all closures are";
            return Err(MappingError::new("kind", what));
        }
        let mut names = FieldNames::default();
        Ok(Resolved {
            id: names.add_optional("id", self.id.as_deref()),
            kind: names.add_optional("kind", self.kind.as_deref()),
            kinds,
            unflagged,
            reason: names.add_optional("reason", self.reason.as_deref()),
            since: names.add("since", &self.since),
            until: names.add_optional("until", self.until.as_deref()),
            daily: names.add_optional("daily", self.daily.as_deref()),
            place: self.place.ask(&mut names),
            names,
            times: TimeReader::new(
                self.time_format.clone(),
                zone_of(self.time_zone.as_deref())?,
            ),
        })
    }
}

impl Decoder for ClosuresMapping {
    fn check(&self) -> Result<(), MappingError> {
        self.resolve().map(|_| ())
    }

    fn decode(&self, payload: &[u8], now: Timestamp) -> Result<Decoded, DecodeError> {
        super::decode::decode(payload, self, now)
    }
}

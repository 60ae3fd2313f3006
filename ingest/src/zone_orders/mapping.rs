//! How an order's fields are called.

use crate::decoded::{DecodeError, Decoded};
use crate::features::{Field, FieldNames};
use crate::formats::Decoder;
use crate::mapping::{MappingError, zone_of};
use crate::table::TableSettings;
use crate::text::TimeReader;
use crate::word_table::WordTable;
use domain::zone_order::OrderState;
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// `[feed.zone_orders]` of the configuration: names of columns or properties.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZoneOrdersMapping {
    /// The zone's or route's name; the key.
    pub zone: String,
    /// Its name for people, where there is one beside the key.
    pub name: Option<String>,
    /// The state; read through `state_values`.
    pub state: String,
    /// From a state's text to `checking`, `scheduled`, `working`, `completed` or `none`.
    #[serde(default)]
    pub state_values: BTreeMap<String, String>,
    /// As of when. Without it, when the payload came.
    pub as_of: Option<String>,
    /// Column of a CSV that holds the zone's geometry as WKT.
    pub geometry: Option<String>,
    /// strptime form of times that are written in none of the usual ways.
    pub time_format: Option<String>,
    /// IANA zone of times that carry none. Default: Asia/Tokyo.
    pub time_zone: Option<String>,
    /// How a table is written.
    #[serde(default)]
    pub table: TableSettings,
}

/// A mapping whose words have been looked up.
#[derive(Debug)]
pub(super) struct Resolved {
    pub(super) names: FieldNames,
    pub(super) zone: Field,
    pub(super) name: Option<Field>,
    pub(super) state: Field,
    pub(super) as_of: Option<Field>,
    pub(super) states: WordTable<Option<OrderState>>,
    pub(super) times: TimeReader,
}

impl ZoneOrdersMapping {
    pub(super) fn resolve(&self) -> Result<Resolved, MappingError> {
        self.table.check()?;
        let mut names = FieldNames::default();
        names.geometry(self.geometry.as_deref());
        Ok(Resolved {
            zone: names.add("zone", &self.zone),
            name: names.add_optional("name", self.name.as_deref()),
            state: names.add("state", &self.state),
            as_of: names.add_optional("as_of", self.as_of.as_deref()),
            names,
            states: WordTable::new(
                "state",
                "state_values",
                &self.state_values,
                OrderState::ALL
                    .map(|(state, name, _)| (name, Some(state)))
                    .into_iter()
                    .chain([("none", None)])
                    .collect(),
                &OrderState::ALL.map(|(state, _, ja)| (ja, Some(state))),
            )?,
            times: TimeReader::new(
                self.time_format.clone(),
                zone_of(self.time_zone.as_deref())?,
            ),
        })
    }
}

impl Decoder for ZoneOrdersMapping {
    fn check(&self) -> Result<(), MappingError> {
        self.resolve().map(|_| ())
    }

    fn decode(&self, payload: &[u8], now: Timestamp) -> Result<Decoded, DecodeError> {
        super::decode::decode(payload, self, now)
    }
}

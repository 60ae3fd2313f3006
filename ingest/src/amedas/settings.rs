//! What of the map files is wanted.

use crate::decoded::{DecodeError, Decoded};
use crate::formats::Decoder;
use crate::mapping::MappingError;
use crate::payload::{Companions, PayloadFile};
use domain::observation::Quantity;
use jiff::Timestamp;
use serde::Deserialize;
use std::borrow::Cow;

/// `[feed.amedas]` of the configuration. All keys are optional.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AmedasSettings {
    /// Only stations whose numbers begin with one of these (`"31"` is Aomori). Default: all.
    pub station_prefixes: Vec<String>,
    /// Only these quantities. Default: all.
    pub quantities: Vec<String>,
}

impl AmedasSettings {
    pub(super) fn wants_station(&self, id: &str) -> bool {
        let prefixes = &self.station_prefixes;
        prefixes.is_empty() || prefixes.iter().any(|prefix| id.starts_with(prefix))
    }

    pub(super) fn wants(&self, quantity: Quantity) -> bool {
        let quantities = &self.quantities;
        quantities.is_empty() || quantities.iter().any(|name| name == quantity.as_str())
    }
}

impl Decoder for AmedasSettings {
    fn check(&self) -> Result<(), MappingError> {
        for name in &self.quantities {
            if Quantity::parse(name).is_none() {
                let names = Quantity::ALL.map(Quantity::as_str).join(", ");
                let what = format!("{name:?} is no quantity; they are {names}");
                return Err(MappingError::new("quantities", what));
            }
        }
        let digits = |p: &String| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit());
        match self.station_prefixes.iter().find(|p| !digits(p)) {
            Some(prefix) => Err(MappingError::new(
                "station_prefixes",
                format!("{prefix:?} does not begin a station's number"),
            )),
            None => Ok(()),
        }
    }

    fn decode(&self, payload: &[u8], now: Timestamp) -> Result<Decoded, DecodeError> {
        let file = PayloadFile {
            name: String::new(),
            bytes: Cow::Borrowed(payload),
        };
        self.decode_file(&file, &Companions::new(), now)
    }

    fn decode_file(
        &self,
        file: &PayloadFile<'_>,
        companions: &Companions,
        now: Timestamp,
    ) -> Result<Decoded, DecodeError> {
        super::decode::decode(file, companions, self, now)
    }
}

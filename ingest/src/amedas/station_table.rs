//! The table of stations, `amedastable.json`.

use crate::decoded::DecodeError;
use crate::text::{decode_text, normalize};
use domain::geometry::LonLat;
use domain::observation::Station;
use domain::road_manager::BilingualName;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// One station: degrees and minutes, and names.
#[derive(Debug, Deserialize)]
struct Entry {
    lat: [f64; 2],
    lon: [f64; 2],
    alt: f64,
    #[serde(rename = "kjName")]
    ja: String,
    #[serde(rename = "enName")]
    en: String,
}

/// Stations by number.
#[derive(Debug, Default)]
pub(super) struct StationTable {
    stations: BTreeMap<String, Station>,
    /// Numbers whose entry could not be read, with the reason.
    pub(super) unreadable: Vec<(String, String)>,
}

impl StationTable {
    /// Reads the table. A station whose entry is damaged is as one that is not in it.
    ///
    /// # Errors
    /// When it is no text, or no JSON object.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, DecodeError> {
        let text = decode_text(bytes, None)?;
        let entries: BTreeMap<String, &RawValue> = serde_json::from_str(&text)
            .map_err(|e| DecodeError(format!("companion stations: no station table: {e}")))?;
        let mut table = StationTable::default();
        for (id, raw) in entries {
            match station(&id, raw) {
                Ok(station) => drop(table.stations.insert(id, station)),
                Err(reason) => table.unreadable.push((id, reason)),
            }
        }
        Ok(table)
    }

    pub(super) fn get(&self, id: &str) -> Option<&Station> {
        self.stations.get(id)
    }
}

fn station(id: &str, raw: &RawValue) -> Result<Station, String> {
    let entry: Entry = serde_json::from_str(raw.get()).map_err(|e| e.to_string())?;
    // Minutes count away from zero as the degrees do.
    let degrees = |[degrees, minutes]: [f64; 2]| {
        (degrees.abs() + minutes / 60.0) * if degrees < 0.0 { -1.0 } else { 1.0 }
    };
    let at = LonLat::new(degrees(entry.lon), degrees(entry.lat));
    if !at.is_valid() {
        return Err("lies outside the globe".to_owned());
    }
    Ok(Station {
        id: id.to_owned(),
        name: BilingualName {
            ja: normalize(&entry.ja),
            en: normalize(&entry.en),
        },
        at: Some(at),
        elevation_m: Some(entry.alt),
    })
}

//! From a map file to stations and readings.

use super::element::{ELEMENTS, reading};
use super::settings::AmedasSettings;
use super::station_table::StationTable;
use crate::decoded::{DecodeError, Decoded};
use crate::payload::{Companions, PayloadFile};
use crate::text::decode_text;
use domain::fix::{Rejection, disbelieve_time};
use domain::observation::{Observation, Station};
use domain::road_manager::BilingualName;
use jiff::Timestamp;
use jiff::tz::Offset;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// The companion that describes the stations.
const STATIONS: &str = "stations";
/// How many unlisted stations a note names.
const NAMED: usize = 20;

pub(super) fn decode(
    file: &PayloadFile<'_>,
    companions: &Companions,
    settings: &AmedasSettings,
    now: Timestamp,
) -> Result<Decoded, DecodeError> {
    let text = decode_text(&file.bytes, None)?;
    let Entries(entries) = serde_json::from_str(&text)
        .map_err(|e| DecodeError(format!("not a whole map file: {e}")))?;
    let observed_at = map_time(&file.name)?;
    if let Some(reason) = disbelieve_time(observed_at, now) {
        return Err(DecodeError(format!("{}: {reason}", file.name)));
    }
    let table = match companions.get(STATIONS) {
        Some(table) => StationTable::read(table)?,
        None => StationTable::default(),
    };
    let mut map = Map {
        table,
        settings,
        observed_at,
        unlisted: Vec::new(),
        decoded: Decoded::default(),
    };
    for (position, (id, raw)) in entries.into_iter().enumerate() {
        if settings.wants_station(&id) {
            map.station(position as u64, &id, raw);
        }
    }
    map.note_unlisted(companions.contains_key(STATIONS));
    Ok(map.decoded)
}

/// Stations in the file's order, repeats included.
struct Entries<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object of stations")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(entries)
            }
        }
        deserializer.deserialize_map(InOrder).map(Entries)
    }
}

struct Map<'s> {
    table: StationTable,
    settings: &'s AmedasSettings,
    observed_at: Timestamp,
    unlisted: Vec<String>,
    decoded: Decoded,
}

impl Map<'_> {
    fn station(&mut self, position: u64, id: &str, raw: &RawValue) {
        let reject = |field: String, reason: String| Rejection {
            position,
            field,
            reason,
            record: format!("{id:?}: {}", raw.get()),
        };
        let known = (4..=6).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit());
        if !known {
            let reason = format!("{id:?} is no station's number");
            return self.decoded.rejections.push(reject(String::new(), reason));
        }
        let elements = match serde_json::from_str(raw.get()) {
            Ok(Value::Object(elements)) => elements,
            Ok(_) => {
                let reason = "is not an object of elements".to_owned();
                return self.decoded.rejections.push(reject(String::new(), reason));
            }
            Err(e) => {
                let reason = e.to_string();
                return self.decoded.rejections.push(reject(String::new(), reason));
            }
        };
        for (element, quantity) in ELEMENTS {
            let Some(value) = elements
                .get(element)
                .filter(|_| self.settings.wants(quantity))
            else {
                continue;
            };
            match reading(value, quantity) {
                Ok(None) => {}
                Ok(Some((value, flag, reason))) => self.decoded.observations.push(
                    position,
                    Observation {
                        station_id: id.to_owned(),
                        observed_at: self.observed_at,
                        quantity,
                        value,
                        flag,
                        reason,
                    },
                ),
                Err(reason) => {
                    let rejection = reject(element.to_owned(), reason);
                    self.decoded.rejections.push(rejection);
                }
            }
        }
        let station = self.table.get(id).cloned().unwrap_or_else(|| {
            self.unlisted.push(id.to_owned());
            Station {
                id: id.to_owned(),
                name: BilingualName {
                    ja: id.to_owned(),
                    en: id.to_owned(),
                },
                at: None,
                elevation_m: None,
            }
        });
        self.decoded.stations.push(position, station);
    }

    fn note_unlisted(&mut self, has_table: bool) {
        let notes = &mut self.decoded.notes;
        if !has_table {
            let note = "there is no companion `stations`, so no station has a place";
            notes.push(note.to_owned());
        } else if !self.unlisted.is_empty() {
            let count = self.unlisted.len();
            let named = self.unlisted.iter().take(NAMED).cloned();
            let more = if count > NAMED { ", …" } else { "" };
            notes.push(format!(
                "{count} stations are not in the station table, and have no place: {}{more}",
                named.collect::<Vec<_>>().join(", ")
            ));
        }
        for (id, reason) in self.table.unreadable.iter().take(NAMED) {
            notes.push(format!("station table: {id}: {reason}"));
        }
    }
}

/// The time in a file's name, such as `20260115050000.json` or `amedas_map_20260115050000.json`, in JST.
///
/// # Errors
/// A name that tells none.
pub fn map_time(name: &str) -> Result<Timestamp, DecodeError> {
    let unknown = || {
        DecodeError(format!(
            "{name:?} does not say the map's time, as 20260115050000.json would; the payload does not \
             either. Have it fetched by url = \".../{{latest:%Y%m%d%H%M%S}}.json\""
        ))
    };
    let digits = name
        .split(|c: char| !c.is_ascii_digit())
        .find(|part| part.len() == 14)
        .ok_or_else(unknown)?;
    let civil = jiff::civil::DateTime::strptime("%Y%m%d%H%M%S", digits).map_err(|_| unknown())?;
    let jst = Offset::from_hours(9).map_err(|_| unknown())?;
    jst.to_timestamp(civil).map_err(|_| unknown())
}

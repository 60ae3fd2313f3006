//! From records to orders.

use super::mapping::{Resolved, ZoneOrdersMapping};
use crate::decoded::{DecodeError, Decoded};
use crate::features::{Bad, Record, made_id, read_records};
use crate::text::{YearGuess, is_missing, kept_name, normalize, zone_name};
use domain::fix::disbelieve_time;
use domain::place::Place;
use domain::zone_order::{OrderState, ZoneOrder};
use jiff::Timestamp;
use std::collections::HashSet;
use std::collections::hash_map::{Entry, HashMap};

pub(super) fn decode(
    payload: &[u8],
    mapping: &ZoneOrdersMapping,
    now: Timestamp,
) -> Result<Decoded, DecodeError> {
    let resolved = mapping.resolve().map_err(|e| DecodeError(e.to_string()))?;
    let mut decoded = Decoded::default();
    // Where each zone's order of a time stands, and the parts of the zone that it has.
    let mut firsts: HashMap<(String, Timestamp), (usize, HashSet<String>)> = HashMap::new();
    let mut repeats = Vec::new();
    for record in read_records(payload, &mapping.table, &resolved.names)? {
        let record = match record {
            Ok(record) => record,
            Err(rejection) => {
                decoded.rejections.push(rejection);
                continue;
            }
        };
        match order(&record, &resolved, now) {
            Err(bad) => decoded.rejections.push(record.reject(bad)),
            Ok(order) => {
                let key = (order.zone.clone(), order.as_of);
                let part = made_id(&order.place, "");
                match firsts.entry(key) {
                    Entry::Vacant(slot) => {
                        slot.insert((decoded.orders.len(), HashSet::from([part])));
                        decoded.orders.push(record.position, order);
                    }
                    Entry::Occupied(mut slot) => {
                        let (at, parts) = slot.get_mut();
                        let first = &mut decoded.orders[*at];
                        if first.state != order.state {
                            let bad = ("state".to_owned(), contradiction(first, &order));
                            decoded.rejections.push(record.reject(bad));
                        } else if parts.insert(part) {
                            first.place.lines.extend(order.place.lines);
                            first.place.areas.extend(order.place.areas);
                        } else {
                            repeats.push((record.position, *at));
                        }
                    }
                }
            }
        }
    }
    for (position, at) in repeats {
        decoded.orders.push(position, decoded.orders[at].clone());
    }
    if mapping.as_of.is_none() {
        let note = "no as_of is configured: states hold as of when the payload came";
        decoded.notes.push(note.to_owned());
    }
    Ok(decoded)
}

fn order(record: &Record, resolved: &Resolved, now: Timestamp) -> Result<ZoneOrder, Bad> {
    let given = record.need(&resolved.names, resolved.zone)?;
    let zone = zone_name(given);
    let zone = kept_name(&zone).map_err(|reason| ("zone".to_owned(), reason))?;
    let as_of = match resolved.as_of {
        None => now,
        Some(field) => {
            let text = record.need(&resolved.names, field)?;
            let bad = |reason| ("as_of".to_owned(), reason);
            let at = resolved
                .times
                .read(text, YearGuess::Past, now)
                .map_err(bad)?;
            match disbelieve_time(at, now) {
                Some(reason) => return Err(bad(reason)),
                None => at,
            }
        }
    };
    Ok(ZoneOrder {
        zone: zone.to_owned(),
        name: record
            .get(resolved.name)
            .map_or_else(|| normalize(given), normalize),
        state: state(record.text(resolved.state), resolved)?,
        as_of,
        place: Place {
            zone: Some(zone.to_owned()),
            lines: record.geometry.lines.clone(),
            areas: record.geometry.areas.clone(),
            ..Place::default()
        },
    })
}

/// The state that a text stands for; `None` for a dash that has no meaning of its own.
fn state(text: Option<&str>, resolved: &Resolved) -> Result<Option<OrderState>, Bad> {
    let text = text.ok_or_else(|| ("state".to_owned(), "is missing".to_owned()))?;
    match resolved.states.read(text) {
        Err(_) if is_missing(text) => Ok(None),
        read => read,
    }
}

/// What is wrong with a second order of the same zone and time that states something else.
fn contradiction(first: &ZoneOrder, second: &ZoneOrder) -> String {
    let said = |order: &ZoneOrder| order.state.map_or("none", OrderState::as_str);
    format!(
        "{} is said to be {} and {} at {}",
        first.zone,
        said(first),
        said(second),
        first.as_of
    )
}

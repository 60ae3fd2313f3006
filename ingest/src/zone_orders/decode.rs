//! From records to orders.

use super::mapping::{Resolved, ZoneOrdersMapping};
use crate::decoded::{DecodeError, Decoded};
use crate::features::{Bad, Record, read_records};
use crate::text::{YearGuess, is_missing, kept_name, normalize, zone_name};
use domain::fix::disbelieve_time;
use domain::place::Place;
use domain::zone_order::{OrderState, ZoneOrder};
use jiff::Timestamp;
use std::collections::HashMap;

pub(super) fn decode(
    payload: &[u8],
    mapping: &ZoneOrdersMapping,
    now: Timestamp,
) -> Result<Decoded, DecodeError> {
    let resolved = mapping.resolve().map_err(|e| DecodeError(e.to_string()))?;
    let mut decoded = Decoded::default();
    let mut places: HashMap<(String, Timestamp), usize> = HashMap::new();
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
                match places.get(&key).map(|at| &mut decoded.orders[*at]) {
                    None => {
                        places.insert(key, decoded.orders.len());
                        decoded.orders.push(order);
                    }
                    Some(first) => {
                        if let Err(reason) = join(first, order) {
                            let bad = ("state".to_owned(), reason);
                            decoded.rejections.push(record.reject(bad));
                        }
                    }
                }
            }
        }
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

/// Adds a further part of a zone or route; parts that say different things contradict each other.
fn join(first: &mut ZoneOrder, second: ZoneOrder) -> Result<(), String> {
    if first.state != second.state {
        let said = |state: Option<OrderState>| state.map_or("none", OrderState::as_str);
        return Err(format!(
            "{} is said to be {} and {} at {}",
            first.zone,
            said(first.state),
            said(second.state),
            first.as_of
        ));
    }
    for line in second.place.lines {
        if !first.place.lines.contains(&line) {
            first.place.lines.push(line);
        }
    }
    for area in second.place.areas {
        if !first.place.areas.contains(&area) {
            first.place.areas.push(area);
        }
    }
    Ok(())
}

//! From records to closures.

use super::mapping::{ClosuresMapping, Resolved};
use crate::decoded::{DecodeError, Decoded};
use crate::features::{Bad, Record, made_id, read_records};
use crate::text::{YearGuess, hours_of_day, kept_name, normalize, without_explanation};
use domain::closure::{Closure, DailyWindow};
use domain::fix::RETENTION;
use jiff::{SignedDuration, Timestamp};

/// How far ahead a closure is announced.
const FURTHEST_AHEAD: SignedDuration = SignedDuration::from_hours(24 * 400);
/// What is written for "until further notice", in NFKC form.
const UNTIL_FURTHER_NOTICE: [&str; 8] = [
    "当面の間",
    "当分の間",
    "当面",
    "未定",
    "解除まで",
    "解除されるまで",
    "除雪完了まで",
    "終了未定",
];

pub(super) fn decode(
    payload: &[u8],
    mapping: &ClosuresMapping,
    now: Timestamp,
) -> Result<Decoded, DecodeError> {
    let resolved = mapping.resolve().map_err(|e| DecodeError(e.to_string()))?;
    let mut decoded = Decoded::default();
    for record in read_records(payload, &mapping.table, &resolved.names)? {
        let closure = record.and_then(|record| {
            let closure = closure(&record, &resolved, now).map_err(|bad| record.reject(bad));
            Ok((record.position, closure?))
        });
        match closure {
            Ok((position, closure)) => decoded.closures.push(position, closure),
            Err(rejection) => decoded.rejections.push(rejection),
        }
    }
    Ok(decoded)
}

fn closure(record: &Record, resolved: &Resolved, now: Timestamp) -> Result<Closure, Bad> {
    let kind = match (record.get(resolved.kind), resolved.unflagged) {
        (Some(text), _) => resolved.kinds.read(text)?,
        (None, Some(kind)) => kind,
        (None, None) => return Err(("kind".to_owned(), "is missing".to_owned())),
    };
    let since = record.need(&resolved.names, resolved.since)?;
    let since = resolved
        .times
        .read_or_midnight(since, YearGuess::Nearest, now)
        .map_err(|reason| ("since".to_owned(), reason))?;
    if since.duration_since(now) > FURTHEST_AHEAD {
        let reason = format!("{since} is further ahead than anything is announced");
        return Err(("since".to_owned(), reason));
    }
    let until = until(record, resolved, since, now)?;
    let daily = hours_of_day(record.get(resolved.daily).unwrap_or_default())
        .map_err(|reason| ("daily".to_owned(), reason))?
        .map(|(from, until)| DailyWindow { from, until });
    let place = resolved.place.read(record)?;
    let id = match (resolved.id, record.get(resolved.id)) {
        (Some(_), None) => return Err(("id".to_owned(), "is missing".to_owned())),
        (_, Some(id)) => kept_name(&normalize(id))
            .map_err(|reason| ("id".to_owned(), reason))?
            .to_owned(),
        // The end is left out: it is what changes while a closure is the same.
        (None, None) => made_id(&place, &format!("{} {since}", kind.as_str())),
    };
    Ok(Closure {
        id,
        kind,
        reason: record
            .get(resolved.reason)
            .map(normalize)
            .unwrap_or_default(),
        since,
        until,
        daily,
        place,
    })
}

fn until(
    record: &Record,
    resolved: &Resolved,
    since: Timestamp,
    now: Timestamp,
) -> Result<Option<Timestamp>, Bad> {
    let bad = |reason| Err(("until".to_owned(), reason));
    let Some(text) = record.get(resolved.until) else {
        return Ok(None);
    };
    let normal = normalize(text);
    if UNTIL_FURTHER_NOTICE.contains(&without_explanation(&normal)) {
        return Ok(None);
    }
    let until = match resolved.times.read_until_after(text, since) {
        Ok(until) => until,
        Err(reason) => return bad(reason),
    };
    if until <= since {
        return bad(format!("it ends at {until}, before it begins at {since}"));
    }
    if now.duration_since(until) > RETENTION {
        let days = RETENTION.as_hours() / 24;
        return bad(format!(
            "it ended at {until}, outside the {days} days that are kept"
        ));
    }
    Ok(Some(until))
}

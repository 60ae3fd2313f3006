//! From records to plans.

use super::mapping::{PlansMapping, Resolved, Window};
use crate::decoded::{DecodeError, Decoded};
use crate::features::{Bad, Field, Record, made_id, read_records};
use crate::text::{YearGuess, hours_of_day, kept_name, normalize};
use domain::fix::RETENTION;
use domain::plan::{Plan, PlanState};
use jiff::{SignedDuration, Timestamp};

/// How far ahead anything is planned.
const FURTHEST_AHEAD: SignedDuration = SignedDuration::from_hours(24 * 400);
/// Longest window that is one plan.
const LONGEST_WINDOW: SignedDuration = SignedDuration::from_hours(24 * 200);

pub(super) fn decode(
    payload: &[u8],
    mapping: &PlansMapping,
    now: Timestamp,
) -> Result<Decoded, DecodeError> {
    let resolved = mapping.resolve().map_err(|e| DecodeError(e.to_string()))?;
    let mut decoded = Decoded::default();
    for record in read_records(payload, &mapping.table, &resolved.names)? {
        let plan = record.and_then(|record| {
            let plan = plan(&record, &resolved, now).map_err(|bad| record.reject(bad));
            Ok((record.position, plan?))
        });
        match plan {
            Ok((position, plan)) => decoded.plans.push(position, plan),
            Err(rejection) => decoded.rejections.push(rejection),
        }
    }
    Ok(decoded)
}

fn plan(record: &Record, resolved: &Resolved, now: Timestamp) -> Result<Plan, Bad> {
    let (from, until) = window(record, resolved, now)?;
    let place = resolved.place.read(record)?;
    let work = resolved
        .words
        .read(record.get(resolved.work))
        .and_then(|work| work.ok_or_else(|| "is missing".to_owned()))
        .map_err(|reason| ("work".to_owned(), reason))?;
    let state = match record.get(resolved.state) {
        None => PlanState::Planned,
        Some(text) => resolved.states.read(text)?,
    };
    let id = match (resolved.id, record.get(resolved.id)) {
        (Some(_), None) => return Err(("id".to_owned(), "is missing".to_owned())),
        (_, Some(id)) => kept_name(&normalize(id))
            .map_err(|reason| ("id".to_owned(), reason))?
            .to_owned(),
        (None, None) => made_id(&place, &format!("{} {from} {until}", work.as_str())),
    };
    Ok(Plan {
        id,
        work,
        state,
        from,
        until,
        place,
        note: record.get(resolved.note).map(normalize).unwrap_or_default(),
    })
}

fn window(
    record: &Record,
    resolved: &Resolved,
    now: Timestamp,
) -> Result<(Timestamp, Timestamp), Bad> {
    let times = &resolved.times;
    let need = |field: Field| record.need(&resolved.names, field);
    let (field, from, until) = match resolved.window {
        Window::FromUntil(from, until) => {
            let from = times
                .read_or_midnight(need(from)?, YearGuess::Nearest, now)
                .map_err(|reason| ("from".to_owned(), reason))?;
            let until = times
                .read_until_after(need(until)?, from)
                .map_err(|reason| ("until".to_owned(), reason))?;
            ("until", from, until)
        }
        Window::Day(date, hours) => {
            let day = times
                .read_date(need(date)?, YearGuess::Nearest, now)
                .map_err(|reason| ("date".to_owned(), reason))?;
            let bad = |reason| ("hours".to_owned(), reason);
            let hours = hours_of_day(record.get(hours).unwrap_or_default()).map_err(bad)?;
            let next_day = day.tomorrow().map_err(|e| bad(e.to_string()))?;
            let midnight = jiff::civil::Time::midnight();
            let (start, end) = match hours {
                None => (day.to_datetime(midnight), next_day.to_datetime(midnight)),
                Some((from, until)) if until <= from => {
                    (day.to_datetime(from), next_day.to_datetime(until))
                }
                Some((from, until)) => (day.to_datetime(from), day.to_datetime(until)),
            };
            let from = times.instant(start).map_err(bad)?;
            ("date", from, times.instant(end).map_err(bad)?)
        }
    };
    let bad = |reason: String| Err((field.to_owned(), reason));
    if until <= from {
        return bad(format!(
            "the window ends at {until}, before it begins at {from}"
        ));
    }
    if until.duration_since(from) > LONGEST_WINDOW {
        return bad(format!(
            "the window from {from} until {until} is longer than any plan"
        ));
    }
    if from.duration_since(now) > FURTHEST_AHEAD {
        return bad(format!("{from} is further ahead than anything is planned"));
    }
    if now.duration_since(until) > RETENTION {
        let days = RETENTION.as_hours() / 24;
        return bad(format!(
            "the plan ended at {until}, outside the {days} days that are kept"
        ));
    }
    Ok((from, until))
}

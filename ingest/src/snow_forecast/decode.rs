//! From records to forecasts.

use super::mapping::{Resolved, SnowForecastMapping, Span};
use crate::decoded::{DecodeError, Decoded};
use crate::features::{Bad, Record, read_items, read_records};
use crate::mesh::mesh_centre;
use crate::position::position;
use crate::text::{YearGuess, kept_name, normalize, number_in};
use domain::fix::disbelieve_time;
use domain::geometry::LonLat;
use domain::snow_forecast::SnowForecast;
use jiff::{SignedDuration, Timestamp};

/// How far ahead any snow is foreseen.
const FURTHEST_AHEAD: SignedDuration = SignedDuration::from_hours(24 * 20);
/// More has never fallen in so little time.
const MOST_CM: f64 = 500.0;

pub(super) fn decode(
    payload: &[u8],
    mapping: &SnowForecastMapping,
    now: Timestamp,
) -> Result<Decoded, DecodeError> {
    let resolved = mapping.resolve().map_err(|e| DecodeError(e.to_string()))?;
    let records = match &mapping.items {
        Some(items) => read_items(payload, items, &resolved.names)?,
        None => read_records(payload, &mapping.table, &resolved.names)?,
    };
    let mut decoded = Decoded::default();
    for record in records {
        let told = record.and_then(|record| {
            let forecast = forecast(&record, &resolved, now).map_err(|bad| record.reject(bad))?;
            Ok((record.position, forecast))
        });
        match told {
            Ok((position, forecast)) => decoded.snow_forecasts.push(position, forecast),
            Err(rejection) => decoded.rejections.push(rejection),
        }
    }
    Ok(decoded)
}

fn forecast(record: &Record, resolved: &Resolved, now: Timestamp) -> Result<SnowForecast, Bad> {
    let time = |field, key: &str, guess| {
        let text = record.need(&resolved.names, field)?;
        let read = resolved.times.read(text, guess, now);
        read.map_err(|reason| (key.to_owned(), reason))
    };
    let bad = |key: &str, reason: String| (key.to_owned(), reason);
    let issued_at = time(resolved.issued_at, "issued_at", YearGuess::Past)?;
    if let Some(reason) = disbelieve_time(issued_at, now) {
        return Err(bad("issued_at", reason));
    }
    let until = time(resolved.until, "until", YearGuess::Nearest)?;
    let from = match resolved.span {
        Span::From(field) => time(field, "from", YearGuess::Nearest)?,
        Span::Hours(hours) => until
            .checked_sub(SignedDuration::from_hours(i64::from(hours)))
            .map_err(|e| bad("until", e.to_string()))?,
    };
    if from >= until {
        return Err(bad("until", format!("{until} is not after {from}")));
    }
    if until.duration_since(issued_at) > FURTHEST_AHEAD {
        let reason = format!("{until} is more than 20 days after {issued_at}");
        return Err(bad("until", reason));
    }
    let new_snow_cm = number_in(
        record.need(&resolved.names, resolved.new_snow_cm)?,
        &["cm", "センチ"],
    )
    .map_err(|reason| bad("new_snow_cm", reason))?
    .ok_or_else(|| bad("new_snow_cm", "is missing".to_owned()))?;
    if !(0.0..=MOST_CM).contains(&new_snow_cm) {
        // −999 means no value; it must not become 0 either.
        let reason = format!("{new_snow_cm} cm lies outside 0..{MOST_CM}");
        return Err(bad("new_snow_cm", reason));
    }
    let place = normalize(record.need(&resolved.names, resolved.place)?);
    let place = kept_name(&place).map_err(|reason| bad("place", reason))?;
    Ok(SnowForecast {
        at: position_of(record, resolved, place)?,
        place: place.to_owned(),
        issued_at,
        from,
        until,
        new_snow_cm,
    })
}

/// By its own longitude and latitude, as a point of GeoJSON, in the configuration, or as a mesh cell.
fn position_of(record: &Record, resolved: &Resolved, place: &str) -> Result<LonLat, Bad> {
    if let Some((lon, lat)) = resolved.position {
        let degrees = |field, key: &str| {
            let text = record.need(&resolved.names, field)?;
            let number = number_in(text, &["°", "度"]);
            number
                .and_then(|n| n.ok_or_else(|| "is missing".to_owned()))
                .map_err(|reason| (key.to_owned(), reason))
        };
        return position(degrees(lon, "lon")?, degrees(lat, "lat")?)
            .map_err(|(key, reason)| (key.to_owned(), reason));
    }
    let known = resolved.places.get(place).copied();
    (record.geometry.points.first().copied())
        .or(known)
        .or_else(|| mesh_centre(place))
        .ok_or_else(|| {
            let reason = format!(
                "{place:?} is no mesh cell, and not among places; add it to the feed's configuration"
            );
            ("place".to_owned(), reason)
        })
}

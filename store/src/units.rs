//! Vehicles and sensors: when each was last heard, and where.

use crate::database::{Store, StoreError};
use crate::facts::Intake;
use crate::instants::{from_sql, to_sql};
use domain::geometry::LonLat;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// A vehicle or sensor of a feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// The feed.
    pub feed_id: String,
    /// Its name within the feed.
    pub id: String,
    /// `vehicle` or `sensor`.
    pub kind: String,
    /// The newest time that it told of.
    pub last_observed_at: Timestamp,
    /// When that came.
    pub last_received_at: Timestamp,
    /// Where a vehicle was then.
    pub at: Option<LonLat>,
}

impl Store {
    /// Units that told of a time since `since`.
    ///
    /// # Errors
    /// Database errors.
    pub async fn units_heard(&self, since: Timestamp) -> Result<Vec<Unit>, StoreError> {
        let rows = sqlx::query!(
            "SELECT feed_id, unit_id, kind, last_observed_at, last_received_at, lon, lat \
             FROM unit WHERE last_observed_at >= $1 ORDER BY feed_id, kind, unit_id",
            to_sql(since)
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| Unit {
                feed_id: row.feed_id,
                id: row.unit_id,
                kind: row.kind,
                last_observed_at: from_sql(row.last_observed_at),
                last_received_at: from_sql(row.last_received_at),
                at: row.lon.zip(row.lat).map(|(lon, lat)| LonLat::new(lon, lat)),
            })
            .collect())
    }
}

/// How exactly it is known when a unit was last heard: most payloads then write nothing of it.
const EXACT_TO: SignedDuration = SignedDuration::from_mins(1);

type Kind = &'static str;

/// Of which time of each unit this process last wrote, by feed, then kind, then name.
pub(crate) type UnitsWritten =
    Arc<Mutex<HashMap<String, HashMap<Kind, HashMap<String, Timestamp>>>>>;

/// Records that the units of a batch were heard.
pub(crate) async fn heard(
    connection: &mut sqlx::PgConnection,
    intake: &Intake<'_>,
    written: &UnitsWritten,
) -> Result<(), StoreError> {
    // In one order for all writers, so that none waits for another in a circle.
    let mut newest: BTreeMap<(Kind, &str), (Timestamp, Option<LonLat>)> = BTreeMap::new();
    let facts = intake.batch.facts;
    let vehicles = facts.fixes.iter().map(|f| {
        (
            ("vehicle", f.vehicle_id.as_str()),
            (f.observed_at, Some(f.at)),
        )
    });
    let sensors = facts
        .observations
        .iter()
        .filter(|o| o.value.is_some())
        .map(|o| (("sensor", o.station_id.as_str()), (o.observed_at, None)));
    for (key, seen) in vehicles.chain(sensors) {
        let entry = newest.entry(key).or_insert(seen);
        if seen.0 > entry.0 {
            *entry = seen;
        }
    }
    {
        let mut written = written.lock().unwrap_or_else(PoisonError::into_inner);
        let of_feed = written.entry(intake.feed_id.to_owned()).or_default();
        newest.retain(|(kind, id), (at, _)| {
            let of_kind = of_feed.entry(kind).or_default();
            let known = of_kind.get(*id).is_some_and(|w| *w + EXACT_TO > *at);
            if !known {
                of_kind.insert((*id).to_owned(), *at);
            }
            !known
        });
    }
    if newest.is_empty() {
        return Ok(());
    }
    let kinds: Vec<String> = newest.keys().map(|(kind, _)| (*kind).to_owned()).collect();
    let ids: Vec<String> = newest.keys().map(|(_, id)| (*id).to_owned()).collect();
    let times: Vec<_> = newest.values().map(|(at, _)| to_sql(*at)).collect();
    let lons: Vec<Option<f64>> = newest.values().map(|(_, at)| at.map(|p| p.lon)).collect();
    let lats: Vec<Option<f64>> = newest.values().map(|(_, at)| at.map(|p| p.lat)).collect();
    sqlx::query!(
        "INSERT INTO unit (feed_id, unit_id, kind, last_observed_at, last_received_at, lon, lat) \
         SELECT $1, n.unit_id, n.kind, n.observed_at, $2, n.lon, n.lat \
         FROM UNNEST($3::text[], $4::text[], $5::timestamptz[], $6::float8[], $7::float8[]) \
              AS n (unit_id, kind, observed_at, lon, lat) \
         ON CONFLICT (feed_id, kind, unit_id) DO UPDATE \
         SET last_observed_at = excluded.last_observed_at, \
             last_received_at = excluded.last_received_at, lon = excluded.lon, lat = excluded.lat \
         WHERE excluded.last_observed_at > unit.last_observed_at",
        intake.feed_id,
        intake.received_at,
        &ids,
        &kinds,
        &times,
        &lons as &[Option<f64>],
        &lats as &[Option<f64>]
    )
    .execute(connection)
    .await?;
    Ok(())
}

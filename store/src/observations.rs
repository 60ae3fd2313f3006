//! Stations and what they read.

use crate::database::{Store, StoreError};
use crate::facts::{Intake, ensure_days, times_of, without_nul};
use crate::fixes::raced;
use crate::instants::{from_sql, to_sql};
use crate::verdicts::{StandingVerdict, mark_unjudged};
use domain::geometry::{BoundingBox, LonLat};
use domain::observation::{Observation, QualityFlag, Quantity, Station};
use domain::road_manager::BilingualName;
use jiff::{SignedDuration, Timestamp};

/// A station with the feed that describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct StationRecord {
    /// The feed.
    pub feed_id: String,
    /// The station.
    pub station: Station,
    /// Since when it is described so.
    pub known_since: Timestamp,
}

/// A reading with its feed.
#[derive(Debug, Clone, PartialEq)]
pub struct ObservationRecord {
    /// The feed.
    pub feed_id: String,
    /// The reading as it came.
    pub observation: Observation,
    /// What quality control believes of it; `None` before it has seen it.
    pub verdict: Option<StandingVerdict>,
    /// When it came.
    pub received_at: Timestamp,
}

/// Which readings are asked for: the newest of each station and quantity, as known at a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct ObservationFilter {
    /// As known at this moment.
    pub at: Timestamp,
    /// Not older than this at that moment.
    pub within: SignedDuration,
    /// Only of this feed.
    pub feed_id: Option<String>,
    /// Only of this station.
    pub station_id: Option<String>,
    /// Only of this quantity.
    pub quantity: Option<Quantity>,
    /// Only of stations within.
    pub area: Option<BoundingBox>,
    /// All readings of the span instead of the newest.
    pub all: bool,
    /// Only those after this (feed, station, quantity, time): the next page.
    pub after: Option<(String, String, String, Timestamp)>,
    /// How many at most.
    pub limit: i64,
}

impl Store {
    /// Those stored readings of a feed that have the same station, quantity and time as one of the
    /// given.
    ///
    /// # Errors
    /// Database errors.
    pub async fn stored_observations_like(
        &self,
        feed_id: &str,
        observations: &[Observation],
    ) -> Result<Vec<Observation>, StoreError> {
        if observations.is_empty() {
            return Ok(Vec::new());
        }
        let stations: Vec<String> = observations.iter().map(|o| o.station_id.clone()).collect();
        let quantities: Vec<String> = observations
            .iter()
            .map(|o| o.quantity.as_str().to_owned())
            .collect();
        let rows = sqlx::query!(
            "SELECT o.station_id, o.quantity, o.observed_at, o.value, o.flag, o.reason \
             FROM UNNEST($2::text[], $3::text[], $4::timestamptz[]) \
                  AS wanted (station_id, quantity, observed_at) \
             JOIN observation o ON o.feed_id = $1 AND o.station_id = wanted.station_id \
                               AND o.quantity = wanted.quantity \
                               AND o.observed_at = wanted.observed_at",
            feed_id,
            &stations,
            &quantities,
            &times_of(observations, |o| o.observed_at)
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                observation(
                    row.station_id,
                    &row.quantity,
                    from_sql(row.observed_at),
                    row.value,
                    &row.flag,
                    row.reason,
                )
            })
            .collect()
    }

    /// Stations as they were known at a moment, by feed and id.
    ///
    /// # Errors
    /// Database errors.
    pub async fn stations_at(&self, at: Timestamp) -> Result<Vec<StationRecord>, StoreError> {
        let rows = sqlx::query!(
            "SELECT DISTINCT ON (feed_id, station_id) feed_id, station_id, known_since, name_ja, \
                    name_en, lon, lat, elevation_m \
             FROM station WHERE known_since <= $1 \
             ORDER BY feed_id, station_id, known_since DESC",
            to_sql(at)
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| StationRecord {
                feed_id: row.feed_id,
                station: Station {
                    id: row.station_id,
                    name: BilingualName {
                        ja: row.name_ja,
                        en: row.name_en,
                    },
                    at: row.lon.zip(row.lat).map(|(lon, lat)| LonLat::new(lon, lat)),
                    elevation_m: row.elevation_m,
                },
                known_since: from_sql(row.known_since),
            })
            .collect())
    }

    /// Readings in the order of feed, station, quantity and time.
    ///
    /// # Errors
    /// Database errors.
    pub async fn observations(
        &self,
        filter: &ObservationFilter,
    ) -> Result<Vec<ObservationRecord>, StoreError> {
        let since = filter
            .at
            .saturating_sub(filter.within)
            .unwrap_or(Timestamp::MIN);
        let after = filter.after.clone();
        let (after_feed, after_station, after_quantity, after_at) = match after {
            Some((feed, station, quantity, at)) => {
                (Some(feed), Some(station), Some(quantity), Some(to_sql(at)))
            }
            None => (None, None, None, None),
        };
        let area = filter.area;
        let rows = sqlx::query!(
            r#"SELECT o.feed_id AS "feed_id!", o.station_id AS "station_id!",
                      o.quantity AS "quantity!", o.observed_at AS "observed_at!", o.value,
                      o.flag AS "flag!", o.reason AS "reason!", o.received_at AS "received_at!",
                      v.flag AS "verdict?", v.reason AS "verdict_reason?",
                      v.judged_at AS "judged_at?"
               FROM (SELECT r.*, row_number() OVER (PARTITION BY r.feed_id, r.station_id, r.quantity
                                                    ORDER BY r.observed_at DESC) AS age
                     FROM observation r
                     WHERE r.observed_at > $2 AND r.observed_at <= $1 AND r.received_at <= $1
                       AND ($3::text IS NULL OR r.feed_id = $3)
                       AND ($4::text IS NULL OR r.station_id = $4)
                       AND ($5::text IS NULL OR r.quantity = $5)
                       AND ($6::float8 IS NULL OR EXISTS (
                           SELECT 1 FROM station s
                           WHERE s.feed_id = r.feed_id AND s.station_id = r.station_id
                             AND s.lon BETWEEN $6 AND $8 AND s.lat BETWEEN $7 AND $9))) o
               LEFT JOIN LATERAL (
                   SELECT w.flag, w.reason, w.judged_at FROM observation_verdict w
                   WHERE w.feed_id = o.feed_id AND w.station_id = o.station_id
                     AND w.quantity = o.quantity AND w.observed_at = o.observed_at
                     AND w.judged_at <= $1
                   ORDER BY w.number DESC LIMIT 1) v ON true
               WHERE (o.age = 1 OR $10)
                 AND ($11::text IS NULL OR (o.feed_id, o.station_id, o.quantity, o.observed_at)
                                           > ($11, $12::text, $13::text, $14::timestamptz))
               ORDER BY o.feed_id, o.station_id, o.quantity, o.observed_at
               LIMIT $15"#,
            to_sql(filter.at),
            to_sql(since),
            filter.feed_id,
            filter.station_id,
            filter.quantity.map(Quantity::as_str),
            area.map(|a| a.west),
            area.map(|a| a.south),
            area.map(|a| a.east),
            area.map(|a| a.north),
            filter.all,
            after_feed,
            after_station,
            after_quantity,
            after_at,
            filter.limit
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(ObservationRecord {
                    feed_id: row.feed_id,
                    observation: observation(
                        row.station_id,
                        &row.quantity,
                        from_sql(row.observed_at),
                        row.value,
                        &row.flag,
                        row.reason,
                    )?,
                    verdict: match (row.verdict, row.verdict_reason, row.judged_at) {
                        (Some(flag), Some(reason), Some(judged_at)) => Some(StandingVerdict {
                            flag: quality_flag(&flag)?,
                            reason,
                            judged_at: from_sql(judged_at),
                        }),
                        _ => None,
                    },
                    received_at: from_sql(row.received_at),
                })
            })
            .collect()
    }
}

pub(crate) fn observation(
    station_id: String,
    quantity: &str,
    observed_at: Timestamp,
    value: Option<f64>,
    flag: &str,
    reason: String,
) -> Result<Observation, StoreError> {
    Ok(Observation {
        station_id,
        observed_at,
        quantity: Quantity::parse(quantity)
            .ok_or_else(|| StoreError::corrupt("quantity", quantity))?,
        value,
        flag: quality_flag(flag)?,
        reason,
    })
}

fn quality_flag(name: &str) -> Result<QualityFlag, StoreError> {
    QualityFlag::parse(name).ok_or_else(|| StoreError::corrupt("quality flag", name))
}

/// Adds readings that are news. One that was missing is filled in when its value comes.
pub(crate) async fn insert(
    connection: &mut sqlx::PgConnection,
    intake: &Intake<'_>,
) -> Result<usize, StoreError> {
    let readings = &intake.batch.facts.observations;
    if readings.is_empty() {
        return Ok(0);
    }
    ensure_days(
        connection,
        "observation",
        readings.iter().map(|o| o.observed_at),
    )
    .await?;
    let stations: Vec<String> = readings.iter().map(|o| o.station_id.clone()).collect();
    let quantities: Vec<String> = readings
        .iter()
        .map(|o| o.quantity.as_str().to_owned())
        .collect();
    let values: Vec<Option<f64>> = readings.iter().map(|o| o.value).collect();
    let flags: Vec<String> = readings
        .iter()
        .map(|o| o.flag.as_str().to_owned())
        .collect();
    let reasons: Vec<String> = readings.iter().map(|o| without_nul(&o.reason)).collect();
    let done = sqlx::query!(
        "INSERT INTO observation (feed_id, station_id, quantity, observed_at, received_at, \
                                  payload_id, value, flag, reason) \
         SELECT $1, n.station_id, n.quantity, n.observed_at, $2, $3, n.value, n.flag, n.reason \
         FROM UNNEST($4::text[], $5::text[], $6::timestamptz[], $7::float8[], $8::text[], \
                     $9::text[]) \
              AS n (station_id, quantity, observed_at, value, flag, reason) \
         ON CONFLICT (feed_id, station_id, quantity, observed_at) DO UPDATE \
         SET value = excluded.value, flag = excluded.flag, reason = excluded.reason, \
             received_at = excluded.received_at, payload_id = excluded.payload_id \
         WHERE observation.value IS NULL AND excluded.value IS NOT NULL",
        intake.feed_id,
        intake.received_at,
        intake.payload_id,
        &stations,
        &quantities,
        &times_of(readings, |o| o.observed_at),
        &values as &[Option<f64>],
        &flags,
        &reasons
    )
    .execute(&mut *connection)
    .await?;
    let kept = done.rows_affected() as usize;
    // What is left out was kept by another process since it was judged to be news.
    if kept < readings.len() {
        return Err(raced(intake));
    }
    mark_unjudged(connection, intake).await?;
    Ok(kept)
}

/// Adds a version of each station that is described otherwise than before.
pub(crate) async fn insert_stations(
    connection: &mut sqlx::PgConnection,
    intake: &Intake<'_>,
) -> Result<usize, StoreError> {
    let stations = &intake.batch.facts.stations;
    if stations.is_empty() {
        return Ok(0);
    }
    let ids: Vec<String> = stations.iter().map(|s| s.id.clone()).collect();
    let names_ja: Vec<String> = stations.iter().map(|s| without_nul(&s.name.ja)).collect();
    let names_en: Vec<String> = stations.iter().map(|s| without_nul(&s.name.en)).collect();
    let lons: Vec<Option<f64>> = stations.iter().map(|s| s.at.map(|p| p.lon)).collect();
    let lats: Vec<Option<f64>> = stations.iter().map(|s| s.at.map(|p| p.lat)).collect();
    let heights: Vec<Option<f64>> = stations.iter().map(|s| s.elevation_m).collect();
    let done = sqlx::query!(
        "INSERT INTO station (feed_id, station_id, known_since, payload_id, name_ja, name_en, \
                              lon, lat, elevation_m) \
         SELECT $1, n.station_id, $2, $3, n.name_ja, n.name_en, n.lon, n.lat, n.elevation_m \
         FROM UNNEST($4::text[], $5::text[], $6::text[], $7::float8[], $8::float8[], \
                     $9::float8[]) \
              AS n (station_id, name_ja, name_en, lon, lat, elevation_m) \
         LEFT JOIN LATERAL (SELECT s.* FROM station s \
              WHERE s.feed_id = $1 AND s.station_id = n.station_id AND s.known_since <= $2 \
              ORDER BY s.known_since DESC LIMIT 1) was ON true \
         WHERE was.station_id IS NULL \
            OR (was.name_ja, was.name_en, was.lon, was.lat, was.elevation_m) \
               IS DISTINCT FROM (n.name_ja, n.name_en, n.lon, n.lat, n.elevation_m) \
         ON CONFLICT DO NOTHING",
        intake.feed_id,
        intake.received_at,
        intake.payload_id,
        &ids,
        &names_ja,
        &names_en,
        &lons as &[Option<f64>],
        &lats as &[Option<f64>],
        &heights as &[Option<f64>]
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() as usize)
}

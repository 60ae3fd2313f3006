//! Payloads, fixes and rejections: what comes in is kept in one transaction with the feed's cursor.

use crate::database::{Store, StoreError};
use crate::feeds::{FeedLease, held};
use crate::fresh_fixes::mark_fresh;
use crate::instants::{day_of, from_sql, to_sql};
use domain::fix::{PlowFix, Rejection};
use domain::geometry::LonLat;
use domain::work::WorkKind;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sqlx::types::time::OffsetDateTime;
use std::collections::BTreeSet;

/// One decoded payload, to be kept.
#[derive(Debug)]
pub struct Batch<'a> {
    /// When it came.
    pub received_at: Timestamp,
    /// The payload as it came.
    pub payload: &'a [u8],
    /// Its SHA-256.
    pub payload_sha256: &'a [u8],
    /// Fixes that are not in the store yet.
    pub fixes: &'a [PlowFix],
    /// Records that were not taken.
    pub rejections: &'a [Rejection],
    /// For the next conditional request.
    pub etag: Option<&'a str>,
    /// The same.
    pub last_modified: Option<&'a str>,
    /// When the feed is due again.
    pub next_due_at: Timestamp,
    /// Why the payload could not be read at all. It is kept all the same, but the feed counts as
    /// not heard.
    pub error: Option<&'a str>,
}

/// SHA-256 of a payload.
pub fn payload_sha256(payload: &[u8]) -> Vec<u8> {
    Sha256::digest(payload).to_vec()
}

impl Store {
    /// Those stored fixes of a feed that have the same vehicle and time as one of the given.
    ///
    /// # Errors
    /// Database errors.
    pub async fn stored_fixes_like(
        &self,
        feed_id: &str,
        fixes: &[PlowFix],
    ) -> Result<Vec<PlowFix>, StoreError> {
        let vehicles: Vec<String> = fixes.iter().map(|f| f.vehicle_id.clone()).collect();
        let times: Vec<OffsetDateTime> = fixes.iter().map(|f| to_sql(f.observed_at)).collect();
        let rows = sqlx::query!(
            "SELECT f.vehicle_id, f.observed_at, f.lon, f.lat, f.heading_deg, f.speed_kmh, \
                    f.work_kind \
             FROM UNNEST($2::text[], $3::timestamptz[]) AS wanted (vehicle_id, observed_at) \
             JOIN fix f ON f.feed_id = $1 AND f.vehicle_id = wanted.vehicle_id \
                       AND f.observed_at = wanted.observed_at",
            feed_id,
            &vehicles,
            &times
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| PlowFix {
                vehicle_id: row.vehicle_id,
                observed_at: from_sql(row.observed_at),
                at: LonLat::new(row.lon, row.lat),
                heading_deg: row.heading_deg,
                speed_kmh: row.speed_kmh,
                work: row.work_kind.as_deref().and_then(WorkKind::parse),
            })
            .collect())
    }

    /// Keeps a payload with its fixes and rejections, moves the feed's cursor, and marks the
    /// vehicles to be matched: all or nothing. Returns how many fixes were new.
    ///
    /// # Errors
    /// Database errors; [`StoreError::LeaseLost`]; then nothing was kept.
    pub async fn keep_batch(
        &self,
        lease: &FeedLease,
        batch: &Batch<'_>,
    ) -> Result<usize, StoreError> {
        let mut tx = self.pool.begin().await?;
        let payload_id = insert_payload(&mut tx, &lease.feed_id, batch).await?;
        let kept = insert_fixes(&mut tx, &lease.feed_id, payload_id, batch).await?;
        insert_rejections(&mut tx, &lease.feed_id, payload_id, batch).await?;
        mark_fresh(&mut tx, &lease.feed_id, &kept, batch.received_at).await?;
        let newest = batch.fixes.iter().map(|f| f.observed_at).max();
        let done = sqlx::query!(
            "UPDATE feed SET \
                    etag = CASE WHEN $11::text IS NULL THEN $3 ELSE etag END, \
                    last_modified = CASE WHEN $11 IS NULL THEN $4 ELSE last_modified END, \
                    payload_sha256 = CASE WHEN $11 IS NULL THEN $5 ELSE payload_sha256 END, \
                    last_contact_at = CASE WHEN $11 IS NULL THEN $6 ELSE last_contact_at END, \
                    last_success_at = CASE WHEN $11 IS NULL THEN $6 ELSE last_success_at END, \
                    last_fact_at = greatest(last_fact_at, $7), \
                    fixes_total = fixes_total + $8, rejected_total = rejected_total + $9, \
                    failures = CASE WHEN $11 IS NULL THEN 0 ELSE failures + 1 END, \
                    last_error = $11, next_due_at = $10, \
                    lease_holder = NULL, lease_until = NULL \
             WHERE id = $1 AND lease_holder = $2",
            lease.feed_id,
            lease.holder,
            batch.etag,
            batch.last_modified,
            batch.payload_sha256,
            to_sql(batch.received_at),
            newest.map(to_sql),
            kept.len() as i64,
            batch.rejections.len() as i64,
            to_sql(batch.next_due_at),
            batch.error
        )
        .execute(&mut *tx)
        .await?;
        held(lease, done.rows_affected())?;
        if !kept.is_empty() {
            sqlx::query!("SELECT pg_notify('yukimichi_fixes', '')")
                .fetch_one(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(kept.len())
    }
}

async fn insert_payload(
    connection: &mut sqlx::PgConnection,
    feed_id: &str,
    batch: &Batch<'_>,
) -> Result<i64, StoreError> {
    sqlx::query!(
        "SELECT ensure_day_partitions('payload', ARRAY[$1::date])",
        day_of(batch.received_at)
    )
    .fetch_one(&mut *connection)
    .await?;
    Ok(sqlx::query_scalar!(
        "INSERT INTO payload (feed_id, received_at, sha256, bytes) VALUES ($1, $2, $3, $4) \
         RETURNING id",
        feed_id,
        to_sql(batch.received_at),
        batch.payload_sha256,
        batch.payload
    )
    .fetch_one(connection)
    .await?)
}

/// Inserts what is new and returns it as (vehicle, time).
async fn insert_fixes(
    connection: &mut sqlx::PgConnection,
    feed_id: &str,
    payload_id: i64,
    batch: &Batch<'_>,
) -> Result<Vec<(String, Timestamp)>, StoreError> {
    if batch.fixes.is_empty() {
        return Ok(Vec::new());
    }
    let days: Vec<_> = batch
        .fixes
        .iter()
        .map(|f| day_of(f.observed_at))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    sqlx::query!("SELECT ensure_day_partitions('fix', $1::date[])", &days)
        .fetch_one(&mut *connection)
        .await?;
    let fixes = batch.fixes;
    let vehicles: Vec<String> = fixes.iter().map(|f| f.vehicle_id.clone()).collect();
    let times: Vec<OffsetDateTime> = fixes.iter().map(|f| to_sql(f.observed_at)).collect();
    let lons: Vec<f64> = fixes.iter().map(|f| f.at.lon).collect();
    let lats: Vec<f64> = fixes.iter().map(|f| f.at.lat).collect();
    let headings: Vec<Option<f64>> = fixes.iter().map(|f| f.heading_deg).collect();
    let speeds: Vec<Option<f64>> = fixes.iter().map(|f| f.speed_kmh).collect();
    let works: Vec<Option<String>> = fixes
        .iter()
        .map(|f| f.work.map(|w| w.as_str().to_owned()))
        .collect();
    let rows = sqlx::query!(
        "INSERT INTO fix (feed_id, vehicle_id, observed_at, received_at, payload_id, \
                          lon, lat, heading_deg, speed_kmh, work_kind) \
         SELECT $1, n.vehicle_id, n.observed_at, $2, $3, n.lon, n.lat, n.heading_deg, \
                n.speed_kmh, n.work_kind \
         FROM UNNEST($4::text[], $5::timestamptz[], $6::float8[], $7::float8[], $8::float8[], \
                     $9::float8[], $10::text[]) \
              AS n (vehicle_id, observed_at, lon, lat, heading_deg, speed_kmh, work_kind) \
         ON CONFLICT DO NOTHING \
         RETURNING vehicle_id, observed_at",
        feed_id,
        to_sql(batch.received_at),
        payload_id,
        &vehicles,
        &times,
        &lons,
        &lats,
        &headings as &[Option<f64>],
        &speeds as &[Option<f64>],
        &works as &[Option<String>]
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.vehicle_id, from_sql(row.observed_at)))
        .collect())
}

async fn insert_rejections(
    connection: &mut sqlx::PgConnection,
    feed_id: &str,
    payload_id: i64,
    batch: &Batch<'_>,
) -> Result<(), StoreError> {
    for rejection in batch.rejections {
        // PostgreSQL's text holds anything but NUL.
        let record = rejection.record.replace('\0', "\u{FFFD}");
        let reason = rejection.reason.replace('\0', "\u{FFFD}");
        sqlx::query!(
            "INSERT INTO rejection (feed_id, payload_id, position, field, reason, record, \
                                    record_sha256, first_seen_at, last_seen_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) \
             ON CONFLICT ON CONSTRAINT rejection_once DO UPDATE \
             SET last_seen_at = $8, seen = rejection.seen + 1",
            feed_id,
            payload_id,
            i64::try_from(rejection.position).unwrap_or(i64::MAX),
            rejection.field,
            reason,
            record,
            payload_sha256(rejection.record.as_bytes()),
            to_sql(batch.received_at)
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

//! Quarantine: records that were not taken, with payload, position, field and reason.

use crate::batch::payload_sha256;
use crate::database::{Store, StoreError};
use crate::facts::{Batch, without_nul};
use crate::instants::{from_sql, to_sql};
use domain::fix::Rejection;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// A rejected record as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct RejectedRecord {
    /// Its number.
    pub id: i64,
    /// The feed.
    pub feed_id: String,
    /// The payload in which it was first seen.
    pub payload_id: Option<i64>,
    /// Where, why, and the record itself.
    pub rejection: Rejection,
    /// When it was first seen.
    pub first_seen_at: Timestamp,
    /// When it was last seen.
    pub last_seen_at: Timestamp,
    /// In how many payloads.
    pub seen: i32,
    /// Since when a mended configuration understands it.
    pub resolved_at: Option<Timestamp>,
}

/// Which rejections are asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RejectionFilter {
    /// Only of feeds of this road manager.
    pub manager_code: Option<String>,
    /// Only of this feed.
    pub feed_id: Option<String>,
    /// Only those last seen since.
    pub since: Option<Timestamp>,
    /// Only those that were there at this moment.
    pub at: Option<Timestamp>,
    /// Also those that are resolved.
    pub resolved: bool,
    /// Only those older than the one with this number: the next page.
    pub before: Option<i64>,
    /// How many at most.
    pub limit: i64,
}

impl Store {
    /// Rejected records, newest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn rejections(
        &self,
        filter: &RejectionFilter,
    ) -> Result<Vec<RejectedRecord>, StoreError> {
        let rows = sqlx::query!(
            "SELECT id, feed_id, payload_id, position, field, reason, record, first_seen_at, \
                    last_seen_at, seen, resolved_at \
             FROM rejection \
             WHERE ($1::text IS NULL OR feed_id = $1) \
               AND ($2::timestamptz IS NULL OR last_seen_at >= $2) \
               AND ($3::timestamptz IS NULL OR first_seen_at <= $3) \
               AND ($4 OR resolved_at IS NULL OR resolved_at > $3) \
               AND ($5::bigint IS NULL OR id < $5) \
               AND ($7::text IS NULL OR feed_id IN \
                    (SELECT f.id FROM feed f WHERE f.manager_code = $7)) \
             ORDER BY id DESC LIMIT $6",
            filter.feed_id,
            filter.since.map(to_sql),
            filter.at.map(to_sql),
            filter.resolved,
            filter.before,
            filter.limit,
            filter.manager_code
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| RejectedRecord {
                id: row.id,
                feed_id: row.feed_id,
                payload_id: row.payload_id,
                rejection: Rejection {
                    position: row.position as u64,
                    field: row.field,
                    reason: row.reason,
                    record: row.record,
                },
                first_seen_at: from_sql(row.first_seen_at),
                last_seen_at: from_sql(row.last_seen_at),
                seen: row.seen,
                resolved_at: row.resolved_at.map(from_sql),
            })
            .collect())
    }
}

impl Store {
    /// Different records in quarantine that no mended configuration has understood, by feed and field.
    ///
    /// # Errors
    /// Database errors.
    pub async fn quarantine_by_field(&self) -> Result<Vec<(String, String, i64)>, StoreError> {
        let rows = sqlx::query!(
            r#"SELECT feed_id, field, count(*) AS "records!" FROM rejection
               WHERE resolved_at IS NULL GROUP BY feed_id, field ORDER BY feed_id, field"#
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| (row.feed_id, row.field, row.records))
            .collect())
    }

    /// Quarantines what came in no payload that could be kept, as a file beyond the limit. The same
    /// one again counts.
    ///
    /// # Errors
    /// Database errors.
    pub async fn reject_unread(
        &self,
        feed_id: &str,
        rejection: &Rejection,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (hash, field) = key_of(rejection);
        sqlx::query!(
            "INSERT INTO rejection (feed_id, position, field, reason, record, record_sha256, \
                                    first_seen_at, last_seen_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $7) \
             ON CONFLICT ON CONSTRAINT rejection_once DO UPDATE \
             SET last_seen_at = $7, seen = rejection.seen + 1, reason = excluded.reason, \
                 resolved_at = NULL",
            feed_id,
            position(rejection),
            field,
            without_nul(&rejection.reason),
            without_nul(&rejection.record),
            hash,
            to_sql(now)
        )
        .execute(&self.pool)
        .await?;
        sqlx::query!(
            "UPDATE feed SET rejected_total = rejected_total + 1 WHERE id = $1",
            feed_id
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

type Column<T> = Vec<T>;

/// What names a rejection within its feed.
fn key_of(rejection: &Rejection) -> (Vec<u8>, String) {
    (
        payload_sha256(rejection.record.as_bytes()),
        without_nul(&rejection.field),
    )
}

fn by_key<'a>(batch: &Batch<'a>) -> BTreeMap<(Vec<u8>, String), &'a Rejection> {
    let mut unique = BTreeMap::new();
    for rejection in batch.rejections.iter().chain(batch.dropped_values) {
        unique.entry(key_of(rejection)).or_insert(rejection);
    }
    unique
}

/// The same record from poll to poll is one row that counts.
pub(crate) async fn insert(
    connection: &mut sqlx::PgConnection,
    feed_id: &str,
    payload_id: i64,
    batch: &Batch<'_>,
) -> Result<(), StoreError> {
    let unique = by_key(batch);
    if unique.is_empty() {
        return Ok(());
    }
    let hashes: Column<Vec<u8>> = unique.keys().map(|(hash, _)| hash.clone()).collect();
    let fields: Column<String> = unique.keys().map(|(_, field)| field.clone()).collect();
    let positions: Column<i64> = unique.values().map(|r| position(r)).collect();
    let reasons: Column<String> = unique.values().map(|r| without_nul(&r.reason)).collect();
    let records: Column<String> = unique.values().map(|r| without_nul(&r.record)).collect();
    sqlx::query!(
        "INSERT INTO rejection (feed_id, payload_id, position, field, reason, record, \
                                record_sha256, first_seen_at, last_seen_at) \
         SELECT $1, $2, n.position, n.field, n.reason, n.record, n.hash, $8, $8 \
         FROM UNNEST($3::int8[], $4::text[], $5::text[], $6::text[], $7::bytea[]) \
              AS n (position, field, reason, record, hash) \
         ON CONFLICT ON CONSTRAINT rejection_once DO UPDATE \
         SET last_seen_at = $8, seen = rejection.seen + 1, reason = excluded.reason, \
             resolved_at = NULL",
        feed_id,
        payload_id,
        &positions,
        &fields,
        &reasons,
        &records,
        &hashes,
        to_sql(batch.received_at)
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Marks the payload's rejections that are not among the batch's as resolved, keeps those that are new
/// and takes back a resolution that holds no more. Returns how many were resolved.
pub(crate) async fn resolve(
    connection: &mut sqlx::PgConnection,
    feed_id: &str,
    payload_id: i64,
    batch: &Batch<'_>,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let unique = by_key(batch);
    let hashes: Column<Vec<u8>> = unique.keys().map(|(hash, _)| hash.clone()).collect();
    let fields: Column<String> = unique.keys().map(|(_, field)| field.clone()).collect();
    let positions: Column<i64> = unique.values().map(|r| position(r)).collect();
    let reasons: Column<String> = unique.values().map(|r| without_nul(&r.reason)).collect();
    let records: Column<String> = unique.values().map(|r| without_nul(&r.record)).collect();
    let done = sqlx::query!(
        "UPDATE rejection r SET resolved_at = $5 \
         WHERE r.feed_id = $1 AND r.payload_id = $2 AND r.resolved_at IS NULL \
           AND NOT EXISTS (SELECT 1 FROM UNNEST($3::bytea[], $4::text[]) AS n (hash, field) \
                           WHERE n.hash = r.record_sha256 AND n.field = r.field)",
        feed_id,
        payload_id,
        &hashes,
        &fields,
        to_sql(now)
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "INSERT INTO rejection (feed_id, payload_id, position, field, reason, record, \
                                record_sha256, first_seen_at, last_seen_at) \
         SELECT $1, $2, n.position, n.field, n.reason, n.record, n.hash, $8, $8 \
         FROM UNNEST($3::int8[], $4::text[], $5::text[], $6::text[], $7::bytea[]) \
              AS n (position, field, reason, record, hash) \
         ON CONFLICT ON CONSTRAINT rejection_once DO UPDATE \
         SET reason = excluded.reason, resolved_at = NULL",
        feed_id,
        payload_id,
        &positions,
        &fields,
        &reasons,
        &records,
        &hashes,
        to_sql(now)
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() as usize)
}

fn position(rejection: &Rejection) -> i64 {
    i64::try_from(rejection.position).unwrap_or(i64::MAX)
}

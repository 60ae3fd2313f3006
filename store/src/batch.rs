//! A payload is kept whole: raw bytes, facts, rejections, vehicles to match, places to lay and the
//! feed's cursor in one transaction.

use crate::database::{Store, StoreError};
use crate::facts::{Batch, Cursor, Intake, Kept, ensure_days};
use crate::feeds::{FeedLease, held};
use crate::instants::to_sql;
use crate::{
    closures, fixes, observations, orders, plans, rejections, snow_forecasts, units, work_log,
};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, Postgres, Transaction};

/// SHA-256 of a payload.
pub fn payload_sha256(payload: &[u8]) -> Vec<u8> {
    Sha256::digest(payload).to_vec()
}

/// A stored payload, to be decoded again.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredPayload {
    /// Its number.
    pub id: i64,
    /// When it came.
    pub received_at: Timestamp,
    /// The payload as it came.
    pub bytes: Vec<u8>,
}

/// What is said of a payload all of whose records were rejected.
const NOTHING_UNDERSTOOD: &str =
    "none of its records was understood; yukimichi feeds rejected says why";

impl Store {
    /// Keeps what a pull brought and moves the feed's cursor: all or nothing.
    ///
    /// # Errors
    /// Database errors; [`StoreError::LeaseLost`]; [`StoreError::Raced`]; then nothing was kept.
    pub async fn keep_batch(
        &self,
        lease: &FeedLease,
        cursor: &Cursor<'_>,
        batch: &Batch<'_>,
    ) -> Result<Kept, StoreError> {
        let mut tx = self.pool.begin().await?;
        let payload_id = insert_payload(&mut tx, &lease.feed_id, batch).await?;
        let kept = insert_facts(
            &mut tx,
            &self.units_written,
            &lease.feed_id,
            payload_id,
            batch,
        )
        .await?;
        rejections::insert(&mut tx, &lease.feed_id, payload_id, batch).await?;
        // A feed that answers in words that nobody understands is not heard.
        let nothing = kept.facts == 0 && batch.repeats == 0 && !batch.rejections.is_empty();
        let error = cursor.error.or(nothing.then_some(NOTHING_UNDERSTOOD));
        record_kept(&mut tx, &lease.feed_id, batch, kept, error).await?;
        let done = sqlx::query!(
            "UPDATE feed SET \
                    etag = CASE WHEN $6::text IS NULL THEN $3 ELSE etag END, \
                    last_modified = CASE WHEN $6 IS NULL THEN $4 ELSE last_modified END, \
                    payload_sha256 = CASE WHEN $6 IS NULL THEN $5 ELSE payload_sha256 END, \
                    failures = CASE WHEN $6 IS NULL THEN 0 ELSE failures + 1 END, \
                    next_due_at = $7, lease_holder = NULL, lease_until = NULL \
             WHERE id = $1 AND lease_holder = $2",
            lease.feed_id,
            lease.holder,
            cursor.etag,
            cursor.last_modified,
            batch.payload_sha256,
            error,
            to_sql(cursor.next_due_at)
        )
        .execute(&mut *tx)
        .await?;
        held(lease, done.rows_affected())?;
        commit(tx, kept).await
    }

    /// Keeps what was pushed to a feed, or recorded by hand under it: all or nothing.
    ///
    /// # Errors
    /// Database errors; [`StoreError::Raced`]; then nothing was kept.
    pub async fn keep_pushed(&self, feed_id: &str, batch: &Batch<'_>) -> Result<Kept, StoreError> {
        let mut tx = self.pool.begin().await?;
        let payload_id = insert_payload(&mut tx, feed_id, batch).await?;
        let kept = insert_facts(&mut tx, &self.units_written, feed_id, payload_id, batch).await?;
        rejections::insert(&mut tx, feed_id, payload_id, batch).await?;
        record_kept(&mut tx, feed_id, batch, kept, None).await?;
        commit(tx, kept).await
    }

    /// Records that a push came and said nothing new: the feed was heard, and that is all.
    ///
    /// # Errors
    /// Database errors.
    pub async fn record_push_of_repeats(
        &self,
        feed_id: &str,
        batch: &Batch<'_>,
    ) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        record_kept(&mut tx, feed_id, batch, Kept::default(), None).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Keeps what a stored payload tells under the present configuration. Rejections of that
    /// payload that are not among the batch's any more are marked as resolved. Doing it again
    /// changes nothing.
    ///
    /// # Errors
    /// Database errors; [`StoreError::Raced`]; then nothing was kept.
    pub async fn keep_replayed(
        &self,
        feed_id: &str,
        payload_id: i64,
        batch: &Batch<'_>,
        now: Timestamp,
    ) -> Result<Kept, StoreError> {
        let mut tx = self.pool.begin().await?;
        let mut kept =
            insert_facts(&mut tx, &self.units_written, feed_id, payload_id, batch).await?;
        kept.resolved = rejections::resolve(&mut tx, feed_id, payload_id, batch, now).await?;
        sqlx::query!(
            "UPDATE feed SET last_fact_at = greatest(last_fact_at, $2), \
                    fixes_total = fixes_total + $3, facts_total = facts_total + $4, \
                    last_new_at = CASE WHEN $4 > 0 THEN $5 ELSE last_new_at END \
             WHERE id = $1",
            feed_id,
            batch.facts.newest().map(to_sql),
            kept.fixes as i64,
            kept.facts as i64,
            to_sql(now)
        )
        .execute(&mut *tx)
        .await?;
        commit(tx, kept).await
    }

    /// The next stored payload of a feed after the one numbered `after`, oldest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn next_payload(
        &self,
        feed_id: &str,
        (from, until): (Timestamp, Timestamp),
        after: i64,
    ) -> Result<Option<StoredPayload>, StoreError> {
        let row = sqlx::query!(
            "SELECT id, received_at, bytes FROM payload \
             WHERE feed_id = $1 AND received_at >= $2 AND received_at <= $3 AND id > $4 \
             ORDER BY id LIMIT 1",
            feed_id,
            to_sql(from),
            to_sql(until),
            after
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| StoredPayload {
            id: row.id,
            received_at: crate::instants::from_sql(row.received_at),
            bytes: row.bytes,
        }))
    }
}

async fn insert_payload(
    connection: &mut PgConnection,
    feed_id: &str,
    batch: &Batch<'_>,
) -> Result<i64, StoreError> {
    ensure_days(connection, "payload", [batch.received_at].into_iter()).await?;
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

async fn insert_facts(
    connection: &mut PgConnection,
    units_written: &units::UnitsWritten,
    feed_id: &str,
    payload_id: i64,
    batch: &Batch<'_>,
) -> Result<Kept, StoreError> {
    let intake = Intake {
        feed_id,
        payload_id,
        received_at: to_sql(batch.received_at),
        batch,
    };
    let fixes = fixes::insert(connection, &intake).await?;
    let others = observations::insert_stations(connection, &intake).await?
        + observations::insert(connection, &intake).await?
        + orders::insert_zones(connection, &intake).await?
        + orders::insert(connection, &intake).await?
        + plans::insert(connection, &intake).await?
        + closures::insert(connection, &intake).await?
        + work_log::insert(connection, &intake).await?
        + snow_forecasts::insert(connection, &intake).await?;
    units::heard(connection, &intake, units_written).await?;
    Ok(Kept {
        fixes,
        facts: fixes + others,
        resolved: 0,
    })
}

/// The feed's counters and freshness, and the attempt's row.
async fn record_kept(
    connection: &mut PgConnection,
    feed_id: &str,
    batch: &Batch<'_>,
    kept: Kept,
    error: Option<&str>,
) -> Result<(), StoreError> {
    let (received_at, newest) = (to_sql(batch.received_at), batch.facts.newest().map(to_sql));
    let lag_s = batch.facts.lag_s(batch.received_at);
    let finding = batch.clock.clone().unwrap_or_default();
    sqlx::query!(
        "UPDATE feed SET \
                last_contact_at = CASE WHEN $9::text IS NULL THEN $2 ELSE last_contact_at END, \
                last_success_at = CASE WHEN $9 IS NULL THEN $2 ELSE last_success_at END, \
                last_fact_at = greatest(last_fact_at, $3), \
                last_new_at = CASE WHEN $4 > 0 THEN $2 ELSE last_new_at END, \
                facts_total = facts_total + $4, fixes_total = fixes_total + $5, \
                rejected_total = rejected_total + $6, lag_s = coalesce($7, lag_s), \
                clock_doubt_since = CASE WHEN NOT $10 THEN clock_doubt_since \
                                         WHEN $11::text IS NULL THEN NULL \
                                         ELSE coalesce(clock_doubt_since, $2) END, \
                clock_doubt = CASE WHEN $10 THEN $11 ELSE clock_doubt END, \
                skew_hours = CASE WHEN $10 THEN $8 ELSE skew_hours END, last_error = $9 \
         WHERE id = $1",
        feed_id,
        received_at,
        newest,
        kept.facts as i64,
        kept.fixes as i64,
        batch.rejections.len() as i64,
        lag_s,
        finding.skew_hours,
        error,
        batch.clock.is_some(),
        finding.doubt
    )
    .execute(&mut *connection)
    .await?;
    crate::attempts::record(
        connection,
        &crate::attempts::AttemptRow {
            feed_id,
            at: batch.received_at,
            outcome: if error.is_none() { "kept" } else { "failed" },
            new_facts: kept.facts,
            repeats: batch.repeats,
            rejected: batch.rejections.len(),
            lag_s,
            newest_at: batch.facts.newest(),
            told_at: finding.told_at,
            error,
        },
    )
    .await
}

async fn commit(mut tx: Transaction<'_, Postgres>, kept: Kept) -> Result<Kept, StoreError> {
    if kept.fixes > 0 {
        sqlx::query!("SELECT pg_notify('yukimichi_fixes', '')")
            .fetch_one(&mut *tx)
            .await?;
    }
    if kept.facts > kept.fixes {
        sqlx::query!("SELECT pg_notify('yukimichi_places', '')")
            .fetch_one(&mut *tx)
            .await?;
    }
    tx.commit().await?;
    Ok(kept)
}

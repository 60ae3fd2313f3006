//! The status that tiles show: one writer numbers its changes, everybody else follows the number.

use crate::database::{Store, StoreError};
use crate::instants::{from_sql, to_sql};
use crate::network::NETWORK_LOCK;
use crate::passes::{SegmentPass, segment_pass};
use domain::coverage::SegmentFacts;
use domain::network::SegmentId;
use domain::status::SegmentStatus;
use jiff::Timestamp;
use sqlx::postgres::PgListener;
use sqlx::{Connection, PgConnection, Postgres, Transaction};
use std::collections::BTreeSet;

/// Advisory lock of the one writer of status.
const WRITER_LOCK: i64 = 0x596d_0002;

/// What is stored for a segment.
#[derive(Debug, Clone, PartialEq)]
pub struct StatusRow {
    /// The segment.
    pub segment: SegmentId,
    /// Its three tile values.
    pub status: SegmentStatus,
    /// The change that set them.
    pub sequence: i64,
}

/// What the writer knows of a segment.
#[derive(Debug, Clone, PartialEq)]
pub struct WriterRow {
    /// The segment.
    pub segment: SegmentId,
    /// Its three tile values.
    pub status: SegmentStatus,
    /// What they were derived from; `None` where no pass was ever seen.
    pub facts: Option<SegmentFacts>,
    /// The feed of its newest pass.
    pub feed_id: Option<String>,
}

/// A segment's passes, and the feed that told of the newest.
#[derive(Debug, Clone, PartialEq)]
pub struct QueuedSegment {
    /// The segment.
    pub segment: SegmentId,
    /// Its current passes, in no order.
    pub passes: Vec<SegmentPass>,
    /// The feed of the newest pass; `None` without passes.
    pub feed_id: Option<String>,
}

/// The right to write status, as long as its connection lives.
#[derive(Debug)]
pub struct WriterLock {
    connection: PgConnection,
}

/// Queued segments under the writer's hand until [`StatusBatch::commit`] or drop.
#[derive(Debug)]
pub struct StatusBatch<'c> {
    tx: Transaction<'c, Postgres>,
    /// The network that the queue's segments belong to; it stays so until the batch is done.
    pub network_version: i64,
    /// The segments with their passes.
    pub segments: Vec<QueuedSegment>,
}

/// Tells when something happened; silence proves nothing, so poll besides.
#[derive(Debug)]
pub struct ChangeListener {
    listener: PgListener,
}

impl Store {
    /// Takes the writer's lock; `None` while another process holds it.
    ///
    /// # Errors
    /// Database errors.
    pub async fn try_writer_lock(&self) -> Result<Option<WriterLock>, StoreError> {
        // A connection of its own: a pool would hand the lock on with the connection.
        let mut connection = PgConnection::connect_with(&self.pool.connect_options()).await?;
        let taken = sqlx::query_scalar!("SELECT pg_try_advisory_lock($1)", WRITER_LOCK)
            .fetch_one(&mut connection)
            .await?
            .unwrap_or(false);
        Ok(taken.then_some(WriterLock { connection }))
    }

    /// Highest number of a change so far.
    ///
    /// # Errors
    /// Database errors.
    pub async fn last_sequence(&self) -> Result<i64, StoreError> {
        let last = sqlx::query_scalar!("SELECT max(sequence) FROM segment_status")
            .fetch_one(&self.pool)
            .await?;
        Ok(last.unwrap_or(0))
    }

    /// All that the writer knew when it last wrote.
    ///
    /// # Errors
    /// Database errors.
    pub async fn writer_rows(&self) -> Result<Vec<WriterRow>, StoreError> {
        let rows = sqlx::query!(
            "SELECT segment_id, cleared_fwd_min, cleared_rev_min, status, facts, feed_id \
             FROM segment_status"
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(WriterRow {
                    segment: SegmentId(row.segment_id as u64),
                    status: tile_values(row.cleared_fwd_min, row.cleared_rev_min, row.status),
                    facts: facts_of(row.facts)?,
                    feed_id: row.feed_id,
                })
            })
            .collect()
    }

    /// What is stored of one segment; `None` where nothing was ever written.
    ///
    /// # Errors
    /// Database errors.
    pub async fn writer_row(&self, segment: SegmentId) -> Result<Option<WriterRow>, StoreError> {
        let row = sqlx::query!(
            "SELECT cleared_fwd_min, cleared_rev_min, status, facts, feed_id \
             FROM segment_status WHERE segment_id = $1",
            segment.0 as i64
        )
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| {
            Ok(WriterRow {
                segment,
                status: tile_values(row.cleared_fwd_min, row.cleared_rev_min, row.status),
                facts: facts_of(row.facts)?,
                feed_id: row.feed_id,
            })
        })
        .transpose()
    }

    /// Changes after `sequence`, in their order.
    ///
    /// # Errors
    /// Database errors.
    pub async fn changes_after(&self, sequence: i64) -> Result<Vec<StatusRow>, StoreError> {
        let rows = sqlx::query!(
            "SELECT segment_id, cleared_fwd_min, cleared_rev_min, status, sequence \
             FROM segment_status WHERE sequence > $1 ORDER BY sequence",
            sequence
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| StatusRow {
                segment: SegmentId(row.segment_id as u64),
                status: tile_values(row.cleared_fwd_min, row.cleared_rev_min, row.status),
                sequence: row.sequence,
            })
            .collect())
    }

    /// When the writer last looked at every segment; `None` before its first time.
    ///
    /// # Errors
    /// Database errors.
    pub async fn last_tick(&self) -> Result<Option<Timestamp>, StoreError> {
        let at = sqlx::query_scalar!("SELECT ticked_at FROM status_tick")
            .fetch_optional(&self.pool)
            .await?;
        Ok(at.map(from_sql))
    }

    /// Whether nothing waits to be matched, laid, judged or written.
    ///
    /// # Errors
    /// Database errors.
    pub async fn is_idle(&self) -> Result<bool, StoreError> {
        let busy = sqlx::query_scalar!(
            "SELECT EXISTS (SELECT 1 FROM fresh_fixes) OR EXISTS (SELECT 1 FROM status_queue) \
                 OR EXISTS (SELECT 1 FROM laid_fact WHERE pending) \
                 OR EXISTS (SELECT 1 FROM unjudged)"
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(!busy.unwrap_or(true))
    }

    /// Listens on the named channels: `yukimichi_fixes`, `yukimichi_queue`, `yukimichi_status`,
    /// `yukimichi_network`, `yukimichi_places`, `yukimichi_readings`, `yukimichi_verdicts`.
    ///
    /// # Errors
    /// Database errors; on a standby, which can't listen, always.
    pub async fn listen(&self, channels: &[&str]) -> Result<ChangeListener, StoreError> {
        let mut listener = PgListener::connect_with(&self.pool).await?;
        listener.listen_all(channels.iter().copied()).await?;
        Ok(ChangeListener { listener })
    }
}

fn tile_values(cleared_fwd_min: i32, cleared_rev_min: i32, status: i32) -> SegmentStatus {
    SegmentStatus {
        cleared_fwd_min: cleared_fwd_min as u32,
        cleared_rev_min: cleared_rev_min as u32,
        status: status as u32,
    }
}

fn facts_of(stored: Option<serde_json::Value>) -> Result<Option<SegmentFacts>, StoreError> {
    stored
        .map(serde_json::from_value)
        .transpose()
        .map_err(|e| StoreError::corrupt("segment facts", e))
}

impl ChangeListener {
    /// Waits for the next word on any channel and returns the channel.
    ///
    /// # Errors
    /// When the connection was lost; the next call connects again.
    pub async fn next(&mut self) -> Result<String, StoreError> {
        Ok(self.listener.recv().await?.channel().to_owned())
    }
}

impl WriterLock {
    /// Records that every segment was looked at.
    ///
    /// # Errors
    /// Database errors.
    pub async fn record_tick(&mut self, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query!(
            "INSERT INTO status_tick (ticked_at) VALUES ($1) \
             ON CONFLICT (only_row) DO UPDATE SET ticked_at = $1",
            to_sql(now)
        )
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Takes up to `most` rows off the queue, with all current passes of their segments.
    ///
    /// # Errors
    /// Database errors, also when the connection and with it the lock was lost.
    pub async fn take_queue(&mut self, most: i64) -> Result<StatusBatch<'_>, StoreError> {
        let mut tx = self.connection.begin().await?;
        // Segments of a newer network would look unknown to a writer that holds an older one.
        sqlx::query!("SELECT pg_advisory_xact_lock_shared($1)", NETWORK_LOCK)
            .fetch_one(&mut *tx)
            .await?;
        let network_version = sqlx::query_scalar!("SELECT max(version) FROM network")
            .fetch_one(&mut *tx)
            .await?
            .unwrap_or(0);
        let queued = sqlx::query_scalar!(
            "DELETE FROM status_queue \
             WHERE id IN (SELECT id FROM status_queue ORDER BY id LIMIT $1) \
             RETURNING segment_ids",
            most
        )
        .fetch_all(&mut *tx)
        .await?;
        let ids: Vec<i64> = queued
            .into_iter()
            .flatten()
            .collect::<BTreeSet<i64>>()
            .into_iter()
            .collect();
        let mut segments: Vec<QueuedSegment> = ids
            .iter()
            .map(|id| QueuedSegment {
                segment: SegmentId(*id as u64),
                passes: Vec::new(),
                feed_id: None,
            })
            .collect();
        if !ids.is_empty() {
            let rows = sqlx::query!(
                r#"SELECT feed_id AS "feed_id!", segment_id AS "segment_id!",
                          direction AS "direction!", from_m AS "from_m!", to_m AS "to_m!",
                          entered_at AS "entered_at!", left_at AS "left_at!", work_kind,
                          confidence AS "confidence!"
                   FROM (SELECT feed_id, vehicle_id, ordinal, segment_id, direction, from_m,
                                to_m, entered_at, left_at, work_kind, confidence
                         FROM current_pass WHERE segment_id = ANY($1)
                         UNION ALL
                         SELECT feed_id, vehicle_id, ordinal, segment_id, direction, from_m,
                                to_m, entered_at, left_at, work_kind, confidence
                         FROM undecided_pass
                         JOIN UNNEST($1) AS n (segment_id) USING (segment_id)) AS p
                   ORDER BY left_at, feed_id, vehicle_id, ordinal"#,
                &ids
            )
            .fetch_all(&mut *tx)
            .await?;
            for row in rows {
                let Ok(i) = ids.binary_search(&row.segment_id) else {
                    continue;
                };
                segments[i].feed_id = Some(row.feed_id);
                segments[i].passes.push(segment_pass(
                    row.segment_id,
                    &row.direction,
                    (row.from_m, row.to_m),
                    (row.entered_at, row.left_at),
                    row.work_kind.as_deref(),
                    &row.confidence,
                )?);
            }
        }
        Ok(StatusBatch {
            tx,
            network_version,
            segments,
        })
    }
}

impl StatusBatch<'_> {
    /// Puts the rows back on the queue. Dropping does so too, but only when the lock's connection
    /// is used again.
    ///
    /// # Errors
    /// Database errors.
    pub async fn discard(self) -> Result<(), StoreError> {
        self.tx.rollback().await?;
        Ok(())
    }

    /// Writes the rows with the numbers that follow `last_sequence`, commits, and tells all
    /// servers. Returns the last number given.
    ///
    /// # Errors
    /// Database errors; then nothing was taken off the queue.
    pub async fn commit(
        mut self,
        rows: &[WriterRow],
        last_sequence: i64,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let ids: Vec<i64> = rows.iter().map(|r| r.segment.0 as i64).collect();
        let forward: Vec<i32> = rows
            .iter()
            .map(|r| r.status.cleared_fwd_min as i32)
            .collect();
        let reverse: Vec<i32> = rows
            .iter()
            .map(|r| r.status.cleared_rev_min as i32)
            .collect();
        let status: Vec<i32> = rows.iter().map(|r| r.status.status as i32).collect();
        let sequences: Vec<i64> = (1..=rows.len() as i64).map(|i| last_sequence + i).collect();
        let facts: Vec<Option<serde_json::Value>> = rows
            .iter()
            .map(|r| r.facts.as_ref().map(serde_json::to_value).transpose())
            .collect::<Result<_, _>>()
            .map_err(|e| StoreError::corrupt("segment facts", e))?;
        let feeds: Vec<Option<String>> = rows.iter().map(|r| r.feed_id.clone()).collect();
        if !rows.is_empty() {
            sqlx::query!(
                "INSERT INTO segment_status (segment_id, cleared_fwd_min, cleared_rev_min, \
                                             status, sequence, changed_at, facts, feed_id) \
                 SELECT n.segment_id, n.forward, n.reverse, n.status, n.sequence, $8, n.facts, \
                        n.feed_id \
                 FROM UNNEST($1::int8[], $2::int4[], $3::int4[], $4::int4[], $5::int8[], \
                             $6::jsonb[], $7::text[]) \
                      AS n (segment_id, forward, reverse, status, sequence, facts, feed_id) \
                 ON CONFLICT (segment_id) DO UPDATE SET \
                     cleared_fwd_min = excluded.cleared_fwd_min, \
                     cleared_rev_min = excluded.cleared_rev_min, status = excluded.status, \
                     sequence = excluded.sequence, changed_at = excluded.changed_at, \
                     facts = excluded.facts, feed_id = excluded.feed_id",
                &ids,
                &forward,
                &reverse,
                &status,
                &sequences,
                &facts as &[Option<serde_json::Value>],
                &feeds as &[Option<String>],
                to_sql(now)
            )
            .execute(&mut *self.tx)
            .await?;
            sqlx::query!("SELECT pg_notify('yukimichi_status', '')")
                .fetch_one(&mut *self.tx)
                .await?;
        }
        self.tx.commit().await?;
        Ok(last_sequence + rows.len() as i64)
    }
}

//! Windows to be matched, and the passes that come out.

use crate::database::{Store, StoreError};
use crate::instants::{day_of, from_sql, to_sql};
use crate::network::NETWORK_LOCK;
use domain::coverage::{Confidence, Pass};
use domain::fix::PlowFix;
use domain::geometry::LonLat;
use domain::network::SegmentId;
use domain::work::{Direction, WorkKind};
use jiff::Timestamp;
use sqlx::types::time::OffsetDateTime;
use sqlx::{Postgres, Transaction};

/// A window of a vehicle's night.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Window {
    /// The feed.
    pub feed_id: String,
    /// The vehicle.
    pub vehicle_id: String,
    /// Start of its ten minutes.
    pub start: Timestamp,
}

/// A pass with the segment that it clears.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentPass {
    /// The segment.
    pub segment: SegmentId,
    /// The pass.
    pub pass: Pass,
}

/// A pass as the history of a segment shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct PassRecord {
    /// The segment and its pass.
    pub segment_pass: SegmentPass,
    /// The feed that told of it.
    pub feed_id: String,
}

/// Windows under this process's hand, until [`WindowBatch::finish`] or drop.
#[derive(Debug)]
pub struct WindowBatch {
    pub(crate) tx: Transaction<'static, Postgres>,
    windows: Vec<Window>,
    network_version: i64,
}

impl Store {
    /// Takes up to `most` windows that need matching; no other process gets them meanwhile.
    /// Dropping the batch gives them back. `None` when there is nothing to do.
    ///
    /// # Errors
    /// Database errors.
    pub async fn take_windows(&self, most: i64) -> Result<Option<WindowBatch>, StoreError> {
        let mut batch = WindowBatch::without_windows(self).await?;
        batch.windows = sqlx::query!(
            "SELECT feed_id, vehicle_id, window_start FROM dirty_window \
             ORDER BY since, feed_id, vehicle_id, window_start \
             LIMIT $1 FOR UPDATE SKIP LOCKED",
            most
        )
        .fetch_all(&mut *batch.tx)
        .await?
        .into_iter()
        .map(|row| Window {
            feed_id: row.feed_id,
            vehicle_id: row.vehicle_id,
            start: from_sql(row.window_start),
        })
        .collect();
        if batch.windows.is_empty() {
            batch.tx.rollback().await?;
            return Ok(None);
        }
        Ok(Some(batch))
    }

    /// The newest passes of a segment, newest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn passes_of_segment(
        &self,
        segment: SegmentId,
        most: i64,
    ) -> Result<Vec<PassRecord>, StoreError> {
        let rows = sqlx::query!(
            r#"SELECT feed_id AS "feed_id!", segment_id AS "segment_id!",
                      direction AS "direction!", from_m AS "from_m!", to_m AS "to_m!",
                      entered_at AS "entered_at!", left_at AS "left_at!", work_kind,
                      confidence AS "confidence!"
               FROM current_pass WHERE segment_id = $1
               ORDER BY left_at DESC, entered_at DESC LIMIT $2"#,
            segment.0 as i64,
            most
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(PassRecord {
                    segment_pass: segment_pass(
                        row.segment_id,
                        &row.direction,
                        (row.from_m, row.to_m),
                        (row.entered_at, row.left_at),
                        row.work_kind.as_deref(),
                        &row.confidence,
                    )?,
                    feed_id: row.feed_id,
                })
            })
            .collect()
    }
}

impl WindowBatch {
    /// A batch of nothing as yet. While it lives, no import may swap the network under it.
    pub(crate) async fn without_windows(store: &Store) -> Result<Self, StoreError> {
        let mut tx = store.pool.begin().await?;
        sqlx::query!("SELECT pg_advisory_xact_lock_shared($1)", NETWORK_LOCK)
            .fetch_one(&mut *tx)
            .await?;
        let network_version = sqlx::query_scalar!("SELECT max(version) FROM network")
            .fetch_one(&mut *tx)
            .await?
            .unwrap_or(0);
        Ok(WindowBatch {
            tx,
            windows: Vec::new(),
            network_version,
        })
    }

    /// The windows.
    pub fn windows(&self) -> &[Window] {
        &self.windows
    }

    /// The network that passes must refer to.
    pub fn network_version(&self) -> i64 {
        self.network_version
    }

    /// The fixes of a vehicle between two times, both included, in time order.
    ///
    /// # Errors
    /// Database errors.
    pub async fn fixes(
        &mut self,
        window: &Window,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<PlowFix>, StoreError> {
        let rows = sqlx::query!(
            "SELECT observed_at, lon, lat, heading_deg, speed_kmh, work_kind FROM fix \
             WHERE feed_id = $1 AND vehicle_id = $2 AND observed_at BETWEEN $3 AND $4 \
             ORDER BY observed_at",
            window.feed_id,
            window.vehicle_id,
            to_sql(from),
            to_sql(to)
        )
        .fetch_all(&mut *self.tx)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| PlowFix {
                vehicle_id: window.vehicle_id.clone(),
                observed_at: from_sql(row.observed_at),
                at: LonLat::new(row.lon, row.lat),
                heading_deg: row.heading_deg,
                speed_kmh: row.speed_kmh,
                work: row.work_kind.as_deref().and_then(WorkKind::parse),
            })
            .collect())
    }

    /// Writes what has changed of a window's passes as a new revision, and queues their segments.
    /// Returns how many passes changed.
    ///
    /// # Errors
    /// Database errors.
    pub async fn write_passes(
        &mut self,
        window: &Window,
        passes: &[SegmentPass],
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        let stored = self.newest_passes(window).await?;
        let mut changes: Vec<(i32, i32, Option<&SegmentPass>)> = Vec::new();
        let mut segments: Vec<i64> = Vec::new();
        for ordinal in 0..passes.len().max(stored.len()) {
            let new = passes.get(ordinal);
            let (revision, old) = match stored.get(ordinal) {
                Some((revision, old)) => (*revision, old.as_ref()),
                None => (0, None),
            };
            if new == old {
                continue;
            }
            segments.extend([new, old].into_iter().flatten().map(|p| p.segment.0 as i64));
            changes.push((ordinal as i32, revision + 1, new));
        }
        if changes.is_empty() {
            return Ok(0);
        }
        sqlx::query!(
            "SELECT ensure_day_partitions('pass', ARRAY[$1::date])",
            day_of(window.start)
        )
        .fetch_one(&mut *self.tx)
        .await?;
        for (ordinal, revision, new) in &changes {
            sqlx::query!(
                "INSERT INTO pass (feed_id, vehicle_id, window_start, ordinal, revision, \
                                   network_version, matched_at, segment_id, direction, from_m, \
                                   to_m, entered_at, left_at, work_kind, confidence) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
                window.feed_id,
                window.vehicle_id,
                to_sql(window.start),
                ordinal,
                revision,
                self.network_version,
                to_sql(now),
                new.map(|p| p.segment.0 as i64),
                new.map(|p| p.pass.direction.as_str()),
                new.map(|p| p.pass.from_m),
                new.map(|p| p.pass.to_m),
                new.map(|p| to_sql(p.pass.entered_at)),
                new.map(|p| to_sql(p.pass.left_at)),
                new.and_then(|p| p.pass.work).map(WorkKind::as_str),
                new.map(|p| p.pass.confidence.as_str())
            )
            .execute(&mut *self.tx)
            .await?;
        }
        segments.sort_unstable();
        segments.dedup();
        sqlx::query!(
            "INSERT INTO status_queue (segment_ids) VALUES ($1)",
            &segments
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(changes.len())
    }

    /// Newest revision of each ordinal, in their order; `None` where it withdraws the pass.
    async fn newest_passes(
        &mut self,
        window: &Window,
    ) -> Result<Vec<(i32, Option<SegmentPass>)>, StoreError> {
        let rows = sqlx::query!(
            "SELECT DISTINCT ON (ordinal) ordinal, revision, segment_id, direction, from_m, to_m, \
                    entered_at, left_at, work_kind, confidence \
             FROM pass WHERE feed_id = $1 AND vehicle_id = $2 AND window_start = $3 \
             ORDER BY ordinal, revision DESC",
            window.feed_id,
            window.vehicle_id,
            to_sql(window.start)
        )
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter()
            .map(|row| {
                let pass = match (
                    row.segment_id,
                    row.direction,
                    row.from_m.zip(row.to_m),
                    row.entered_at.zip(row.left_at),
                    row.confidence,
                ) {
                    (Some(id), Some(direction), Some(measures), Some(times), Some(confidence)) => {
                        Some(segment_pass(
                            id,
                            &direction,
                            measures,
                            times,
                            row.work_kind.as_deref(),
                            &confidence,
                        )?)
                    }
                    _ => None,
                };
                Ok((row.revision, pass))
            })
            .collect()
    }

    /// Marks the windows as done and commits everything.
    ///
    /// # Errors
    /// Database errors; then nothing was written and the windows are still marked.
    pub async fn finish(mut self) -> Result<(), StoreError> {
        for window in &self.windows {
            sqlx::query!(
                "DELETE FROM dirty_window \
                 WHERE feed_id = $1 AND vehicle_id = $2 AND window_start = $3",
                window.feed_id,
                window.vehicle_id,
                to_sql(window.start)
            )
            .execute(&mut *self.tx)
            .await?;
        }
        sqlx::query!("SELECT pg_notify('yukimichi_queue', '')")
            .fetch_one(&mut *self.tx)
            .await?;
        self.tx.commit().await?;
        Ok(())
    }
}

pub(crate) fn segment_pass(
    segment_id: i64,
    direction: &str,
    (from_m, to_m): (f64, f64),
    (entered_at, left_at): (OffsetDateTime, OffsetDateTime),
    work_kind: Option<&str>,
    confidence: &str,
) -> Result<SegmentPass, StoreError> {
    let work = work_kind
        .map(|name| WorkKind::parse(name).ok_or_else(|| StoreError::corrupt("work kind", name)))
        .transpose()?;
    Ok(SegmentPass {
        segment: SegmentId(segment_id as u64),
        pass: Pass {
            direction: Direction::parse(direction)
                .ok_or_else(|| StoreError::corrupt("direction", direction))?,
            from_m,
            to_m,
            entered_at: from_sql(entered_at),
            left_at: from_sql(left_at),
            work,
            confidence: Confidence::parse(confidence)
                .ok_or_else(|| StoreError::corrupt("confidence", confidence))?,
        },
    })
}

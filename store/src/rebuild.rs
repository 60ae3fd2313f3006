//! Starting over from the facts.

use crate::database::{Store, StoreError};
use crate::instants::{from_sql, to_sql};
use crate::passes::{SegmentPass, Window, segment_pass};
use jiff::Timestamp;

impl Store {
    /// All current passes, ordered by what names them: for comparing one state with another.
    ///
    /// # Errors
    /// Database errors.
    pub async fn current_passes(&self) -> Result<Vec<(Window, i32, SegmentPass)>, StoreError> {
        let rows = sqlx::query!(
            r#"SELECT feed_id AS "feed_id!", vehicle_id AS "vehicle_id!",
                      window_start AS "window_start!", ordinal AS "ordinal!",
                      segment_id AS "segment_id!", direction AS "direction!", from_m AS "from_m!",
                      to_m AS "to_m!", entered_at AS "entered_at!", left_at AS "left_at!",
                      work_kind, confidence AS "confidence!"
               FROM current_pass ORDER BY feed_id, vehicle_id, window_start, ordinal"#
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                let window = Window {
                    feed_id: row.feed_id,
                    vehicle_id: row.vehicle_id,
                    start: from_sql(row.window_start),
                };
                let segment_pass = segment_pass(
                    row.segment_id,
                    &row.direction,
                    (row.from_m, row.to_m),
                    (row.entered_at, row.left_at),
                    row.work_kind.as_deref(),
                    &row.confidence,
                )?;
                Ok((window, row.ordinal, segment_pass))
            })
            .collect()
    }

    /// Throws away all that is derived from facts, and marks every window to be matched and every place
    /// to be laid again.
    ///
    /// # Errors
    /// Database errors; then nothing has changed.
    pub async fn forget_derived(&self, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        for table in ["pass", "status_queue", "dirty_window"] {
            sqlx::query(sqlx::AssertSqlSafe(format!("DELETE FROM {table}")))
                .execute(&mut *tx)
                .await?;
        }
        sqlx::query!("UPDATE laid_fact SET pending = true")
            .execute(&mut *tx)
            .await?;
        sqlx::query!("UPDATE segment_status SET facts = NULL, feed_id = NULL")
            .execute(&mut *tx)
            .await?;
        sqlx::query!(
            "INSERT INTO dirty_window (feed_id, vehicle_id, window_start, since) \
             SELECT DISTINCT feed_id, vehicle_id, date_bin('10 min', observed_at, 'epoch'), \
                    $1::timestamptz \
             FROM fix",
            to_sql(now)
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }
}

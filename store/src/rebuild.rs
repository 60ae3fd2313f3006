//! Starting over from the facts.

use crate::database::{Store, StoreError};
use crate::instants::from_sql;
use crate::passes::{PassKey, SegmentPass, Vehicle, segment_pass};

impl Store {
    /// All current passes, ordered by what names them: for comparing one state with another.
    ///
    /// # Errors
    /// Database errors.
    pub async fn current_passes(&self) -> Result<Vec<(PassKey, SegmentPass)>, StoreError> {
        let rows = sqlx::query!(
            r#"SELECT feed_id AS "feed_id!", vehicle_id AS "vehicle_id!",
                      trace_start AS "trace_start!", ordinal AS "ordinal!",
                      segment_id AS "segment_id!", direction AS "direction!", from_m AS "from_m!",
                      to_m AS "to_m!", entered_at AS "entered_at!", left_at AS "left_at!",
                      work_kind, confidence AS "confidence!"
               FROM current_pass ORDER BY feed_id, vehicle_id, trace_start, ordinal"#
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                let key = PassKey {
                    vehicle: Vehicle {
                        feed_id: row.feed_id,
                        vehicle_id: row.vehicle_id,
                    },
                    trace_start: from_sql(row.trace_start),
                    ordinal: row.ordinal,
                };
                let segment_pass = segment_pass(
                    row.segment_id,
                    &row.direction,
                    (row.from_m, row.to_m),
                    (row.entered_at, row.left_at),
                    row.work_kind.as_deref(),
                    &row.confidence,
                )?;
                Ok((key, segment_pass))
            })
            .collect()
    }

    /// Throws away all that is derived from facts, and marks every vehicle to be matched and every
    /// place to be laid again.
    ///
    /// # Errors
    /// Database errors; then nothing has changed.
    pub async fn forget_derived(&self) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        for table in ["pass", "open_trace", "status_queue", "fresh_fixes"] {
            sqlx::query(sqlx::AssertSqlSafe(format!("DELETE FROM {table}")))
                .execute(&mut *tx)
                .await?;
        }
        sqlx::query!(
            "UPDATE laid_fact l SET pending = true \
             WHERE NOT EXISTS (SELECT 1 FROM laid_fact n WHERE n.kind = l.kind \
                    AND n.feed_id = l.feed_id AND n.fact_id = l.fact_id \
                    AND n.version_at > l.version_at)"
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query!("UPDATE segment_status SET facts = NULL, feed_id = NULL")
            .execute(&mut *tx)
            .await?;
        sqlx::query!(
            "INSERT INTO fresh_fixes (feed_id, vehicle_id, from_at, heard_at) \
             SELECT feed_id, vehicle_id, min(observed_at), max(received_at) FROM fix \
             GROUP BY feed_id, vehicle_id"
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }
}

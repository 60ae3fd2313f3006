//! What vehicles were seen to do in a span of time: what 日報 are made of.

use crate::database::{Store, StoreError};
use crate::instants::{from_sql, to_sql};
use crate::passes::{PassKey, SegmentPass, Vehicle, segment_pass};
use jiff::{SignedDuration, Timestamp};

/// A trace ends at noon at the latest, so that a pass begins at most so long after its trace.
const LONGEST_TRACE: SignedDuration = SignedDuration::from_hours(25);

/// A vehicle, and when it was heard in a span of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeardVehicle {
    /// The vehicle.
    pub vehicle: Vehicle,
    /// Its first fix.
    pub first_fix_at: Timestamp,
    /// Its last fix.
    pub last_fix_at: Timestamp,
    /// How many fixes.
    pub fixes: i64,
}

impl Store {
    /// The vehicles of a manager's feeds that were heard from `from` until before `until`.
    ///
    /// # Errors
    /// Database errors.
    pub async fn heard_vehicles(
        &self,
        manager_code: &str,
        (from, until): (Timestamp, Timestamp),
    ) -> Result<Vec<HeardVehicle>, StoreError> {
        let rows = sqlx::query!(
            r#"SELECT x.feed_id, x.vehicle_id, min(x.observed_at) AS "first!",
                      max(x.observed_at) AS "last!", count(*) AS "fixes!"
               FROM fix x JOIN feed f ON f.id = x.feed_id
               WHERE f.manager_code = $1 AND x.observed_at >= $2 AND x.observed_at < $3
               GROUP BY x.feed_id, x.vehicle_id ORDER BY x.feed_id, x.vehicle_id"#,
            manager_code,
            to_sql(from),
            to_sql(until)
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| HeardVehicle {
                vehicle: Vehicle {
                    feed_id: row.feed_id,
                    vehicle_id: row.vehicle_id,
                },
                first_fix_at: from_sql(row.first),
                last_fix_at: from_sql(row.last),
                fixes: row.fixes,
            })
            .collect())
    }

    /// The decided passes of a manager's feeds that began from `from` until before `until`, by
    /// vehicle and time; without those that are only reported.
    ///
    /// # Errors
    /// Database errors.
    pub async fn passes_begun(
        &self,
        manager_code: &str,
        (from, until): (Timestamp, Timestamp),
    ) -> Result<Vec<(PassKey, SegmentPass)>, StoreError> {
        let earliest_trace = from.saturating_sub(LONGEST_TRACE).unwrap_or(from);
        let rows = sqlx::query!(
            r#"SELECT p.feed_id AS "feed_id!", p.vehicle_id AS "vehicle_id!",
                      p.trace_start AS "trace_start!", p.ordinal AS "ordinal!",
                      p.segment_id AS "segment_id!", p.direction AS "direction!",
                      p.from_m AS "from_m!", p.to_m AS "to_m!", p.entered_at AS "entered_at!",
                      p.left_at AS "left_at!", p.work_kind, p.confidence AS "confidence!"
               FROM current_pass p JOIN feed f ON f.id = p.feed_id
               WHERE f.manager_code = $1 AND NOT f.by_hand
                 AND p.trace_start >= $2 AND p.trace_start < $4
                 AND p.entered_at >= $3 AND p.entered_at < $4
               ORDER BY p.feed_id, p.vehicle_id, p.entered_at, p.ordinal"#,
            manager_code,
            to_sql(earliest_trace),
            to_sql(from),
            to_sql(until)
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                let pass = segment_pass(
                    row.segment_id,
                    &row.direction,
                    (row.from_m, row.to_m),
                    (row.entered_at, row.left_at),
                    row.work_kind.as_deref(),
                    &row.confidence,
                )?;
                let key = PassKey {
                    vehicle: Vehicle {
                        feed_id: row.feed_id,
                        vehicle_id: row.vehicle_id,
                    },
                    trace_start: from_sql(row.trace_start),
                    ordinal: row.ordinal,
                };
                Ok((key, pass))
            })
            .collect()
    }
}

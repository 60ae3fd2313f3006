//! Vehicles on their way: what is said of them beyond their decided passes.

use crate::database::{Store, StoreError};
use crate::fresh_fixes::MatchingBatch;
use crate::instants::{from_sql, to_sql};
use crate::passes::{SegmentPass, Vehicle};
use domain::network::SegmentId;
use domain::work::Direction;
use jiff::Timestamp;
use std::collections::HashMap;

/// A vehicle's open trace as others see it.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenTrace {
    /// The vehicle.
    pub vehicle: Vehicle,
    /// When the trace began.
    pub trace_start: Timestamp,
    /// When its last fix was observed.
    pub last_fix_at: Timestamp,
    /// When that came.
    pub heard_at: Timestamp,
    /// Passes that may still change, in time order.
    pub passes: Vec<SegmentPass>,
}

/// An open trace as it was last written.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenState {
    /// When its last fix was observed.
    pub last_fix_at: Timestamp,
    /// When the newest of its fixes came.
    pub heard_at: Timestamp,
    /// The segments that its undecided passes lie on.
    pub segments: Vec<SegmentId>,
}

impl Store {
    /// How many vehicles are on their way.
    ///
    /// # Errors
    /// Database errors.
    pub async fn open_trace_count(&self) -> Result<i64, StoreError> {
        let count = sqlx::query_scalar!(r#"SELECT count(*) AS "count!" FROM open_trace"#)
            .fetch_one(&self.pool)
            .await?;
        Ok(count)
    }
}

impl MatchingBatch {
    /// The open trace of each vehicle that has one.
    ///
    /// # Errors
    /// Database errors.
    pub async fn open_traces(&mut self) -> Result<HashMap<Vehicle, OpenState>, StoreError> {
        let (feeds, vehicles): (Vec<String>, Vec<String>) = self
            .fresh()
            .iter()
            .map(|f| (f.vehicle.feed_id.clone(), f.vehicle.vehicle_id.clone()))
            .unzip();
        let rows = sqlx::query!(
            "SELECT o.feed_id, o.vehicle_id, o.last_fix_at, o.heard_at, o.segment_ids \
             FROM UNNEST($1::text[], $2::text[]) AS n (feed_id, vehicle_id) \
             JOIN open_trace o ON o.feed_id = n.feed_id AND o.vehicle_id = n.vehicle_id",
            &feeds,
            &vehicles
        )
        .fetch_all(&mut *self.tx)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let vehicle = Vehicle {
                    feed_id: row.feed_id,
                    vehicle_id: row.vehicle_id,
                };
                let segments = row.segment_ids.into_iter().map(|id| SegmentId(id as u64));
                let state = OpenState {
                    last_fix_at: from_sql(row.last_fix_at),
                    heard_at: from_sql(row.heard_at),
                    segments: segments.collect(),
                };
                (vehicle, state)
            })
            .collect())
    }

    /// Puts each vehicle's open trace in the place of its former one.
    ///
    /// # Errors
    /// Database errors.
    pub async fn write_open_traces(
        &mut self,
        traces: &[OpenTrace],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        // Arrays of arrays must be even in SQL, so the passes come flat, with their trace's number.
        let passes: Vec<(i64, &SegmentPass)> = (1..)
            .zip(traces)
            .flat_map(|(number, trace)| trace.passes.iter().map(move |pass| (number, pass)))
            .collect();
        let feeds: Vec<String> = traces.iter().map(|t| t.vehicle.feed_id.clone()).collect();
        let vehicles: Vec<String> = traces
            .iter()
            .map(|t| t.vehicle.vehicle_id.clone())
            .collect();
        let starts: Vec<_> = traces.iter().map(|t| to_sql(t.trace_start)).collect();
        let last: Vec<_> = traces.iter().map(|t| to_sql(t.last_fix_at)).collect();
        let heard: Vec<_> = traces.iter().map(|t| to_sql(t.heard_at)).collect();
        let numbers: Vec<i64> = passes.iter().map(|(number, _)| *number).collect();
        let segments: Vec<i64> = passes.iter().map(|(_, p)| p.segment.0 as i64).collect();
        let forward: Vec<bool> = passes
            .iter()
            .map(|(_, p)| p.pass.direction == Direction::Forward)
            .collect();
        let from_m: Vec<f64> = passes.iter().map(|(_, p)| p.pass.from_m).collect();
        let to_m: Vec<f64> = passes.iter().map(|(_, p)| p.pass.to_m).collect();
        let entered: Vec<_> = passes
            .iter()
            .map(|(_, p)| to_sql(p.pass.entered_at))
            .collect();
        let left: Vec<_> = passes.iter().map(|(_, p)| to_sql(p.pass.left_at)).collect();
        let works: Vec<Option<String>> = passes
            .iter()
            .map(|(_, p)| p.pass.work.map(|w| w.as_str().to_owned()))
            .collect();
        let confidences: Vec<String> = passes
            .iter()
            .map(|(_, p)| p.pass.confidence.as_str().to_owned())
            .collect();
        sqlx::query!(
            "INSERT INTO open_trace (feed_id, vehicle_id, trace_start, last_fix_at, heard_at, \
                                     matched_at, network_version, segment_ids, forward, from_m, \
                                     to_m, entered_at, left_at, work_kinds, confidences) \
             SELECT t.feed_id, t.vehicle_id, t.trace_start, t.last_fix_at, t.heard_at, $6, $7, \
                    coalesce(p.segment_ids, '{}'), coalesce(p.forward, '{}'), \
                    coalesce(p.from_m, '{}'), coalesce(p.to_m, '{}'), \
                    coalesce(p.entered_at, '{}'), coalesce(p.left_at, '{}'), \
                    coalesce(p.work_kinds, '{}'), coalesce(p.confidences, '{}') \
             FROM UNNEST($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], \
                         $5::timestamptz[]) WITH ORDINALITY \
                      AS t (feed_id, vehicle_id, trace_start, last_fix_at, heard_at, number) \
             LEFT JOIN ( \
                 SELECT number, array_agg(segment_id ORDER BY ordinal) AS segment_ids, \
                        array_agg(forward ORDER BY ordinal) AS forward, \
                        array_agg(from_m ORDER BY ordinal) AS from_m, \
                        array_agg(to_m ORDER BY ordinal) AS to_m, \
                        array_agg(entered_at ORDER BY ordinal) AS entered_at, \
                        array_agg(left_at ORDER BY ordinal) AS left_at, \
                        array_agg(work_kind ORDER BY ordinal) AS work_kinds, \
                        array_agg(confidence ORDER BY ordinal) AS confidences \
                 FROM UNNEST($8::int8[], $9::int8[], $10::bool[], $11::float8[], $12::float8[], \
                             $13::timestamptz[], $14::timestamptz[], $15::text[], $16::text[]) \
                          WITH ORDINALITY \
                          AS u (number, segment_id, forward, from_m, to_m, entered_at, left_at, \
                                work_kind, confidence, ordinal) \
                 GROUP BY number) AS p USING (number) \
             ON CONFLICT (feed_id, vehicle_id) DO UPDATE SET \
                 trace_start = excluded.trace_start, last_fix_at = excluded.last_fix_at, \
                 heard_at = excluded.heard_at, matched_at = excluded.matched_at, \
                 network_version = excluded.network_version, \
                 segment_ids = excluded.segment_ids, forward = excluded.forward, \
                 from_m = excluded.from_m, to_m = excluded.to_m, \
                 entered_at = excluded.entered_at, left_at = excluded.left_at, \
                 work_kinds = excluded.work_kinds, confidences = excluded.confidences",
            &feeds,
            &vehicles,
            &starts,
            &last,
            &heard,
            to_sql(now),
            self.network_version,
            &numbers,
            &segments,
            &forward,
            &from_m,
            &to_m,
            &entered,
            &left,
            &works as &[Option<String>],
            &confidences
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Forgets the open traces of vehicles that have none any more.
    ///
    /// # Errors
    /// Database errors.
    pub async fn close_traces(&mut self, closed: &[Vehicle]) -> Result<(), StoreError> {
        let feeds: Vec<String> = closed.iter().map(|v| v.feed_id.clone()).collect();
        let vehicles: Vec<String> = closed.iter().map(|v| v.vehicle_id.clone()).collect();
        sqlx::query!(
            "DELETE FROM open_trace o \
             USING UNNEST($1::text[], $2::text[]) AS n (feed_id, vehicle_id) \
             WHERE o.feed_id = n.feed_id AND o.vehicle_id = n.vehicle_id",
            &feeds,
            &vehicles
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }
}

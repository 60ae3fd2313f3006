//! Facts that make passes by themselves: rows of work logs, and reports that a zone is done.

use crate::database::StoreError;
use crate::fresh_fixes::MatchingBatch;
use crate::instants::from_sql;
use crate::laid::LaidKind;
use crate::laying::{FactVersion, LayingBatch};
use crate::passes::{PassKey, SegmentPass, Vehicle};
use crate::reports::{ReportRecord, ReportRow};
use crate::road_managers::road_manager;
use crate::work_log::WorkLogRecord;
use domain::road_manager::RoadManager;
use jiff::Timestamp;

impl LayingBatch {
    /// Writes the passes that a fact makes, where they are others than before. The fact stands in the
    /// place of a vehicle, and `began_at` in that of a trace's start.
    ///
    /// # Errors
    /// Database errors.
    pub async fn write_passes(
        &mut self,
        version: &FactVersion,
        began_at: Timestamp,
        passes: &[SegmentPass],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let vehicle = Vehicle {
            feed_id: version.feed_id.clone(),
            vehicle_id: match version.kind {
                LaidKind::Report => format!("report {}", version.fact_id),
                _ => version.fact_id.clone(),
            },
        };
        let mut stored = self
            .inner
            .stored_passes(&[(vehicle.clone(), began_at)])
            .await?
            .remove(&vehicle)
            .unwrap_or_default();
        stored.sort_by_key(|(key, _)| key.ordinal);
        let mut changes = Vec::new();
        for ordinal in 0..passes.len().max(stored.len()) {
            let new = passes.get(ordinal);
            let old = stored.get(ordinal).and_then(|(_, pass)| pass.as_ref());
            if new != old {
                self.inner.touch(old.map(|pass| pass.segment));
                let key = PassKey {
                    vehicle: vehicle.clone(),
                    trace_start: began_at,
                    ordinal: ordinal as i32,
                };
                changes.push((key, new.cloned()));
            }
        }
        self.inner.write_passes(&changes, now).await
    }
}

impl MatchingBatch {
    pub(crate) async fn unlaid_log(
        &mut self,
        most: i64,
    ) -> Result<Vec<(FactVersion, RoadManager, WorkLogRecord)>, StoreError> {
        let rows = sqlx::query!(
            "SELECT l.feed_id, l.fact_id, l.version_at, w.vehicle_id, w.started_at, w.ended_at, \
                    w.stretch, w.work_kind, w.direction, w.contractor, w.weather, w.air_c, \
                    w.depth_cm, m.code, m.level, m.name_ja, m.name_en \
             FROM laid_fact l \
             JOIN work_log w ON w.feed_id = l.feed_id AND w.fact_id = l.fact_id \
             JOIN feed f ON f.id = l.feed_id JOIN road_manager m ON m.code = f.manager_code \
             WHERE l.kind = 'work_log' AND l.pending ORDER BY l.version_at LIMIT $1",
            most
        )
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter()
            .map(|row| {
                let version = FactVersion {
                    kind: LaidKind::WorkLog,
                    feed_id: row.feed_id.clone(),
                    fact_id: row.fact_id,
                    version_at: from_sql(row.version_at),
                };
                let record = WorkLogRecord {
                    feed_id: row.feed_id,
                    entry: crate::work_log::Row {
                        vehicle_id: row.vehicle_id,
                        started_at: row.started_at,
                        ended_at: row.ended_at,
                        stretch: row.stretch,
                        work_kind: row.work_kind,
                        direction: row.direction,
                        contractor: row.contractor,
                        weather: row.weather,
                        air_c: row.air_c,
                        depth_cm: row.depth_cm,
                    }
                    .entry()?,
                    unplaced: None,
                };
                let manager = road_manager(row.code, &row.level, row.name_ja, row.name_en)?;
                Ok((version, manager, record))
            })
            .collect()
    }

    pub(crate) async fn unlaid_reports(
        &mut self,
        most: i64,
    ) -> Result<Vec<(FactVersion, RoadManager, ReportRecord)>, StoreError> {
        let rows = sqlx::query!(
            "SELECT l.feed_id, l.fact_id, l.version_at, r.id, r.manager_code, r.zone, r.state, \
                    r.at, r.said_by, r.recorded_by, r.recorded_at, r.units, r.note, r.work_kind, \
                    m.level, m.name_ja, m.name_en \
             FROM laid_fact l JOIN report r ON r.id = l.fact_id::bigint \
             JOIN road_manager m ON m.code = r.manager_code \
             WHERE l.kind = 'report' AND l.pending ORDER BY l.version_at LIMIT $1",
            most
        )
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter()
            .map(|row| {
                let version = FactVersion {
                    kind: LaidKind::Report,
                    feed_id: row.feed_id,
                    fact_id: row.fact_id,
                    version_at: from_sql(row.version_at),
                };
                let code = row.manager_code.clone();
                let manager = road_manager(code, &row.level, row.name_ja, row.name_en)?;
                let record = ReportRow {
                    id: row.id,
                    manager_code: row.manager_code,
                    zone: row.zone,
                    state: row.state,
                    at: row.at,
                    said_by: row.said_by,
                    recorded_by: row.recorded_by,
                    recorded_at: row.recorded_at,
                    units: row.units,
                    note: row.note,
                    work_kind: row.work_kind,
                }
                .record()?;
                Ok((version, manager, record))
            })
            .collect()
    }
}

//! Lists of call-outs: a manager's own with all that happened, and the states of zones for everybody.

use crate::database::{Store, StoreError};
use crate::dispatch_events::DispatchEventRecord;
use crate::dispatches::{DispatchRecord, DispatchRow};
use crate::instants::{from_sql, to_sql};
use jiff::Timestamp;
use std::collections::HashMap;

/// Which of a manager's call-outs are asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct DispatchFilter {
    /// Code of the road manager.
    pub manager_code: String,
    /// Those that were there at this moment.
    pub at: Timestamp,
    /// Only of this zone.
    pub zone: Option<String>,
    /// Only those with lower numbers: the next page.
    pub before: Option<i64>,
    /// How many at most.
    pub limit: i64,
}

/// The state of a zone's call-out, as everybody may know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneDispatch {
    /// Code of the road manager.
    pub manager_code: String,
    /// The zone.
    pub zone: String,
    /// What its call-out shows.
    pub state: String,
}

impl Store {
    /// A manager's call-outs as they are now, the newest first; those that had been opened at the
    /// moment asked for.
    ///
    /// # Errors
    /// Database errors.
    pub async fn dispatches(
        &self,
        filter: &DispatchFilter,
    ) -> Result<Vec<DispatchRecord>, StoreError> {
        let rows = sqlx::query_as!(
            DispatchRow,
            "SELECT id, manager_code, zone, rule, round, drill, raised_at, version, changed_at, \
                    state, next_at, life \
             FROM dispatch \
             WHERE manager_code = $1 AND raised_at <= $2 AND ($3::text IS NULL OR zone = $3) \
               AND ($4::bigint IS NULL OR id < $4) \
             ORDER BY id DESC LIMIT $5",
            filter.manager_code,
            to_sql(filter.at),
            filter.zone,
            filter.before,
            filter.limit
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(DispatchRow::record).collect())
    }

    /// A manager's call-outs by their numbers.
    ///
    /// # Errors
    /// Database errors.
    pub async fn dispatches_numbered(
        &self,
        manager_code: &str,
        ids: &[i64],
    ) -> Result<Vec<DispatchRecord>, StoreError> {
        let rows = sqlx::query_as!(
            DispatchRow,
            "SELECT id, manager_code, zone, rule, round, drill, raised_at, version, changed_at, \
                    state, next_at, life \
             FROM dispatch WHERE manager_code = $1 AND id = ANY($2)",
            manager_code,
            ids
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(DispatchRow::record).collect())
    }

    /// All that happened to a manager's call-outs until a moment, by their numbers.
    ///
    /// # Errors
    /// Database errors.
    pub async fn dispatch_timelines(
        &self,
        manager_code: &str,
        ids: &[i64],
        at: Timestamp,
    ) -> Result<HashMap<i64, Vec<DispatchEventRecord>>, StoreError> {
        let rows = sqlx::query!(
            "SELECT e.dispatch_id, e.ordinal, e.at, e.kind, e.event, e.state, e.by_name \
             FROM dispatch_event e JOIN dispatch d ON d.id = e.dispatch_id \
             WHERE d.manager_code = $1 AND d.id = ANY($2) AND e.at <= $3 \
             ORDER BY e.dispatch_id, e.ordinal",
            manager_code,
            ids,
            to_sql(at)
        )
        .fetch_all(&self.pool)
        .await?;
        let mut timelines: HashMap<i64, Vec<DispatchEventRecord>> = HashMap::new();
        for row in rows {
            let timeline = timelines.entry(row.dispatch_id).or_default();
            timeline.push(DispatchEventRecord {
                ordinal: row.ordinal,
                at: from_sql(row.at),
                kind: row.kind,
                event: row.event,
                state: row.state,
                by_name: row.by_name,
            });
        }
        Ok(timelines)
    }

    /// The open call-outs' states for everybody: no drills, no contacts, no reasons.
    ///
    /// # Errors
    /// Database errors.
    pub async fn zone_dispatches(&self) -> Result<Vec<ZoneDispatch>, StoreError> {
        Ok(sqlx::query_as!(
            ZoneDispatch,
            "SELECT manager_code, zone, state FROM dispatch WHERE open AND NOT drill \
             ORDER BY manager_code, zone, id"
        )
        .fetch_all(&self.pool)
        .await?)
    }
}

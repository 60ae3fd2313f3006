//! What runs in rounds says that it ran, so that its silence is seen.

use crate::database::{Store, StoreError};
use crate::instants::{from_sql, to_sql};
use jiff::Timestamp;
use serde_json::Value;

/// The last round of a worker.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkerCycle {
    /// Which.
    pub worker: String,
    /// When it ended.
    pub ended_at: Timestamp,
    /// What it did.
    pub detail: Value,
}

impl Store {
    /// Keeps that a worker's round ended.
    ///
    /// # Errors
    /// Database errors.
    pub async fn keep_cycle(
        &self,
        worker: &str,
        detail: &Value,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "INSERT INTO worker_cycle (worker, ended_at, detail) VALUES ($1, $2, $3) \
             ON CONFLICT (worker) DO UPDATE SET ended_at = excluded.ended_at, \
                                                detail = excluded.detail",
            worker,
            to_sql(now),
            detail
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The last round of each worker.
    ///
    /// # Errors
    /// Database errors.
    pub async fn worker_cycles(&self) -> Result<Vec<WorkerCycle>, StoreError> {
        let rows =
            sqlx::query!("SELECT worker, ended_at, detail FROM worker_cycle ORDER BY worker")
                .fetch_all(&self.pool)
                .await?;
        Ok(rows
            .into_iter()
            .map(|row| WorkerCycle {
                worker: row.worker,
                ended_at: from_sql(row.ended_at),
                detail: row.detail,
            })
            .collect())
    }
}

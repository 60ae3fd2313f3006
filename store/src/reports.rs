//! What people say of a zone's order (申告).

use crate::database::{Store, StoreError};
use crate::facts::without_nul;
use crate::instants::{from_sql, to_sql};
use domain::work::WorkKind;
use domain::zone_order::ReportedState;
use jiff::Timestamp;
use sqlx::types::time::OffsetDateTime;

/// A report of an order's state.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Code of the road manager whose zone it is.
    pub manager_code: String,
    /// The zone's name, normalised.
    pub zone: String,
    /// What was said.
    pub state: ReportedState,
    /// As of when.
    pub at: Timestamp,
    /// Who said so.
    pub said_by: String,
    /// Who wrote it down.
    pub recorded_by: String,
    /// Units that are out for it, where that was said.
    pub units: Option<i32>,
    /// The work that it is about.
    pub work: WorkKind,
    /// What else was said.
    pub note: String,
}

/// A report as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportRecord {
    /// Its number.
    pub id: i64,
    /// The report.
    pub report: Report,
    /// When it was written down.
    pub recorded_at: Timestamp,
}

/// A report's row.
pub(crate) struct ReportRow {
    pub id: i64,
    pub manager_code: String,
    pub zone: String,
    pub state: String,
    pub at: OffsetDateTime,
    pub said_by: String,
    pub recorded_by: String,
    pub recorded_at: OffsetDateTime,
    pub units: Option<i32>,
    pub note: String,
    pub work_kind: String,
}

impl ReportRow {
    pub(crate) fn record(self) -> Result<ReportRecord, StoreError> {
        Ok(ReportRecord {
            id: self.id,
            report: Report {
                manager_code: self.manager_code,
                zone: self.zone,
                state: ReportedState::parse(&self.state)
                    .ok_or_else(|| StoreError::corrupt("reported state", &self.state))?,
                at: from_sql(self.at),
                said_by: self.said_by,
                recorded_by: self.recorded_by,
                units: self.units,
                work: WorkKind::parse(&self.work_kind)
                    .ok_or_else(|| StoreError::corrupt("work kind", &self.work_kind))?,
                note: self.note,
            },
            recorded_at: from_sql(self.recorded_at),
        })
    }
}

impl Store {
    /// Keeps a report and returns its number. One that says that its zone is done is marked to be laid:
    /// it makes passes.
    ///
    /// # Errors
    /// Database errors.
    pub async fn keep_report(&self, report: &Report, now: Timestamp) -> Result<i64, StoreError> {
        let feed_id = self.by_hand_feed(&report.manager_code).await?;
        let mut tx = self.pool.begin().await?;
        let id = sqlx::query_scalar!(
            "INSERT INTO report (manager_code, zone, state, at, said_by, recorded_by, \
                                 recorded_at, units, note, work_kind) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id",
            report.manager_code,
            without_nul(&report.zone),
            report.state.as_str(),
            to_sql(report.at),
            without_nul(&report.said_by),
            report.recorded_by,
            to_sql(now),
            report.units,
            without_nul(&report.note),
            report.work.as_str()
        )
        .fetch_one(&mut *tx)
        .await?;
        if report.state == ReportedState::Done {
            sqlx::query!(
                "INSERT INTO laid_fact (kind, feed_id, fact_id, version_at) \
                 VALUES ('report', $1, $2::bigint::text, $3)",
                feed_id,
                id,
                to_sql(now)
            )
            .execute(&mut *tx)
            .await?;
            sqlx::query!("SELECT pg_notify('yukimichi_places', '')")
                .fetch_one(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(id)
    }

    /// The newest report on each zone, as they were known at a moment, by manager and zone.
    ///
    /// # Errors
    /// Database errors.
    pub async fn reports_at(&self, at: Timestamp) -> Result<Vec<ReportRecord>, StoreError> {
        let rows = sqlx::query_as!(
            ReportRow,
            "SELECT DISTINCT ON (manager_code, zone) id, manager_code, zone, state, at, said_by, \
                    recorded_by, recorded_at, units, note, work_kind \
             FROM report WHERE at <= $1 AND recorded_at <= $1 \
             ORDER BY manager_code, zone, at DESC, id DESC",
            to_sql(at)
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(ReportRow::record).collect()
    }
}

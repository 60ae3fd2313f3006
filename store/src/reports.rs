//! What people say of a zone's order (申告).

use crate::database::{Store, StoreError};
use crate::facts::without_nul;
use crate::instants::{from_sql, to_sql};
use domain::zone_order::ReportedState;
use jiff::Timestamp;

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

impl Store {
    /// Keeps a report and returns its number.
    ///
    /// # Errors
    /// Database errors.
    pub async fn keep_report(&self, report: &Report, now: Timestamp) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar!(
            "INSERT INTO report (manager_code, zone, state, at, said_by, recorded_by, \
                                 recorded_at, units, note) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
            report.manager_code,
            without_nul(&report.zone),
            report.state.as_str(),
            to_sql(report.at),
            without_nul(&report.said_by),
            report.recorded_by,
            to_sql(now),
            report.units,
            without_nul(&report.note)
        )
        .fetch_one(&self.pool)
        .await?)
    }

    /// The newest report on each zone, as they were known at a moment, by manager and zone.
    ///
    /// # Errors
    /// Database errors.
    pub async fn reports_at(&self, at: Timestamp) -> Result<Vec<ReportRecord>, StoreError> {
        let rows = sqlx::query!(
            "SELECT DISTINCT ON (manager_code, zone) id, manager_code, zone, state, at, said_by, \
                    recorded_by, recorded_at, units, note \
             FROM report WHERE at <= $1 AND recorded_at <= $1 \
             ORDER BY manager_code, zone, at DESC, id DESC",
            to_sql(at)
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(ReportRecord {
                    id: row.id,
                    report: Report {
                        manager_code: row.manager_code,
                        zone: row.zone,
                        state: ReportedState::parse(&row.state)
                            .ok_or_else(|| StoreError::corrupt("reported state", &row.state))?,
                        at: from_sql(row.at),
                        said_by: row.said_by,
                        recorded_by: row.recorded_by,
                        units: row.units,
                        note: row.note,
                    },
                    recorded_at: from_sql(row.recorded_at),
                })
            })
            .collect()
    }
}

//! Pages: what a person was asked, since nobody could say whether a rule is crossed.

use crate::database::{Store, StoreError};
use crate::facts::{from_json, json_of};
use crate::instants::{from_sql, to_sql};
use crate::rule_cycles::CycleWriter;
use domain::rules::{Cause, Page};
use jiff::Timestamp;
use sqlx::types::time::OffsetDateTime;

/// A page to a person: why nobody could say, and whom it concerned.
#[derive(Debug, Clone, PartialEq)]
pub struct PageRecord {
    /// Its number.
    pub id: i64,
    /// Code of the road manager.
    pub manager_code: String,
    /// Why.
    pub cause: Cause,
    /// Why, for people.
    pub text_ja: String,
    /// Whom it concerned.
    pub zones: Vec<String>,
    /// Since when.
    pub opened_at: Timestamp,
    /// Until when; `None` while it lasts.
    pub closed_at: Option<Timestamp>,
}

/// What became of pages in a look.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TurnedPages {
    /// Of these a person is to be told.
    pub opened: Vec<PageRecord>,
    /// Their causes are gone.
    pub closed: Vec<PageRecord>,
}

struct PageRow {
    id: i64,
    manager_code: String,
    cause: serde_json::Value,
    text_ja: String,
    zones: Vec<String>,
    opened_at: OffsetDateTime,
    closed_at: Option<OffsetDateTime>,
}

impl PageRow {
    fn record(self) -> Result<PageRecord, StoreError> {
        Ok(PageRecord {
            id: self.id,
            manager_code: self.manager_code,
            cause: from_json("cause of doubt", self.cause)?,
            text_ja: self.text_ja,
            zones: self.zones,
            opened_at: from_sql(self.opened_at),
            closed_at: self.closed_at.map(from_sql),
        })
    }
}

impl Store {
    /// Pages of a manager, those that last first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn rule_pages(
        &self,
        manager_code: &str,
        most: i64,
    ) -> Result<Vec<PageRecord>, StoreError> {
        let rows = sqlx::query_as!(
            PageRow,
            "SELECT id, manager_code, cause, text_ja, zones, opened_at, closed_at FROM rule_page \
             WHERE manager_code = $1 ORDER BY closed_at IS NOT NULL, opened_at DESC, id DESC LIMIT $2",
            manager_code,
            most
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(PageRow::record).collect()
    }
}

impl CycleWriter<'_> {
    /// Opens a page for each cause that has none open, brings the others up to date, and closes those
    /// whose cause is gone.
    ///
    /// # Errors
    /// Database errors.
    pub async fn page(
        &mut self,
        pages: &[(String, Page<String>)],
        now: Timestamp,
    ) -> Result<TurnedPages, StoreError> {
        let mut opened = Vec::new();
        for (manager_code, page) in pages {
            let (cause, text_ja) = (json_of("cause of doubt", &page.cause)?, page.cause.ja());
            let row = sqlx::query!(
                r#"INSERT INTO rule_page (manager_code, cause, text_ja, zones, opened_at, last_seen_at)
                   VALUES ($1, $2, $3, $4, $5, $5)
                   ON CONFLICT (manager_code, cause) WHERE closed_at IS NULL
                   DO UPDATE SET zones = excluded.zones, last_seen_at = excluded.last_seen_at
                   RETURNING id, opened_at, (xmax = 0) AS "is_new!""#,
                manager_code,
                cause,
                text_ja,
                &page.zones,
                to_sql(now)
            )
            .fetch_one(&mut *self.tx)
            .await?;
            if row.is_new {
                opened.push(PageRecord {
                    id: row.id,
                    manager_code: manager_code.clone(),
                    cause: page.cause.clone(),
                    text_ja,
                    zones: page.zones.clone(),
                    opened_at: from_sql(row.opened_at),
                    closed_at: None,
                });
            }
        }
        let closed = sqlx::query_as!(
            PageRow,
            "UPDATE rule_page SET closed_at = $1 WHERE closed_at IS NULL AND last_seen_at <> $1 \
             RETURNING id, manager_code, cause, text_ja, zones, opened_at, closed_at",
            to_sql(now)
        )
        .fetch_all(&mut *self.tx)
        .await?;
        let closed = closed
            .into_iter()
            .map(PageRow::record)
            .collect::<Result<_, _>>()?;
        Ok(TurnedPages { opened, closed })
    }
}

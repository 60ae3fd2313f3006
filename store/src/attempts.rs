//! Attempts on feeds: what their freshness and trust are worked out from, now or at a past moment.

use crate::database::{Store, StoreError};
use crate::facts::ensure_days;
use crate::instants::{from_sql, to_sql};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;

/// Freshness and trust of a feed at a moment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FeedTrust {
    /// When its server last answered with success, new or not.
    pub last_contact_at: Option<Timestamp>,
    /// When a payload of it was last decoded.
    pub last_success_at: Option<Timestamp>,
    /// When it last told something new.
    pub last_new_at: Option<Timestamp>,
    /// The newest time that its facts speak of.
    pub last_fact_at: Option<Timestamp>,
    /// What went wrong at the last attempt, if it did.
    pub last_error: Option<String>,
    /// Median over the window's payloads of the median of received - observed, in seconds.
    pub lag_s: Option<f64>,
    /// New facts in the window.
    pub new_facts: i64,
    /// Facts in the window that the store had already.
    pub repeats: i64,
    /// Records rejected in the window.
    pub rejected: i64,
    /// Attempts in the window.
    pub attempts: i64,
    /// Of these, those that failed.
    pub failed: i64,
    /// Of the last payloads that told something new: the newest time told of, and when it came.
    pub receipts: Vec<(Timestamp, Timestamp)>,
}

/// How many receipts are looked at.
const RECEIPTS: i64 = 20;

impl FeedTrust {
    /// Share of the window's records that were rejected; `None` without any.
    pub fn rejection_share(&self) -> Option<f64> {
        let all = self.new_facts + self.repeats + self.rejected;
        (all > 0).then(|| self.rejected as f64 / all as f64)
    }
}

pub(crate) struct AttemptRow<'a> {
    pub feed_id: &'a str,
    pub at: Timestamp,
    pub outcome: &'static str,
    pub new_facts: usize,
    pub repeats: usize,
    pub rejected: usize,
    pub lag_s: Option<f64>,
    pub newest_at: Option<Timestamp>,
    pub told_at: Option<Timestamp>,
    pub error: Option<&'a str>,
}

impl<'a> AttemptRow<'a> {
    pub(crate) fn without_facts(
        feed_id: &'a str,
        at: Timestamp,
        outcome: &'static str,
        error: Option<&'a str>,
    ) -> Self {
        AttemptRow {
            feed_id,
            at,
            outcome,
            new_facts: 0,
            repeats: 0,
            rejected: 0,
            lag_s: None,
            newest_at: None,
            told_at: None,
            error,
        }
    }
}

pub(crate) async fn record(
    connection: &mut sqlx::PgConnection,
    row: &AttemptRow<'_>,
) -> Result<(), StoreError> {
    ensure_days(connection, "feed_attempt", [row.at].into_iter()).await?;
    sqlx::query!(
        "INSERT INTO feed_attempt (feed_id, at, outcome, new_facts, repeats, rejected, lag_s, \
                                   newest_at, told_at, error) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        row.feed_id,
        to_sql(row.at),
        row.outcome,
        row.new_facts as i32,
        row.repeats as i32,
        row.rejected as i32,
        row.lag_s,
        row.newest_at.map(to_sql),
        row.told_at.map(to_sql),
        row.error
    )
    .execute(connection)
    .await?;
    Ok(())
}

impl Store {
    /// Of a feed's last payloads before a moment, up to `most` within the `window` before it: the newest
    /// time that each told of, believed or not, and when it came.
    ///
    /// # Errors
    /// Database errors.
    pub async fn told_before(
        &self,
        feed_id: &str,
        at: Timestamp,
        window: SignedDuration,
        most: i64,
    ) -> Result<Vec<(Timestamp, Timestamp)>, StoreError> {
        let since = at.saturating_sub(window).unwrap_or(Timestamp::MIN);
        let rows = sqlx::query!(
            r#"SELECT told_at AS "told_at!", at FROM feed_attempt
               WHERE feed_id = $1 AND at < $2 AND at >= $3 AND told_at IS NOT NULL
               ORDER BY at DESC LIMIT $4"#,
            feed_id,
            to_sql(at),
            to_sql(since),
            most
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| (from_sql(row.told_at), from_sql(row.at)))
            .collect())
    }

    /// Freshness and trust of every feed that was ever tried, as of `at`; counts and lag over the
    /// `window` before it.
    ///
    /// # Errors
    /// Database errors.
    pub async fn feed_trust(
        &self,
        at: Timestamp,
        window: SignedDuration,
    ) -> Result<HashMap<String, FeedTrust>, StoreError> {
        let since = at.saturating_sub(window).unwrap_or(Timestamp::MIN);
        let rows = sqlx::query!(
            r#"SELECT f.id, contact.at AS "contact?", success.at AS "success?",
                      told.at AS "told_at?", told.newest_at AS "fact?", newest.error AS "error?",
                      recent.lag_s, recent.new_facts AS "new_facts!",
                      recent.repeats AS "repeats!", recent.rejected AS "rejected!",
                      recent.attempts AS "attempts!", recent.failed AS "failed!",
                      receipts.told AS "told!", receipts.came AS "came!"
               FROM feed f
               JOIN LATERAL (SELECT a.error FROM feed_attempt a
                        WHERE a.feed_id = f.id AND a.at <= $1
                        ORDER BY a.at DESC LIMIT 1) newest ON true
               LEFT JOIN LATERAL (SELECT a.at FROM feed_attempt a
                        WHERE a.feed_id = f.id AND a.at <= $1 AND a.outcome <> 'failed'
                        ORDER BY a.at DESC LIMIT 1) contact ON true
               LEFT JOIN LATERAL (SELECT a.at FROM feed_attempt a
                        WHERE a.feed_id = f.id AND a.at <= $1 AND a.outcome = 'kept'
                        ORDER BY a.at DESC LIMIT 1) success ON true
               LEFT JOIN LATERAL (SELECT a.at, a.newest_at FROM feed_attempt a
                        WHERE a.feed_id = f.id AND a.at <= $1 AND a.new_facts > 0
                        ORDER BY a.at DESC LIMIT 1) told ON true
               CROSS JOIN LATERAL (
                        SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY a.lag_s) AS lag_s,
                               coalesce(sum(a.new_facts), 0) AS new_facts,
                               coalesce(sum(a.repeats), 0) AS repeats,
                               coalesce(sum(a.rejected), 0) AS rejected,
                               count(*) AS attempts,
                               count(*) FILTER (WHERE a.outcome = 'failed') AS failed
                        FROM feed_attempt a
                        WHERE a.feed_id = f.id AND a.at <= $1 AND a.at > $2) recent
               CROSS JOIN LATERAL (
                        SELECT coalesce(array_agg(r.newest_at), '{}') AS told,
                               coalesce(array_agg(r.at), '{}') AS came
                        FROM (SELECT a.at, a.newest_at FROM feed_attempt a
                              WHERE a.feed_id = f.id AND a.at <= $1 AND a.newest_at IS NOT NULL
                              ORDER BY a.at DESC LIMIT $3) r) receipts"#,
            to_sql(at),
            to_sql(since),
            RECEIPTS
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let trust = FeedTrust {
                    last_contact_at: row.contact.map(from_sql),
                    last_success_at: row.success.map(from_sql),
                    last_new_at: row.told_at.map(from_sql),
                    last_fact_at: row.fact.map(from_sql),
                    last_error: row.error,
                    lag_s: row.lag_s,
                    new_facts: row.new_facts,
                    repeats: row.repeats,
                    rejected: row.rejected,
                    attempts: row.attempts,
                    failed: row.failed,
                    receipts: row
                        .told
                        .into_iter()
                        .map(from_sql)
                        .zip(row.came.into_iter().map(from_sql))
                        .collect(),
                };
                (row.id, trust)
            })
            .collect())
    }
}

//! Road managers and feeds: who speaks, when they were last heard, and who fetches them.

use crate::attempts::{AttemptRow, record};
use crate::database::{Store, StoreError};
use crate::feed_scope::FeedScope;
use crate::instants::{from_sql, to_sql};
use crate::road_managers::road_manager;
use domain::road_manager::RoadManager;
use jiff::{SignedDuration, Timestamp};

/// A feed as it is configured.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedEntry {
    /// Its id.
    pub id: String,
    /// Code of the manager that it belongs to.
    pub manager_code: String,
    /// Name of its decoder.
    pub format: String,
    /// How often it is fetched.
    pub interval: SignedDuration,
    /// Which segments it speaks for, beside those that its plows pass.
    pub scope: FeedScope,
    /// Whom to name beside its data.
    pub attribution: String,
    /// Its licence.
    pub licence: String,
    /// Others push to it; nobody pulls it.
    pub push: bool,
    /// Units that are out whenever the feed speaks; `None` where nobody says.
    pub units_on_duty: Option<i32>,
}

/// A feed with all that is known of its freshness.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedHealth {
    /// The feed.
    pub entry: FeedEntry,
    /// Its manager.
    pub manager: RoadManager,
    /// When its server last answered with success, new or not.
    pub last_contact_at: Option<Timestamp>,
    /// When a payload of it was last decoded.
    pub last_success_at: Option<Timestamp>,
    /// The newest fact that it told.
    pub last_fact_at: Option<Timestamp>,
    /// When it last told something new.
    pub last_new_at: Option<Timestamp>,
    /// Median of received - observed over the last payload that told something new, in seconds.
    pub lag_s: Option<f64>,
    /// Why its times can't be right, where they can't; then its facts are not believed.
    pub clock_doubt: Option<String>,
    /// Since when.
    pub clock_doubt_since: Option<Timestamp>,
    /// By how many whole hours its clock is off, where it is by whole hours.
    pub skew_hours: Option<i32>,
    /// Facts kept, of any kind.
    pub facts_total: i64,
    /// Fixes kept.
    pub fixes_total: i64,
    /// Records rejected.
    pub rejected_total: i64,
    /// What went wrong at the last attempt.
    pub last_error: Option<String>,
    /// Attempts that failed since the last success.
    pub failures: i32,
    /// When it is to be asked again; `None` before the first attempt, and of feeds that push.
    pub next_due_at: Option<Timestamp>,
}

/// The right to fetch a feed, and what its server said last.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedLease {
    /// The feed.
    pub feed_id: String,
    /// Who holds it.
    pub holder: String,
    /// `ETag` of the last payload.
    pub etag: Option<String>,
    /// `Last-Modified` of the last payload.
    pub last_modified: Option<String>,
    /// SHA-256 of the last payload.
    pub payload_sha256: Option<Vec<u8>>,
    /// Attempts that failed since the last success.
    pub failures: i32,
}

/// A lease ends after this, so that another process can take over from a dead one.
const LEASE: SignedDuration = SignedDuration::from_secs(30);

impl Store {
    /// Makes the database's managers and feeds those of the configuration. Feeds that are no
    /// longer in it are retired; their facts stay.
    ///
    /// # Errors
    /// Database errors.
    pub async fn sync_feeds(
        &self,
        managers: &[RoadManager],
        feeds: &[FeedEntry],
    ) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        for manager in managers {
            sqlx::query!(
                "INSERT INTO road_manager (code, level, name_ja, name_en) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (code) DO UPDATE SET level = $2, name_ja = $3, name_en = $4",
                manager.code,
                manager.level.as_str(),
                manager.name.ja,
                manager.name.en
            )
            .execute(&mut *tx)
            .await?;
        }
        let ids: Vec<String> = feeds.iter().map(|f| f.id.clone()).collect();
        sqlx::query!(
            "UPDATE feed SET retired = true WHERE id <> ALL($1) AND NOT by_hand",
            &ids
        )
        .execute(&mut *tx)
        .await?;
        for feed in feeds {
            sqlx::query!(
                "INSERT INTO feed (id, manager_code, format, interval_s, covers_manager, \
                                   attribution, licence, push, units_on_duty, covers_zones, \
                                   covers_area) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
                 ON CONFLICT (id) DO UPDATE SET manager_code = $2, format = $3, interval_s = $4, \
                     covers_manager = $5, attribution = $6, licence = $7, push = $8, \
                     units_on_duty = $9, covers_zones = $10, covers_area = $11, retired = false",
                feed.id,
                feed.manager_code,
                feed.format,
                feed.interval.as_secs_f64(),
                feed.scope == FeedScope::Manager,
                feed.attribution,
                feed.licence,
                feed.push,
                feed.units_on_duty,
                feed.scope.zones(),
                feed.scope.area()?
            )
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// All feeds that are not retired, by id; without those of facts recorded by hand.
    ///
    /// # Errors
    /// Database errors.
    pub async fn feeds(&self) -> Result<Vec<FeedHealth>, StoreError> {
        let rows = sqlx::query!(
            r#"SELECT f.id, f.manager_code, f.format, f.interval_s, f.covers_manager,
                      f.attribution, f.licence, f.last_contact_at, f.last_success_at,
                      f.last_fact_at, f.last_new_at, f.lag_s, f.skew_hours, f.clock_doubt, f.clock_doubt_since,
                      f.facts_total, f.fixes_total, f.rejected_total, f.last_error, f.push,
                      f.units_on_duty, f.covers_zones, f.covers_area, f.failures, f.next_due_at,
                      m.level, m.name_ja, m.name_en
               FROM feed f JOIN road_manager m ON m.code = f.manager_code
               WHERE NOT f.retired AND NOT f.by_hand ORDER BY f.id"#
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(FeedHealth {
                    manager: road_manager(
                        row.manager_code.clone(),
                        &row.level,
                        row.name_ja,
                        row.name_en,
                    )?,
                    entry: FeedEntry {
                        id: row.id,
                        manager_code: row.manager_code,
                        format: row.format,
                        interval: SignedDuration::from_secs_f64(row.interval_s),
                        scope: FeedScope::read(
                            row.covers_manager,
                            row.covers_zones,
                            row.covers_area,
                        )?,
                        attribution: row.attribution,
                        licence: row.licence,
                        push: row.push,
                        units_on_duty: row.units_on_duty,
                    },
                    last_contact_at: row.last_contact_at.map(from_sql),
                    last_success_at: row.last_success_at.map(from_sql),
                    last_fact_at: row.last_fact_at.map(from_sql),
                    last_new_at: row.last_new_at.map(from_sql),
                    lag_s: row.lag_s,
                    skew_hours: row.skew_hours,
                    clock_doubt: row.clock_doubt,
                    clock_doubt_since: row.clock_doubt_since.map(from_sql),
                    facts_total: row.facts_total,
                    fixes_total: row.fixes_total,
                    rejected_total: row.rejected_total,
                    last_error: row.last_error,
                    failures: row.failures,
                    next_due_at: row.next_due_at.map(from_sql),
                })
            })
            .collect()
    }

    /// Takes the lease on the feed that has been due longest, of those named; `None` when none is.
    ///
    /// # Errors
    /// Database errors.
    pub async fn lease_due_feed(
        &self,
        holder: &str,
        feed_ids: &[String],
        now: Timestamp,
    ) -> Result<Option<FeedLease>, StoreError> {
        let until = now.saturating_add(LEASE).unwrap_or(Timestamp::MAX);
        let row = sqlx::query!(
            r#"UPDATE feed SET lease_holder = $1, lease_until = $2
               WHERE id = (
                   SELECT id FROM feed
                   WHERE id = ANY($3) AND NOT retired AND NOT push
                     AND (next_due_at IS NULL OR next_due_at <= $4)
                     AND (lease_until IS NULL OR lease_until <= $4)
                   ORDER BY next_due_at NULLS FIRST, id
                   FOR UPDATE SKIP LOCKED
                   LIMIT 1)
               RETURNING id, etag, last_modified, payload_sha256, failures"#,
            holder,
            to_sql(until),
            feed_ids,
            to_sql(now)
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| FeedLease {
            feed_id: row.id,
            holder: holder.to_owned(),
            etag: row.etag,
            last_modified: row.last_modified,
            payload_sha256: row.payload_sha256,
            failures: row.failures,
        }))
    }

    /// Frees the leases of a holder that is stopping, so that nobody waits for them to end.
    ///
    /// # Errors
    /// Database errors.
    pub async fn release_leases(&self, holder: &str) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE feed SET lease_holder = NULL, lease_until = NULL WHERE lease_holder = $1",
            holder
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Records an attempt that brought nothing new: the server was heard, and that is all.
    ///
    /// # Errors
    /// Database errors; [`StoreError::LeaseLost`].
    pub async fn record_unchanged(
        &self,
        lease: &FeedLease,
        now: Timestamp,
        next_due_at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        let done = sqlx::query!(
            "UPDATE feed SET last_contact_at = $3, next_due_at = $4, failures = 0, \
                    last_error = NULL, lease_holder = NULL, lease_until = NULL \
             WHERE id = $1 AND lease_holder = $2",
            lease.feed_id,
            lease.holder,
            to_sql(now),
            to_sql(next_due_at)
        )
        .execute(&mut *tx)
        .await?;
        held(lease, done.rows_affected())?;
        let attempt = AttemptRow::without_facts(&lease.feed_id, now, "unchanged", None);
        record(&mut tx, &attempt).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Records a look that found nothing and says nothing of the manager, as into an empty folder.
    ///
    /// # Errors
    /// Database errors; [`StoreError::LeaseLost`].
    pub async fn record_idle(
        &self,
        lease: &FeedLease,
        next_due_at: Timestamp,
    ) -> Result<(), StoreError> {
        let done = sqlx::query!(
            "UPDATE feed SET next_due_at = $3, lease_holder = NULL, lease_until = NULL \
             WHERE id = $1 AND lease_holder = $2",
            lease.feed_id,
            lease.holder,
            to_sql(next_due_at)
        )
        .execute(&self.pool)
        .await?;
        held(lease, done.rows_affected())
    }

    /// Records an attempt that failed.
    ///
    /// # Errors
    /// Database errors; [`StoreError::LeaseLost`].
    pub async fn record_failure(
        &self,
        lease: &FeedLease,
        error: &str,
        now: Timestamp,
        next_due_at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        let done = sqlx::query!(
            "UPDATE feed SET last_error = $3, next_due_at = $4, failures = failures + 1, \
                    lease_holder = NULL, lease_until = NULL \
             WHERE id = $1 AND lease_holder = $2",
            lease.feed_id,
            lease.holder,
            error,
            to_sql(next_due_at)
        )
        .execute(&mut *tx)
        .await?;
        held(lease, done.rows_affected())?;
        let attempt = AttemptRow::without_facts(&lease.feed_id, now, "failed", Some(error));
        record(&mut tx, &attempt).await?;
        tx.commit().await?;
        Ok(())
    }
}

pub(crate) fn held(lease: &FeedLease, rows: u64) -> Result<(), StoreError> {
    if rows == 1 {
        Ok(())
    } else {
        Err(StoreError::LeaseLost {
            feed_id: lease.feed_id.clone(),
        })
    }
}

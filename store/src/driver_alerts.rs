//! Messages to drivers: each written once with what wants it, leased to be sent, sent at least once.

use crate::database::{Store, StoreError};
use crate::driver_subscriptions::{KeptSubscription, PushAddress};
use crate::facts::without_nul;
use crate::instants::{from_sql, to_sql};
use jiff::{SignedDuration, Timestamp};

/// Why a driver is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertKind {
    /// The time of departure has come.
    Departure,
    /// Something on the way was closed.
    Closed,
    /// What was closed is open again.
    Reopened,
}

impl AlertKind {
    fn as_str(self) -> &'static str {
        match self {
            AlertKind::Departure => "departure",
            AlertKind::Closed => "closed",
            AlertKind::Reopened => "reopened",
        }
    }
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAlert {
    /// Why it is sent.
    pub kind: AlertKind,
    /// The departure, or the moment of the change.
    pub due_at: Timestamp,
    /// Its heading.
    pub title: String,
    /// What it says.
    pub body: String,
}

/// A message under a worker's hand until it is settled or its lease ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertLease {
    /// Its number; the receiver sees the same with each attempt.
    pub id: i64,
    /// The subscription.
    pub subscription_id: i64,
    /// Where it goes.
    pub address: PushAddress,
    /// Its heading.
    pub title: String,
    /// What it says.
    pub body: String,
    /// When it was to come.
    pub due_at: Timestamp,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// Whoever leased it last holds the highest.
    pub fence: i64,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertEnd {
    /// The push service has it.
    Sent,
    /// Again at this time.
    Retry(Timestamp),
    /// It is not tried again.
    GivenUp,
}

impl Store {
    /// Writes a departure's message and moves the subscription on to the next one, both or neither.
    /// Says whether this call did it: another process may have been faster.
    ///
    /// # Errors
    /// Database errors.
    pub async fn write_departure_alert(
        &self,
        subscription: &KeptSubscription,
        alert: Option<&NewAlert>,
        closed: bool,
        next_due_at: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = self.pool.begin().await?;
        let moved = sqlx::query!(
            "UPDATE driver_subscription SET next_due_at = $3, closed = $4 \
             WHERE id = $1 AND next_due_at = $2",
            subscription.id,
            to_sql(subscription.next_due_at),
            to_sql(next_due_at),
            closed
        )
        .execute(&mut *tx)
        .await?
        .rows_affected()
            == 1;
        if let Some(alert) = alert.filter(|_| moved) {
            insert(&mut tx, subscription.id, alert, now).await?;
        }
        tx.commit().await?;
        Ok(moved)
    }

    /// Writes down that a way was closed, or is open again, with the message that says so if there is
    /// one. Says whether this call did it.
    ///
    /// # Errors
    /// Database errors.
    pub async fn write_closure_alert(
        &self,
        subscription_id: i64,
        alert: Option<&NewAlert>,
        closed: bool,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = self.pool.begin().await?;
        let changed = sqlx::query!(
            "UPDATE driver_subscription SET closed = $2 WHERE id = $1 AND closed <> $2",
            subscription_id,
            closed
        )
        .execute(&mut *tx)
        .await?
        .rows_affected()
            == 1;
        if let Some(alert) = alert.filter(|_| changed) {
            insert(&mut tx, subscription_id, alert, now).await?;
        }
        tx.commit().await?;
        Ok(changed)
    }

    /// Leases messages that are due, the oldest first. The lease runs on the database's clock.
    ///
    /// # Errors
    /// Database errors.
    pub async fn lease_alerts(
        &self,
        limit: i64,
        lease: SignedDuration,
        now: Timestamp,
    ) -> Result<Vec<AlertLease>, StoreError> {
        let rows = sqlx::query!(
            r#"WITH due AS (
                   SELECT id FROM driver_alert
                   WHERE sent_at IS NULL AND given_up_at IS NULL AND next_attempt_at <= $1
                     AND (leased_until IS NULL OR leased_until <= clock_timestamp())
                   ORDER BY next_attempt_at, id LIMIT $2 FOR UPDATE SKIP LOCKED),
               leased AS (
                   UPDATE driver_alert a SET fence = a.fence + 1, attempts = a.attempts + 1,
                          leased_until = clock_timestamp() + make_interval(secs => $3)
                   FROM due WHERE a.id = due.id RETURNING a.*)
               SELECT l.id AS "id!", l.subscription_id AS "subscription_id!", l.title AS "title!",
                      l.body AS "body!", l.due_at AS "due_at!", l.attempts AS "attempts!",
                      l.fence AS "fence!", s.endpoint, s.p256dh, s.auth
               FROM leased l JOIN driver_subscription s ON s.id = l.subscription_id
               ORDER BY l.next_attempt_at, l.id"#,
            to_sql(now),
            limit,
            lease.as_secs_f64()
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| AlertLease {
                id: row.id,
                subscription_id: row.subscription_id,
                address: PushAddress {
                    endpoint: row.endpoint,
                    p256dh: row.p256dh,
                    auth: row.auth,
                },
                title: row.title,
                body: row.body,
                due_at: from_sql(row.due_at),
                attempt: row.attempts as u32,
                fence: row.fence,
            })
            .collect())
    }

    /// Writes down how an attempt ended; not where another worker has leased the message since.
    ///
    /// # Errors
    /// Database errors.
    pub async fn settle_alert(
        &self,
        lease: &AlertLease,
        end: AlertEnd,
        detail: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let retry_at = match end {
            AlertEnd::Retry(at) => Some(to_sql(at)),
            AlertEnd::Sent | AlertEnd::GivenUp => None,
        };
        let done = sqlx::query!(
            "UPDATE driver_alert \
             SET sent_at = CASE WHEN $3 THEN $5::timestamptz END, \
                 given_up_at = CASE WHEN $4 THEN $5::timestamptz END, \
                 next_attempt_at = COALESCE($6, next_attempt_at), detail = $7, leased_until = NULL \
             WHERE id = $1 AND fence = $2 AND sent_at IS NULL AND given_up_at IS NULL",
            lease.id,
            lease.fence,
            end == AlertEnd::Sent,
            end == AlertEnd::GivenUp,
            to_sql(now),
            retry_at,
            without_nul(detail)
        )
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Forgets messages that were sent or given up before a moment.
    ///
    /// # Errors
    /// Database errors.
    pub async fn forget_alerts_before(&self, before: Timestamp) -> Result<u64, StoreError> {
        let done = sqlx::query!(
            "DELETE FROM driver_alert WHERE COALESCE(sent_at, given_up_at) < $1",
            to_sql(before)
        )
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected())
    }
}

async fn insert(
    connection: &mut sqlx::PgConnection,
    subscription_id: i64,
    alert: &NewAlert,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO driver_alert (subscription_id, kind, due_at, title, body, made_at, \
                                   next_attempt_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT DO NOTHING",
        subscription_id,
        alert.kind.as_str(),
        to_sql(alert.due_at),
        alert.title,
        alert.body,
        to_sql(now)
    )
    .execute(connection)
    .await?;
    Ok(())
}

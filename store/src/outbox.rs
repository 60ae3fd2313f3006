//! Messages that are to go out: written with the event that wants them, leased to be sent, and every
//! attempt kept.

use crate::database::{Store, StoreError};
use crate::dispatch_events::DispatchChange;
use crate::facts::without_nul;
use crate::instants::{from_sql, to_sql};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// A message on one of its ways.
#[derive(Debug, Clone, PartialEq)]
pub struct NewMessage {
    /// Its number within the call-out.
    pub number: u32,
    /// Key of the contact.
    pub contact: String,
    /// `webhook`, `email`, `web_push` or `voice`.
    pub way: &'static str,
    /// Which of the contact's several addresses of this way, else 0.
    pub address_no: i64,
    /// What it says.
    pub tell: Value,
}

/// A message under a worker's hand until [`Store::settle`] or the end of the lease.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxLease {
    /// Number of the row.
    pub id: i64,
    /// Code of the road manager.
    pub manager_code: String,
    /// The call-out.
    pub dispatch_id: i64,
    /// The message's number within it.
    pub number: u32,
    /// Key of the contact.
    pub contact: String,
    /// How it goes.
    pub way: String,
    /// Which of the contact's addresses.
    pub address_no: i64,
    /// What it says.
    pub tell: Value,
    /// What the receiver sees with each attempt, always the same.
    pub idempotency_key: String,
    /// When it was wanted.
    pub made_at: Timestamp,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// Whoever leased it last holds the highest.
    pub fence: i64,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttemptEnd {
    /// The receiver has it.
    Sent,
    /// It failed; again at this time.
    Retry(Timestamp),
    /// It failed for good.
    Failed,
    /// It was no longer to be sent.
    NotWanted,
}

impl AttemptEnd {
    fn as_str(&self) -> &'static str {
        match self {
            AttemptEnd::Sent => "sent",
            AttemptEnd::Retry(_) => "retry",
            AttemptEnd::Failed => "failed",
            AttemptEnd::NotWanted => "not_wanted",
        }
    }
}

/// What a report of an attempt came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// It is settled or waits for its next attempt.
    Kept,
    /// As [`Settled::Kept`], and the message has now failed on all its ways.
    Undelivered,
    /// Another worker has leased it since; its report counts.
    Fenced,
}

/// An attempt as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct AttemptRecord {
    /// The message's number within the call-out.
    pub number: i32,
    /// Key of the contact.
    pub contact: String,
    /// How it went.
    pub way: String,
    /// When it was begun.
    pub begun_at: Timestamp,
    /// When it ended; `None` where it was cut off or is under way.
    pub ended_at: Option<Timestamp>,
    /// `sent`, `retry`, `failed` or `not_wanted`.
    pub outcome: Option<String>,
    /// What the receiver said, or what went wrong.
    pub detail: String,
}

/// No retry is further away: one that is was set by a clock which was set back since.
const LONGEST_RETRY: SignedDuration = SignedDuration::from_mins(5);

impl Store {
    /// Leases messages that are due, the oldest first, and writes down that attempts begin. The
    /// lease runs on the database's clock.
    ///
    /// # Errors
    /// Database errors.
    pub async fn lease_messages(
        &self,
        limit: i64,
        lease: SignedDuration,
        now: Timestamp,
    ) -> Result<Vec<OutboxLease>, StoreError> {
        let set_back = now.saturating_add(LONGEST_RETRY).unwrap_or(Timestamp::MAX);
        let rows = sqlx::query!(
            r#"WITH due AS (
                   SELECT id FROM outbox
                   WHERE state = 'pending' AND (due_at <= $1 OR due_at > $2)
                     AND (leased_until IS NULL OR leased_until <= clock_timestamp())
                   ORDER BY due_at, id LIMIT $3 FOR UPDATE SKIP LOCKED),
               leased AS (
                   UPDATE outbox o SET fence = o.fence + 1, attempts = o.attempts + 1,
                          leased_until = clock_timestamp() + make_interval(secs => $4)
                   FROM due WHERE o.id = due.id RETURNING o.*),
               begun AS (
                   INSERT INTO outbox_attempt (outbox_id, fence, begun_at)
                   SELECT id, fence, $1 FROM leased)
               SELECT id AS "id!", manager_code AS "manager_code!",
                      dispatch_id AS "dispatch_id!", number AS "number!", contact AS "contact!",
                      way AS "way!", address_no AS "address_no!", tell AS "tell!",
                      idempotency_key::text AS "key!", made_at AS "made_at!",
                      attempts AS "attempts!", fence AS "fence!"
               FROM leased ORDER BY due_at, id"#,
            to_sql(now),
            to_sql(set_back),
            limit,
            lease.as_secs_f64()
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| OutboxLease {
                id: row.id,
                manager_code: row.manager_code,
                dispatch_id: row.dispatch_id,
                number: row.number as u32,
                contact: row.contact,
                way: row.way,
                address_no: row.address_no,
                tell: row.tell,
                idempotency_key: row.key,
                made_at: from_sql(row.made_at),
                attempt: row.attempts as u32,
                fence: row.fence,
            })
            .collect())
    }

    /// Writes down how an attempt ended.
    ///
    /// # Errors
    /// Database errors.
    pub async fn settle(
        &self,
        lease: &OutboxLease,
        end: &AttemptEnd,
        detail: &str,
        now: Timestamp,
    ) -> Result<Settled, StoreError> {
        let mut tx = self.pool.begin().await?;
        sqlx::query!(
            "UPDATE outbox_attempt SET ended_at = $3, outcome = $4, detail = $5 \
             WHERE outbox_id = $1 AND fence = $2",
            lease.id,
            lease.fence,
            to_sql(now),
            end.as_str(),
            without_nul(detail)
        )
        .execute(&mut *tx)
        .await?;
        let (state, due) = match end {
            AttemptEnd::Retry(at) => ("pending", Some(to_sql(*at))),
            AttemptEnd::Sent => ("sent", None),
            AttemptEnd::Failed => ("failed", None),
            AttemptEnd::NotWanted => ("not_wanted", None),
        };
        let ours = sqlx::query!(
            "UPDATE outbox SET state = $3, due_at = COALESCE($4, due_at), leased_until = NULL, \
                    settled_at = CASE WHEN $3 = 'pending' THEN NULL ELSE $5::timestamptz END \
             WHERE id = $1 AND fence = $2 AND state = 'pending'",
            lease.id,
            lease.fence,
            state,
            due,
            to_sql(now)
        )
        .execute(&mut *tx)
        .await?
        .rows_affected()
            == 1;
        let hope = sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT FROM outbox WHERE dispatch_id = $1 AND number = $2
                              AND state <> 'failed') AS "hope!""#,
            lease.dispatch_id,
            lease.number as i32
        )
        .fetch_one(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(match (ours, hope) {
            (false, _) => Settled::Fenced,
            (true, true) => Settled::Kept,
            (true, false) => Settled::Undelivered,
        })
    }

    /// All attempts to tell of a road manager's call-out, in the order in which they were begun.
    ///
    /// # Errors
    /// Database errors.
    pub async fn dispatch_attempts(
        &self,
        manager_code: &str,
        dispatch_id: i64,
    ) -> Result<Vec<AttemptRecord>, StoreError> {
        let rows = sqlx::query!(
            "SELECT o.number, o.contact, o.way, a.begun_at, a.ended_at, a.outcome, a.detail \
             FROM outbox_attempt a JOIN outbox o ON o.id = a.outbox_id \
             WHERE o.manager_code = $1 AND o.dispatch_id = $2 \
             ORDER BY a.begun_at, o.id, a.fence",
            manager_code,
            dispatch_id
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| AttemptRecord {
                number: row.number,
                contact: row.contact,
                way: row.way,
                begun_at: from_sql(row.begun_at),
                ended_at: row.ended_at.map(from_sql),
                outcome: row.outcome,
                detail: row.detail,
            })
            .collect())
    }

    /// How many messages wait to be sent.
    ///
    /// # Errors
    /// Database errors.
    pub async fn messages_waiting(&self) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar!(
            r#"SELECT count(*) AS "count!" FROM outbox WHERE state = 'pending'"#
        )
        .fetch_one(&self.pool)
        .await?)
    }
}

pub(crate) async fn insert_messages(
    connection: &mut sqlx::PgConnection,
    changes: &[&DispatchChange],
) -> Result<(), StoreError> {
    let rows: Vec<(&DispatchChange, &NewMessage)> = changes
        .iter()
        .flat_map(|change| {
            change
                .messages
                .iter()
                .map(move |message| (*change, message))
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let managers: Vec<String> = rows.iter().map(|(c, _)| c.manager_code.clone()).collect();
    let ids: Vec<i64> = rows.iter().map(|(c, _)| c.id).collect();
    let numbers: Vec<i32> = rows.iter().map(|(_, m)| m.number as i32).collect();
    let contacts: Vec<String> = rows.iter().map(|(_, m)| m.contact.clone()).collect();
    let ways: Vec<String> = rows.iter().map(|(_, m)| m.way.to_owned()).collect();
    let addresses: Vec<i64> = rows.iter().map(|(_, m)| m.address_no).collect();
    let tells: Vec<Value> = rows.iter().map(|(_, m)| m.tell.clone()).collect();
    let times: Vec<_> = rows.iter().map(|(c, _)| to_sql(c.at)).collect();
    sqlx::query!(
        "INSERT INTO outbox (manager_code, dispatch_id, number, contact, way, address_no, tell, \
                             made_at, due_at) \
         SELECT n.*, n.made_at FROM UNNEST($1::text[], $2::int8[], $3::int4[], $4::text[], \
                                           $5::text[], $6::int8[], $7::jsonb[], $8::timestamptz[]) \
              AS n (manager_code, dispatch_id, number, contact, way, address_no, tell, made_at) \
         ON CONFLICT DO NOTHING",
        &managers,
        &ids,
        &numbers,
        &contacts,
        &ways,
        &addresses,
        &tells,
        &times
    )
    .execute(connection)
    .await?;
    Ok(())
}

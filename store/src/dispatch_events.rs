//! What happened to call-outs: facts, only added; with each goes what the call-out comes to by it,
//! and the messages that it wants.

use crate::database::{Store, StoreError};
use crate::dispatches::{LifeRow, wake};
use crate::facts::without_nul;
use crate::instants::{from_sql, to_sql};
use crate::outbox::{NewMessage, insert_messages};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::HashSet;

/// One event, one step of a call-out.
#[derive(Debug, Clone, PartialEq)]
pub struct DispatchChange {
    /// Code of the road manager.
    pub manager_code: String,
    /// The call-out's number.
    pub id: i64,
    /// The version that the step was worked out from.
    pub from_version: i32,
    /// When.
    pub at: Timestamp,
    /// The event's name.
    pub kind: String,
    /// The event.
    pub event: Value,
    /// Who did it, where a person did.
    pub by_name: Option<String>,
    /// The request's own key and the hash of its body.
    pub request: Option<(String, Vec<u8>)>,
    /// What the call-out comes to.
    pub life: LifeRow,
    /// Messages that go out.
    pub messages: Vec<NewMessage>,
}

/// An event as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct DispatchEventRecord {
    /// Its number within the call-out; 0 opened it.
    pub ordinal: i32,
    /// When.
    pub at: Timestamp,
    /// Its name.
    pub kind: String,
    /// The event.
    pub event: Value,
    /// What the call-out showed from here on.
    pub state: String,
    /// Who did it, where a person did.
    pub by_name: Option<String>,
}

impl Store {
    /// Keeps steps of different call-outs with what they come to and their messages, in one
    /// transaction. A step from a version that is no longer the last is left out: `false` in its
    /// place, to be worked out anew.
    ///
    /// # Errors
    /// Database errors.
    pub async fn keep_dispatch_changes(
        &self,
        changes: &[DispatchChange],
    ) -> Result<Vec<bool>, StoreError> {
        let mut tx = self.pool.begin().await?;
        let kept = keep_changes(&mut tx, changes).await?;
        tx.commit().await?;
        Ok(kept)
    }

    /// All that happened to a road manager's call-out.
    ///
    /// # Errors
    /// Database errors.
    pub async fn dispatch_timeline(
        &self,
        manager_code: &str,
        id: i64,
    ) -> Result<Vec<DispatchEventRecord>, StoreError> {
        let rows = sqlx::query!(
            "SELECT e.ordinal, e.at, e.kind, e.event, e.state, e.by_name \
             FROM dispatch_event e JOIN dispatch d ON d.id = e.dispatch_id \
             WHERE d.manager_code = $1 AND d.id = $2 ORDER BY e.ordinal",
            manager_code,
            id
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| DispatchEventRecord {
                ordinal: row.ordinal,
                at: from_sql(row.at),
                kind: row.kind,
                event: row.event,
                state: row.state,
                by_name: row.by_name,
            })
            .collect())
    }

    /// The hash of the request that was made of a call-out with a key; `None` where none was.
    ///
    /// # Errors
    /// Database errors.
    pub async fn request_with_key(
        &self,
        manager_code: &str,
        id: i64,
        key: &str,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let sha = sqlx::query_scalar!(
            "SELECT e.request_sha256 FROM dispatch_event e JOIN dispatch d ON d.id = e.dispatch_id \
             WHERE d.manager_code = $1 AND d.id = $2 AND e.idempotency_key = $3",
            manager_code,
            id,
            key
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(sha.flatten())
    }
}

/// Keeps steps within a transaction of another's; see [`Store::keep_dispatch_changes`].
pub(crate) async fn keep_changes(
    connection: &mut sqlx::PgConnection,
    changes: &[DispatchChange],
) -> Result<Vec<bool>, StoreError> {
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    let managers: Vec<String> = changes.iter().map(|c| c.manager_code.clone()).collect();
    let ids: Vec<i64> = changes.iter().map(|c| c.id).collect();
    let versions: Vec<i32> = changes.iter().map(|c| c.from_version).collect();
    let times: Vec<_> = changes.iter().map(|c| to_sql(c.at)).collect();
    let states: Vec<String> = changes.iter().map(|c| c.life.state.clone()).collect();
    let next: Vec<_> = changes.iter().map(|c| c.life.next_at.map(to_sql)).collect();
    let lives: Vec<Value> = changes.iter().map(|c| c.life.life.clone()).collect();
    // In the order of their numbers, so that two workers never wait for each other in a ring.
    let done = sqlx::query_scalar!(
        "WITH given AS ( \
             SELECT n.* FROM UNNEST($1::text[], $2::int8[], $3::int4[], $4::timestamptz[], \
                                    $5::text[], $6::timestamptz[], $7::jsonb[]) \
                  AS n (manager_code, id, version, at, state, next_at, life)), \
         held AS ( \
             SELECT d.id FROM dispatch d JOIN given g USING (manager_code, id, version) \
             ORDER BY d.id FOR UPDATE OF d) \
         UPDATE dispatch d SET version = d.version + 1, changed_at = g.at, state = g.state, \
                open = g.next_at IS NOT NULL, next_at = g.next_at, life = g.life \
         FROM given g JOIN held h USING (id) \
         WHERE d.id = g.id AND d.version = g.version RETURNING d.id",
        &managers,
        &ids,
        &versions,
        &times,
        &states,
        &next as &[Option<sqlx::types::time::OffsetDateTime>],
        &lives
    )
    .fetch_all(&mut *connection)
    .await?;
    let done: HashSet<i64> = done.into_iter().collect();
    let kept: Vec<&DispatchChange> = changes.iter().filter(|c| done.contains(&c.id)).collect();
    let ids: Vec<i64> = kept.iter().map(|c| c.id).collect();
    let ordinals: Vec<i32> = kept.iter().map(|c| c.from_version + 1).collect();
    let times: Vec<_> = kept.iter().map(|c| to_sql(c.at)).collect();
    let kinds: Vec<String> = kept.iter().map(|c| c.kind.clone()).collect();
    let events: Vec<Value> = kept.iter().map(|c| c.event.clone()).collect();
    let states: Vec<String> = kept.iter().map(|c| c.life.state.clone()).collect();
    let by: Vec<Option<String>> = kept
        .iter()
        .map(|c| c.by_name.as_deref().map(without_nul))
        .collect();
    let keys: Vec<Option<String>> = kept
        .iter()
        .map(|c| c.request.as_ref().map(|(key, _)| without_nul(key)))
        .collect();
    let hashes: Vec<Option<Vec<u8>>> = kept
        .iter()
        .map(|c| c.request.as_ref().map(|(_, sha)| sha.clone()))
        .collect();
    sqlx::query!(
        "INSERT INTO dispatch_event (dispatch_id, ordinal, at, kind, event, state, by_name, \
                                     idempotency_key, request_sha256) \
         SELECT * FROM UNNEST($1::int8[], $2::int4[], $3::timestamptz[], $4::text[], \
                              $5::jsonb[], $6::text[], $7::text[], $8::text[], $9::bytea[])",
        &ids,
        &ordinals,
        &times,
        &kinds,
        &events,
        &states,
        &by as &[Option<String>],
        &keys as &[Option<String>],
        &hashes as &[Option<Vec<u8>>]
    )
    .execute(&mut *connection)
    .await?;
    insert_messages(connection, &kept).await?;
    wake(connection).await?;
    Ok(changes.iter().map(|c| done.contains(&c.id)).collect())
}

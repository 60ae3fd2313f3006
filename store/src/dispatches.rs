//! Call-outs (出動要請): what they have come to, and how they are opened and changed.

use crate::database::{Store, StoreError};
use crate::facts::without_nul;
use crate::instants::{from_sql, to_sql};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sqlx::PgConnection;

/// What a call-out has come to.
#[derive(Debug, Clone, PartialEq)]
pub struct LifeRow {
    /// What it shows.
    pub state: String,
    /// When the clock changes something next; `None` once it is over.
    pub next_at: Option<Timestamp>,
    /// All of it.
    pub life: Value,
}

/// A call-out that is to be opened.
#[derive(Debug, Clone, PartialEq)]
pub struct NewDispatch {
    /// Code of the road manager.
    pub manager_code: String,
    /// The zone's name, normalised.
    pub zone: String,
    /// The rule's id; `by-hand` for one that a person opens.
    pub rule: String,
    /// Number of the round (巡).
    pub round: u32,
    /// 訓練.
    pub drill: bool,
    /// When.
    pub raised_at: Timestamp,
    /// What opens it, as it was decided.
    pub opening: Value,
    /// Who opens it, where a person does.
    pub by_name: Option<String>,
    /// What it is at first.
    pub life: LifeRow,
}

/// What became of a call-out that was to be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Raised {
    /// Its number.
    pub id: i64,
    /// It was not there before.
    pub new: bool,
}

/// A call-out as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct DispatchRecord {
    /// Its number.
    pub id: i64,
    /// Code of the road manager.
    pub manager_code: String,
    /// The zone's name, normalised.
    pub zone: String,
    /// The rule's id.
    pub rule: String,
    /// Number of the round.
    pub round: i32,
    /// 訓練.
    pub drill: bool,
    /// When it was opened.
    pub raised_at: Timestamp,
    /// Number of its last event.
    pub version: i32,
    /// When it last changed.
    pub changed_at: Timestamp,
    /// What it has come to.
    pub life: LifeRow,
}

/// A clock that a time in the database is further ahead of than this was set back.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(2);

impl Store {
    /// Opens call-outs, in one transaction. One that is there by (manager, zone, rule, round) stays
    /// as it is. Answers in the order of the given.
    ///
    /// # Errors
    /// Database errors, as for a manager that is not there.
    pub async fn raise(&self, openings: &[NewDispatch]) -> Result<Vec<Raised>, StoreError> {
        let mut tx = self.pool.begin().await?;
        let raised = raise(&mut tx, openings).await?;
        tx.commit().await?;
        Ok(raised)
    }

    /// Open call-outs of all road managers whose deadline has come, the most pressing first; those
    /// too that a clock changed which was set back since.
    ///
    /// # Errors
    /// Database errors.
    pub async fn due_dispatches(
        &self,
        now: Timestamp,
        limit: i64,
    ) -> Result<Vec<DispatchRecord>, StoreError> {
        let set_back = now.saturating_add(CLOCK_SKEW).unwrap_or(Timestamp::MAX);
        let rows = sqlx::query_as!(
            DispatchRow,
            "SELECT id, manager_code, zone, rule, round, drill, raised_at, version, changed_at, \
                    state, next_at, life \
             FROM dispatch WHERE open AND (next_at <= $1 OR changed_at > $2) \
             ORDER BY next_at LIMIT $3",
            to_sql(now),
            to_sql(set_back),
            limit
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(DispatchRow::record).collect())
    }

    /// All open call-outs of a road manager, by number.
    ///
    /// # Errors
    /// Database errors.
    pub async fn open_dispatches(
        &self,
        manager_code: &str,
    ) -> Result<Vec<DispatchRecord>, StoreError> {
        let rows = sqlx::query_as!(
            DispatchRow,
            "SELECT id, manager_code, zone, rule, round, drill, raised_at, version, changed_at, \
                    state, next_at, life \
             FROM dispatch WHERE open AND manager_code = $1 ORDER BY id",
            manager_code
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(DispatchRow::record).collect())
    }

    /// A road manager's call-out; `None` where there is none of that number, or another's.
    ///
    /// # Errors
    /// Database errors.
    pub async fn dispatch(
        &self,
        manager_code: &str,
        id: i64,
    ) -> Result<Option<DispatchRecord>, StoreError> {
        let row = sqlx::query_as!(
            DispatchRow,
            "SELECT id, manager_code, zone, rule, round, drill, raised_at, version, changed_at, \
                    state, next_at, life \
             FROM dispatch WHERE manager_code = $1 AND id = $2",
            manager_code,
            id
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(DispatchRow::record))
    }

    /// A road manager's call-out by what names it.
    ///
    /// # Errors
    /// Database errors.
    pub async fn dispatch_of(
        &self,
        manager_code: &str,
        zone: &str,
        rule: &str,
        round: u32,
    ) -> Result<Option<DispatchRecord>, StoreError> {
        let row = sqlx::query_as!(
            DispatchRow,
            "SELECT id, manager_code, zone, rule, round, drill, raised_at, version, changed_at, \
                    state, next_at, life \
             FROM dispatch WHERE manager_code = $1 AND zone = $2 AND rule = $3 AND round = $4",
            manager_code,
            zone,
            rule,
            i32::try_from(round).unwrap_or(i32::MAX)
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(DispatchRow::record))
    }

    /// The number of the last round of a zone and rule; 0 where there was none.
    ///
    /// # Errors
    /// Database errors.
    pub async fn last_round(
        &self,
        manager_code: &str,
        zone: &str,
        rule: &str,
    ) -> Result<u32, StoreError> {
        let last = sqlx::query_scalar!(
            "SELECT max(round) FROM dispatch WHERE manager_code = $1 AND zone = $2 AND rule = $3",
            manager_code,
            zone,
            rule
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(last.and_then(|n| u32::try_from(n).ok()).unwrap_or(0))
    }

    /// Marks that a call-out was looked at and nothing was to be changed.
    ///
    /// # Errors
    /// Database errors.
    pub async fn touch_dispatches(&self, ids: &[i64], now: Timestamp) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE dispatch SET changed_at = $2 WHERE id = ANY($1) AND changed_at > $2",
            ids,
            to_sql(now)
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

/// Opens call-outs within a transaction of another's.
pub(crate) async fn raise(
    connection: &mut PgConnection,
    openings: &[NewDispatch],
) -> Result<Vec<Raised>, StoreError> {
    if openings.is_empty() {
        return Ok(Vec::new());
    }
    let text = |of: fn(&NewDispatch) -> &str| -> Vec<String> {
        openings.iter().map(|o| without_nul(of(o))).collect()
    };
    let managers = text(|o| &o.manager_code);
    let zones = text(|o| &o.zone);
    let rules = text(|o| &o.rule);
    let rounds: Vec<i32> = openings
        .iter()
        .map(|o| i32::try_from(o.round).unwrap_or(i32::MAX))
        .collect();
    let drills: Vec<bool> = openings.iter().map(|o| o.drill).collect();
    let raised: Vec<_> = openings.iter().map(|o| to_sql(o.raised_at)).collect();
    let next: Vec<_> = openings
        .iter()
        .map(|o| o.life.next_at.map(to_sql))
        .collect();
    let states = text(|o| &o.life.state);
    let lives: Vec<Value> = openings.iter().map(|o| o.life.life.clone()).collect();
    let events: Vec<Value> = openings.iter().map(|o| o.opening.clone()).collect();
    let by: Vec<Option<String>> = openings.iter().map(|o| o.by_name.clone()).collect();
    let new = sqlx::query_scalar!(
        "WITH given AS ( \
             SELECT * FROM UNNEST($1::text[], $2::text[], $3::text[], $4::int4[], $5::bool[], \
                                  $6::timestamptz[], $7::timestamptz[], $8::text[], $9::jsonb[], \
                                  $10::jsonb[], $11::text[]) \
                  AS n (manager_code, zone, rule, round, drill, raised_at, next_at, state, life, \
                        opening, by_name)), \
         opened AS ( \
             INSERT INTO dispatch (manager_code, zone, rule, round, drill, raised_at, changed_at, \
                                   next_at, open, state, life) \
             SELECT manager_code, zone, rule, round, drill, raised_at, raised_at, next_at, \
                    next_at IS NOT NULL, state, life FROM given \
             ON CONFLICT DO NOTHING RETURNING id, manager_code, zone, rule, round), \
         kept AS ( \
             INSERT INTO dispatch_event (dispatch_id, ordinal, at, kind, event, state, by_name) \
             SELECT DISTINCT ON (o.id) o.id, 0, g.raised_at, 'opened', g.opening, g.state, \
                    g.by_name \
             FROM opened o JOIN given g USING (manager_code, zone, rule, round)) \
         SELECT id FROM opened",
        &managers,
        &zones,
        &rules,
        &rounds,
        &drills,
        &raised,
        &next as &[Option<sqlx::types::time::OffsetDateTime>],
        &states,
        &lives,
        &events,
        &by as &[Option<String>]
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut new: std::collections::HashSet<i64> = new.into_iter().collect();
    if !new.is_empty() {
        wake(connection).await?;
    }
    let ids = sqlx::query_scalar!(
        "SELECT d.id FROM UNNEST($1::text[], $2::text[], $3::text[], $4::int4[]) \
                          WITH ORDINALITY AS n (manager_code, zone, rule, round, place) \
         JOIN dispatch d USING (manager_code, zone, rule, round) ORDER BY n.place",
        &managers,
        &zones,
        &rules,
        &rounds
    )
    .fetch_all(&mut *connection)
    .await?;
    Ok(ids
        .into_iter()
        .map(|id| Raised {
            id,
            new: new.remove(&id),
        })
        .collect())
}

/// Tells the workers that there is something to do.
pub(crate) async fn wake(connection: &mut PgConnection) -> Result<(), StoreError> {
    sqlx::query!("SELECT pg_notify('yukimichi_dispatch', '')")
        .fetch_one(connection)
        .await?;
    Ok(())
}

pub(crate) struct DispatchRow {
    pub(crate) id: i64,
    pub(crate) manager_code: String,
    pub(crate) zone: String,
    pub(crate) rule: String,
    pub(crate) round: i32,
    pub(crate) drill: bool,
    pub(crate) raised_at: sqlx::types::time::OffsetDateTime,
    pub(crate) version: i32,
    pub(crate) changed_at: sqlx::types::time::OffsetDateTime,
    pub(crate) state: String,
    pub(crate) next_at: Option<sqlx::types::time::OffsetDateTime>,
    pub(crate) life: Value,
}

impl DispatchRow {
    pub(crate) fn record(self) -> DispatchRecord {
        DispatchRecord {
            id: self.id,
            manager_code: self.manager_code,
            zone: self.zone,
            rule: self.rule,
            round: self.round,
            drill: self.drill,
            raised_at: from_sql(self.raised_at),
            version: self.version,
            changed_at: from_sql(self.changed_at),
            life: LifeRow {
                state: self.state,
                next_at: self.next_at.map(from_sql),
                life: self.life,
            },
        }
    }
}

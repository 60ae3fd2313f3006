//! Closures (通行規制, 冬期閉鎖).

use crate::database::{Store, StoreError};
use crate::facts::{Intake, from_json, json_of, times_of, without_nul};
use crate::instants::{from_sql, to_sql};
use crate::laid::{LaidKind, to_lay};
use domain::closure::{Closure, ClosureKind, DailyWindow};
use jiff::Timestamp;
use jiff::civil;
use sqlx::types::time::{OffsetDateTime, Time};

/// A closure with its feed.
#[derive(Debug, Clone, PartialEq)]
pub struct ClosureRecord {
    /// Its number, the same for all its versions.
    pub number: i64,
    /// The feed.
    pub feed_id: String,
    /// The closure.
    pub closure: Closure,
    /// When this version of it came.
    pub received_at: Timestamp,
    /// Who recorded it, where a person did.
    pub recorded_by: Option<String>,
    /// Its feed lists all that hold, and no longer lists it.
    pub withdrawn: bool,
}

/// A closure's row.
pub(crate) struct ClosureRow {
    pub number: i64,
    pub feed_id: String,
    pub closure_id: String,
    pub received_at: OffsetDateTime,
    pub kind: String,
    pub reason: String,
    pub since: OffsetDateTime,
    pub until: Option<OffsetDateTime>,
    pub daily_from: Option<Time>,
    pub daily_until: Option<Time>,
    pub place: serde_json::Value,
    pub recorded_by: Option<String>,
    pub withdrawn: bool,
}

impl ClosureRow {
    pub(crate) fn record(self) -> Result<ClosureRecord, StoreError> {
        Ok(ClosureRecord {
            number: self.number,
            feed_id: self.feed_id,
            closure: Closure {
                id: self.closure_id,
                kind: ClosureKind::parse(&self.kind)
                    .ok_or_else(|| StoreError::corrupt("closure kind", &self.kind))?,
                reason: self.reason,
                since: from_sql(self.since),
                until: self.until.map(from_sql),
                daily: self
                    .daily_from
                    .zip(self.daily_until)
                    .map(|(from, until)| DailyWindow {
                        from: civil_time(from),
                        until: civil_time(until),
                    }),
                place: from_json("place", self.place)?,
            },
            received_at: from_sql(self.received_at),
            recorded_by: self.recorded_by,
            withdrawn: self.withdrawn,
        })
    }
}

impl Store {
    /// Closures that had not ended by `since`, as they were known at `at`, by number.
    ///
    /// # Errors
    /// Database errors.
    pub async fn closures_at(
        &self,
        at: Timestamp,
        since: Timestamp,
    ) -> Result<Vec<ClosureRecord>, StoreError> {
        let rows = sqlx::query_as!(
            ClosureRow,
            "SELECT number, feed_id, closure_id, received_at, kind, reason, since, until, \
                    daily_from, daily_until, place, recorded_by, withdrawn \
             FROM (SELECT DISTINCT ON (feed_id, closure_id) * FROM closure \
                   WHERE received_at <= $1 ORDER BY feed_id, closure_id, received_at DESC) newest \
             WHERE NOT withdrawn AND (until IS NULL OR until >= $2) ORDER BY number",
            to_sql(at),
            to_sql(since)
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(ClosureRow::record).collect()
    }

    /// The newest version of a closure; `None` where there is none of that number.
    ///
    /// # Errors
    /// Database errors.
    pub async fn closure(&self, number: i64) -> Result<Option<ClosureRecord>, StoreError> {
        let row = sqlx::query_as!(
            ClosureRow,
            "SELECT number, feed_id, closure_id, received_at, kind, reason, since, until, \
                    daily_from, daily_until, place, recorded_by, withdrawn \
             FROM closure WHERE number = $1 ORDER BY received_at DESC LIMIT 1",
            number
        )
        .fetch_optional(&self.pool)
        .await?;
        row.map(ClosureRow::record).transpose()
    }

    /// The number of a closure by its feed's name for it.
    ///
    /// # Errors
    /// Database errors.
    pub async fn closure_number(
        &self,
        feed_id: &str,
        closure_id: &str,
    ) -> Result<Option<i64>, StoreError> {
        Ok(sqlx::query_scalar!(
            "SELECT number FROM closure WHERE feed_id = $1 AND closure_id = $2 LIMIT 1",
            feed_id,
            closure_id
        )
        .fetch_optional(&self.pool)
        .await?)
    }
}

fn civil_time(at: Time) -> civil::Time {
    civil::Time::new(at.hour() as i8, at.minute() as i8, at.second() as i8, 0)
        .unwrap_or(civil::Time::MIN)
}

fn sql_time(at: civil::Time) -> Time {
    Time::from_hms(at.hour() as u8, at.minute() as u8, at.second() as u8).unwrap_or(Time::MIDNIGHT)
}

/// Adds a version of each closure that says something else than before, and withdraws those that
/// a complete list no longer holds.
pub(crate) async fn insert(
    connection: &mut sqlx::PgConnection,
    intake: &Intake<'_>,
) -> Result<usize, StoreError> {
    let facts = intake.batch.facts;
    let closures = &facts.closures;
    let ids: Vec<String> = closures.iter().map(|c| without_nul(&c.id)).collect();
    let mut changed = Vec::new();
    if !closures.is_empty() {
        let kinds: Vec<String> = closures
            .iter()
            .map(|c| c.kind.as_str().to_owned())
            .collect();
        let reasons: Vec<String> = closures.iter().map(|c| without_nul(&c.reason)).collect();
        let untils: Vec<_> = closures.iter().map(|c| c.until.map(to_sql)).collect();
        let daily_from: Vec<_> = closures
            .iter()
            .map(|c| c.daily.map(|d| sql_time(d.from)))
            .collect();
        let daily_until: Vec<_> = closures
            .iter()
            .map(|c| c.daily.map(|d| sql_time(d.until)))
            .collect();
        let places = closures
            .iter()
            .map(|c| json_of("place", &c.place))
            .collect::<Result<Vec<_>, _>>()?;
        changed = sqlx::query_scalar!(
            "INSERT INTO closure (feed_id, closure_id, received_at, payload_id, number, kind, \
                                  reason, since, until, daily_from, daily_until, place, \
                                  recorded_by) \
             SELECT $1, n.closure_id, $2, $3, coalesce(was.number, nextval('closure_number')), \
                    n.kind, n.reason, n.since, n.until, n.daily_from, n.daily_until, n.place, $12 \
             FROM UNNEST($4::text[], $5::text[], $6::text[], $7::timestamptz[], \
                         $8::timestamptz[], $9::time[], $10::time[], $11::jsonb[]) \
                  AS n (closure_id, kind, reason, since, until, daily_from, daily_until, place) \
             LEFT JOIN LATERAL (SELECT c.* FROM closure c \
                  WHERE c.feed_id = $1 AND c.closure_id = n.closure_id AND c.received_at <= $2 \
                  ORDER BY c.received_at DESC LIMIT 1) was ON true \
             WHERE was.closure_id IS NULL OR was.withdrawn \
                OR (was.kind, was.reason, was.since, was.until, was.daily_from, was.daily_until, \
                    was.place) IS DISTINCT FROM \
                   (n.kind, n.reason, n.since, n.until, n.daily_from, n.daily_until, n.place) \
             ON CONFLICT DO NOTHING RETURNING closure_id",
            intake.feed_id,
            intake.received_at,
            intake.payload_id,
            &ids,
            &kinds,
            &reasons,
            &times_of(closures, |c| c.since),
            &untils as &[Option<OffsetDateTime>],
            &daily_from as &[Option<Time>],
            &daily_until as &[Option<Time>],
            &places,
            intake.batch.recorded_by
        )
        .fetch_all(&mut *connection)
        .await?;
    }
    if facts.closures_are_all {
        changed.extend(withdraw_others(connection, intake, &ids).await?);
    }
    to_lay(connection, LaidKind::Closure, intake, &changed).await?;
    Ok(changed.len())
}

async fn withdraw_others(
    connection: &mut sqlx::PgConnection,
    intake: &Intake<'_>,
    listed: &[String],
) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar!(
        "INSERT INTO closure (feed_id, closure_id, received_at, payload_id, number, kind, reason, \
                              since, until, daily_from, daily_until, place, recorded_by, withdrawn) \
         SELECT feed_id, closure_id, $2, $3, number, kind, reason, since, until, daily_from, \
                daily_until, place, recorded_by, true \
         FROM (SELECT DISTINCT ON (closure_id) * FROM closure \
               WHERE feed_id = $1 AND received_at <= $2 \
               ORDER BY closure_id, received_at DESC) newest \
         WHERE NOT withdrawn AND closure_id <> ALL($4) \
         ON CONFLICT DO NOTHING RETURNING closure_id",
        intake.feed_id,
        intake.received_at,
        intake.payload_id,
        listed
    )
    .fetch_all(connection)
    .await?)
}

//! What quality control believes of readings, and which readings it has not seen yet.

use crate::database::{Store, StoreError};
use crate::facts::{Intake, ensure_days, without_nul};
use crate::instants::{from_sql, to_sql};
use crate::observations::observation;
use domain::observation::{Observation, QualityFlag, Quantity, StationKey};
use domain::quality::{Reading, Verdict};
use jiff::{SignedDuration, Timestamp};
use sqlx::{Postgres, Transaction};

/// Advisory lock: one process judges at a time, so that numbers ascend as they are committed.
const JUDGING_LOCK: i64 = 0x596d_0014;

/// Stations under this process's hand, until [`JudgingBatch::finish`] or drop.
#[derive(Debug)]
pub struct JudgingBatch {
    tx: Transaction<'static, Postgres>,
    /// The stations, with their earliest reading that was not judged, earliest first; no later than a
    /// day after the first.
    pub asked: Vec<(StationKey, Timestamp)>,
}

/// A reading under the newest verdict on it.
#[derive(Debug, Clone, PartialEq)]
pub struct FlaggedReading {
    /// The station.
    pub key: StationKey,
    /// What was measured.
    pub quantity: Quantity,
    /// The value with its verdict.
    pub reading: Reading,
}

/// Which flagged readings are asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct FlaggedFilter {
    /// Only those judged after this number; all after 0.
    pub after_number: i64,
    /// Only these quantities.
    pub quantities: Vec<Quantity>,
    /// Only those measured after this.
    pub from: Timestamp,
    /// Only those measured at or before this.
    pub until: Timestamp,
    /// By the verdicts that stood at this time.
    pub judged_by: Timestamp,
}

/// Marks stations in the transaction that keeps their readings.
pub(crate) async fn mark_unjudged(
    connection: &mut sqlx::PgConnection,
    intake: &Intake<'_>,
) -> Result<(), StoreError> {
    let readings = &intake.batch.facts.observations;
    if readings.is_empty() {
        return Ok(());
    }
    let stations: Vec<String> = readings.iter().map(|o| o.station_id.clone()).collect();
    // In one order everywhere, so that two payloads of a feed don't wait for each other.
    sqlx::query!(
        "INSERT INTO unjudged (feed_id, station_id, since) \
         SELECT $1, n.station_id, min(n.observed_at) \
         FROM UNNEST($2::text[], $3::timestamptz[]) AS n (station_id, observed_at) \
         GROUP BY n.station_id ORDER BY n.station_id \
         ON CONFLICT (feed_id, station_id) DO UPDATE \
         SET since = least(unjudged.since, excluded.since)",
        intake.feed_id,
        &stations,
        &crate::facts::times_of(readings, |o| o.observed_at)
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("SELECT pg_notify('yukimichi_readings', '')")
        .fetch_one(connection)
        .await?;
    Ok(())
}

impl Store {
    /// Takes up to `most` stations with readings that were not judged, of one day; no other process
    /// judges meanwhile. Dropping the batch gives them back. `None` when there is nothing to do, or
    /// another process at it.
    ///
    /// # Errors
    /// Database errors.
    pub async fn take_unjudged(&self, most: i64) -> Result<Option<JudgingBatch>, StoreError> {
        let mut tx = self.pool.begin().await?;
        let mine = sqlx::query_scalar!("SELECT pg_try_advisory_xact_lock($1)", JUDGING_LOCK)
            .fetch_one(&mut *tx)
            .await?;
        if mine != Some(true) {
            return Ok(None);
        }
        let rows = sqlx::query!(
            "DELETE FROM unjudged WHERE (feed_id, station_id) IN ( \
                 SELECT feed_id, station_id FROM unjudged \
                 WHERE since < (SELECT min(since) FROM unjudged) + interval '1 day' \
                 ORDER BY since, feed_id, station_id LIMIT $1 FOR UPDATE SKIP LOCKED) \
             RETURNING feed_id, station_id, since",
            most
        )
        .fetch_all(&mut *tx)
        .await?;
        if rows.is_empty() {
            tx.rollback().await?;
            return Ok(None);
        }
        let mut asked: Vec<(StationKey, Timestamp)> = rows
            .into_iter()
            .map(|row| {
                let key = StationKey::new(row.feed_id, row.station_id);
                (key, from_sql(row.since))
            })
            .collect();
        asked.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
        Ok(Some(JudgingBatch { tx, asked }))
    }

    /// Readings under their newest verdicts, and the number up to which verdicts were looked at: the
    /// next call's `after_number`.
    ///
    /// # Errors
    /// Database errors.
    pub async fn flagged_readings(
        &self,
        filter: &FlaggedFilter,
    ) -> Result<(Vec<FlaggedReading>, i64), StoreError> {
        // Before the rows: what is committed in between is for the next call.
        let last = sqlx::query_scalar!("SELECT max(number) FROM observation_verdict")
            .fetch_one(&self.pool)
            .await?
            .unwrap_or(0);
        if last <= filter.after_number {
            return Ok((Vec::new(), filter.after_number));
        }
        let quantities: Vec<String> = filter
            .quantities
            .iter()
            .map(|q| q.as_str().to_owned())
            .collect();
        let rows = sqlx::query!(
            "SELECT DISTINCT ON (v.feed_id, v.station_id, v.quantity, v.observed_at) \
                    v.feed_id, v.station_id, v.quantity, v.observed_at, o.value, v.flag, v.reason \
             FROM observation_verdict v \
             JOIN observation o USING (feed_id, station_id, quantity, observed_at) \
             WHERE v.number > $1 AND v.number <= $2 AND v.quantity = ANY($3) \
               AND v.observed_at > $4 AND v.observed_at <= $5 \
               AND o.observed_at > $4 AND o.observed_at <= $5 AND v.judged_at <= $6 \
             ORDER BY v.feed_id, v.station_id, v.quantity, v.observed_at, v.number DESC",
            filter.after_number,
            last,
            &quantities,
            to_sql(filter.from),
            to_sql(filter.until),
            to_sql(filter.judged_by)
        )
        .fetch_all(&self.pool)
        .await?;
        let readings = rows
            .into_iter()
            .map(|row| {
                let told = observation(
                    row.station_id,
                    &row.quantity,
                    from_sql(row.observed_at),
                    row.value,
                    &row.flag,
                    row.reason,
                )?;
                Ok(FlaggedReading {
                    quantity: told.quantity,
                    key: StationKey::new(row.feed_id, told.station_id),
                    reading: Reading {
                        observed_at: told.observed_at,
                        value: told.value,
                        flag: told.flag,
                        reason: told.reason,
                    },
                })
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        Ok((readings, last))
    }
}

impl JudgingBatch {
    /// The readings of stations as they came, measured after `from` and at or before `until`.
    ///
    /// # Errors
    /// Database errors.
    pub async fn readings(
        &mut self,
        stations: &[StationKey],
        quantities: &[Quantity],
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<(String, Observation)>, StoreError> {
        let (feeds, names) = names_of(stations);
        let quantities: Vec<String> = quantities.iter().map(|q| q.as_str().to_owned()).collect();
        let rows = sqlx::query!(
            "SELECT o.feed_id, o.station_id, o.quantity, o.observed_at, o.value, o.flag, o.reason \
             FROM UNNEST($1::text[], $2::text[]) AS s (feed_id, station_id) \
             JOIN observation o ON o.feed_id = s.feed_id AND o.station_id = s.station_id \
             WHERE o.quantity = ANY($3) AND o.observed_at > $4 AND o.observed_at <= $5",
            &feeds,
            &names,
            &quantities,
            to_sql(from),
            to_sql(until)
        )
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter()
            .map(|row| {
                let told = observation(
                    row.station_id,
                    &row.quantity,
                    from_sql(row.observed_at),
                    row.value,
                    &row.flag,
                    row.reason,
                )?;
                Ok((row.feed_id, told))
            })
            .collect()
    }

    /// Whether any of the stations has a reading measured after `until`.
    ///
    /// # Errors
    /// Database errors.
    pub async fn has_later(
        &mut self,
        stations: &[StationKey],
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let (feeds, names) = names_of(stations);
        let later = sqlx::query_scalar!(
            "SELECT EXISTS (SELECT 1 FROM UNNEST($1::text[], $2::text[]) AS s (feed_id, station_id) \
             JOIN observation o ON o.feed_id = s.feed_id AND o.station_id = s.station_id \
             WHERE o.observed_at > $3)",
            &feeds,
            &names,
            to_sql(until)
        )
        .fetch_one(&mut *self.tx)
        .await?;
        Ok(later.unwrap_or(false))
    }

    /// Adds the verdicts on a station that differ from those that stand; returns how many did.
    ///
    /// # Errors
    /// Database errors.
    pub async fn write(
        &mut self,
        station: &StationKey,
        verdicts: &[Verdict],
        judged_at: Timestamp,
    ) -> Result<usize, StoreError> {
        if verdicts.is_empty() {
            return Ok(0);
        }
        let times = || verdicts.iter().map(|v| v.observed_at);
        ensure_days(&mut self.tx, "observation_verdict", times()).await?;
        let quantities: Vec<String> = verdicts
            .iter()
            .map(|v| v.quantity.as_str().to_owned())
            .collect();
        let flags: Vec<String> = verdicts
            .iter()
            .map(|v| v.flag.as_str().to_owned())
            .collect();
        let reasons: Vec<String> = verdicts.iter().map(|v| without_nul(&v.reason)).collect();
        let done = sqlx::query!(
            "INSERT INTO observation_verdict (feed_id, station_id, quantity, observed_at, judged_at, \
                                              flag, reason) \
             SELECT $1, $2, n.quantity, n.observed_at, $3, n.flag, n.reason \
             FROM UNNEST($4::text[], $5::timestamptz[], $6::text[], $7::text[]) \
                  AS n (quantity, observed_at, flag, reason) \
             LEFT JOIN LATERAL (SELECT v.flag, v.reason FROM observation_verdict v \
                  WHERE v.feed_id = $1 AND v.station_id = $2 AND v.quantity = n.quantity \
                    AND v.observed_at = n.observed_at \
                  ORDER BY v.number DESC LIMIT 1) was ON true \
             WHERE was.flag IS NULL OR (was.flag, was.reason) IS DISTINCT FROM (n.flag, n.reason)",
            station.feed_id,
            station.station_id,
            to_sql(judged_at),
            &quantities,
            &times().map(to_sql).collect::<Vec<_>>(),
            &flags,
            &reasons
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(done.rows_affected() as usize)
    }

    /// Marks stations for another batch, from a time on.
    ///
    /// # Errors
    /// Database errors.
    pub async fn ask_again(
        &mut self,
        stations: &[StationKey],
        since: Timestamp,
    ) -> Result<(), StoreError> {
        let (feeds, names) = names_of(stations);
        sqlx::query!(
            "INSERT INTO unjudged (feed_id, station_id, since) \
             SELECT feed_id, station_id, $3 FROM UNNEST($1::text[], $2::text[]) \
                  AS s (feed_id, station_id) ORDER BY feed_id, station_id \
             ON CONFLICT (feed_id, station_id) DO UPDATE \
             SET since = least(unjudged.since, excluded.since)",
            &feeds,
            &names,
            to_sql(since)
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Keeps the verdicts; `yukimichi_verdicts` tells others.
    ///
    /// # Errors
    /// Database errors.
    pub async fn finish(mut self) -> Result<(), StoreError> {
        sqlx::query!("SELECT pg_notify('yukimichi_verdicts', '')")
            .fetch_one(&mut *self.tx)
            .await?;
        self.tx.commit().await?;
        Ok(())
    }

    /// A day after the earliest that was asked for: as far as this batch goes.
    pub fn until(&self) -> Timestamp {
        let day = SignedDuration::from_hours(24);
        let first = self
            .asked
            .first()
            .map_or(Timestamp::MAX, |(_, since)| *since);
        first.saturating_add(day).unwrap_or(Timestamp::MAX)
    }
}

fn names_of(stations: &[StationKey]) -> (Vec<String>, Vec<String>) {
    stations
        .iter()
        .map(|key| (key.feed_id.clone(), key.station_id.clone()))
        .unzip()
}

/// The verdict that stands on a reading; `None` where none was given yet.
#[derive(Debug, Clone, PartialEq)]
pub struct StandingVerdict {
    /// What is believed.
    pub flag: QualityFlag,
    /// Why it is not `Pass`.
    pub reason: String,
    /// Since when.
    pub judged_at: Timestamp,
}

//! Rows of work logs (作業日報).

use crate::batch::payload_sha256;
use crate::database::{Store, StoreError};
use crate::facts::{Intake, ensure_days, from_json, json_of, times_of, without_nul};
use crate::instants::{from_sql, to_sql};
use crate::laid::{LaidKind, to_lay};
use domain::work::{Direction, WorkKind};
use domain::work_log::WorkLogEntry;
use jiff::Timestamp;
use sqlx::types::time::OffsetDateTime;

/// A row of a work log with its feed.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkLogRecord {
    /// The feed.
    pub feed_id: String,
    /// The row.
    pub entry: WorkLogEntry,
    /// Why it lies nowhere, or not whole; empty where it is laid; `None` where nobody has tried yet.
    pub unplaced: Option<String>,
}

/// Names a row within its feed: the same row of another payload is a repeat.
pub(crate) fn fact_id(entry: &WorkLogEntry) -> Result<String, StoreError> {
    let sha: String = stretch_sha(entry)?
        .iter()
        .take(8)
        .map(|b| format!("{b:02x}"))
        .collect();
    Ok(format!(
        "{}/{}/{sha}",
        without_nul(&entry.vehicle_id),
        entry.started_at
    ))
}

fn stretch_sha(entry: &WorkLogEntry) -> Result<Vec<u8>, StoreError> {
    let text =
        serde_json::to_string(&entry.stretch).map_err(|e| StoreError::corrupt("stretch", e))?;
    Ok(payload_sha256(text.as_bytes()))
}

pub(crate) struct Row {
    pub vehicle_id: String,
    pub started_at: OffsetDateTime,
    pub ended_at: OffsetDateTime,
    pub stretch: serde_json::Value,
    pub work_kind: String,
    pub direction: Option<String>,
    pub contractor: String,
    pub weather: String,
    pub air_c: Option<f64>,
    pub depth_cm: Option<f64>,
}

impl Row {
    pub(crate) fn entry(self) -> Result<WorkLogEntry, StoreError> {
        let direction = self
            .direction
            .map(|d| Direction::parse(&d).ok_or_else(|| StoreError::corrupt("direction", d)))
            .transpose()?;
        Ok(WorkLogEntry {
            stretch: from_json("stretch", self.stretch)?,
            started_at: from_sql(self.started_at),
            ended_at: from_sql(self.ended_at),
            work: WorkKind::parse(&self.work_kind)
                .ok_or_else(|| StoreError::corrupt("work kind", &self.work_kind))?,
            direction,
            vehicle_id: self.vehicle_id,
            contractor: self.contractor,
            weather: self.weather,
            air_c: self.air_c,
            depth_cm: self.depth_cm,
        })
    }
}

impl Store {
    /// Those stored rows of a feed that have the same vehicle, start and stretch as one of the
    /// given.
    ///
    /// # Errors
    /// Database errors.
    pub async fn stored_log_like(
        &self,
        feed_id: &str,
        entries: &[WorkLogEntry],
    ) -> Result<Vec<WorkLogEntry>, StoreError> {
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let vehicles: Vec<String> = entries.iter().map(|e| without_nul(&e.vehicle_id)).collect();
        let hashes = entries
            .iter()
            .map(stretch_sha)
            .collect::<Result<Vec<_>, _>>()?;
        let rows = sqlx::query_as!(
            Row,
            "SELECT w.vehicle_id, w.started_at, w.ended_at, w.stretch, w.work_kind, w.direction, \
                    w.contractor, w.weather, w.air_c, w.depth_cm \
             FROM UNNEST($2::text[], $3::timestamptz[], $4::bytea[]) \
                  AS wanted (vehicle_id, started_at, sha) \
             JOIN work_log w ON w.feed_id = $1 AND w.vehicle_id = wanted.vehicle_id \
                            AND w.started_at = wanted.started_at AND w.stretch_sha = wanted.sha",
            feed_id,
            &vehicles,
            &times_of(entries, |e| e.started_at),
            &hashes
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(Row::entry).collect()
    }

    /// Rows whose work ended in a span, oldest first; `unplaced_only` leaves out those that lie on
    /// the network whole.
    ///
    /// # Errors
    /// Database errors.
    pub async fn work_log(
        &self,
        (from, until): (Timestamp, Timestamp),
        unplaced_only: bool,
        limit: i64,
    ) -> Result<Vec<WorkLogRecord>, StoreError> {
        let rows = sqlx::query!(
            r#"SELECT w.feed_id, w.vehicle_id, w.started_at, w.ended_at, w.stretch, w.work_kind,
                      w.direction, w.contractor, w.weather, w.air_c, w.depth_cm,
                      l.unplaced AS "unplaced?", l.network_version AS "laid_for?"
               FROM work_log w
               LEFT JOIN laid_fact l ON l.kind = 'work_log' AND l.feed_id = w.feed_id
                    AND l.fact_id = w.fact_id
               WHERE w.ended_at >= $1 AND w.ended_at <= $2
                 AND (NOT $3 OR l.unplaced <> '')
               ORDER BY w.ended_at, w.feed_id, w.vehicle_id LIMIT $4"#,
            to_sql(from),
            to_sql(until),
            unplaced_only,
            limit
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                let laid = row.laid_for.is_some_and(|version| version > 0);
                Ok(WorkLogRecord {
                    feed_id: row.feed_id,
                    entry: Row {
                        vehicle_id: row.vehicle_id,
                        started_at: row.started_at,
                        ended_at: row.ended_at,
                        stretch: row.stretch,
                        work_kind: row.work_kind,
                        direction: row.direction,
                        contractor: row.contractor,
                        weather: row.weather,
                        air_c: row.air_c,
                        depth_cm: row.depth_cm,
                    }
                    .entry()?,
                    unplaced: row.unplaced.filter(|_| laid),
                })
            })
            .collect()
    }
}

pub(crate) async fn insert(
    connection: &mut sqlx::PgConnection,
    intake: &Intake<'_>,
) -> Result<usize, StoreError> {
    let entries = &intake.batch.facts.work_log;
    if entries.is_empty() {
        return Ok(0);
    }
    ensure_days(connection, "work_log", entries.iter().map(|e| e.started_at)).await?;
    let vehicles: Vec<String> = entries.iter().map(|e| without_nul(&e.vehicle_id)).collect();
    let hashes = entries
        .iter()
        .map(stretch_sha)
        .collect::<Result<Vec<_>, _>>()?;
    let ids = entries.iter().map(fact_id).collect::<Result<Vec<_>, _>>()?;
    let stretches = entries
        .iter()
        .map(|e| json_of("stretch", &e.stretch))
        .collect::<Result<Vec<_>, _>>()?;
    let works: Vec<String> = entries.iter().map(|e| e.work.as_str().to_owned()).collect();
    let directions: Vec<Option<String>> = entries
        .iter()
        .map(|e| e.direction.map(|d| d.as_str().to_owned()))
        .collect();
    let contractors: Vec<String> = entries.iter().map(|e| without_nul(&e.contractor)).collect();
    let weathers: Vec<String> = entries.iter().map(|e| without_nul(&e.weather)).collect();
    let airs: Vec<Option<f64>> = entries.iter().map(|e| e.air_c).collect();
    let depths: Vec<Option<f64>> = entries.iter().map(|e| e.depth_cm).collect();
    let added = sqlx::query_scalar!(
        "INSERT INTO work_log (feed_id, vehicle_id, started_at, stretch_sha, fact_id, stretch, \
                               ended_at, received_at, payload_id, work_kind, direction, \
                               contractor, weather, air_c, depth_cm) \
         SELECT $1, n.vehicle_id, n.started_at, n.sha, n.fact_id, n.stretch, n.ended_at, $2, $3, \
                n.work_kind, n.direction, n.contractor, n.weather, n.air_c, n.depth_cm \
         FROM UNNEST($4::text[], $5::timestamptz[], $6::bytea[], $7::text[], $8::jsonb[], \
                     $9::timestamptz[], $10::text[], $11::text[], $12::text[], $13::text[], \
                     $14::float8[], $15::float8[]) \
              AS n (vehicle_id, started_at, sha, fact_id, stretch, ended_at, work_kind, \
                    direction, contractor, weather, air_c, depth_cm) \
         ON CONFLICT DO NOTHING RETURNING fact_id",
        intake.feed_id,
        intake.received_at,
        intake.payload_id,
        &vehicles,
        &times_of(entries, |e| e.started_at),
        &hashes,
        &ids,
        &stretches,
        &times_of(entries, |e| e.ended_at),
        &works,
        &directions as &[Option<String>],
        &contractors,
        &weathers,
        &airs as &[Option<f64>],
        &depths as &[Option<f64>]
    )
    .fetch_all(&mut *connection)
    .await?;
    to_lay(connection, LaidKind::WorkLog, intake, &added).await?;
    Ok(added.len())
}

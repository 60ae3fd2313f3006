//! The passes that matching makes.

use crate::database::{Store, StoreError};
use crate::fresh_fixes::{MatchingBatch, by_vehicle};
use crate::instants::{day_of, from_sql, to_sql};
use domain::coverage::{Confidence, Pass};
use domain::network::SegmentId;
use domain::work::{Direction, WorkKind};
use jiff::Timestamp;
use sqlx::types::time::OffsetDateTime;
use std::collections::{BTreeSet, HashMap};

/// A vehicle of a feed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Vehicle {
    /// The feed.
    pub feed_id: String,
    /// The manager's name for it.
    pub vehicle_id: String,
}

/// What names a pass.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PassKey {
    /// The vehicle.
    pub vehicle: Vehicle,
    /// When its trace began.
    pub trace_start: Timestamp,
    /// Its place among the trace's passes.
    pub ordinal: i32,
}

/// A pass with the segment that it clears.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentPass {
    /// The segment.
    pub segment: SegmentId,
    /// The pass.
    pub pass: Pass,
}

/// A pass as the history of a segment shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct PassRecord {
    /// The segment and its pass.
    pub segment_pass: SegmentPass,
    /// The feed that told of it.
    pub feed_id: String,
}

impl Store {
    /// The passes of segments that were left between two times, both included, in the order in which
    /// they were left.
    ///
    /// # Errors
    /// Database errors.
    pub async fn passes_between(
        &self,
        segments: &[SegmentId],
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<SegmentPass>, StoreError> {
        let ids: Vec<i64> = segments.iter().map(|segment| segment.0 as i64).collect();
        let rows = sqlx::query!(
            r#"SELECT segment_id AS "segment_id!", direction AS "direction!", from_m AS "from_m!",
                      to_m AS "to_m!", entered_at AS "entered_at!", left_at AS "left_at!",
                      work_kind, confidence AS "confidence!"
               FROM current_pass
               WHERE segment_id = ANY($1) AND left_at BETWEEN $2 AND $3 ORDER BY left_at"#,
            &ids,
            to_sql(from),
            to_sql(until)
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                segment_pass(
                    row.segment_id,
                    &row.direction,
                    (row.from_m, row.to_m),
                    (row.entered_at, row.left_at),
                    row.work_kind.as_deref(),
                    &row.confidence,
                )
            })
            .collect()
    }

    /// The newest passes of a segment, newest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn passes_of_segment(
        &self,
        segment: SegmentId,
        most: i64,
    ) -> Result<Vec<PassRecord>, StoreError> {
        let rows = sqlx::query!(
            r#"SELECT feed_id AS "feed_id!", segment_id AS "segment_id!",
                      direction AS "direction!", from_m AS "from_m!", to_m AS "to_m!",
                      entered_at AS "entered_at!", left_at AS "left_at!", work_kind,
                      confidence AS "confidence!"
               FROM (SELECT feed_id, segment_id, direction, from_m, to_m, entered_at, left_at,
                            work_kind, confidence
                     FROM current_pass WHERE segment_id = $1
                     UNION ALL
                     SELECT feed_id, segment_id, direction, from_m, to_m, entered_at, left_at,
                            work_kind, confidence
                     FROM undecided_pass
                     WHERE segment_ids @> ARRAY[$1] AND segment_id = $1) AS p
               ORDER BY left_at DESC, entered_at DESC LIMIT $2"#,
            segment.0 as i64,
            most
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(PassRecord {
                    segment_pass: segment_pass(
                        row.segment_id,
                        &row.direction,
                        (row.from_m, row.to_m),
                        (row.entered_at, row.left_at),
                        row.work_kind.as_deref(),
                        &row.confidence,
                    )?,
                    feed_id: row.feed_id,
                })
            })
            .collect()
    }
}

impl MatchingBatch {
    /// The newest revision of each pass in the traces of a vehicle that began at or after the time
    /// beside it; `None` where it withdraws the pass.
    ///
    /// # Errors
    /// Database errors.
    pub async fn stored_passes(
        &mut self,
        wanted: &[(Vehicle, Timestamp)],
    ) -> Result<HashMap<Vehicle, Vec<(PassKey, Option<SegmentPass>)>>, StoreError> {
        let feeds: Vec<String> = wanted.iter().map(|(v, _)| v.feed_id.clone()).collect();
        let vehicles: Vec<String> = wanted.iter().map(|(v, _)| v.vehicle_id.clone()).collect();
        let from: Vec<OffsetDateTime> = wanted.iter().map(|(_, at)| to_sql(*at)).collect();
        let rows = sqlx::query!(
            "SELECT DISTINCT ON (p.feed_id, p.vehicle_id, p.trace_start, p.ordinal) \
                    p.feed_id, p.vehicle_id, p.trace_start, p.ordinal, p.segment_id, \
                    p.direction, p.from_m, p.to_m, p.entered_at, p.left_at, p.work_kind, \
                    p.confidence \
             FROM UNNEST($1::text[], $2::text[], $3::timestamptz[]) \
                      AS n (feed_id, vehicle_id, from_at) \
             JOIN pass p ON p.feed_id = n.feed_id AND p.vehicle_id = n.vehicle_id \
                        AND p.trace_start >= n.from_at AND p.trace_start >= $4 \
             ORDER BY p.feed_id, p.vehicle_id, p.trace_start, p.ordinal, p.revision DESC",
            &feeds,
            &vehicles,
            &from,
            wanted.iter().map(|(_, at)| *at).min().map(to_sql)
        )
        .fetch_all(&mut *self.tx)
        .await?;
        let mut passes = Vec::with_capacity(rows.len());
        for row in rows {
            let vehicle = Vehicle {
                feed_id: row.feed_id,
                vehicle_id: row.vehicle_id,
            };
            let key = PassKey {
                vehicle: vehicle.clone(),
                trace_start: from_sql(row.trace_start),
                ordinal: row.ordinal,
            };
            let pass = match (
                row.segment_id,
                row.direction,
                row.from_m.zip(row.to_m),
                row.entered_at.zip(row.left_at),
                row.confidence,
            ) {
                (Some(id), Some(direction), Some(measures), Some(times), Some(confidence)) => {
                    let work = row.work_kind.as_deref();
                    Some(segment_pass(
                        id,
                        &direction,
                        measures,
                        times,
                        work,
                        &confidence,
                    )?)
                }
                _ => None,
            };
            passes.push((vehicle, (key, pass)));
        }
        Ok(by_vehicle(passes))
    }

    /// Writes passes as new revisions; `None` withdraws one.
    ///
    /// # Errors
    /// Database errors.
    pub async fn write_passes(
        &mut self,
        passes: &[(PassKey, Option<SegmentPass>)],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if passes.is_empty() {
            return Ok(());
        }
        let days: Vec<_> = passes
            .iter()
            .map(|(key, _)| day_of(key.trace_start))
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        sqlx::query!("SELECT ensure_day_partitions('pass', $1::date[])", &days)
            .fetch_one(&mut *self.tx)
            .await?;
        let text = |of: &dyn Fn(&PassKey) -> &String| -> Vec<String> {
            passes.iter().map(|(key, _)| of(key).clone()).collect()
        };
        let pass =
            |(_, pass): &(PassKey, Option<SegmentPass>)| pass.as_ref().map(|p| p.pass.clone());
        let starts: Vec<OffsetDateTime> =
            passes.iter().map(|(k, _)| to_sql(k.trace_start)).collect();
        let ordinals: Vec<i32> = passes.iter().map(|(key, _)| key.ordinal).collect();
        let segments: Vec<Option<i64>> = passes
            .iter()
            .map(|(_, pass)| pass.as_ref().map(|p| p.segment.0 as i64))
            .collect();
        let directions: Vec<Option<String>> = passes
            .iter()
            .map(|p| pass(p).map(|p| p.direction.as_str().to_owned()))
            .collect();
        let from_m: Vec<Option<f64>> = passes.iter().map(|p| pass(p).map(|p| p.from_m)).collect();
        let to_m: Vec<Option<f64>> = passes.iter().map(|p| pass(p).map(|p| p.to_m)).collect();
        let entered: Vec<Option<OffsetDateTime>> = passes
            .iter()
            .map(|p| pass(p).map(|p| to_sql(p.entered_at)))
            .collect();
        let left: Vec<Option<OffsetDateTime>> = passes
            .iter()
            .map(|p| pass(p).map(|p| to_sql(p.left_at)))
            .collect();
        let works: Vec<Option<String>> = passes
            .iter()
            .map(|p| pass(p).and_then(|p| p.work).map(|w| w.as_str().to_owned()))
            .collect();
        let confidences: Vec<Option<String>> = passes
            .iter()
            .map(|p| pass(p).map(|p| p.confidence.as_str().to_owned()))
            .collect();
        sqlx::query!(
            "INSERT INTO pass (feed_id, vehicle_id, trace_start, ordinal, revision, \
                               network_version, matched_at, segment_id, direction, from_m, to_m, \
                               entered_at, left_at, work_kind, confidence) \
             SELECT n.feed_id, n.vehicle_id, n.trace_start, n.ordinal, $1, $2, $3, n.segment_id, \
                    n.direction, n.from_m, n.to_m, n.entered_at, n.left_at, n.work_kind, \
                    n.confidence \
             FROM UNNEST($4::text[], $5::text[], $6::timestamptz[], $7::int4[], $8::int8[], \
                         $9::text[], $10::float8[], $11::float8[], $12::timestamptz[], \
                         $13::timestamptz[], $14::text[], $15::text[]) \
                  AS n (feed_id, vehicle_id, trace_start, ordinal, segment_id, direction, from_m, \
                        to_m, entered_at, left_at, work_kind, confidence)",
            self.revision,
            self.network_version,
            to_sql(now),
            &text(&|key| &key.vehicle.feed_id),
            &text(&|key| &key.vehicle.vehicle_id),
            &starts,
            &ordinals,
            &segments as &[Option<i64>],
            &directions as &[Option<String>],
            &from_m as &[Option<f64>],
            &to_m as &[Option<f64>],
            &entered as &[Option<OffsetDateTime>],
            &left as &[Option<OffsetDateTime>],
            &works as &[Option<String>],
            &confidences as &[Option<String>]
        )
        .execute(&mut *self.tx)
        .await?;
        self.changed_segments.extend(segments.iter().flatten());
        Ok(())
    }

    /// Says that the status of these segments hangs on passes that have changed.
    pub fn touch(&mut self, segments: impl IntoIterator<Item = SegmentId>) {
        self.changed_segments
            .extend(segments.into_iter().map(|id| id.0 as i64));
    }
}

pub(crate) fn segment_pass(
    segment_id: i64,
    direction: &str,
    (from_m, to_m): (f64, f64),
    (entered_at, left_at): (OffsetDateTime, OffsetDateTime),
    work_kind: Option<&str>,
    confidence: &str,
) -> Result<SegmentPass, StoreError> {
    let work = work_kind
        .map(|name| WorkKind::parse(name).ok_or_else(|| StoreError::corrupt("work kind", name)))
        .transpose()?;
    Ok(SegmentPass {
        segment: SegmentId(segment_id as u64),
        pass: Pass {
            direction: Direction::parse(direction)
                .ok_or_else(|| StoreError::corrupt("direction", direction))?,
            from_m,
            to_m,
            entered_at: from_sql(entered_at),
            left_at: from_sql(left_at),
            work,
            confidence: Confidence::parse(confidence)
                .ok_or_else(|| StoreError::corrupt("confidence", confidence))?,
        },
    })
}

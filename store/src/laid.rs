//! Facts laid onto the network: closures, plans, zones and rows of work logs.

use crate::closures::{ClosureRecord, ClosureRow};
use crate::database::{Store, StoreError};
use crate::facts::Intake;
use crate::instants::{from_sql, to_sql};
use domain::network::SegmentId;
use domain::work::Direction;
use jiff::Timestamp;
use std::collections::HashMap;

/// What kind of fact is laid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LaidKind {
    /// A closure.
    Closure,
    /// A plan.
    Plan,
    /// A zone.
    Zone,
    /// A row of a work log.
    WorkLog,
    /// A report that a zone is done.
    Report,
}

impl LaidKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            LaidKind::Closure => "closure",
            LaidKind::Plan => "plan",
            LaidKind::Zone => "zone",
            LaidKind::WorkLog => "work_log",
            LaidKind::Report => "report",
        }
    }

    fn parse(name: &str) -> Result<Self, StoreError> {
        let all = [
            Self::Closure,
            Self::Plan,
            Self::Zone,
            Self::WorkLog,
            Self::Report,
        ];
        all.into_iter()
            .find(|kind| kind.as_str() == name)
            .ok_or_else(|| StoreError::corrupt("kind of laid fact", name))
    }
}

/// What names a laid fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaidKey {
    /// What kind of fact.
    pub kind: LaidKind,
    /// The feed.
    pub feed_id: String,
    /// Its name within the feed.
    pub fact_id: String,
}

/// Part of a segment on which a fact lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LaidStretch {
    /// The segment.
    pub segment: SegmentId,
    /// Start measure in the order of its line.
    pub from_m: f64,
    /// End measure.
    pub to_m: f64,
    /// The direction it speaks of; `None` = both.
    pub direction: Option<Direction>,
}

/// Where a fact lies.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Laid {
    /// Its stretches, in the order in which they were laid.
    pub stretches: Vec<LaidStretch>,
    /// Why it lies nowhere, or not whole; empty where it is laid whole.
    pub unplaced: String,
}

/// Where a version of a fact lay at a past moment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LaidThen {
    /// Where it lies, or last lay.
    pub laid: Laid,
    /// Since when it lies there.
    pub since: Option<Timestamp>,
    /// Whether it lay there at the moment asked for. Where it was laid elsewhere since, as onto a new
    /// network or when other zones changed, that is not known any more.
    pub as_then: bool,
}

/// A closure and where it lies.
#[derive(Debug, Clone, PartialEq)]
pub struct LaidClosure {
    /// The closure.
    pub record: ClosureRecord,
    /// Where it lies.
    pub stretches: Vec<LaidStretch>,
}

impl Store {
    /// Grows with every laying: whether there is anything new to read.
    ///
    /// # Errors
    /// Database errors.
    pub async fn laid_change(&self) -> Result<i64, StoreError> {
        let last = sqlx::query_scalar!("SELECT max(change) FROM laid_fact WHERE NOT pending")
            .fetch_one(&self.pool)
            .await?;
        Ok(last.unwrap_or(0))
    }

    /// The laid facts of a kind in their newest version, by feed and id.
    ///
    /// # Errors
    /// Database errors.
    pub async fn laid(
        &self,
        kind: LaidKind,
    ) -> Result<HashMap<(String, String), Laid>, StoreError> {
        let laid = self.laid_as_of(kind, None).await?;
        Ok(laid
            .into_iter()
            .map(|(key, then)| (key, then.laid))
            .collect())
    }

    /// The laid facts of a kind in the versions that were known at a moment, by feed and id.
    ///
    /// # Errors
    /// Database errors.
    pub async fn laid_at(
        &self,
        kind: LaidKind,
        at: Timestamp,
    ) -> Result<HashMap<(String, String), LaidThen>, StoreError> {
        self.laid_as_of(kind, Some(at)).await
    }

    async fn laid_as_of(
        &self,
        kind: LaidKind,
        at: Option<Timestamp>,
    ) -> Result<HashMap<(String, String), LaidThen>, StoreError> {
        let rows = sqlx::query!(
            r#"SELECT f.feed_id, f.fact_id, f.unplaced, f.laid_since, f.was_elsewhere,
                      s.segment_id AS "segment_id?",
                      s.from_m AS "from_m?", s.to_m AS "to_m?", s.direction
               FROM (SELECT DISTINCT ON (feed_id, fact_id) * FROM laid_fact
                     WHERE kind = $1 AND network_version > 0
                       AND ($2::timestamptz IS NULL OR version_at <= $2)
                     ORDER BY feed_id, fact_id, version_at DESC) f
               LEFT JOIN laid_stretch s USING (kind, feed_id, fact_id, version_at)
               ORDER BY f.feed_id, f.fact_id, s.ordinal"#,
            kind.as_str(),
            at.map(to_sql)
        )
        .fetch_all(&self.pool)
        .await?;
        let mut laid: HashMap<(String, String), LaidThen> = HashMap::new();
        for row in rows {
            let entry = laid.entry((row.feed_id, row.fact_id)).or_default();
            entry.since = row.laid_since.map(from_sql);
            entry.as_then = !row.was_elsewhere
                || at.is_none_or(|at| entry.since.is_some_and(|since| since <= at));
            entry.laid.unplaced = row.unplaced;
            let measures = row.from_m.zip(row.to_m);
            if let (Some(id), Some((from_m, to_m))) = (row.segment_id, measures) {
                entry.laid.stretches.push(LaidStretch {
                    segment: SegmentId(id as u64),
                    from_m,
                    to_m,
                    direction: row.direction.as_deref().and_then(Direction::parse),
                });
            }
        }
        Ok(laid)
    }

    /// The facts that lie on a segment, in their newest laid versions.
    ///
    /// # Errors
    /// Database errors.
    pub async fn facts_on_segment(&self, segment: SegmentId) -> Result<Vec<LaidKey>, StoreError> {
        let rows = sqlx::query!(
            "SELECT DISTINCT s.kind, s.feed_id, s.fact_id FROM laid_stretch s \
             WHERE s.segment_id = $1 AND NOT EXISTS ( \
                 SELECT 1 FROM laid_fact f WHERE f.kind = s.kind AND f.feed_id = s.feed_id \
                    AND f.fact_id = s.fact_id AND f.version_at > s.version_at \
                    AND f.network_version > 0) \
             ORDER BY s.kind, s.feed_id, s.fact_id",
            segment.0 as i64
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(LaidKey {
                    kind: LaidKind::parse(&row.kind)?,
                    feed_id: row.feed_id,
                    fact_id: row.fact_id,
                })
            })
            .collect()
    }

    /// Closures that have not ended by `now`, with where they lie; by number.
    ///
    /// # Errors
    /// Database errors.
    pub async fn laid_closures(&self, now: Timestamp) -> Result<Vec<LaidClosure>, StoreError> {
        // Of each closure the newest version that has been laid: one that is still to be laid
        // must not open the road for a moment.
        let rows = sqlx::query_as!(
            ClosureRow,
            "SELECT number, feed_id, closure_id, received_at, kind, reason, since, until, \
                    daily_from, daily_until, place, recorded_by, withdrawn \
             FROM (SELECT DISTINCT ON (c.feed_id, c.closure_id) c.* FROM closure c \
                   JOIN laid_fact l ON l.kind = 'closure' AND l.feed_id = c.feed_id \
                        AND l.fact_id = c.closure_id AND l.version_at = c.received_at \
                        AND l.network_version > 0 \
                   ORDER BY c.feed_id, c.closure_id, c.received_at DESC) newest \
             WHERE NOT withdrawn AND (until IS NULL OR until >= $1) ORDER BY number",
            to_sql(now)
        )
        .fetch_all(&self.pool)
        .await?;
        let mut laid = self.laid(LaidKind::Closure).await?;
        rows.into_iter()
            .map(|row| {
                let record = row.record()?;
                let key = (record.feed_id.clone(), record.closure.id.clone());
                let stretches = laid.remove(&key).unwrap_or_default().stretches;
                Ok(LaidClosure { record, stretches })
            })
            .collect()
    }
}

/// Marks versions of facts to be laid.
pub(crate) async fn to_lay(
    connection: &mut sqlx::PgConnection,
    kind: LaidKind,
    intake: &Intake<'_>,
    fact_ids: &[String],
) -> Result<(), StoreError> {
    if fact_ids.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "INSERT INTO laid_fact (kind, feed_id, fact_id, version_at) \
         SELECT $1, $2, n.fact_id, $3::timestamptz FROM UNNEST($4::text[]) AS n (fact_id) \
         ON CONFLICT DO NOTHING",
        kind.as_str(),
        intake.feed_id,
        intake.received_at,
        fact_ids
    )
    .execute(connection)
    .await?;
    Ok(())
}

//! Facts that are still to be laid onto the network, and what comes of it.

use crate::database::{Store, StoreError};
use crate::facts::from_json;
use crate::fresh_fixes::MatchingBatch;
use crate::instants::{from_sql, to_sql};
use crate::laid::{Laid, LaidKind, LaidStretch};
use crate::reports::ReportRecord;
use crate::road_managers::road_manager;
use crate::work_log::WorkLogRecord;
use domain::network::SegmentId;
use domain::place::Place;
use domain::road_manager::RoadManager;
use domain::work::Direction;
use jiff::Timestamp;

/// Advisory lock: one process lays at a time, since zones are laid all together.
const LAYING_LOCK: i64 = 0x596d_0004;

/// One version of a fact.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FactVersion {
    /// What kind of fact.
    pub kind: LaidKind,
    /// The feed.
    pub feed_id: String,
    /// Its name within the feed.
    pub fact_id: String,
    /// When this version came.
    pub version_at: Timestamp,
}

/// A fact with its place in its manager's own words.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedFact {
    /// The fact.
    pub version: FactVersion,
    /// Whose it is.
    pub manager: RoadManager,
    /// Where it is.
    pub place: Place,
}

/// Facts under this process's hand, until [`LayingBatch::finish`] or drop.
#[derive(Debug)]
pub struct LayingBatch {
    pub(crate) inner: MatchingBatch,
    /// Closures and plans that are to be laid.
    pub places: Vec<PlacedFact>,
    /// All zones, where any of them is to be laid; else none.
    pub zones: Vec<PlacedFact>,
    /// Rows of work logs that are to be laid.
    pub log: Vec<(FactVersion, RoadManager, WorkLogRecord)>,
    /// Reports that a zone is done, which are to be laid.
    pub reports: Vec<(FactVersion, RoadManager, ReportRecord)>,
}

struct Row {
    fact_id: String,
    feed_id: String,
    version_at: sqlx::types::time::OffsetDateTime,
    place: serde_json::Value,
    code: String,
    level: String,
    name_ja: String,
    name_en: String,
}

impl Row {
    fn placed(self, kind: LaidKind) -> Result<PlacedFact, StoreError> {
        Ok(PlacedFact {
            version: FactVersion {
                kind,
                feed_id: self.feed_id,
                fact_id: self.fact_id,
                version_at: from_sql(self.version_at),
            },
            manager: road_manager(self.code, &self.level, self.name_ja, self.name_en)?,
            place: from_json("place", self.place)?,
        })
    }
}

impl Store {
    /// Takes facts that are to be laid, up to `most` of each kind; no other process lays meanwhile.
    /// Dropping the batch gives them back. `None` when there is nothing to do, no network, or
    /// another process at it.
    ///
    /// # Errors
    /// Database errors.
    pub async fn take_unlaid(&self, most: i64) -> Result<Option<LayingBatch>, StoreError> {
        let mut inner = MatchingBatch::without_vehicles(self).await?;
        let mine = sqlx::query_scalar!("SELECT pg_try_advisory_xact_lock($1)", LAYING_LOCK)
            .fetch_one(&mut *inner.tx)
            .await?;
        if mine != Some(true) || inner.network_version() == 0 {
            return Ok(None);
        }
        let closures = sqlx::query_as!(
            Row,
            "SELECT l.feed_id, l.fact_id, l.version_at, c.place, m.code, m.level, m.name_ja, \
                    m.name_en \
             FROM laid_fact l \
             JOIN closure c ON c.feed_id = l.feed_id AND c.closure_id = l.fact_id \
                           AND c.received_at = l.version_at \
             JOIN feed f ON f.id = l.feed_id JOIN road_manager m ON m.code = f.manager_code \
             WHERE l.kind = 'closure' AND l.pending ORDER BY l.version_at LIMIT $1",
            most
        )
        .fetch_all(&mut *inner.tx)
        .await?;
        let plans = sqlx::query_as!(
            Row,
            "SELECT l.feed_id, l.fact_id, l.version_at, p.place, m.code, m.level, m.name_ja, \
                    m.name_en \
             FROM laid_fact l \
             JOIN plan p ON p.feed_id = l.feed_id AND p.plan_id = l.fact_id \
                        AND p.received_at = l.version_at \
             JOIN feed f ON f.id = l.feed_id JOIN road_manager m ON m.code = f.manager_code \
             WHERE l.kind = 'plan' AND l.pending ORDER BY l.version_at LIMIT $1",
            most
        )
        .fetch_all(&mut *inner.tx)
        .await?;
        let zones = sqlx::query_as!(
            Row,
            r#"SELECT z.feed_id, z.zone AS fact_id, z.known_since AS version_at, z.place, m.code,
                      m.level, m.name_ja, m.name_en
               FROM (SELECT DISTINCT ON (feed_id, zone) * FROM zone
                     ORDER BY feed_id, zone, known_since DESC) z
               JOIN feed f ON f.id = z.feed_id JOIN road_manager m ON m.code = f.manager_code
               WHERE EXISTS (SELECT 1 FROM laid_fact WHERE kind = 'zone' AND pending)
               ORDER BY z.feed_id, z.zone"#
        )
        .fetch_all(&mut *inner.tx)
        .await?;
        let log = inner.unlaid_log(most).await?;
        let reports = inner.unlaid_reports(most).await?;
        let placed = |rows: Vec<Row>, kind| {
            rows.into_iter()
                .map(|row| row.placed(kind))
                .collect::<Result<Vec<_>, _>>()
        };
        let mut places = placed(closures, LaidKind::Closure)?;
        places.extend(placed(plans, LaidKind::Plan)?);
        let batch = LayingBatch {
            inner,
            places,
            zones: placed(zones, LaidKind::Zone)?,
            log,
            reports,
        };
        Ok((batch.count() > 0).then_some(batch))
    }
}

impl LayingBatch {
    /// The network that stretches must refer to.
    pub fn network_version(&self) -> i64 {
        self.inner.network_version()
    }

    /// How many facts it holds.
    pub fn count(&self) -> usize {
        self.places.len() + self.zones.len() + self.log.len() + self.reports.len()
    }

    /// Writes where a version of a fact lies, in place of where this version lay. Where earlier versions
    /// lay stays as it is.
    ///
    /// # Errors
    /// Database errors.
    pub async fn write(
        &mut self,
        version: &FactVersion,
        laid: &Laid,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let network_version = self.inner.network_version();
        let (kind, at) = (version.kind.as_str(), to_sql(version.version_at));
        // Earlier versions that were never laid hold nowhere any more.
        sqlx::query!(
            "DELETE FROM laid_fact \
             WHERE kind = $1 AND feed_id = $2 AND fact_id = $3 AND version_at < $4 AND pending \
               AND network_version = 0",
            kind,
            version.feed_id,
            version.fact_id,
            at
        )
        .execute(&mut *self.inner.tx)
        .await?;
        let moved = self.take_up(version, laid).await?;
        sqlx::query!(
            "INSERT INTO laid_fact (kind, feed_id, fact_id, version_at, pending, \
                                    network_version, unplaced, laid_since) \
             VALUES ($1, $2, $3, $4, false, $5, $6, $8) \
             ON CONFLICT (kind, feed_id, fact_id, version_at) DO UPDATE \
             SET pending = false, network_version = $5, unplaced = $6, change = DEFAULT, \
                 laid_since = CASE WHEN $7 THEN $8 ELSE coalesce(laid_fact.laid_since, $8) END, \
                 was_elsewhere = laid_fact.was_elsewhere OR $7",
            kind,
            version.feed_id,
            version.fact_id,
            at,
            network_version,
            laid.unplaced,
            moved,
            to_sql(now)
        )
        .execute(&mut *self.inner.tx)
        .await?;
        let segments: Vec<i64> = laid.stretches.iter().map(|s| s.segment.0 as i64).collect();
        let from_m: Vec<f64> = laid.stretches.iter().map(|s| s.from_m).collect();
        let to_m: Vec<f64> = laid.stretches.iter().map(|s| s.to_m).collect();
        let directions: Vec<Option<String>> = laid
            .stretches
            .iter()
            .map(|s| s.direction.map(|d| d.as_str().to_owned()))
            .collect();
        sqlx::query!(
            "INSERT INTO laid_stretch (kind, feed_id, fact_id, version_at, ordinal, segment_id, \
                                       from_m, to_m, direction) \
             SELECT $1, $2, $3, $4, n.ordinal::int, n.segment_id, n.from_m, n.to_m, n.direction \
             FROM UNNEST($5::int8[], $6::float8[], $7::float8[], $8::text[]) WITH ORDINALITY \
                  AS n (segment_id, from_m, to_m, direction, ordinal)",
            kind,
            version.feed_id,
            version.fact_id,
            at,
            &segments,
            &from_m,
            &to_m,
            &directions as &[Option<String>]
        )
        .execute(&mut *self.inner.tx)
        .await?;
        Ok(())
    }

    /// Takes the version's stretches off, and tells whether it lay elsewhere than it is to lie now.
    async fn take_up(&mut self, version: &FactVersion, laid: &Laid) -> Result<bool, StoreError> {
        let was_laid = sqlx::query_scalar!(
            "SELECT network_version > 0 AS \"was_laid!\" FROM laid_fact \
             WHERE kind = $1 AND feed_id = $2 AND fact_id = $3 AND version_at = $4",
            version.kind.as_str(),
            version.feed_id,
            version.fact_id,
            to_sql(version.version_at)
        )
        .fetch_optional(&mut *self.inner.tx)
        .await?;
        let rows = sqlx::query!(
            "DELETE FROM laid_stretch \
             WHERE kind = $1 AND feed_id = $2 AND fact_id = $3 AND version_at = $4 \
             RETURNING ordinal, segment_id, from_m, to_m, direction",
            version.kind.as_str(),
            version.feed_id,
            version.fact_id,
            to_sql(version.version_at)
        )
        .fetch_all(&mut *self.inner.tx)
        .await?;
        let mut were: Vec<(i32, LaidStretch)> = rows
            .into_iter()
            .map(|row| {
                let stretch = LaidStretch {
                    segment: SegmentId(row.segment_id as u64),
                    from_m: row.from_m,
                    to_m: row.to_m,
                    direction: row.direction.as_deref().and_then(Direction::parse),
                };
                (row.ordinal, stretch)
            })
            .collect();
        were.sort_by_key(|(ordinal, _)| *ordinal);
        let same = were.iter().map(|(_, stretch)| stretch).eq(&laid.stretches);
        Ok(was_laid == Some(true) && !same)
    }

    /// Commits and tells the writer of status.
    ///
    /// # Errors
    /// Database errors; then nothing was written.
    pub async fn finish(self) -> Result<(), StoreError> {
        self.inner.finish().await
    }
}

//! What the map draws beside status: the zone of each segment, and cleared sidewalks.

use crate::database::{Store, StoreError};
use crate::instants::{from_sql, to_sql};
use domain::network::SegmentId;
use domain::work::Direction;
use jiff::Timestamp;

/// The newest time at which a sidewalk's plow left a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SidewalkPass {
    /// The segment.
    pub segment: SegmentId,
    /// The direction in which it went.
    pub direction: Direction,
    /// When it left.
    pub left_at: Timestamp,
}

impl Store {
    /// The zones with the segments on which they were laid, in an order that all servers share. A zone
    /// is named as people know it.
    ///
    /// # Errors
    /// Database errors.
    pub async fn zone_segments(&self) -> Result<Vec<(String, Vec<SegmentId>)>, StoreError> {
        let rows = sqlx::query!(
            r#"SELECT coalesce(nullif(z.name, ''), f.fact_id) AS "name!",
                      array_agg(DISTINCT s.segment_id) AS "segment_ids!"
               FROM (SELECT DISTINCT ON (feed_id, fact_id) feed_id, fact_id, version_at
                     FROM laid_fact WHERE kind = 'zone' AND network_version > 0
                     ORDER BY feed_id, fact_id, version_at DESC) f
               JOIN laid_stretch s ON s.kind = 'zone' AND s.feed_id = f.feed_id
                    AND s.fact_id = f.fact_id AND s.version_at = f.version_at
               LEFT JOIN LATERAL (SELECT name FROM zone
                                  WHERE zone.feed_id = f.feed_id AND zone.zone = f.fact_id
                                  ORDER BY known_since DESC LIMIT 1) z ON true
               GROUP BY f.feed_id, f.fact_id, z.name ORDER BY f.feed_id, f.fact_id"#
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let ids = row.segment_ids.into_iter();
                (row.name, ids.map(|id| SegmentId(id as u64)).collect())
            })
            .collect())
    }

    /// Where sidewalks were cleared between two moments: per segment and direction the newest pass, by
    /// segment.
    ///
    /// # Errors
    /// Database errors.
    pub async fn sidewalk_passes(
        &self,
        after: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<SidewalkPass>, StoreError> {
        let rows = sqlx::query!(
            r#"SELECT segment_id AS "segment_id!", direction AS "direction!",
                      max(left_at) AS "left_at!"
               FROM current_pass
               WHERE work_kind = 'sidewalk' AND left_at > $1 AND left_at <= $2
               GROUP BY segment_id, direction ORDER BY segment_id, direction"#,
            to_sql(after),
            to_sql(until)
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(SidewalkPass {
                    segment: SegmentId(row.segment_id as u64),
                    direction: Direction::parse(&row.direction)
                        .ok_or_else(|| StoreError::corrupt("direction", &row.direction))?,
                    left_at: from_sql(row.left_at),
                })
            })
            .collect()
    }
}

//! What plows do in a zone, as far as call-outs ask: which vehicles worked there, and what is cleared.

use crate::database::{Store, StoreError};
use crate::instants::{from_sql, to_sql};
use domain::coverage::SegmentFacts;
use domain::geometry::LonLat;
use domain::network::SegmentId;
use domain::work::{Direction, WorkKind};
use jiff::{SignedDuration, Timestamp};

/// A vehicle that worked in a zone.
#[derive(Debug, Clone, PartialEq)]
pub struct ZoneUnit {
    /// Its feed.
    pub feed_id: String,
    /// Its id.
    pub vehicle_id: String,
    /// When its first working pass in the zone left a segment.
    pub first_left_at: Timestamp,
    /// When its last one did.
    pub last_left_at: Timestamp,
    /// When it was last heard, wherever it was.
    pub last_observed_at: Option<Timestamp>,
}

/// A stretch of a zone with what is known of its segment.
#[derive(Debug, Clone, PartialEq)]
pub struct ZoneStretch {
    /// The segment.
    pub segment: SegmentId,
    /// Length of the stretch.
    pub length_m: f64,
    /// The direction that the zone has of it; `None` = both.
    pub direction: Option<Direction>,
    /// What passes come to; `None` where there never was one.
    pub facts: Option<SegmentFacts>,
}

/// Traces end at noon; a pass lies in a trace that began at most so long before it.
const LONGEST_TRACE: SignedDuration = SignedDuration::from_hours(25);

impl Store {
    /// The vehicles whose passes cleared something in a manager's zone since, by their first pass.
    ///
    /// # Errors
    /// Database errors.
    pub async fn zone_units(
        &self,
        manager_code: &str,
        zone: &str,
        since: Timestamp,
    ) -> Result<Vec<ZoneUnit>, StoreError> {
        let kinds: Vec<String> = WorkKind::ALL
            .into_iter()
            .filter(|kind| kind.clears_carriageway())
            .map(|kind| kind.as_str().to_owned())
            .collect();
        let began = since
            .saturating_sub(LONGEST_TRACE)
            .unwrap_or(Timestamp::MIN);
        let rows = sqlx::query!(
            r#"WITH own AS (
                   SELECT DISTINCT s.segment_id
                   FROM feed f
                   JOIN LATERAL (SELECT l.* FROM laid_fact l
                        WHERE l.kind = 'zone' AND l.feed_id = f.id AND l.fact_id = $2
                          AND l.network_version > 0
                        ORDER BY l.version_at DESC LIMIT 1) l ON true
                   JOIN laid_stretch s ON s.kind = l.kind AND s.feed_id = l.feed_id
                        AND s.fact_id = l.fact_id AND s.version_at = l.version_at
                   WHERE f.manager_code = $1)
               SELECT p.feed_id AS "feed_id!", p.vehicle_id AS "vehicle_id!",
                      min(p.left_at) AS "first_left_at!", max(p.left_at) AS "last_left_at!",
                      max(u.last_observed_at) AS last_observed_at
               FROM own
               JOIN current_pass p ON p.segment_id = own.segment_id
               LEFT JOIN unit u ON u.feed_id = p.feed_id AND u.kind = 'vehicle'
                    AND u.unit_id = p.vehicle_id
               WHERE p.left_at >= $3 AND p.trace_start >= $4 AND p.work_kind = ANY($5)
               GROUP BY p.feed_id, p.vehicle_id
               ORDER BY min(p.left_at), p.feed_id, p.vehicle_id"#,
            manager_code,
            zone,
            to_sql(since),
            to_sql(began),
            &kinds
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| ZoneUnit {
                feed_id: row.feed_id,
                vehicle_id: row.vehicle_id,
                first_left_at: from_sql(row.first_left_at),
                last_left_at: from_sql(row.last_left_at),
                last_observed_at: row.last_observed_at.map(from_sql),
            })
            .collect())
    }

    /// The stretches of a manager's zone with what passes come to on them.
    ///
    /// # Errors
    /// Database errors.
    pub async fn zone_stretches(
        &self,
        manager_code: &str,
        zone: &str,
    ) -> Result<Vec<ZoneStretch>, StoreError> {
        let rows = sqlx::query!(
            r#"SELECT s.segment_id, s.from_m, s.to_m, s.direction, t.facts AS "facts?"
               FROM feed f
               JOIN LATERAL (SELECT l.* FROM laid_fact l
                    WHERE l.kind = 'zone' AND l.feed_id = f.id AND l.fact_id = $2
                      AND l.network_version > 0
                    ORDER BY l.version_at DESC LIMIT 1) l ON true
               JOIN laid_stretch s ON s.kind = l.kind AND s.feed_id = l.feed_id
                    AND s.fact_id = l.fact_id AND s.version_at = l.version_at
               LEFT JOIN segment_status t ON t.segment_id = s.segment_id
               WHERE f.manager_code = $1"#,
            manager_code,
            zone
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(ZoneStretch {
                    segment: SegmentId(row.segment_id as u64),
                    length_m: row.to_m - row.from_m,
                    direction: row.direction.as_deref().and_then(Direction::parse),
                    facts: row
                        .facts
                        .map(serde_json::from_value)
                        .transpose()
                        .map_err(|e| StoreError::corrupt("segment facts", e))?,
                })
            })
            .collect()
    }

    /// The middle of a manager's zone on the map; `None` where it is not laid.
    ///
    /// # Errors
    /// Database errors.
    pub async fn zone_centre(
        &self,
        manager_code: &str,
        zone: &str,
    ) -> Result<Option<LonLat>, StoreError> {
        let row = sqlx::query!(
            "SELECT avg(ST_X(ST_Centroid(g.geom))) AS lon, avg(ST_Y(ST_Centroid(g.geom))) AS lat \
             FROM feed f \
             JOIN LATERAL (SELECT l.* FROM laid_fact l \
                  WHERE l.kind = 'zone' AND l.feed_id = f.id AND l.fact_id = $2 \
                    AND l.network_version > 0 \
                  ORDER BY l.version_at DESC LIMIT 1) l ON true \
             JOIN laid_stretch s ON s.kind = l.kind AND s.feed_id = l.feed_id \
                  AND s.fact_id = l.fact_id AND s.version_at = l.version_at \
             JOIN segment g ON g.segment_id = s.segment_id \
             WHERE f.manager_code = $1",
            manager_code,
            zone
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(row.lon.zip(row.lat).map(|(lon, lat)| LonLat::new(lon, lat)))
    }
}

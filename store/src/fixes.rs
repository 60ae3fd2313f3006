//! Positions of plows, and the windows that they mark to be matched.

use crate::database::{Store, StoreError};
use crate::facts::{Intake, ensure_days};
use crate::instants::{from_sql, to_sql};
use domain::fix::PlowFix;
use domain::geometry::LonLat;
use domain::matching::window_start;
use domain::work::WorkKind;
use jiff::Timestamp;
use sqlx::types::time::OffsetDateTime;
use std::collections::BTreeSet;

impl Store {
    /// Those stored fixes of a feed that have the same vehicle and time as one of the given.
    ///
    /// # Errors
    /// Database errors.
    pub async fn stored_fixes_like(
        &self,
        feed_id: &str,
        fixes: &[PlowFix],
    ) -> Result<Vec<PlowFix>, StoreError> {
        let vehicles: Vec<String> = fixes.iter().map(|f| f.vehicle_id.clone()).collect();
        let times: Vec<OffsetDateTime> = fixes.iter().map(|f| to_sql(f.observed_at)).collect();
        let rows = sqlx::query!(
            "SELECT f.vehicle_id, f.observed_at, f.lon, f.lat, f.heading_deg, f.speed_kmh, \
                    f.work_kind \
             FROM UNNEST($2::text[], $3::timestamptz[]) AS wanted (vehicle_id, observed_at) \
             JOIN fix f ON f.feed_id = $1 AND f.vehicle_id = wanted.vehicle_id \
                       AND f.observed_at = wanted.observed_at",
            feed_id,
            &vehicles,
            &times
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| PlowFix {
                vehicle_id: row.vehicle_id,
                observed_at: from_sql(row.observed_at),
                at: LonLat::new(row.lon, row.lat),
                heading_deg: row.heading_deg,
                speed_kmh: row.speed_kmh,
                work: row.work_kind.as_deref().and_then(WorkKind::parse),
            })
            .collect())
    }
}

/// Adds what is new, marks its windows, and returns how many fixes that were.
pub(crate) async fn insert(
    connection: &mut sqlx::PgConnection,
    intake: &Intake<'_>,
) -> Result<usize, StoreError> {
    let fixes = &intake.batch.facts.fixes;
    if fixes.is_empty() {
        return Ok(0);
    }
    ensure_days(connection, "fix", fixes.iter().map(|f| f.observed_at)).await?;
    let vehicles: Vec<String> = fixes.iter().map(|f| f.vehicle_id.clone()).collect();
    let times: Vec<OffsetDateTime> = fixes.iter().map(|f| to_sql(f.observed_at)).collect();
    let lons: Vec<f64> = fixes.iter().map(|f| f.at.lon).collect();
    let lats: Vec<f64> = fixes.iter().map(|f| f.at.lat).collect();
    let headings: Vec<Option<f64>> = fixes.iter().map(|f| f.heading_deg).collect();
    let speeds: Vec<Option<f64>> = fixes.iter().map(|f| f.speed_kmh).collect();
    let works: Vec<Option<String>> = fixes
        .iter()
        .map(|f| f.work.map(|w| w.as_str().to_owned()))
        .collect();
    let rows = sqlx::query!(
        "INSERT INTO fix (feed_id, vehicle_id, observed_at, received_at, payload_id, \
                          lon, lat, heading_deg, speed_kmh, work_kind) \
         SELECT $1, n.vehicle_id, n.observed_at, $2, $3, n.lon, n.lat, n.heading_deg, \
                n.speed_kmh, n.work_kind \
         FROM UNNEST($4::text[], $5::timestamptz[], $6::float8[], $7::float8[], $8::float8[], \
                     $9::float8[], $10::text[]) \
              AS n (vehicle_id, observed_at, lon, lat, heading_deg, speed_kmh, work_kind) \
         ON CONFLICT DO NOTHING \
         RETURNING vehicle_id, observed_at",
        intake.feed_id,
        intake.received_at,
        intake.payload_id,
        &vehicles,
        &times,
        &lons,
        &lats,
        &headings as &[Option<f64>],
        &speeds as &[Option<f64>],
        &works as &[Option<String>]
    )
    .fetch_all(&mut *connection)
    .await?;
    let kept: Vec<(String, Timestamp)> = rows
        .into_iter()
        .map(|row| (row.vehicle_id, from_sql(row.observed_at)))
        .collect();
    mark_windows(connection, intake, &kept).await?;
    Ok(kept.len())
}

/// Marks the windows whose outcome the new fixes may change, in one order for all writers.
async fn mark_windows(
    connection: &mut sqlx::PgConnection,
    intake: &Intake<'_>,
    kept: &[(String, Timestamp)],
) -> Result<(), StoreError> {
    let mut windows: BTreeSet<(&str, Timestamp)> = BTreeSet::new();
    for (vehicle_id, at) in kept {
        let before = at.saturating_sub(intake.batch.match_reach).unwrap_or(*at);
        let after = at.saturating_add(intake.batch.match_reach).unwrap_or(*at);
        for touched in [before, *at, after] {
            windows.insert((vehicle_id, window_start(touched)));
        }
    }
    let vehicles: Vec<String> = windows.iter().map(|(v, _)| (*v).to_owned()).collect();
    let starts: Vec<OffsetDateTime> = windows.iter().map(|(_, at)| to_sql(*at)).collect();
    sqlx::query!(
        "INSERT INTO dirty_window (feed_id, vehicle_id, window_start, since) \
         SELECT $1, n.vehicle_id, n.window_start, $4::timestamptz \
         FROM UNNEST($2::text[], $3::timestamptz[]) AS n (vehicle_id, window_start) \
         WHERE EXISTS (SELECT 1 FROM fix f \
                       WHERE f.feed_id = $1 AND f.vehicle_id = n.vehicle_id \
                         AND f.observed_at >= n.window_start \
                         AND f.observed_at < n.window_start + interval '10 min') \
         ORDER BY n.vehicle_id, n.window_start \
         ON CONFLICT (feed_id, vehicle_id, window_start) DO UPDATE SET since = $4",
        intake.feed_id,
        &vehicles,
        &starts,
        intake.received_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

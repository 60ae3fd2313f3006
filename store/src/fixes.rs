//! Positions of plows.

use crate::binary_copy::BinaryCopy;
use crate::database::{Store, StoreError};
use crate::facts::{Intake, ensure_days, times_of};
use crate::fresh_fixes::mark_fresh;
use crate::instants::from_sql;
use domain::fix::PlowFix;
use domain::geometry::LonLat;
use domain::work::WorkKind;
use sqlx::Connection;

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
        if fixes.is_empty() {
            return Ok(Vec::new());
        }
        let vehicles: Vec<String> = fixes.iter().map(|f| f.vehicle_id.clone()).collect();
        let times = times_of(fixes, |f| f.observed_at);
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

/// Adds what is new, marks its vehicles to be matched, and returns how many fixes that were.
pub(crate) async fn insert(
    connection: &mut sqlx::PgConnection,
    intake: &Intake<'_>,
) -> Result<usize, StoreError> {
    let fixes = &intake.batch.facts.fixes;
    if fixes.is_empty() {
        return Ok(0);
    }
    ensure_days(connection, "fix", fixes.iter().map(|f| f.observed_at)).await?;
    // What is stored was left out before, so that COPY meets nothing of it; only another process
    // that pushes to the same feed may have been faster.
    let mut attempt = connection.begin().await?;
    let kept = match copy(&mut attempt, intake).await {
        Ok(()) => {
            attempt.commit().await?;
            fixes.len()
        }
        Err(StoreError::Database(sqlx::Error::Database(error))) if error.is_unique_violation() => {
            attempt.rollback().await?;
            insert_missing(connection, intake).await?
        }
        Err(error) => return Err(error),
    };
    mark_fresh(connection, intake.feed_id, fixes, intake.batch.received_at).await?;
    Ok(kept)
}

async fn copy(connection: &mut sqlx::PgConnection, intake: &Intake<'_>) -> Result<(), StoreError> {
    let statement = "COPY fix (feed_id, vehicle_id, observed_at, received_at, payload_id, lon, \
                     lat, heading_deg, speed_kmh, work_kind) FROM STDIN WITH (FORMAT binary)";
    let mut copy = BinaryCopy::begin(connection, statement, 10).await?;
    for fix in &intake.batch.facts.fixes {
        copy.row().await?;
        copy.text(Some(intake.feed_id));
        copy.text(Some(&fix.vehicle_id));
        copy.time(fix.observed_at);
        copy.time(intake.batch.received_at);
        copy.int(intake.payload_id);
        copy.float(Some(fix.at.lon));
        copy.float(Some(fix.at.lat));
        copy.float(fix.heading_deg);
        copy.float(fix.speed_kmh);
        copy.text(fix.work.map(WorkKind::as_str));
    }
    copy.finish().await
}

/// Adds those that are not there yet.
async fn insert_missing(
    connection: &mut sqlx::PgConnection,
    intake: &Intake<'_>,
) -> Result<usize, StoreError> {
    let fixes = &intake.batch.facts.fixes;
    let vehicles: Vec<String> = fixes.iter().map(|f| f.vehicle_id.clone()).collect();
    let lons: Vec<f64> = fixes.iter().map(|f| f.at.lon).collect();
    let lats: Vec<f64> = fixes.iter().map(|f| f.at.lat).collect();
    let headings: Vec<Option<f64>> = fixes.iter().map(|f| f.heading_deg).collect();
    let speeds: Vec<Option<f64>> = fixes.iter().map(|f| f.speed_kmh).collect();
    let works: Vec<Option<String>> = fixes
        .iter()
        .map(|f| f.work.map(|w| w.as_str().to_owned()))
        .collect();
    let done = sqlx::query!(
        "INSERT INTO fix (feed_id, vehicle_id, observed_at, received_at, payload_id, \
                          lon, lat, heading_deg, speed_kmh, work_kind) \
         SELECT $1, n.vehicle_id, n.observed_at, $2, $3, n.lon, n.lat, n.heading_deg, \
                n.speed_kmh, n.work_kind \
         FROM UNNEST($4::text[], $5::timestamptz[], $6::float8[], $7::float8[], $8::float8[], \
                     $9::float8[], $10::text[]) \
              AS n (vehicle_id, observed_at, lon, lat, heading_deg, speed_kmh, work_kind) \
         ON CONFLICT DO NOTHING",
        intake.feed_id,
        intake.received_at,
        intake.payload_id,
        &vehicles,
        &times_of(fixes, |f| f.observed_at),
        &lons,
        &lats,
        &headings as &[Option<f64>],
        &speeds as &[Option<f64>],
        &works as &[Option<String>]
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() as usize)
}

//! Positions of plows.

use crate::binary_copy::BinaryCopy;
use crate::database::{Store, StoreError};
use crate::facts::{Intake, ensure_days, times_of};
use crate::fresh_fixes::mark_fresh;
use crate::instants::from_sql;
use domain::fix::PlowFix;
use domain::geometry::LonLat;
use domain::work::WorkKind;

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
    // that brings the same facts may have been faster.
    match copy(connection, intake).await {
        Err(StoreError::Database(sqlx::Error::Database(error))) if error.is_unique_violation() => {
            return Err(raced(intake));
        }
        done => done?,
    }
    mark_fresh(connection, intake.feed_id, fixes, intake.batch.received_at).await?;
    Ok(fixes.len())
}

/// What is said when facts that were news turn out to be there.
pub(crate) fn raced(intake: &Intake<'_>) -> StoreError {
    StoreError::Raced {
        feed_id: intake.feed_id.to_owned(),
    }
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

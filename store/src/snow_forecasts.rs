//! Snowfall that is foreseen.

use crate::database::{Store, StoreError};
use crate::facts::{Intake, ensure_days, times_of, without_nul};
use crate::instants::{from_sql, to_sql};
use domain::geometry::LonLat;
use domain::snow_forecast::SnowForecast;
use jiff::{SignedDuration, Timestamp};

/// A forecast that was issued longer ago tells nothing any more.
const OLDEST_ISSUE: SignedDuration = SignedDuration::from_hours(24);

impl Store {
    /// Forecasts of the last day as they were known at a moment, less what was past by then.
    ///
    /// # Errors
    /// Database errors.
    pub async fn snow_forecasts_at(&self, at: Timestamp) -> Result<Vec<SnowForecast>, StoreError> {
        let since = at.saturating_sub(OLDEST_ISSUE).unwrap_or(Timestamp::MIN);
        let rows = sqlx::query!(
            "SELECT feed_id, place, lon, lat, issued_at, from_at, until_at, new_snow_cm \
             FROM snow_forecast \
             WHERE issued_at > $2 AND issued_at <= $1 AND received_at <= $1 AND until_at > $1 \
             ORDER BY feed_id, place, issued_at, from_at",
            to_sql(at),
            to_sql(since)
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| SnowForecast {
                place: format!("{}/{}", row.feed_id, row.place),
                at: LonLat::new(row.lon, row.lat),
                issued_at: from_sql(row.issued_at),
                from: from_sql(row.from_at),
                until: from_sql(row.until_at),
                new_snow_cm: row.new_snow_cm,
            })
            .collect())
    }
}

/// Adds forecasts; of one issue, place and span the first that came counts.
pub(crate) async fn insert(
    connection: &mut sqlx::PgConnection,
    intake: &Intake<'_>,
) -> Result<usize, StoreError> {
    let forecasts = &intake.batch.facts.snow_forecasts;
    if forecasts.is_empty() {
        return Ok(0);
    }
    let issued = forecasts.iter().map(|f| f.issued_at);
    ensure_days(connection, "snow_forecast", issued).await?;
    let places: Vec<String> = forecasts.iter().map(|f| without_nul(&f.place)).collect();
    let lons: Vec<f64> = forecasts.iter().map(|f| f.at.lon).collect();
    let lats: Vec<f64> = forecasts.iter().map(|f| f.at.lat).collect();
    let snow: Vec<f64> = forecasts.iter().map(|f| f.new_snow_cm).collect();
    let done = sqlx::query!(
        "INSERT INTO snow_forecast (feed_id, place, issued_at, from_at, until_at, received_at, \
                                    payload_id, lon, lat, new_snow_cm) \
         SELECT $1, n.place, n.issued_at, n.from_at, n.until_at, $2, $3, n.lon, n.lat, n.snow \
         FROM UNNEST($4::text[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[], \
                     $8::float8[], $9::float8[], $10::float8[]) \
              AS n (place, issued_at, from_at, until_at, lon, lat, snow) \
         ON CONFLICT DO NOTHING",
        intake.feed_id,
        intake.received_at,
        intake.payload_id,
        &places,
        &times_of(forecasts, |f| f.issued_at),
        &times_of(forecasts, |f| f.from),
        &times_of(forecasts, |f| f.until),
        &lons,
        &lats,
        &snow
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() as usize)
}

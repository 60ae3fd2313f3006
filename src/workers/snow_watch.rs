//! Follows flagged readings, and gives the snow field as of now.

use domain::observation::{Quantity, StationKey};
use domain::quality::StationSeries;
use domain::snow_field::{FieldParams, SnowField};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{FlaggedFilter, FlaggedReading, Store, StoreError};
use tokio::sync::Mutex;

/// What the curves are made of.
const SNOW: [Quantity; 2] = [Quantity::DepthCm, Quantity::Snowfall1hCm];
/// What only its newest values are needed of.
const WEATHER: [Quantity; 2] = [Quantity::WindSpeedMPerS, Quantity::TemperatureC];
/// Weather older than this is not looked at.
const WEATHER_WITHIN: SignedDuration = SignedDuration::from_hours(6);

/// The readings of all stations as far back as the field reaches.
#[derive(Debug)]
pub struct SnowWatch {
    store: Store,
    params: FieldParams,
    stations: BTreeMap<StationKey, StationSeries>,
    /// The number up to which verdicts were read; `None` before the first look.
    last_number: Option<i64>,
}

impl SnowWatch {
    /// A watch that has not looked yet.
    pub fn new(store: Store, params: FieldParams) -> Self {
        SnowWatch {
            store,
            params,
            stations: BTreeMap::new(),
            last_number: None,
        }
    }

    /// Reads what was judged since the last look, and works the field out.
    ///
    /// # Errors
    /// Database errors.
    pub async fn look(&mut self, now: Timestamp) -> Result<Arc<SnowField>, StoreError> {
        self.read(now).await?;
        let params = self.params.clone();
        Ok(Arc::new(SnowField::new(
            self.stations.values(),
            now,
            params,
        )))
    }

    /// Reads what was judged since the last look, and gives the readings themselves.
    ///
    /// # Errors
    /// Database errors.
    pub async fn series(&mut self, now: Timestamp) -> Result<Vec<StationSeries>, StoreError> {
        self.read(now).await?;
        Ok(self.stations.values().cloned().collect())
    }

    async fn read(&mut self, now: Timestamp) -> Result<(), StoreError> {
        let before = |span| now.saturating_sub(span).unwrap_or(Timestamp::MIN);
        // A curve begins at the last long silence, which may lie before the horizon.
        let from = before(self.params.horizon + self.params.longest_gap);
        let filter = |quantities: &[Quantity], from| FlaggedFilter {
            after_number: self.last_number.unwrap_or(0),
            quantities: quantities.to_vec(),
            from,
            until: Timestamp::MAX,
            judged_by: Timestamp::MAX,
        };
        let (snow, snow_number) = self.store.flagged_readings(&filter(&SNOW, from)).await?;
        let recent = filter(&WEATHER, before(WEATHER_WITHIN));
        let (weather, weather_number) = self.store.flagged_readings(&recent).await?;
        // What was committed between the two is read twice rather than never.
        self.last_number = Some(snow_number.min(weather_number));
        for record in self.store.stations_at(Timestamp::MAX).await? {
            let described = StationSeries::of_station(&record.feed_id, &record.station);
            let known = self
                .stations
                .entry(described.key.clone())
                .or_insert_with(|| described.clone());
            known.at = described.at;
            known.elevation_m = described.elevation_m;
        }
        self.take(snow);
        self.take(weather);
        for series in self.stations.values_mut() {
            series.forget_until(from);
        }
        Ok(())
    }

    fn take(&mut self, readings: Vec<FlaggedReading>) {
        for told in readings {
            // A station that nobody has described has no place.
            if let Some(series) = self.stations.get_mut(&told.key) {
                series.replace(told.quantity, told.reading);
            }
        }
    }
}

/// The field for whoever asks, worked out anew at most each [`FRESH_FOR`].
#[derive(Debug, Clone)]
pub struct SnowView {
    inner: Arc<Mutex<Seen>>,
}

#[derive(Debug)]
struct Seen {
    watch: SnowWatch,
    field: Option<Arc<SnowField>>,
}

/// A field is as good as new for this long.
const FRESH_FOR: SignedDuration = SignedDuration::from_secs(30);

impl SnowView {
    /// A view of what is stored.
    pub fn new(store: Store) -> Self {
        let watch = SnowWatch::new(store, FieldParams::default());
        SnowView {
            inner: Arc::new(Mutex::new(Seen { watch, field: None })),
        }
    }

    /// The field as of now, or a moment ago. Who comes meanwhile waits for the same one.
    ///
    /// # Errors
    /// Database errors.
    pub async fn field(&self, now: Timestamp) -> Result<Arc<SnowField>, StoreError> {
        let mut seen = self.inner.lock().await;
        if let Some(field) = &seen.field
            && now.duration_since(field.now()).abs() < FRESH_FOR
        {
            return Ok(Arc::clone(field));
        }
        let field = seen.watch.look(now).await?;
        seen.field = Some(Arc::clone(&field));
        Ok(field)
    }
}

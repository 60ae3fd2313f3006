//! What one payload told, of every kind, on its way into the store.

use crate::database::StoreError;
use crate::instants::{day_of, to_sql};
use domain::closure::Closure;
use domain::fix::{PlowFix, Rejection};
use domain::observation::{Observation, Station};
use domain::plan::Plan;
use domain::snow_forecast::SnowForecast;
use domain::work_log::WorkLogEntry;
use domain::zone_order::ZoneOrder;
use jiff::Timestamp;
use sqlx::types::time::{Date, OffsetDateTime};
use std::collections::BTreeSet;

/// Facts of one payload. Positions, readings, orders and work log rows are those that the store
/// does not have yet; stations, zones, plans and closures may repeat what it has, and become a new
/// version where they say something else.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// Positions of plows.
    pub fixes: Vec<PlowFix>,
    /// Stations.
    pub stations: Vec<Station>,
    /// Readings.
    pub observations: Vec<Observation>,
    /// Zones as these orders' places draw them; the orders themselves are in `orders`.
    pub zones: Vec<ZoneOrder>,
    /// States of orders.
    pub orders: Vec<ZoneOrder>,
    /// Announced works.
    pub plans: Vec<Plan>,
    /// Closures.
    pub closures: Vec<Closure>,
    /// Whether `closures` are all that hold: others of the feed are withdrawn.
    pub closures_are_all: bool,
    /// Rows of a work log.
    pub work_log: Vec<WorkLogEntry>,
    /// Snowfall that is foreseen.
    pub snow_forecasts: Vec<SnowForecast>,
}

/// One decoded payload, to be kept.
#[derive(Debug)]
pub struct Batch<'a> {
    /// When it came.
    pub received_at: Timestamp,
    /// The payload as it came.
    pub payload: &'a [u8],
    /// Its SHA-256.
    pub payload_sha256: &'a [u8],
    /// What it told.
    pub facts: &'a Facts,
    /// Facts that the store had already.
    pub repeats: usize,
    /// Records that were not taken.
    pub rejections: &'a [Rejection],
    /// Values that were not taken, of records that were.
    pub dropped_values: &'a [Rejection],
    /// Who recorded it, where a person did.
    pub recorded_by: Option<&'a str>,
    /// What its times tell of the feed's clock; `None` when it holds none to judge by.
    pub clock: Option<ClockFinding>,
}

/// What a payload's times tell of its feed's clock.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClockFinding {
    /// Why the times can't be right; `None` when they can.
    pub doubt: Option<String>,
    /// By how many whole hours they are off, where it is by whole hours.
    pub skew_hours: Option<i32>,
    /// The newest time that the payload told of, believed or not.
    pub told_at: Option<Timestamp>,
}

impl<'a> Batch<'a> {
    /// A batch of facts and nothing else.
    pub fn of(
        received_at: Timestamp,
        payload: &'a [u8],
        payload_sha256: &'a [u8],
        facts: &'a Facts,
    ) -> Self {
        Batch {
            received_at,
            payload,
            payload_sha256,
            facts,
            repeats: 0,
            rejections: &[],
            dropped_values: &[],
            recorded_by: None,
            clock: None,
        }
    }
}

/// Where a pulled feed stands after a payload.
#[derive(Debug, Clone, PartialEq)]
pub struct Cursor<'a> {
    /// For the next conditional request.
    pub etag: Option<&'a str>,
    /// The same.
    pub last_modified: Option<&'a str>,
    /// When the feed is due again.
    pub next_due_at: Timestamp,
    /// Why the payload could not be read at all. It is kept all the same, but the feed counts as
    /// not heard.
    pub error: Option<&'a str>,
}

/// What came of keeping a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kept {
    /// Fixes that were new.
    pub fixes: usize,
    /// Facts of any kind that were new, fixes included.
    pub facts: usize,
    /// Rejections that a mended configuration has resolved.
    pub resolved: usize,
}

impl Facts {
    /// When each timed fact was observed.
    fn observed(&self) -> impl Iterator<Item = Timestamp> + '_ {
        let fixes = self.fixes.iter().map(|f| f.observed_at);
        let readings = self.observations.iter().map(|o| o.observed_at);
        let orders = self.orders.iter().map(|o| o.as_of);
        let log = self.work_log.iter().map(|e| e.ended_at);
        let issued = self.snow_forecasts.iter().map(|f| f.issued_at);
        (fixes.chain(readings).chain(orders).chain(log)).chain(issued)
    }

    /// The newest time that a fact speaks of.
    pub(crate) fn newest(&self) -> Option<Timestamp> {
        self.observed().max()
    }

    /// Median of received - observed in seconds.
    pub(crate) fn lag_s(&self, received_at: Timestamp) -> Option<f64> {
        let mut lags: Vec<f64> = self
            .observed()
            .map(|at| received_at.duration_since(at).as_secs_f64())
            .collect();
        let middle = lags.len() / 2;
        (!lags.is_empty()).then(|| *lags.select_nth_unstable_by(middle, f64::total_cmp).1)
    }
}

/// A batch on its way into the tables of one feed.
pub(crate) struct Intake<'a> {
    pub feed_id: &'a str,
    pub payload_id: i64,
    pub received_at: OffsetDateTime,
    pub batch: &'a Batch<'a>,
}

/// Makes the partitions that rows of these times need.
pub(crate) async fn ensure_days(
    connection: &mut sqlx::PgConnection,
    table: &str,
    times: impl Iterator<Item = Timestamp>,
) -> Result<(), StoreError> {
    let days: Vec<Date> = times
        .map(day_of)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    sqlx::query!("SELECT ensure_day_partitions($1, $2::date[])", table, &days)
        .fetch_one(connection)
        .await?;
    Ok(())
}

/// Text as PostgreSQL takes it: anything but NUL.
pub(crate) fn without_nul(text: &str) -> String {
    text.replace('\0', "\u{FFFD}")
}

/// JSON as PostgreSQL takes it.
pub(crate) fn json_of<T: serde::Serialize>(
    what: &'static str,
    value: &T,
) -> Result<serde_json::Value, StoreError> {
    let text = serde_json::to_string(value).map_err(|e| StoreError::corrupt(what, e))?;
    serde_json::from_str(&text.replace("\\u0000", "\u{FFFD}"))
        .map_err(|e| StoreError::corrupt(what, e))
}

/// A stored JSON value.
pub(crate) fn from_json<T: serde::de::DeserializeOwned>(
    what: &'static str,
    value: serde_json::Value,
) -> Result<T, StoreError> {
    serde_json::from_value(value).map_err(|e| StoreError::corrupt(what, e))
}

pub(crate) fn times_of<T>(items: &[T], at: impl Fn(&T) -> Timestamp) -> Vec<OffsetDateTime> {
    items.iter().map(|item| to_sql(at(item))).collect()
}

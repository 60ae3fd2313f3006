//! Drivers who want to be told before departure: where to push and what to watch, nothing else.

use crate::batch::payload_sha256;
use crate::database::{Store, StoreError};
use crate::facts::from_json;
use crate::instants::{from_sql, to_sql};
use domain::driver_alert::{Language, QuietHours, Schedule};
use domain::geometry::{BoundingBox, LonLat};
use jiff::Timestamp;
use jiff::civil::{Time, time};
use serde::{Deserialize, Serialize};

/// What a driver watches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Watch {
    /// The way through these places, each longitude and latitude.
    Way(Vec<[f64; 2]>),
    /// All roads in a box: west, south, east, north.
    Area([f64; 4]),
}

impl Watch {
    /// The places of a way.
    pub fn places(&self) -> Vec<LonLat> {
        match self {
            Watch::Way(points) => points
                .iter()
                .map(|[lon, lat]| LonLat::new(*lon, *lat))
                .collect(),
            Watch::Area(_) => Vec::new(),
        }
    }

    /// The box around it; `None` for a way without places.
    pub fn bounds(&self) -> Option<BoundingBox> {
        match self {
            Watch::Way(_) => BoundingBox::around(self.places()),
            Watch::Area([west, south, east, north]) => Some(BoundingBox {
                west: *west,
                south: *south,
                east: *east,
                north: *north,
            }),
        }
    }
}

/// Where a browser is pushed to (RFC 8030, RFC 8291).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushAddress {
    /// Of the push service.
    pub endpoint: String,
    /// The browser's public key.
    pub p256dh: Vec<u8>,
    /// The shared secret.
    pub auth: Vec<u8>,
}

/// What a driver asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct DriverSubscription {
    /// Where to push.
    pub address: PushAddress,
    /// In which language.
    pub language: Language,
    /// What is watched.
    pub watch: Watch,
    /// When the driver departs.
    pub schedule: Schedule,
    /// When only that message may come.
    pub quiet: Option<QuietHours>,
}

/// A subscription as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptSubscription {
    /// Its number.
    pub id: i64,
    /// What was asked for.
    pub subscription: DriverSubscription,
    /// The next departure of which nobody was told yet.
    pub next_due_at: Timestamp,
    /// Whether something on it was closed when it was last looked at.
    pub closed: bool,
}

struct Row {
    id: i64,
    endpoint: String,
    p256dh: Vec<u8>,
    auth: Vec<u8>,
    language: String,
    watch: serde_json::Value,
    departure_min: i16,
    days: i16,
    quiet_from_min: Option<i16>,
    quiet_until_min: Option<i16>,
    next_due_at: sqlx::types::time::OffsetDateTime,
    closed: bool,
}

impl Row {
    fn kept(self) -> Result<KeptSubscription, StoreError> {
        let quiet = self.quiet_from_min.zip(self.quiet_until_min);
        Ok(KeptSubscription {
            id: self.id,
            subscription: DriverSubscription {
                address: PushAddress {
                    endpoint: self.endpoint,
                    p256dh: self.p256dh,
                    auth: self.auth,
                },
                language: Language::parse(&self.language)
                    .ok_or_else(|| StoreError::corrupt("language", &self.language))?,
                watch: from_json("watch", self.watch)?,
                schedule: Schedule {
                    departure: time_of(self.departure_min),
                    days: std::array::from_fn(|day| self.days >> day & 1 == 1),
                },
                quiet: quiet.map(|(from, until)| QuietHours {
                    from: time_of(from),
                    until: time_of(until),
                }),
            },
            next_due_at: from_sql(self.next_due_at),
            closed: self.closed,
        })
    }
}

fn time_of(minutes: i16) -> Time {
    time(
        (minutes / 60).clamp(0, 23) as i8,
        (minutes % 60).abs() as i8,
        0,
        0,
    )
}

fn minutes_of(time: Time) -> i16 {
    i16::from(time.hour()) * 60 + i16::from(time.minute())
}

impl Store {
    /// Keeps a subscription under a token, of which only the hash is kept; with the same token again
    /// it replaces what was asked for.
    ///
    /// # Errors
    /// Database errors.
    pub async fn keep_subscription(
        &self,
        token: &str,
        asked: &DriverSubscription,
        next_due_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let days = (0..7).fold(0i16, |days, day| {
            days | i16::from(asked.schedule.days[day]) << day
        });
        let watch =
            serde_json::to_value(&asked.watch).map_err(|e| StoreError::corrupt("watch", e))?;
        sqlx::query!(
            "INSERT INTO driver_subscription (token_sha256, endpoint, p256dh, auth, language, watch, \
                                              departure_min, days, quiet_from_min, \
                                              quiet_until_min, made_at, next_due_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
             ON CONFLICT (token_sha256) DO UPDATE SET endpoint = $2, p256dh = $3, auth = $4, \
                 language = $5, watch = $6, departure_min = $7, days = $8, quiet_from_min = $9, \
                 quiet_until_min = $10, next_due_at = $12, closed = false",
            payload_sha256(token.as_bytes()),
            asked.address.endpoint,
            asked.address.p256dh,
            asked.address.auth,
            asked.language.as_str(),
            watch,
            minutes_of(asked.schedule.departure),
            days,
            asked.quiet.map(|quiet| minutes_of(quiet.from)),
            asked.quiet.map(|quiet| minutes_of(quiet.until)),
            to_sql(now),
            to_sql(next_due_at)
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The subscription of a token.
    ///
    /// # Errors
    /// Database errors.
    pub async fn subscription(&self, token: &str) -> Result<Option<KeptSubscription>, StoreError> {
        sqlx::query_as!(
            Row,
            "SELECT id, endpoint, p256dh, auth, language, watch, departure_min, days, \
                    quiet_from_min, quiet_until_min, next_due_at, closed \
             FROM driver_subscription WHERE token_sha256 = $1",
            payload_sha256(token.as_bytes())
        )
        .fetch_optional(&self.pool)
        .await?
        .map(Row::kept)
        .transpose()
    }

    /// Forgets a subscription with all that was to be sent to it; whether there was one.
    ///
    /// # Errors
    /// Database errors.
    pub async fn forget_subscription(&self, token: &str) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            "DELETE FROM driver_subscription WHERE token_sha256 = $1",
            payload_sha256(token.as_bytes())
        )
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Forgets a subscription that its push service says is gone.
    ///
    /// # Errors
    /// Database errors.
    pub async fn forget_subscription_of(&self, id: i64) -> Result<(), StoreError> {
        sqlx::query!("DELETE FROM driver_subscription WHERE id = $1", id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Subscriptions whose departure has come, the earliest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn due_subscriptions(
        &self,
        now: Timestamp,
        limit: i64,
    ) -> Result<Vec<KeptSubscription>, StoreError> {
        sqlx::query_as!(
            Row,
            "SELECT id, endpoint, p256dh, auth, language, watch, departure_min, days, \
                    quiet_from_min, quiet_until_min, next_due_at, closed \
             FROM driver_subscription WHERE next_due_at <= $1 ORDER BY next_due_at, id LIMIT $2",
            to_sql(now),
            limit
        )
        .fetch_all(&self.pool)
        .await?
        .into_iter()
        .map(Row::kept)
        .collect()
    }

    /// Subscriptions after a number, a page of them.
    ///
    /// # Errors
    /// Database errors.
    pub async fn subscriptions_after(
        &self,
        id: i64,
        limit: i64,
    ) -> Result<Vec<KeptSubscription>, StoreError> {
        sqlx::query_as!(
            Row,
            "SELECT id, endpoint, p256dh, auth, language, watch, departure_min, days, \
                    quiet_from_min, quiet_until_min, next_due_at, closed \
             FROM driver_subscription WHERE id > $1 ORDER BY id LIMIT $2",
            id,
            limit
        )
        .fetch_all(&self.pool)
        .await?
        .into_iter()
        .map(Row::kept)
        .collect()
    }
}

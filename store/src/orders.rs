//! Zones (工区) as sources draw them, and the states of their orders.

use crate::database::{Store, StoreError};
use crate::facts::{Intake, ensure_days, from_json, json_of, times_of, without_nul};
use crate::instants::{from_sql, to_sql};
use crate::laid::{LaidKind, to_lay};
use domain::place::Place;
use domain::zone_order::{OrderState, ZoneOrder};
use jiff::Timestamp;

/// A zone as its source draws it.
#[derive(Debug, Clone, PartialEq)]
pub struct ZoneRecord {
    /// The feed.
    pub feed_id: String,
    /// Its name, normalised.
    pub zone: String,
    /// Its name as people know it.
    pub name: String,
    /// Where it is, as the source says.
    pub place: Place,
    /// Since when it is drawn so.
    pub known_since: Timestamp,
}

/// The state of an order with its feed.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderRecord {
    /// The feed.
    pub feed_id: String,
    /// The order; its place is that of the zone and left out here.
    pub order: ZoneOrder,
    /// When it came.
    pub received_at: Timestamp,
}

impl Store {
    /// Those stored orders of a feed that have the same zone and time as one of the given, without
    /// their places.
    ///
    /// # Errors
    /// Database errors.
    pub async fn stored_orders_like(
        &self,
        feed_id: &str,
        orders: &[ZoneOrder],
    ) -> Result<Vec<ZoneOrder>, StoreError> {
        if orders.is_empty() {
            return Ok(Vec::new());
        }
        let zones: Vec<String> = orders.iter().map(|o| o.zone.clone()).collect();
        let rows = sqlx::query!(
            "SELECT o.zone, o.as_of, o.name, o.state \
             FROM UNNEST($2::text[], $3::timestamptz[]) AS wanted (zone, as_of) \
             JOIN zone_order o ON o.feed_id = $1 AND o.zone = wanted.zone \
                              AND o.as_of = wanted.as_of",
            feed_id,
            &zones,
            &times_of(orders, |o| o.as_of)
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| order(row.zone, row.name, row.state, from_sql(row.as_of)))
            .collect()
    }

    /// Zones as they were known at a moment, by feed and name.
    ///
    /// # Errors
    /// Database errors.
    pub async fn zones_at(&self, at: Timestamp) -> Result<Vec<ZoneRecord>, StoreError> {
        let rows = sqlx::query!(
            "SELECT DISTINCT ON (feed_id, zone) feed_id, zone, name, place, known_since \
             FROM zone WHERE known_since <= $1 ORDER BY feed_id, zone, known_since DESC",
            to_sql(at)
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(ZoneRecord {
                    feed_id: row.feed_id,
                    zone: row.zone,
                    name: row.name,
                    place: from_json("place", row.place)?,
                    known_since: from_sql(row.known_since),
                })
            })
            .collect()
    }

    /// The newest state of each zone's order as it was known at a moment.
    ///
    /// # Errors
    /// Database errors.
    pub async fn orders_at(&self, at: Timestamp) -> Result<Vec<OrderRecord>, StoreError> {
        let rows = sqlx::query!(
            "SELECT DISTINCT ON (feed_id, zone) feed_id, zone, name, state, as_of, received_at \
             FROM zone_order WHERE as_of <= $1 AND received_at <= $1 \
             ORDER BY feed_id, zone, as_of DESC",
            to_sql(at)
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(OrderRecord {
                    feed_id: row.feed_id,
                    order: order(row.zone, row.name, row.state, from_sql(row.as_of))?,
                    received_at: from_sql(row.received_at),
                })
            })
            .collect()
    }
}

fn order(
    zone: String,
    name: String,
    state: Option<String>,
    as_of: Timestamp,
) -> Result<ZoneOrder, StoreError> {
    let state = state
        .map(|s| OrderState::parse(&s).ok_or_else(|| StoreError::corrupt("order state", s)))
        .transpose()?;
    Ok(ZoneOrder {
        zone,
        name,
        state,
        as_of,
        place: Place::default(),
    })
}

pub(crate) async fn insert(
    connection: &mut sqlx::PgConnection,
    intake: &Intake<'_>,
) -> Result<usize, StoreError> {
    let orders = &intake.batch.facts.orders;
    if orders.is_empty() {
        return Ok(0);
    }
    ensure_days(connection, "zone_order", orders.iter().map(|o| o.as_of)).await?;
    let zones: Vec<String> = orders.iter().map(|o| without_nul(&o.zone)).collect();
    let names: Vec<String> = orders.iter().map(|o| without_nul(&o.name)).collect();
    let states: Vec<Option<String>> = orders
        .iter()
        .map(|o| o.state.map(|s| s.as_str().to_owned()))
        .collect();
    let done = sqlx::query!(
        "INSERT INTO zone_order (feed_id, zone, as_of, received_at, payload_id, name, state) \
         SELECT $1, n.zone, n.as_of, $2, $3, n.name, n.state \
         FROM UNNEST($4::text[], $5::timestamptz[], $6::text[], $7::text[]) \
              AS n (zone, as_of, name, state) \
         ON CONFLICT DO NOTHING",
        intake.feed_id,
        intake.received_at,
        intake.payload_id,
        &zones,
        &times_of(orders, |o| o.as_of),
        &names,
        &states as &[Option<String>]
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() as usize)
}

/// Adds a version of each zone that is drawn otherwise than before.
pub(crate) async fn insert_zones(
    connection: &mut sqlx::PgConnection,
    intake: &Intake<'_>,
) -> Result<usize, StoreError> {
    let zones = &intake.batch.facts.zones;
    if zones.is_empty() {
        return Ok(0);
    }
    let keys: Vec<String> = zones.iter().map(|z| without_nul(&z.zone)).collect();
    let names: Vec<String> = zones.iter().map(|z| without_nul(&z.name)).collect();
    let places = zones
        .iter()
        .map(|z| json_of("place", &z.place))
        .collect::<Result<Vec<_>, _>>()?;
    let changed = sqlx::query_scalar!(
        "INSERT INTO zone (feed_id, zone, known_since, payload_id, name, place) \
         SELECT $1, n.zone, $2, $3, n.name, n.place \
         FROM UNNEST($4::text[], $5::text[], $6::jsonb[]) AS n (zone, name, place) \
         LEFT JOIN LATERAL (SELECT z.* FROM zone z \
              WHERE z.feed_id = $1 AND z.zone = n.zone AND z.known_since <= $2 \
              ORDER BY z.known_since DESC LIMIT 1) was ON true \
         WHERE was.zone IS NULL OR (was.name, was.place) IS DISTINCT FROM (n.name, n.place) \
         ON CONFLICT DO NOTHING RETURNING zone",
        intake.feed_id,
        intake.received_at,
        intake.payload_id,
        &keys,
        &names,
        &places
    )
    .fetch_all(&mut *connection)
    .await?;
    to_lay(connection, LaidKind::Zone, intake, &changed).await?;
    Ok(changed.len())
}

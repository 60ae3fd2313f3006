//! Vehicles whose fixes have changed, and those that have fallen quiet: what there is to match.

use crate::binary_copy::BinaryCopy;
use crate::database::{Store, StoreError};
use crate::instants::{from_sql, to_sql};
use crate::network::NETWORK_LOCK;
use crate::passes::Vehicle;
use domain::fix::PlowFix;
use domain::geometry::LonLat;
use domain::work::WorkKind;
use jiff::Timestamp;
use sqlx::types::time::OffsetDateTime;
use sqlx::{Postgres, Transaction};
use std::collections::{BTreeMap, HashMap};

/// A vehicle with fixes that were not matched yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreshFixes {
    /// The vehicle.
    pub vehicle: Vehicle,
    /// The earliest of them; of a vehicle that has fallen quiet, its last fix.
    pub from_at: Timestamp,
    /// When the newest of them came.
    pub heard_at: Timestamp,
    /// Nothing has changed but the time: the vehicle was not heard of for long.
    pub quiet: bool,
    /// The shard that the vehicle falls into.
    pub shard: i16,
}

/// Vehicles under this process's hand, until [`MatchingBatch::finish`] or drop.
#[derive(Debug)]
pub struct MatchingBatch {
    pub(crate) tx: Transaction<'static, Postgres>,
    pub(crate) network_version: i64,
    pub(crate) revision: i64,
    pub(crate) changed_segments: Vec<i64>,
    fresh: Vec<FreshFixes>,
}

/// Marks vehicles in the transaction that keeps their fixes.
pub(crate) async fn mark_fresh(
    connection: &mut sqlx::PgConnection,
    feed_id: &str,
    fixes: &[PlowFix],
    heard_at: Timestamp,
) -> Result<(), StoreError> {
    let mut earliest: BTreeMap<&str, Timestamp> = BTreeMap::new();
    for fix in fixes {
        let from = earliest.entry(&fix.vehicle_id).or_insert(fix.observed_at);
        *from = (*from).min(fix.observed_at);
    }
    let statement = "COPY fresh_fixes (feed_id, vehicle_id, from_at, heard_at) \
                     FROM STDIN WITH (FORMAT binary)";
    let mut copy = BinaryCopy::begin(connection, statement, 4).await?;
    for (vehicle_id, from_at) in earliest {
        copy.row().await?;
        copy.text(Some(feed_id));
        copy.text(Some(vehicle_id));
        copy.time(from_at);
        copy.time(heard_at);
    }
    copy.finish().await
}

impl Store {
    /// Takes the vehicles of the `most` oldest marks in the given shards, with all their marks: one
    /// that was left behind would have what it says done a second time. And up to as many vehicles that
    /// nothing was heard of since `quiet_since`. No other process gets them meanwhile. Dropping the
    /// batch gives them back. `None` when there is nothing to do.
    ///
    /// # Errors
    /// Database errors.
    pub async fn take_fresh_fixes(
        &self,
        shards: &[i16],
        quiet_since: Option<Timestamp>,
        most: i64,
    ) -> Result<Option<MatchingBatch>, StoreError> {
        let mut tx = begin(self).await?;
        let mut fresh: BTreeMap<Vehicle, FreshFixes> = BTreeMap::new();
        let rows = sqlx::query!(
            "DELETE FROM fresh_fixes WHERE ctid IN ( \
                 SELECT f.ctid FROM fresh_fixes f WHERE f.shard = ANY($1) \
                     AND (f.feed_id, f.vehicle_id) IN ( \
                         SELECT o.feed_id, o.vehicle_id FROM ( \
                             SELECT feed_id, vehicle_id FROM fresh_fixes \
                             WHERE shard = ANY($1) ORDER BY id LIMIT $2) o) \
                 FOR UPDATE OF f SKIP LOCKED) \
             RETURNING feed_id, vehicle_id, from_at, heard_at, shard",
            shards,
            most
        )
        .fetch_all(&mut *tx)
        .await?;
        for row in rows {
            let vehicle = Vehicle {
                feed_id: row.feed_id,
                vehicle_id: row.vehicle_id,
            };
            let (from_at, heard_at) = (from_sql(row.from_at), from_sql(row.heard_at));
            let entry = fresh.entry(vehicle.clone()).or_insert(FreshFixes {
                vehicle,
                from_at,
                heard_at,
                quiet: false,
                shard: row.shard,
            });
            entry.from_at = entry.from_at.min(from_at);
            entry.heard_at = entry.heard_at.max(heard_at);
        }
        if let Some(since) = quiet_since {
            let rows = sqlx::query!(
                "SELECT feed_id, vehicle_id, last_fix_at, heard_at, shard FROM open_trace \
                 WHERE shard = ANY($1) AND last_fix_at < $2 AND heard_at < $2 \
                 ORDER BY heard_at LIMIT $3 FOR UPDATE SKIP LOCKED",
                shards,
                to_sql(since),
                most
            )
            .fetch_all(&mut *tx)
            .await?;
            for row in rows {
                let vehicle = Vehicle {
                    feed_id: row.feed_id,
                    vehicle_id: row.vehicle_id,
                };
                fresh.entry(vehicle.clone()).or_insert(FreshFixes {
                    vehicle,
                    from_at: from_sql(row.last_fix_at),
                    heard_at: from_sql(row.heard_at),
                    quiet: true,
                    shard: row.shard,
                });
            }
        }
        if fresh.is_empty() {
            tx.rollback().await?;
            return Ok(None);
        }
        let fresh = fresh.into_values().collect();
        Ok(Some(MatchingBatch::over(tx, fresh).await?))
    }
}

/// A transaction under which no import may swap the network.
async fn begin(store: &Store) -> Result<Transaction<'static, Postgres>, StoreError> {
    let mut tx = store.pool.begin().await?;
    sqlx::query!("SELECT pg_advisory_xact_lock_shared($1)", NETWORK_LOCK)
        .fetch_one(&mut *tx)
        .await?;
    Ok(tx)
}

impl MatchingBatch {
    async fn over(
        mut tx: Transaction<'static, Postgres>,
        fresh: Vec<FreshFixes>,
    ) -> Result<Self, StoreError> {
        let numbers = sqlx::query!(
            r#"SELECT (SELECT max(version) FROM network) AS version,
                      nextval('pass_revision') AS "revision!""#
        )
        .fetch_one(&mut *tx)
        .await?;
        Ok(MatchingBatch {
            tx,
            network_version: numbers.version.unwrap_or(0),
            revision: numbers.revision,
            changed_segments: Vec::new(),
            fresh,
        })
    }

    /// A batch without vehicles: for passes that don't come from fixes.
    pub(crate) async fn without_vehicles(store: &Store) -> Result<Self, StoreError> {
        let tx = begin(store).await?;
        Self::over(tx, Vec::new()).await
    }

    /// The vehicles, one entry each.
    pub fn fresh(&self) -> &[FreshFixes] {
        &self.fresh
    }

    /// The network that they are to be matched onto; it stays so until the batch is done.
    pub fn network_version(&self) -> i64 {
        self.network_version
    }

    /// The stored fixes of each vehicle later than the time beside it, in time order; without those
    /// that came since its marks were taken, which have a mark of their own.
    ///
    /// # Errors
    /// Database errors.
    pub async fn fixes_after(
        &mut self,
        wanted: &[(&FreshFixes, Timestamp)],
    ) -> Result<Vec<Vec<PlowFix>>, StoreError> {
        let of = |text: fn(&Vehicle) -> &String| -> Vec<String> {
            wanted
                .iter()
                .map(|(f, _)| text(&f.vehicle).clone())
                .collect()
        };
        let (feeds, vehicles) = (of(|v| &v.feed_id), of(|v| &v.vehicle_id));
        let after: Vec<OffsetDateTime> = wanted.iter().map(|(_, at)| to_sql(*at)).collect();
        let heard: Vec<OffsetDateTime> = wanted.iter().map(|(f, _)| to_sql(f.heard_at)).collect();
        let rows = sqlx::query!(
            r#"SELECT n.number AS "number!", f.observed_at, f.lon, f.lat, f.heading_deg,
                      f.speed_kmh, f.work_kind
               FROM UNNEST($1::text[], $2::text[], $3::timestamptz[], $5::timestamptz[])
                        WITH ORDINALITY AS n (feed_id, vehicle_id, after, heard_at, number)
               JOIN fix f ON f.feed_id = n.feed_id AND f.vehicle_id = n.vehicle_id
                         AND f.observed_at > n.after AND f.observed_at > $4
                         AND f.received_at <= n.heard_at
               ORDER BY n.number, f.observed_at"#,
            &feeds,
            &vehicles,
            &after,
            // Partitions older than all of them need not be looked at.
            wanted.iter().map(|(_, at)| *at).min().map(to_sql),
            &heard
        )
        .fetch_all(&mut *self.tx)
        .await?;
        let mut fixes: Vec<Vec<PlowFix>> = vec![Vec::new(); wanted.len()];
        for row in rows {
            let i = (row.number - 1) as usize;
            fixes[i].push(PlowFix {
                vehicle_id: wanted[i].0.vehicle.vehicle_id.clone(),
                observed_at: from_sql(row.observed_at),
                at: LonLat::new(row.lon, row.lat),
                heading_deg: row.heading_deg,
                speed_kmh: row.speed_kmh,
                work: row.work_kind.as_deref().and_then(WorkKind::parse),
            });
        }
        Ok(fixes)
    }

    /// Queues the segments whose passes have changed, and commits everything.
    ///
    /// # Errors
    /// Database errors; then nothing was written and the vehicles are still marked.
    pub async fn finish(mut self) -> Result<(), StoreError> {
        self.changed_segments.sort_unstable();
        self.changed_segments.dedup();
        if !self.changed_segments.is_empty() {
            sqlx::query!(
                "INSERT INTO status_queue (segment_ids) VALUES ($1)",
                &self.changed_segments
            )
            .execute(&mut *self.tx)
            .await?;
            sqlx::query!("SELECT pg_notify('yukimichi_queue', '')")
                .fetch_one(&mut *self.tx)
                .await?;
        }
        self.tx.commit().await?;
        Ok(())
    }
}

/// The given things by vehicle.
pub(crate) fn by_vehicle<T>(
    rows: impl IntoIterator<Item = (Vehicle, T)>,
) -> HashMap<Vehicle, Vec<T>> {
    let mut grouped: HashMap<Vehicle, Vec<T>> = HashMap::new();
    for (vehicle, row) in rows {
        grouped.entry(vehicle).or_default().push(row);
    }
    grouped
}

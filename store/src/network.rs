//! The network made of the imported files: swapped in one transaction, loaded as of one moment.

use crate::database::{Store, StoreError};
use crate::instants::to_sql;
use crate::network_rows::{copy_parts, line_of_wkb};
use crate::road_files::{RoadFile, insert_file};
use domain::network::{
    BuildReport, NetworkParts, Road, RoadNetwork, SegmentId, SegmentPart, Stretch, StretchKind,
};
use futures_util::TryStreamExt;
use jiff::{SignedDuration, Timestamp};
use sqlx::Connection;
use std::collections::HashMap;

/// Fixes and work logs of this age are placed again after an import: their roads may be others now.
const REMATCH: SignedDuration = SignedDuration::from_hours(48);
/// Advisory lock: matchers hold it shared, an import that swaps the network exclusively.
pub(crate) const NETWORK_LOCK: i64 = 0x596d_0001;

/// Advisory lock: one import at a time, from reading the files that are there to swapping.
const IMPORT_LOCK: i64 = 0x596d_0003;

/// The right to import, as long as its connection lives.
#[derive(Debug)]
pub struct ImportLock {
    _connection: sqlx::PgConnection,
}

/// A loaded network with its version.
#[derive(Debug)]
pub struct StoredNetwork {
    /// Its version; 0 where none was ever imported.
    pub version: i64,
    /// The network.
    pub network: RoadNetwork,
}

impl Store {
    /// Waits until no other import is at work, and keeps others waiting until it is dropped.
    ///
    /// # Errors
    /// Database errors.
    pub async fn import_lock(&self) -> Result<ImportLock, StoreError> {
        let mut connection = sqlx::PgConnection::connect_with(&self.pool.connect_options()).await?;
        sqlx::query!("SELECT pg_advisory_lock($1)", IMPORT_LOCK)
            .fetch_one(&mut connection)
            .await?;
        Ok(ImportLock {
            _connection: connection,
        })
    }

    /// Replaces the network and the set of its files in one transaction, and tells all servers.
    ///
    /// `new_files` are kept, replacing those of the same name; `removed` go. Windows of fixes that
    /// the new network may place elsewhere are marked to be matched again. Returns the version.
    ///
    /// # Errors
    /// Database errors; then nothing has changed.
    pub async fn replace_network(
        &self,
        new_files: &[RoadFile],
        removed: &[String],
        network: &RoadNetwork,
        report: &BuildReport,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let mut tx = self.pool.begin().await?;
        sqlx::query!("SELECT pg_advisory_xact_lock($1)", NETWORK_LOCK)
            .fetch_one(&mut *tx)
            .await?;
        let gone: Vec<String> = removed
            .iter()
            .cloned()
            .chain(new_files.iter().map(|f| f.name.clone()))
            .collect();
        sqlx::query!("DELETE FROM road_source WHERE name = ANY($1)", &gone)
            .execute(&mut *tx)
            .await?;
        for file in new_files {
            insert_file(&mut tx, file, now).await?;
        }
        for table in ["segment_stretch", "segment", "road"] {
            // Names come from the line above.
            sqlx::query(sqlx::AssertSqlSafe(format!("DELETE FROM {table}")))
                .execute(&mut *tx)
                .await?;
        }
        let parts = network.parts();
        copy_parts(&mut tx, &parts).await?;
        let report =
            serde_json::to_value(report).map_err(|e| StoreError::corrupt("import report", e))?;
        let version = sqlx::query_scalar!(
            "INSERT INTO network (version, imported_at, node_count, report) \
             SELECT greatest($4, coalesce(max(version), 0) + 1), $1, $2, $3 FROM network \
             RETURNING version",
            to_sql(now),
            parts.node_count as i32,
            report,
            now.as_millisecond()
        )
        .fetch_one(&mut *tx)
        .await?;
        sqlx::query!(
            "DELETE FROM segment_status s \
             WHERE NOT EXISTS (SELECT 1 FROM segment g WHERE g.segment_id = s.segment_id)"
        )
        .execute(&mut *tx)
        .await?;
        // Passes on segments that stay keep their status; the queue fills in those that are new.
        let since = now.saturating_sub(REMATCH).unwrap_or(Timestamp::MIN);
        sqlx::query!(
            "INSERT INTO fresh_fixes (feed_id, vehicle_id, from_at, heard_at) \
             SELECT feed_id, vehicle_id, min(observed_at), max(received_at) \
             FROM fix WHERE observed_at >= $1 GROUP BY feed_id, vehicle_id",
            to_sql(since)
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query!(
            "INSERT INTO status_queue (segment_ids) \
             SELECT array_agg(DISTINCT p.segment_id) FROM current_pass p \
             JOIN segment g ON g.segment_id = p.segment_id HAVING count(*) > 0"
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query!(
            "UPDATE laid_fact l SET pending = true \
             WHERE (kind IN ('closure', 'plan', 'zone') \
                    OR kind = 'report' AND version_at >= $1 \
                    OR EXISTS (SELECT 1 FROM work_log w WHERE w.feed_id = l.feed_id \
                               AND w.fact_id = l.fact_id AND w.started_at >= $1)) \
               AND NOT EXISTS (SELECT 1 FROM laid_fact n WHERE n.kind = l.kind \
                    AND n.feed_id = l.feed_id AND n.fact_id = l.fact_id \
                    AND n.version_at > l.version_at)",
            to_sql(since)
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query!(
            "SELECT pg_notify('yukimichi_network', $1)",
            version.to_string()
        )
        .fetch_one(&mut *tx)
        .await?;
        tx.commit().await?;
        sqlx::query("ANALYZE segment").execute(&self.pool).await?;
        Ok(version)
    }

    /// What the import of the newest network reported; `None` where there is none.
    ///
    /// # Errors
    /// Database errors, or a report that can't be read.
    pub async fn network_report(&self) -> Result<Option<BuildReport>, StoreError> {
        let report =
            sqlx::query_scalar!("SELECT report FROM network ORDER BY version DESC LIMIT 1")
                .fetch_optional(&self.pool)
                .await?;
        report
            .map(serde_json::from_value)
            .transpose()
            .map_err(|e| StoreError::corrupt("import report", e))
    }

    /// The newest network's version; 0 where there is none.
    ///
    /// # Errors
    /// Database errors.
    pub async fn network_version(&self) -> Result<i64, StoreError> {
        let version = sqlx::query_scalar!("SELECT max(version) FROM network")
            .fetch_one(&self.pool)
            .await?;
        Ok(version.unwrap_or(0))
    }

    /// Loads the newest network.
    ///
    /// # Errors
    /// Database errors, or stored values that can't be read.
    pub async fn load_network(&self) -> Result<StoredNetwork, StoreError> {
        let mut tx = self.pool.begin().await?;
        // One moment for all the tables, whatever an import does meanwhile.
        sqlx::query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            .execute(&mut *tx)
            .await?;
        let newest =
            sqlx::query!("SELECT version, node_count FROM network ORDER BY version DESC LIMIT 1")
                .fetch_optional(&mut *tx)
                .await?;
        let (version, node_count) = newest.map_or((0, 0), |r| (r.version, r.node_count as u32));
        let roads = sqlx::query!("SELECT road_id, attributes FROM road ORDER BY ordinal")
            .fetch_all(&mut *tx)
            .await?
            .into_iter()
            .map(|row| {
                Ok(Road {
                    id: serde_json::from_value(row.road_id)?,
                    attributes: serde_json::from_value(row.attributes)?,
                })
            })
            .collect::<Result<Vec<_>, serde_json::Error>>()
            .map_err(|e| StoreError::corrupt("road", e))?;
        let mut segments = Vec::new();
        let mut rows = sqlx::query!(
            r#"SELECT segment_id, road, from_node, to_node, length_m,
                      ST_AsBinary(geom) AS "wkb!"
               FROM segment ORDER BY ordinal"#
        )
        .fetch(&mut *tx);
        while let Some(row) = rows.try_next().await? {
            segments.push(SegmentPart {
                id: SegmentId(row.segment_id as u64),
                road: row.road as u32,
                from_node: row.from_node as u32,
                to_node: row.to_node as u32,
                line: line_of_wkb(row.wkb)?,
                length_m: row.length_m,
            });
        }
        drop(rows);
        let stretches = load_stretches(&mut tx, &segments).await?;
        tx.commit().await?;
        check_parts(&segments, roads.len(), node_count)?;
        Ok(StoredNetwork {
            version,
            network: RoadNetwork::assemble(NetworkParts {
                roads,
                segments,
                stretches,
                node_count,
            }),
        })
    }
}

/// Indices that point nowhere would panic later, far from their cause.
fn check_parts(segments: &[SegmentPart], roads: usize, node_count: u32) -> Result<(), StoreError> {
    for s in segments {
        let whole = (s.road as usize) < roads
            && s.from_node < node_count
            && s.to_node < node_count
            && s.line.len() >= 2;
        if !whole {
            return Err(StoreError::corrupt(
                "segment",
                format!("segment {} refers to a road or node that is missing", s.id),
            ));
        }
    }
    Ok(())
}

async fn load_stretches(
    connection: &mut sqlx::PgConnection,
    segments: &[SegmentPart],
) -> Result<Vec<Stretch>, StoreError> {
    let rows = sqlx::query!(
        "SELECT segment_id, from_m, to_m, kind, standard, road_id FROM segment_stretch"
    )
    .fetch_all(connection)
    .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let by_id: HashMap<u64, u32> = segments
        .iter()
        .enumerate()
        .map(|(i, s)| (s.id.0, i as u32))
        .collect();
    rows.into_iter()
        .map(|row| {
            let segment = *by_id
                .get(&(row.segment_id as u64))
                .ok_or_else(|| StoreError::corrupt("stretch", "its segment is missing"))?;
            let kind = StretchKind::parse(&row.kind)
                .ok_or_else(|| StoreError::corrupt("stretch", &row.kind))?;
            let road_id = serde_json::from_value(row.road_id)
                .map_err(|e| StoreError::corrupt("stretch", e))?;
            Ok(Stretch {
                segment,
                from_m: row.from_m,
                to_m: row.to_m,
                kind,
                standard: row.standard,
                road_id,
            })
        })
        .collect()
}

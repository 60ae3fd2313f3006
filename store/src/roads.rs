//! Imported road files, and the network made of them.

use crate::database::{Store, StoreError};
use crate::fixes::payload_sha256;
use crate::instants::{from_sql, to_sql};
use domain::geometry::LonLat;
use domain::network::{
    BuildReport, NetworkParts, Road, RoadNetwork, SegmentId, SegmentPart, Stretch, StretchKind,
};
use futures_util::TryStreamExt;
use geozero::{CoordDimensions, ToGeo, ToWkb, wkb::Wkb};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::fmt::Write as _;

/// Bytes of one stored chunk of a road file.
const CHUNK_BYTES: usize = 16 * 1024 * 1024;
/// Fixes of this age are matched again after an import: their roads may be others now.
const REMATCH: SignedDuration = SignedDuration::from_hours(48);
/// Advisory lock: matchers hold it shared, an import that swaps the network exclusively.
pub(crate) const NETWORK_LOCK: i64 = 0x596d_0001;

/// A road file as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct RoadFile {
    /// Its name.
    pub name: String,
    /// Code of the road manager whose roads it holds, where that was said.
    pub manager_code: Option<String>,
    /// Tolerance of the import, metres.
    pub tolerance_m: f64,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// An imported road file without its bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct RoadFileEntry {
    /// Its name.
    pub name: String,
    /// Code of its road manager.
    pub manager_code: Option<String>,
    /// Its size.
    pub size_bytes: i64,
    /// When it was imported.
    pub imported_at: Timestamp,
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
    /// The files that the network is made of, oldest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn road_files(&self) -> Result<Vec<RoadFileEntry>, StoreError> {
        let rows = sqlx::query!(
            "SELECT name, manager_code, size_bytes, imported_at FROM road_source ORDER BY ordinal"
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| RoadFileEntry {
                name: row.name,
                manager_code: row.manager_code,
                size_bytes: row.size_bytes,
                imported_at: from_sql(row.imported_at),
            })
            .collect())
    }

    /// One imported file with its bytes; `None` where there is none of that name.
    ///
    /// # Errors
    /// Database errors.
    pub async fn road_file(&self, name: &str) -> Result<Option<RoadFile>, StoreError> {
        let Some(row) = sqlx::query!(
            "SELECT name, manager_code, tolerance_m FROM road_source WHERE name = $1",
            name
        )
        .fetch_optional(&self.pool)
        .await?
        else {
            return Ok(None);
        };
        let mut chunks = sqlx::query_scalar!(
            "SELECT bytes FROM road_source_chunk WHERE name = $1 ORDER BY ordinal",
            name
        )
        .fetch(&self.pool);
        let mut bytes = Vec::new();
        while let Some(chunk) = chunks.try_next().await? {
            bytes.extend_from_slice(&chunk);
        }
        Ok(Some(RoadFile {
            name: row.name,
            manager_code: row.manager_code,
            tolerance_m: row.tolerance_m,
            bytes,
        }))
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
            "INSERT INTO network (imported_at, node_count, report) VALUES ($1, $2, $3) \
             RETURNING version",
            to_sql(now),
            parts.node_count as i32,
            report
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
            "INSERT INTO dirty_window (feed_id, vehicle_id, window_start, since) \
             SELECT DISTINCT feed_id, vehicle_id, date_bin('10 min', observed_at, 'epoch'), \
                    $2::timestamptz \
             FROM fix WHERE observed_at >= $1 \
             ON CONFLICT DO NOTHING",
            to_sql(since),
            to_sql(now)
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
            "SELECT pg_notify('yukimichi_network', $1)",
            version.to_string()
        )
        .fetch_one(&mut *tx)
        .await?;
        tx.commit().await?;
        sqlx::query("ANALYZE segment").execute(&self.pool).await?;
        Ok(version)
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

async fn insert_file(
    connection: &mut sqlx::PgConnection,
    file: &RoadFile,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO road_source (name, manager_code, tolerance_m, size_bytes, sha256, imported_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        file.name,
        file.manager_code,
        file.tolerance_m,
        file.bytes.len() as i64,
        payload_sha256(&file.bytes),
        to_sql(now)
    )
    .execute(&mut *connection)
    .await?;
    for (ordinal, chunk) in file.bytes.chunks(CHUNK_BYTES).enumerate() {
        sqlx::query!(
            "INSERT INTO road_source_chunk (name, ordinal, bytes) VALUES ($1, $2, $3)",
            file.name,
            ordinal as i32,
            chunk
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Loads the tables by COPY, the fastest way in.
async fn copy_parts(
    connection: &mut sqlx::PgConnection,
    parts: &NetworkParts,
) -> Result<(), StoreError> {
    let json = |value: serde_json::Result<String>| -> Result<String, StoreError> {
        Ok(escaped(&value.map_err(|e| StoreError::corrupt("road", e))?))
    };
    let mut copy = TextCopy::begin(
        connection,
        "COPY road (ordinal, road_id, attributes) FROM STDIN",
    )
    .await?;
    for (i, road) in parts.roads.iter().enumerate() {
        let row = format!(
            "{i}\t{}\t{}\n",
            json(serde_json::to_string(&road.id))?,
            json(serde_json::to_string(&road.attributes))?
        );
        copy.row(&row).await?;
    }
    copy.finish().await?;

    let mut copy = TextCopy::begin(
        connection,
        "COPY segment (segment_id, ordinal, road, from_node, to_node, length_m, geom) FROM STDIN",
    )
    .await?;
    for (i, s) in parts.segments.iter().enumerate() {
        let mut row = format!(
            "{}\t{i}\t{}\t{}\t{}\t{}\t",
            s.id, s.road, s.from_node, s.to_node, s.length_m
        );
        for byte in wkb_of_line(&s.line)? {
            let _ = write!(row, "{byte:02x}");
        }
        row.push('\n');
        copy.row(&row).await?;
    }
    copy.finish().await?;

    let mut copy = TextCopy::begin(
        connection,
        "COPY segment_stretch (segment_id, from_m, to_m, kind, standard, road_id) FROM STDIN",
    )
    .await?;
    for s in &parts.stretches {
        let row = format!(
            "{}\t{}\t{}\t{}\t{}\t{}\n",
            parts.segments[s.segment as usize].id,
            s.from_m,
            s.to_m,
            s.kind.as_str(),
            s.standard.as_deref().map_or("\\N".to_owned(), escaped),
            json(serde_json::to_string(&s.road_id))?
        );
        copy.row(&row).await?;
    }
    copy.finish().await
}

/// A COPY in text format, sent in pieces.
struct TextCopy<'c> {
    copy: sqlx::postgres::PgCopyIn<&'c mut sqlx::PgConnection>,
    buffer: String,
}

impl<'c> TextCopy<'c> {
    async fn begin(
        connection: &'c mut sqlx::PgConnection,
        statement: &'static str,
    ) -> Result<Self, StoreError> {
        Ok(TextCopy {
            copy: connection.copy_in_raw(statement).await?,
            buffer: String::new(),
        })
    }

    async fn row(&mut self, row: &str) -> Result<(), StoreError> {
        self.buffer.push_str(row);
        if self.buffer.len() > 1 << 20 {
            self.copy.send(self.buffer.as_bytes()).await?;
            self.buffer.clear();
        }
        Ok(())
    }

    async fn finish(mut self) -> Result<(), StoreError> {
        if !self.buffer.is_empty() {
            self.copy.send(self.buffer.as_bytes()).await?;
        }
        self.copy.finish().await?;
        Ok(())
    }
}

/// Text as COPY wants it.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('\t', "\\t")
        .replace('\n', "\\n")
        .replace('\r', "\\r")
}

/// EWKB with SRID 4326.
fn wkb_of_line(line: &[LonLat]) -> Result<Vec<u8>, StoreError> {
    let line: geo::LineString<f64> = line.iter().map(|p| (p.lon, p.lat)).collect();
    geo::Geometry::LineString(line)
        .to_ewkb(CoordDimensions::xy(), Some(4326))
        .map_err(|e| StoreError::corrupt("geometry", e))
}

fn line_of_wkb(wkb: Vec<u8>) -> Result<Vec<LonLat>, StoreError> {
    match Wkb(wkb).to_geo() {
        Ok(geo::Geometry::LineString(line)) => {
            Ok(line.coords().map(|c| LonLat::new(c.x, c.y)).collect())
        }
        Ok(_) => Err(StoreError::corrupt("geometry", "not a LineString")),
        Err(e) => Err(StoreError::corrupt("geometry", e)),
    }
}

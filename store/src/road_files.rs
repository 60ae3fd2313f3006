//! Imported road files, as they came.

use crate::batch::payload_sha256;
use crate::database::{Store, StoreError};
use crate::instants::{from_sql, to_sql};
use futures_util::TryStreamExt;
use jiff::Timestamp;

/// Bytes of one stored chunk of a road file.
const CHUNK_BYTES: usize = 16 * 1024 * 1024;

/// A road file as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct RoadFile {
    /// Its name.
    pub name: String,
    /// Code of the road manager whose roads it holds, where that was said.
    pub manager_code: Option<String>,
    /// Whom to name beside a map of its roads; may be empty.
    pub attribution: String,
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
    /// Whom to name beside a map of its roads; may be empty.
    pub attribution: String,
    /// Tolerance of the import, metres.
    pub tolerance_m: f64,
    /// Its size.
    pub size_bytes: i64,
    /// When it was imported.
    pub imported_at: Timestamp,
}

impl Store {
    /// The files that the network is made of, oldest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn road_files(&self) -> Result<Vec<RoadFileEntry>, StoreError> {
        let rows = sqlx::query!(
            "SELECT name, manager_code, attribution, tolerance_m, size_bytes, imported_at \
             FROM road_source ORDER BY ordinal"
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| RoadFileEntry {
                name: row.name,
                manager_code: row.manager_code,
                attribution: row.attribution,
                tolerance_m: row.tolerance_m,
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
            "SELECT name, manager_code, attribution, tolerance_m FROM road_source WHERE name = $1",
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
            attribution: row.attribution,
            tolerance_m: row.tolerance_m,
            bytes,
        }))
    }
}

pub(crate) async fn insert_file(
    connection: &mut sqlx::PgConnection,
    file: &RoadFile,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO road_source (name, manager_code, attribution, tolerance_m, size_bytes, \
                                  sha256, imported_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        file.name,
        file.manager_code,
        file.attribution,
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

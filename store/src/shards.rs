//! Which process matches which vehicles.
//!
//! Vehicles fall into 64 shards by hash(feed, vehicle). A process holds shards by advisory locks on
//! a connection of its own, so that they are free the moment it dies, and no clock is asked.

use crate::database::{Store, StoreError};
use sqlx::{Connection, PgConnection};
use std::collections::BTreeSet;

/// Number of shards.
pub const SHARDS: i16 = 64;
/// Classes of advisory locks: a process that matches, and a shard.
const PROCESS_CLASS: i32 = 0x596d_0010;
const SHARD_CLASS: i32 = 0x596d_0011;

/// The shards of one process, as long as its connection lives.
#[derive(Debug)]
pub struct ShardLocks {
    connection: PgConnection,
    held: BTreeSet<i16>,
}

impl Store {
    /// Announces a process that matches; it holds no shard yet.
    ///
    /// # Errors
    /// Database errors.
    pub async fn shard_locks(&self) -> Result<ShardLocks, StoreError> {
        let mut connection = PgConnection::connect_with(&self.pool.connect_options()).await?;
        sqlx::query!(
            "SELECT pg_advisory_lock_shared($1, pg_backend_pid())",
            PROCESS_CLASS
        )
        .fetch_one(&mut connection)
        .await?;
        Ok(ShardLocks {
            connection,
            held: BTreeSet::new(),
        })
    }
}

impl ShardLocks {
    /// The shards that this process holds.
    pub fn held(&self) -> Vec<i16> {
        self.held.iter().copied().collect()
    }

    /// Takes free shards, or gives some up, so that all processes hold about as many. Returns
    /// those given up.
    ///
    /// # Errors
    /// Database errors; then the connection, and with it every shard, may be lost.
    pub async fn balance(&mut self) -> Result<Vec<i16>, StoreError> {
        let processes = sqlx::query_scalar!(
            r#"SELECT count(*) AS "count!" FROM pg_locks
               WHERE locktype = 'advisory' AND granted AND classid::bigint = $1
                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"#,
            i64::from(PROCESS_CLASS)
        )
        .fetch_one(&mut self.connection)
        .await?;
        let share = (i64::from(SHARDS) + processes.max(1) - 1) / processes.max(1);
        let mut given_up = Vec::new();
        while self.held.len() as i64 > share {
            let Some(shard) = self.held.pop_last() else {
                break;
            };
            sqlx::query!(
                "SELECT pg_advisory_unlock($1, $2)",
                SHARD_CLASS,
                i32::from(shard)
            )
            .fetch_one(&mut self.connection)
            .await?;
            given_up.push(shard);
        }
        for shard in 0..SHARDS {
            if self.held.len() as i64 >= share {
                break;
            }
            if self.held.contains(&shard) || given_up.contains(&shard) {
                continue;
            }
            let taken = sqlx::query_scalar!(
                "SELECT pg_try_advisory_lock($1, $2)",
                SHARD_CLASS,
                i32::from(shard)
            )
            .fetch_one(&mut self.connection)
            .await?;
            if taken == Some(true) {
                self.held.insert(shard);
            }
        }
        Ok(given_up)
    }

    /// Whether the connection, and with it the locks, still lives.
    ///
    /// # Errors
    /// When it does not.
    pub async fn confirm(&mut self) -> Result<(), StoreError> {
        self.connection.ping().await?;
        Ok(())
    }
}

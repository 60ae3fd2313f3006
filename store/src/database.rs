//! The connection to PostgreSQL.

use crate::units::UnitsWritten;
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::str::FromStr;
use std::time::Duration;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database answered with an error, or not at all.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("database schema: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// What is stored can't be read any more.
    #[error("stored {what} can't be read: {reason}")]
    Corrupt {
        /// What.
        what: &'static str,
        /// Why.
        reason: String,
    },
    /// Another process kept some of the same facts at the same moment: what is news is to be judged
    /// again.
    #[error("another process kept some of the same facts of feed {feed_id} at the same moment")]
    Raced {
        /// The feed.
        feed_id: String,
    },
    /// Another process took over what this one held.
    #[error("the lease on feed {feed_id} was lost to another process")]
    LeaseLost {
        /// The feed.
        feed_id: String,
    },
    /// What a step was worked out from has changed meanwhile; it is to be worked out anew.
    #[error("something changed meanwhile; it is worked out anew")]
    Overtaken,
}

impl StoreError {
    pub(crate) fn corrupt(what: &'static str, reason: impl std::fmt::Display) -> Self {
        StoreError::Corrupt {
            what,
            reason: reason.to_string(),
        }
    }
}

/// The one system of record: a pool of connections to a migrated database.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) pool: PgPool,
    pub(crate) units_written: UnitsWritten,
}

impl Store {
    /// Connects and brings the schema up to date.
    ///
    /// # Errors
    /// When the server can't be reached within 15 s, or a migration fails.
    pub async fn connect(options: PgConnectOptions) -> Result<Self, StoreError> {
        let pool = PgPoolOptions::new()
            .max_connections(16)
            .acquire_timeout(Duration::from_secs(15))
            .connect_with(options)
            .await?;
        let store = Store::over(pool);
        store.migrate().await?;
        Ok(store)
    }

    /// Connects to the server that an URL names.
    ///
    /// # Errors
    /// As [`Store::connect`], and for an URL that can't be read.
    pub async fn connect_url(url: &str) -> Result<Self, StoreError> {
        Self::connect(PgConnectOptions::from_str(url)?).await
    }

    /// A store over a pool that is there already.
    pub fn over(pool: PgPool) -> Self {
        Store {
            pool,
            units_written: UnitsWritten::default(),
        }
    }

    /// Brings the schema up to date. Several processes may do so at once: a lock lets one through.
    ///
    /// # Errors
    /// When a migration fails.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        sqlx::migrate!("../migrations").run(&self.pool).await?;
        Ok(())
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query_scalar!("SELECT 1 AS one")
            .fetch_one(&self.pool)
            .await?;
        Ok(())
    }

    /// Ends all connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

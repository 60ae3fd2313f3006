//! Opens the system of record: a server of one's own, or the private cluster in `data_dir`.

use crate::config::Config;
use anyhow::Context;
use store::Store;
use store::cluster::{PrivateCluster, RunLock};

/// An open store, and what must be given back at the end.
#[derive(Debug)]
pub struct Database {
    /// The store.
    pub store: Store,
    cluster: Option<PrivateCluster>,
    // Held for as long as this lives.
    _run_lock: Option<RunLock>,
}

impl Database {
    /// Opens the database beside whatever else uses it.
    ///
    /// # Errors
    /// When it can't be started or reached.
    pub async fn join(config: &Config) -> anyhow::Result<Self> {
        Self::open(config, None).await
    }

    /// Opens the database as the one `run` or `demo` on its data folder.
    ///
    /// # Errors
    /// As [`Database::join`], and when another one is running there.
    pub async fn for_run(config: &Config, what: &str) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&config.data_dir)
            .with_context(|| format!("{}: can't be made", config.data_dir.display()))?;
        let run_lock = RunLock::acquire(&config.data_dir, what)?;
        Self::open(config, Some(run_lock)).await
    }

    async fn open(config: &Config, run_lock: Option<RunLock>) -> anyhow::Result<Self> {
        let (store, cluster) = match &config.database {
            Some(database) => {
                let store = Store::connect_url(&database.url)
                    .await
                    .context("[database] url")?;
                (store, None)
            }
            None => {
                let cluster = PrivateCluster::join(&config.data_dir).await?;
                match Store::connect(cluster.connect_options()).await {
                    Ok(store) => (store, Some(cluster)),
                    Err(error) => {
                        cluster.leave().await?;
                        return Err(error.into());
                    }
                }
            }
        };
        Ok(Database {
            store,
            cluster,
            _run_lock: run_lock,
        })
    }

    /// Closes all connections and stops the private cluster if nobody else uses it.
    ///
    /// # Errors
    /// When the cluster does not stop.
    pub async fn close(self) -> anyhow::Result<()> {
        self.store.close().await;
        if let Some(cluster) = self.cluster {
            cluster.leave().await?;
        }
        Ok(())
    }
}

//! The private database cluster: where no `database.url` is given, yukimichi runs a PostgreSQL of its
//! own in its data folder, reachable through a unix socket only, for as long as anybody uses it.
//!
//! Everybody who uses it holds a share, a shared `flock`. The first starts the server, the last one
//! out stops it. A share vanishes with its process, so that a crash leaves at most a server that
//! runs on, and the next one in adopts that. Being killed at any moment leaves nothing in the way.

mod binaries;
mod database;
mod error;
mod home;
mod initdb;
mod locks;
mod log;
mod note;
mod postmaster;
mod user;

use std::fs::File;
use std::path::Path;

use sqlx::postgres::PgConnectOptions;
use tokio::task::spawn_blocking;

use binaries::Binaries;
use home::Home;

pub use error::ClusterError;
pub use locks::RunLock;

const ROLE: &str = "yukimichi";
const DATABASE: &str = "yukimichi";

/// A share in the private cluster of a data folder: the first starts it, the last one out stops it.
///
/// Call [`leave`](Self::leave) at the end. Merely dropped, also half-way through
/// [`join`](Self::join), it leaves all the same, but blocks the thread until the server is down.
#[derive(Debug)]
pub struct PrivateCluster {
    share: Share,
}

impl PrivateCluster {
    /// Joins the cluster of `data_dir`; makes and starts it where that is needed. When this returns,
    /// the database `yukimichi` exists, has PostGIS, and takes connections.
    ///
    /// # Errors
    /// PostgreSQL or PostGIS is not installed, a file is in the way, or the server doesn't start; the
    /// error names the path and what to do.
    pub async fn join(data_dir: &Path) -> Result<Self, ClusterError> {
        let data_dir = data_dir.to_owned();
        let mut share = spawn_blocking(move || Share::take(&data_dir)).await??;
        database::prepare(&share.home, &share.binaries).await?;
        share.starting = None;
        Ok(Self { share })
    }

    /// How to connect to the database `yukimichi`.
    #[must_use]
    pub fn connect_options(&self) -> PgConnectOptions {
        database::options(&self.share.home)
    }

    /// Gives the share back, and stops the server if nobody else holds one. Connections that are
    /// still open are cut then, so close the pool first.
    ///
    /// # Errors
    /// The server could not be stopped.
    pub async fn leave(self) -> Result<(), ClusterError> {
        let mut share = self.share;
        spawn_blocking(move || share.give_back()).await?
    }
}

/// A share and what belongs to it. Its methods block.
#[derive(Debug)]
struct Share {
    home: Home,
    binaries: Binaries,
    /// The shared lock; `None` once given back.
    lock: Option<File>,
    /// The exclusive right to start and stop, while the cluster is being made ready.
    starting: Option<File>,
}

impl Share {
    fn take(data_dir: &Path) -> Result<Self, ClusterError> {
        let home = Home::find(data_dir)?;
        home.make_place()?;
        let starting = locks::lock_start(&home.place)?;
        let binaries = Binaries::find(&home.data())?;
        home.make()?;
        initdb::make_data(&home, &binaries)?;
        let lock = locks::lock_share(&home.place)?;
        // From here on whatever fails gives the share back, and so leaves no server behind.
        let share = Self {
            home,
            binaries,
            lock: Some(lock),
            starting: Some(starting),
        };
        postmaster::ensure_running(&share.home, &share.binaries)?;
        Ok(share)
    }

    fn give_back(&mut self) -> Result<(), ClusterError> {
        let Some(lock) = self.lock.take() else {
            return Ok(());
        };
        let _starting = match self.starting.take() {
            Some(starting) => starting,
            None => locks::lock_start(&self.home.place)?,
        };
        // Outright, and not only by closing the file: a program that is just being started in another
        // thread may hold a copy of it for a moment.
        lock.unlock().map_err(ClusterError::io(
            "unlock",
            &self.home.place.join("cluster.lock"),
        ))?;
        match locks::lock_last(&self.home.place)? {
            Some(_nobody_else) => postmaster::stop(&self.home, &self.binaries),
            None => Ok(()),
        }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        if let Err(error) = self.give_back() {
            tracing::warn!(%error, "the private database was not stopped");
        }
    }
}

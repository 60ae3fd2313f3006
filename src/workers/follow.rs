//! Follows the writer's sequence and publishes immutable views of the map.
//!
//! Readers take the newest view and never wait: a view holds a network and a snapshot that belong
//! together. Every server follows the database, the one with the writer too, so that there is one
//! way for a change to reach a tile.

use super::{Shutdown, Waiter};
use domain::network::RoadNetwork;
use domain::status::{SegmentStatus, StatusSnapshot};
use std::sync::Arc;
use std::time::Duration;
use store::{StatusRow, Store};
use tokio::sync::watch;

/// Changes are gathered for this long before a new view is made of them.
const GATHER: Duration = Duration::from_millis(100);

/// A network and the status of its segments.
#[derive(Debug, Clone)]
pub struct MapView {
    /// The network.
    pub network: Arc<RoadNetwork>,
    /// Its status.
    pub snapshot: Arc<StatusSnapshot>,
}

/// The newest view.
pub type MapViews = watch::Receiver<Arc<MapView>>;

/// Publishes views until the shutdown.
pub struct Follower {
    store: Store,
    sender: watch::Sender<Arc<MapView>>,
}

impl Follower {
    /// Loads the first view.
    ///
    /// # Errors
    /// Database errors.
    pub async fn start(store: Store) -> anyhow::Result<(Self, MapViews)> {
        let view = load(&store).await?;
        let (sender, receiver) = watch::channel(Arc::new(view));
        Ok((Follower { store, sender }, receiver))
    }

    /// Follows until the shutdown.
    ///
    /// # Errors
    /// Database errors.
    pub async fn run(&self, shutdown: Shutdown) -> anyhow::Result<()> {
        let mut waiter = Waiter::new(&self.store, &["yukimichi_status", "yukimichi_network"]);
        loop {
            self.catch_up().await?;
            tokio::select! {
                () = super::called(&shutdown) => return Ok(()),
                () = async {
                    waiter.wait(Duration::from_secs(1)).await;
                    tokio::time::sleep(GATHER).await;
                } => {}
            }
        }
    }

    /// Publishes what has changed since the last view.
    ///
    /// # Errors
    /// Database errors.
    pub async fn catch_up(&self) -> anyhow::Result<()> {
        let current = Arc::clone(&self.sender.borrow());
        if self.store.network_version().await? != current.snapshot.network_version {
            self.sender.send_replace(Arc::new(load(&self.store).await?));
            return Ok(());
        }
        let changes = self.store.changes_after(current.snapshot.sequence).await?;
        if changes.is_empty() {
            return Ok(());
        }
        let mut snapshot = (*current.snapshot).clone();
        apply(&mut snapshot, &current.network, &changes);
        self.sender.send_replace(Arc::new(MapView {
            network: Arc::clone(&current.network),
            snapshot: Arc::new(snapshot),
        }));
        Ok(())
    }
}

async fn load(store: &Store) -> anyhow::Result<MapView> {
    let stored = store.load_network().await?;
    let count = stored.network.segments().len();
    let mut snapshot = StatusSnapshot {
        network_version: stored.version,
        sequence: 0,
        statuses: vec![SegmentStatus::default(); count],
        sequences: vec![0; count],
    };
    apply(
        &mut snapshot,
        &stored.network,
        &store.changes_after(0).await?,
    );
    Ok(MapView {
        network: Arc::new(stored.network),
        snapshot: Arc::new(snapshot),
    })
}

fn apply(snapshot: &mut StatusSnapshot, network: &RoadNetwork, changes: &[StatusRow]) {
    for change in changes {
        snapshot.sequence = snapshot.sequence.max(change.sequence);
        if let Some(segment) = network.find(change.segment) {
            snapshot.statuses[segment as usize] = change.status;
            snapshot.sequences[segment as usize] = change.sequence;
        }
    }
}

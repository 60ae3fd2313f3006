//! Follows the writer's sequence and keeps the view of the map up to date.
//!
//! Readers take the newest view: its network, status and tiles belong together. Every server follows the database, the one with the writer too, so that there is one
//! way for a change to reach a tile.

use super::{Shutdown, Waiter};
use domain::gazetteer::Gazetteer;
use domain::network::RoadNetwork;
use domain::placement::NamedRoutes;
use domain::status::{StatusChange, StatusColumns, StatusTable};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use store::{StatusRow, Store};
use tiles::{RoadTiles, TileSettings};
use tokio::sync::watch;

/// Changes are gathered for this long before a new view is made of them.
const GATHER: Duration = Duration::from_millis(100);

/// A network with the status of its segments and the tiles that show both. A new network makes a new
/// view; a change of status is taken in by the view that is there.
#[derive(Debug)]
pub struct MapView {
    /// The version of the network; 0 before the first import.
    pub network_version: i64,
    /// The network.
    pub network: Arc<RoadNetwork>,
    /// The status of its segments.
    pub status: Arc<StatusTable>,
    /// Its tiles.
    pub tiles: RoadTiles,
    routes: OnceLock<NamedRoutes>,
    gazetteer: OnceLock<Gazetteer>,
}

impl MapView {
    /// A view of a network in which nothing was asked for yet.
    pub fn new(
        network_version: i64,
        network: Arc<RoadNetwork>,
        status: Arc<StatusTable>,
        settings: TileSettings,
    ) -> Self {
        MapView {
            network_version,
            tiles: RoadTiles::new(Arc::clone(&network), Arc::clone(&status), settings),
            network,
            status,
            routes: OnceLock::new(),
            gazetteer: OnceLock::new(),
        }
    }

    /// The network's routes by name, looked up once somebody asks.
    pub fn routes(&self) -> &NamedRoutes {
        self.routes.get_or_init(|| NamedRoutes::of(&self.network))
    }

    /// What its roads are called; gathered when it is first asked for.
    pub fn gazetteer(&self) -> &Gazetteer {
        self.gazetteer.get_or_init(|| Gazetteer::of(&self.network))
    }
}

/// The newest view. Receivers are woken by changes of status too.
pub type MapViews = watch::Receiver<Arc<MapView>>;

/// Publishes views until the shutdown.
pub struct Follower {
    store: Store,
    sender: watch::Sender<Arc<MapView>>,
    settings: TileSettings,
}

impl Follower {
    /// Loads the first view.
    ///
    /// # Errors
    /// Database errors.
    pub async fn start(store: Store, settings: TileSettings) -> anyhow::Result<(Self, MapViews)> {
        let view = load(&store, settings).await?;
        let (sender, receiver) = watch::channel(Arc::new(view));
        let follower = Follower {
            store,
            sender,
            settings,
        };
        Ok((follower, receiver))
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
        if self.store.network_version().await? != current.network_version {
            let view = load(&self.store, self.settings).await?;
            self.sender.send_replace(Arc::new(view));
            return Ok(());
        }
        let changes = self.store.changes_after(current.status.sequence()).await?;
        if changes.is_empty() {
            return Ok(());
        }
        // Marking can take a while at a storm's beginning; other tasks shall not wait for it.
        let view = Arc::clone(&current);
        tokio::task::spawn_blocking(move || {
            view.tiles.apply(&known_changes(&view.network, &changes));
            // Rows of segments that this network lacks are not asked for again.
            let last = changes.iter().map(|c| c.sequence).max();
            view.status.write().skip_to(last.unwrap_or(0));
        })
        .await?;
        self.sender.send_replace(current);
        Ok(())
    }
}

async fn load(store: &Store, settings: TileSettings) -> anyhow::Result<MapView> {
    let stored = store.load_network().await?;
    let rows = store.changes_after(0).await?;
    let view = tokio::task::spawn_blocking(move || {
        let network = Arc::new(stored.network);
        let mut columns = StatusColumns::new(network.segments().len());
        for change in known_changes(&network, &rows) {
            columns.set(change);
        }
        columns.skip_to(rows.iter().map(|row| row.sequence).max().unwrap_or(0));
        let status = Arc::new(StatusTable::new(columns));
        MapView::new(stored.version, network, status, settings)
    });
    Ok(view.await?)
}

fn known_changes(network: &RoadNetwork, rows: &[StatusRow]) -> Vec<StatusChange> {
    rows.iter()
        .filter_map(|row| {
            Some(StatusChange {
                segment: network.find(row.segment)?,
                status: row.status,
                sequence: row.sequence,
            })
        })
        .collect()
}

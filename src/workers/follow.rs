//! Follows the writer's sequence and keeps the view of the map up to date.
//!
//! Readers take the newest view: its network, zones, status and tiles belong together. Every server follows
//! the database, the one with the writer too, so that there is one way for a change to reach a tile.

use super::{Shutdown, Waiter};
use domain::gazetteer::Gazetteer;
use domain::network::RoadNetwork;
use domain::placement::NamedRoutes;
use domain::status::{StatusChange, StatusColumns, StatusTable};
use domain::zone_extent::SegmentZones;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use store::{StatusRow, Store};
use tiles::{RoadTiles, TileSettings};
use tokio::sync::watch;

/// Changes are gathered for this long before a new view is made of them.
const GATHER: Duration = Duration::from_millis(100);

/// A network with its zones, the status of its segments and the tiles that show them. A new network or
/// other zones make a new view; a change of status is taken in by the view that is there.
#[derive(Debug)]
pub struct MapView {
    /// The version of the network; 0 before the first import.
    pub network_version: i64,
    /// The network.
    pub network: Arc<RoadNetwork>,
    /// The zones of its segments.
    pub zones: Arc<SegmentZones>,
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
        zones: Arc<SegmentZones>,
        status: Arc<StatusTable>,
        settings: TileSettings,
    ) -> Self {
        let tiles = RoadTiles::new(Arc::clone(&network), Arc::clone(&status), settings);
        MapView {
            network_version,
            tiles: tiles.with_zones(Arc::clone(&zones)),
            network,
            zones,
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

    /// Names all that is drawn but for status: a tile's ETag begins with it.
    pub fn edition(&self) -> String {
        match self.zones.fingerprint() {
            0 => self.network_version.to_string(),
            zones => format!("{}.{zones:016x}", self.network_version),
        }
    }
}

/// The newest view. Receivers are woken by changes of status too.
pub type MapViews = watch::Receiver<Arc<MapView>>;

/// Publishes views until the shutdown.
pub struct Follower {
    store: Store,
    sender: watch::Sender<Arc<MapView>>,
    settings: TileSettings,
    /// The newest laying of facts that was looked at for zones.
    laid_change: AtomicI64,
}

impl Follower {
    /// Loads the first view.
    ///
    /// # Errors
    /// Database errors.
    pub async fn start(store: Store, settings: TileSettings) -> anyhow::Result<(Self, MapViews)> {
        let laid_change = store.laid_change().await?;
        let view = load(&store, settings).await?;
        let (sender, receiver) = watch::channel(Arc::new(view));
        let follower = Follower {
            store,
            sender,
            settings,
            laid_change: AtomicI64::new(laid_change),
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
        let current = self.with_newest_zones(current).await?;
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

    /// The view with zones as they are laid by now; published where they are others than before.
    async fn with_newest_zones(&self, current: Arc<MapView>) -> anyhow::Result<Arc<MapView>> {
        let laid_change = self.store.laid_change().await?;
        if laid_change == self.laid_change.load(Ordering::Relaxed) {
            return Ok(current);
        }
        let zones = zones(&self.store, &current.network).await?;
        self.laid_change.store(laid_change, Ordering::Relaxed);
        if *zones == *current.zones {
            return Ok(current);
        }
        let settings = self.settings;
        let view = tokio::task::spawn_blocking(move || {
            let (network, status) = (Arc::clone(&current.network), Arc::clone(&current.status));
            let version = current.network_version;
            Arc::new(MapView::new(version, network, zones, status, settings))
        })
        .await?;
        self.sender.send_replace(Arc::clone(&view));
        Ok(view)
    }
}

/// The segments' zones as they are laid by now.
async fn zones(store: &Store, network: &RoadNetwork) -> anyhow::Result<Arc<SegmentZones>> {
    let zones = store.zone_segments().await?;
    Ok(Arc::new(SegmentZones::new(network, zones)))
}

async fn load(store: &Store, settings: TileSettings) -> anyhow::Result<MapView> {
    let stored = store.load_network().await?;
    let rows = store.changes_after(0).await?;
    let network = Arc::new(stored.network);
    let zones = zones(store, &network).await?;
    let view = tokio::task::spawn_blocking(move || {
        let mut columns = StatusColumns::new(network.segments().len());
        for change in known_changes(&network, &rows) {
            columns.set(change);
        }
        columns.skip_to(rows.iter().map(|row| row.sequence).max().unwrap_or(0));
        let status = Arc::new(StatusTable::new(columns));
        MapView::new(stored.version, network, zones, status, settings)
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

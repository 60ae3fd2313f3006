//! Where a place that a person states would lie, asked before it is recorded.

use super::placing::{Placer, zones_by_name};
use crate::workers::follow::MapView;
use anyhow::Context;
use domain::kilopost::KilopostTable;
use domain::place::Place;
use domain::road_manager::owner_among;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use store::{Laid, LaidKind, Store};

/// Where a place would lie.
#[derive(Debug, Clone, Default)]
pub(crate) struct Survey {
    /// On roads that its manager may mean.
    pub own: Laid,
    /// On roads of anybody.
    pub anywhere: Laid,
    /// Codes of the managers of the roads under `own`, where they are known.
    pub owners_of_own: BTreeSet<String>,
    /// The same of the roads under `anywhere`.
    pub owners_anywhere: BTreeSet<String>,
}

/// Lays a place that the manager's people state onto the network of a view.
///
/// # Errors
/// Database errors; a manager that is not configured.
pub(crate) async fn survey(
    store: &Store,
    view: Arc<MapView>,
    place: Place,
    manager_code: &str,
) -> anyhow::Result<Survey> {
    let managers = store.road_managers().await?;
    let manager = managers.iter().find(|m| m.code == manager_code).cloned();
    let manager = manager.with_context(|| format!("no road manager {manager_code:?}"))?;
    let posts = store.kiloposts().await?;
    let feeds = store.feed_managers().await?;
    let zones = zones_by_name(store.laid(LaidKind::Zone).await?, &feeds);
    let work = move || {
        let tables: HashMap<String, KilopostTable> = posts
            .into_iter()
            .map(|(code, posts)| (code, KilopostTable::new(posts).0))
            .collect();
        let placer = Placer {
            network: &view.network,
            routes: view.routes(),
            managers: &managers,
            tables: &tables,
            zones: &zones,
        };
        let owners = |laid: &Laid| -> BTreeSet<String> {
            let segments = laid
                .stretches
                .iter()
                .filter_map(|s| view.network.find(s.segment));
            segments
                .filter_map(|segment| {
                    let road = &view.network.road(segment).attributes;
                    // A road may name a manager that is not configured: it is somebody's all the same.
                    road.manager.clone().or_else(|| {
                        let owner = owner_among(managers.iter(), None, road.manager_level);
                        owner.map(|m| m.code.clone())
                    })
                })
                .collect()
        };
        let own = placer.place(&place, &manager);
        let anywhere = placer.place_anywhere(&place, &manager);
        Survey {
            owners_of_own: owners(&own),
            owners_anywhere: owners(&anywhere),
            own,
            anywhere,
        }
    };
    tokio::task::spawn_blocking(work)
        .await
        .context("laying broke")
}

//! Lays what has a place onto the network: closures, plans, zones, rows of work logs and reports. Rows
//! of work logs become passes, and so do reports that a zone is done.

mod placing;
mod survey;

use super::{Shutdown, Waiter};
use crate::clock::Clock;
use anyhow::Context;
use domain::coverage::{Confidence, Pass};
use domain::kilopost::KilopostTable;
use domain::network::RoadNetwork;
use domain::place::Place;
use domain::placement::NamedRoutes;
use domain::road_manager::RoadManager;
use domain::work::{Direction, WorkKind};
use jiff::Timestamp;
use placing::{Placer, lay_zones, zones_by_name};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use store::{
    FactVersion, Laid, LaidKind, LaidStretch, LayingBatch, ReportRecord, SegmentPass, Store,
    StoredNetwork, WorkLogRecord,
};
pub(crate) use survey::{Survey, survey};

/// Facts of each kind taken in one transaction.
const FACTS_AT_ONCE: i64 = 200;

/// Lays facts onto the network.
pub struct FactLayer {
    store: Store,
    clock: Arc<dyn Clock>,
    map: Option<Arc<Map>>,
}

/// A network and its routes by name.
struct Map {
    stored: StoredNetwork,
    routes: NamedRoutes,
}

/// What laying a batch came to.
struct Outcome {
    laid: Vec<(FactVersion, Laid)>,
    log: Vec<(FactVersion, WorkLogRecord, Laid)>,
    reports: Vec<(FactVersion, ReportRecord, Laid)>,
}

impl FactLayer {
    /// A layer with default parameters.
    pub fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        FactLayer {
            store,
            clock,
            map: None,
        }
    }

    /// Works until the shutdown.
    ///
    /// # Errors
    /// Database errors.
    pub async fn run(&mut self, shutdown: Shutdown) -> anyhow::Result<()> {
        let mut waiter = Waiter::new(&self.store, &["yukimichi_places", "yukimichi_network"]);
        loop {
            while self.lay_some().await? > 0 {
                if *shutdown.borrow() {
                    break;
                }
            }
            tokio::select! {
                () = super::called(&shutdown) => return Ok(()),
                () = waiter.wait(Duration::from_secs(1)) => {}
            }
        }
    }

    /// Lays until nothing is left to do.
    ///
    /// # Errors
    /// Database errors.
    pub async fn drain(&mut self) -> anyhow::Result<()> {
        while self.lay_some().await? > 0 {}
        Ok(())
    }

    /// Lays one batch and returns how many facts it held.
    async fn lay_some(&mut self) -> anyhow::Result<usize> {
        let Some(mut batch) = self.store.take_unlaid(FACTS_AT_ONCE).await? else {
            return Ok(0);
        };
        let count = batch.count();
        let outcome = self.work_out(&mut batch).await?;
        let now = self.clock.now();
        for (version, laid) in &outcome.laid {
            batch.write(version, laid, now).await?;
        }
        let map = self.map(batch.network_version()).await?;
        for (version, record, laid) in &outcome.log {
            let passes = log_passes(&map.stored.network, record, laid);
            batch.write(version, laid, now).await?;
            batch
                .write_passes(version, record.entry.started_at, &passes, now)
                .await?;
        }
        for (version, record, laid) in &outcome.reports {
            let passes = reported_passes(&map.stored.network, record, laid);
            batch.write(version, laid, now).await?;
            batch
                .write_passes(version, record.report.at, &passes, now)
                .await?;
        }
        batch.finish().await?;
        Ok(count)
    }

    async fn work_out(&mut self, batch: &mut LayingBatch) -> anyhow::Result<Outcome> {
        let map = self.map(batch.network_version()).await?;
        let managers: Vec<RoadManager> = self.store.road_managers().await?;
        let posts = self.store.kiloposts().await?;
        let feeds = self.store.feed_managers().await?;
        let known_zones = self.store.laid(LaidKind::Zone).await?;
        let places = std::mem::take(&mut batch.places);
        let zones = std::mem::take(&mut batch.zones);
        let log = std::mem::take(&mut batch.log);
        let reports = std::mem::take(&mut batch.reports);
        let work = move || {
            let network = &map.stored.network;
            let tables: HashMap<String, KilopostTable> = posts
                .into_iter()
                .map(|(code, posts)| (code, KilopostTable::new(posts).0))
                .collect();
            let mut laid = lay_zones(network, &zones, &managers);
            let anew = zones.iter().zip(&laid).map(|(fact, (_, laid))| {
                let version = &fact.version;
                (
                    (version.feed_id.clone(), version.fact_id.clone()),
                    laid.clone(),
                )
            });
            let mut of_feeds = known_zones;
            of_feeds.extend(anew);
            let by_name = zones_by_name(of_feeds, &feeds);
            let placer = Placer {
                network,
                routes: &map.routes,
                managers: &managers,
                tables: &tables,
                zones: &by_name,
            };
            laid.extend(places.into_iter().map(|fact| {
                (
                    fact.version.clone(),
                    placer.place(&fact.place, &fact.manager),
                )
            }));
            let log = log
                .into_iter()
                .map(|(version, manager, record)| {
                    let entry = &record.entry;
                    let laid = placer.stretch(&entry.stretch, entry.direction, &manager);
                    (version, record, laid)
                })
                .collect();
            let reports = reports
                .into_iter()
                .map(|(version, manager, record)| {
                    let zone = Place {
                        zone: Some(record.report.zone.clone()),
                        ..Place::default()
                    };
                    let laid = placer.place(&zone, &manager);
                    (version, record, laid)
                })
                .collect();
            Outcome { laid, log, reports }
        };
        tokio::task::spawn_blocking(work)
            .await
            .context("laying broke")
    }

    async fn map(&mut self, version: i64) -> anyhow::Result<Arc<Map>> {
        if let Some(map) = &self.map
            && map.stored.version == version
        {
            return Ok(Arc::clone(map));
        }
        let stored = self.store.load_network().await?;
        let routes = NamedRoutes::of(&stored.network);
        let map = Arc::new(Map { stored, routes });
        self.map = Some(Arc::clone(&map));
        Ok(map)
    }
}

/// The passes of a row of a work log: weak, with the time at which the work ended, in both
/// directions unless the row states one.
fn log_passes(network: &RoadNetwork, record: &WorkLogRecord, laid: &Laid) -> Vec<SegmentPass> {
    let entry = &record.entry;
    if entry.work == WorkKind::Transit {
        return Vec::new();
    }
    let times = (entry.started_at, entry.ended_at);
    passes(network, laid, times, entry.work, Confidence::Weak)
}

/// The passes of a report that a zone is done: reported, as of when it was said.
fn reported_passes(network: &RoadNetwork, record: &ReportRecord, laid: &Laid) -> Vec<SegmentPass> {
    let report = &record.report;
    let times = (report.at, report.at);
    passes(network, laid, times, report.work, Confidence::Reported)
}

fn passes(
    network: &RoadNetwork,
    laid: &Laid,
    (entered_at, left_at): (Timestamp, Timestamp),
    work: WorkKind,
    confidence: Confidence,
) -> Vec<SegmentPass> {
    let pass = |stretch: &LaidStretch, direction: Direction| SegmentPass {
        segment: stretch.segment,
        pass: Pass {
            direction,
            from_m: stretch.from_m,
            to_m: stretch.to_m,
            entered_at,
            left_at,
            work: Some(work),
            confidence,
        },
    };
    laid.stretches
        .iter()
        .filter(|stretch| network.find(stretch.segment).is_some())
        .flat_map(|stretch| {
            Direction::BOTH
                .into_iter()
                .filter(|d| stretch.direction.is_none_or(|only| only == *d))
                .map(move |d| pass(stretch, d))
        })
        .collect()
}

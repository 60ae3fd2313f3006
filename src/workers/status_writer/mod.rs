//! The one writer of status. It alone numbers changes; its minute tick turns the passing of time
//! into changes, so that tiles never ask the clock.

mod around;
mod call_outs;
mod contacts;
mod scopes;
mod snow;
mod standings;
mod zones;

use super::{Shutdown, Waiter};
use crate::clock::Clock;
use around::{Around, Known, Surroundings};
use contacts::Contacts;
use domain::coverage::{SegmentShape, segment_facts};
use domain::status::{SegmentStatus, StatusPolicy};
use jiff::Timestamp;
use scopes::Scopes;
use snow::Snow;
use standings::Standings;
pub(crate) use standings::on_network;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use store::{FeedHealth, Store, StoredNetwork, WriterLock, WriterRow, ZoneDispatch};
use zones::Zones;

/// Queue rows taken in one transaction.
const QUEUE_AT_ONCE: i64 = 1000;
/// How often the passing of time is looked at, on the clock.
const TICK: Duration = Duration::from_secs(60);

/// Derives each segment's status from its passes, its feeds and the time.
pub struct StatusWriter {
    store: Store,
    clock: Arc<dyn Clock>,
    policy: StatusPolicy,
    lock: WriterLock,
    network: StoredNetwork,
    standings: Standings,
    surroundings: Surroundings,
    snow: Snow,
    /// The open call-outs as they were last shown; `None` where the zones were laid since.
    called: Option<Vec<ZoneDispatch>>,
    /// How far the laying of closures and zones has been read.
    laid_change: i64,
    known: HashMap<u32, Known>,
    statuses: Vec<SegmentStatus>,
    feeds: Vec<FeedHealth>,
    last_sequence: i64,
}

impl StatusWriter {
    /// Waits for the writer's lock and loads what the last writer left; `None` at a shutdown.
    ///
    /// # Errors
    /// Database errors.
    pub async fn acquire(
        store: Store,
        clock: Arc<dyn Clock>,
        policy: StatusPolicy,
        shutdown: &Shutdown,
    ) -> anyhow::Result<Option<Self>> {
        let lock = loop {
            if let Some(lock) = store.try_writer_lock().await? {
                break lock;
            }
            tokio::select! {
                () = super::called(shutdown) => return Ok(None),
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
            }
        };
        let mut writer = StatusWriter {
            network: store.load_network().await?,
            snow: Snow::new(store.clone()),
            store,
            clock,
            policy,
            lock,
            standings: Standings::default(),
            surroundings: Surroundings::default(),
            called: None,
            laid_change: -1,
            known: HashMap::new(),
            statuses: Vec::new(),
            feeds: Vec::new(),
            last_sequence: 0,
        };
        writer.load().await?;
        Ok(Some(writer))
    }

    /// Works until the shutdown.
    ///
    /// # Errors
    /// Database errors, also when the lock was lost.
    pub async fn run(&mut self, shutdown: Shutdown) -> anyhow::Result<()> {
        let mut waiter = Waiter::new(&self.store, &["yukimichi_queue", "yukimichi_network"]);
        // In real time, so that a fast clock does not make it spin.
        let tick = self.clock.real(TICK).clamp(Duration::from_secs(1), TICK);
        let mut ticked: Option<tokio::time::Instant> = None;
        loop {
            if self.store.network_version().await? != self.network.version {
                self.reload().await?;
                ticked = None;
            }
            if ticked.is_none_or(|at| at.elapsed() >= tick) {
                self.tick().await?;
                ticked = Some(tokio::time::Instant::now());
            }
            self.drain().await?;
            self.follow_closures().await?;
            self.follow_call_outs().await?;
            tokio::select! {
                () = super::called(&shutdown) => {
                    // Everything as of one moment: what a rebuild is held against.
                    self.drain().await?;
                    return self.tick().await;
                }
                () = waiter.wait(tick.min(Duration::from_secs(1))) => {}
            }
        }
    }

    /// Writes everything that is queued.
    ///
    /// # Errors
    /// Database errors.
    pub async fn drain(&mut self) -> anyhow::Result<()> {
        while self.write_queued().await? {}
        Ok(())
    }

    async fn reload(&mut self) -> anyhow::Result<()> {
        self.network = self.store.load_network().await?;
        self.load().await
    }

    async fn load(&mut self) -> anyhow::Result<()> {
        let network = &self.network.network;
        self.standings = Standings::new(network);
        self.snow.lay_over(network);
        self.laid_change = -1;
        self.called = None;
        self.statuses = vec![SegmentStatus::default(); network.segments().len()];
        self.known.clear();
        for row in self.store.writer_rows().await? {
            let Some(segment) = network.find(row.segment) else {
                continue;
            };
            self.statuses[segment as usize] = row.status;
            if let Some(facts) = row.facts {
                let feed_id = row.feed_id;
                self.known.insert(segment, Known { facts, feed_id });
            }
        }
        self.last_sequence = self.last_sequence.max(self.store.last_sequence().await?);
        let now = self.clock.now();
        self.look_around(now).await?;
        self.standings.close(&self.network.network, now);
        Ok(())
    }

    /// Reads what a look at segments needs beside their passes: feeds, units, closures, zones.
    async fn look_around(&mut self, now: Timestamp) -> anyhow::Result<()> {
        let anew = self.load_laid(now).await?;
        self.load_call_outs().await?;
        self.feeds = self.store.feeds().await?;
        if anew || !self.surroundings.scopes.are_of(&self.feeds) {
            let managers = self.store.road_managers().await?;
            let network = &self.network.network;
            self.surroundings.scopes =
                Scopes::of(network, &self.surroundings.zones, &self.feeds, &managers);
        }
        self.surroundings.contacts = Contacts::look(
            &self.store,
            &self.network.network,
            &self.surroundings.zones,
            &self.feeds,
            &self.policy,
            now,
        )
        .await?;
        self.snow
            .look(&self.network.network, &self.feeds, &self.policy, now)
            .await
    }

    /// Reads closures and zones where they have been laid anew; tells whether they were.
    async fn load_laid(&mut self, now: Timestamp) -> anyhow::Result<bool> {
        let change = self.store.laid_change().await?;
        let anew = change != self.laid_change;
        if anew {
            let network = &self.network.network;
            self.standings
                .load_closures(&self.store, network, now)
                .await?;
            self.surroundings.zones = Zones::load(&self.store, network).await?;
            self.called = None;
            self.laid_change = change;
        }
        Ok(anew)
    }

    /// Closes and opens roads as soon as a closure has been laid; that time alone does so is for
    /// the tick to see.
    ///
    /// # Errors
    /// Database errors.
    pub async fn follow_closures(&mut self) -> anyhow::Result<()> {
        if self.store.laid_change().await? == self.laid_change {
            return Ok(());
        }
        let now = self.clock.now();
        self.look_around(now).await?;
        let changed = self.standings.close(&self.network.network, now);
        if !self.look_at(&changed, now).await? {
            self.reload().await?;
            self.tick().await?;
        }
        Ok(())
    }

    /// Looks at every segment as of now and writes what has changed by time alone.
    ///
    /// # Errors
    /// Database errors.
    pub async fn tick(&mut self) -> anyhow::Result<()> {
        // An import in between makes the look worthless: look again, at the new network.
        while !self.look_at_all().await? {
            self.reload().await?;
        }
        Ok(())
    }

    /// False when the network was swapped meanwhile; then nothing was written.
    async fn look_at_all(&mut self) -> anyhow::Result<bool> {
        let now = self.clock.now();
        self.look_around(now).await?;
        self.standings.close(&self.network.network, now);
        let all: Vec<u32> = (0..self.statuses.len() as u32).collect();
        if !self.look_at(&all, now).await? {
            return Ok(false);
        }
        self.lock.record_tick(now).await?;
        Ok(true)
    }

    /// Writes what has changed of these segments; false when the network was swapped meanwhile.
    async fn look_at(&mut self, segments: &[u32], now: Timestamp) -> anyhow::Result<bool> {
        let mut rows = Vec::new();
        for segment in segments {
            let status = self.derive(*segment, self.known.get(segment), now);
            if status != self.statuses[*segment as usize] {
                rows.push(self.row(*segment, status));
            }
        }
        if !rows.is_empty() {
            let batch = self.lock.take_queue(0).await?;
            if batch.network_version != self.network.version {
                batch.discard().await?;
                return Ok(false);
            }
            self.last_sequence = batch.commit(&rows, self.last_sequence, now).await?;
            self.remember(&rows);
        }
        Ok(true)
    }

    /// Takes some of the queue; false when it was empty.
    async fn write_queued(&mut self) -> anyhow::Result<bool> {
        let now = self.clock.now();
        let batch = self.lock.take_queue(QUEUE_AT_ONCE).await?;
        if batch.network_version != self.network.version {
            batch.discard().await?;
            self.reload().await?;
            return Ok(true);
        }
        if batch.segments.is_empty() {
            batch.discard().await?;
            return Ok(false);
        }
        let network = &self.network.network;
        let mut changes: Vec<(u32, Option<Known>)> = Vec::new();
        for queued in &batch.segments {
            let Some(segment) = network.find(queued.segment) else {
                continue;
            };
            let passes: Vec<_> = queued.passes.iter().map(|p| p.pass.clone()).collect();
            let known = (!passes.is_empty()).then(|| Known {
                facts: segment_facts(
                    &SegmentShape::of(network, segment, &self.policy.narrow),
                    &passes,
                ),
                feed_id: queued.feed_id.clone(),
            });
            if known.as_ref() != self.known.get(&segment) {
                changes.push((segment, known));
            }
        }
        let around = Around {
            network,
            standings: &self.standings,
            surroundings: &self.surroundings,
            snow: &self.snow,
            policy: &self.policy,
        };
        let mut rows = Vec::with_capacity(changes.len());
        for (segment, known) in &changes {
            let known = known.as_ref();
            rows.push(WriterRow {
                segment: network.segments()[*segment as usize].id,
                status: around.derive(*segment, known, self.statuses[*segment as usize], now),
                facts: known.map(|k| k.facts),
                feed_id: known.and_then(|k| k.feed_id.clone()),
            });
        }
        self.last_sequence = batch.commit(&rows, self.last_sequence, now).await?;
        for (segment, known) in changes {
            match known {
                Some(known) => self.known.insert(segment, known),
                None => self.known.remove(&segment),
            };
        }
        self.remember(&rows);
        Ok(true)
    }

    fn remember(&mut self, rows: &[WriterRow]) {
        for row in rows {
            if let Some(segment) = self.network.network.find(row.segment) {
                self.statuses[segment as usize] = row.status;
            }
        }
    }

    fn row(&self, segment: u32, status: SegmentStatus) -> WriterRow {
        let known = self.known.get(&segment);
        WriterRow {
            segment: self.network.network.segments()[segment as usize].id,
            status,
            facts: known.map(|k| k.facts),
            feed_id: known.and_then(|k| k.feed_id.clone()),
        }
    }

    fn derive(&self, segment: u32, known: Option<&Known>, now: Timestamp) -> SegmentStatus {
        let around = Around {
            network: &self.network.network,
            standings: &self.standings,
            surroundings: &self.surroundings,
            snow: &self.snow,
            policy: &self.policy,
        };
        around.derive(segment, known, self.statuses[segment as usize], now)
    }
}

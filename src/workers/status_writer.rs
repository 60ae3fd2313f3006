//! The one writer of status. It alone numbers changes; its minute tick turns the passing of time
//! into changes, so that tiles never ask the clock.

use super::{Shutdown, Waiter};
use crate::clock::Clock;
use domain::coverage::{SegmentFacts, SegmentShape, segment_facts};
use domain::network::{RoadNetwork, StretchKind};
use domain::road_manager::owner_among;
use domain::status::{Contact, SegmentStatus, Standing, StatusPolicy};
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use store::{FeedHealth, Store, StoredNetwork, WriterLock, WriterRow};

/// Queue rows taken in one transaction.
const QUEUE_AT_ONCE: i64 = 1000;
/// How often the passing of time is looked at, on the clock.
const TICK: Duration = Duration::from_secs(60);

/// What is known of a segment that a plow has passed.
#[derive(Debug, Clone, PartialEq)]
struct Known {
    facts: SegmentFacts,
    feed_id: Option<String>,
}

/// Derives each segment's status from its passes, its feeds and the time.
pub struct StatusWriter {
    store: Store,
    clock: Arc<dyn Clock>,
    policy: StatusPolicy,
    lock: WriterLock,
    network: StoredNetwork,
    standings: Vec<Standing>,
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
            store,
            clock,
            policy,
            lock,
            standings: Vec::new(),
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
        self.standings = (0..network.segments().len() as u32)
            .map(|segment| standing(network, segment))
            .collect();
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
        self.feeds = self.store.feeds().await?;
        self.last_sequence = self.last_sequence.max(self.store.last_sequence().await?);
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
        self.feeds = self.store.feeds().await?;
        let now = self.clock.now();
        let contacts = contacts_by_road(&self.network.network, &self.feeds, &self.policy, now);
        let mut rows = Vec::new();
        for segment in 0..self.statuses.len() as u32 {
            let road = self.network.network.segments()[segment as usize].road;
            let status = self.derive(segment, contacts[road as usize], now);
            if status != self.statuses[segment as usize] {
                rows.push(self.row(segment, status));
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
        self.lock.record_tick(now).await?;
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
        let contacts = contacts_by_road(network, &self.feeds, &self.policy, now);
        let mut changes: Vec<(u32, Option<Known>)> = Vec::new();
        for queued in &batch.segments {
            let Some(segment) = network.find(queued.segment) else {
                continue;
            };
            let passes: Vec<_> = queued.passes.iter().map(|p| p.pass.clone()).collect();
            let known = (!passes.is_empty()).then(|| Known {
                facts: segment_facts(&SegmentShape::of(network, segment), &passes),
                feed_id: queued.feed_id.clone(),
            });
            if known.as_ref() != self.known.get(&segment) {
                changes.push((segment, known));
            }
        }
        let mut rows = Vec::with_capacity(changes.len());
        for (segment, known) in &changes {
            let road = network.segments()[*segment as usize].road;
            let status = derive(
                known.as_ref(),
                self.standings[*segment as usize],
                contacts[road as usize],
                &self.feeds,
                &self.policy,
                now,
            );
            rows.push(WriterRow {
                segment: network.segments()[*segment as usize].id,
                status,
                facts: known.as_ref().map(|k| k.facts),
                feed_id: known.as_ref().and_then(|k| k.feed_id.clone()),
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

    fn derive(&self, segment: u32, contact: Contact, now: Timestamp) -> SegmentStatus {
        derive(
            self.known.get(&segment),
            self.standings[segment as usize],
            contact,
            &self.feeds,
            &self.policy,
            now,
        )
    }
}

/// What is heard of each road by the feeds that speak for all of its manager's roads.
fn contacts_by_road(
    network: &RoadNetwork,
    feeds: &[FeedHealth],
    policy: &StatusPolicy,
    now: Timestamp,
) -> Vec<Contact> {
    network
        .roads()
        .iter()
        .map(|road| {
            let owner = owner_among(
                feeds.iter().map(|f| &f.manager),
                road.attributes.manager.as_deref(),
                road.attributes.manager_level,
            );
            let speakers = feeds.iter().filter(|feed| {
                feed.entry.covers_manager && owner.is_some_and(|m| m.code == feed.manager.code)
            });
            heard(speakers, policy, now)
        })
        .collect()
}

fn derive(
    known: Option<&Known>,
    standing: Standing,
    by_manager: Contact,
    feeds: &[FeedHealth],
    policy: &StatusPolicy,
    now: Timestamp,
) -> SegmentStatus {
    // A pass makes a segment covered, by the feed that told of it.
    let contact = match (by_manager, known) {
        (Contact::Uncovered, Some(known)) => {
            let feed_id = known.feed_id.as_deref();
            let own = feeds
                .iter()
                .filter(|feed| Some(feed.entry.id.as_str()) == feed_id);
            match heard(own, policy, now) {
                // Its feed is no longer configured: nobody will tell when it snows in.
                Contact::Uncovered => Contact::Silent,
                contact => contact,
            }
        }
        (by_manager, _) => by_manager,
    };
    let facts = known.map(|k| k.facts).unwrap_or_default();
    SegmentStatus::derive(&facts, standing, contact, policy, now)
}

fn heard<'a>(
    feeds: impl Iterator<Item = &'a FeedHealth>,
    policy: &StatusPolicy,
    now: Timestamp,
) -> Contact {
    feeds.fold(Contact::Uncovered, |contact, feed| {
        let silent = policy.is_silent(feed.last_contact_at, feed.entry.interval, now);
        match (contact, silent) {
            (Contact::Heard, _) | (_, false) => Contact::Heard,
            (_, true) => Contact::Silent,
        }
    })
}

/// What holds for a segment whatever plows do: melting pipes along nine tenths of it need no plow.
fn standing(network: &RoadNetwork, segment: u32) -> Standing {
    let mut melting = domain::coverage::Intervals::default();
    for stretch in network.stretches(segment) {
        if stretch.kind == StretchKind::Melting {
            melting.add(stretch.from_m, stretch.to_m);
        }
    }
    let length_m = network.segments()[segment as usize].length_m;
    Standing {
        melting: melting.length_m() >= domain::coverage::CLEARED_SHARE * length_m,
        ..Standing::default()
    }
}

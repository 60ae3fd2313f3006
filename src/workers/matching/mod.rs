//! Matches vehicles whose fixes have changed, and writes their passes.
//!
//! A vehicle on its way is followed fix by fix; what is undecided of it stands in its open trace.
//! When its trace has ended, that is matched whole, and this counts. Either hangs on the stored
//! fixes alone, so the order in which they came, a crash or a restart changes nothing in the end.

mod vehicle;

use super::{Shutdown, Waiter};
use crate::clock::Clock;
use anyhow::Context;
use domain::matching::{MatchParams, OnlineTrace};
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use store::{FreshFixes, MatchingBatch, OpenTrace, ShardLocks, Store, StoredNetwork, Vehicle};
use vehicle::{Outcome, Plan, Task};

/// Marks taken in one transaction.
const MARKS_AT_ONCE: i64 = 4000;
/// Open traces kept in memory; beyond them those that were silent longest are read anew when heard.
const MOST_OPEN: usize = 50_000;
/// How often to look for vehicles that have fallen quiet, and for shards without a process.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How long a stopping process goes on matching.
const LONGEST_FAREWELL: Duration = Duration::from_secs(10);

/// Turns fixes into passes.
pub struct TraceMatcher {
    store: Store,
    clock: Arc<dyn Clock>,
    params: MatchParams,
    network: Option<Arc<StoredNetwork>>,
    locks: Option<ShardLocks>,
    open: HashMap<Vehicle, Following>,
    /// Every trace counts as ended, however lately it was heard of.
    closes_all: bool,
}

/// A vehicle that is followed.
struct Following {
    shard: i16,
    trace: OnlineTrace,
}

impl TraceMatcher {
    /// A matcher with default parameters.
    pub fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        TraceMatcher {
            store,
            clock,
            params: MatchParams::default(),
            network: None,
            locks: None,
            open: HashMap::new(),
            closes_all: false,
        }
    }

    /// Works until the shutdown.
    ///
    /// # Errors
    /// Database errors.
    pub async fn run(&mut self, shutdown: Shutdown) -> anyhow::Result<()> {
        // After a failure nobody knows what was written, or who holds the shards.
        self.open.clear();
        self.locks = None;
        let mut waiter = Waiter::new(&self.store, &["yukimichi_fixes", "yukimichi_network"]);
        let mut looked: Option<tokio::time::Instant> = None;
        loop {
            let is_due = looked.is_none_or(|at| at.elapsed() >= LOOK_EVERY);
            if is_due {
                self.balance().await?;
                looked = Some(tokio::time::Instant::now());
            }
            let mut found = self.match_some(is_due).await?;
            while found > 0 && !*shutdown.borrow() && !is_due {
                found = self.match_some(false).await?;
            }
            if found > 0 && !*shutdown.borrow() {
                continue;
            }
            tokio::select! {
                () = super::called(&shutdown) => return self.finish_up().await,
                () = waiter.wait(Duration::from_secs(1)) => {}
            }
        }
    }

    /// Matches what is left, but keeps nobody waiting: the rest stays marked for the next start.
    async fn finish_up(&mut self) -> anyhow::Result<()> {
        let began = tokio::time::Instant::now();
        while began.elapsed() < LONGEST_FAREWELL && self.match_some(false).await? > 0 {}
        self.locks = None;
        Ok(())
    }

    /// Matches until nothing is left to do.
    ///
    /// # Errors
    /// Database errors.
    pub async fn drain(&mut self) -> anyhow::Result<()> {
        self.balance().await?;
        while self.match_some(true).await? > 0 {}
        Ok(())
    }

    /// The same, with every trace matched whole: what is written hangs on no way by which fixes came.
    ///
    /// # Errors
    /// Database errors.
    pub async fn drain_and_close(&mut self) -> anyhow::Result<()> {
        self.closes_all = true;
        let done = self.drain().await;
        self.closes_all = false;
        done
    }

    /// Bytes held for the vehicles that are followed.
    pub fn heap_bytes(&self) -> usize {
        let traces = self.open.values().map(|f| f.trace.heap_bytes());
        self.open.capacity() * size_of::<(Vehicle, Following)>() + traces.sum::<usize>()
    }

    async fn balance(&mut self) -> anyhow::Result<()> {
        let mut locks = match self.locks.take() {
            Some(locks) => locks,
            None => self.store.shard_locks().await?,
        };
        let given_up = locks.balance().await?;
        self.open.retain(|_, f| !given_up.contains(&f.shard));
        self.locks = Some(locks);
        Ok(())
    }

    /// Matches one batch of vehicles and returns how many there were.
    async fn match_some(&mut self, with_quiet: bool) -> anyhow::Result<usize> {
        let shards = self.locks.as_ref().context("no shards")?.held();
        let now = self.clock.now();
        let quiet_since = if self.closes_all {
            Timestamp::MAX
        } else {
            now.saturating_sub(self.params.max_gap)?
        };
        let taken = self
            .store
            .take_fresh_fixes(&shards, with_quiet.then_some(quiet_since), MARKS_AT_ONCE)
            .await?;
        let Some(mut batch) = taken else {
            return Ok(0);
        };
        let network = self.network(batch.network_version()).await?;
        let mut fresh = batch.fresh().to_vec();
        let mut spoken_of = batch.open_traces().await?;
        let mut tasks: Vec<Task> = Vec::with_capacity(fresh.len());
        for fresh in &mut fresh {
            // Batches that came side by side may be marked the other way round.
            if let Some(before) = spoken_of.get(&fresh.vehicle) {
                fresh.heard_at = fresh.heard_at.max(before.heard_at);
            }
            let following = self.open.remove(&fresh.vehicle).map(|f| f.trace);
            tasks.push(Task {
                fresh: fresh.clone(),
                plan: Plan::of(fresh, following, &self.params),
            });
        }
        let mut outcomes = Vec::with_capacity(tasks.len());
        // A trace that turns out to have ended is taken up a second time, whole.
        while !tasks.is_empty() {
            let done = self.carry_out(&mut batch, &network, tasks, now).await?;
            tasks = Vec::new();
            for outcome in done {
                match outcome {
                    Outcome::Again(task) => tasks.push(task),
                    Outcome::Done(done) => outcomes.push(done),
                }
            }
        }
        let (mut changes, mut open, mut closed) = (Vec::new(), Vec::new(), Vec::new());
        let mut followed = Vec::new();
        for mut done in outcomes {
            changes.append(&mut done.changes);
            let before = spoken_of.remove(&done.fresh.vehicle);
            batch.touch(done.touched(before.as_ref()));
            let (fresh, vehicle) = (&done.fresh, done.fresh.vehicle.clone());
            match done.open {
                Some((trace, passes)) => {
                    open.push(OpenTrace {
                        vehicle: vehicle.clone(),
                        trace_start: trace.started_at(),
                        last_fix_at: trace.last_fix_at(),
                        heard_at: fresh.heard_at,
                        passes,
                    });
                    let shard = fresh.shard;
                    followed.push((vehicle, Following { shard, trace }));
                }
                None => closed.push(vehicle),
            }
        }
        batch.write_passes(&changes, now).await?;
        batch.write_open_traces(&open, now).await?;
        batch.close_traces(&closed).await?;
        if let Some(locks) = &mut self.locks {
            locks.confirm().await?;
        }
        batch.finish().await?;
        self.open.extend(followed);
        self.forget_the_silent();
        Ok(fresh.len())
    }

    /// Reads what the tasks need and works them out.
    async fn carry_out(
        &self,
        batch: &mut MatchingBatch,
        network: &Arc<StoredNetwork>,
        tasks: Vec<Task>,
        now: Timestamp,
    ) -> anyhow::Result<Vec<Outcome>> {
        let wanted: Vec<(&FreshFixes, Timestamp)> = tasks
            .iter()
            .map(|task| (&task.fresh, task.plan.fixes_after()))
            .collect();
        let fixes = batch.fixes_after(&wanted).await?;
        let compared: Vec<(Vehicle, Timestamp)> = tasks
            .iter()
            .filter_map(|task| Some((task.fresh.vehicle.clone(), task.plan.compares_from()?)))
            .collect();
        let mut stored = batch.stored_passes(&compared).await?;
        let work: Vec<_> = tasks
            .into_iter()
            .zip(fixes)
            .map(|(task, fixes)| {
                let stored = stored.remove(&task.fresh.vehicle).unwrap_or_default();
                (task, fixes, stored)
            })
            .collect();
        let (network, params) = (Arc::clone(network), self.params.clone());
        let closes_all = self.closes_all;
        tokio::task::spawn_blocking(move || {
            let mut desk = vehicle::Desk::new(&network.network, params, closes_all, now);
            work.into_iter()
                .map(|(task, fixes, stored)| desk.work_out(task, &fixes, stored))
                .collect()
        })
        .await
        .context("matching broke")
    }

    fn forget_the_silent(&mut self) {
        let Some(excess) = self.open.len().checked_sub(MOST_OPEN + 1) else {
            return;
        };
        let mut heard: Vec<Timestamp> = self.open.values().map(|f| f.trace.last_fix_at()).collect();
        let (_, border, _) = heard.select_nth_unstable(excess);
        let border = *border;
        self.open.retain(|_, f| f.trace.last_fix_at() > border);
    }

    async fn network(&mut self, version: i64) -> anyhow::Result<Arc<StoredNetwork>> {
        if let Some(network) = &self.network
            && network.version == version
        {
            return Ok(Arc::clone(network));
        }
        // Open traces speak of the former network's segments.
        self.open.clear();
        let network = Arc::new(self.store.load_network().await?);
        self.network = Some(Arc::clone(&network));
        Ok(network)
    }
}

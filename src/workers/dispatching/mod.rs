//! Calls people out: ticks the call-outs, drains the outbox, watches what plows do, writes ledgers
//! and gives signs of life. Each goes its own way, so that none waits for another.
//!
//! Several processes may do so at once: a call-out changes only from its last version, and a message
//! is leased to one. A killed one leaves what is kept; leases run out.

mod ledgers;
mod sending;
mod ticking;
mod watching;

pub use sending::LEASE;

use super::{Shutdown, called, keep_going};
use crate::call_outs::notifiers::Notifiers;
use crate::clock::Clock;
use crate::config::Config;
use anyhow::Context;
use dispatch::notify::Heartbeat;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::Store;
use tokio::task::JoinSet;

/// Name of its rounds in `worker_cycle`.
pub const CYCLE: &str = "dispatch";

/// The word on which there may be something to do.
const CHANNEL: &[&str] = &["yukimichi_dispatch"];
/// Without a word, one looks as often.
const POLL: Duration = Duration::from_secs(1);
/// How often the outside watcher is told.
const BEAT: Duration = Duration::from_secs(60);
/// The watcher is not told while the last round is older than this.
const HEALTHY: Duration = Duration::from_secs(90);

/// All that its parts need.
pub struct Dispatching {
    store: Store,
    clock: Arc<dyn Clock>,
    notifiers: Notifiers,
    public_url: Option<String>,
    ledger_dir: PathBuf,
    ledger_every: Duration,
    heartbeat: Option<Heartbeat>,
    /// When the last round of calls ended, in real time.
    last_round: std::sync::Mutex<Instant>,
}

impl Dispatching {
    /// Makes it; `public_url` stands in where the configuration names none.
    ///
    /// # Errors
    /// Settings and secrets that can't be.
    pub fn new(
        config: &Config,
        store: Store,
        clock: Arc<dyn Clock>,
        public_url: Option<String>,
    ) -> anyhow::Result<Self> {
        let settings = &config.dispatch;
        let ledger_dir = settings.ledger_dir.clone();
        Ok(Dispatching {
            store,
            clock,
            notifiers: Notifiers::new(&config.notify)?,
            public_url: settings.public_url.clone().or(public_url),
            ledger_dir: ledger_dir.unwrap_or_else(|| config.data_dir.join("ledger")),
            ledger_every: settings.ledger_every,
            heartbeat: settings
                .heartbeat_url
                .as_ref()
                .map(|url| Heartbeat::new(url, settings.allow_private_address))
                .transpose()
                .context("[dispatch] heartbeat_url")?,
            last_round: std::sync::Mutex::new(Instant::now()),
        })
    }

    /// Starts all parts; they end at the shutdown.
    pub fn spawn(self: Arc<Self>, tasks: &mut JoinSet<()>, shutdown: &Shutdown) {
        let (own, stop) = (Arc::clone(&self), shutdown.clone());
        tasks.spawn(async move {
            keep_going("call", stop.clone(), || own.tick_on(stop.clone())).await;
        });
        let (own, stop) = (Arc::clone(&self), shutdown.clone());
        tasks.spawn(async move {
            keep_going("send", stop.clone(), || {
                Arc::clone(&own).send_on(stop.clone())
            })
            .await;
        });
        let (own, stop) = (Arc::clone(&self), shutdown.clone());
        tasks.spawn(async move {
            keep_going("watch", stop.clone(), || own.watch_on(stop.clone())).await;
        });
        let (own, stop) = (Arc::clone(&self), shutdown.clone());
        tasks.spawn(async move {
            keep_going("ledger", stop.clone(), || {
                own.write_ledgers_on(stop.clone())
            })
            .await;
        });
        let stop = shutdown.clone();
        tasks.spawn(async move { self.beat_on(stop).await });
    }

    /// Says that a round ended; what it did is seen in `/readyz`.
    async fn round_ended(&self, detail: &Value) -> anyhow::Result<()> {
        let now = self.clock.now();
        self.store.keep_cycle(CYCLE, detail, now).await?;
        if let Ok(mut last) = self.last_round.lock() {
            *last = Instant::now();
        }
        Ok(())
    }

    async fn beat_on(&self, shutdown: Shutdown) {
        let Some(heartbeat) = &self.heartbeat else {
            return;
        };
        loop {
            let age = self.last_round.lock().map(|last| last.elapsed());
            if age.is_ok_and(|age| age < HEALTHY) {
                if let Err(error) = heartbeat.beat().await {
                    tracing::warn!("the outside watcher was not told: {error}");
                }
            } else {
                tracing::error!(
                    "no round of calls for {HEALTHY:?}: the outside watcher is not told"
                );
            }
            tokio::select! {
                () = called(&shutdown) => return,
                () = tokio::time::sleep(BEAT) => {}
            }
        }
    }
}

fn said(looked_at: usize, changed: usize) -> Value {
    json!({"looked_at": looked_at, "changed": changed})
}

//! Pulls feeds: fetch → decode → keep the payload, its facts and rejections in one transaction.

use super::Shutdown;
use super::arrivals::{Arrival, Arrivals, Incoming};
use super::intake::{Races, understand};
use crate::clock::Clock;
use crate::config::FeedConfig;
use anyhow::Context;
use domain::fix::Rejection;
use ingest::transport::{
    Circuit, FailureKind, FileOutcome, RetryPolicy, STEADY_FOR, Validators, Verdict,
};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use store::{Cursor, FeedLease, Store, payload_sha256};

/// How often to look for a feed that has come due.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Pulls the configured feeds, sharing them with other processes through leases.
pub struct FeedPuller {
    store: Store,
    clock: Arc<dyn Clock>,
    feeds: HashMap<String, FeedConfig>,
    holder: String,
    arrivals: Arrivals,
}

/// What one attempt on a feed came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Nothing new.
    Unchanged,
    /// A payload was kept.
    Kept {
        /// Facts that were new.
        new_facts: usize,
        /// Records rejected.
        rejected: usize,
    },
    /// It failed, and this is why.
    Failed(String),
}

impl FeedPuller {
    /// A puller for these feeds; `holder` names this process in leases.
    ///
    /// # Errors
    /// When no HTTP client can be set up, or a feed has no source.
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        feeds: &[FeedConfig],
        holder: String,
    ) -> anyhow::Result<Self> {
        let pulled = feeds.iter().filter(|feed| !feed.push);
        Ok(FeedPuller {
            store,
            clock,
            arrivals: Arrivals::new(pulled.clone())?,
            feeds: pulled.map(|f| (f.id.clone(), f.clone())).collect(),
            holder,
        })
    }

    /// Works until the shutdown; feeds are fetched side by side.
    ///
    /// # Errors
    /// Database errors.
    pub async fn run(self: Arc<Self>, shutdown: Shutdown) -> anyhow::Result<()> {
        let ids: Vec<String> = self.feeds.keys().cloned().collect();
        let mut running = tokio::task::JoinSet::new();
        loop {
            while let Some(done) = running.try_join_next() {
                done.context("a feed's task broke")?;
            }
            let lease = self
                .store
                .lease_due_feed(&self.holder, &ids, self.clock.now())
                .await?;
            match lease {
                Some(lease) => {
                    let puller = Arc::clone(&self);
                    running.spawn(async move { puller.attempt_logged(lease).await });
                }
                None => {
                    tokio::select! {
                        () = super::called(&shutdown) => break,
                        () = tokio::time::sleep(LOOK_EVERY) => {}
                    }
                }
            }
        }
        running.shutdown().await;
        self.store.release_leases(&self.holder).await?;
        Ok(())
    }

    async fn attempt_logged(&self, lease: FeedLease) {
        let feed_id = lease.feed_id.clone();
        match self.attempt(&lease).await {
            Ok(Outcome::Failed(error)) => tracing::warn!(feed_id, "{error}"),
            Ok(outcome) => tracing::debug!(feed_id, ?outcome),
            Err(error) => {
                tracing::error!(feed_id, "{error:#}");
                // So that the list of feeds says it too; the lease may be lost by now.
                let (now, text) = (self.clock.now(), format!("{error:#}"));
                if let Some(feed) = self.feeds.get(&feed_id)
                    && let Ok(every) = SignedDuration::try_from(feed.every)
                    && let Err(again) = self
                        .failed(&lease, every, text, FailureKind::Passing, now)
                        .await
                {
                    tracing::error!(feed_id, "{again:#}");
                }
            }
        }
    }

    /// Fetches one feed and records what came of it.
    ///
    /// # Errors
    /// Database errors; a feed's own failures are an [`Outcome`].
    pub async fn attempt(&self, lease: &FeedLease) -> anyhow::Result<Outcome> {
        let feed = self
            .feeds
            .get(&lease.feed_id)
            .context("a lease on a feed that is not configured")?;
        let validators = Validators {
            etag: lease.etag.clone(),
            last_modified: lease.last_modified.clone(),
        };
        let asked_at = self.clock.now();
        let arrival = self.arrivals.next(feed, &validators, asked_at).await?;
        let now = self.clock.now();
        let every = SignedDuration::try_from(feed.every)?;
        match arrival {
            Arrival::Failed(error, kind) => self.failed(lease, every, error, kind, now).await,
            Arrival::NoFile => {
                let next_look_at = after(now, every.min(STEADY_FOR));
                self.store.record_idle(lease, next_look_at).await?;
                Ok(Outcome::Unchanged)
            }
            Arrival::FileTrouble(error) => self.file_trouble(lease, every, error, now).await,
            Arrival::FileRefused(name, error) => {
                let rejection = Rejection {
                    position: 0,
                    field: String::new(),
                    reason: error.clone(),
                    record: name,
                };
                self.store.reject_unread(&feed.id, &rejection, now).await?;
                self.file_trouble(lease, every, error, now).await
            }
            Arrival::Unchanged => self.unchanged(lease, every, every, now).await,
            Arrival::Payload(incoming) => {
                let sha256 = payload_sha256(&incoming.bytes);
                let outcome = if lease.payload_sha256.as_deref() == Some(&sha256[..]) {
                    let next = incoming.next_after(every);
                    self.unchanged(lease, every, next, now).await?
                } else {
                    self.keep(lease, feed, &incoming, &sha256, now).await?
                };
                if let Some(file) = incoming.file {
                    let settled = file.settle(match &outcome {
                        Outcome::Failed(reason) => FileOutcome::Failed(reason.clone()),
                        _ => FileOutcome::Taken,
                    });
                    // What it says is kept; the next look tells that it could not be moved.
                    if let Err(error) = settled.await {
                        tracing::error!(feed_id = lease.feed_id, "{error:#}");
                    }
                }
                Ok(outcome)
            }
        }
    }

    /// Records what is wrong with a file of a folder; the next one may be good.
    async fn file_trouble(
        &self,
        lease: &FeedLease,
        every: SignedDuration,
        error: String,
        now: Timestamp,
    ) -> anyhow::Result<Outcome> {
        let next_look_at = after(now, every.min(STEADY_FOR));
        self.store
            .record_failure(lease, &error, now, next_look_at)
            .await?;
        Ok(Outcome::Failed(error))
    }

    async fn unchanged(
        &self,
        lease: &FeedLease,
        every: SignedDuration,
        next: SignedDuration,
        now: Timestamp,
    ) -> anyhow::Result<Outcome> {
        self.store
            .record_unchanged(lease, now, after(now, next))
            .await?;
        say_closed(lease, every);
        Ok(Outcome::Unchanged)
    }

    /// Decodes a payload and keeps it with what it says.
    async fn keep(
        &self,
        lease: &FeedLease,
        feed: &FeedConfig,
        incoming: &Incoming,
        sha256: &[u8],
        now: Timestamp,
    ) -> anyhow::Result<Outcome> {
        let bytes = &incoming.bytes[..];
        let every = SignedDuration::try_from(feed.every)?;
        let mut races = Races::default();
        let (understood, kept) = loop {
            let understood = understand(&self.store, feed, bytes, now).await?;
            let broken = &understood.broken;
            let next_due_at = match (&incoming.file, broken) {
                (None, Some(_)) => {
                    verdict(lease, every, FailureKind::Unreadable, now).next_attempt_at
                }
                // A file that can't be read is moved away, and the next one may be good.
                _ => after(now, incoming.next_after(every)),
            };
            let cursor = Cursor {
                etag: incoming.validators.etag.as_deref(),
                last_modified: incoming.validators.last_modified.as_deref(),
                next_due_at,
                error: broken.as_deref(),
            };
            let batch = understood.batch(now, bytes, sha256);
            let kept = self.store.keep_batch(lease, &cursor, &batch).await;
            if let Some(kept) = races.settle(kept)? {
                break (understood, kept);
            }
        };
        if let Some(error) = understood.broken {
            return Ok(Outcome::Failed(error));
        }
        say_closed(lease, every);
        Ok(Outcome::Kept {
            new_facts: kept.facts,
            rejected: understood.rejections.len(),
        })
    }

    async fn failed(
        &self,
        lease: &FeedLease,
        every: SignedDuration,
        error: String,
        kind: FailureKind,
        now: Timestamp,
    ) -> anyhow::Result<Outcome> {
        let verdict = verdict(lease, every, kind, now);
        let error = match verdict.circuit {
            Circuit::Closed => error,
            _ => format!(
                "{error}; failed {} times in a row, so it is left alone until {}",
                lease.failures + 1,
                verdict.next_attempt_at.strftime("%FT%TZ")
            ),
        };
        if verdict.just_opened {
            tracing::warn!(feed_id = lease.feed_id, "the circuit opens: {error}");
        }
        self.store
            .record_failure(lease, &error, now, verdict.next_attempt_at)
            .await?;
        Ok(Outcome::Failed(error))
    }
}

/// What follows from one more failure of a feed.
fn verdict(lease: &FeedLease, every: SignedDuration, kind: FailureKind, now: Timestamp) -> Verdict {
    let failures = lease.failures.unsigned_abs();
    RetryPolicy::for_interval(every).after_failure(failures, kind, now, rand::random())
}

/// Says that a feed which was left alone is heard again.
fn say_closed(lease: &FeedLease, every: SignedDuration) {
    if lease.failures.unsigned_abs() >= RetryPolicy::for_interval(every).opens_after {
        let failures = lease.failures;
        tracing::info!(
            feed_id = lease.feed_id,
            failures,
            "heard again: the circuit closes"
        );
    }
}

fn after(now: Timestamp, span: SignedDuration) -> Timestamp {
    now.saturating_add(span).unwrap_or(Timestamp::MAX)
}

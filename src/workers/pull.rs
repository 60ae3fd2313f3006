//! Pulls feeds: fetch → keep raw → decode → keep fixes and rejections, all in one transaction.

use super::Shutdown;
use crate::clock::Clock;
use crate::config::FeedConfig;
use anyhow::Context;
use domain::fix::{PlowFix, Rejection, conflict, unique_fixes};
use domain::matching::MatchParams;
use ingest::Decoded;
use ingest::http::{Fetched, Puller, Validators};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use store::{Batch, FeedLease, Store, payload_sha256};

/// Longest pause between attempts on a feed that fails.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(10);
/// How often to look for a feed that has come due.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Pulls the configured feeds, sharing them with other processes through leases.
pub struct FeedPuller {
    store: Store,
    clock: Arc<dyn Clock>,
    feeds: HashMap<String, FeedConfig>,
    holder: String,
    public: Puller,
    private: Puller,
}

/// What one attempt on a feed came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Nothing new.
    Unchanged,
    /// A payload was kept.
    Kept {
        /// Fixes that were new.
        new_fixes: usize,
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
    /// When no HTTP client can be set up.
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        feeds: &[FeedConfig],
        holder: String,
    ) -> anyhow::Result<Self> {
        Ok(FeedPuller {
            store,
            clock,
            feeds: feeds.iter().map(|f| (f.id.clone(), f.clone())).collect(),
            holder,
            public: Puller::new(false)?,
            private: Puller::new(true)?,
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
                    && let Err(again) = self.failed(&lease, feed, text, now).await
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
        let puller = if feed.allow_private_address {
            &self.private
        } else {
            &self.public
        };
        let validators = Validators {
            etag: lease.etag.clone(),
            last_modified: lease.last_modified.clone(),
        };
        let fetched = puller.fetch(&feed.url, &validators).await;
        let now = self.clock.now();
        let next_due_at = after(now, SignedDuration::try_from(feed.every)?);
        match fetched {
            Err(error) => self.failed(lease, feed, error.to_string(), now).await,
            Ok(Fetched::NotModified) => {
                self.store.record_unchanged(lease, now, next_due_at).await?;
                Ok(Outcome::Unchanged)
            }
            Ok(Fetched::Body { bytes, validators }) => {
                let sha256 = payload_sha256(&bytes);
                if lease.payload_sha256.as_deref() == Some(&sha256[..]) {
                    self.store.record_unchanged(lease, now, next_due_at).await?;
                    return Ok(Outcome::Unchanged);
                }
                let (decoded, broken) = match feed.decode(&bytes, now) {
                    Ok(decoded) => (decoded, None),
                    // What can't be decoded is kept all the same, for a mended configuration.
                    Err(error) => (Decoded::default(), Some(error.to_string())),
                };
                let (fixes, rejections) = self.sort(&lease.feed_id, decoded).await?;
                let mut rejections = rejections;
                rejections.extend(broken.iter().map(|reason| Rejection {
                    position: 0,
                    field: String::new(),
                    reason: reason.clone(),
                    record: String::from_utf8_lossy(&bytes[..bytes.len().min(2000)]).into_owned(),
                }));
                let kept = self
                    .store
                    .keep_batch(
                        lease,
                        &Batch {
                            received_at: now,
                            payload: &bytes,
                            payload_sha256: &sha256,
                            fixes: &fixes,
                            rejections: &rejections,
                            etag: validators.etag.as_deref(),
                            last_modified: validators.last_modified.as_deref(),
                            next_due_at: if broken.is_some() {
                                after(now, pause(feed, lease)?)
                            } else {
                                next_due_at
                            },
                            error: broken.as_deref(),
                            match_reach: MatchParams::default().max_gap,
                        },
                    )
                    .await?;
                if let Some(error) = broken {
                    return Ok(Outcome::Failed(error));
                }
                Ok(Outcome::Kept {
                    new_fixes: kept,
                    rejected: rejections.len(),
                })
            }
        }
    }

    /// Leaves out what the store has, and rejects what contradicts it.
    async fn sort(
        &self,
        feed_id: &str,
        decoded: Decoded,
    ) -> anyhow::Result<(Vec<PlowFix>, Vec<Rejection>)> {
        let mut rejections = decoded.rejections;
        let (fixes, conflicts) = unique_fixes(decoded.fixes);
        rejections.extend(conflicts);
        let stored: HashMap<(String, Timestamp), PlowFix> = self
            .store
            .stored_fixes_like(feed_id, &fixes)
            .await?
            .into_iter()
            .map(|f| ((f.vehicle_id.clone(), f.observed_at), f))
            .collect();
        let mut new = Vec::new();
        for (i, fix) in fixes.into_iter().enumerate() {
            match stored.get(&(fix.vehicle_id.clone(), fix.observed_at)) {
                None => new.push(fix),
                Some(first) => rejections.extend(conflict(first, &fix, i as u64)),
            }
        }
        Ok((new, rejections))
    }

    async fn failed(
        &self,
        lease: &FeedLease,
        feed: &FeedConfig,
        error: String,
        now: Timestamp,
    ) -> anyhow::Result<Outcome> {
        self.store
            .record_failure(lease, &error, after(now, pause(feed, lease)?))
            .await?;
        Ok(Outcome::Failed(error))
    }
}

/// How long to leave a feed alone that has failed once more.
fn pause(feed: &FeedConfig, lease: &FeedLease) -> anyhow::Result<SignedDuration> {
    let every = SignedDuration::try_from(feed.every)?;
    Ok(every
        .saturating_mul(1 << lease.failures.clamp(0, 10))
        .min(LONGEST_PAUSE)
        .max(every))
}

fn after(now: Timestamp, span: SignedDuration) -> Timestamp {
    now.saturating_add(span).unwrap_or(Timestamp::MAX)
}

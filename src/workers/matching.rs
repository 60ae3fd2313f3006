//! Matches the windows whose fixes have changed, and writes their passes.

use super::{Shutdown, Waiter};
use crate::clock::Clock;
use anyhow::Context;
use domain::coverage::{Confidence, Pass};
use domain::matching::{MatchParams, MatchedSpan, context_of, spans_of_window};
use domain::network::RoadNetwork;
use domain::work::WorkKind;
use std::sync::Arc;
use std::time::Duration;
use store::{SegmentPass, Store, StoredNetwork};

/// Windows taken in one transaction.
const WINDOWS_AT_ONCE: i64 = 32;
/// How long a stopping process goes on matching.
const LONGEST_FAREWELL: Duration = Duration::from_secs(10);

/// Turns fixes into passes.
pub struct WindowMatcher {
    store: Store,
    clock: Arc<dyn Clock>,
    params: MatchParams,
    network: Option<Arc<StoredNetwork>>,
}

impl WindowMatcher {
    /// A matcher with default parameters.
    pub fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        WindowMatcher {
            store,
            clock,
            params: MatchParams::default(),
            network: None,
        }
    }

    /// Works until the shutdown.
    ///
    /// # Errors
    /// Database errors.
    pub async fn run(&mut self, shutdown: Shutdown) -> anyhow::Result<()> {
        let mut waiter = Waiter::new(&self.store, &["yukimichi_windows", "yukimichi_network"]);
        loop {
            while self.match_some().await? > 0 {
                if *shutdown.borrow() {
                    break;
                }
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
        while began.elapsed() < LONGEST_FAREWELL && self.match_some().await? > 0 {}
        Ok(())
    }

    /// Matches until nothing is left to do.
    ///
    /// # Errors
    /// Database errors.
    pub async fn drain(&mut self) -> anyhow::Result<()> {
        while self.match_some().await? > 0 {}
        Ok(())
    }

    /// Matches one batch of windows and returns how many there were.
    async fn match_some(&mut self) -> anyhow::Result<usize> {
        let Some(mut batch) = self.store.take_windows(WINDOWS_AT_ONCE).await? else {
            return Ok(0);
        };
        let network = self.network(batch.network_version()).await?;
        let windows = batch.windows().to_vec();
        for window in &windows {
            let (from, to) = context_of(window.start, &self.params);
            let fixes = batch.fixes(window, from, to).await?;
            let (start, params, stored) = (window.start, self.params.clone(), Arc::clone(&network));
            let passes = tokio::task::spawn_blocking(move || {
                spans_of_window(&stored.network, &fixes, start, &params)
                    .iter()
                    .filter_map(|span| pass_of(&stored.network, span))
                    .collect::<Vec<_>>()
            })
            .await
            .context("matching broke")?;
            batch
                .write_passes(window, &passes, self.clock.now())
                .await?;
        }
        batch.finish().await?;
        Ok(windows.len())
    }

    async fn network(&mut self, version: i64) -> anyhow::Result<Arc<StoredNetwork>> {
        if let Some(network) = &self.network
            && network.version == version
        {
            return Ok(Arc::clone(network));
        }
        let network = Arc::new(self.store.load_network().await?);
        self.network = Some(Arc::clone(&network));
        Ok(network)
    }
}

/// The pass that a span makes; driving without working makes none.
fn pass_of(network: &RoadNetwork, span: &MatchedSpan) -> Option<SegmentPass> {
    if span.work == Some(WorkKind::Transit) {
        return None;
    }
    Some(SegmentPass {
        segment: network.segments()[span.segment as usize].id,
        pass: Pass {
            direction: span.direction,
            from_m: span.from_m,
            to_m: span.to_m,
            entered_at: span.entered_at,
            left_at: span.left_at,
            work: span.work,
            confidence: if span.inferred {
                Confidence::Inferred
            } else {
                Confidence::Seen
            },
        },
    })
}

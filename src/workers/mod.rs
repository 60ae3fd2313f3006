//! What goes on by itself: pulling feeds, judging readings, matching windows, writing status,
//! following it, calling people out, telling drivers.

mod arrivals;
pub mod dispatching;
pub mod driver_alerts;
pub mod follow;
pub mod intake;
pub mod judging;
pub mod laying;
pub mod matching;
pub mod pull;
pub mod ruling;
pub mod snow_watch;
pub mod status_writer;

use std::future::Future;
use std::time::Duration;
use store::{ChangeListener, Store};
use tokio::sync::watch;

/// Tells workers to stop.
pub type Shutdown = watch::Receiver<bool>;

/// Completes when the shutdown is called.
pub async fn called(shutdown: &Shutdown) {
    let mut shutdown = shutdown.clone();
    // An error means that the caller is gone, which is a shutdown too.
    let _ = shutdown.wait_for(|stop| *stop).await;
}

/// Waits for a word on a channel, but no longer than `most`; a lost connection only costs time.
pub struct Waiter {
    store: Store,
    channels: &'static [&'static str],
    listener: Option<ChangeListener>,
}

impl Waiter {
    /// A waiter for the named channels.
    pub fn new(store: &Store, channels: &'static [&'static str]) -> Self {
        Waiter {
            store: store.clone(),
            channels,
            listener: None,
        }
    }

    /// Waits.
    pub async fn wait(&mut self, most: Duration) {
        if self.listener.is_none() {
            self.listener = self.store.listen(self.channels).await.ok();
        }
        match &mut self.listener {
            Some(listener) => {
                if let Ok(Err(error)) = tokio::time::timeout(most, listener.next()).await {
                    tracing::warn!(%error, "listening was cut off; polling");
                    self.listener = None;
                    tokio::time::sleep(most.min(Duration::from_millis(250))).await;
                }
            }
            // A standby can't listen (design §4).
            None => tokio::time::sleep(most.min(Duration::from_millis(250))).await,
        }
    }
}

/// Runs `round`, which ends by itself at the shutdown; a failed round is logged and tried again after a pause.
pub async fn keep_going<F, Fut>(name: &'static str, shutdown: Shutdown, mut round: F)
where
    F: FnMut() -> Fut,
    Fut: Future<Output = anyhow::Result<()>>,
{
    // A round watches the shutdown itself, and ends when it has put its things in order.
    while let Err(error) = round().await {
        if *shutdown.borrow() {
            tracing::error!(worker = name, "{error:#}");
            return;
        }
        tracing::error!(worker = name, "{error:#}; trying again in 2 s");
        tokio::select! {
            () = called(&shutdown) => return,
            () = tokio::time::sleep(Duration::from_secs(2)) => {}
        }
    }
}

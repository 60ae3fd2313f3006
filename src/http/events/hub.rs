//! Tells all clients at once, and not more often than they can use.

use super::announcement::{Announcement, EventId};
use crate::workers::follow::MapViews;
use crate::workers::{Shutdown, called};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast::{Receiver, Sender, channel};

/// Changes are gathered for this long.
const GATHER: Duration = Duration::from_millis(500);
/// Announcements that a client may be behind before it is dropped: half a minute of a storm.
pub(super) const MOST_BEHIND: usize = 64;
/// Clients of one server.
const MOST_CLIENTS: usize = 20_000;

/// Where clients listen.
#[derive(Clone)]
pub struct EventHub {
    /// Gone once the server stops, which ends all streams.
    sender: Arc<Mutex<Option<Sender<Arc<Announcement>>>>>,
}

impl Default for EventHub {
    fn default() -> Self {
        EventHub {
            sender: Arc::new(Mutex::new(Some(channel(MOST_BEHIND).0))),
        }
    }
}

impl EventHub {
    /// A client's ear; `None` when there are too many, or the server stops.
    pub(super) fn subscribe(&self) -> Option<Receiver<Arc<Announcement>>> {
        self.open()
            .as_ref()
            .filter(|sender| sender.receiver_count() < MOST_CLIENTS)
            .map(Sender::subscribe)
    }

    /// Announces changes until the shutdown.
    pub async fn run(&self, mut views: MapViews, shutdown: Shutdown) {
        let mut known = {
            let view = views.borrow_and_update();
            EventId {
                network_version: view.network_version,
                sequence: view.status.sequence(),
            }
        };
        loop {
            tokio::select! {
                () = called(&shutdown) => break,
                changed = views.changed() => if changed.is_err() { break },
            }
            tokio::select! {
                () = called(&shutdown) => break,
                () = tokio::time::sleep(GATHER) => {}
            }
            let view = Arc::clone(&views.borrow_and_update());
            let news = Announcement::since(Some(known), &view);
            known = news.id;
            if !news.bytes.is_empty() {
                self.announce(Arc::new(news));
            }
        }
        self.open().take();
    }

    /// Tells all clients.
    pub(super) fn announce(&self, news: Arc<Announcement>) {
        if let Some(sender) = self.open().as_ref() {
            // Nobody may be listening.
            let _ = sender.send(news);
        }
    }

    fn open(&self) -> std::sync::MutexGuard<'_, Option<Sender<Arc<Announcement>>>> {
        self.sender.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

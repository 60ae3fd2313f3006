//! Tells drivers: at departure always, and when something on their way is closed or open again.
//!
//! Several processes may do so at once: a message is written with the move of its subscription, by
//! whoever is first, and leased to one sender at a time.

mod closures;
mod departures;
mod sending;

use super::follow::{MapView, MapViews};
use super::{Shutdown, called, keep_going};
use crate::clock::Clock;
use dispatch::driver_message::{DriverMessage, Occasion, message};
use dispatch::notify::WebPushNotifier;
use domain::driver_alert::{Summary, of_area, of_way};
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use store::{AlertKind, KeptSubscription, NewAlert, Store, Watch};
use tokio::task::JoinSet;

/// How often departures and closures are looked at.
const LOOK: Duration = Duration::from_secs(2);

/// All that its parts need.
pub struct DriverAlerts {
    store: Store,
    clock: Arc<dyn Clock>,
    views: MapViews,
    push: WebPushNotifier,
    /// Where the map is, for the link in messages.
    public_url: Option<String>,
    simulated: bool,
}

impl DriverAlerts {
    /// Makes it.
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        views: MapViews,
        push: WebPushNotifier,
        public_url: Option<String>,
        simulated: bool,
    ) -> Self {
        DriverAlerts {
            store,
            clock,
            views,
            push,
            public_url,
            simulated,
        }
    }

    /// Starts all parts; they end at the shutdown.
    pub fn spawn(self: Arc<Self>, tasks: &mut JoinSet<()>, shutdown: &Shutdown) {
        let (own, stop) = (Arc::clone(&self), shutdown.clone());
        tasks.spawn(async move {
            keep_going("tell departures", stop.clone(), || {
                own.tell_departures(stop.clone())
            })
            .await;
        });
        let (own, stop) = (Arc::clone(&self), shutdown.clone());
        tasks.spawn(async move {
            keep_going("tell closures", stop.clone(), || {
                own.tell_closures(stop.clone())
            })
            .await;
        });
        let (own, stop) = (self, shutdown.clone());
        tasks.spawn(async move {
            keep_going("send alerts", stop.clone(), || {
                own.send_alerts(stop.clone())
            })
            .await;
        });
    }

    /// Waits until it is time to look again; false at the shutdown.
    async fn pause(&self, shutdown: &Shutdown) -> bool {
        let pause = self.clock.real(LOOK).clamp(Duration::from_millis(50), LOOK);
        tokio::select! {
            () = called(shutdown) => false,
            () = tokio::time::sleep(pause) => true,
        }
    }

    fn alert(
        &self,
        occasion: Occasion,
        kept: &KeptSubscription,
        summary: &Summary,
        (due_at, now): (Timestamp, Timestamp),
    ) -> NewAlert {
        let language = kept.subscription.language;
        let DriverMessage { title, body } =
            message(occasion, summary, language, (due_at, now), self.simulated);
        let kind = match occasion {
            Occasion::Departure => AlertKind::Departure,
            Occasion::Closed => AlertKind::Closed,
            Occasion::Reopened => AlertKind::Reopened,
        };
        NewAlert {
            kind,
            due_at,
            title,
            body,
        }
    }
}

/// What there is to say of what is watched. Where the network has changed so that no way can be found
/// any more, that nothing is known.
fn summary_of(view: &MapView, watch: &Watch) -> Summary {
    match watch {
        Watch::Way(_) => of_way(&view.network, &view.status, &watch.places())
            .unwrap_or_else(|_| Summary::unknown()),
        Watch::Area(_) => watch.bounds().map_or_else(Summary::unknown, |area| {
            of_area(&view.network, &view.status.read(), &area)
        }),
    }
}

/// Whether a driver was told, or is to be told, that something is closed.
fn is_closed(summary: &Summary) -> bool {
    !summary.closed.is_empty()
}

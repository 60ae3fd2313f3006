//! What is closed or open again between departures.

use super::{DriverAlerts, is_closed, summary_of};
use crate::workers::Shutdown;
use crate::workers::follow::MapView;
use dispatch::driver_message::Occasion;
use domain::driver_alert::Summary;
use domain::geometry::BoundingBox;
use domain::status::State;
use domain::work::Direction;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::{KeptSubscription, Watch};

const PAGE: i64 = 1000;

/// A way may lead so far outside of the box around its places.
const AROUND_WAY_M: f64 = 5000.0;

/// The closed segments that were seen last, of one network.
#[derive(Default)]
struct Seen {
    network_version: i64,
    /// The last change of status that was looked at.
    sequence: i64,
    closed: BTreeSet<u32>,
}

impl DriverAlerts {
    pub(super) async fn tell_closures(&self, shutdown: Shutdown) -> anyhow::Result<()> {
        let mut seen = Seen::default();
        loop {
            self.look_at_closures(&mut seen).await?;
            if !self.pause(&shutdown).await {
                return Ok(());
            }
        }
    }

    /// Tells of what was closed or opened since the last look.
    async fn look_at_closures(&self, seen: &mut Seen) -> anyhow::Result<()> {
        let view = Arc::clone(&self.views.borrow());
        // Read before the states, so that what changes meanwhile is seen by the next look.
        let sequence = view.status.sequence();
        let anew = view.network_version != seen.network_version;
        if !anew && sequence == seen.sequence {
            return Ok(());
        }
        let looked = Arc::clone(&view);
        let closed = tokio::task::spawn_blocking(move || closed_segments(&looked)).await?;
        if anew || closed != seen.closed {
            // After a start or an import all that is closed is looked at again, and all who were
            // told of a closure: what they were told is stored.
            let changed: Vec<u32> = if anew {
                closed.iter().copied().collect()
            } else {
                closed.symmetric_difference(&seen.closed).copied().collect()
            };
            self.tell_concerned(&view, &boxes_of(&view, &changed), anew)
                .await?;
        }
        *seen = Seen {
            network_version: view.network_version,
            sequence,
            closed,
        };
        Ok(())
    }

    async fn tell_concerned(
        &self,
        view: &Arc<MapView>,
        changed: &[BoundingBox],
        anew: bool,
    ) -> anyhow::Result<()> {
        let mut after = 0;
        loop {
            let page = self.store.subscriptions_after(after, PAGE).await?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = last.id;
            let concerned: Vec<KeptSubscription> = page
                .into_iter()
                .filter(|kept| (anew && kept.closed) || touches(&kept.subscription.watch, changed))
                .collect();
            let looked = Arc::clone(view);
            let summed = tokio::task::spawn_blocking(move || {
                let of = |kept: KeptSubscription| {
                    let summary = summary_of(&looked, &kept.subscription.watch);
                    (kept, summary)
                };
                concerned.into_iter().map(of).collect::<Vec<_>>()
            });
            for (kept, summary) in summed.await? {
                self.tell_closure(&kept, &summary, self.clock.now()).await?;
            }
        }
    }

    async fn tell_closure(
        &self,
        kept: &KeptSubscription,
        summary: &Summary,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let closed = is_closed(summary);
        if closed == kept.closed {
            return Ok(());
        }
        let occasion = if closed {
            Occasion::Closed
        } else {
            Occasion::Reopened
        };
        // In quiet hours it is left to the message at departure.
        let quiet = kept.subscription.quiet.is_some_and(|quiet| quiet.hold(now));
        let alert = self.alert(occasion, kept, summary, (now, now));
        let alert = (!quiet).then_some(&alert);
        self.store
            .write_closure_alert(kept.id, alert, closed, now)
            .await?;
        Ok(())
    }
}

fn closed_segments(view: &MapView) -> BTreeSet<u32> {
    let columns = view.status.read();
    (0..columns.len() as u32)
        .filter(|segment| {
            let status = columns.status(*segment);
            Direction::BOTH
                .into_iter()
                .any(|direction| status.state(direction) == State::Closed)
        })
        .collect()
}

fn boxes_of(view: &MapView, segments: &[u32]) -> Vec<BoundingBox> {
    segments
        .iter()
        .filter_map(|segment| BoundingBox::around(view.network.line(*segment).iter().copied()))
        .collect()
}

fn touches(watch: &Watch, changed: &[BoundingBox]) -> bool {
    let Some(bounds) = watch.bounds() else {
        return false;
    };
    let bounds = match watch {
        Watch::Way(_) => bounds.padded_m(AROUND_WAY_M),
        Watch::Area(_) => bounds,
    };
    changed.iter().any(|changed| bounds.touches(changed))
}

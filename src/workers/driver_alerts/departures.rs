//! At the time of departure a message always comes: silence would be taken for an open road.

use super::{DriverAlerts, is_closed, summary_of};
use crate::workers::Shutdown;
use anyhow::Context;
use dispatch::driver_message::Occasion;
use domain::driver_alert::{Schedule, Summary};
use jiff::Timestamp;
use std::sync::Arc;
use store::KeptSubscription;

/// Subscriptions that are looked at together.
const PAGE: i64 = 500;

impl DriverAlerts {
    pub(super) async fn tell_departures(&self, shutdown: Shutdown) -> anyhow::Result<()> {
        loop {
            while self.tell_some().await? == PAGE as usize {}
            if !self.pause(&shutdown).await {
                return Ok(());
            }
        }
    }

    /// Writes the messages of departures that have come; how many there were.
    async fn tell_some(&self) -> anyhow::Result<usize> {
        let due = self.store.due_subscriptions(self.clock.now(), PAGE).await?;
        if due.is_empty() {
            return Ok(0);
        }
        let count = due.len();
        let view = Arc::clone(&self.views.borrow());
        let summed = tokio::task::spawn_blocking(move || {
            due.into_iter()
                .map(|kept| {
                    let summary = summary_of(&view, &kept.subscription.watch);
                    (kept, summary)
                })
                .collect::<Vec<(KeptSubscription, Summary)>>()
        });
        for (kept, summary) in summed.await? {
            self.tell(&kept, &summary, self.clock.now()).await?;
        }
        Ok(count)
    }

    async fn tell(
        &self,
        kept: &KeptSubscription,
        summary: &Summary,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let due_at = kept.next_due_at;
        let next = kept.subscription.schedule.next_after(now);
        let next = next.context("a subscription without a day")?;
        let alert = self.alert(Occasion::Departure, kept, summary, (due_at, now));
        let worth = Schedule::is_worth_telling(due_at, now);
        if !worth {
            tracing::warn!(subscription = kept.id, %due_at, "nobody told this departure in time");
        }
        let alert = worth.then_some(&alert);
        self.store
            .write_departure_alert(kept, alert, is_closed(summary), next, now)
            .await?;
        Ok(())
    }
}

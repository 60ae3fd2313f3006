//! Pushes what was written, outside of any transaction.

use super::DriverAlerts;
use crate::workers::Shutdown;
use dispatch::notify::{Address, Message, Notifier, SendError};
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::time::{Duration, Instant};
use store::{AlertEnd, AlertLease};

/// Longer than the longest attempt.
const LEASE: SignedDuration = SignedDuration::from_secs(30);
/// Messages under way at once.
const TOGETHER: i64 = 64;
/// Pauses after the first attempts, and after every later one.
const RETRIES_S: [i64; 3] = [15, 60, 180];
const LATER_S: i64 = 300;
/// A message that could not be handed over for so long is worth nothing any more.
const WORTH: SignedDuration = SignedDuration::from_hours(2);
/// How long it is known that a message was sent.
const KEPT: SignedDuration = SignedDuration::from_hours(48);
/// How often what is older is looked for.
const FORGET: Duration = Duration::from_secs(600);

impl DriverAlerts {
    pub(super) async fn send_alerts(&self, shutdown: Shutdown) -> anyhow::Result<()> {
        let mut forgot: Option<Instant> = None;
        loop {
            loop {
                let now = self.clock.now();
                let leases = self.store.lease_alerts(TOGETHER, LEASE, now).await?;
                let more = leases.len() == TOGETHER as usize;
                let sent = join_all(leases.iter().map(|lease| self.send(lease))).await;
                sent.into_iter().collect::<anyhow::Result<()>>()?;
                if !more {
                    break;
                }
            }
            if forgot.is_none_or(|at: Instant| at.elapsed() >= FORGET) {
                let long_ago = self.clock.now() - KEPT;
                self.store.forget_alerts_before(long_ago).await?;
                forgot = Some(Instant::now());
            }
            if !self.pause(&shutdown).await {
                return Ok(());
            }
        }
    }

    async fn send(&self, lease: &AlertLease) -> anyhow::Result<()> {
        let message = Message {
            key: format!("driver-alert-{}", lease.id),
            // Push services hold signatures against real time, whatever the demo's night says.
            at: Timestamp::now(),
            to: Address::Push {
                endpoint: lease.address.endpoint.clone(),
                p256dh: lease.address.p256dh.clone(),
                auth: lease.address.auth.clone(),
            },
            title: lease.title.clone(),
            text: lease.body.clone(),
            link: self.public_url.clone(),
            kind: "driver.alert".to_owned(),
            data: json!({}),
        };
        let sent = self.push.send(&message).await;
        let now = self.clock.now();
        let (end, detail) = match sent {
            Ok(said) => (AlertEnd::Sent, said),
            Err(SendError::Gone(why)) => {
                tracing::info!(
                    subscription = lease.subscription_id,
                    "ended by its push service"
                );
                self.store
                    .forget_subscription_of(lease.subscription_id)
                    .await?;
                (AlertEnd::GivenUp, why)
            }
            Err(SendError::Lasting(why)) => (AlertEnd::GivenUp, why),
            Err(SendError::Passing(why)) => (again(lease, now), why),
        };
        if end != AlertEnd::Sent {
            tracing::warn!(
                alert = lease.id,
                attempt = lease.attempt,
                "not handed over: {detail}"
            );
        }
        self.store.settle_alert(lease, end, &detail, now).await?;
        Ok(())
    }
}

fn again(lease: &AlertLease, now: Timestamp) -> AlertEnd {
    let pause = RETRIES_S
        .get(lease.attempt as usize - 1)
        .unwrap_or(&LATER_S);
    let at = now + SignedDuration::from_secs(*pause);
    if at.duration_since(lease.due_at) > WORTH {
        AlertEnd::GivenUp
    } else {
        AlertEnd::Retry(at)
    }
}

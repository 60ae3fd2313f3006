//! Drains the outbox: leases a message, sends it outside of any transaction, writes down the attempt.

use super::{CHANNEL, Dispatching, POLL};
use crate::call_outs::happen;
use crate::call_outs::letters::{Letters, Unsent};
use crate::workers::{Shutdown, Waiter, called};
use dispatch::life::{Event, RETRIES};
use dispatch::notify::SendError;
use domain::geometry::LonLat;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::{AttemptEnd, DispatchRecord, OutboxLease, Settled};
use tokio::task::JoinSet;

/// How long a leased message is one worker's; longer than the longest attempt.
pub const LEASE: SignedDuration = SignedDuration::from_secs(20);
/// Messages under way at once; a slow receiver holds one place.
const MOST_UNDER_WAY: usize = 128;
/// Fewer free places than this are not worth a look into the outbox.
const WORTH_A_LOOK: usize = 32;
/// What is known of a manager's contacts is read again after this long.
const FRESH: Duration = Duration::from_secs(1);

/// What is known of each manager's contacts, and since when.
type Desk = HashMap<String, (Instant, Arc<Letters>)>;

/// A message with all that its sending needs.
struct Outgoing {
    lease: OutboxLease,
    record: DispatchRecord,
    letters: Arc<Letters>,
    centre: Option<LonLat>,
}

impl Dispatching {
    pub(super) async fn send_on(self: Arc<Self>, shutdown: Shutdown) -> anyhow::Result<()> {
        let mut waiter = Waiter::new(&self.store, CHANNEL);
        let mut under_way: JoinSet<()> = JoinSet::new();
        let mut desk = Desk::new();
        while !*shutdown.borrow() {
            let free = MOST_UNDER_WAY - under_way.len();
            let outgoing = match free >= WORTH_A_LOOK {
                true => self.lease(free, &mut desk).await?,
                false => Vec::new(),
            };
            // Then a place that gets free is looked for, not a word that there is more.
            let more = free < WORTH_A_LOOK || outgoing.len() == free;
            for message in outgoing {
                let own = Arc::clone(&self);
                under_way.spawn(async move {
                    let id = message.lease.id;
                    // Unsettled, it is sent again when its lease has run out.
                    if let Err(error) = own.send(message).await {
                        tracing::error!(message = id, "{error:#}");
                    }
                });
            }
            let pause = self.clock.real(POLL).clamp(Duration::from_millis(50), POLL);
            tokio::select! {
                () = called(&shutdown) => {}
                Some(_) = under_way.join_next(), if !under_way.is_empty() => {}
                () = waiter.wait(pause), if !more => {}
            }
            while under_way.try_join_next().is_some() {}
        }
        while under_way.join_next().await.is_some() {}
        Ok(())
    }

    /// Leases what is due and reads what its sending needs, a manager at a time.
    async fn lease(&self, most: usize, desk: &mut Desk) -> anyhow::Result<Vec<Outgoing>> {
        desk.retain(|_, (since, _)| since.elapsed() < FRESH);
        let now = self.clock.now();
        let leases = self.store.lease_messages(most as i64, LEASE, now).await?;
        let mut by_manager: BTreeMap<String, Vec<OutboxLease>> = BTreeMap::new();
        for lease in leases {
            let of_manager = by_manager.entry(lease.manager_code.clone()).or_default();
            of_manager.push(lease);
        }
        let mut outgoing = Vec::new();
        for (manager, leases) in by_manager {
            let letters = self.letters(&manager, desk).await?;
            let ids: Vec<i64> = leases.iter().map(|lease| lease.dispatch_id).collect();
            let records = self.store.dispatches_numbered(&manager, &ids).await?;
            let records: HashMap<i64, DispatchRecord> = records
                .into_iter()
                .map(|record| (record.id, record))
                .collect();
            let mut centres: HashMap<String, Option<LonLat>> = HashMap::new();
            for lease in leases {
                let Some(record) = records.get(&lease.dispatch_id).cloned() else {
                    continue;
                };
                let centre = match centres.get(&record.zone) {
                    Some(centre) => *centre,
                    // Only a link to the map needs it.
                    None if self.public_url.is_none() => None,
                    None => {
                        let centre = self.store.zone_centre(&manager, &record.zone).await?;
                        centres.insert(record.zone.clone(), centre);
                        centre
                    }
                };
                let letters = Arc::clone(&letters);
                outgoing.push(Outgoing {
                    lease,
                    record,
                    letters,
                    centre,
                });
            }
        }
        Ok(outgoing)
    }

    async fn letters(&self, manager: &str, desk: &mut Desk) -> anyhow::Result<Arc<Letters>> {
        if let Some((_, letters)) = desk.get(manager) {
            return Ok(Arc::clone(letters));
        }
        let letters = Letters::load(&self.store, manager, self.public_url.as_deref()).await?;
        let letters = Arc::new(letters);
        let known = (Instant::now(), Arc::clone(&letters));
        desk.insert(manager.to_owned(), known);
        Ok(letters)
    }

    async fn send(&self, outgoing: Outgoing) -> anyhow::Result<()> {
        let Outgoing {
            lease,
            record,
            letters,
            centre,
        } = outgoing;
        let now = self.clock.now();
        // Receivers hold signatures and tokens against real time, whatever the demo's night says.
        let sent_at = Timestamp::now();
        let letter = letters
            .letter(&self.store, &record, &lease, centre, now, sent_at)
            .await?;
        let (end, detail) = match letter {
            Err(Unsent::NotWanted(why)) => (AttemptEnd::NotWanted, why.to_owned()),
            Err(Unsent::NoAddress) => (
                AttemptEnd::Failed,
                "the contact has no such address any more".to_owned(),
            ),
            Ok(message) => {
                let sent = self.notifiers.send(&message).await;
                if matches!(sent, Err(SendError::Gone(_))) && lease.way == "web_push" {
                    let (manager, id) = (&lease.manager_code, lease.address_no);
                    self.store.end_push_subscription(manager, id, now).await?;
                }
                ended(&lease, sent, self.clock.now())
            }
        };
        let now = self.clock.now();
        let settled = self.store.settle(&lease, &end, &detail, now).await?;
        if settled == Settled::Undelivered {
            let event = Event::Undelivered {
                number: lease.number,
            };
            let (manager, id) = (&lease.manager_code, lease.dispatch_id);
            happen(&self.store, manager, id, &event, None, now).await?;
        }
        Ok(())
    }
}

/// What an attempt comes to: the first is tried again at fixed times after it.
fn ended(
    lease: &OutboxLease,
    sent: Result<String, SendError>,
    now: Timestamp,
) -> (AttemptEnd, String) {
    match sent {
        Ok(said) => (AttemptEnd::Sent, said),
        Err(SendError::Lasting(why) | SendError::Gone(why)) => (AttemptEnd::Failed, why),
        Err(SendError::Passing(why)) => match RETRIES.get(lease.attempt as usize) {
            None => (AttemptEnd::Failed, why),
            Some(after) => {
                let at = lease.made_at.saturating_add(*after).unwrap_or(now);
                (AttemptEnd::Retry(at.max(now)), why)
            }
        },
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_is_made_again_at_15_60_and_180_seconds() {
        let at = |seconds: i64| Timestamp::from_second(1_768_420_800 + seconds).unwrap();
        let lease = |attempt| OutboxLease {
            id: 1,
            manager_code: "02201".to_owned(),
            dispatch_id: 1,
            number: 1,
            contact: "taro".to_owned(),
            way: "webhook".to_owned(),
            address_no: 0,
            tell: serde_json::Value::Null,
            idempotency_key: "k".to_owned(),
            made_at: at(0),
            attempt,
            fence: 1,
        };
        let passing = || Err(SendError::Passing("503".to_owned()));
        let cases = [
            (1, 1, AttemptEnd::Retry(at(15))),
            (2, 16, AttemptEnd::Retry(at(60))),
            // Late, as after a restart: at once.
            (3, 400, AttemptEnd::Retry(at(400))),
            (4, 181, AttemptEnd::Failed),
        ];
        for (attempt, now, end) in cases {
            assert_eq!(ended(&lease(attempt), passing(), at(now)).0, end);
        }
        let lasting = Err(SendError::Lasting("400".to_owned()));
        assert_eq!(ended(&lease(1), lasting, at(1)).0, AttemptEnd::Failed);
        assert_eq!(
            ended(&lease(1), Ok("200".to_owned()), at(1)).0,
            AttemptEnd::Sent
        );
    }
}

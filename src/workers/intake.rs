//! From a payload to what is new in it: decode, quarantine what can't be believed or contradicts
//! what is stored, leave out what repeats it. The same way for feeds that are pulled, pushed to and
//! decoded again.

use crate::config::FeedConfig;
use domain::fact::{Fact, Sifted, sift};
use domain::fix::{Rejection, disbelieve_time};
use ingest::Decoded;
use jiff::Timestamp;
use store::{Facts, Store};

/// How much of a payload that can't be read at all is kept beside the reason.
const RECORD_BYTES: usize = 2000;

/// What a payload told.
#[derive(Debug, Default)]
pub struct Understood {
    /// What is new.
    pub facts: Facts,
    /// Facts that the store had already.
    pub repeats: usize,
    /// Records that were not taken; positions as the decoder counts them, or among the facts that it
    /// gave.
    pub rejections: Vec<Rejection>,
    /// How many of the rejections are the decoder's; they come first.
    pub undecoded: usize,
    /// Why the payload could not be read at all.
    pub broken: Option<String>,
}

/// Decodes a payload that came at `received_at` and sorts what it tells.
///
/// # Errors
/// Database errors.
pub async fn understand(
    store: &Store,
    feed: &FeedConfig,
    payload: &[u8],
    received_at: Timestamp,
) -> anyhow::Result<Understood> {
    match feed.decode(payload, received_at) {
        Ok(decoded) => sort(store, feed, decoded, received_at).await,
        // What can't be decoded is kept all the same, for a mended configuration.
        Err(error) => Ok(Understood {
            rejections: vec![Rejection {
                position: 0,
                field: String::new(),
                reason: error.to_string(),
                record: String::from_utf8_lossy(&payload[..payload.len().min(RECORD_BYTES)])
                    .into_owned(),
            }],
            undecoded: 1,
            broken: Some(error.to_string()),
            ..Understood::default()
        }),
    }
}

/// Sorts what a decoder understood of a payload that came at `now`.
///
/// # Errors
/// Database errors.
pub async fn sort(
    store: &Store,
    feed: &FeedConfig,
    decoded: Decoded,
    now: Timestamp,
) -> anyhow::Result<Understood> {
    let id = &feed.id;
    let whole = decoded.rejections.is_empty();
    let mut into = Understood {
        undecoded: decoded.rejections.len(),
        rejections: decoded.rejections,
        ..Understood::default()
    };
    let fixes = into.believed(decoded.fixes, now, |f| &mut f.observed_at);
    let stored = store.stored_fixes_like(id, &only(&fixes)).await?;
    let fixes = into.take(sift(fixes, stored));

    let readings = into.believed(decoded.observations, now, |o| &mut o.observed_at);
    let stored = store.stored_observations_like(id, &only(&readings)).await?;
    let observations = into.take(sift(readings, stored));

    let orders = into.believed(decoded.orders, now, |o| &mut o.as_of);
    // An order's place is its zone's, which has versions of its own.
    let zones = orders.iter().map(|(_, order)| order.clone());
    let zones = zones
        .filter(|zone| zone.place != Default::default())
        .collect();
    let stored = store.stored_orders_like(id, &only(&orders)).await?;
    let orders = into.take(sift(orders, stored));

    let log = into.believed(decoded.work_log, now, |e| &mut e.ended_at);
    let stored = store.stored_log_like(id, &only(&log)).await?;
    let work_log = into.take(sift(log, stored));

    into.facts = Facts {
        fixes,
        observations,
        zones,
        orders,
        work_log,
        stations: into.take(sift(numbered(decoded.stations), Vec::new())),
        plans: into.take(sift(numbered(decoded.plans), Vec::new())),
        closures: into.take(sift(numbered(decoded.closures), Vec::new())),
        // A record that was not understood may be the closure that seems to be gone.
        closures_are_all: feed.complete && whole,
    };
    Ok(into)
}

fn numbered<F>(facts: Vec<F>) -> Vec<(u64, F)> {
    (0..).zip(facts).collect()
}

fn only<F: Clone>(facts: &[(u64, F)]) -> Vec<F> {
    facts.iter().map(|(_, fact)| fact.clone()).collect()
}

impl Understood {
    /// Facts whose time can be believed, at the precision that the store keeps; others are rejected.
    fn believed<F: Fact>(
        &mut self,
        facts: Vec<F>,
        now: Timestamp,
        time: impl Fn(&mut F) -> &mut Timestamp,
    ) -> Vec<(u64, F)> {
        let mut believed = Vec::with_capacity(facts.len());
        for (position, mut fact) in (0..).zip(facts) {
            let at = time(&mut fact);
            *at = Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(*at);
            match disbelieve_time(*at, now) {
                None => believed.push((position, fact)),
                Some(reason) => {
                    let (name, says) = fact.words();
                    self.rejections.push(Rejection {
                        position,
                        field: F::FIELD.to_owned(),
                        reason,
                        record: format!("{name}: {says}"),
                    });
                }
            }
        }
        believed
    }

    /// Keeps the conflicts and the count of repeats, and gives back the news.
    fn take<F>(&mut self, sifted: Sifted<F>) -> Vec<F> {
        self.rejections.extend(sifted.conflicts);
        self.repeats += sifted.repeats;
        sifted.news.into_iter().map(|(_, fact)| fact).collect()
    }

    /// Whether it tells nothing that is worth keeping.
    pub fn is_nothing_new(&self) -> bool {
        self.facts == Facts::default() && self.rejections.is_empty()
    }
}

//! From a payload to what is new in it: decode, quarantine what can't be believed or contradicts
//! what is stored, leave out what repeats it. The same way for feeds that are pulled, pushed to and
//! decoded again.

mod clock;

use crate::config::FeedConfig;
use domain::fact::{Fact, Sifted, sift};
use domain::fix::{PlowFix, Rejection, disbelieve_time};
use ingest::{Decoded, Told};
use jiff::Timestamp;
use store::{Batch, ClockFinding, Facts, Store, StoreError};

/// How much of a payload that can't be read at all is kept beside the reason.
const RECORD_BYTES: usize = 2000;
/// So often in a row another process may be faster; each of these times it kept something.
const MOST_RACES: usize = 20;

/// What a payload told.
#[derive(Debug, Default)]
pub struct Understood {
    /// What is new.
    pub facts: Facts,
    /// Facts that the store had already.
    pub repeats: usize,
    /// Records that were not taken.
    pub rejections: Vec<Rejection>,
    /// Values that were not taken, of records that were.
    pub dropped_values: Vec<Rejection>,
    /// What its times tell of the feed's clock; `None` when it holds none to judge by.
    pub clock: Option<ClockFinding>,
    /// Why the payload could not be read at all.
    pub broken: Option<String>,
}

impl Understood {
    /// The batch to be kept.
    pub fn batch<'a>(
        &'a self,
        received_at: Timestamp,
        payload: &'a [u8],
        payload_sha256: &'a [u8],
    ) -> Batch<'a> {
        Batch {
            repeats: self.repeats,
            rejections: &self.rejections,
            dropped_values: &self.dropped_values,
            clock: self.clock.clone(),
            ..Batch::of(received_at, payload, payload_sha256, &self.facts)
        }
    }

    /// Whether it tells nothing that is worth keeping.
    pub fn is_nothing_new(&self) -> bool {
        self.facts == Facts::default() && self.rejections.is_empty()
    }
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
        Ok(decoded) => judge(store, feed, payload, decoded, received_at).await,
        // What can't be decoded is kept all the same, for a mended configuration.
        Err(error) => Ok(Understood {
            rejections: vec![Rejection {
                position: 0,
                field: String::new(),
                reason: error.to_string(),
                record: String::from_utf8_lossy(&payload[..payload.len().min(RECORD_BYTES)])
                    .into_owned(),
            }],
            broken: Some(error.to_string()),
            ..Understood::default()
        }),
    }
}

/// Judges what a decoder understood of a payload: all of it when its clock can't be right, else fact
/// by fact.
///
/// # Errors
/// Database errors.
pub async fn judge(
    store: &Store,
    feed: &FeedConfig,
    payload: &[u8],
    decoded: Decoded,
    received_at: Timestamp,
) -> anyhow::Result<Understood> {
    let look = clock::look(store, feed, payload, &decoded, received_at).await?;
    let mut understood = match look.disbelieved_for() {
        None => sort(store, feed, decoded, received_at).await?,
        Some(doubt) => disbelieved(decoded, doubt),
    };
    understood.clock = look.finding;
    Ok(understood)
}

/// How often in a row another process was faster with some of the same facts. What is news is then
/// judged again, so that the answer is right for each.
#[derive(Debug, Default)]
pub struct Races(usize);

impl Races {
    /// What was kept; `None` when the payload is to be judged again.
    ///
    /// # Errors
    /// Whatever the store says else; that it was outrun too often.
    pub fn settle<K>(&mut self, kept: Result<K, StoreError>) -> Result<Option<K>, StoreError> {
        match kept {
            Err(StoreError::Raced { .. }) if self.0 < MOST_RACES => {
                self.0 += 1;
                Ok(None)
            }
            kept => kept.map(Some),
        }
    }
}

/// All facts of a payload whose clock is wrong: quarantined.
fn disbelieved(decoded: Decoded, doubt: &str) -> Understood {
    let mut rejections = decoded.rejections;
    let reason = format!("the feed's clock is {doubt}");
    reject_all(&mut rejections, decoded.fixes, &reason);
    reject_all(&mut rejections, decoded.observations, &reason);
    reject_all(&mut rejections, decoded.orders, &reason);
    reject_all(&mut rejections, decoded.work_log, &reason);
    reject_all(&mut rejections, decoded.plans, &reason);
    reject_all(&mut rejections, decoded.closures, &reason);
    reject_all(&mut rejections, decoded.snow_forecasts, &reason);
    Understood {
        rejections,
        dropped_values: decoded.dropped_values,
        ..Understood::default()
    }
}

fn reject_all<F: Fact>(rejections: &mut Vec<Rejection>, facts: Told<F>, reason: &str) {
    for (position, fact) in facts.into_numbered() {
        rejections.push(rejection_of(position, &fact, reason.to_owned()));
    }
}

fn rejection_of<F: Fact>(position: u64, fact: &F, reason: String) -> Rejection {
    let (name, says) = fact.words();
    Rejection {
        position,
        field: F::FIELD.to_owned(),
        reason,
        record: format!("{name}: {says}"),
    }
}

async fn sort(
    store: &Store,
    feed: &FeedConfig,
    decoded: Decoded,
    now: Timestamp,
) -> anyhow::Result<Understood> {
    let id = &feed.id;
    let whole = decoded.rejections.is_empty();
    let mut into = Understood {
        rejections: decoded.rejections,
        dropped_values: decoded.dropped_values,
        ..Understood::default()
    };
    let fixes = into.believed(decoded.fixes, now, |f| &mut f.observed_at);
    let newest = store.newest_fact_at(id).await?;
    let perhaps: Vec<PlowFix> = fixes
        .iter()
        .filter(|(_, fix)| newest.is_some_and(|at| fix.observed_at <= at))
        .map(|(_, fix)| fix.clone())
        .collect();
    let stored = store.stored_fixes_like(id, &perhaps).await?;
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
        stations: into.take(sift(decoded.stations.into_numbered(), Vec::new())),
        plans: into.take(sift(decoded.plans.into_numbered(), Vec::new())),
        closures: into.take(sift(decoded.closures.into_numbered(), Vec::new())),
        snow_forecasts: into.take(sift(decoded.snow_forecasts.into_numbered(), Vec::new())),
        // A record that was not understood may be the closure that seems to be gone.
        closures_are_all: feed.complete && whole,
    };
    Ok(into)
}

fn only<F: Clone>(facts: &[(u64, F)]) -> Vec<F> {
    facts.iter().map(|(_, fact)| fact.clone()).collect()
}

impl Understood {
    /// Facts whose time can be believed, at the precision that the store keeps; others are rejected.
    fn believed<F: Fact>(
        &mut self,
        facts: Told<F>,
        now: Timestamp,
        time: impl Fn(&mut F) -> &mut Timestamp,
    ) -> Vec<(u64, F)> {
        let mut believed = Vec::with_capacity(facts.len());
        for (position, mut fact) in facts.into_numbered() {
            let at = time(&mut fact);
            *at = Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(*at);
            match disbelieve_time(*at, now) {
                None => believed.push((position, fact)),
                Some(reason) => self.rejections.push(rejection_of(position, &fact, reason)),
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
}

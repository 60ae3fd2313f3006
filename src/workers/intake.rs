//! From a payload to what is new in it: decode, quarantine what can't be believed or contradicts
//! what is stored, leave out what repeats it. The same way for feeds that are pulled, pushed to and
//! decoded again.

use crate::config::FeedConfig;
use domain::fact::{Fact, Sifted, sift};
use domain::fix::{PlowFix, Rejection, disbelieve_time};
use domain::trust::{ClockJudgement, FactTimes, judge_clock};
use ingest::Decoded;
use jiff::{SignedDuration, Timestamp};
use store::{Batch, ClockFinding, Facts, Store};

/// How much of a payload that can't be read at all is kept beside the reason.
const RECORD_BYTES: usize = 2000;
/// Longer than any time zone's error.
const A_DAY_AND_MORE: SignedDuration = SignedDuration::from_hours(26);

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
            undecoded: 1,
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
    let clock = clock_of(feed, payload, &decoded, received_at);
    let mut understood = match clock.as_ref().and_then(|clock| clock.doubt.as_deref()) {
        None => sort(store, feed, decoded, received_at).await?,
        Some(doubt) => disbelieved(decoded, doubt),
    };
    understood.clock = clock;
    Ok(understood)
}

/// Judges the feed's clock by the times of a payload. Decoders leave out times that lie ahead; what
/// they would have read is asked for as of a day later, but only where they left out something.
fn clock_of(
    feed: &FeedConfig,
    payload: &[u8],
    decoded: &Decoded,
    received_at: Timestamp,
) -> Option<ClockFinding> {
    let mut sample = times_of(decoded, received_at);
    if !decoded.rejections.is_empty()
        && let Ok(later) = received_at.checked_add(A_DAY_AND_MORE)
        && let Ok(all) = feed.decode(payload, later)
    {
        sample = times_of(&all, received_at);
    }
    if sample.is_empty() {
        return None;
    }
    let judgement = judge_clock(&sample);
    Some(ClockFinding {
        doubt: (!judgement.is_believed()).then(|| judgement.to_string()),
        skew_hours: match judgement {
            ClockJudgement::AheadWholeHours(hours) => Some(hours),
            _ => None,
        },
    })
}

fn times_of(decoded: &Decoded, received_at: Timestamp) -> Vec<FactTimes> {
    let fixes = decoded.fixes.iter().map(|f| f.observed_at);
    let readings = decoded.observations.iter().map(|o| o.observed_at);
    let orders = decoded.orders.iter().map(|o| o.as_of);
    let log = decoded.work_log.iter().map(|e| e.ended_at);
    let issued = decoded.snow_forecasts.iter().map(|f| f.issued_at);
    fixes
        .chain(readings)
        .chain(orders)
        .chain(log)
        .chain(issued)
        .map(|observed_at| FactTimes {
            observed_at,
            received_at,
        })
        .collect()
}

/// All facts of a payload whose clock is wrong: quarantined.
fn disbelieved(decoded: Decoded, doubt: &str) -> Understood {
    let mut rejections = decoded.rejections;
    let undecoded = rejections.len();
    let reason = format!("the feed's clock is {doubt}");
    reject_all(&mut rejections, &decoded.fixes, &reason);
    reject_all(&mut rejections, &decoded.observations, &reason);
    reject_all(&mut rejections, &decoded.orders, &reason);
    reject_all(&mut rejections, &decoded.work_log, &reason);
    reject_all(&mut rejections, &decoded.plans, &reason);
    reject_all(&mut rejections, &decoded.closures, &reason);
    reject_all(&mut rejections, &decoded.snow_forecasts, &reason);
    Understood {
        rejections,
        undecoded,
        ..Understood::default()
    }
}

fn reject_all<F: Fact>(rejections: &mut Vec<Rejection>, facts: &[F], reason: &str) {
    for (position, fact) in (0..).zip(facts) {
        rejections.push(rejection_of(position, fact, reason.to_owned()));
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
        undecoded: decoded.rejections.len(),
        rejections: decoded.rejections,
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
        stations: into.take(sift(numbered(decoded.stations), Vec::new())),
        plans: into.take(sift(numbered(decoded.plans), Vec::new())),
        closures: into.take(sift(numbered(decoded.closures), Vec::new())),
        snow_forecasts: into.take(sift(numbered(decoded.snow_forecasts), Vec::new())),
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

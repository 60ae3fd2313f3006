//! Gives every new reading its quality flag, and takes another look at those that it may change.

use super::{Shutdown, Waiter};
use crate::clock::Clock;
use domain::observation::{Quantity, StationKey};
use domain::quality::{QualityParams, StationSeries, assess, neighbours_of};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;
use store::{JudgingBatch, Store};

/// Stations taken in one transaction.
const STATIONS_AT_ONCE: i64 = 200;
/// How far back a check looks: a day, and the hour in which a spike or a neighbour may lie.
const LOOKS_BACK: SignedDuration = SignedDuration::from_hours(26);
/// How far before a new reading one may turn out to be a spike.
const MAY_CHANGE: SignedDuration = SignedDuration::from_mins(31);

/// Judges readings.
pub struct ReadingJudge {
    store: Store,
    clock: Arc<dyn Clock>,
    params: QualityParams,
}

/// The stations that a batch needs, each once.
struct Neighbourhood {
    /// All of them: those that are judged, and their neighbours.
    series: Vec<StationSeries>,
    /// From when on each is judged.
    from: HashMap<StationKey, Timestamp>,
}

impl ReadingJudge {
    /// A judge with these limits.
    pub fn new(store: Store, clock: Arc<dyn Clock>, params: QualityParams) -> Self {
        ReadingJudge {
            store,
            clock,
            params,
        }
    }

    /// Works until the shutdown.
    ///
    /// # Errors
    /// Database errors.
    pub async fn run(&self, shutdown: Shutdown) -> anyhow::Result<()> {
        let mut waiter = Waiter::new(&self.store, &["yukimichi_readings"]);
        loop {
            self.drain().await?;
            tokio::select! {
                () = super::called(&shutdown) => return self.drain().await,
                () = waiter.wait(Duration::from_secs(1)) => {}
            }
        }
    }

    /// Judges until nothing is left to do.
    ///
    /// # Errors
    /// Database errors.
    pub async fn drain(&self) -> anyhow::Result<()> {
        while let Some(batch) = self.store.take_unjudged(STATIONS_AT_ONCE).await? {
            self.judge(batch).await?;
        }
        Ok(())
    }

    async fn judge(&self, mut batch: JudgingBatch) -> anyhow::Result<()> {
        let until = batch.until();
        let Neighbourhood { mut series, from } = self.neighbourhood(&batch).await?;
        let all: Vec<StationKey> = series.iter().map(|s| s.key.clone()).collect();
        let judged: Vec<StationKey> = from.keys().cloned().collect();
        let first = from.values().min().copied().unwrap_or(until);
        let back = |span| first.saturating_sub(span).unwrap_or(Timestamp::MIN);
        let depths = [Quantity::DepthCm];
        let others: Vec<Quantity> = Quantity::ALL
            .into_iter()
            .filter(|q| *q != Quantity::DepthCm)
            .collect();
        let hour = SignedDuration::from_hours(1);
        let mut readings = batch
            .readings(&all, &depths, back(LOOKS_BACK), until)
            .await?;
        readings.extend(batch.readings(&judged, &others, back(hour), until).await?);
        let places: HashMap<StationKey, usize> = all.iter().cloned().zip(0..).collect();
        for (feed_id, reading) in readings {
            let key = StationKey::new(feed_id, reading.station_id.clone());
            if let Some(place) = places.get(&key) {
                series[*place].add_observation(reading);
            }
        }
        let params = self.params.clone();
        let asked = from.clone();
        let verdicts = tokio::task::spawn_blocking(move || {
            let verdicts = assess(&series, |i| asked.get(&series[i].key).copied(), &params);
            let keys = series.into_iter().map(|s| s.key);
            keys.zip(verdicts).collect::<Vec<_>>()
        })
        .await?;
        let now = self.clock.now();
        for (key, verdicts) in &verdicts {
            batch.write(key, verdicts, now).await?;
        }
        // What came later is for another batch; so a batch is never more than a day.
        if batch.has_later(&judged, until).await? {
            let asked: Vec<StationKey> = batch.asked.iter().map(|(key, _)| key.clone()).collect();
            batch.ask_again(&asked, until).await?;
        }
        batch.finish().await?;
        Ok(())
    }

    /// The stations of a batch with their neighbours, whose verdicts hang on them, and the neighbours of
    /// those, on whom theirs hang as well.
    async fn neighbourhood(&self, batch: &JudgingBatch) -> anyhow::Result<Neighbourhood> {
        let known: Vec<StationSeries> = self
            .store
            .stations_at(Timestamp::MAX)
            .await?
            .iter()
            .map(|record| StationSeries::of_station(&record.feed_id, &record.station))
            .collect();
        let by_key: HashMap<&StationKey, usize> = known.iter().map(|s| &s.key).zip(0..).collect();
        let mut from: HashMap<StationKey, Timestamp> = HashMap::new();
        let mut judge = |key: &StationKey, since: Timestamp| {
            let entry = from.entry(key.clone()).or_insert(since);
            *entry = (*entry).min(since);
        };
        let mut needed: BTreeSet<usize> = BTreeSet::new();
        let mut strangers: Vec<StationSeries> = Vec::new();
        for (key, since) in &batch.asked {
            judge(key, since.saturating_sub(MAY_CHANGE).unwrap_or(*since));
            let Some(own) = by_key.get(key) else {
                // Nobody has described it: no place, no neighbours.
                strangers.push(StationSeries::new(key.clone(), None, None));
                continue;
            };
            needed.insert(*own);
            for neighbour in neighbours_of(*own, &known, &self.params) {
                judge(&known[neighbour].key, *since);
                needed.insert(neighbour);
                needed.extend(neighbours_of(neighbour, &known, &self.params));
            }
        }
        let mut series: Vec<StationSeries> = needed.into_iter().map(|i| known[i].clone()).collect();
        series.extend(strangers);
        Ok(Neighbourhood { series, from })
    }
}

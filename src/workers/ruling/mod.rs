//! Looks at all rules, on new readings and each minute: opens rounds, closes them, asks a person where
//! nobody can say, and writes down that it looked.

mod calling;
pub mod grounds;
pub mod look;

pub use calling::{DOUBT, mode_of};

use super::snow_watch::SnowWatch;
use super::{Shutdown, Waiter};
use crate::clock::Clock;
use calling::Caller;
use domain::rules::{Outcome, Page, Phase, RuleMemory, Surroundings, pages};
use domain::snow_field::FieldParams;
use domain::snow_forecast::SnowForecasts;
use grounds::Grounds;
use jiff::Timestamp;
use look::{Found, PlacedGrounds, look};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::{RuleCycle, RuleRecord, RuleStanding, RuleZone, Store, StoreError};

/// How often it is looked at least, on the clock.
const TICK: Duration = Duration::from_secs(60);

/// Name of this worker's rounds.
pub const WORKER: &str = "rules";

type Standings = HashMap<RuleZone, RuleStanding>;

/// Looks at rules.
pub struct RuleWatch {
    store: Store,
    clock: Arc<dyn Clock>,
    params: FieldParams,
    snow: SnowWatch,
    grounds: Option<Grounds>,
    placed: PlacedGrounds,
    /// Zones that rules name and nobody draws, as they were last complained of.
    unknown: BTreeSet<(String, String)>,
}

impl RuleWatch {
    /// A watch that has not looked yet.
    pub fn new(store: Store, clock: Arc<dyn Clock>, params: FieldParams) -> Self {
        RuleWatch {
            snow: SnowWatch::new(store.clone(), params.clone()),
            store,
            clock,
            params,
            grounds: None,
            placed: PlacedGrounds::default(),
            unknown: BTreeSet::new(),
        }
    }

    /// Works until the shutdown.
    ///
    /// # Errors
    /// Database errors.
    pub async fn run(&mut self, shutdown: Shutdown) -> anyhow::Result<()> {
        let channels = &["yukimichi_verdicts", "yukimichi_rules"];
        let mut waiter = Waiter::new(&self.store, channels);
        // In real time, so that a fast clock does not make it spin.
        let tick = self.clock.real(TICK).clamp(Duration::from_secs(1), TICK);
        loop {
            match self.cycle().await {
                Ok(_) => {}
                // A firm answered meanwhile, say: it is looked again at once.
                Err(error) if is_overtaken(&error) => continue,
                Err(error) => return Err(error),
            }
            tokio::select! {
                () = super::called(&shutdown) => return Ok(()),
                () = waiter.wait(tick) => {}
            }
        }
    }

    /// One look; `None` where another process is at it.
    ///
    /// # Errors
    /// Database errors, and a call-out that changed meanwhile; then nothing was written.
    pub async fn cycle(&mut self) -> anyhow::Result<Option<RuleCycle>> {
        let (store, began, now) = (self.store.clone(), Instant::now(), self.clock.now());
        // First, so that what is read below is what the last look left.
        let Some(mut writer) = store.write_rule_cycle().await? else {
            return Ok(None);
        };
        let rules = store.rules_at(now, None).await?;
        let standings = store.rule_standings(None).await?;
        let found = self.look(&rules, &standings, now).await?;

        let mut caller = Caller::new(&store, now);
        for one in &found {
            caller.take(one, &rules[one.rule]).await?;
        }
        let turned = writer.page(&pages_of(&found), now).await?;
        for page in &turned.opened {
            caller.page(page)?;
        }
        for page in &turned.closed {
            caller.page_is_over(page).await?;
        }
        let calls = caller.calls();
        writer.remember(&changed(&found, &standings, now)).await?;
        writer.call(&calls.openings, &calls.changes).await?;
        let cycle = RuleCycle {
            took_ms: began.elapsed().as_secs_f64() * 1e3,
            ..summary(&rules, &found)
        };
        writer.commit(&cycle, now).await?;
        let detail = json!({
            "zones": cycle.zones, "rules": cycle.rules, "raised": cycle.raised,
            "stood_down": cycle.stood_down, "doubts": cycle.doubts, "took_ms": cycle.took_ms,
        });
        store.keep_cycle(WORKER, &detail, now).await?;
        if cycle.raised + cycle.stood_down > 0 {
            let (zones, raised) = (cycle.zones, cycle.raised);
            tracing::info!("{zones} zones looked at, {raised} raised");
        }
        Ok(Some(cycle))
    }

    async fn look(
        &mut self,
        rules: &[RuleRecord],
        standings: &Standings,
        now: Timestamp,
    ) -> anyhow::Result<Vec<Found>> {
        if rules.is_empty() {
            return Ok(Vec::new());
        }
        let store = self.store.clone();
        match &mut self.grounds {
            Some(grounds) => grounds.follow(&store).await?,
            None => self.grounds = Some(Grounds::load(&store).await?),
        }
        let Some(grounds) = self.grounds.take() else {
            return Ok(Vec::new());
        };
        self.complain(rules, &grounds);
        let memories = remembered(&store, rules, &grounds, standings).await?;
        let endings = store.rule_round_endings().await?;
        let asked: Vec<String> = rules.iter().flat_map(|r| r.rule.stations.clone()).collect();
        let forecasts = SnowForecasts::new(store.snow_forecasts_at(now).await?);
        let series = self.snow.series(now).await?;
        let (params, rules) = (self.params.clone(), rules.to_vec());
        let mut placed = std::mem::take(&mut self.placed);
        let (found, grounds, placed) = tokio::task::spawn_blocking(move || {
            let around = Surroundings::new(&series, &asked, forecasts, &params, now);
            let memory_of = |key: &RuleZone| memories.get(key).cloned().unwrap_or_default();
            let ending_of = |key: &RuleZone| endings.get(key).copied();
            let found = look(&rules, &grounds, &mut placed, &around, memory_of, ending_of);
            (found, grounds, placed)
        })
        .await?;
        (self.grounds, self.placed) = (Some(grounds), placed);
        Ok(found)
    }

    /// Says once which zones are named and not there: nobody would ever be called for them.
    fn complain(&mut self, rules: &[RuleRecord], grounds: &Grounds) {
        let unknown: BTreeSet<(String, String)> = rules
            .iter()
            .flat_map(|record| {
                let zones = grounds.unknown_zones(&record.manager_code, &record.rule);
                zones.into_iter().map(|zone| (record.rule.id.clone(), zone))
            })
            .collect();
        for (rule, zone) in unknown.difference(&self.unknown) {
            tracing::warn!("rule {rule} is for zone {zone}, which no feed draws: it calls nobody");
        }
        self.unknown = unknown;
    }
}

fn is_overtaken(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(StoreError::Overtaken))
}

/// What rules remember of zones. What was forgotten is made again from the call-outs that there are.
async fn remembered(
    store: &Store,
    rules: &[RuleRecord],
    grounds: &Grounds,
    standings: &Standings,
) -> anyhow::Result<HashMap<RuleZone, RuleMemory>> {
    let mut memories = HashMap::new();
    let mut forgotten = Vec::new();
    for record in rules {
        for (manager_code, zone) in grounds.zones_of_rule(&record.manager_code, &record.rule) {
            let key = RuleZone {
                manager_code: manager_code.clone(),
                rule_id: record.rule.id.clone(),
                zone: zone.clone(),
            };
            match standings.get(&key) {
                Some(standing) => {
                    memories.insert(key, standing.memory.clone());
                }
                None => forgotten.push(key),
            }
        }
    }
    if !forgotten.is_empty() {
        let last = store.last_rule_rounds().await?;
        memories.extend(forgotten.into_iter().filter_map(|key| {
            let (round, since) = *last.get(&key)?;
            let memory = RuleMemory {
                round,
                phase: Phase::Open { since },
                ..RuleMemory::default()
            };
            Some((key, memory))
        }));
    }
    Ok(memories)
}

/// One page for each manager and cause.
fn pages_of(found: &[Found]) -> Vec<(String, Page<String>)> {
    let managers: BTreeSet<&String> = found.iter().map(|f| &f.key.manager_code).collect();
    managers
        .into_iter()
        .flat_map(|manager| {
            let own = found.iter().filter(|f| f.key.manager_code == *manager);
            pages(own.map(|f| (f.key.zone.clone(), f.verdict.causes.as_slice())))
                .into_iter()
                .map(|page| (manager.clone(), page))
        })
        .collect()
}

/// What is to be kept: what has changed.
fn changed(
    found: &[Found],
    standings: &Standings,
    now: Timestamp,
) -> Vec<(RuleZone, RuleStanding)> {
    found
        .iter()
        .filter_map(|f| {
            let was = standings.get(&f.key);
            let outcome = f.verdict.outcome.as_str();
            let same = was.filter(|was| was.outcome == outcome);
            let standing = RuleStanding {
                memory: f.verdict.memory.clone(),
                outcome: outcome.to_owned(),
                reason: f.verdict.reason_ja(),
                since: same.map_or(now, |was| was.since),
            };
            (was != Some(&standing)).then(|| (f.key.clone(), standing))
        })
        .collect()
}

fn summary(rules: &[RuleRecord], found: &[Found]) -> RuleCycle {
    let count = |wanted: fn(&Outcome) -> bool| {
        found.iter().filter(|f| wanted(&f.verdict.outcome)).count() as u32
    };
    let zones: BTreeSet<_> = found
        .iter()
        .map(|f| (&f.key.manager_code, &f.key.zone))
        .collect();
    RuleCycle {
        zones: zones.len() as u32,
        rules: rules.len() as u32,
        raised: count(|outcome| matches!(outcome, Outcome::Raise { .. })),
        stood_down: count(|outcome| matches!(outcome, Outcome::StandDown { .. })),
        doubts: count(|outcome| matches!(outcome, Outcome::Doubt)),
        took_ms: 0.0,
    }
}

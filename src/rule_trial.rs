//! What rules would have raised in a past night, from what was measured and cleared then. Raises nothing.

use crate::workers::ruling::grounds::Grounds;
use crate::workers::ruling::look::{Found, PlacedGrounds, look};
use domain::coverage::{NarrowRules, Pass, SegmentShape, segment_facts};
use domain::observation::{Quantity, StationKey};
use domain::quality::{QualityParams, StationSeries, flagged};
use domain::rules::{Outcome, Phase, RuleMemory, StandbyTurn, Surroundings};
use domain::snow_field::FieldParams;
use domain::snow_forecast::SnowForecasts;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{ObservationFilter, RuleRecord, RuleZone, Store};

/// How often rules are looked at.
const STEP: SignedDuration = SignedDuration::from_mins(10);
/// Readings that came so late are known.
const LATE: SignedDuration = SignedDuration::from_hours(24);
/// Longest span that is tried at once.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 14);

const READ: [Quantity; 3] = [
    Quantity::DepthCm,
    Quantity::Snowfall1hCm,
    Quantity::TemperatureC,
];

/// Something that would have happened.
#[derive(Debug, Clone, PartialEq)]
pub struct TrialEvent {
    /// When.
    pub at: Timestamp,
    /// Which rule and zone.
    pub key: RuleZone,
    /// `raise`, `stand_down`, `standby`, `standby_lifted` or `doubt`.
    pub what: &'static str,
    /// Which round; 0 for a doubt.
    pub round: u32,
    /// Why, for people.
    pub reason: String,
    /// By when the roads would have had to be done.
    pub deadline: Option<Timestamp>,
}

/// What a trial came to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trial {
    /// In the order of time.
    pub events: Vec<TrialEvent>,
    /// How often it was looked.
    pub looks: usize,
    /// How many zones were looked at.
    pub zones: usize,
    /// How many readings there were.
    pub readings: usize,
}

/// Tries rules over a span. Readings are judged as quality control judges them today, late ones
/// included; roads are cleared when plows were seen to clear them.
///
/// # Errors
/// Database errors.
pub async fn try_rules(
    store: &Store,
    rules: Vec<RuleRecord>,
    quality: &QualityParams,
    narrow: NarrowRules,
    (from, to): (Timestamp, Timestamp),
) -> anyhow::Result<Trial> {
    let params = FieldParams::default();
    let series = read_series(store, quality, &params, from, to).await?;
    let grounds = Grounds::load(store).await?;
    let segments: BTreeSet<u32> = rules
        .iter()
        .flat_map(|r| grounds.zones_of_rule(&r.manager_code, &r.rule))
        .flat_map(|zone| grounds.segments(zone).iter().copied())
        .collect();
    let ids: Vec<_> = segments
        .iter()
        .map(|segment| grounds.network().segments()[*segment as usize].id)
        .collect();
    let since = from
        .saturating_sub(params.horizon)
        .unwrap_or(Timestamp::MIN);
    let mut passes: HashMap<u32, Vec<Pass>> = HashMap::new();
    for seen in store.passes_between(&ids, since, to).await? {
        if let Some(segment) = grounds.network().find(seen.segment) {
            passes.entry(segment).or_default().push(seen.pass);
        }
    }
    let mut forecasts = BTreeMap::new();
    let mut at = from;
    while at <= to {
        forecasts.insert(at, SnowForecasts::new(store.snow_forecasts_at(at).await?));
        at = at.checked_add(STEP)?;
    }
    let night = Night {
        rules,
        series,
        passes,
        forecasts,
        params,
        narrow,
    };
    Ok(tokio::task::spawn_blocking(move || night.pass_by(grounds, segments)).await?)
}

async fn read_series(
    store: &Store,
    quality: &QualityParams,
    params: &FieldParams,
    from: Timestamp,
    to: Timestamp,
) -> anyhow::Result<Vec<StationSeries>> {
    let back = params.horizon + params.longest_gap;
    let mut stations: BTreeMap<StationKey, StationSeries> = BTreeMap::new();
    for record in store.stations_at(Timestamp::MAX).await? {
        let series = StationSeries::of_station(&record.feed_id, &record.station);
        stations.insert(series.key.clone(), series);
    }
    for quantity in READ {
        let filter = ObservationFilter {
            at: to.saturating_add(LATE)?,
            within: to.duration_since(from) + back + LATE,
            feed_id: None,
            station_id: None,
            quantity: Some(quantity),
            area: None,
            all: true,
            after: None,
            limit: i64::MAX,
        };
        for record in store.observations(&filter).await? {
            let key = StationKey::new(record.feed_id, record.observation.station_id.clone());
            if let Some(series) = stations.get_mut(&key) {
                series.add_observation(record.observation);
            }
        }
    }
    let stations: Vec<StationSeries> = stations.into_values().collect();
    let quality = quality.clone();
    let judge = move || flagged(&stations, &quality);
    Ok(tokio::task::spawn_blocking(judge).await?)
}

/// All that was known of a span.
struct Night {
    rules: Vec<RuleRecord>,
    series: Vec<StationSeries>,
    passes: HashMap<u32, Vec<Pass>>,
    forecasts: BTreeMap<Timestamp, SnowForecasts>,
    params: FieldParams,
    narrow: NarrowRules,
}

impl Night {
    fn pass_by(self, mut grounds: Grounds, segments: BTreeSet<u32>) -> Trial {
        let asked: Vec<String> = (self.rules.iter())
            .flat_map(|record| record.rule.stations.clone())
            .collect();
        let mut trial = Trial {
            readings: (self.series.iter())
                .flat_map(|series| series.quantities())
                .map(|(_, readings)| readings.len())
                .sum(),
            ..Trial::default()
        };
        let mut placed = PlacedGrounds::default();
        let mut memories: HashMap<RuleZone, RuleMemory> = HashMap::new();
        let mut doubted: BTreeSet<RuleZone> = BTreeSet::new();
        // What is cleared today was not cleared then.
        grounds.set_cleared(segments.into_iter().map(|segment| (segment, None)));
        let mut before: Option<Timestamp> = None;
        for (now, forecasts) in &self.forecasts {
            let cleared = self.cleared_between(&grounds, before, *now);
            if !cleared.is_empty() {
                grounds.set_cleared(cleared);
            }
            before = Some(*now);
            let forecasts = forecasts.clone();
            let around = Surroundings::new(&self.series, &asked, forecasts, &self.params, *now);
            let memory_of = |key: &RuleZone| memories.get(key).cloned().unwrap_or_default();
            let found = look(
                &self.rules,
                &grounds,
                &mut placed,
                &around,
                memory_of,
                |_| None,
            );
            trial.looks += 1;
            let zones: BTreeSet<_> = found
                .iter()
                .map(|f| (&f.key.manager_code, &f.key.zone))
                .collect();
            trial.zones = trial.zones.max(zones.len());
            for one in found {
                trial.events.extend(events_of(&one, *now, &mut doubted));
                memories.insert(one.key, one.verdict.memory);
            }
        }
        trial
    }

    /// When segments with a pass in between are cleared, by the passes up to now.
    fn cleared_between(
        &self,
        grounds: &Grounds,
        before: Option<Timestamp>,
        now: Timestamp,
    ) -> Vec<(u32, Option<Timestamp>)> {
        let is_new = |pass: &Pass| pass.left_at <= now && before.is_none_or(|b| pass.left_at > b);
        self.passes
            .iter()
            .filter(|(_, passes)| passes.iter().any(is_new))
            .map(|(segment, passes)| {
                let shape = SegmentShape::of(grounds.network(), *segment, &self.narrow);
                let known: Vec<Pass> = passes
                    .iter()
                    .filter(|p| p.left_at <= now)
                    .cloned()
                    .collect();
                let facts = segment_facts(&shape, &known);
                let both = facts.forward.cleared_at.zip(facts.backward.cleared_at);
                (
                    *segment,
                    both.map(|(forward, backward)| forward.min(backward)),
                )
            })
            .collect()
    }
}

fn events_of(found: &Found, at: Timestamp, doubted: &mut BTreeSet<RuleZone>) -> Vec<TrialEvent> {
    let verdict = &found.verdict;
    let event = |what, round| TrialEvent {
        at,
        key: found.key.clone(),
        what,
        round,
        reason: verdict.reason_ja(),
        deadline: verdict.deadline,
    };
    let mut events = Vec::new();
    match verdict.standby {
        Some(StandbyTurn::Ready { round, .. }) => events.push(event("standby", round)),
        Some(StandbyTurn::Lifted { round }) => events.push(event("standby_lifted", round)),
        None => {}
    }
    match verdict.outcome {
        Outcome::Raise { round } => events.push(event("raise", round)),
        Outcome::StandDown { round } => events.push(event("stand_down", round)),
        // A doubt that lasts is one page.
        Outcome::Doubt if doubted.insert(found.key.clone()) => events.push(event("doubt", 0)),
        _ => {}
    }
    if verdict.outcome != Outcome::Doubt && !matches!(verdict.memory.phase, Phase::Open { .. }) {
        doubted.remove(&found.key);
    }
    events
}

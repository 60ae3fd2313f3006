//! `/api/v1/feeds`: who speaks for which roads, when they were last heard, and how much to believe
//! them.

use super::listing::ListQuery;
use super::metrics::circuit_of;
use super::{AppState, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use domain::road_manager::RoadManager;
use domain::status::StatusPolicy;
use domain::trust::{Doubt, FactTimes, HEARD_WITHIN, TrustPolicy, doubts, judge_clock};
use ingest::transport::RetryPolicy;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use store::{FeedHealth, FeedScope, FeedTrust};

/// Freshness of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FeedState {
    /// Heard within its interval and a half.
    Fresh,
    /// Heard, but not within that.
    Late,
    /// Not heard for three intervals: its roads are unconfirmed.
    Silent,
    /// Never heard.
    Never,
}

/// The freshness of a feed at `now`.
pub(super) fn feed_state(
    last_contact_at: Option<Timestamp>,
    interval: SignedDuration,
    policy: &StatusPolicy,
    now: Timestamp,
) -> FeedState {
    let Some(last) = last_contact_at else {
        return FeedState::Never;
    };
    if policy.is_silent(Some(last), interval, now) {
        FeedState::Silent
    } else if now.duration_since(last).as_secs_f64() > 1.5 * interval.as_secs_f64() {
        FeedState::Late
    } else {
        FeedState::Fresh
    }
}

/// Counts and lag are over this long before the moment asked for.
const TRUST_WINDOW: SignedDuration = SignedDuration::from_hours(24);

#[derive(Serialize)]
struct FeedList {
    at: Timestamp,
    now: Timestamp,
    simulated: bool,
    items: Vec<FeedItem>,
    next: Option<String>,
}

#[derive(Serialize)]
struct FeedItem {
    id: String,
    manager: RoadManager,
    format: String,
    interval_s: f64,
    push: bool,
    /// Which segments it speaks for.
    covers: Value,
    /// How it is asked after failures; of now. `None` for feeds that push.
    circuit: Option<CircuitAnswer>,
    attribution: String,
    licence: String,
    /// Freshness and trust, as of the moment asked for.
    last_contact_at: Option<Timestamp>,
    last_success_at: Option<Timestamp>,
    last_new_at: Option<Timestamp>,
    last_fact_at: Option<Timestamp>,
    state: FeedState,
    last_error: Option<String>,
    lag_s: Option<f64>,
    rejection_share: Option<f64>,
    clock: ClockAnswer,
    /// Reasons to doubt it, for people.
    doubts: Vec<String>,
    units: UnitCount,
    window: WindowCounts,
    /// Totals since the feed is known; of now, whatever moment was asked for.
    facts_total: i64,
    fixes_total: i64,
    rejected_total: i64,
}

/// Whether a feed is asked as usual, or left alone after failures.
#[derive(Serialize)]
struct CircuitAnswer {
    /// `closed`, `open` or `half_open`.
    state: &'static str,
    /// Attempts that failed since the last success.
    failures: i32,
    next_attempt_at: Option<Timestamp>,
    /// How often it is tried while open, at the least.
    trial_every_s: f64,
}

/// Whether the feed's times can be right.
#[derive(Serialize)]
struct ClockAnswer {
    believed: bool,
    skew_hours: Option<i32>,
    doubted_since: Option<Timestamp>,
}

/// Units of a feed; of now, whatever moment was asked for.
#[derive(Default, Serialize)]
struct UnitCount {
    on_duty: Option<i32>,
    heard_in_15_min: usize,
}

/// What came within the last 24 hours.
#[derive(Serialize)]
struct WindowCounts {
    attempts: i64,
    failed: i64,
    new_facts: i64,
    repeats: i64,
    rejected: i64,
}

pub(super) async fn list(
    State(state): State<AppState>,
    query: ListQuery,
) -> Result<impl IntoResponse, Problem> {
    let now = state.clock.now();
    let mut trusts = state.store.feed_trust(query.at, TRUST_WINDOW).await?;
    let mut units: HashMap<String, usize> = HashMap::new();
    let since = now.saturating_sub(HEARD_WITHIN).unwrap_or(Timestamp::MIN);
    for unit in state.store.units_heard(since).await? {
        *units.entry(unit.feed_id).or_default() += 1;
    }
    let mut items: Vec<FeedItem> = state
        .store
        .feeds()
        .await?
        .into_iter()
        .filter(|feed| query.feed.as_ref().is_none_or(|id| *id == feed.entry.id))
        .filter(|feed| {
            query
                .manager
                .as_ref()
                .is_none_or(|code| *code == feed.manager.code)
        })
        .filter(|feed| {
            query
                .after
                .as_ref()
                .is_none_or(|after| feed.entry.id > *after)
        })
        .map(|feed| {
            let heard = units.remove(&feed.entry.id).unwrap_or_default();
            let trust = trusts.remove(&feed.entry.id).unwrap_or_default();
            item(feed, trust, heard, &state.policy, query.at, now)
        })
        .collect();
    let next = (items.len() > query.limit).then(|| items[query.limit - 1].id.clone());
    items.truncate(query.limit);
    let list = FeedList {
        at: query.at,
        now,
        simulated: state.simulated,
        items,
        next,
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(list)))
}

fn item(
    feed: FeedHealth,
    trust: FeedTrust,
    heard: usize,
    policy: &StatusPolicy,
    at: Timestamp,
    now: Timestamp,
) -> FeedItem {
    let circuit = circuit_of(&feed, now).map(|circuit| CircuitAnswer {
        state: circuit.as_str(),
        failures: feed.failures,
        next_attempt_at: feed.next_due_at,
        trial_every_s: RetryPolicy::for_interval(feed.entry.interval)
            .trial_every
            .as_secs_f64(),
    });
    let doubted = feed.clock_doubt_since.is_some_and(|since| since <= at);
    let receipts: Vec<FactTimes> = trust
        .receipts
        .iter()
        .map(|(observed_at, received_at)| FactTimes {
            observed_at: *observed_at,
            received_at: *received_at,
        })
        .collect();
    let lag = trust.lag_s.map(SignedDuration::from_secs_f64);
    let share = trust.rejection_share();
    let interval = feed.entry.interval;
    let clock = judge_clock(&receipts);
    let found = doubts(clock, lag, share, interval, &TrustPolicy::default());
    let stored = feed.clock_doubt.filter(|_| doubted);
    FeedItem {
        doubts: stored
            .into_iter()
            .chain(found.iter().map(Doubt::to_string))
            .collect(),
        clock: ClockAnswer {
            believed: !doubted,
            skew_hours: feed.skew_hours.filter(|_| doubted),
            doubted_since: feed.clock_doubt_since.filter(|_| doubted),
        },
        state: feed_state(trust.last_contact_at, feed.entry.interval, policy, at),
        id: feed.entry.id,
        manager: feed.manager,
        format: feed.entry.format,
        interval_s: feed.entry.interval.as_secs_f64(),
        push: feed.entry.push,
        covers: match &feed.entry.scope {
            FeedScope::Manager => json!("manager"),
            FeedScope::Passes => json!("passes"),
            FeedScope::Zones(zones) => json!({ "zones": zones }),
            FeedScope::Area(_) => json!("area"),
        },
        circuit,
        attribution: feed.entry.attribution,
        licence: feed.entry.licence,
        rejection_share: share,
        last_contact_at: trust.last_contact_at,
        last_success_at: trust.last_success_at,
        last_new_at: trust.last_new_at,
        last_fact_at: trust.last_fact_at,
        last_error: trust.last_error,
        lag_s: trust.lag_s,
        units: UnitCount {
            on_duty: feed.entry.units_on_duty,
            heard_in_15_min: heard,
        },
        window: WindowCounts {
            attempts: trust.attempts,
            failed: trust.failed,
            new_facts: trust.new_facts,
            repeats: trust.repeats,
            rejected: trust.rejected,
        },
        facts_total: feed.facts_total,
        fixes_total: feed.fixes_total,
        rejected_total: feed.rejected_total,
    }
}

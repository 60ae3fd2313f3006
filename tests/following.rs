//! Fixes that come one by one, late and in any order, through restarts, end in the passes that
//! matching the whole night at once makes of them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use domain::coverage::{Confidence, NarrowRoads, Pass, covered_m};
use domain::fix::PlowFix;
use domain::matching::{MatchParams, MatchedSpan, map_match, split_traces};
use domain::network::{DEFAULT_TOLERANCE_M, RoadNetwork, build};
use domain::road_manager::{BilingualName, ManagerLevel, RoadManager};
use domain::work::WorkKind;
use jiff::{SignedDuration, Timestamp};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::{Batch, Cursor, Facts, FeedEntry, SegmentPass, Store, payload_sha256};
use yukimichi::clock::Clock;
use yukimichi::config::Config;
use yukimichi::database::Database;
use yukimichi::demo::{Fleet, Night, town};
use yukimichi::workers::matching::TraceMatcher;

/// How late a fix may come.
const LATEST_S: i64 = 600;
const NIGHT: SignedDuration = SignedDuration::from_mins(45);
const VEHICLES: usize = 5;

/// A clock that is set.
struct Hands(Mutex<Timestamp>);

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    fn real(&self, span: Duration) -> Duration {
        span
    }
}

/// Vehicles of all fleets, and their fixes in the order of time.
fn night(network: &RoadNetwork, seed: u64) -> BTreeMap<String, Vec<PlowFix>> {
    let begins: Timestamp = "2026-01-15T04:00:00+09:00".parse().unwrap();
    let night = Night::new(network, seed, begins);
    let mut fixes: BTreeMap<String, Vec<PlowFix>> = BTreeMap::new();
    for fleet in Fleet::ALL {
        for fix in night.fixes_between(fleet, begins, begins + NIGHT) {
            fixes.entry(fix.vehicle_id.clone()).or_default().push(fix);
        }
    }
    for of_one in fixes.values_mut() {
        of_one.sort_by_key(|fix| fix.observed_at);
        of_one.dedup_by_key(|fix| fix.observed_at);
    }
    let every = fixes.len().div_ceil(VEHICLES);
    fixes.into_iter().step_by(every).collect()
}

fn feed(id: &str) -> FeedEntry {
    FeedEntry {
        id: id.to_owned(),
        manager_code: "t".to_owned(),
        format: "plow_json".to_owned(),
        interval: SignedDuration::from_secs(30),
        scope: store::FeedScope::Manager,
        attribution: String::new(),
        licence: String::new(),
        push: false,
        units_on_duty: None,
    }
}

async fn keep(store: &Store, feed_id: &str, fixes: Vec<PlowFix>, now: Timestamp) {
    let ids = [feed_id.to_owned()];
    let lease = store.lease_due_feed("test", &ids, now);
    let lease = lease.await.unwrap().expect("the feed is due");
    let payload = format!("{feed_id} {now}");
    let sha256 = payload_sha256(payload.as_bytes());
    let facts = Facts {
        fixes,
        ..Facts::default()
    };
    let batch = Batch::of(now, payload.as_bytes(), &sha256, &facts);
    let cursor = Cursor {
        etag: None,
        last_modified: None,
        next_due_at: now,
        error: None,
    };
    store.keep_batch(&lease, &cursor, &batch).await.unwrap();
}

/// What the passes of a night must be, worked out without any of the ways that fixes come by.
fn at_once(network: &RoadNetwork, fixes: &[PlowFix]) -> Vec<SegmentPass> {
    let params = MatchParams::default();
    split_traces(fixes, &params)
        .iter()
        .flat_map(|trace| passes_of(network, &map_match(network, trace, &params)))
        .collect()
}

fn passes_of(network: &RoadNetwork, spans: &[MatchedSpan]) -> Vec<SegmentPass> {
    let to_microsecond = |at: Timestamp| Timestamp::from_microsecond(at.as_microsecond()).unwrap();
    let is_pass = |span: &MatchedSpan| span.work != Some(WorkKind::Transit) && !span.doubtful;
    let passes = spans.iter().enumerate().filter(|(_, span)| is_pass(span));
    passes
        .map(|(i, span)| {
            let (from_m, to_m) = covered_m(network, spans, i);
            SegmentPass {
                segment: network.segments()[span.segment as usize].id,
                pass: Pass {
                    direction: span.direction,
                    from_m,
                    to_m,
                    entered_at: to_microsecond(span.entered_at),
                    left_at: to_microsecond(span.left_at),
                    work: span.work,
                    confidence: if span.inferred {
                        Confidence::Inferred
                    } else {
                        Confidence::Seen
                    },
                },
            }
        })
        .collect()
}

async fn a_night_out_of_order(store: &Store, network: &RoadNetwork, seed: u64) {
    let feed_id = format!("f{seed}");
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let night = night(network, seed);
    let mut arrivals: Vec<(Timestamp, PlowFix)> = night
        .values()
        .flatten()
        .map(|fix| {
            let late_s = rng.random_range(0..LATEST_S);
            (
                fix.observed_at + SignedDuration::from_secs(late_s),
                fix.clone(),
            )
        })
        .collect();
    arrivals.sort_by_key(|(at, _)| *at);
    let clock = Arc::new(Hands(Mutex::new(arrivals[0].0)));
    let matcher = || TraceMatcher::new(store.clone(), clock.clone());
    let mut following = matcher();
    let mut weak = 0;
    let mut rest = &arrivals[..];
    while let Some((at, _)) = rest.first() {
        let now = *at + SignedDuration::from_secs(rng.random_range(20..120));
        let (come, later) = rest.split_at(rest.partition_point(|(at, _)| *at <= now));
        rest = later;
        *clock.0.lock().unwrap() = now;
        let fixes = come.iter().map(|(_, fix)| fix.clone()).collect();
        keep(store, &feed_id, fixes, now).await;
        if rng.random_range(0..8) == 0 {
            following = matcher();
        }
        following.drain().await.unwrap();
        weak += store.open_trace_count().await.unwrap();
    }
    assert!(weak > 0, "vehicles were on their way");
    *clock.0.lock().unwrap() += SignedDuration::from_mins(30);
    following.drain().await.unwrap();
    assert_eq!(store.open_trace_count().await.unwrap(), 0, "all are closed");
    let mut stored: BTreeMap<String, Vec<SegmentPass>> = BTreeMap::new();
    for (key, pass) in store.current_passes().await.unwrap() {
        if key.vehicle.feed_id == feed_id {
            stored.entry(key.vehicle.vehicle_id).or_default().push(pass);
        }
    }
    let mut passes = 0;
    for (vehicle_id, fixes) in &night {
        let expected = at_once(network, fixes);
        passes += expected.len();
        let found = stored.remove(vehicle_id).unwrap_or_default();
        assert_eq!(found, expected, "{feed_id} {vehicle_id}");
    }
    assert!(passes > 100, "{passes} passes");
}

#[tokio::test]
async fn a_shuffled_night_ends_as_the_night_at_once() {
    let folder = support::folder();
    let config = Config {
        data_dir: folder.path().to_owned(),
        ..Config::default()
    };
    let database = Database::join(&config).await.unwrap();
    let store = &database.store;
    let (network, report) = build(vec![town(1)], DEFAULT_TOLERANCE_M).unwrap();
    let epoch = Timestamp::UNIX_EPOCH;
    store
        .replace_network(&[], &[], &network, &report, epoch)
        .await
        .unwrap();
    let manager = RoadManager {
        code: "t".to_owned(),
        level: ManagerLevel::Municipal,
        name: BilingualName {
            ja: "町".to_owned(),
            en: "Town".to_owned(),
        },
        narrow: NarrowRoads::default(),
    };
    let seeds = [11, 12, 13];
    let feeds: Vec<FeedEntry> = seeds.iter().map(|seed| feed(&format!("f{seed}"))).collect();
    store.sync_feeds(&[manager], &feeds).await.unwrap();
    // As it comes back from the database, which keeps lengths and places to the bit.
    let stored = store.load_network().await.unwrap();
    for seed in seeds {
        a_night_out_of_order(store, &stored.network, seed).await;
    }
    database.close().await.unwrap();
}

//! Values that the store's tests keep.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use domain::coverage::NarrowRoads;
use domain::coverage::{Confidence, Pass};
use domain::fix::{PlowFix, Rejection};
use domain::geometry::LonLat;
use domain::network::{
    BuildReport, Joins, NodeKey, RoadAttributes, RoadId, RoadNetwork, RoadSource, RouteLine,
    RouteLineKind, SegmentId, SourceWay, build,
};
use domain::road_manager::{BilingualName, ManagerLevel, RoadManager};
use domain::work::{Direction, WorkKind};
use jiff::{SignedDuration, Timestamp};
use store::{Batch, Cursor, Facts, FeedEntry, FeedLease, Kept, RoadFile, SegmentPass, Store};
use store::{StoreError, payload_sha256};

/// A time on the test night, some seconds after 05:00 JST.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_768_420_800 + seconds).unwrap()
}

pub fn manager() -> RoadManager {
    RoadManager {
        code: "02201".to_owned(),
        level: ManagerLevel::Municipal,
        name: BilingualName {
            ja: "青森市".to_owned(),
            en: "Aomori City".to_owned(),
        },
        narrow: NarrowRoads::default(),
    }
}

pub fn feed(id: &str) -> FeedEntry {
    FeedEntry {
        id: id.to_owned(),
        manager_code: "02201".to_owned(),
        format: "plow_json".to_owned(),
        interval: SignedDuration::from_secs(30),
        scope: store::FeedScope::Manager,
        attribution: "青森市".to_owned(),
        licence: "CC-BY-4.0".to_owned(),
        push: false,
        units_on_duty: None,
    }
}

pub async fn store_with_feeds(pool: sqlx::PgPool, ids: &[&str]) -> Store {
    let store = Store::over(pool);
    let feeds: Vec<FeedEntry> = ids.iter().map(|id| feed(id)).collect();
    store.sync_feeds(&[manager()], &feeds).await.unwrap();
    store
}

pub fn fix(vehicle_id: &str, seconds: i64, lon: f64) -> PlowFix {
    PlowFix {
        vehicle_id: vehicle_id.to_owned(),
        observed_at: at(seconds),
        at: LonLat::new(lon, 40.7),
        heading_deg: Some(90.0),
        speed_kmh: None,
        work: Some(WorkKind::Plowing),
    }
}

/// Takes the lease and keeps one batch with it. Returns how many fixes were new.
pub async fn keep(
    store: &Store,
    feed_id: &str,
    payload: &[u8],
    fixes: &[PlowFix],
    now: Timestamp,
) -> usize {
    let facts = Facts {
        fixes: fixes.to_vec(),
        ..Facts::default()
    };
    keep_facts(store, feed_id, payload, &facts, &[], now)
        .await
        .fixes
}

/// Takes the lease and keeps a batch of any facts with it.
pub async fn keep_facts(
    store: &Store,
    feed_id: &str,
    payload: &[u8],
    facts: &Facts,
    rejections: &[Rejection],
    now: Timestamp,
) -> Kept {
    let ids = [feed_id.to_owned()];
    let lease = store
        .lease_due_feed("test", &ids, now)
        .await
        .unwrap()
        .unwrap();
    keep_with(store, &lease, payload, facts, rejections, now)
        .await
        .unwrap()
}

/// Keeps a batch with a lease that is held, or was.
pub async fn keep_with(
    store: &Store,
    lease: &FeedLease,
    payload: &[u8],
    facts: &Facts,
    rejections: &[Rejection],
    now: Timestamp,
) -> Result<Kept, StoreError> {
    let sha256 = payload_sha256(payload);
    let batch = Batch {
        rejections,
        ..Batch::of(now, payload, &sha256, facts)
    };
    let cursor = Cursor {
        etag: Some("\"1\""),
        last_modified: None,
        next_due_at: now,
        error: None,
    };
    store.keep_batch(lease, &cursor, &batch).await
}

/// Two streets that meet, and a melting pipe along the first.
pub fn network() -> (RoadNetwork, BuildReport) {
    let way = |id: i64, nodes: &[i64], line: &[(f64, f64)]| SourceWay {
        road_id: RoadId::Number(id),
        nodes: nodes.iter().map(|n| NodeKey::Osm(*n)).collect(),
        line: line.iter().map(|(x, y)| LonLat::new(*x, *y)).collect(),
        joins: Joins::AtSharedNodes,
        attributes: RoadAttributes {
            name: Some(format!("市道{id}号\t\\線\n")),
            class: "residential".to_owned(),
            lanes: Some(2),
            ..RoadAttributes::default()
        },
        position: 0,
    };
    let pipe = RouteLine {
        road_id: RoadId::Text("市消第17号".to_owned()),
        kind: RouteLineKind::Melting,
        melting: false,
        attributes: RoadAttributes::default(),
        line: vec![LonLat::new(140.6005, 40.7), LonLat::new(140.6015, 40.7)],
        position: 0,
    };
    let source = RoadSource {
        name: "t.osm".to_owned(),
        ways: vec![
            way(
                1,
                &[1, 2, 3],
                &[(140.6, 40.7), (140.602, 40.7), (140.604, 40.701)],
            ),
            way(2, &[2, 4], &[(140.602, 40.7), (140.602, 40.702)]),
        ],
        lines: vec![pipe],
        refused: vec![],
    };
    build(vec![source], 15.0).unwrap()
}

pub fn road_file(name: &str, bytes: &[u8]) -> RoadFile {
    RoadFile {
        name: name.to_owned(),
        manager_code: Some("02201".to_owned()),
        attribution: "青森市".to_owned(),
        tolerance_m: 15.0,
        bytes: bytes.to_vec(),
    }
}

pub fn pass_on(segment: SegmentId, from_m: f64, to_m: f64, left: i64) -> SegmentPass {
    SegmentPass {
        segment,
        pass: Pass {
            direction: Direction::Forward,
            from_m,
            to_m,
            entered_at: at(left - 30),
            left_at: at(left),
            work: Some(WorkKind::Plowing),
            confidence: Confidence::Seen,
        },
    }
}

//! What plows do in a zone: only passes that clear, on the zone's own segments, of its own manager.
#![allow(clippy::unwrap_used)]

mod support;

use domain::coverage::SegmentFacts;
use domain::network::SegmentId;
use domain::work::{Direction, WorkKind};
use sqlx::PgPool;
use store::{PassKey, SHARDS, SegmentPass, Store};
use support::{at, fix, keep, pass_on, store_with_feeds};

const IN_ZONE: SegmentId = SegmentId(11);
const OUTSIDE: SegmentId = SegmentId(12);

async fn lay(pool: &PgPool, version: i64, segment: SegmentId, direction: Option<&str>) {
    sqlx::query(
        "INSERT INTO laid_fact (kind, feed_id, fact_id, version_at, pending, network_version) \
         VALUES ('zone', 'f', 'A-1', to_timestamp($1), false, 1)",
    )
    .bind(version as f64)
    .execute(pool)
    .await
    .unwrap();
    sqlx::query(
        "INSERT INTO laid_stretch (kind, feed_id, fact_id, version_at, ordinal, segment_id, \
                                   from_m, to_m, direction) \
         VALUES ('zone', 'f', 'A-1', to_timestamp($1), 0, $2, 10, 110, $3)",
    )
    .bind(version as f64)
    .bind(segment.0 as i64)
    .bind(direction)
    .execute(pool)
    .await
    .unwrap();
}

async fn passed(store: &Store, vehicle: &str, payload: &[u8], passes: Vec<SegmentPass>) {
    keep(store, "f", payload, &[fix(vehicle, 0, 140.6)], at(1000)).await;
    let shards: Vec<i16> = (0..SHARDS).collect();
    let batch = store.take_fresh_fixes(&shards, None, 10).await.unwrap();
    let mut batch = batch.unwrap();
    let vehicle = batch.fresh()[0].vehicle.clone();
    let rows: Vec<_> = passes
        .into_iter()
        .enumerate()
        .map(|(ordinal, pass)| {
            let key = PassKey {
                vehicle: vehicle.clone(),
                trace_start: at(0),
                ordinal: ordinal as i32,
            };
            (key, Some(pass))
        })
        .collect();
    batch.write_passes(&rows, at(1000)).await.unwrap();
    batch.finish().await.unwrap();
}

#[sqlx::test(migrations = "../migrations")]
async fn only_work_in_the_zone_since_counts(pool: PgPool) {
    let store = store_with_feeds(pool.clone(), &["f"]).await;
    // A former version of the zone lay elsewhere.
    lay(&pool, 100, OUTSIDE, None).await;
    lay(&pool, 200, IN_ZONE, None).await;
    let mut transit = pass_on(IN_ZONE, 0.0, 50.0, 500);
    transit.pass.work = Some(WorkKind::Transit);
    let first = pass_on(IN_ZONE, 0.0, 50.0, 300);
    let last = pass_on(IN_ZONE, 50.0, 90.0, 400);
    passed(&store, "v", b"1", vec![first, last, transit]).await;
    passed(
        &store,
        "elsewhere",
        b"2",
        vec![pass_on(OUTSIDE, 0.0, 9.0, 300)],
    )
    .await;
    let units = |since| {
        let store = store.clone();
        async move { store.zone_units("02201", "A-1", at(since)).await.unwrap() }
    };
    let found = units(0).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        (
            found[0].vehicle_id.as_str(),
            found[0].first_left_at,
            found[0].last_left_at
        ),
        ("v", at(300), at(400))
    );
    assert!(found[0].last_observed_at.is_some());
    assert_eq!(units(350).await[0].first_left_at, at(400));
    assert!(units(401).await.is_empty());
    assert!(
        store
            .zone_units("02", "A-1", at(0))
            .await
            .unwrap()
            .is_empty()
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn a_zones_stretches_come_with_what_is_cleared(pool: PgPool) {
    let store = store_with_feeds(pool.clone(), &["f"]).await;
    lay(&pool, 200, IN_ZONE, Some("forward")).await;
    let stretches = store.zone_stretches("02201", "A-1").await.unwrap();
    assert_eq!((stretches.len(), stretches[0].facts), (1, None));
    let mut facts = SegmentFacts::default();
    facts.forward.cleared_at = Some(at(5));
    sqlx::query(
        "INSERT INTO segment_status (segment_id, cleared_fwd_min, cleared_rev_min, status, \
                                     sequence, changed_at, facts, feed_id) \
         VALUES ($1, 0, 0, 0, 1, now(), $2, 'f')",
    )
    .bind(IN_ZONE.0 as i64)
    .bind(serde_json::to_value(facts).unwrap())
    .execute(&pool)
    .await
    .unwrap();
    let stretches = store.zone_stretches("02201", "A-1").await.unwrap();
    assert_eq!(stretches[0].facts, Some(facts));
    assert_eq!(
        (
            stretches[0].segment,
            stretches[0].length_m,
            stretches[0].direction
        ),
        (IN_ZONE, 100.0, Some(Direction::Forward))
    );
    assert!(store.zone_stretches("02", "A-1").await.unwrap().is_empty());
}

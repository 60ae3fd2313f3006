//! What comes in is kept once and whole, with the feed's cursor.
#![allow(clippy::unwrap_used)]

mod support;

use domain::fix::{PlowFix, Rejection};
use jiff::Timestamp;
use sqlx::PgPool;
use store::{Facts, FreshFixes, MatchingBatch, SHARDS, Store, StoreError};
use support::{at, feed, fix, keep, keep_facts, keep_with, manager, store_with_feeds};

#[sqlx::test(migrations = "../migrations")]
async fn a_feed_is_leased_to_one_and_taken_over_when_its_holder_dies(pool: PgPool) {
    let store = store_with_feeds(pool, &["a", "b"]).await;
    let ids = ["a".to_owned(), "b".to_owned()];
    let first = store
        .lease_due_feed("x", &ids, at(0))
        .await
        .unwrap()
        .unwrap();
    let second = store
        .lease_due_feed("y", &ids, at(0))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (first.feed_id.as_str(), second.feed_id.as_str()),
        ("a", "b")
    );
    assert_eq!(store.lease_due_feed("z", &ids, at(29)).await.unwrap(), None);
    let taken = store
        .lease_due_feed("z", &ids, at(30))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(taken.feed_id, "a");
    // The first holder wakes up again: too late.
    let late = store.record_unchanged(&first, at(31), at(61)).await;
    assert!(matches!(late, Err(StoreError::LeaseLost { feed_id }) if feed_id == "a"));
    store
        .record_unchanged(&taken, at(31), at(61))
        .await
        .unwrap();
    store.release_leases("y").await.unwrap();
    let freed = store
        .lease_due_feed("z", &ids, at(32))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(freed.feed_id, "b");
}

#[sqlx::test(migrations = "../migrations")]
async fn freshness_follows_contact_success_and_failure(pool: PgPool) {
    let store = store_with_feeds(pool, &["f"]).await;
    let ids = ["f".to_owned()];
    let lease = store
        .lease_due_feed("x", &ids, at(0))
        .await
        .unwrap()
        .unwrap();
    store
        .record_failure(&lease, "the server answered 500", at(1), at(30))
        .await
        .unwrap();
    let health = &store.feeds().await.unwrap()[0];
    assert_eq!(
        health.last_error.as_deref(),
        Some("the server answered 500")
    );
    assert_eq!(health.last_contact_at, None);
    assert_eq!(store.lease_due_feed("x", &ids, at(29)).await.unwrap(), None);

    let lease = store
        .lease_due_feed("x", &ids, at(30))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(lease.failures, 1);
    store
        .record_unchanged(&lease, at(31), at(60))
        .await
        .unwrap();
    keep(&store, "f", b"1", &[fix("v", 50, 140.6)], at(61)).await;
    let health = &store.feeds().await.unwrap()[0];
    assert_eq!(health.last_error, None);
    assert_eq!(health.last_contact_at, Some(at(61)));
    assert_eq!(health.last_fact_at, Some(at(50)));
    assert_eq!((health.fixes_total, health.rejected_total), (1, 0));
}

#[sqlx::test(migrations = "../migrations")]
async fn feeds_that_leave_the_configuration_are_retired_not_forgotten(pool: PgPool) {
    let store = store_with_feeds(pool, &["a", "b"]).await;
    store.sync_feeds(&[manager()], &[feed("b")]).await.unwrap();
    let ids: Vec<String> = store
        .feeds()
        .await
        .unwrap()
        .into_iter()
        .map(|f| f.entry.id)
        .collect();
    assert_eq!(ids, ["b"]);
    assert_eq!(
        store
            .lease_due_feed("x", &["a".to_owned()], at(0))
            .await
            .unwrap(),
        None
    );
    store
        .sync_feeds(&[manager()], &[feed("a"), feed("b")])
        .await
        .unwrap();
    assert_eq!(store.feeds().await.unwrap().len(), 2);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_fix_that_another_process_kept_meanwhile_is_to_be_judged_again(pool: PgPool) {
    let store = store_with_feeds(pool, &["f"]).await;
    let (a, b, c) = (
        fix("v", 0, 140.6),
        fix("v", 5, 140.6001),
        fix("v", 10, 140.6002),
    );
    assert_eq!(
        keep(&store, "f", b"1", &[a.clone(), b.clone()], at(6)).await,
        2
    );
    // Judged before the others were there: nothing of it is kept, so that no answer is wrong.
    let raced = outrun(&store, "f", vec![b.clone(), c.clone()], at(11)).await;
    assert!(raced, "a stored fix was told as news");
    let like = store.stored_fixes_like("f", std::slice::from_ref(&c)).await;
    assert_eq!(like.unwrap(), []);
    assert_eq!(
        keep(&store, "f", b"2", std::slice::from_ref(&c), at(50)).await,
        1
    );
    let stored = store
        .stored_fixes_like("f", &[c.clone(), a.clone(), fix("w", 0, 1.0)])
        .await
        .unwrap();
    assert_eq!(stored.len(), 2);
    assert!(stored.contains(&a) && stored.contains(&c));
}

/// Whether keeping these is refused because some of them are there.
async fn outrun(store: &Store, feed_id: &str, fixes: Vec<PlowFix>, now: Timestamp) -> bool {
    let ids = [feed_id.to_owned()];
    let lease = store.lease_due_feed("test", &ids, now).await.unwrap();
    let facts = Facts {
        fixes,
        ..Facts::default()
    };
    let kept = keep_with(store, &lease.unwrap(), b"raced", &facts, &[], now).await;
    matches!(kept, Err(StoreError::Raced { .. }))
}

#[sqlx::test(migrations = "../migrations")]
async fn a_batch_is_kept_whole_or_not_at_all(pool: PgPool) {
    let store = store_with_feeds(pool.clone(), &["f"]).await;
    let ids = ["f".to_owned()];
    let lease = store
        .lease_due_feed("x", &ids, at(0))
        .await
        .unwrap()
        .unwrap();
    // Meanwhile the lease ends and another process takes the feed.
    store
        .lease_due_feed("y", &ids, at(31))
        .await
        .unwrap()
        .unwrap();
    let facts = Facts {
        fixes: vec![fix("v", 0, 140.6)],
        ..Facts::default()
    };
    let kept = keep_with(&store, &lease, b"p", &facts, &[], at(32)).await;
    assert!(matches!(kept, Err(StoreError::LeaseLost { .. })));
    let kept: (i64, i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM payload), (SELECT count(*) FROM fix), \
                (SELECT count(*) FROM fresh_fixes)",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(kept, (0, 0, 0));
}

#[sqlx::test(migrations = "../migrations")]
async fn rejected_records_are_kept_with_their_reason_and_counted(pool: PgPool) {
    let store = store_with_feeds(pool.clone(), &["f"]).await;
    let rejection = Rejection {
        position: 3,
        field: "lat".to_owned(),
        reason: "is missing".to_owned(),
        record: "{\"a\":\"\0\"}".to_owned(),
    };
    for (payload, now) in [(b"1", at(0)), (b"2", at(40))] {
        let rejections = std::slice::from_ref(&rejection);
        keep_facts(&store, "f", payload, &Facts::default(), rejections, now).await;
    }
    let (seen, position, field, reason): (i32, i64, String, String) =
        sqlx::query_as("SELECT seen, position, field, reason FROM rejection")
            .fetch_one(&pool)
            .await
            .unwrap();
    assert_eq!(
        (seen, position, field.as_str(), reason.as_str()),
        (2, 3, "lat", "is missing")
    );
    assert_eq!(store.feeds().await.unwrap()[0].rejected_total, 2);
}

#[sqlx::test(migrations = "../migrations")]
async fn new_fixes_mark_their_vehicle_from_the_earliest_on(pool: PgPool) {
    let store = store_with_feeds(pool, &["f"]).await;
    let shards: Vec<i16> = (0..SHARDS).collect();
    let (a, b, c) = (fix("v", 0, 140.6), fix("v", 900, 140.6), fix("w", 5, 140.6));
    keep(&store, "f", b"1", &[b.clone(), a.clone(), c], at(901)).await;
    let late = fix("v", 590, 140.6);
    keep(&store, "f", b"2", std::slice::from_ref(&late), at(950)).await;
    let taken = |batch: &MatchingBatch| -> Vec<(String, Timestamp, Timestamp)> {
        let fresh = batch.fresh().iter();
        fresh
            .map(|f| (f.vehicle.vehicle_id.clone(), f.from_at, f.heard_at))
            .collect()
    };
    let expected = [
        ("v".to_owned(), at(0), at(950)),
        ("w".to_owned(), at(5), at(901)),
    ];
    let mut batch = store
        .take_fresh_fixes(&shards, None, 10)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(taken(&batch), expected);
    let v = batch.fresh()[0].clone();
    let mut none = v.clone();
    none.vehicle.feed_id = "g".to_owned();
    let before_the_second = FreshFixes {
        heard_at: at(901),
        ..v.clone()
    };
    let wanted = [
        (&none, at(-9)),
        (&v, at(0)),
        (&v, at(-9)),
        (&before_the_second, at(-9)),
    ];
    let fixes = batch.fixes_after(&wanted).await;
    let first = vec![a.clone(), b.clone()];
    let (ab, all) = (vec![late.clone(), b.clone()], vec![a, late, b]);
    assert_eq!(fixes.unwrap(), [vec![], ab, all, first]);
    assert!(
        store
            .take_fresh_fixes(&shards, None, 10)
            .await
            .unwrap()
            .is_none(),
        "what is in work is nobody else's"
    );
    drop(batch);
    // Given back by the drop, as soon as the pool has rolled its connection back.
    let mut tries = 0;
    let again = loop {
        match store.take_fresh_fixes(&shards, None, 10).await.unwrap() {
            Some(batch) => break batch,
            None => tries += 1,
        }
        assert!(tries < 1000, "the marks were never given back");
    };
    assert_eq!(taken(&again), expected);
    drop(again);
    let mut tries = 0;
    let oldest = loop {
        match store.take_fresh_fixes(&shards, None, 1).await.unwrap() {
            Some(batch) => break batch,
            None => tries += 1,
        }
        assert!(tries < 1000, "the marks were never given back");
    };
    assert_eq!(taken(&oldest), expected[..1], "one vehicle, all its marks");
    oldest.finish().await.unwrap();
    let rest = store.take_fresh_fixes(&shards, None, 10).await.unwrap();
    let rest = rest.unwrap();
    assert_eq!(taken(&rest), expected[1..]);
    rest.finish().await.unwrap();
    assert!(store.is_idle().await.unwrap());
}

#[sqlx::test(migrations = "../migrations")]
async fn fixes_of_many_days_find_their_partitions(pool: PgPool) {
    let store = store_with_feeds(pool.clone(), &["f"]).await;
    let fixes: Vec<_> = (0..5).map(|day| fix("v", -day * 86_400, 140.6)).collect();
    assert_eq!(keep(&store, "f", b"1", &fixes, at(0)).await, 5);
    let partitions: i64 =
        sqlx::query_scalar("SELECT count(*) FROM pg_inherits WHERE inhparent = 'fix'::regclass")
            .fetch_one(&pool)
            .await
            .unwrap();
    assert_eq!(partitions, 5);
}

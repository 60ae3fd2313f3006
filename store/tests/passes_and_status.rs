//! Passes carry revisions, and one writer numbers the changes of status.
#![allow(clippy::unwrap_used)]

mod support;

use domain::network::SegmentId;
use domain::status::SegmentStatus;
use sqlx::PgPool;
use store::{MatchingBatch, OpenTrace, PassKey, SHARDS, SegmentPass, Store, Vehicle, WriterRow};
use support::{at, fix, keep, pass_on, store_with_feeds};

const A: SegmentId = SegmentId((1 << 53) - 1);
const B: SegmentId = SegmentId(2);

fn shards() -> Vec<i16> {
    (0..SHARDS).collect()
}

async fn taken(store: &Store) -> MatchingBatch {
    let batch = store.take_fresh_fixes(&shards(), None, 10).await.unwrap();
    batch.unwrap()
}

fn key(batch: &MatchingBatch, ordinal: i32) -> PassKey {
    PassKey {
        vehicle: batch.fresh()[0].vehicle.clone(),
        trace_start: at(0),
        ordinal,
    }
}

/// Marks the vehicle and writes passes of its trace.
async fn write(store: &Store, payload: &[u8], second: i64, passes: &[(i32, Option<SegmentPass>)]) {
    let fix = fix("v", second, 140.6);
    keep(store, "f", payload, &[fix], at(100 + second)).await;
    let mut batch = taken(store).await;
    let passes: Vec<_> = passes
        .iter()
        .map(|(ordinal, pass)| (key(&batch, *ordinal), pass.clone()))
        .collect();
    batch.write_passes(&passes, at(100 + second)).await.unwrap();
    if passes.iter().any(|(_, pass)| pass.is_none()) {
        batch.touch([B]);
    }
    batch.finish().await.unwrap();
}

async fn current(store: &Store) -> Vec<(i32, SegmentPass)> {
    let passes = store.current_passes().await.unwrap();
    passes
        .into_iter()
        .map(|(key, pass)| (key.ordinal, pass))
        .collect()
}

#[sqlx::test(migrations = "../migrations")]
async fn the_newest_revision_counts_and_nothing_is_overwritten(pool: PgPool) {
    let store = store_with_feeds(pool.clone(), &["f"]).await;
    let (a, b) = (pass_on(A, 0.0, 50.0, 30), pass_on(B, 0.0, 20.5, 40));
    write(&store, b"1", 1, &[(0, Some(a.clone())), (1, Some(b))]).await;
    let grown = pass_on(B, 0.0, 33.25, 45);
    let third = pass_on(A, 0.0, 9.0, 60);
    write(
        &store,
        b"2",
        2,
        &[(1, Some(grown.clone())), (2, Some(third))],
    )
    .await;
    write(&store, b"3", 3, &[(2, None)]).await;
    assert_eq!(current(&store).await, [(0, a), (1, grown.clone())]);
    let of_b = store.passes_of_segment(B, 10).await.unwrap();
    assert_eq!(of_b[0].segment_pass, grown);
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM pass")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(kept, 5, "append-only");

    keep(&store, "f", b"4", &[fix("v", 4, 140.6)], at(104)).await;
    let mut batch = taken(&store).await;
    let vehicle = batch.fresh()[0].vehicle.clone();
    let wanted = [(vehicle.clone(), at(0))];
    let stored = batch.stored_passes(&wanted).await.unwrap();
    let ordinals: Vec<_> = stored[&vehicle]
        .iter()
        .map(|(key, pass)| (key.ordinal, pass.is_some()))
        .collect();
    assert_eq!(ordinals, [(0, true), (1, true), (2, false)]);
    let later = batch.stored_passes(&[(vehicle, at(1))]).await.unwrap();
    assert!(later.is_empty(), "only traces from that time on");
}

#[sqlx::test(migrations = "../migrations")]
async fn an_open_trace_says_what_is_undecided_until_it_is_closed(pool: PgPool) {
    let store = store_with_feeds(pool, &["f"]).await;
    keep(&store, "f", b"1", &[fix("v", 0, 140.6)], at(5)).await;
    let mut batch = taken(&store).await;
    assert!(batch.open_traces().await.unwrap().is_empty());
    let vehicle = batch.fresh()[0].vehicle.clone();
    let (a, b) = (pass_on(A, 0.0, 50.0, 30), pass_on(B, 0.0, 20.5, 40));
    let trace = OpenTrace {
        vehicle: vehicle.clone(),
        trace_start: at(0),
        last_fix_at: at(0),
        heard_at: at(5),
        passes: vec![a.clone(), b.clone()],
    };
    let nowhere = OpenTrace {
        vehicle: Vehicle {
            vehicle_id: "w".to_owned(),
            ..vehicle.clone()
        },
        passes: Vec::new(),
        ..trace.clone()
    };
    batch
        .write_open_traces(&[nowhere.clone(), trace.clone()], at(6))
        .await
        .unwrap();
    batch.touch([A, B]);
    batch.finish().await.unwrap();
    let of_a = store.passes_of_segment(A, 10).await.unwrap();
    assert_eq!(of_a[0].segment_pass, a);
    let mut lock = store.try_writer_lock().await.unwrap().unwrap();
    let queued = lock.take_queue(10).await.unwrap();
    assert_eq!(queued.segments.len(), 2);
    assert!(queued.segments.iter().all(|s| s.passes.len() == 1));
    queued.discard().await.unwrap();

    // Quiet by the time of its fixes and by the time that they came.
    let quiet = |since| {
        let store = store.clone();
        async move {
            let taken = store.take_fresh_fixes(&shards(), Some(since), 10).await;
            taken.unwrap()
        }
    };
    assert!(quiet(at(5)).await.is_none());
    let mut batch = quiet(at(6)).await.unwrap();
    let named: Vec<_> = batch
        .fresh()
        .iter()
        .map(|f| (f.vehicle.vehicle_id.clone(), f.quiet, f.from_at))
        .collect();
    let name = |v: &str| (v.to_owned(), true, at(0));
    assert_eq!(named, [name("v"), name("w")]);
    let open = batch.open_traces().await.unwrap();
    assert_eq!(open[&vehicle].segments, [A, B]);
    let again = OpenTrace {
        passes: vec![b],
        ..trace
    };
    batch.write_open_traces(&[again], at(7)).await.unwrap();
    batch.close_traces(&[nowhere.vehicle]).await.unwrap();
    batch.finish().await.unwrap();
    assert!(store.passes_of_segment(A, 10).await.unwrap().is_empty());
    let batch = quiet(at(6)).await.unwrap();
    assert_eq!(batch.fresh().len(), 1, "the other one is closed");
}

#[sqlx::test(migrations = "../migrations")]
async fn processes_share_the_shards_and_take_over_a_dead_ones(pool: PgPool) {
    let store = store_with_feeds(pool, &["f"]).await;
    let mut first = store.shard_locks().await.unwrap();
    assert!(first.balance().await.unwrap().is_empty());
    assert_eq!(first.held(), shards());
    let mut second = store.shard_locks().await.unwrap();
    second.balance().await.unwrap();
    assert!(second.held().is_empty(), "all are taken as yet");
    assert_eq!(first.balance().await.unwrap().len(), 32);
    second.balance().await.unwrap();
    let mut all = [first.held(), second.held()].concat();
    all.sort_unstable();
    assert_eq!(all, shards());
    assert_eq!((first.held().len(), second.held().len()), (32, 32));
    drop(first);
    // Locks go with their connection; the server needs a moment to notice.
    let mut tries = 0;
    while second.held().len() < 64 {
        second.balance().await.unwrap();
        tries += 1;
        assert!(tries < 1000, "the shards were never freed");
    }
    second.confirm().await.unwrap();
}

#[sqlx::test(migrations = "../migrations")]
async fn the_writer_is_one_and_its_numbers_have_no_gaps(pool: PgPool) {
    let store = store_with_feeds(pool, &["f"]).await;
    let mut lock = store.try_writer_lock().await.unwrap().unwrap();
    assert!(store.try_writer_lock().await.unwrap().is_none());

    write(
        &store,
        b"1",
        1,
        &[
            (0, Some(pass_on(A, 0.0, 50.0, 30))),
            (1, Some(pass_on(B, 0.0, 9.0, 40))),
        ],
    )
    .await;
    let batch = lock.take_queue(100).await.unwrap();
    let queued: Vec<_> = batch
        .segments
        .iter()
        .map(|s| (s.segment, s.passes.len()))
        .collect();
    assert_eq!(queued, [(B, 1), (A, 1)]);
    assert_eq!(batch.segments[0].feed_id.as_deref(), Some("f"));
    let row = |segment, status| WriterRow {
        segment,
        status: SegmentStatus {
            cleared_fwd_min: 29_473_680,
            cleared_rev_min: 0,
            status,
        },
        facts: None,
        feed_id: None,
    };
    let last = batch
        .commit(&[row(A, 4), row(B, 3)], 0, at(50))
        .await
        .unwrap();
    assert_eq!(last, 2);

    // A batch that is dropped leaves the queue as it was.
    let shorter = [(0, Some(pass_on(A, 0.0, 60.0, 35))), (1, None)];
    write(&store, b"2", 2, &shorter).await;
    assert_eq!(lock.take_queue(100).await.unwrap().segments.len(), 2);
    let batch = lock.take_queue(100).await.unwrap();
    assert_eq!(batch.segments.len(), 2);
    batch.commit(&[row(A, 154)], 2, at(60)).await.unwrap();

    let changes = store.changes_after(1).await.unwrap();
    let seen: Vec<_> = changes
        .iter()
        .map(|c| (c.segment, c.sequence, c.status.status))
        .collect();
    assert_eq!(seen, [(B, 2, 3), (A, 3, 154)]);
    assert_eq!(store.last_sequence().await.unwrap(), 3);
    assert!(store.is_idle().await.unwrap());

    drop(lock);
    // The lock goes with its connection; the server needs a moment to notice.
    let mut tries = 0;
    while store.try_writer_lock().await.unwrap().is_none() {
        tries += 1;
        assert!(tries < 1000, "the lock was never freed");
    }
}

//! Passes carry revisions, and one writer numbers the changes of status.
#![allow(clippy::unwrap_used)]

mod support;

use domain::network::SegmentId;
use domain::status::SegmentStatus;
use sqlx::PgPool;
use store::{SegmentPass, Store, WriterRow};
use support::{at, fix, keep, pass_on, store_with_feeds};

const A: SegmentId = SegmentId((1 << 53) - 1);
const B: SegmentId = SegmentId(2);

/// Marks the vehicle's first window and writes its passes.
async fn write(store: &Store, payload: &[u8], second: i64, passes: &[SegmentPass]) -> usize {
    keep(
        store,
        "f",
        payload,
        &[fix("v", second, 140.6)],
        at(100 + second),
    )
    .await;
    let mut batch = store.take_windows(10).await.unwrap().unwrap();
    let window = batch.windows()[0].clone();
    let changed = batch
        .write_passes(&window, passes, at(100 + second))
        .await
        .unwrap();
    batch.finish().await.unwrap();
    changed
}

async fn current(store: &Store) -> Vec<(i32, SegmentPass)> {
    let passes = store.current_passes().await.unwrap();
    passes
        .into_iter()
        .map(|(_, ordinal, pass)| (ordinal, pass))
        .collect()
}

#[sqlx::test(migrations = "../migrations")]
async fn the_newest_revision_counts_and_only_changes_are_written(pool: PgPool) {
    let store = store_with_feeds(pool.clone(), &["f"]).await;
    let first = [pass_on(A, 0.0, 50.0, 30), pass_on(B, 0.0, 20.5, 40)];
    assert_eq!(write(&store, b"1", 1, &first).await, 2);
    assert_eq!(
        write(&store, b"2", 2, &first).await,
        0,
        "nothing new, nothing written"
    );

    let grown = [
        pass_on(A, 0.0, 50.0, 30),
        pass_on(B, 0.0, 33.25, 45),
        pass_on(A, 0.0, 9.0, 60),
    ];
    assert_eq!(write(&store, b"3", 3, &grown).await, 2);
    let expected: Vec<_> = (0..).zip(grown.iter().cloned()).collect();
    assert_eq!(current(&store).await, expected);

    let shrunk = [pass_on(B, 0.0, 50.0, 30)];
    assert_eq!(
        write(&store, b"4", 4, &shrunk).await,
        3,
        "two are withdrawn"
    );
    assert_eq!(current(&store).await, [(0, shrunk[0].clone())]);
    assert_eq!(store.passes_of_segment(A, 10).await.unwrap().len(), 0);
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM pass")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(kept, 7, "append-only");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_window_in_work_is_nobody_elses(pool: PgPool) {
    let store = store_with_feeds(pool, &["f"]).await;
    keep(
        &store,
        "f",
        b"1",
        &[fix("v", 0, 140.6), fix("w", 0, 140.6)],
        at(5),
    )
    .await;
    let mut first = store.take_windows(1).await.unwrap().unwrap();
    let second = store.take_windows(10).await.unwrap().unwrap();
    assert_ne!(first.windows()[0], second.windows()[0]);
    assert!(store.take_windows(10).await.unwrap().is_none());
    let window = first.windows()[0].clone();
    let fixes = first.fixes(&window, at(-300), at(900)).await.unwrap();
    assert_eq!(fixes, [fix("v", 0, 140.6)]);
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
        &[pass_on(A, 0.0, 50.0, 30), pass_on(B, 0.0, 9.0, 40)],
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
    write(&store, b"2", 2, &[pass_on(A, 0.0, 60.0, 35)]).await;
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

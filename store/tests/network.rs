//! The network survives the database, and an import swaps it whole.
#![allow(clippy::unwrap_used)]

mod support;

use domain::network::{BuildReport, RoadNetwork};
use sqlx::PgPool;
use store::{SHARDS, Store};
use support::{at, keep, network, road_file, store_with_feeds};

#[sqlx::test(migrations = "../migrations")]
async fn a_network_comes_back_as_it_was_written(pool: PgPool) {
    let store = Store::over(pool);
    let (written, report) = network();
    assert_eq!(written.segments().len(), 3);
    assert_eq!(written.all_stretches().count(), 1);
    let version = store
        .replace_network(&[road_file("t.osm", b"x")], &[], &written, &report, at(0))
        .await
        .unwrap();
    let read = store.load_network().await.unwrap();
    assert_eq!(read.version, version);
    assert_eq!(read.network.parts(), written.parts());
    assert_eq!(store.network_report().await.unwrap(), Some(report));
}

#[sqlx::test(migrations = "../migrations")]
async fn before_any_import_the_network_is_empty(pool: PgPool) {
    let read = Store::over(pool).load_network().await.unwrap();
    assert_eq!((read.version, read.network.segments().len()), (0, 0));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_file_of_the_same_name_is_replaced_and_others_stay(pool: PgPool) {
    let store = Store::over(pool);
    let (net, report) = network();
    // Larger than a chunk, so that it is cut and put together again.
    let large: Vec<u8> = (0..17 * 1024 * 1024u32).map(|i| (i % 251) as u8).collect();
    for (name, bytes) in [
        ("a.osm", &b"old"[..]),
        ("b.geojson", &large),
        ("a.osm", b"new"),
    ] {
        store
            .replace_network(&[road_file(name, bytes)], &[], &net, &report, at(0))
            .await
            .unwrap();
    }
    let names: Vec<String> = store
        .road_files()
        .await
        .unwrap()
        .into_iter()
        .map(|f| f.name)
        .collect();
    assert_eq!(names, ["b.geojson", "a.osm"], "oldest import first");
    assert_eq!(
        store.road_file("a.osm").await.unwrap(),
        Some(road_file("a.osm", b"new"))
    );
    assert_eq!(
        store.road_file("b.geojson").await.unwrap().unwrap().bytes,
        large
    );
    assert_eq!(store.road_file("c").await.unwrap(), None);

    store
        .replace_network(&[], &["b.geojson".to_owned()], &net, &report, at(1))
        .await
        .unwrap();
    assert_eq!(store.road_files().await.unwrap().len(), 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_import_has_recent_fixes_matched_again_and_tells_the_servers(pool: PgPool) {
    let store = store_with_feeds(pool, &["f"]).await;
    let mut listener = store.listen(&["yukimichi_network"]).await.unwrap();
    keep(&store, "f", b"1", &[support::fix("v", 0, 140.6)], at(10)).await;
    let shards: Vec<i16> = (0..SHARDS).collect();
    let taken = store.take_fresh_fixes(&shards, None, 10).await.unwrap();
    taken.unwrap().finish().await.unwrap();
    assert!(
        store
            .take_fresh_fixes(&shards, None, 10)
            .await
            .unwrap()
            .is_none()
    );

    let (net, report) = network();
    store
        .replace_network(&[], &[], &net, &report, at(20))
        .await
        .unwrap();
    assert_eq!(listener.next().await.unwrap(), "yukimichi_network");
    let taken = store.take_fresh_fixes(&shards, None, 10).await.unwrap();
    let batch = taken.unwrap();
    assert_eq!(batch.fresh().len(), 1);
    assert_eq!(
        batch.network_version(),
        store.network_version().await.unwrap()
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn a_failed_import_changes_nothing(pool: PgPool) {
    let store = Store::over(pool.clone());
    let (net, report) = network();
    store
        .replace_network(&[road_file("a.osm", b"1")], &[], &net, &report, at(0))
        .await
        .unwrap();
    sqlx::query("ALTER TABLE network ADD CHECK (node_count > 0)")
        .execute(&pool)
        .await
        .unwrap();
    let empty = RoadNetwork::assemble(Default::default());
    let failed = store
        .replace_network(
            &[road_file("b.osm", b"2")],
            &["a.osm".to_owned()],
            &empty,
            &BuildReport::default(),
            at(1),
        )
        .await;
    assert!(failed.is_err());
    assert_eq!(
        store.load_network().await.unwrap().network.parts(),
        net.parts()
    );
    assert_eq!(store.road_files().await.unwrap()[0].name, "a.osm");
}

#[sqlx::test(migrations = "../migrations")]
async fn one_import_at_a_time(pool: PgPool) {
    let store = Store::over(pool.clone());
    let lock = store.import_lock().await.unwrap();
    let free = || async {
        let taken: bool = sqlx::query_scalar("SELECT pg_try_advisory_xact_lock(1500315651)")
            .fetch_one(&pool)
            .await
            .unwrap();
        taken
    };
    assert!(!free().await);
    drop(lock);
    let mut tries = 0;
    while !free().await {
        tries += 1;
        assert!(tries < 1000, "the lock was never freed");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn the_writer_is_told_of_the_network_that_its_queue_belongs_to(pool: PgPool) {
    let store = Store::over(pool);
    let mut lock = store.try_writer_lock().await.unwrap().unwrap();
    let (net, report) = network();
    for now in [at(0), at(0), at(60)] {
        let version = store
            .replace_network(&[], &[], &net, &report, now)
            .await
            .unwrap();
        let batch = lock.take_queue(10).await.unwrap();
        assert_eq!(batch.network_version, version);
        batch.discard().await.unwrap();
    }
}

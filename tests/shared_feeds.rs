//! Several ingest processes share the feeds; what a dead one held is taken over within 30 s.
#![allow(clippy::unwrap_used)]

mod support;

use jiff::{SignedDuration, Timestamp};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::Arc;
use store::cluster::PrivateCluster;
use store::{Store, StoreError};
use yukimichi::clock::{Clock, FixedClock};
use yukimichi::config::Config;
use yukimichi::workers::pull::{FeedPuller, Outcome};

/// Serves one document to everybody.
fn serve(body: String) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut lines = BufReader::new(&stream).lines();
            while lines.next().is_some_and(|l| l.is_ok_and(|l| !l.is_empty())) {}
            let _ = write!(
                &stream,
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    address
}

#[tokio::test]
async fn a_dead_processes_feed_is_taken_over_and_nothing_is_kept_twice() {
    let folder = support::folder();
    let cluster = PrivateCluster::join(folder.path()).await.unwrap();
    let store = Store::connect(cluster.connect_options()).await.unwrap();
    let now: Timestamp = "2026-01-15T05:00:00+09:00".parse().unwrap();
    let at = |seconds: i64| now + SignedDuration::from_secs(seconds);
    let address = serve(format!(r#"[{{"v":"7","t":"{now}","x":140.6,"y":40.7}}]"#));
    let text = format!(
        r#"
[[manager]]
code = "m"
level = "municipal"
name = {{ ja = "雪道町" }}
[[feed]]
id = "f"
manager = "m"
format = "plow_json"
url = "http://{address}/"
every = "30s"
allow_private_address = true
[feed.plow_json]
items = ""
vehicle_id = "/v"
observed_at = "/t"
lon = "/x"
lat = "/y"
"#
    );
    let config = Config::parse(&text, "test").unwrap();
    yukimichi::commands::feeds_sync::sync_feeds(&config, &store)
        .await
        .unwrap();
    let ids = ["f".to_owned()];
    let puller = |name: &str, seconds: i64| {
        let clock: Arc<dyn Clock> = Arc::new(FixedClock(at(seconds)));
        FeedPuller::new(store.clone(), clock, &config.feed, name.to_owned()).unwrap()
    };

    // The first takes the lease and is not heard of again.
    let first = store
        .lease_due_feed("first", &ids, at(0))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        store.lease_due_feed("second", &ids, at(29)).await.unwrap(),
        None
    );
    let second = store
        .lease_due_feed("second", &ids, at(30))
        .await
        .unwrap()
        .unwrap();
    let kept = puller("second", 31).attempt(&second).await.unwrap();
    assert_eq!(
        kept,
        Outcome::Kept {
            new_facts: 1,
            rejected: 0
        }
    );

    // It was only slow: what it fetched is not kept, and the feed stays the second's.
    let late = puller("first", 32).attempt(&first).await.unwrap_err();
    let lost = late.downcast_ref::<StoreError>();
    assert!(
        matches!(lost, Some(StoreError::LeaseLost { .. })),
        "{late:#}"
    );
    let feed = &store.feeds().await.unwrap()[0];
    assert_eq!((feed.fixes_total, feed.last_contact_at), (1, Some(at(31))));
    assert_eq!(
        store.lease_due_feed("first", &ids, at(60)).await.unwrap(),
        None,
        "not due yet"
    );
    assert!(
        store
            .lease_due_feed("first", &ids, at(61))
            .await
            .unwrap()
            .is_some()
    );
    store.close().await;
    cluster.leave().await.unwrap();
}

//! Ingest is killed with SIGKILL at random moments, again and again: each accepted fix is kept once,
//! and the feed's cursor is never ahead of its facts.
//!
//! The test starts itself as the process that is killed: the real puller on the real store, with a
//! clock that begins where the parent says, so that a dead process's lease has run out.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use domain::fix::PlowFix;
use domain::geometry::LonLat;
use jiff::{SignedDuration, Timestamp};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};
use store::Store;
use store::cluster::PrivateCluster;
use yukimichi::clock::{Clock, ScaledClock};
use yukimichi::config::Config;
use yukimichi::workers::pull::FeedPuller;

const KILLS: u64 = 50;
const SEED: u64 = 20260115;
/// The child's settings: data folder, feed server's address, start of its clock.
const CHILD: &str = "YUKIMICHI_KILL_TEST";
/// Fixes of each payload, and how many of them the payload before had too.
const PAYLOAD: u64 = 600;
const OVERLAP: u64 = 200;
/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Longer than a lease, and than a process lives on its fast clock.
const BETWEEN: SignedDuration = SignedDuration::from_hours(1);

fn begin() -> Timestamp {
    "2026-01-15T04:00:00+09:00".parse().unwrap()
}

/// The fixes that the numbered payload tells, as the server sends and the store keeps them.
fn fixes(number: u64) -> Vec<PlowFix> {
    let first = number * (PAYLOAD - OVERLAP);
    (first..first + PAYLOAD)
        .map(|i| PlowFix {
            vehicle_id: (i % 50).to_string(),
            observed_at: begin() + SignedDuration::from_millis((i / 50 * 100) as i64),
            at: LonLat::new(140.0 + (i % 1000) as f64 / 1000.0, 40.5),
            heading_deg: None,
            speed_kmh: None,
            work: None,
        })
        .collect()
}

/// A feed with a new payload at each request, whose ETag is the payload's number. Tells of each
/// request before answering it.
fn serve(asked: mpsc::Sender<u64>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let next = Arc::new(AtomicU64::new(0));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let (next, asked) = (Arc::clone(&next), asked.clone());
            std::thread::spawn(move || {
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                while lines.next().is_some_and(|l| l.is_ok_and(|l| !l.is_empty())) {}
                let number = next.fetch_add(1, Ordering::SeqCst);
                let _ = asked.send(number);
                let items: Vec<String> = fixes(number)
                    .iter()
                    .map(|f| {
                        format!(
                            r#"{{"v":"{}","t":"{}","x":{},"y":{}}}"#,
                            f.vehicle_id, f.observed_at, f.at.lon, f.at.lat
                        )
                    })
                    .collect();
                let body = format!("[{}]", items.join(","));
                let head = format!(
                    "HTTP/1.1 200 OK\r\netag: \"{number}\"\r\ncontent-length: {}\r\n\
                     connection: close\r\n\r\n",
                    body.len()
                );
                // The reader may have been killed.
                let _ = stream.write_all(head.as_bytes());
                let _ = stream.write_all(body.as_bytes());
            });
        }
    });
    address
}

fn config(address: &str) -> Config {
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
every = "1s"
allow_private_address = true
[feed.plow_json]
items = ""
vehicle_id = "/v"
observed_at = "/t"
lon = "/x"
lat = "/y"
"#
    );
    Config::parse(&text, "test").unwrap()
}

/// Pulls until it is killed.
async fn pull(settings: &str) {
    let mut parts = settings.splitn(3, ' ');
    let address = parts.next().unwrap().to_owned();
    let start: Timestamp = parts.next().unwrap().parse().unwrap();
    let cluster = PrivateCluster::join(Path::new(parts.next().unwrap()))
        .await
        .unwrap();
    let store = Store::connect(cluster.connect_options()).await.unwrap();
    // Fast, so that it pulls again before it is killed.
    let clock: Arc<dyn Clock> = Arc::new(ScaledClock::start(start, 20.0));
    let feeds = config(&address).feed;
    let holder = std::process::id().to_string();
    let puller = Arc::new(FeedPuller::new(store, clock, &feeds, holder).unwrap());
    let (_stop, shutdown) = tokio::sync::watch::channel(false);
    puller.run(shutdown).await.unwrap();
}

fn start_child(data_dir: &Path, address: SocketAddr, start: Timestamp) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "each_fix_is_kept_once_though_ingest_is_killed_50_times",
        ])
        .env(CHILD, format!("{address} {start} {}", data_dir.display()))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The number of the payload at which the feed's cursor stands.
async fn cursor(store: &Store, now: Timestamp) -> Option<u64> {
    let ids = ["f".to_owned()];
    let began = Instant::now();
    let lease = loop {
        // The database may take a moment to see that the dead process is gone, with its locks.
        match store.lease_due_feed("parent", &ids, now).await.unwrap() {
            Some(lease) => break lease,
            None => tokio::time::sleep(Duration::from_millis(5)).await,
        }
        assert!(
            began.elapsed() < PATIENCE,
            "the dead process still holds the feed"
        );
    };
    store.release_leases("parent").await.unwrap();
    lease.etag.map(|e| e.trim_matches('"').parse().unwrap())
}

/// How many different fixes of these payloads are stored, each as it was told.
async fn stored(store: &Store, numbers: std::ops::RangeInclusive<u64>) -> usize {
    let told: HashMap<(String, Timestamp), PlowFix> = numbers
        .flat_map(fixes)
        .map(|f| ((f.vehicle_id.clone(), f.observed_at), f))
        .collect();
    let told_fixes: Vec<PlowFix> = told.values().cloned().collect();
    let found = store.stored_fixes_like("f", &told_fixes).await.unwrap();
    for fix in &found {
        assert_eq!(told[&(fix.vehicle_id.clone(), fix.observed_at)], *fix);
    }
    found.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_fix_is_kept_once_though_ingest_is_killed_50_times() {
    if let Ok(settings) = std::env::var(CHILD) {
        return pull(&settings).await;
    }
    let folder = support::folder();
    let cluster = PrivateCluster::join(folder.path()).await.unwrap();
    let store = Store::connect(cluster.connect_options()).await.unwrap();
    let (asked, requests) = mpsc::channel();
    let address = serve(asked);
    yukimichi::commands::feeds_sync::sync_feeds(&config(&address.to_string()), &store)
        .await
        .unwrap();
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    // Far enough behind the fixes that none of them is ahead of the clock.
    let mut now = begin() + SignedDuration::from_hours(2);
    let (mut last, mut moved) = (None, 0);
    for kill in 0..KILLS {
        let mut child = start_child(folder.path(), address, now);
        // Some die while they start, most while their first, second or third payload is fetched,
        // decoded or kept.
        if kill % 5 > 0 {
            for _ in 0..random.random_range(1..=3) {
                requests.recv_timeout(PATIENCE).unwrap();
            }
        }
        let _ = requests.recv_timeout(Duration::from_millis(random.random_range(0..150)));
        child.kill().unwrap();
        child.wait().unwrap();
        while requests.try_recv().is_ok() {}

        now += BETWEEN;
        let number = cursor(&store, now).await;
        assert!(
            number >= last,
            "the cursor went back from {last:?} to {number:?}"
        );
        if let Some(number) = number {
            let all = stored(&store, number..=number).await;
            assert_eq!(
                all as u64, PAYLOAD,
                "kill {kill}: the cursor is ahead of its facts"
            );
        }
        moved += u64::from(number > last);
        last = number;
    }
    let last = last.expect("something was kept");
    assert!(
        moved >= KILLS / 5,
        "only {moved} of {KILLS} processes got anywhere"
    );
    // Payloads that nobody lived to keep are told again in part; what counts is that the counter,
    // the cursor and the rows agree.
    let fixes_total = store.feeds().await.unwrap()[0].fixes_total;
    assert_eq!(stored(&store, 0..=last).await as i64, fixes_total);
    store.close().await;
    cluster.leave().await.unwrap();
}

//! The calling process is killed with SIGKILL at random moments while messages go out: none is lost,
//! and none has two effects, for a repeated one carries the key that the receiver has seen before.
//!
//! The test starts itself as the process that is killed: the real worker on the real store, on a
//! clock that stands still, so that each call-out has one message to send, whenever that is.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use dispatch::life::{DispatchKey, Mode, Opening};
use domain::contractor::{Contact, ContactBook, ContractForm, Contractor};
use jiff::Timestamp;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};
use store::Store;
use store::cluster::PrivateCluster;
use tokio::task::JoinSet;
use yukimichi::call_outs::opened;
use yukimichi::clock::FixedClock;
use yukimichi::config::Config;
use yukimichi::workers::dispatching::Dispatching;

const SEED: u64 = 20260115;
/// The child's data folder.
const CHILD: &str = "YUKIMICHI_KILL_DISPATCH_TEST";
const CHILD_TEST: &str = "calls_until_it_is_killed";
/// How long anything may take: twice a dead process's lease, and some.
const PATIENCE: Duration = Duration::from_secs(60);

const CONFIG: &str = r#"
[[manager]]
code = "m"
level = "municipal"
name = { ja = "雪道町" }
[notify.webhook]
allow_private_address = true
"#;

fn now() -> Timestamp {
    "2026-01-15T01:00:00+09:00".parse().unwrap()
}

/// A message as the receiver sees it: the call-out, the message's number in it, the key.
type Seen = (i64, u64, String);

/// Takes messages; tells of each as soon as it is there.
fn receive() -> (SocketAddr, mpsc::Receiver<Seen>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, seen) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let tell = tell.clone();
            // The sender may be killed in the middle of a request.
            std::thread::spawn(move || while take(&stream, &tell).is_some() {});
        }
    });
    (address, seen)
}

fn take(stream: &TcpStream, tell: &mpsc::Sender<Seen>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let (mut key, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().split_once(": ") {
            Some(("webhook-id", value)) => value.clone_into(&mut key),
            Some(("content-length", value)) => length = value.parse().ok()?,
            Some(_) => {}
            None if line.trim().is_empty() => break,
            None => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body: serde_json::Value = serde_json::from_slice(&body).ok()?;
    let data = &body["data"];
    let seen = (data["dispatch"].as_i64()?, data["number"].as_u64()?, key);
    tell.send(seen).ok()?;
    let mut stream = stream;
    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    stream.write_all(answer).ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_until_it_is_killed() {
    let Ok(data_dir) = std::env::var(CHILD) else {
        return;
    };
    let cluster = PrivateCluster::join(Path::new(&data_dir)).await.unwrap();
    let store = Store::connect(cluster.connect_options()).await.unwrap();
    let mut config = Config::parse(CONFIG, "test").unwrap();
    config.data_dir = data_dir.into();
    let clock = Arc::new(FixedClock(now()));
    let dispatching = Dispatching::new(&config, store, clock, None).unwrap();
    let (_stop, shutdown) = tokio::sync::watch::channel(false);
    let mut tasks = JoinSet::new();
    Arc::new(dispatching).spawn(&mut tasks, &shutdown);
    while tasks.join_next().await.is_some() {}
}

fn start_child(data_dir: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", CHILD_TEST])
        .env(CHILD, data_dir)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn zone(number: usize) -> String {
    format!("Z-{number}")
}

fn book(receiver: SocketAddr, call_outs: usize) -> ContactBook {
    ContactBook {
        contractors: vec![Contractor {
            code: "yamada".to_owned(),
            name: "山田建設".to_owned(),
            contract: ContractForm::Hourly,
            zones: (0..call_outs).map(zone).collect(),
            contacts: vec![Contact {
                key: "taro".to_owned(),
                name: "山田太郎".to_owned(),
                webhook: Some(format!("http://{receiver}/")),
                ..Contact::default()
            }],
        }],
        officers: Vec::new(),
    }
}

async fn raise(store: &Store, call_outs: usize) {
    let openings: Vec<_> = (0..call_outs)
        .map(|number| {
            let opening = Opening {
                key: DispatchKey {
                    manager: "m".to_owned(),
                    zone: zone(number),
                    rule: "new-snow-10".to_owned(),
                    round: 1,
                },
                mode: Mode::Order,
                drill: false,
                standby: false,
                reason: "新積雪 12 cm ≥ 10 cm".to_owned(),
                deadline: None,
                contractor: Some("yamada".to_owned()),
                by: None,
            };
            opened(&opening, now()).unwrap()
        })
        .collect();
    store.raise(&openings).await.unwrap();
}

/// Kills the calling process `kills` times while `call_outs` are called out, and counts.
async fn killed(kills: usize, call_outs: usize) {
    let folder = support::folder();
    let cluster = PrivateCluster::join(folder.path()).await.unwrap();
    let store = Store::connect(cluster.connect_options()).await.unwrap();
    let config = Config::parse(CONFIG, "test").unwrap();
    yukimichi::commands::feeds_sync::sync_feeds(&config, &store)
        .await
        .unwrap();
    let (receiver, seen) = receive();
    let book = book(receiver, call_outs);
    store.keep_contact_book("m", &book, now()).await.unwrap();
    raise(&store, call_outs).await;

    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let mut keys: BTreeMap<(i64, u64), BTreeSet<String>> = BTreeMap::new();
    let (mut requests, mut unfinished) = (0_usize, 0_usize);
    let mut count = |(id, number, key): Seen| {
        requests += 1;
        keys.entry((id, number)).or_default().insert(key);
    };
    let begun = Instant::now();
    for kill in 0..kills {
        let mut child = start_child(folder.path());
        // Some die while they start, most while messages are on their way.
        if kill % 5 > 0 {
            for _ in 0..random.random_range(1..=call_outs.div_ceil(kills).max(1)) {
                match seen.recv_timeout(Duration::from_secs(25)) {
                    Ok(message) => count(message),
                    Err(_) => break,
                }
            }
        }
        if let Ok(message) = seen.recv_timeout(Duration::from_millis(random.random_range(0..60))) {
            count(message);
        }
        child.kill().unwrap();
        child.wait().unwrap();
        unfinished += usize::from(store.messages_waiting().await.unwrap() > 0);
    }
    // The last one lives, until all is told that can be.
    let mut child = start_child(folder.path());
    let quiet = Instant::now();
    loop {
        if let Ok(message) = seen.recv_timeout(Duration::from_millis(200)) {
            count(message);
            continue;
        }
        let due = store.due_dispatches(now(), 1).await.unwrap();
        if due.is_empty() && store.messages_waiting().await.unwrap() == 0 {
            break;
        }
        assert!(
            quiet.elapsed() < PATIENCE + begun.elapsed(),
            "messages are stuck"
        );
    }
    while let Ok(message) = seen.try_recv() {
        count(message);
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let doubled = keys.values().filter(|keys| keys.len() > 1).count();
    let lost = call_outs - keys.keys().filter(|(_, number)| *number == 1).count();
    println!(
        "{kills} kills, {call_outs} call-outs in {:?}: {lost} lost, {doubled} with two effects; \
         {requests} requests, of which {} repeated a key; {unfinished} kills left messages waiting",
        begun.elapsed(),
        requests - keys.len(),
    );
    assert_eq!((lost, doubled, keys.len()), (0, 0, call_outs));
    store.close().await;
    cluster.leave().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_message_is_lost_or_doubled_though_its_sender_is_killed() {
    killed(6, 300).await;
}

/// The whole of it: `cargo test --test kill_dispatch -- --ignored --nocapture`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "some minutes"]
async fn killed_200_times_while_10_000_are_called_out() {
    killed(200, 10_000).await;
}

/// How fast: `cargo test --test kill_dispatch -- --ignored --nocapture thirty`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn thirty_thousand_are_called_out() {
    killed(0, 30_000).await;
}

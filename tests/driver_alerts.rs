//! Drivers are told at departure, once, and when their way is closed or open again.
#![allow(clippy::unwrap_used)]

mod support;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dispatch::notify::{VapidKey, WebPushNotifier};
use domain::driver_alert::{Language, QuietHours, Schedule};
use domain::geometry::LonLat;
use domain::network::{
    Joins, NodeKey, RoadAttributes, RoadId, RoadNetwork, RoadSource, SourceWay, build,
};
use domain::status::{SegmentStatus, State, StatusChange, StatusColumns, StatusTable};
use jiff::civil::time;
use jiff::{SignedDuration, Timestamp};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use store::cluster::PrivateCluster;
use store::{DriverSubscription, PushAddress, Store, Watch};
use tiles::TileSettings;
use tokio::sync::watch;
use tokio::task::JoinSet;
use yukimichi::clock::Clock;
use yukimichi::workers::driver_alerts::DriverAlerts;
use yukimichi::workers::follow::MapView;

/// A clock that the test sets.
#[derive(Clone)]
struct SetClock(Arc<AtomicI64>);

impl SetClock {
    fn set(&self, at: Timestamp) {
        self.0.store(at.as_second(), Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::SeqCst)).unwrap()
    }

    fn real(&self, _: Duration) -> Duration {
        Duration::ZERO
    }
}

/// A push service: the topic of each message that it took; what its path says is its answer.
fn push_service() -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (sender, taken) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = Vec::new();
            let mut chunk = [0; 4096];
            let head = loop {
                let read = stream.read(&mut chunk).unwrap();
                request.extend_from_slice(&chunk[..read]);
                let text = String::from_utf8_lossy(&request).to_lowercase();
                if let Some(end) = text.find("\r\n\r\n") {
                    break text[..end].to_owned();
                }
                assert!(read > 0, "an unfinished request");
            };
            let answer = if head.starts_with("post /gone") {
                "410 Gone"
            } else {
                "201 Created"
            };
            let topic = head.lines().find_map(|line| line.strip_prefix("topic: "));
            sender.send(topic.unwrap_or_default().to_owned()).ok();
            let answer =
                format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    (address, taken)
}

fn network() -> RoadNetwork {
    let places = [LonLat::new(140.60, 40.70), LonLat::new(140.61, 40.70)];
    let way = SourceWay {
        road_id: RoadId::Number(1),
        nodes: vec![NodeKey::Osm(1), NodeKey::Osm(2)],
        line: places.to_vec(),
        joins: Joins::AtSharedNodes,
        attributes: RoadAttributes {
            class: "primary".to_owned(),
            name: Some("県道1号".to_owned()),
            ..RoadAttributes::default()
        },
        position: 0,
    };
    let source = RoadSource {
        name: "roads.osm".to_owned(),
        ways: vec![way],
        ..RoadSource::default()
    };
    build(vec![source], 15.0).unwrap().0
}

fn subscription(endpoint: String) -> DriverSubscription {
    // The generator's point: any valid key does.
    let p256dh =
        "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU";
    DriverSubscription {
        address: PushAddress {
            endpoint,
            p256dh: URL_SAFE_NO_PAD.decode(p256dh).unwrap(),
            auth: vec![7; 16],
        },
        language: Language::Ja,
        watch: Watch::Way(vec![[140.601, 40.70], [140.609, 40.70]]),
        schedule: Schedule {
            departure: time(7, 0, 0, 0),
            days: [true; 7],
        },
        quiet: Some(QuietHours {
            from: time(22, 0, 0, 0),
            until: time(6, 0, 0, 0),
        }),
    }
}

struct Town {
    store: Store,
    clock: SetClock,
    status: Arc<StatusTable>,
    sequence: i64,
    taken: Receiver<String>,
}

impl Town {
    fn show(&mut self, state: State) {
        self.sequence += 1;
        self.status.write().set(StatusChange {
            segment: 0,
            status: SegmentStatus {
                status: 11 * state.code(),
                ..SegmentStatus::default()
            },
            sequence: self.sequence,
        });
    }

    /// The next message, which must come.
    fn told(&self) -> String {
        self.taken.recv_timeout(Duration::from_secs(60)).unwrap()
    }

    async fn is_closed(&self) -> bool {
        self.store.subscription("t").await.unwrap().unwrap().closed
    }

    /// Waits until a worker has seen that the way is closed, or open again.
    async fn until_closed(&self, closed: bool) {
        while self.is_closed().await != closed {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

fn at(text: &str) -> Timestamp {
    format!("2026-01-{text}:00+09:00").parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn drivers_are_told_once_whoever_looks() {
    let folder = support::folder();
    let cluster = PrivateCluster::join(folder.path()).await.unwrap();
    let store = Store::connect(cluster.connect_options()).await.unwrap();
    let (address, taken) = push_service();
    let network = Arc::new(network());
    let status = Arc::new(StatusTable::new(StatusColumns::new(1)));
    let zones = Arc::default();
    let view = MapView::new(
        1,
        network,
        zones,
        Arc::clone(&status),
        TileSettings::default(),
    );
    let (_views_end, views) = watch::channel(Arc::new(view));
    let mut town = Town {
        store: store.clone(),
        clock: SetClock(Arc::new(AtomicI64::new(at("12T06:59").as_second()))),
        status,
        sequence: 0,
        taken,
    };
    town.show(State::Cleared);
    let asked = subscription(format!("{address}/one"));
    let (due, made) = (at("12T07:00"), at("11T12:00"));
    store
        .keep_subscription("t", &asked, due, made)
        .await
        .unwrap();

    // Two processes look at the same drivers.
    let key = URL_SAFE_NO_PAD.encode([9; 32]);
    let (stop, shutdown) = watch::channel(false);
    let mut tasks = JoinSet::new();
    for _ in 0..2 {
        let key = VapidKey::parse(&key, "mailto:roads@example.jp").unwrap();
        let push = WebPushNotifier::new(key, true).unwrap();
        let clock = Arc::new(town.clock.clone());
        let alerts = DriverAlerts::new(store.clone(), clock, views.clone(), push, None, false);
        Arc::new(alerts).spawn(&mut tasks, &shutdown);
    }
    town.clock.set(at("12T07:00"));
    let first = town.told();
    let next = store.subscription("t").await.unwrap().unwrap().next_due_at;
    assert_eq!(next, at("13T07:00"));

    // Closed and reopened by day: told each time. By night it is only noted.
    town.clock.set(at("12T12:00"));
    town.show(State::Closed);
    let second = town.told();
    town.until_closed(true).await;
    town.show(State::Cleared);
    let third = town.told();
    town.until_closed(false).await;
    town.clock.set(at("12T23:00"));
    town.show(State::Closed);
    town.until_closed(true).await;
    town.show(State::Cleared);
    town.until_closed(false).await;
    // The next message is the departure's, so none came in the night.
    town.clock.set(at("13T07:00"));
    let fourth = town.told();
    let mut topics = vec![first, second, third, fourth];
    topics.sort();
    topics.dedup();
    assert_eq!(topics.len(), 4, "each is a message of its own, sent once");

    // A browser that is gone is forgotten, with all that was to be sent to it.
    let gone = subscription(format!("{address}/gone"));
    store
        .keep_subscription("t", &gone, at("13T07:00"), made)
        .await
        .unwrap();
    let gone_topic = town.told();
    assert!(!topics.contains(&gone_topic));
    while store.subscription("t").await.unwrap().is_some() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }

    // Nobody was told for three hours: then it is too late to speak of a departure.
    store
        .keep_subscription("late", &asked, at("13T07:00"), made)
        .await
        .unwrap();
    town.clock
        .set(at("13T07:00") + SignedDuration::from_hours(3));
    let moved = loop {
        let due = store
            .subscription("late")
            .await
            .unwrap()
            .unwrap()
            .next_due_at;
        if due > at("13T10:00") {
            break due;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!(moved, at("14T07:00"));
    stop.send_replace(true);
    while tasks.join_next().await.is_some() {}
    assert!(
        town.taken.try_recv().is_err(),
        "no second message of anything"
    );
}

//! From readings to call-outs: the right zones are called once, bad gauges call nobody, and where nobody
//! can say a person is asked.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use dispatch::life::{Actor, Event, Phase, Report};
use domain::fix::PlowFix;
use domain::geometry::LonLat;
use domain::observation::{Observation, QualityFlag, Quantity, Station};
use domain::place::Place;
use domain::quality::QualityParams;
use domain::road_manager::BilingualName;
use domain::rules::{Condition, Measure, Mode, Rule};
use domain::snow_field::FieldParams;
use domain::status::StatusPolicy;
use domain::work::WorkKind;
use domain::zone_order::{OrderState, ZoneOrder};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::cluster::PrivateCluster;
use store::{Batch, DispatchRecord, Facts, RoadFile, RuleCycle, Store, payload_sha256};
use yukimichi::call_outs;
use yukimichi::clock::Clock;
use yukimichi::commands::{feeds_sync::sync_feeds, roads::import_into};
use yukimichi::config::Config;
use yukimichi::rule_trial::try_rules;
use yukimichi::workers::judging::ReadingJudge;
use yukimichi::workers::laying::FactLayer;
use yukimichi::workers::matching::TraceMatcher;
use yukimichi::workers::ruling::RuleWatch;
use yukimichi::workers::status_writer::StatusWriter;

const CONFIG: &str = r#"
[[manager]]
code = "02"
level = "prefectural"
name = { ja = "青森県" }
[[feed]]
id = "plows"
manager = "02"
format = "push_json"
push = true
every = "24h"
[[feed]]
id = "gauges"
manager = "02"
format = "push_json"
push = true
every = "1h"
covers = "passes"
"#;

/// Three roads: two near the gauges, and one far from any.
const ROADS: &str = r#"{"type":"FeatureCollection","features":[
  {"type":"Feature","id":1,"properties":{"highway":"primary","lanes":1,"manager_level":"prefectural"},
   "geometry":{"type":"LineString","coordinates":[[140.60,40.70],[140.62,40.70]]}},
  {"type":"Feature","id":2,"properties":{"highway":"primary","lanes":1,"manager_level":"prefectural"},
   "geometry":{"type":"LineString","coordinates":[[140.66,40.70],[140.68,40.70]]}},
  {"type":"Feature","id":3,"properties":{"highway":"primary","lanes":1,"manager_level":"prefectural"},
   "geometry":{"type":"LineString","coordinates":[[142.60,40.70],[142.62,40.70]]}}
]}"#;

struct SetClock(Mutex<Timestamp>);

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    fn real(&self, span: Duration) -> Duration {
        span
    }
}

/// The night of 2026-01-15, by the clock in Japan.
fn jst(hour: i64, minute: i64) -> Timestamp {
    let midnight: Timestamp = "2026-01-15T00:00:00+09:00".parse().unwrap();
    midnight + SignedDuration::from_mins(60 * hour + minute)
}

/// Three good gauges, one that is stuck, one on which something falls at 1:00.
const GAUGES: [(&str, f64); 5] = [
    ("a", 140.60),
    ("b", 140.66),
    ("c", 140.70),
    ("stuck", 140.61),
    ("spikes", 140.67),
];

/// 40 cm for days, then 4 cm/h from midnight until 4:00, and from 5:00 on again.
fn depth_cm(id: &str, hour: i64) -> f64 {
    let fallen = 4.0 * (hour.clamp(0, 4) + (hour - 5).max(0)) as f64;
    match (id, hour) {
        ("stuck", _) => 40.0,
        ("spikes", 1) => 120.0,
        _ => 40.0 + fallen,
    }
}

struct Night {
    store: Store,
    clock: Arc<SetClock>,
    layer: FactLayer,
    judge: ReadingJudge,
    matcher: TraceMatcher,
    writer: StatusWriter,
    watch: RuleWatch,
}

impl Night {
    async fn begin(store: Store) -> Self {
        let config = Config::parse(CONFIG, "test").unwrap();
        sync_feeds(&config, &store).await.unwrap();
        let file = RoadFile {
            name: "roads.geojson".to_owned(),
            manager_code: None,
            attribution: String::new(),
            tolerance_m: 15.0,
            bytes: ROADS.as_bytes().to_vec(),
        };
        let source =
            ingest::roads::decode_roads(&file.name, &file.bytes, None, &|_, _| {}).unwrap();
        let decoded = HashMap::from([(file.name.clone(), source)]);
        import_into(&store, vec![file], decoded, &[], None)
            .await
            .unwrap();
        let clock = Arc::new(SetClock(Mutex::new(jst(0, 0))));
        let time: Arc<dyn Clock> = clock.clone();
        let (_stop, shutdown) = tokio::sync::watch::channel(false);
        let policy = StatusPolicy::default();
        let writer = StatusWriter::acquire(store.clone(), Arc::clone(&time), policy, &shutdown);
        let params = FieldParams::default();
        let mut night = Night {
            layer: FactLayer::new(store.clone(), Arc::clone(&time)),
            judge: ReadingJudge::new(store.clone(), Arc::clone(&time), QualityParams::default()),
            matcher: TraceMatcher::new(store.clone(), Arc::clone(&time)),
            watch: RuleWatch::new(store.clone(), Arc::clone(&time), params),
            writer: writer.await.unwrap().unwrap(),
            store,
            clock,
        };
        night.draw_zones().await;
        night
    }

    async fn draw_zones(&mut self) {
        let zone = |name: &str, lon: f64| {
            let ring = [
                (0.0, -0.01),
                (0.02, -0.01),
                (0.02, 0.01),
                (0.0, 0.01),
                (0.0, -0.01),
            ];
            let ring = ring.map(|(x, y)| LonLat::new(lon - 0.001 + 1.1 * x, 40.70 + y));
            ZoneOrder {
                zone: name.to_owned(),
                name: name.to_owned(),
                state: Some(OrderState::Checking),
                as_of: jst(-24, 0),
                place: Place {
                    areas: vec![vec![ring.to_vec()]],
                    ..Place::default()
                },
            }
        };
        let zones = vec![zone("A", 140.60), zone("B", 140.66), zone("FAR", 142.60)];
        let facts = Facts {
            zones,
            ..Facts::default()
        };
        self.tell(jst(-24, 0), "plows", facts).await;
    }

    async fn tell(&mut self, now: Timestamp, feed: &str, facts: Facts) {
        *self.clock.0.lock().unwrap() = now;
        let payload = format!("{facts:?}");
        let sha256 = payload_sha256(payload.as_bytes());
        let batch = Batch::of(now, payload.as_bytes(), &sha256, &facts);
        self.store.keep_pushed(feed, &batch).await.unwrap();
        self.layer.drain().await.unwrap();
        self.judge.drain().await.unwrap();
    }

    /// The gauges' readings of an hour; the first time of the days before too.
    async fn gauges(&mut self, hours: std::ops::RangeInclusive<i64>) {
        let readings = |id: &'static str| {
            hours.clone().map(move |hour| Observation {
                station_id: id.to_owned(),
                observed_at: jst(hour, 0),
                quantity: Quantity::DepthCm,
                value: Some(depth_cm(id, hour)),
                flag: QualityFlag::Pass,
                reason: String::new(),
            })
        };
        let station = |(id, lon): (&str, f64)| Station {
            id: id.to_owned(),
            name: BilingualName {
                ja: id.to_owned(),
                en: String::new(),
            },
            at: Some(LonLat::new(lon, 40.70)),
            elevation_m: Some(30.0),
        };
        let facts = Facts {
            stations: GAUGES.map(station).to_vec(),
            observations: GAUGES.iter().flat_map(|(id, _)| readings(id)).collect(),
            ..Facts::default()
        };
        self.tell(jst(*hours.end(), 2), "gauges", facts).await;
    }

    /// A plow clears the first road.
    async fn plow_first_road(&mut self, hour: i64) {
        let fixes = (0..=30).map(|i| PlowFix {
            vehicle_id: "7".to_owned(),
            observed_at: jst(hour, 10) + SignedDuration::from_secs(15 * i),
            at: LonLat::new(140.598 + 0.0008 * i as f64, 40.700_01),
            heading_deg: Some(90.0),
            speed_kmh: None,
            work: Some(WorkKind::Plowing),
        });
        let facts = Facts {
            fixes: fixes.collect(),
            ..Facts::default()
        };
        self.tell(jst(hour, 18), "plows", facts).await;
        *self.clock.0.lock().unwrap() = jst(hour, 40);
        self.matcher.drain_and_close().await.unwrap();
        self.writer.drain().await.unwrap();
        let rows = self.store.writer_rows().await.unwrap();
        let cleared = rows.iter().filter(|row| row.status.cleared_fwd_min > 0);
        assert_eq!(cleared.count(), 1, "{rows:?}");
    }

    async fn cycle(&mut self) -> RuleCycle {
        self.watch
            .cycle()
            .await
            .unwrap()
            .expect("nobody else looks")
    }

    async fn open(&self) -> Vec<DispatchRecord> {
        self.store.open_dispatches("02").await.unwrap()
    }

    async fn complete(&self, id: i64, now: Timestamp) {
        let event = Event::Reported {
            by: Actor::Officer {
                name: "佐藤".to_owned(),
            },
            report: Report {
                phase: Phase::Completed,
                said_by: "鈴木".to_owned(),
                note: String::new(),
            },
        };
        let done = call_outs::happen(&self.store, "02", id, &event, None, now).await;
        assert!(matches!(done.unwrap(), call_outs::Outcome::Done(_)));
    }
}

/// Zone, rule, round and state of each, without the questions to a person.
fn called(open: &[DispatchRecord]) -> Vec<(&str, i32, &str)> {
    (open.iter())
        .filter(|d| d.rule == "ten")
        .map(|d| (d.zone.as_str(), d.round, d.life.state.as_str()))
        .collect()
}

#[tokio::test]
async fn the_right_zones_are_called_once_and_again_after_new_snow() {
    let folder = support::folder();
    let cluster = PrivateCluster::join(folder.path()).await.unwrap();
    let store = Store::connect(cluster.connect_options()).await.unwrap();
    let mut night = Night::begin(store.clone()).await;
    let rule = Rule {
        mode: Mode::Order,
        deadline: "07:00".parse().ok(),
        ..Rule::new(
            "ten",
            vec!["*".to_owned()],
            Condition::at_least(Measure::NewSnow, 10.0),
        )
    };
    let kept = store
        .keep_rules("02", std::slice::from_ref(&rule), "佐藤", jst(-24, 0))
        .await;
    assert_eq!(kept.unwrap().new, 1);

    // A dry evening: nobody is called; of the far zone nobody can say, which is one question.
    night.gauges(-72..=0).await;
    let cycle = night.cycle().await;
    assert_eq!((cycle.zones, cycle.raised, cycle.doubts), (3, 0, 1));
    let open = night.open().await;
    assert_eq!(called(&open), []);
    assert_eq!(open.len(), 1);
    assert_eq!(
        (open[0].rule.as_str(), open[0].life.state.as_str()),
        ("doubt", "awaiting_approval")
    );
    let opening = &open[0].life.life["reason"];
    assert!(opening.as_str().unwrap().contains("FAR"), "{opening}");

    // It begins to snow; one gauge spikes, one is stuck.
    for hour in 1..=2 {
        night.gauges(hour..=hour).await;
        let cycle = night.cycle().await;
        assert_eq!(cycle.raised, 0, "{hour}:00, {cycle:?}");
    }
    // Past 10 cm in two passes.
    night.gauges(3..=3).await;
    assert_eq!(night.cycle().await.raised, 0);
    night.gauges(4..=4).await;
    assert_eq!(night.cycle().await.raised, 2);
    assert_eq!(
        night.cycle().await.raised,
        0,
        "looking again calls nobody again"
    );
    let open = night.open().await;
    assert_eq!(
        called(&open),
        [("A", 1, "requested"), ("B", 1, "requested")]
    );
    assert_eq!(open.len(), 3, "and no second question");
    let life = &open.iter().find(|d| d.zone == "A").unwrap().life.life;
    let reason = life["reason"].as_str().unwrap();
    assert!(
        reason.starts_with("新積雪 1") && reason.contains("≥ 10 cm、"),
        "{reason}"
    );
    assert_eq!(
        life["deadline"].as_str(),
        Some(jst(7, 0).to_string().as_str())
    );

    // A plow clears A, and its call-out is completed; B waits. The same snow calls nobody again.
    night.plow_first_road(4).await;
    let a = open.iter().find(|d| d.zone == "A").unwrap().id;
    night.complete(a, jst(4, 45)).await;
    *night.clock.0.lock().unwrap() = jst(4, 50);
    assert_eq!(night.cycle().await.raised, 0);
    for hour in 5..=7 {
        night.gauges(hour..=hour).await;
        assert_eq!(night.cycle().await.raised, 0, "{hour}:00");
    }
    // 12 cm more before dawn is two passes past the threshold at 9:00.
    night.gauges(8..=8).await;
    night.cycle().await;
    night.gauges(9..=9).await;
    let cycle = night.cycle().await;
    let open = night.open().await;
    assert_eq!(
        called(&open),
        [("B", 1, "requested"), ("A", 2, "requested")],
        "{cycle:?}"
    );

    // What a rule remembers is made again from the call-outs: nobody is called twice.
    let (at, last) = store.last_rule_cycle().await.unwrap().unwrap();
    assert_eq!((at, last), (jst(9, 2), cycle));
    let pages = store.rule_pages("02", 10).await.unwrap();
    assert_eq!(pages.len(), 1);
    assert_eq!(
        (pages[0].zones.as_slice(), pages[0].closed_at),
        (&["FAR".to_owned()][..], None)
    );

    // The same night tried: the same calls, and nothing is raised by it.
    let rules = store.rules_at(jst(9, 2), None).await.unwrap();
    let trial = try_rules(&store, rules, jst(-6, 0), jst(9, 0))
        .await
        .unwrap();
    let raised: Vec<_> = (trial.events.iter())
        .filter(|e| e.what == "raise")
        .map(|e| (e.key.zone.as_str(), e.round, e.at))
        .collect();
    assert_eq!(
        raised,
        [
            ("A", 1, jst(4, 0)),
            ("B", 1, jst(4, 0)),
            ("A", 2, jst(9, 0))
        ],
        "{:?}",
        trial.events
    );
    let doubts = trial.events.iter().filter(|e| e.what == "doubt").count();
    assert_eq!(doubts, 1, "{:?}", trial.events);
    assert_eq!(night.open().await.len(), 3);
    drop(night);
    store.close().await;
    cluster.leave().await.unwrap();
}

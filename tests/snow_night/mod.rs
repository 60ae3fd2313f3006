//! A night of snow over four zones: gauges, plows, and the workers from readings to call-outs, on a clock
//! that the test sets.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::expect_used)]

use domain::fix::PlowFix;
use domain::geometry::LonLat;
use domain::observation::{Observation, QualityFlag, Quantity, Station};
use domain::place::Place;
use domain::quality::QualityParams;
use domain::road_manager::BilingualName;
use domain::snow_field::FieldParams;
use domain::status::StatusPolicy;
use domain::work::WorkKind;
use domain::zone_order::{OrderState, ZoneOrder};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::{Batch, DispatchRecord, Facts, RoadFile, RuleCycle, Store, payload_sha256};
use yukimichi::clock::Clock;
use yukimichi::commands::{feeds_sync::sync_feeds, roads::import_into};
use yukimichi::config::Config;
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

/// Four roads, each a zone: three near the gauges, and one far from any.
const ROADS: &str = r#"{"type":"FeatureCollection","features":[
  {"type":"Feature","id":1,"properties":{"highway":"primary","lanes":1,"manager_level":"prefectural"},
   "geometry":{"type":"LineString","coordinates":[[140.60,40.70],[140.62,40.70]]}},
  {"type":"Feature","id":2,"properties":{"highway":"primary","lanes":1,"manager_level":"prefectural"},
   "geometry":{"type":"LineString","coordinates":[[140.66,40.70],[140.68,40.70]]}},
  {"type":"Feature","id":4,"properties":{"highway":"primary","lanes":1,"manager_level":"prefectural"},
   "geometry":{"type":"LineString","coordinates":[[140.63,40.70],[140.65,40.70]]}},
  {"type":"Feature","id":3,"properties":{"highway":"primary","lanes":1,"manager_level":"prefectural"},
   "geometry":{"type":"LineString","coordinates":[[142.60,40.70],[142.62,40.70]]}}
]}"#;

/// A clock that the test sets.
pub struct SetClock(Mutex<Timestamp>);

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    fn real(&self, span: Duration) -> Duration {
        span
    }
}

/// The night of 2026-01-15, by the clock in Japan.
pub fn jst(hour: i64, minute: i64) -> Timestamp {
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

/// How deep the snow lies at a gauge that works, by the hour of the night.
pub type DepthCm = fn(i64) -> f64;

fn reading_cm(id: &str, hour: i64, depth_cm: DepthCm) -> f64 {
    match (id, hour) {
        ("stuck", _) => depth_cm(i64::MIN),
        ("spikes", 1) => 120.0,
        _ => depth_cm(hour),
    }
}

/// A road network with its gauges and workers.
pub struct Night {
    pub store: Store,
    pub clock: Arc<SetClock>,
    depth_cm: DepthCm,
    layer: FactLayer,
    judge: ReadingJudge,
    matcher: TraceMatcher,
    writer: StatusWriter,
    watch: RuleWatch,
}

impl Night {
    pub async fn begin(store: Store, depth_cm: DepthCm) -> Self {
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
            depth_cm,
        };
        night.draw_zones().await;
        night
    }

    pub async fn draw_zones(&mut self) {
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
        let zones = vec![
            zone("A", 140.60),
            zone("C", 140.63),
            zone("B", 140.66),
            zone("FAR", 142.60),
        ];
        let facts = Facts {
            zones,
            ..Facts::default()
        };
        self.tell(jst(-24, 0), "plows", facts).await;
    }

    pub async fn tell(&mut self, now: Timestamp, feed: &str, facts: Facts) {
        *self.clock.0.lock().unwrap() = now;
        let payload = format!("{facts:?}");
        let sha256 = payload_sha256(payload.as_bytes());
        let batch = Batch::of(now, payload.as_bytes(), &sha256, &facts);
        self.store.keep_pushed(feed, &batch).await.unwrap();
        self.layer.drain().await.unwrap();
        self.judge.drain().await.unwrap();
    }

    /// The gauges' readings of an hour; the first time of the days before too.
    pub async fn gauges(&mut self, hours: std::ops::RangeInclusive<i64>) {
        let depth_cm = self.depth_cm;
        let readings = |id: &'static str| {
            hours.clone().map(move |hour| Observation {
                station_id: id.to_owned(),
                observed_at: jst(hour, 0),
                quantity: Quantity::DepthCm,
                value: Some(reading_cm(id, hour, depth_cm)),
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

    /// A plow clears the road that begins at this longitude, in eight minutes.
    pub async fn plow(&mut self, vehicle: &str, west: f64, at: Timestamp) {
        let fixes = (0..=30).map(|i| PlowFix {
            vehicle_id: vehicle.to_owned(),
            observed_at: at + SignedDuration::from_secs(15 * i),
            at: LonLat::new(west - 0.002 + 0.0008 * i as f64, 40.700_01),
            heading_deg: Some(90.0),
            speed_kmh: None,
            work: Some(WorkKind::Plowing),
        });
        let facts = Facts {
            fixes: fixes.collect(),
            ..Facts::default()
        };
        self.tell(at + SignedDuration::from_mins(8), "plows", facts)
            .await;
        self.matcher.drain_and_close().await.unwrap();
        self.writer.drain().await.unwrap();
    }

    /// Longitudes at which cleared roads begin.
    pub async fn cleared(&self) -> Vec<f64> {
        let network = self.store.load_network().await.unwrap().network;
        let rows = self.store.writer_rows().await.unwrap();
        let mut west: Vec<f64> = rows
            .iter()
            .filter(|row| row.status.cleared_fwd_min > 0)
            .filter_map(|row| Some(network.line(network.find(row.segment)?)[0].lon))
            .collect();
        west.sort_by(f64::total_cmp);
        west
    }

    /// Sets the clock.
    pub fn set_clock(&self, now: Timestamp) {
        *self.clock.0.lock().unwrap() = now;
    }

    pub async fn cycle(&mut self) -> RuleCycle {
        self.watch
            .cycle()
            .await
            .unwrap()
            .expect("nobody else looks")
    }

    pub async fn open(&self) -> Vec<DispatchRecord> {
        self.store.open_dispatches("02").await.unwrap()
    }
}

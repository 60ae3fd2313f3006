//! A night of snow: readings are judged, bad gauges change nothing, and new snow since cleared decides
//! what a road shows.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use domain::fix::PlowFix;
use domain::geometry::LonLat;
use domain::network::SegmentId;
use domain::observation::{Observation, QualityFlag, Quantity, Station};
use domain::quality::QualityParams;
use domain::road_manager::BilingualName;
use domain::status::{SegmentStatus, State, StatusPolicy};
use domain::work::{Direction, WorkKind};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::cluster::PrivateCluster;
use store::{Batch, Facts, ObservationFilter, RoadFile, Store, payload_sha256};
use yukimichi::clock::Clock;
use yukimichi::commands::{feeds_sync::sync_feeds, roads::import_into};
use yukimichi::config::Config;
use yukimichi::workers::judging::ReadingJudge;
use yukimichi::workers::matching::TraceMatcher;
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

/// One segment of two lanes near the gauges, and one far from any.
const ROADS: &str = r#"{"type":"FeatureCollection","features":[
  {"type":"Feature","id":1,"properties":{"highway":"primary","lanes":2,"manager_level":"prefectural"},
   "geometry":{"type":"LineString","coordinates":[[140.60,40.70],[140.62,40.70]]}},
  {"type":"Feature","id":2,"properties":{"highway":"primary","lanes":2,"manager_level":"prefectural"},
   "geometry":{"type":"LineString","coordinates":[[142.60,40.70],[142.62,40.70]]}}
]}"#;

/// A clock that the test sets.
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

/// Gauges east of the road: two good ones, one that is stuck, one on which something falls at 5:00.
const GAUGES: [(&str, f64); 4] = [
    ("a", 140.60),
    ("b", 140.66),
    ("stuck", 140.61),
    ("spikes", 140.62),
];

fn gauge(id: &str, lon: f64) -> Station {
    Station {
        id: id.to_owned(),
        name: BilingualName {
            ja: id.to_owned(),
            en: String::new(),
        },
        at: Some(LonLat::new(lon, 40.70)),
        elevation_m: Some(30.0),
    }
}

/// 40 cm for days, then 2 cm/h from midnight on.
fn depth_cm(id: &str, hour: i64) -> f64 {
    let fallen = 2.0 * hour.max(0) as f64;
    match (id, hour) {
        ("stuck", _) => 40.0,
        ("spikes", 5) => 120.0,
        _ => 40.0 + fallen,
    }
}

fn readings(id: &str, hours: std::ops::RangeInclusive<i64>) -> Vec<Observation> {
    hours
        .map(|hour| Observation {
            station_id: id.to_owned(),
            observed_at: jst(hour, 0),
            quantity: Quantity::DepthCm,
            value: Some(depth_cm(id, hour)),
            flag: QualityFlag::Pass,
            reason: String::new(),
        })
        .collect()
}

struct Night {
    store: Store,
    clock: Arc<SetClock>,
    judge: ReadingJudge,
    matcher: TraceMatcher,
    writer: StatusWriter,
    near: SegmentId,
    far: SegmentId,
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
        let network = store.load_network().await.unwrap().network;
        let mut segments: Vec<u32> = (0..network.segments().len() as u32).collect();
        segments.sort_by(|a, b| network.line(*a)[0].lon.total_cmp(&network.line(*b)[0].lon));
        let id = |i: usize| network.segments()[segments[i] as usize].id;
        let clock = Arc::new(SetClock(Mutex::new(jst(0, 5))));
        let time: Arc<dyn Clock> = clock.clone();
        let (_stop, shutdown) = tokio::sync::watch::channel(false);
        let policy = StatusPolicy::default();
        let writer = StatusWriter::acquire(store.clone(), Arc::clone(&time), policy, &shutdown);
        Night {
            judge: ReadingJudge::new(store.clone(), time.clone(), QualityParams::default()),
            matcher: TraceMatcher::new(store.clone(), time),
            writer: writer.await.unwrap().unwrap(),
            near: id(0),
            far: id(1),
            store,
            clock,
        }
    }

    async fn tell(&self, now: Timestamp, feed: &str, facts: Facts) {
        *self.clock.0.lock().unwrap() = now;
        let payload = format!("{facts:?}");
        let sha256 = payload_sha256(payload.as_bytes());
        let batch = Batch::of(now, payload.as_bytes(), &sha256, &facts);
        self.store.keep_pushed(feed, &batch).await.unwrap();
    }

    async fn gauges_tell(&self, now: Timestamp, hours: std::ops::RangeInclusive<i64>) {
        let facts = Facts {
            stations: GAUGES.map(|(id, lon)| gauge(id, lon)).to_vec(),
            observations: GAUGES
                .iter()
                .flat_map(|(id, _)| readings(id, hours.clone()))
                .collect(),
            ..Facts::default()
        };
        self.tell(now, "gauges", facts).await;
        self.judge.drain().await.unwrap();
    }

    /// The plow drives the near segment in the order of its line, in three and a half minutes.
    async fn plow(&mut self, from: Timestamp) {
        let fixes: Vec<PlowFix> = (0..=21)
            .map(|i| PlowFix {
                vehicle_id: "1".to_owned(),
                observed_at: from + SignedDuration::from_secs(10 * i),
                at: LonLat::new(140.5995 + 0.001 * i as f64, 40.70001),
                heading_deg: Some(90.0),
                speed_kmh: None,
                work: Some(WorkKind::Plowing),
            })
            .collect();
        let facts = Facts {
            fixes,
            ..Facts::default()
        };
        self.tell(from + SignedDuration::from_mins(4), "plows", facts)
            .await;
        self.matcher.drain_and_close().await.unwrap();
    }

    async fn status_at(&mut self, now: Timestamp, segment: SegmentId) -> SegmentStatus {
        *self.clock.0.lock().unwrap() = now;
        self.writer.drain().await.unwrap();
        self.writer.tick().await.unwrap();
        let rows = self.store.writer_rows().await.unwrap();
        rows.iter()
            .find(|row| row.segment == segment)
            .map_or(SegmentStatus::default(), |row| row.status)
    }

    /// State forward and backward, and the digit of new snow, of the near segment.
    async fn shown_at(&mut self, now: Timestamp) -> (State, State, u32) {
        let status = self.status_at(now, self.near).await;
        (
            status.state(Direction::Forward),
            status.state(Direction::Backward),
            status.snow_digit(),
        )
    }

    /// The flag of a gauge's reading as it was known at a moment.
    async fn flag(
        &self,
        id: &str,
        hour: i64,
        known_at: Timestamp,
    ) -> Option<(QualityFlag, String)> {
        let filter = ObservationFilter {
            at: known_at,
            within: SignedDuration::from_hours(48),
            feed_id: None,
            station_id: Some(id.to_owned()),
            quantity: Some(Quantity::DepthCm),
            area: None,
            all: true,
            after: None,
            limit: 1000,
        };
        let found = self.store.observations(&filter).await.unwrap();
        let record = found
            .iter()
            .find(|r| r.observation.observed_at == jst(hour, 0))?;
        assert_eq!(
            record.observation.flag,
            QualityFlag::Pass,
            "the source's own stays"
        );
        let verdict = record.verdict.clone()?;
        Some((verdict.flag, verdict.reason))
    }
}

#[tokio::test]
async fn new_snow_since_cleared_decides_and_bad_gauges_change_nothing() {
    use State::{BelowThreshold, Cleared, Uncleared};
    let folder = support::folder();
    let cluster = PrivateCluster::join(folder.path()).await.unwrap();
    let store = Store::connect(cluster.connect_options()).await.unwrap();
    let mut night = Night::begin(store.clone()).await;
    let idle = PlowFix {
        vehicle_id: "2".to_owned(),
        observed_at: jst(0, 0),
        at: LonLat::new(140.7, 40.8),
        heading_deg: None,
        speed_kmh: None,
        work: None,
    };
    let facts = Facts {
        fixes: vec![idle],
        ..Facts::default()
    };
    night.tell(jst(0, 0), "plows", facts).await;
    // Without a gauge, snow is assumed.
    assert_eq!(night.shown_at(jst(0, 1)).await, (Uncleared, Uncleared, 0));
    // Four days without snow: nothing is called for.
    night.gauges_tell(jst(0, 5), -96..=0).await;
    assert!(store.take_unjudged(1).await.unwrap().is_none());
    assert_eq!(
        night.shown_at(jst(0, 6)).await,
        (BelowThreshold, BelowThreshold, 1)
    );
    // Far from any gauge it is as before.
    let far = night.status_at(jst(0, 6), night.far).await;
    assert_eq!(
        (far.state(Direction::Forward), far.snow_digit()),
        (Uncleared, 0)
    );

    night.gauges_tell(jst(3, 1), 1..=3).await;
    assert_eq!(
        night.shown_at(jst(3, 2)).await,
        (BelowThreshold, BelowThreshold, 3)
    );
    night.plow(jst(3, 2)).await;
    assert_eq!(
        night.shown_at(jst(3, 20)).await,
        (Cleared, BelowThreshold, 3)
    );
    night.gauges_tell(jst(5, 1), 4..=5).await;
    // 10 cm since midnight, but for what fell on the one gauge.
    assert_eq!(night.shown_at(jst(5, 2)).await, (Cleared, Uncleared, 4));
    let spiked = night.flag("spikes", 5, jst(5, 2)).await.unwrap();
    assert_eq!(spiked.0, QualityFlag::Fail, "{spiked:?}");
    let stuck = night.flag("stuck", 5, jst(5, 2)).await.unwrap();
    assert!(stuck.1.contains("flat at 40 cm"), "{stuck:?}");
    assert_eq!(stuck.0, QualityFlag::Fail);
    assert_eq!(
        night.flag("a", 5, jst(5, 2)).await.unwrap().0,
        QualityFlag::Pass
    );
    night.gauges_tell(jst(9, 1), 6..=9).await;
    assert_eq!(night.shown_at(jst(9, 2)).await, (Uncleared, Uncleared, 5));
    // Cleared again: the digit falls with the state of that direction alone.
    night.plow(jst(9, 2)).await;
    assert_eq!(night.shown_at(jst(9, 20)).await, (Cleared, Uncleared, 5));
    // A day after, with the gauges silent, nothing is known of the snow.
    assert_eq!(night.shown_at(jst(20, 0)).await, (Cleared, Uncleared, 0));

    late_neighbours_change_a_verdict(&night).await;
    drop(night);
    store.close().await;
    cluster.leave().await.unwrap();
}

/// What one gauge alone says is believed until its neighbours' readings come, hours late.
async fn late_neighbours_change_a_verdict(night: &Night) {
    let group = |ids: &[(&str, f64)], depth: f64, hour: i64| Facts {
        stations: ids.iter().map(|(id, lon)| gauge(id, 143.0 + lon)).collect(),
        observations: ids
            .iter()
            .map(|(id, _)| Observation {
                value: Some(depth),
                ..readings(id, hour..=hour).remove(0)
            })
            .collect(),
        ..Facts::default()
    };
    night
        .tell(jst(20, 1), "gauges", group(&[("lone", 0.0)], 400.0, 20))
        .await;
    night.judge.drain().await.unwrap();
    let before = night.flag("lone", 20, jst(20, 2)).await.unwrap();
    assert_eq!(before.0, QualityFlag::Pass);
    let others = [("x", 0.01), ("y", 0.02), ("z", 0.03)];
    night
        .tell(jst(22, 0), "gauges", group(&others, 50.0, 20))
        .await;
    night.judge.drain().await.unwrap();
    let after = night.flag("lone", 20, jst(22, 1)).await.unwrap();
    assert_eq!(after.0, QualityFlag::Fail);
    assert!(after.1.contains("3 stations around"), "{after:?}");
    // What was believed before is still known.
    assert_eq!(night.flag("lone", 20, jst(20, 2)).await.unwrap(), before);
}

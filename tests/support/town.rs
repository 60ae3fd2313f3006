//! A manager's roads in a row, with its feeds, under a clock that the test sets.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use domain::fix::PlowFix;
use domain::geometry::LonLat;
use domain::network::SegmentId;
use domain::place::Place;
use domain::status::{State, StatusPolicy};
use domain::work::Direction;
use domain::zone_order::ZoneOrder;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::{Batch, ClockFinding, Facts, RoadFile, Store, payload_sha256};
use yukimichi::clock::Clock;
use yukimichi::commands::{feeds_sync::sync_feeds, roads::import_into};
use yukimichi::config::Config;
use yukimichi::workers::laying::FactLayer;
use yukimichi::workers::status_writer::StatusWriter;

/// Three segments in a row, 0.01 degrees (843 m) each, from west to east.
pub const ROADS: &str = r#"{"type":"FeatureCollection","features":[
  {"type":"Feature","id":1,"properties":{"highway":"primary","lanes":2,"ref":"40","manager_level":"prefectural"},
   "geometry":{"type":"LineString","coordinates":[[140.60,40.70],[140.61,40.70]]}},
  {"type":"Feature","id":2,"properties":{"highway":"primary","lanes":2,"ref":"40","manager_level":"prefectural"},
   "geometry":{"type":"LineString","coordinates":[[140.61,40.70],[140.62,40.70]]}},
  {"type":"Feature","id":3,"properties":{"highway":"primary","lanes":2,"ref":"40","manager_level":"prefectural"},
   "geometry":{"type":"LineString","coordinates":[[140.62,40.70],[140.63,40.70]]}}
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

/// 2026-01-15, by the clock in Japan.
pub fn jst(hour: i64, minute: i64) -> Timestamp {
    let midnight: Timestamp = "2026-01-15T00:00:00+09:00".parse().unwrap();
    midnight + SignedDuration::from_mins(60 * hour + minute)
}

pub struct Town {
    pub store: Store,
    pub clock: Arc<SetClock>,
    pub layer: FactLayer,
    pub writer: StatusWriter,
    /// From west to east.
    pub segments: Vec<SegmentId>,
}

impl Town {
    pub async fn begin(store: Store, config: &Config, now: Timestamp) -> Self {
        sync_feeds(config, &store).await.unwrap();
        let segments = import(&store, ROADS).await;
        let clock = Arc::new(SetClock(Mutex::new(now)));
        let time: Arc<dyn Clock> = clock.clone();
        let (_stop, shutdown) = tokio::sync::watch::channel(false);
        let policy = StatusPolicy::default();
        let writer = StatusWriter::acquire(store.clone(), Arc::clone(&time), policy, &shutdown);
        Town {
            layer: FactLayer::new(store.clone(), time),
            writer: writer.await.unwrap().unwrap(),
            store,
            clock,
            segments,
        }
    }

    /// A feed tells something at a moment.
    pub async fn tell(
        &self,
        now: Timestamp,
        feed: &str,
        facts: Facts,
        clock: Option<ClockFinding>,
    ) {
        self.set_clock(now);
        let payload = format!("{facts:?}");
        let sha256 = payload_sha256(payload.as_bytes());
        let batch = Batch {
            clock,
            ..Batch::of(now, payload.as_bytes(), &sha256, &facts)
        };
        self.store.keep_pushed(feed, &batch).await.unwrap();
    }

    pub fn set_clock(&self, now: Timestamp) {
        *self.clock.0.lock().unwrap() = now;
    }

    /// Lays, writes and ticks as of a moment; the states of the segments from west to east.
    pub async fn states_at(&mut self, now: Timestamp) -> Vec<State> {
        self.set_clock(now);
        self.layer.drain().await.unwrap();
        self.writer.drain().await.unwrap();
        self.writer.tick().await.unwrap();
        let rows = self.store.writer_rows().await.unwrap();
        let state = |id: &SegmentId| {
            let row = rows.iter().find(|row| row.segment == *id);
            row.map_or(State::NoData, |row| row.status.state(Direction::Forward))
        };
        self.segments.iter().map(state).collect()
    }
}

pub fn fix(vehicle: &str, at: Timestamp, lon: f64) -> PlowFix {
    PlowFix {
        vehicle_id: vehicle.to_owned(),
        observed_at: at,
        at: LonLat::new(lon, 40.70001),
        heading_deg: None,
        speed_kmh: None,
        work: None,
    }
}

/// Imports roads in the place of what is there; the segments from west to east.
pub async fn import(store: &Store, roads: &str) -> Vec<SegmentId> {
    let file = RoadFile {
        name: "roads.geojson".to_owned(),
        manager_code: None,
        attribution: String::new(),
        tolerance_m: 15.0,
        bytes: roads.as_bytes().to_vec(),
    };
    let source = ingest::roads::decode_roads(&file.name, &file.bytes, None, &|_, _| {}).unwrap();
    let decoded = HashMap::from([(file.name.clone(), source)]);
    import_into(store, vec![file], decoded, &[], None)
        .await
        .unwrap();
    let network = store.load_network().await.unwrap().network;
    let mut segments: Vec<u32> = (0..network.segments().len() as u32).collect();
    segments.sort_by(|a, b| network.line(*a)[0].lon.total_cmp(&network.line(*b)[0].lon));
    segments
        .into_iter()
        .map(|s| network.segments()[s as usize].id)
        .collect()
}

/// A zone's drawing: a box from 40.69 to 40.71 degrees north.
pub fn zone_box(name: &str, west: f64, east: f64) -> ZoneOrder {
    let corners = [
        (west, 40.69),
        (east, 40.69),
        (east, 40.71),
        (west, 40.71),
        (west, 40.69),
    ];
    let ring = corners.map(|(lon, lat)| LonLat::new(lon, lat));
    ZoneOrder {
        zone: name.to_owned(),
        name: name.to_owned(),
        state: None,
        as_of: jst(0, 0),
        place: Place {
            areas: vec![vec![ring.to_vec()]],
            ..Place::default()
        },
    }
}

#![allow(clippy::unwrap_used)]

use super::super::{Ground, Night, config_toml_on, town};
use super::{Fleet, path, router};
use crate::clock::Clock;
use crate::config::Config;
use axum::body::{Body, to_bytes};
use axum::http::header::{ETAG, IF_NONE_MATCH};
use axum::http::{Request, StatusCode};
use domain::network::{DEFAULT_TOLERANCE_M, build};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt;

struct Stopped(Timestamp);

impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        self.0
    }
    fn real(&self, span: Duration) -> Duration {
        span
    }
}

fn epoch() -> Timestamp {
    "2026-01-15T05:12:00+09:00".parse().unwrap()
}

fn feeds_at(minutes: i64) -> axum::Router {
    let network = build(vec![town(1)], DEFAULT_TOLERANCE_M).unwrap().0;
    let night = Night::new(&network, 1, epoch());
    let now = epoch() + SignedDuration::from_mins(minutes);
    router(Arc::new(night), Arc::new(Stopped(now)))
}

async fn get(feeds: &axum::Router, path: &str) -> Vec<u8> {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = feeds.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    body.to_vec()
}

fn config() -> Config {
    let text = config_toml_on(Ground::MadeUpTown, "127.0.0.1:9".parse().unwrap(), 10, 10);
    Config::parse(&text, "demo").unwrap()
}

#[tokio::test]
async fn national_feed_nests_positions_and_names_the_work() {
    let body = get(&feeds_at(15), path(Fleet::National)).await;
    let document: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(document["generatedAt"], "2026-01-15T05:27:00+09:00");
    let vehicles = document["vehicles"].as_array().unwrap();
    // Six plows, ten minutes, a report each 5 s, less a gap or two.
    assert!((500..=721).contains(&vehicles.len()), "{}", vehicles.len());
    let first = &vehicles[0];
    assert_eq!(first["time"], "2026-01-15T05:17:00+09:00");
    assert!(first["vehicleNo"].as_str().unwrap().starts_with("国除-0"));
    assert!(first["position"]["lat"].is_f64() && first["course"].is_u64());
    assert!(first["speed"].is_f64());
    assert!(vehicles.iter().any(|v| v["work"] == "路面整正"));
}

#[tokio::test]
async fn prefecture_feed_is_gpx_with_course_and_work() {
    let body = get(&feeds_at(12), path(Fleet::Prefecture)).await;
    let document = String::from_utf8(body).unwrap();
    for part in [
        "<gpx version=\"1.1\"",
        "<trk><name>P-01</name>",
        "<time>2026-01-14T20:14:00Z</time>",
        "<y:course>",
        "<y:work>除雪</y:work>",
    ] {
        assert!(document.contains(part), "{part}");
    }
}

#[tokio::test]
async fn prefecture_feed_answers_304_to_its_own_etag() {
    let feeds = feeds_at(12);
    let ask = |tag: &str| {
        let request = Request::get(path(Fleet::Prefecture))
            .header(IF_NONE_MATCH, tag)
            .body(Body::empty())
            .unwrap();
        feeds.clone().oneshot(request)
    };
    let first = ask("\"another\"").await.unwrap();
    assert_eq!(first.status(), StatusCode::OK);
    let etag = first.headers()[ETAG].to_str().unwrap().to_owned();
    let second = ask(&etag).await.unwrap();
    assert_eq!(second.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(second.headers()[ETAG], etag.as_str());
}

#[tokio::test]
async fn town_feed_is_a_table_in_cp932() {
    let body = get(&feeds_at(3), path(Fleet::Town)).await;
    assert!(std::str::from_utf8(&body).is_err(), "no UTF-8");
    let (text, _, wrong) = encoding_rs::SHIFT_JIS.decode(&body);
    assert!(!wrong);
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("車両,日時,経度,緯度,作業"));
    let first: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!((first[0], first[1]), ("除雪車1号", "2026/01/15 05:12:00"));
    assert_eq!(first[2].split_once('.').unwrap().1.len(), 5);
}

#[tokio::test]
async fn nothing_is_reported_before_the_epoch() {
    let body = get(&feeds_at(-5), path(Fleet::Town)).await;
    let (text, _, _) = encoding_rs::SHIFT_JIS.decode(&body);
    assert_eq!(text.lines().count(), 1);
}

#[tokio::test]
async fn the_national_server_fails_for_a_while() {
    let status = async |minutes| {
        let request = Request::get(path(Fleet::National))
            .body(Body::empty())
            .unwrap();
        feeds_at(minutes).oneshot(request).await.unwrap().status()
    };
    assert_eq!(status(24).await, StatusCode::OK);
    assert_eq!(status(30).await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(status(40).await, StatusCode::OK);
}

#[tokio::test]
async fn the_gauges_list_days_of_readings_that_the_real_decoder_takes() {
    let feed = &config().feed[3];
    let now = epoch() + SignedDuration::from_mins(60);
    let body = get(&feeds_at(60), super::GAUGES_PATH).await;
    let decoded = feed.decode(&body, now).unwrap();
    assert_eq!(decoded.rejections, []);
    assert_eq!(decoded.stations.len(), 5);
    assert!(
        decoded
            .stations
            .iter()
            .all(|s| s.at.is_some() && s.elevation_m.is_some())
    );
    // Five gauges, three quantities, 81 hours and 18 times ten minutes.
    assert_eq!(decoded.observations.len(), 5 * 3 * (81 + 18));
    let newest = decoded
        .observations
        .iter()
        .map(|o| o.observed_at)
        .max()
        .unwrap();
    assert!(now.duration_since(newest) <= SignedDuration::from_mins(10));
}

/// What the product's own decoders make of the feeds under the demo's own configuration.
#[tokio::test]
async fn the_real_decoders_take_the_good_records_and_reject_the_bad() {
    let config = config();
    let mut rejected = 0;
    for minutes in [11, 95, 180] {
        let feeds = feeds_at(minutes);
        let now = epoch() + SignedDuration::from_mins(minutes);
        for (fleet, feed) in Fleet::ALL.iter().zip(&config.feed) {
            let body = get(&feeds, path(*fleet)).await;
            let decoded = feed.decode(&body, now).unwrap();
            let fixes = decoded.fixes.len();
            // Half of the town's units are silent at minute 95.
            assert!(fixes > 100, "{fleet:?}: {fixes}");
            assert!(decoded.fixes.iter().all(|fix| fix.work.is_some()));
            for rejection in &decoded.rejections {
                assert!(!rejection.reason.is_empty());
            }
            assert!(decoded.rejections.len() <= 1, "{:?}", decoded.rejections);
            rejected += decoded.rejections.len();
        }
    }
    assert!(rejected >= 6, "{rejected}");
}

#[tokio::test]
async fn half_of_the_towns_units_fall_silent() {
    let feed = &config().feed[Fleet::Town as usize];
    let heard = async |minutes| {
        let body = get(&feeds_at(minutes), path(Fleet::Town)).await;
        let now = epoch() + SignedDuration::from_mins(minutes);
        let fixes = feed.decode(&body, now).unwrap().fixes;
        let units: std::collections::BTreeSet<String> =
            fixes.into_iter().map(|fix| fix.vehicle_id).collect();
        units.len()
    };
    let (before, during) = (heard(50).await, heard(80).await);
    assert!(before >= 8 && during * 2 <= before + 1, "{before} {during}");
}

#[test]
fn configuration_is_toml_with_three_managers_and_formats() {
    let config = config();
    assert_eq!(config.manager.len(), 3);
    let formats: Vec<&str> = config.feed.iter().map(|f| f.format.as_str()).collect();
    assert_eq!(
        formats,
        [
            "plow_json",
            "plow_gpx",
            "plow_csv",
            "snow_csv",
            "zone_orders"
        ]
    );
    assert_eq!(config.feed[2].units_on_duty, Some(10));
    assert_eq!(
        config.feed[2].url.as_deref(),
        Some("http://127.0.0.1:9/town/josetsu.csv")
    );
}

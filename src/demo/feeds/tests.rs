#![allow(clippy::unwrap_used)]

use super::super::{Night, config_toml, town};
use super::{Fleet, path, router};
use crate::clock::Clock;
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

async fn get(feeds: &axum::Router, path: &str) -> Value {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = feeds.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    serde_json::from_slice(&body).unwrap()
}

#[tokio::test]
async fn national_feed_nests_positions_and_names_the_work() {
    let document = get(&feeds_at(15), path(Fleet::National)).await;
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
async fn prefecture_feed_has_unix_seconds_and_a_blade() {
    let document = get(&feeds_at(12), path(Fleet::Prefecture)).await;
    let list = document["TrackingDataResponse"]["locationList"]
        .as_array()
        .unwrap();
    let first = &list[0];
    assert_eq!(
        first["postingTime"].as_i64().unwrap(),
        epoch().as_second() + 120
    );
    assert!(first["bladeDown"].is_boolean() && first["directionDegrees"].is_u64());
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
async fn town_feed_is_text_throughout() {
    let document = get(&feeds_at(3), path(Fleet::Town)).await;
    let records = document.as_array().unwrap();
    let first = records[0].as_object().unwrap();
    assert_eq!(first["日時"], "2026/01/15 05:12:00");
    assert!(first.values().all(Value::is_string), "{first:?}");
    let lon = first["経度"].as_str().unwrap();
    assert_eq!(lon.split_once('.').unwrap().1.len(), 5);
}

#[tokio::test]
async fn nothing_is_reported_before_the_epoch() {
    assert_eq!(
        get(&feeds_at(-5), path(Fleet::Town)).await,
        Value::Array(vec![])
    );
}

/// What the product's own decoder makes of the feeds under the demo's own configuration.
#[tokio::test]
async fn the_real_decoder_takes_the_good_records_and_rejects_the_bad() {
    let config: toml::Table = config_toml("127.0.0.1:9".parse().unwrap(), 10)
        .parse()
        .unwrap();
    let mut rejected = 0;
    for minutes in [11, 95, 180] {
        let feeds = feeds_at(minutes);
        let now = epoch() + SignedDuration::from_mins(minutes);
        for (fleet, feed) in Fleet::ALL.iter().zip(config["feed"].as_array().unwrap()) {
            let mapping = feed["plow_json"].clone().try_into().unwrap();
            let document = get(&feeds, path(*fleet)).await;
            let decoded =
                ingest::plow_json::decode(document.to_string().as_bytes(), &mapping, now).unwrap();
            assert!(
                decoded.fixes.len() > 200,
                "{fleet:?}: {}",
                decoded.fixes.len()
            );
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

#[test]
fn configuration_is_toml_with_three_managers_and_feeds() {
    let text = config_toml("127.0.0.1:4321".parse().unwrap(), 5);
    let config: toml::Table = text.parse().unwrap();
    let feeds = config["feed"].as_array().unwrap();
    assert_eq!(config["manager"].as_array().unwrap().len(), 3);
    assert_eq!(feeds.len(), 3);
    assert_eq!(
        feeds[2]["url"].as_str().unwrap(),
        "http://127.0.0.1:4321/town/josetsu.json"
    );
    assert_eq!(feeds[0]["every"].as_str().unwrap(), "5s");
    assert_eq!(
        feeds[0]["plow_json"]["work_values"]["新雪除雪"]
            .as_str()
            .unwrap(),
        "plowing"
    );
    assert_eq!(feeds[2]["plow_json"]["items"].as_str().unwrap(), "");
}

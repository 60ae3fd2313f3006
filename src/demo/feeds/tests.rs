#![allow(clippy::unwrap_used)]

use super::super::{Night, config_toml, town};
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
    to_bytes(response.into_body(), usize::MAX)
        .await
        .unwrap()
        .to_vec()
}

/// The feeds as the product reads them, under the demo's own configuration.
fn configured() -> Config {
    Config::parse(&config_toml("127.0.0.1:9".parse().unwrap(), 10), "demo").unwrap()
}

#[tokio::test]
async fn national_feed_nests_positions_and_names_the_work() {
    let document = get(&feeds_at(15), path(Fleet::National)).await;
    let document: Value = serde_json::from_slice(&document).unwrap();
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
async fn prefecture_feed_is_a_table_in_cp932_with_years_of_the_era() {
    let table = get(&feeds_at(12), path(Fleet::Prefecture)).await;
    assert!(std::str::from_utf8(&table).is_err());
    let (table, _, broken) = encoding_rs::SHIFT_JIS.decode(&table);
    assert!(!broken);
    let lines: Vec<&str> = table.split("\r\n").collect();
    assert_eq!(lines[1], "車両番号,日時,経度,緯度,方位,作業");
    assert!(lines[2].contains("令和8年1月15日 5時14分"), "{}", lines[2]);
    assert!(table.contains("作業中") && table.contains(['０', '１', '２']));
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
async fn town_feed_is_a_track_for_each_vehicle() {
    let document = get(&feeds_at(3), path(Fleet::Town)).await;
    let document = String::from_utf8(document).unwrap();
    assert_eq!(document.matches("<trk>").count(), 10);
    assert!(document.contains("<name>除雪車1号</name>"));
    assert!(document.contains("<time>2026-01-14T20:12:00Z</time>"));
    assert!(document.contains("<blade>down</blade>"));
}

#[tokio::test]
async fn nothing_is_reported_before_the_epoch() {
    let document = get(&feeds_at(-5), path(Fleet::Town)).await;
    assert!(!String::from_utf8(document).unwrap().contains("<trk>"));
}

#[tokio::test]
async fn the_prefectures_server_is_down_for_a_while_each_night() {
    for (minutes, wanted) in [
        (24, StatusCode::OK),
        (26, StatusCode::SERVICE_UNAVAILABLE),
        (32, StatusCode::OK),
        (4 * 60 + 26, StatusCode::SERVICE_UNAVAILABLE),
    ] {
        let ask = Request::get(path(Fleet::Prefecture))
            .body(Body::empty())
            .unwrap();
        let response = feeds_at(minutes).oneshot(ask).await.unwrap();
        assert_eq!(response.status(), wanted, "minute {minutes}");
        assert_eq!(
            response.headers().contains_key("retry-after"),
            wanted == StatusCode::SERVICE_UNAVAILABLE
        );
    }
    get(&feeds_at(26), path(Fleet::National)).await;
}

#[tokio::test]
async fn half_of_the_towns_units_fall_silent_for_half_an_hour() {
    let heard = async |minutes| {
        let document = get(&feeds_at(minutes), path(Fleet::Town)).await;
        String::from_utf8(document)
            .unwrap()
            .matches("<trk>")
            .count()
    };
    assert_eq!(heard(70).await, 10);
    assert_eq!(heard(100).await, 5);
    assert_eq!(heard(120).await, 10);
}

/// What the product's own decoder makes of the feeds under the demo's own configuration.
#[tokio::test]
async fn the_real_decoder_takes_the_good_records_and_rejects_the_bad() {
    let config = configured();
    let mut rejected = 0;
    for minutes in [11, 95, 180] {
        let feeds = feeds_at(minutes);
        let now = epoch() + SignedDuration::from_mins(minutes);
        for (fleet, feed) in Fleet::ALL.iter().zip(&config.feed) {
            let document = get(&feeds, path(*fleet)).await;
            let decoded = feed.decode(&document, now).unwrap();
            // Half of the town's units are silent at one of these times.
            assert!(
                decoded.fixes.len() > 150,
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
        "http://127.0.0.1:4321/town/josetsu.gpx"
    );
    assert_eq!(feeds[0]["every"].as_str().unwrap(), "5s");
    assert_eq!(
        feeds[0]["plow_json"]["work_values"]["新雪除雪"]
            .as_str()
            .unwrap(),
        "plowing"
    );
    let formats: Vec<&str> = feeds.iter().filter_map(|f| f["format"].as_str()).collect();
    assert_eq!(formats, ["plow_json", "plow_csv", "plow_gpx"]);
}

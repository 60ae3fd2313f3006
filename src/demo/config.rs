//! The configuration that points the real workers at the demo's feeds.

use super::feeds;
use super::fleet::{Fleet, Ground};
use std::net::SocketAddr;
use toml::{Table, Value};

/// The `[[manager]]` and `[[feed]]` sections for the made-up town's night.
pub fn config_toml(feeds_addr: SocketAddr, every_s: u64) -> String {
    config_toml_on(Ground::MadeUpTown, feeds_addr, every_s)
}

/// The same for either ground: on real roads the managers are named as simulated ones.
pub fn config_toml_on(ground: Ground, feeds_addr: SocketAddr, every_s: u64) -> String {
    let managers = Fleet::ALL.map(|fleet| Value::Table(manager(fleet, ground)));
    let feeds = Fleet::ALL.map(|fleet| Value::Table(feed(fleet, feeds_addr, every_s)));
    table([
        ("manager", Value::Array(managers.to_vec())),
        ("feed", Value::Array(feeds.to_vec())),
    ])
    .to_string()
}

fn manager(fleet: Fleet, ground: Ground) -> Table {
    let manager = fleet.road_manager(ground);
    table([
        ("code", manager.code.into()),
        ("level", manager.level.as_str().into()),
        (
            "name",
            Value::Table(table([
                ("ja", manager.name.ja.into()),
                ("en", manager.name.en.into()),
            ])),
        ),
    ])
}

fn feed(fleet: Fleet, feeds_addr: SocketAddr, every_s: u64) -> Table {
    table([
        ("id", format!("{}-plows", fleet.manager()).into()),
        ("manager", fleet.manager().into()),
        ("format", "plow_json".into()),
        (
            "url",
            format!("http://{feeds_addr}{}", feeds::path(fleet)).into(),
        ),
        ("every", format!("{every_s}s").into()),
        ("allow_private_address", true.into()),
        ("attribution", "模擬データ (simulated)".into()),
        ("licence", "CC0-1.0".into()),
        ("covers", "manager".into()),
        ("plow_json", Value::Table(mapping(fleet))),
    ])
}

/// `[feed.plow_json]`: JSON pointers into the document (`items`) and into each item.
fn mapping(fleet: Fleet) -> Table {
    match fleet {
        Fleet::National => table([
            ("items", "/vehicles".into()),
            ("vehicle_id", "/vehicleNo".into()),
            ("observed_at", "/time".into()),
            ("lon", "/position/lon".into()),
            ("lat", "/position/lat".into()),
            ("heading_deg", "/course".into()),
            ("speed_kmh", "/speed".into()),
            ("work", "/work".into()),
            (
                "work_values",
                Value::Table(table(
                    feeds::WORK_WORDS.map(|(word, kind)| (word, kind.as_str().into())),
                )),
            ),
        ]),
        Fleet::Prefecture => table([
            ("items", "/TrackingDataResponse/locationList".into()),
            ("vehicle_id", "/assetName".into()),
            ("observed_at", "/postingTime".into()),
            ("lon", "/longitude".into()),
            ("lat", "/latitude".into()),
            ("heading_deg", "/directionDegrees".into()),
            ("work", "/bladeDown".into()),
            ("work_values", plowing_or_transit("true", "false")),
        ]),
        Fleet::Town => table([
            ("items", "".into()),
            ("vehicle_id", "/車両".into()),
            ("observed_at", "/日時".into()),
            ("lon", "/経度".into()),
            ("lat", "/緯度".into()),
            ("work", "/作業".into()),
            ("time_format", feeds::TIME_FORMAT.into()),
            ("time_zone", "Asia/Tokyo".into()),
            ("work_values", plowing_or_transit("1", "0")),
        ]),
    }
}

fn plowing_or_transit(works: &str, drives: &str) -> Value {
    Value::Table(table([
        (works, "plowing".into()),
        (drives, "transit".into()),
    ]))
}

fn table<const N: usize>(entries: [(&str, Value); N]) -> Table {
    entries
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}

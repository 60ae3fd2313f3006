//! The configuration that points the real workers at the demo's feeds.

use super::feeds;
use super::fleet::{Fleet, Ground};
use domain::work::WorkKind;
use std::net::SocketAddr;
use toml::{Table, Value};

/// The `[[manager]]` and `[[feed]]` sections for the night; on real roads the managers are named as
/// simulated ones. `town_units` of the town's plows are out all night.
pub fn config_toml_on(
    ground: Ground,
    feeds_addr: SocketAddr,
    every_s: u64,
    town_units: usize,
) -> String {
    let managers = Fleet::ALL.map(|fleet| Value::Table(manager(fleet, ground)));
    let mut feeds = Fleet::ALL
        .map(|fleet| feed(fleet, feeds_addr, every_s))
        .to_vec();
    feeds[Fleet::Town as usize].insert("units_on_duty".to_owned(), (town_units as i64).into());
    feeds.push(gauges(feeds_addr, every_s));
    feeds.push(zones(feeds_addr, every_s));
    table([
        ("manager", Value::Array(managers.to_vec())),
        (
            "feed",
            Value::Array(feeds.into_iter().map(Value::Table).collect()),
        ),
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
        ("format", format_of(fleet).into()),
        (
            "url",
            format!("http://{feeds_addr}{}", feeds::path(fleet)).into(),
        ),
        ("every", format!("{every_s}s").into()),
        ("allow_private_address", true.into()),
        ("attribution", "模擬データ (simulated)".into()),
        ("licence", "CC0-1.0".into()),
        ("covers", "manager".into()),
        (format_of(fleet), Value::Table(mapping(fleet))),
    ])
}

/// The prefecture's snow gauges.
fn gauges(feeds_addr: SocketAddr, every_s: u64) -> Table {
    let [
        id,
        name,
        observed_at,
        lon,
        lat,
        elevation_m,
        depth,
        air,
        wind,
    ] = feeds::GAUGE_COLUMNS;
    let columns = table([
        ("depth_cm", depth.into()),
        ("temperature_c", air.into()),
        ("wind_speed_m_per_s", wind.into()),
    ]);
    let mapping = table([
        ("station", id.into()),
        ("station_name", name.into()),
        ("observed_at", observed_at.into()),
        ("lon", lon.into()),
        ("lat", lat.into()),
        ("elevation_m", elevation_m.into()),
        ("columns", Value::Table(columns)),
    ]);
    let mut gauges = feed(Fleet::Prefecture, feeds_addr, every_s);
    let url = format!("http://{feeds_addr}{}", feeds::GAUGES_PATH);
    gauges.remove(format_of(Fleet::Prefecture));
    for (key, value) in [
        ("id", "prefecture-gauges".into()),
        ("format", "snow_csv".into()),
        ("url", url.into()),
        ("covers", "passes".into()),
        ("snow_csv", Value::Table(mapping)),
    ] {
        gauges.insert(key.to_owned(), value);
    }
    gauges
}

/// The town's zones.
fn zones(feeds_addr: SocketAddr, every_s: u64) -> Table {
    let mapping = table([
        ("zone", "zone".into()),
        ("state", "state".into()),
        ("as_of", "as_of".into()),
    ]);
    let mut zones = feed(Fleet::Town, feeds_addr, every_s);
    let url = format!("http://{feeds_addr}{}", feeds::ZONES_PATH);
    zones.remove(format_of(Fleet::Town));
    for (key, value) in [
        ("id", "town-zones".into()),
        ("format", "zone_orders".into()),
        ("url", url.into()),
        ("covers", "passes".into()),
        ("zone_orders", Value::Table(mapping)),
    ] {
        zones.insert(key.to_owned(), value);
    }
    zones
}

/// Each manager speaks in a format of its own.
fn format_of(fleet: Fleet) -> &'static str {
    match fleet {
        Fleet::National => "plow_json",
        Fleet::Prefecture => "plow_gpx",
        Fleet::Town => "plow_csv",
    }
}

/// `[feed.<format>]`: where in the payload what is to be found.
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
            ("work_values", words(&feeds::NATIONAL_WORDS)),
        ]),
        Fleet::Prefecture => table([
            ("work", "work".into()),
            ("work_values", words(&feeds::PREFECTURE_WORDS)),
        ]),
        Fleet::Town => {
            let [vehicle_id, observed_at, lon, lat, work] = feeds::TOWN_COLUMNS;
            let kinds = [("1", WorkKind::Plowing), ("0", WorkKind::Transit)];
            table([
                ("vehicle_id", vehicle_id.into()),
                ("observed_at", observed_at.into()),
                ("lon", lon.into()),
                ("lat", lat.into()),
                ("work", work.into()),
                ("work_values", words(&kinds)),
            ])
        }
    }
}

fn words(words: &[(&str, WorkKind)]) -> Value {
    let word = |(word, kind): &(&str, WorkKind)| ((*word).to_owned(), kind.as_str().into());
    Value::Table(words.iter().map(word).collect())
}

fn table<const N: usize>(entries: [(&str, Value); N]) -> Table {
    entries
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}

//! Zones, stations, closures, plans and sidewalks as tiles of their own, asked of the real server.
#![allow(clippy::unwrap_used)]

mod support;

use jiff::{SignedDuration, Timestamp};
use mvt_reader::Reader;
use mvt_reader::feature::{Feature, Value};
use serde_json::json;
use std::path::Path;
use support::{Server, get, post, run, text, until};

const ROADS: &str = r#"{"type":"FeatureCollection","features":[
  {"type":"Feature","id":7,"properties":{"highway":"residential","manager_level":"municipal"},
   "geometry":{"type":"LineString","coordinates":[[140.601,40.701],[140.605,40.701]]}},
  {"type":"Feature","id":8,"properties":{"highway":"residential","manager_level":"municipal"},
   "geometry":{"type":"LineString","coordinates":[[140.605,40.701],[140.612,40.701]]}},
  {"type":"Feature","id":9,"properties":{"highway":"footway","name":"歩道橋通り"},
   "geometry":{"type":"LineString","coordinates":[[140.605,40.701],[140.605,40.705]]}}
]}"#;

const ZONE: &str = r#"{"type":"FeatureCollection","features":[{"type":"Feature",
  "properties":{"工区":"Ａ－１","名":"新町第一工区","状態":"作業中"},
  "geometry":{"type":"Polygon","coordinates":[[[140.600,40.700],[140.606,40.700],[140.606,40.702],[140.600,40.702],[140.600,40.700]]]}}]}"#;

/// z14 tile that holds all of it.
const TILE: &str = "14/14591/6160";

fn config(data_dir: &Path) -> String {
    let folder = data_dir.display();
    format!(
        r#"
[http]
listen = "127.0.0.1:0"
[[manager]]
code = "02201"
level = "municipal"
name = {{ ja = "青森市", en = "Aomori City" }}
[[feed]]
id = "zones"
manager = "02201"
format = "zone_orders"
path = "{folder}/zones"
every = "1s"
[feed.zone_orders]
zone = "工区"
name = "名"
state = "状態"
[[feed]]
id = "snow"
manager = "02201"
format = "snow_csv"
path = "{folder}/snow"
every = "1s"
[feed.snow_csv]
station = "局番号"
station_name = "局名"
lon = "経度"
lat = "緯度"
observed_at = "日時"
quantity = "項目"
value = "値"
quantity_values = {{ "積雪深" = "depth_cm" }}
"#
    )
}

fn features(server: &Server, layer: &str, tile: &str) -> Vec<Feature> {
    let answer = server.get(&format!("/tiles/{layer}/{tile}"));
    match answer.status {
        204 => Vec::new(),
        200 => Reader::new(answer.body).unwrap().get_features(0).unwrap(),
        status => panic!("{layer}: {status}: {}", text(&answer.body)),
    }
}

fn string(feature: &Feature, key: &str) -> String {
    match feature.properties.as_ref().unwrap().get(key) {
        Some(Value::String(text)) => text.clone(),
        other => panic!("{key}: {other:?}"),
    }
}

fn whole(feature: &Feature, key: &str) -> u64 {
    match feature.properties.as_ref().unwrap().get(key) {
        Some(Value::UInt(n)) => *n,
        other => panic!("{key}: {other:?}"),
    }
}

fn minutes(at: Timestamp) -> u64 {
    u64::try_from(at.as_second() / 60).unwrap()
}

#[test]
fn facts_have_tiles_of_their_own() {
    let folder = support::folder();
    let data_dir = folder.path();
    for name in ["zones", "snow"] {
        std::fs::create_dir(data_dir.join(name)).unwrap();
    }
    std::fs::write(data_dir.join("yukimichi.toml"), config(data_dir)).unwrap();
    std::fs::write(data_dir.join("roads.geojson"), ROADS).unwrap();
    let imported = run(data_dir, &["roads", "import", "roads.geojson"]);
    assert!(imported.status.success(), "{}", text(&imported.stderr));
    let made = run(data_dir, &["operator", "key", "02201", "--name", "佐藤"]);
    let key = text(&made.stdout).trim().to_owned();
    let server = Server::start(data_dir, &["run"]);

    for layer in ["zones", "stations", "closures", "plans"] {
        assert!(features(&server, layer, TILE).is_empty(), "{layer}");
    }
    zones(data_dir, &server);
    stations(data_dir, &server);
    recorded_by_hand(&server, &key);
    sidewalks(&server);
    every_layer_is_described(&server);
    assert!(server.stop().success());
}

fn zones(data_dir: &Path, server: &Server) {
    let roads = format!("/tiles/roads/{TILE}");
    let before = server.get(&roads).header("etag").unwrap().to_owned();
    std::fs::write(data_dir.join("zones/a.geojson"), ZONE).unwrap();
    let found = until("the zone", || {
        let found = features(server, "zones", TILE);
        (!found.is_empty()).then_some(found)
    });
    assert_eq!(string(&found[0], "zone"), "A-1");
    assert_eq!(string(&found[0], "name"), "新町第一工区");
    assert_eq!(string(&found[0], "order_ja"), "作業中");
    assert_eq!(string(&found[0], "manager_name"), "青森市");
    // Once the zone is laid onto the network, its roads name it, under another ETag.
    let etag = until("roads of the zone", || {
        let found = features(server, "roads", TILE);
        let with_zone = |f: &&Feature| f.properties.as_ref().unwrap().contains_key("zone");
        let named: Vec<&Feature> = found.iter().filter(with_zone).collect();
        let [road] = named[..] else { return None };
        assert_eq!(string(road, "zone"), "新町第一工区");
        Some(server.get(&roads).header("etag").unwrap().to_owned())
    });
    assert_ne!(etag, before);
    let headers = [("if-none-match", before.as_str())];
    assert_eq!(
        get(&server.address, &roads, &headers).status,
        200,
        "no longer the same"
    );
    let listed = server.json("/api/v1/segments?bbox=140,40,141,41");
    let zones: Vec<&serde_json::Value> = listed["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| &f["properties"]["zone"])
        .filter(|zone| !zone.is_null())
        .collect();
    assert_eq!(zones, ["新町第一工区"]);
}

fn stations(data_dir: &Path, server: &Server) {
    let at = Timestamp::now() - SignedDuration::from_mins(5);
    let jst = at.in_tz("Asia/Tokyo").unwrap();
    let table = format!(
        "局番号,局名,経度,緯度,日時,項目,値\n1,新町,140.608,40.703,{},積雪深,35\n",
        jst.strftime("%Y/%m/%d %H:%M:%S")
    );
    std::fs::write(data_dir.join("snow/a.csv"), table).unwrap();
    let found = until("the station", || {
        let found = features(server, "stations", TILE);
        let read = found.first()?.properties.as_ref()?.contains_key("depth_cm");
        read.then_some(found)
    });
    assert_eq!(found.len(), 1);
    assert_eq!(string(&found[0], "name"), "新町");
    assert_eq!(
        found[0].properties.as_ref().unwrap()["depth_cm"],
        Value::Double(35.0)
    );
    assert_eq!(whole(&found[0], "observed_min"), minutes(at));
}

fn recorded_by_hand(server: &Server, key: &str) {
    let listed = server.json("/api/v1/segments?bbox=140,40,141,41");
    let segment = &listed["features"][0]["id"];
    let send = |path: &str, body: serde_json::Value| {
        let body = body.to_string();
        let made = post(
            &server.address,
            path,
            key,
            "application/json",
            body.as_bytes(),
        );
        assert_eq!(made.status, 201, "{}", text(&made.body));
    };
    let place = json!({ "segments": [segment] });
    let now = Timestamp::now();
    let until_at = now + SignedDuration::from_hours(3);
    send(
        "/api/v1/closures",
        json!({ "kind": "one_lane", "reason": "雪庇処理", "until": until_at, "place": place }),
    );
    let found = until("the closure", || {
        let found = features(server, "closures", TILE);
        (!found.is_empty()).then_some(found)
    });
    assert_eq!(string(&found[0], "kind_ja"), "片側交互通行");
    assert_eq!(string(&found[0], "reason"), "雪庇処理");
    assert_eq!(whole(&found[0], "until_min"), minutes(until_at));
    assert_eq!(
        found[0].properties.as_ref().unwrap()["shuts_the_road"],
        Value::Bool(false)
    );
    assert!(
        !found[0]
            .properties
            .as_ref()
            .unwrap()
            .contains_key("recorded_by")
    );
    send(
        "/api/v1/plans",
        json!({ "work_kind": "hauling", "from": now, "until": until_at, "place": place }),
    );
    let found = until("the plan", || {
        let found = features(server, "plans", TILE);
        (!found.is_empty()).then_some(found)
    });
    assert_eq!(string(&found[0], "work_kind"), "hauling");
    assert_eq!(whole(&found[0], "from_min"), minutes(now));

    // Known by its ETag in each encoding, until a fact is another.
    let path = format!("/tiles/closures/{TILE}");
    let gzip = [("accept-encoding", "gzip")];
    let first = get(&server.address, &path, &gzip);
    let etag = first.header("etag").unwrap().to_owned();
    let known = [
        ("accept-encoding", "gzip"),
        ("if-none-match", etag.as_str()),
    ];
    assert_eq!(get(&server.address, &path, &known).status, 304);
    assert_ne!(
        server.get(&path).header("etag"),
        Some(etag.as_str()),
        "another encoding"
    );
    send(
        "/api/v1/closures",
        json!({ "kind": "restricted", "reason": "", "place": place }),
    );
    until("the other closure", || {
        (get(&server.address, &path, &known).status == 200).then_some(())
    });
    assert_eq!(features(server, "closures", TILE).len(), 2);
}

fn sidewalks(server: &Server) {
    let found = features(server, "sidewalks", TILE);
    assert_eq!(found.len(), 1);
    assert_eq!(string(&found[0], "name"), "歩道橋通り");
    assert_eq!(string(&found[0], "side"), "way");
    assert_eq!(whole(&found[0], "cleared_min"), 0);
    assert!(
        features(server, "sidewalks", "11/1823/770").is_empty(),
        "too far away"
    );
}

fn every_layer_is_described(server: &Server) {
    for layer in ["zones", "stations", "closures", "plans", "sidewalks"] {
        let about = server.json(&format!("/tiles/{layer}"));
        assert_eq!(about["tilejson"], "3.0.0");
        assert_eq!(about["vector_layers"][0]["id"], layer);
        assert!(about["bounds"].is_array(), "{layer}");
        let template = about["tiles"][0].as_str().unwrap();
        assert!(
            template.ends_with(&format!("/tiles/{layer}/{{z}}/{{x}}/{{y}}")),
            "{template}"
        );
        let fields = about["vector_layers"][0]["fields"].as_object().unwrap();
        for feature in features(server, layer, TILE) {
            for key in feature.properties.unwrap().keys() {
                assert!(fields.contains_key(key), "{layer}: {key}");
            }
        }
        assert_eq!(server.get(&format!("/tiles/{layer}/4/0/0")).status, 404);
        assert_eq!(
            server.get(&format!("/tiles/{layer}/14/0/0.mvt")).status,
            204
        );
    }
    let unknown = server.get("/tiles/snowmen/14/0/0");
    assert_eq!(unknown.status, 404);
    assert!(text(&unknown.body).contains("roads, closures, plans, sidewalks, stations, zones"));
}

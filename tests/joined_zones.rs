//! One feed of a manager draws its zones, another tells their states.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::Value;
use std::fs;
use support::{Server, run, text, until};

const CONFIG: &str = r#"
[http]
listen = "127.0.0.1:0"
[[manager]]
code = "02201"
level = "municipal"
name = { ja = "青森市", en = "Aomori City" }
[[feed]]
id = "drawn"
manager = "02201"
format = "zone_orders"
path = "drawn"
every = "5s"
[feed.zone_orders]
zone = "工区"
state = "状態"
[[feed]]
id = "told"
manager = "02201"
format = "zone_orders"
path = "told"
every = "5s"
[feed.zone_orders]
zone = "工区"
state = "状態"
"#;

const ROADS: &str = r#"{"type":"FeatureCollection","features":[
  {"type":"Feature","id":1,"properties":{"highway":"primary","manager_level":"municipal"},
   "geometry":{"type":"LineString","coordinates":[[140.60,40.70],[140.61,40.70]]}}]}"#;

const ZONES: &str = r#"{"type":"FeatureCollection","features":[
  {"type":"Feature","properties":{"工区":"Ａ－１","状態":"-"},
   "geometry":{"type":"Polygon","coordinates":[[[140.59,40.69],[140.62,40.69],[140.62,40.71],[140.59,40.71],[140.59,40.69]]]}}]}"#;

#[test]
fn names_join_what_two_feeds_say_of_a_zone() {
    let folder = support::folder();
    let data_dir = folder.path();
    for (name, file, content) in [
        ("drawn", "zones.geojson", ZONES),
        ("told", "states.csv", "工区,状態\nA-1,作業中\n"),
    ] {
        fs::create_dir(data_dir.join(name)).unwrap();
        fs::write(data_dir.join(name).join(file), content).unwrap();
    }
    let config = ["drawn", "told"]
        .iter()
        .fold(CONFIG.to_owned(), |config, name| {
            let path = data_dir.join(name);
            config.replace(
                &format!("path = \"{name}\""),
                &format!("path = {:?}", path.display().to_string()),
            )
        });
    fs::write(data_dir.join("yukimichi.toml"), config).unwrap();
    fs::write(data_dir.join("roads.geojson"), ROADS).unwrap();
    let imported = run(data_dir, &["roads", "import", "roads.geojson"]);
    assert!(imported.status.success(), "{}", text(&imported.stderr));
    let server = Server::start(data_dir, &["run"]);
    let order = until("an order with a shape", || {
        let orders = server.json("/api/v1/orders?feed=told");
        let order = orders["features"].as_array()?.first()?.clone();
        (order["geometry"] != Value::Null).then_some(order)
    });
    assert_eq!(order["geometry"]["type"], "MultiPolygon");
    assert_eq!(order["properties"]["drawn_by"], "drawn");
    assert_eq!(order["properties"]["state"], "working");
    let segments = server.json("/api/v1/segments?bbox=140,40,141,41");
    let id = segments["features"][0]["id"].as_u64().unwrap();
    let segment = until("the zone on its segment", || {
        let segment = server.json(&format!("/api/v1/segments/{id}"));
        (segment["facts"]["zone"]["zone"] == "A-1").then_some(segment)
    });
    assert_eq!(segment["facts"]["order"]["state"], "working", "{segment}");
    assert_eq!(segment["facts"]["ordered"], true);
    assert!(server.stop().success());
}

//! How much road is in which state, over HTTP.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use support::{Server, post, run, text, until};

const CONFIG: &str = r#"
[http]
listen = "127.0.0.1:0"
[[manager]]
code = "02"
level = "prefectural"
name = { ja = "青森県", en = "Aomori" }
[[manager]]
code = "02201"
level = "municipal"
name = { ja = "青森市", en = "Aomori City" }
"#;

/// Two km-long streets of the county's, one of the city's, half as long.
const ROADS: &str = r#"{"type":"FeatureCollection","features":[
  {"type":"Feature","id":7,"properties":{"highway":"primary","name":"八甲田通り","manager_level":"prefectural"},
   "geometry":{"type":"LineString","coordinates":[[140.60,40.70],[140.612,40.70]]}},
  {"type":"Feature","id":8,"properties":{"highway":"primary","name":"浅虫通り","manager_level":"prefectural"},
   "geometry":{"type":"LineString","coordinates":[[140.60,40.71],[140.612,40.71]]}},
  {"type":"Feature","id":9,"properties":{"highway":"residential","manager_level":"municipal"},
   "geometry":{"type":"LineString","coordinates":[[140.60,40.72],[140.606,40.72]]}}
]}"#;

fn metres(group: &Value, state: &str) -> f64 {
    group["lengths"]["by_state_m"][state].as_f64().unwrap()
}

#[test]
fn roads_are_counted_by_owner_and_state() {
    let folder = support::folder();
    let data_dir = folder.path();
    std::fs::write(data_dir.join("yukimichi.toml"), CONFIG).unwrap();
    std::fs::write(data_dir.join("roads.geojson"), ROADS).unwrap();
    let imported = run(data_dir, &["roads", "import", "roads.geojson"]);
    assert!(imported.status.success(), "{}", text(&imported.stderr));
    let key = run(data_dir, &["operator", "key", "02", "--name", "佐藤"]);
    let key = text(&key.stdout).trim().to_owned();
    let server = Server::start(data_dir, &["run"]);

    let all = server.json("/api/v1/coverage");
    let owners: Vec<&str> = all["managers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| group["manager"]["code"].as_str().unwrap())
        .collect();
    assert_eq!(owners, ["02", "02201"]);
    let total_m = all["total"]["total_m"].as_f64().unwrap();
    let sum_m: f64 = (all["managers"].as_array().unwrap().iter())
        .map(|group| group["lengths"]["total_m"].as_f64().unwrap())
        .sum();
    assert!((total_m - 2530.0).abs() < 30.0, "{total_m}");
    assert!((total_m - sum_m).abs() < 2.0, "{all}");
    // Where nothing is known nothing is done, and nothing missed.
    assert_eq!(all["total"]["done_share"], Value::Null);
    assert_eq!(metres(&all["managers"][0], "uncleared"), 0.0);
    assert_eq!((&all["missed"], &all["zones"]), (&json!([]), &json!([])));

    let shore = server.json("/api/v1/segments?bbox=140.59,40.705,140.62,40.715");
    let segment = &shore["features"][0]["id"];
    let closure = json!({ "kind": "winter", "place": { "segments": [segment] } }).to_string();
    let closed = post(
        &server.address,
        "/api/v1/closures",
        &key,
        "application/json",
        closure.as_bytes(),
    );
    assert_eq!(closed.status, 201, "{}", text(&closed.body));
    let county = until("the closure's length", || {
        let county = server.json("/api/v1/coverage?manager=02");
        (metres(&county["managers"][0], "closed") > 0.0).then_some(county)
    });
    let county = &county["managers"];
    assert_eq!(county.as_array().unwrap().len(), 1, "{county}");
    assert!(
        (metres(&county[0], "closed") - 1012.0).abs() < 20.0,
        "{county}"
    );
    assert!(
        (metres(&county[0], "no_data") - 1012.0).abs() < 20.0,
        "{county}"
    );
    assert_eq!(
        server
            .get("/api/v1/coverage?at=2026-01-01T00:00:00Z")
            .status,
        400
    );
    assert!(server.stop().success());
}

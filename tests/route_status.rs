//! Whether a way is open: `/api/v1/route-status`; and finding a road: `/api/v1/places`.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use support::{Answer, Server, post, run, text, until};

const CONFIG: &str = r#"
[http]
listen = "127.0.0.1:0"
[[manager]]
code = "02"
level = "prefectural"
name = { ja = "青森県", en = "Aomori" }
"#;

/// A main road from west to east, a street round it in the north, and a road that ends in the south.
const ROADS: &str = r#"{"type":"FeatureCollection","features":[
  {"type":"Feature","id":1,"properties":{"highway":"primary","name":"県道1号","manager":"02","manager_level":"prefectural"},
   "geometry":{"type":"LineString","coordinates":[[140.60,40.70],[140.61,40.70]]}},
  {"type":"Feature","id":2,"properties":{"highway":"primary","name":"県道1号","manager":"02","manager_level":"prefectural"},
   "geometry":{"type":"LineString","coordinates":[[140.61,40.70],[140.62,40.70]]}},
  {"type":"Feature","id":3,"properties":{"highway":"residential","name":"北通り","manager_level":"municipal"},
   "geometry":{"type":"LineString","coordinates":[[140.61,40.70],[140.61,40.71],[140.62,40.71],[140.62,40.70]]}},
  {"type":"Feature","id":4,"properties":{"highway":"residential","name":"南通り","manager":"02","manager_level":"prefectural"},
   "geometry":{"type":"LineString","coordinates":[[140.60,40.70],[140.60,40.69]]}}
]}"#;

const WEST: [f64; 2] = [140.6001, 40.70];
const EAST: [f64; 2] = [140.6199, 40.70];
/// On the street in the north, quicker reached by the main road.
const NORTH_EAST: [f64; 2] = [140.62, 40.703];
const SOUTH: [f64; 2] = [140.60, 40.6905];

fn ask(server: &Server, body: &Value) -> Answer {
    let body = body.to_string();
    post(
        &server.address,
        "/api/v1/route-status",
        "",
        "application/json",
        body.as_bytes(),
    )
}

fn way(server: &Server, points: &[[f64; 2]]) -> Value {
    let answer = ask(server, &json!({ "points": points }));
    assert_eq!(answer.status, 200, "{}", text(&answer.body));
    answer.json()
}

fn names(stretches: &Value) -> Vec<&str> {
    let stretches = stretches.as_array().unwrap().iter();
    stretches.map(|s| s["name"].as_str().unwrap()).collect()
}

#[test]
fn a_way_is_told_with_its_worst_stretch_first_and_never_over_closed_roads() {
    let folder = support::folder();
    let data_dir = folder.path();
    std::fs::write(data_dir.join("yukimichi.toml"), CONFIG).unwrap();
    std::fs::write(data_dir.join("roads.geojson"), ROADS).unwrap();
    let imported = run(data_dir, &["roads", "import", "roads.geojson"]);
    assert!(imported.status.success(), "{}", text(&imported.stderr));
    let made = run(data_dir, &["operator", "key", "02", "--name", "佐藤"]);
    let key = text(&made.stdout).trim().to_owned();
    let server = Server::start(data_dir, &["run"]);

    let straight = way(&server, &[WEST, EAST]);
    assert_eq!(straight["open"], true);
    assert_eq!(names(&straight["stretches"]), ["県道1号"]);
    assert_eq!(straight["worst"], "no_data");
    assert_eq!(straight["unknown_m"], straight["length_m"]);
    assert!(
        (straight["length_m"].as_f64().unwrap() - 1673.0).abs() < 3.0,
        "{straight}"
    );
    assert_eq!(straight["stretches"][0]["manager_level"], "prefectural");

    let close = |kind: &str, street: &str| {
        let body = json!({ "kind": kind, "place": { "route": { "route": street } } }).to_string();
        let path = "/api/v1/closures";
        let made = post(
            &server.address,
            path,
            &key,
            "application/json",
            body.as_bytes(),
        );
        assert_eq!(made.status, 201, "{}", text(&made.body));
    };
    let east = server.json("/api/v1/segments?bbox=140.615,40.699,140.619,40.701");
    let east = &east["features"][0]["id"];
    let body = json!({ "kind": "closed", "place": { "segments": [east] } }).to_string();
    let made = post(
        &server.address,
        "/api/v1/closures",
        &key,
        "application/json",
        body.as_bytes(),
    );
    assert_eq!(made.status, 201, "{}", text(&made.body));
    let round = until("the way round", || {
        let round = way(&server, &[WEST, NORTH_EAST]);
        (round["closed_on_usual_way"] != json!([])).then_some(round)
    });
    assert_eq!(round["open"], true, "{round}");
    assert!(names(&round["stretches"]).contains(&"北通り"), "{round}");
    assert_eq!(names(&round["closed_on_usual_way"]), ["県道1号"]);

    // Who lives on a closed road is told so, not sent to the next one.
    close("winter", "南通り");
    let shut = until("the closure", || {
        let shut = way(&server, &[SOUTH, WEST]);
        (shut["open"] == false).then_some(shut)
    });
    assert_eq!(shut["worst"], "closed");
    assert_eq!(names(&shut["closed_on_usual_way"]), ["南通り"]);

    let found = server.json("/api/v1/places?q=%E5%8C%97%E9%80%9A&near=140.6,40.7");
    let north = &found["places"][0];
    assert_eq!(
        (&north["name"], &north["kind"]),
        (&json!("北通り"), &json!("road"))
    );
    assert_eq!(north["bbox"], json!([140.61, 40.70, 140.62, 40.71]));
    for query in ["", "?q=a&near=140", "?q=a&limit=0", "?q=a&where=b"] {
        let answer = server.get(&format!("/api/v1/places{query}"));
        assert_eq!(answer.status, 400, "{query}");
    }

    let bad = [
        (json!({ "points": [WEST] }), "two places"),
        (json!({ "points": [WEST, [140.6, 95.0]] }), "points[1]"),
        (
            json!({ "points": [WEST, [140.6, 41.2]] }),
            "place 1: no road",
        ),
        (
            json!({ "points": [WEST, [150.0, 41.0]] }),
            "more than 150 km",
        ),
        (
            json!({ "points": [WEST, EAST], "to": 1 }),
            "unknown field `to`",
        ),
    ];
    for (body, expected) in bad {
        let answer = ask(&server, &body);
        assert_eq!(answer.status, 422, "{body}");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(expected), "{detail}");
    }
    assert!(server.stop().success());
}

//! What people record by hand: closures that reach tiles at once, plans, and reports.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use std::time::{Duration, Instant};
use support::{Answer, Server, get, post, run, text, until};

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

const ROADS: &str = r#"{"type":"FeatureCollection","features":[
  {"type":"Feature","id":7,"properties":{"highway":"primary","name":"八甲田通り","manager_level":"prefectural"},
   "geometry":{"type":"LineString","coordinates":[[140.60,40.70],[140.61,40.70]]}},
  {"type":"Feature","id":8,"properties":{"highway":"primary","name":"八甲田通り","manager_level":"prefectural"},
   "geometry":{"type":"LineString","coordinates":[[140.61,40.70],[140.62,40.70]]}}
]}"#;

const TILE: &str = "/tiles/roads/14/14591/6160";

struct Town {
    server: Server,
    key: String,
    other_key: String,
}

impl Town {
    fn post(&self, path: &str, body: &Value) -> Answer {
        let body = body.to_string();
        post(
            &self.server.address,
            path,
            &self.key,
            "application/json",
            body.as_bytes(),
        )
    }

    /// What the manager's own people see.
    fn get(&self, path: &str) -> Value {
        let bearer = format!("Bearer {}", self.key);
        let answer = get(&self.server.address, path, &[("authorization", &bearer)]);
        assert_eq!(answer.status, 200, "{path}: {}", text(&answer.body));
        answer.json()
    }

    /// Id and state of the segments, from west to east.
    fn segments(&self) -> Vec<(u64, String)> {
        let answer = self.server.json("/api/v1/segments?bbox=140,40,141,41");
        let mut found: Vec<(f64, u64, String)> = answer["features"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| {
                let west = f["geometry"]["coordinates"][0][0].as_f64().unwrap();
                let state = f["properties"]["state_forward"]
                    .as_str()
                    .unwrap()
                    .to_owned();
                (west, f["id"].as_u64().unwrap(), state)
            })
            .collect();
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        found
            .into_iter()
            .map(|(_, id, state)| (id, state))
            .collect()
    }

    /// Waits until the segments are in these states; how long that took.
    fn until_states(&self, expected: [&str; 2]) -> Duration {
        let began = Instant::now();
        until(&format!("{expected:?}"), || {
            let segments = self.segments();
            let states: Vec<&str> = segments.iter().map(|(_, state)| state.as_str()).collect();
            (states == expected).then_some(())
        });
        began.elapsed()
    }
}

#[test]
fn a_person_closes_plans_and_reports() {
    let folder = support::folder();
    let data_dir = folder.path();
    std::fs::write(data_dir.join("yukimichi.toml"), CONFIG).unwrap();
    std::fs::write(data_dir.join("roads.geojson"), ROADS).unwrap();
    let imported = run(data_dir, &["roads", "import", "roads.geojson"]);
    assert!(imported.status.success(), "{}", text(&imported.stderr));
    let key = |manager: &str| {
        let made = run(data_dir, &["operator", "key", manager, "--name", "佐藤"]);
        assert!(made.status.success(), "{}", text(&made.stderr));
        text(&made.stdout).trim().to_owned()
    };
    let (key, other_key) = (key("02"), key("02201"));
    let server = Server::start(data_dir, &["run"]);
    let town = Town {
        server,
        key,
        other_key,
    };
    town.until_states(["no_data", "no_data"]);

    closures(&town);
    plans(&town);
    reports(&town);
    assert!(town.server.stop().success());
}

fn closures(town: &Town) {
    let path = "/api/v1/closures";
    let west = town.segments()[0].0;
    let etag = town.server.get(TILE).header("etag").unwrap().to_owned();
    let closure = json!({
        "kind": "closed",
        "reason": "雪崩のおそれ",
        "place": { "segments": [west] },
    });
    let made = town.post(path, &closure);
    assert_eq!(made.status, 201, "{}", text(&made.body));
    let took = town.until_states(["closed", "no_data"]);
    assert!(took < Duration::from_secs(5), "{took:?}");
    let closed = town.server.get(TILE);
    assert_ne!(
        closed.header("etag"),
        Some(etag.as_str()),
        "the tile has changed too"
    );

    let segment = town.server.json(&format!("/api/v1/segments/{west}"));
    assert_eq!(segment["facts"]["closures"][0]["reason"], "雪崩のおそれ");
    let number = made.json()["number"].as_i64().unwrap();
    let one = town.server.json(&format!("{path}/{number}"));
    assert_eq!(
        one["recorded_by"],
        Value::Null,
        "names are the manager's own"
    );
    assert_eq!(town.get(&format!("{path}/{number}"))["recorded_by"], "佐藤");
    assert_eq!(
        (&one["holds"], &one["shuts_the_road"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(one["network"]["segments"][0]["id"], west);
    let list = town
        .server
        .json(&format!("{path}?bbox=140.6,40.6,140.605,40.8"));
    assert_eq!(list["features"].as_array().unwrap().len(), 1);
    assert_eq!(list["features"][0]["geometry"]["type"], "MultiLineString");
    let past = town.server.json(&format!("{path}?at=2026-01-01T00:00:00Z"));
    assert_eq!(past["features"], json!([]));

    // By the route's name: all of it; one-lane working closes nothing.
    let one_lane = json!({ "kind": "one_lane", "place": { "route": { "route": "八甲田通り" } } });
    let made = town.post(path, &one_lane).json();
    let laid = until("the laying", || {
        let one = town.server.json(&format!("{path}/{}", made["number"]));
        (one["network"]["laid"] == true).then_some(one)
    });
    assert_eq!(
        laid["network"]["segments"].as_array().unwrap().len(),
        2,
        "{laid}"
    );
    town.until_states(["closed", "no_data"]);

    // Reopening takes a name, and the manager's own key.
    let reopen = format!("{path}/{number}/reopen");
    assert_eq!(town.post(&reopen, &json!({})).status, 422);
    assert_eq!(town.post(&reopen, &json!({ "said_by": " " })).status, 422);
    let body = json!({ "said_by": "県 高橋" }).to_string();
    let foreign = post(
        &town.server.address,
        &reopen,
        &town.other_key,
        "application/json",
        body.as_bytes(),
    );
    assert_eq!(foreign.status, 403);
    let opened = town.post(&reopen, &json!({ "said_by": "県 高橋" }));
    assert_eq!(opened.status, 200, "{}", text(&opened.body));
    let took = town.until_states(["no_data", "no_data"]);
    assert!(took < Duration::from_secs(5), "{took:?}");
    let over = town.get(&format!("{path}?all=true"));
    let closure = &over["features"][0]["properties"];
    assert_eq!(closure["recorded_by"], "佐藤 (県 高橋)");
    let public = text(&town.server.get(&format!("{path}?all=true")).body);
    assert!(
        public.contains("雪崩のおそれ") && !public.contains("高橋"),
        "{public}"
    );

    let bad = [
        json!({ "kind": "closed", "place": {} }),
        json!({ "kind": "closed", "place": { "segments": [1] } }),
        json!({ "kind": "shut", "place": { "segments": [west] } }),
        json!({ "kind": "closed", "place": { "geometry": { "type": "LineString", "coordinates": [[1, 2]] } } }),
        json!({ "kind": "closed", "until": "2020-01-01T00:00:00Z", "place": { "segments": [west] } }),
        json!({ "kind": "closed", "place": { "segments": [west] }, "extra": 1 }),
    ];
    for body in bad {
        let answer = town.post(path, &body);
        assert_eq!(answer.status, 422, "{body}: {}", text(&answer.body));
    }
    let nobody = post(&town.server.address, path, "", "application/json", b"{}");
    assert_eq!(nobody.status, 401);
}

fn plans(town: &Town) {
    let path = "/api/v1/plans";
    let now = jiff::Timestamp::now();
    let plan = |state: &str| {
        json!({
            "id": "排雪1",
            "work_kind": "hauling",
            "state": state,
            "from": now.to_string(),
            "until": (now + jiff::SignedDuration::from_hours(2)).to_string(),
            "place": { "geometry": {
                "type": "LineString", "coordinates": [[140.601, 40.70005], [140.609, 40.70005]],
            } },
        })
    };
    for state in ["planned", "planned", "cancelled"] {
        assert_eq!(town.post(path, &plan(state)).status, 201);
    }
    let laid = until("the plan's laying", || {
        let list = town.server.json(path);
        let plan = list["features"][0]["properties"].clone();
        (plan["network"]["laid"] == true).then_some(plan)
    });
    assert_eq!(
        (&laid["state"], &laid["plan"]),
        (&json!("cancelled"), &json!("排雪1"))
    );
    assert_eq!(laid["manager"]["code"], "02");
    assert_eq!(
        laid["network"]["segments"].as_array().unwrap().len(),
        1,
        "{laid}"
    );
    let segment = town
        .server
        .json(&format!("/api/v1/segments/{}", town.segments()[0].0));
    assert_eq!(segment["facts"]["planned"], false, "it is cancelled");
    assert_eq!(segment["facts"]["plans"][0]["plan"], "排雪1");
    let over = town.server.json(&format!("{path}?manager=02201"));
    assert_eq!(over["features"], json!([]));
}

fn reports(town: &Town) {
    let path = "/api/v1/reports";
    let report =
        json!({ "zone": "Ａ－１", "state": "started", "said_by": "青森建設 鈴木", "units": 2 });
    let made = town.post(path, &report);
    assert_eq!(made.status, 201, "{}", text(&made.body));
    assert_eq!(
        (&made.json()["zone"], &made.json()["recorded_by"]),
        (&json!("A-1"), &json!("佐藤"))
    );
    assert_eq!(
        town.post(path, &json!({ "zone": "A-1", "state": "gone" }))
            .status,
        422
    );
    let done = json!({ "zone": "A-9", "state": "done", "work_kind": "hauling" });
    let done = town.post(path, &done).json();
    assert_eq!(done["work_kind"], "hauling");
    assert!(
        done["warning"].as_str().unwrap().contains("drawn"),
        "{done}"
    );
    let public = text(&town.server.get("/api/v1/orders").body);
    assert!(
        public.contains("作業開始") && !public.contains("鈴木"),
        "{public}"
    );
    let orders = town.get("/api/v1/orders");
    let order = &orders["features"][0]["properties"];
    assert_eq!(
        (&order["zone"], &order["report"]["state"]),
        (&json!("A-1"), &json!("started"))
    );
    assert_eq!(order["report"]["said_by"], "青森建設 鈴木");
}

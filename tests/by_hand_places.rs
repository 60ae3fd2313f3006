//! Where a record made by hand lies, and who may make it there.
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
[[manager]]
code = "02201"
level = "municipal"
name = { ja = "青森市", en = "Aomori City" }
"#;

/// Of the prefecture a long road, five metres, and a long road; of the city a road that goes on.
const ROADS: &str = r#"{"type":"FeatureCollection","features":[
  {"type":"Feature","id":1,"properties":{"highway":"primary","name":"八甲田通り","manager_level":"prefectural"},
   "geometry":{"type":"LineString","coordinates":[[140.60,40.70],[140.61,40.70]]}},
  {"type":"Feature","id":2,"properties":{"highway":"primary","name":"橋","manager_level":"prefectural"},
   "geometry":{"type":"LineString","coordinates":[[140.61,40.70],[140.61006,40.70]]}},
  {"type":"Feature","id":3,"properties":{"highway":"primary","name":"八甲田通り","manager_level":"prefectural"},
   "geometry":{"type":"LineString","coordinates":[[140.61006,40.70],[140.62,40.70]]}},
  {"type":"Feature","id":4,"properties":{"highway":"residential","name":"川端通り","manager_level":"municipal"},
   "geometry":{"type":"LineString","coordinates":[[140.62,40.70],[140.63,40.70]]}}
]}"#;

struct Town {
    server: Server,
    prefecture: String,
    city: String,
    police: String,
}

impl Town {
    fn post(&self, key: &str, path: &str, body: &Value) -> Answer {
        let body = body.to_string();
        post(
            &self.server.address,
            path,
            key,
            "application/json",
            body.as_bytes(),
        )
    }

    fn close(&self, key: &str, place: Value) -> Answer {
        let body = json!({ "kind": "closed", "reason": "事故", "place": place });
        self.post(key, "/api/v1/closures", &body)
    }

    /// From west to east: id and state.
    fn segments(&self) -> Vec<(u64, String)> {
        let answer = self.server.json("/api/v1/segments?bbox=140,40,141,41");
        let mut found: Vec<(f64, u64, String)> = (answer["features"].as_array().unwrap().iter())
            .map(|f| {
                let west = f["geometry"]["coordinates"][0][0].as_f64().unwrap();
                let state = f["properties"]["state_forward"].as_str().unwrap();
                (west, f["id"].as_u64().unwrap(), state.to_owned())
            })
            .collect();
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        found
            .into_iter()
            .map(|(_, id, state)| (id, state))
            .collect()
    }
}

fn ids(answer: &Value) -> Vec<u64> {
    let segments = answer["network"]["segments"].as_array().unwrap().iter();
    segments.map(|s| s["id"].as_u64().unwrap()).collect()
}

#[test]
fn a_place_is_laid_before_the_answer_and_only_on_roads_that_the_key_is_for() {
    let folder = support::folder();
    let data_dir = folder.path();
    std::fs::write(data_dir.join("yukimichi.toml"), CONFIG).unwrap();
    std::fs::write(data_dir.join("roads.geojson"), ROADS).unwrap();
    let imported = run(data_dir, &["roads", "import", "roads.geojson"]);
    assert!(imported.status.success(), "{}", text(&imported.stderr));
    let key = |manager: &str, more: &[&str]| {
        let args = [&["operator", "key", manager, "--name", "佐藤"], more].concat();
        let made = run(data_dir, &args);
        assert!(made.status.success(), "{}", text(&made.stderr));
        text(&made.stdout).trim().to_owned()
    };
    let town = Town {
        prefecture: key("02", &[]),
        city: key("02201", &[]),
        police: key("02201", &["--any-manager"]),
        server: Server::start(data_dir, &["run"]),
    };
    until("the map", || (town.segments().len() == 4).then_some(()));
    what_cannot_be_placed(&town);
    exactly_the_segment(&town);
    whose_road(&town);
    metrics(&town);
    assert!(town.server.stop().success());
}

fn what_cannot_be_placed(town: &Town) {
    let line = |coordinates: Value| json!({ "geometry": { "type": "LineString", "coordinates": coordinates } });
    let bad = [
        (json!({ "zone": " " }), "place.zone"),
        (json!({ "zone": "Z-9" }), "place.zone"),
        (json!({ "route": { "route": "" } }), "place.route.route"),
        (json!({ "route": { "route": "無い通り" } }), "place.route"),
        (json!({ "segments": [1] }), "place.segments"),
        (json!({}), "place"),
        (line(json!([[140.6, 40.7]])), "place.geometry"),
    ];
    for (place, field) in bad {
        let answer = town.close(&town.prefecture, place.clone());
        assert_eq!(answer.status, 422, "{place}: {}", text(&answer.body));
        assert_eq!(
            answer.json()["field"],
            field,
            "{place}: {}",
            text(&answer.body)
        );
    }
    // Off all roads it is kept, but not as if it closed anything.
    let off = town.close(
        &town.prefecture,
        line(json!([[140.60, 40.75], [140.61, 40.75]])),
    );
    assert_eq!(off.status, 201, "{}", text(&off.body));
    let off = off.json();
    assert_eq!(ids(&off), [] as [u64; 0]);
    assert!(
        off["unplaced"].as_str().unwrap().contains("no road"),
        "{off}"
    );
    assert!(
        off["warning"].as_str().unwrap().contains("no road"),
        "{off}"
    );
    // Half of it off the road.
    let half = town.close(
        &town.prefecture,
        line(json!([[140.60, 40.70], [140.605, 40.70], [140.605, 40.72]])),
    );
    let half = half.json();
    assert_eq!(ids(&half).len(), 1);
    assert!(half["warning"].as_str().unwrap().contains("part"), "{half}");
}

fn exactly_the_segment(town: &Town) {
    let bridge = town.segments()[1].0;
    let answer = town.close(&town.prefecture, json!({ "segments": [bridge] }));
    assert_eq!(answer.status, 201, "{}", text(&answer.body));
    let answer = answer.json();
    assert_eq!(ids(&answer), [bridge]);
    assert_eq!(answer["warning"], Value::Null);
    let number = answer["number"].as_i64().unwrap();
    let one = until("the laying", || {
        let one = town.server.json(&format!("/api/v1/closures/{number}"));
        (one["network"]["laid"] == true).then_some(one)
    });
    assert_eq!(ids(&one), [bridge]);
    until("the bridge alone closed", || {
        let states: Vec<String> = town.segments().into_iter().map(|(_, s)| s).collect();
        (states[1..] == ["closed", "no_data", "no_data"]).then_some(())
    });
}

fn whose_road(town: &Town) {
    let segments = town.segments();
    let (bridge, street) = (segments[1].0, segments[3].0);
    let line = |from: f64, to: f64| json!({ "geometry": { "type": "LineString", "coordinates": [[from, 40.70], [to, 40.70]] } });
    let foreign = [
        (&town.city, json!({ "segments": [bridge] }), "02"),
        (&town.prefecture, json!({ "segments": [street] }), "02201"),
        (
            &town.prefecture,
            json!({ "route": { "route": "川端通り" } }),
            "02201",
        ),
        (&town.city, line(140.601, 140.609), "02"),
    ];
    for (key, place, owner) in foreign {
        let answer = town.close(key, place.clone());
        assert_eq!(answer.status, 403, "{place}: {}", text(&answer.body));
        assert_eq!(answer.json()["manager"], owner, "{place}");
    }
    let plan = json!({
        "work_kind": "plowing",
        "from": "2026-01-15T05:00:00+09:00",
        "until": "2026-01-15T07:00:00+09:00",
        "place": { "segments": [bridge] },
    });
    assert_eq!(town.post(&town.city, "/api/v1/plans", &plan).status, 403);
    let own = town.post(&town.prefecture, "/api/v1/plans", &plan);
    assert_eq!(own.status, 201, "{}", text(&own.body));
    assert_eq!(ids(&own.json()), [bridge]);

    // The police may close any road; it stands under the road's manager, whose people may open it.
    let by_police = town.close(&town.police, line(140.6105, 140.6195));
    assert_eq!(by_police.status, 201, "{}", text(&by_police.body));
    let by_police = by_police.json();
    assert_eq!(by_police["feed"], "by-hand:02");
    let reopen = format!("/api/v1/closures/{}/reopen", by_police["number"]);
    let said = json!({ "said_by": "高橋" });
    assert_eq!(town.post(&town.city, &reopen, &said).status, 403);
    assert_eq!(town.post(&town.prefecture, &reopen, &said).status, 200);
    let both = town.close(&town.police, json!({ "segments": [bridge, street] }));
    assert_eq!(both.status, 422, "{}", text(&both.body));
}

fn metrics(town: &Town) {
    let answer = town.server.get("/metrics");
    assert_eq!(answer.status, 200);
    let told = text(&answer.body);
    for name in ["yukimichi_writer_tick_age_seconds ", "yukimichi_segments 4"] {
        assert!(
            told.lines().any(|line| line.starts_with(name)),
            "{name}: {told}"
        );
    }
    for limit in ["0", "-1", "x"] {
        assert_eq!(
            town.server
                .get(&format!("/api/v1/closures?limit={limit}"))
                .status,
            400
        );
    }
    // A bare plus, which a query turns into a space.
    let past = town
        .server
        .json("/api/v1/closures?at=2026-01-01T00:00:00+09:00");
    assert_eq!(past["at"], "2025-12-31T15:00:00Z");
}

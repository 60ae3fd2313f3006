//! Rules by file and by API, and a class of zones ordered in one press.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use support::{Answer, Server, request, run, text, until};

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
[[feed]]
id = "zones"
manager = "02"
format = "zone_orders"
path = "drop"
every = "1s"
[feed.zone_orders]
zone = "zone"
state = "state"
as_of = "as_of"
"#;

const ROADS: &str = r#"{"type":"FeatureCollection","features":[
  {"type":"Feature","id":7,"properties":{"highway":"primary","manager_level":"prefectural"},
   "geometry":{"type":"LineString","coordinates":[[140.60,40.70],[140.61,40.70]]}}]}"#;

const RULES: &str = r#"manager = "02"
[[rule]]
id = "bus"
zones = ["A-1", "a-2"]
deadline = "06:00"
when = { new_snow_cm = 10 }
[[rule]]
id = "wrong"
zones = ["A-1"]
when = { new_sno_cm = 10 }
"#;

struct Town {
    server: Server,
    key: String,
    other_key: String,
}

impl Town {
    fn ask(&self, key: &str, method: &str, path: &str, body: &Value) -> Answer {
        let (bearer, body) = (format!("Bearer {key}"), body.to_string());
        let length = body.len().to_string();
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
            ("content-length", length.as_str()),
        ];
        request(
            &self.server.address,
            method,
            path,
            &headers,
            body.as_bytes(),
        )
    }

    fn own(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.ask(&self.key, method, path, body)
    }
}

#[test]
fn rules_are_imported_edited_tried_and_pressed() {
    let folder = support::folder();
    let data_dir = folder.path();
    std::fs::write(data_dir.join("yukimichi.toml"), CONFIG).unwrap();
    std::fs::write(data_dir.join("roads.geojson"), ROADS).unwrap();
    std::fs::write(data_dir.join("rules.toml"), RULES).unwrap();
    std::fs::create_dir(data_dir.join("drop")).unwrap();
    assert!(
        run(data_dir, &["roads", "import", "roads.geojson"])
            .status
            .success()
    );
    let imported = run(data_dir, &["rules", "import", "rules.toml"]);
    let said = text(&imported.stdout);
    assert_eq!(
        imported.status.code(),
        Some(2),
        "{said}{}",
        text(&imported.stderr)
    );
    for words in [
        "rules.toml:10: when: ",
        "new_sno_cm",
        "1 new rules, 0 changed",
        "1 refused",
        "A-2",
    ] {
        assert!(said.contains(words), "{words:?} is not in {said}");
    }
    let listed = text(&run(data_dir, &["rules", "list"]).stdout);
    assert!(
        listed.contains("bus") && listed.contains("unknown zone"),
        "{listed}"
    );
    let key = |manager: &str| {
        let made = run(data_dir, &["operator", "key", manager, "--name", "佐藤"]);
        text(&made.stdout).trim().to_owned()
    };
    let (key, other_key) = (key("02"), key("02201"));
    let town = Town {
        server: Server::start(data_dir, &["run"]),
        key,
        other_key,
    };

    editing(&town);
    pressing(&town);
    // Each look is written down.
    let cycle = until("a look", || {
        let rules = town.own("GET", "/api/v1/rules", &Value::Null).json();
        rules["last_cycle"]
            .as_object()
            .map(|_| rules["last_cycle"].clone())
    });
    assert!(cycle["age_s"].as_i64().unwrap() < 90, "{cycle}");
    let tried = town.own("GET", "/api/v1/rules/test?night=2026-01-12", &Value::Null);
    assert_eq!(tried.status, 200, "{}", text(&tried.body));
    assert_eq!(tried.json()["events"], json!([]));
    assert_eq!(
        town.own("GET", "/api/v1/rules/test", &Value::Null).status,
        400
    );
    assert!(town.server.stop().success());
}

fn editing(town: &Town) {
    let path = "/api/v1/rules/bus";
    let rules = town.own("GET", "/api/v1/rules", &Value::Null).json();
    assert_eq!(rules["rules"][0]["rule"]["id"], "bus");
    assert_eq!(rules["rules"][0]["version"], 1);
    // Nobody without a key, and nobody of another manager.
    assert_eq!(town.server.get("/api/v1/rules").status, 401);
    let others = town
        .ask(&town.other_key, "GET", "/api/v1/rules", &Value::Null)
        .json();
    assert_eq!(others["rules"], json!([]));
    assert_eq!(
        town.ask(&town.other_key, "DELETE", path, &Value::Null)
            .status,
        404
    );

    let rule = json!({ "id": "bus", "zones": ["Ａ－１"], "when": { "new_snow_cm": 12 } });
    let put = town.own("PUT", path, &rule);
    assert_eq!(put.status, 200, "{}", text(&put.body));
    let kept = put.json();
    assert_eq!(
        (&kept["version"], &kept["recorded_by"]),
        (&json!(2), &json!("佐藤"))
    );
    assert_eq!(kept["rule"]["zones"], json!(["A-1"]));
    for (body, words) in [
        (
            json!({ "id": "bus", "zones": ["A"], "when": { "new_snow": 12 } }),
            "new_snow",
        ),
        (
            json!({ "id": "bus", "zones": [], "when": { "new_snow_cm": 12 } }),
            "zones",
        ),
        (
            json!({ "id": "car", "zones": ["A"], "when": { "new_snow_cm": 12 } }),
            "id",
        ),
        (
            json!({ "id": "bus", "zones": ["A"], "when": { "new_snow_cm": 12 }, "x": 1 }),
            "x",
        ),
    ] {
        let refused = town.own("PUT", path, &body);
        assert_eq!(refused.status, 422, "{body}");
        assert!(
            text(&refused.body).contains(words),
            "{}",
            text(&refused.body)
        );
    }
    let made = json!({ "id": "new", "zones": ["*"], "when": { "depth_cm": 100 } });
    assert_eq!(town.own("PUT", "/api/v1/rules/new", &made).status, 201);
    assert_eq!(
        town.own("DELETE", "/api/v1/rules/new", &Value::Null).status,
        204
    );
    assert_eq!(
        town.own("GET", "/api/v1/rules/new", &Value::Null).status,
        404
    );
}

fn pressing(town: &Town) {
    let path = "/api/v1/rules/bus/order";
    let rule = json!({ "id": "bus", "zones": ["A-1", "A-2"], "when": { "new_snow_cm": 12 } });
    assert_eq!(town.own("PUT", "/api/v1/rules/bus", &rule).status, 200);
    let refused = town.own("POST", path, &json!({ "reason": " " }));
    assert_eq!(refused.status, 422);
    let refused = town.own("POST", path, &json!({ "reason": "大雪", "zones": ["B"] }));
    assert_eq!(refused.status, 422);
    assert_eq!(
        town.ask(&town.other_key, "POST", path, &json!({ "reason": "大雪" }))
            .status,
        404
    );

    let what = |answer: &Answer| -> Vec<(String, String)> {
        assert_eq!(answer.status, 200, "{}", text(&answer.body));
        let zones = answer.json()["zones"].clone();
        let word = |zone: &Value, key: &str| zone[key].as_str().unwrap().to_owned();
        let zones = zones.as_array().unwrap();
        zones
            .iter()
            .map(|z| (word(z, "zone"), word(z, "what")))
            .collect()
    };
    let both = |word: &str| {
        vec![
            ("A-1".to_owned(), word.to_owned()),
            ("A-2".to_owned(), word.to_owned()),
        ]
    };
    let one = town.own(
        "POST",
        path,
        &json!({ "reason": "大雪", "zones": ["Ａ－１"] }),
    );
    assert_eq!(what(&one), both("ordered")[..1]);
    let all = town.own("POST", path, &json!({ "reason": "大雪" }));
    let mut wanted = both("ordered");
    wanted[0].1 = "already_ordered".to_owned();
    assert_eq!(what(&all), wanted);
    let again = town.own("POST", path, &json!({ "reason": "大雪" }));
    assert_eq!(what(&again), both("already_ordered"));
    let drill = town.own("POST", path, &json!({ "reason": "訓練", "drill": true }));
    assert_eq!(
        what(&drill),
        both("ordered"),
        "a drill is beside what is meant"
    );
}

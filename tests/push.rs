//! Managers without a feed send what they know, and what is refused is said and kept.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use std::path::Path;
use support::{Answer, Server, get, post, run, text, until};

const CONFIG: &str = r#"
[http]
listen = "127.0.0.1:0"
[[manager]]
code = "02201"
level = "municipal"
name = { ja = "青森市", en = "Aomori City" }
[[feed]]
id = "city-push"
manager = "02201"
format = "push_json"
push = true
every = "5m"
max_bytes = 20000
"#;

fn key(data_dir: &Path, args: &[&str]) -> String {
    let made = run(data_dir, args);
    assert!(made.status.success(), "{}", text(&made.stderr));
    text(&made.stdout).trim().to_owned()
}

/// RFC 3339, some seconds ago.
fn ago(seconds: i64) -> String {
    let at = jiff::Timestamp::now() - jiff::SignedDuration::from_secs(seconds);
    at.to_string()
}

fn fix(vehicle: &str, at: &str, lon: f64) -> Value {
    json!({ "vehicle_id": vehicle, "observed_at": at, "lon": lon, "lat": 40.7, "working": true })
}

#[test]
fn what_is_pushed_is_taken_once_and_what_is_refused_is_named_and_kept() {
    let folder = support::folder();
    let data_dir = folder.path();
    std::fs::write(data_dir.join("yukimichi.toml"), CONFIG).unwrap();
    let server = Server::start(data_dir, &["run"]);
    let feed_key = key(data_dir, &["feeds", "key", "city-push"]);
    let person_key = key(data_dir, &["operator", "key", "02201", "--name", "佐藤"]);

    who_may_push(&server, &feed_key, &person_key);
    fixes(&server, &feed_key);
    readings(&server, &feed_key);
    values_that_cannot_be(&server, &feed_key);
    at_the_same_moment(&server, &feed_key);
    a_wrong_zone(&server, &feed_key);
    quarantine(data_dir, &server, &person_key);

    let ended = run(data_dir, &["feeds", "key", "city-push", "--revoke"]);
    assert!(text(&ended.stdout).contains("1 keys revoked"));
    let refused = post(
        &server.address,
        "/api/v1/fixes",
        &feed_key,
        "application/json",
        b"[]",
    );
    assert_eq!(refused.status, 401);
    assert!(server.stop().success());
}

fn push(server: &Server, key: &str, path: &str, body: &Value) -> Answer {
    let body = body.to_string();
    post(
        &server.address,
        path,
        key,
        "application/json",
        body.as_bytes(),
    )
}

fn who_may_push(server: &Server, feed_key: &str, person_key: &str) {
    let path = "/api/v1/fixes";
    let big = format!("[{}]", " ".repeat(30_000));
    let cases: [(&str, &str, &str, u16); 7] = [
        ("", "application/json", "[]", 401),
        ("ymk_0000", "application/json", "[]", 401),
        (person_key, "application/json", "[]", 403),
        (feed_key, "text/csv", "[]", 415),
        (feed_key, "application/json", &big, 413),
        (feed_key, "application/json", "vehicle_id,lon", 422),
        (feed_key, "application/json", "[]", 200),
    ];
    for (key, media_type, body, status) in cases {
        let answer = post(&server.address, path, key, media_type, body.as_bytes());
        assert_eq!(answer.status, status, "{media_type} {}", text(&answer.body));
        if status != 200 {
            assert_eq!(
                answer.header("content-type"),
                Some("application/problem+json")
            );
            assert_eq!(answer.json()["status"], status);
        }
        assert_eq!(answer.header("www-authenticate").is_some(), status == 401);
    }
    assert_eq!(get(&server.address, path, &[]).status, 405);
}

fn fixes(server: &Server, key: &str) {
    let path = "/api/v1/fixes";
    let (a, b) = (ago(60), ago(55));
    let body = json!([fix("v", &a, 140.6), { "vehicle_id": "v" }, fix("v", &b, 140.601)]);
    let answer = push(server, key, path, &body).json();
    assert_eq!(
        (&answer["taken"], &answer["repeats"]),
        (&json!(2), &json!(0))
    );
    assert_eq!(answer["refused"][0]["index"], 1);
    assert_eq!(answer["refused"][0]["field"], "observed_at");

    // Once more, with one that says something else: by its index in the body.
    let body = json!([
        { "vehicle_id": "w", "observed_at": b, "lon": 240, "lat": 40.7 },
        fix("v", &a, 140.6),
        fix("v", &b, 140.7),
        fix("w", &b, 140.6),
    ]);
    let answer = push(server, key, path, &body).json();
    assert_eq!(
        (&answer["taken"], &answer["repeats"]),
        (&json!(1), &json!(1))
    );
    let refused: Vec<(u64, &str)> = answer["refused"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["index"].as_u64().unwrap(), r["field"].as_str().unwrap()))
        .collect();
    assert_eq!(refused, [(0, "lon"), (2, "observed_at")]);
    assert!(
        answer["refused"][1]["reason"]
            .as_str()
            .unwrap()
            .contains("140.7")
    );

    // Nothing that could be taken.
    let answer = push(server, key, path, &json!([{ "vehicle_id": "v" }]));
    assert_eq!(answer.status, 422);
    assert_eq!(answer.json()["refused"][0]["index"], 0);
    let reading = json!([{ "station_id": "1", "observed_at": a, "quantity": "depth_cm" }]);
    assert_eq!(push(server, key, path, &reading).status, 422);

    let feeds = server.json("/api/v1/feeds");
    let feed = &feeds["items"][0];
    assert_eq!(
        (&feed["facts_total"], &feed["fixes_total"]),
        (&json!(3), &json!(3))
    );
    assert_eq!(feed["state"], "fresh");
    assert_eq!(feed["units"]["heard_in_15_min"], 2);
    assert!(feed["lag_s"].as_f64().unwrap() >= 55.0);
    assert!(feed["rejection_share"].as_f64().unwrap() > 0.0);
}

fn readings(server: &Server, key: &str) {
    let at = ago(120);
    let lines = format!(
        "{}\n{}\n",
        json!({ "station_id": "31482", "observed_at": at, "quantity": "depth_cm", "value": 412 }),
        json!({ "station_id": "31482", "observed_at": at, "quantity": "temperature_c" }),
    );
    for taken in [2, 0] {
        let answer = post(
            &server.address,
            "/api/v1/observations",
            key,
            "application/x-ndjson",
            lines.as_bytes(),
        );
        assert_eq!(answer.json()["taken"], taken, "{}", text(&answer.body));
    }
    let list = server.json("/api/v1/observations?limit=1");
    let first = &list["features"][0]["properties"];
    assert_eq!(
        (&first["quantity"], &first["value"]),
        (&json!("depth_cm"), &json!(412.0))
    );
    let next = list["next"].as_str().unwrap();
    let rest = server.json(&format!("/api/v1/observations?limit=1&after={next}"));
    let second = &rest["features"][0]["properties"];
    assert_eq!(
        (&second["flag"], &second["value"]),
        (&json!("missing"), &Value::Null)
    );
    assert_eq!(rest["next"], Value::Null);
    let past = server.json(&format!("/api/v1/observations?at={}", ago(300)));
    assert_eq!(
        past["features"],
        json!([]),
        "nothing was known five minutes ago"
    );
    a_stations_health(server);
    assert_eq!(server.get("/api/v1/observations?quantity=snow").status, 400);
    assert_eq!(server.get("/api/v1/observations?when=now").status, 400);
}

/// A course or speed that can't be costs the value, and a code for none is no value.
fn values_that_cannot_be(server: &Server, key: &str) {
    let mut odd = fix("odd", &ago(50), 140.6);
    odd["heading_deg"] = json!(-1);
    odd["speed_kmh"] = json!(255);
    let answer = push(server, key, "/api/v1/fixes", &json!([{}, odd])).json();
    assert_eq!(answer["taken"], 1, "{answer}");
    let dropped: Vec<(u64, &str)> = (answer["dropped_values"].as_array().unwrap().iter())
        .map(|r| (r["index"].as_u64().unwrap(), r["field"].as_str().unwrap()))
        .collect();
    assert_eq!(dropped, [(1, "heading_deg"), (1, "speed_kmh")]);

    let codes = json!([
        { "station_id": "9", "observed_at": ago(100), "quantity": "depth_cm", "value": -999 },
        { "station_id": "9", "observed_at": ago(90), "quantity": "snowfall_1h_cm", "value": 4000 },
    ]);
    assert_eq!(
        push(server, key, "/api/v1/observations", &codes).json()["taken"],
        2
    );
    let list = server.json("/api/v1/observations?station=9");
    let told: Vec<(&Value, &Value)> = (list["features"].as_array().unwrap().iter())
        .map(|f| (&f["properties"]["value"], &f["properties"]["flag"]))
        .collect();
    assert_eq!(
        told,
        [
            (&Value::Null, &json!("missing")),
            (&json!(4000.0), &json!("fail"))
        ]
    );
}

/// Of several that tell different things of one vehicle and time at once, one is taken and each other
/// is told so.
fn at_the_same_moment(server: &Server, key: &str) {
    for round in 0..5 {
        let at = ago(40 - round);
        let answers: Vec<Value> = std::thread::scope(|scope| {
            let pushes: Vec<_> = (0..6)
                .map(|i| {
                    let body = json!([fix("racer", &at, 140.60 + f64::from(i) / 1000.0)]);
                    scope.spawn(move || push(server, key, "/api/v1/fixes", &body).json())
                })
                .collect();
            pushes.into_iter().map(|p| p.join().unwrap()).collect()
        });
        let taken = answers.iter().filter(|a| a["taken"] == 1).count();
        let refused = (answers.iter())
            .filter(|a| {
                let reason = a["refused"][0]["reason"].as_str();
                reason.is_some_and(|r| r.contains("was told before"))
            })
            .count();
        assert_eq!((taken, refused), (1, 5), "{answers:?}");
    }
}

/// What was pushed is judged within seconds; its station's page tells of each quantity.
fn a_stations_health(server: &Server) {
    let feed = server.json("/api/v1/feeds")["items"][0]["id"].clone();
    let path = format!("/api/v1/stations/{}/31482", feed.as_str().unwrap());
    let judged = until("a judged reading", || {
        let list = server.json("/api/v1/observations?quantity=depth_cm");
        let reading = list["features"][0]["properties"].clone();
        reading["judged_at"].is_string().then_some(reading)
    });
    assert_eq!(
        (&judged["flag"], &judged["source_flag"]),
        (&json!("pass"), &json!("pass"))
    );
    let health = server.json(&path);
    let [depth, air] = &health["quantities"].as_array().unwrap()[..] else {
        panic!("{health}");
    };
    assert_eq!(
        depth["counts"],
        json!({"pass": 1, "suspect": 0, "fail": 0, "missing": 0})
    );
    assert_eq!(depth["last_pass_value"], json!(412.0));
    assert_eq!(depth["silence"]["flag"], "pass");
    assert_eq!(
        (
            &air["newest"]["flag"],
            &air["silence"]["flag"],
            &air["last_pass_at"]
        ),
        (&json!("missing"), &json!("missing"), &Value::Null)
    );
    assert_eq!(server.get("/api/v1/stations/31482").status, 400);
    assert_eq!(server.get("/api/v1/stations/nobody/31482").status, 404);
}

/// A feed whose clock is ahead by whole hours is flagged, and nothing of it is believed.
fn a_wrong_zone(server: &Server, key: &str) {
    let path = "/api/v1/fixes";
    let ahead = |seconds: i64| fix("late", &ago(seconds - 9 * 3600), 140.6);
    let body = json!([
        ahead(10),
        ahead(20),
        ahead(30),
        fix("late", &ago(9 * 3600), 140.6)
    ]);
    let answer = push(server, key, path, &body);
    assert_eq!(answer.status, 422, "{}", text(&answer.body));
    assert_eq!(answer.json()["refused"].as_array().unwrap().len(), 4);
    let clock = |server: &Server| server.json("/api/v1/feeds")["items"][0]["clock"].clone();
    assert_eq!(clock(server)["believed"], false);
    assert_eq!(clock(server)["skew_hours"], 9);
    let many: Vec<Value> = (1..5).map(|i| fix("late", &ago(5 + i), 140.6)).collect();
    let right = push(server, key, path, &json!(many));
    assert_eq!(right.json()["taken"], 4);
    assert_eq!(clock(server)["believed"], true);

    // One fix at a time tells of the clock together with those before it. What is right itself is
    // taken all the same, and the doubt ends when most of them are right.
    for _ in 0..9 {
        let one = json!([fix("late", &ago(7 - 9 * 3600), 140.6)]);
        assert_eq!(push(server, key, path, &one).status, 422);
    }
    assert_eq!(clock(server)["believed"], false);
    assert_eq!(clock(server)["skew_hours"], 9);
    for i in 0..9 {
        let one = json!([fix("late", &ago(i), 140.61)]);
        assert_eq!(push(server, key, path, &one).json()["taken"], 1);
    }
    assert_eq!(clock(server)["believed"], true);
}

fn quarantine(data_dir: &Path, server: &Server, person_key: &str) {
    assert_eq!(server.get("/api/v1/rejections").status, 401);
    let bearer = format!("Bearer {person_key}");
    let list = |query: &str| {
        let path = format!("/api/v1/rejections{query}");
        let answer = get(&server.address, &path, &[("authorization", &bearer)]);
        assert_eq!(answer.status, 200, "{}", text(&answer.body));
        answer.json()
    };
    let all = list("");
    let items = all["items"].as_array().unwrap();
    let reasons = |word: &str| {
        let of = |item: &&Value| item["reason"].as_str().unwrap().contains(word);
        items.iter().filter(of).count()
    };
    // Records stand there once however often they come; values that were left out stand there too.
    assert_eq!(reasons("outside -180"), 1, "{all}");
    assert_eq!(reasons("was told before"), 1 + 5 * 5, "{all}");
    assert_eq!(reasons("the fix is kept without it"), 2, "{all}");
    assert_eq!(reasons("clock is ahead by 9 h"), 1, "{all}");
    let alone = items
        .iter()
        .find(|i| i["record"] == r#"{"vehicle_id":"v"}"#)
        .unwrap();
    assert_eq!((&alone["seen"], &alone["position"]), (&json!(2), &json!(1)));
    let first = list("?limit=3");
    let rest = list(&format!("?after={}", first["next"].as_str().unwrap()));
    assert_eq!(first["items"].as_array().unwrap().len(), 3);
    assert_eq!(rest["items"].as_array().unwrap().len(), items.len() - 3);
    assert_eq!(list("?feed=other")["items"], json!([]));

    let printed = run(data_dir, &["feeds", "rejected", "--limit", "2"]);
    let said = text(&printed.stdout);
    assert_eq!(said.lines().count(), 2, "{said}");
    assert!(said.contains("city-push"), "{said}");
}

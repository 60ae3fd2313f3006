//! Drivers ask to be told before departure.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use support::{Answer, Server, request, run, text};

const CONFIG: &str = r#"
[http]
listen = "127.0.0.1:0"
[[manager]]
code = "02"
level = "prefectural"
name = { ja = "青森県", en = "Aomori" }
"#;

const ROADS: &str = r#"{"type":"FeatureCollection","features":[
  {"type":"Feature","id":1,"properties":{"highway":"primary","name":"県道1号","manager":"02","manager_level":"prefectural"},
   "geometry":{"type":"LineString","coordinates":[[140.60,40.70],[140.61,40.70]]}}
]}"#;

const PATH: &str = "/api/v1/subscriptions";

fn asked() -> Value {
    json!({
        "push": {
            "endpoint": "https://push.example/1",
            "expirationTime": null,
            "keys": { "p256dh": format!("B{}", "A".repeat(86)), "auth": "A".repeat(22) },
        },
        "way": [[140.601, 40.70], [140.609, 40.70]],
        "departure": "07:00:00",
        "days": ["mon", "tue", "wed", "thu", "fri"],
        "quiet": { "from": "22:00:00", "until": "05:30:00" },
        "language": "easy",
    })
}

fn ask(server: &Server, method: &str, token: &str, body: Option<&Value>) -> Answer {
    let body = body.map(Value::to_string).unwrap_or_default();
    let (bearer, length) = (format!("Bearer {token}"), body.len().to_string());
    let mut headers = vec![
        ("content-type", "application/json"),
        ("content-length", length.as_str()),
    ];
    if !token.is_empty() {
        headers.push(("authorization", bearer.as_str()));
    }
    request(&server.address, method, PATH, &headers, body.as_bytes())
}

#[test]
fn a_subscription_is_made_read_changed_and_forgotten() {
    let folder = support::folder();
    let data_dir = folder.path();
    std::fs::write(data_dir.join("yukimichi.toml"), CONFIG).unwrap();
    std::fs::write(data_dir.join("roads.geojson"), ROADS).unwrap();
    assert!(
        run(data_dir, &["roads", "import", "roads.geojson"])
            .status
            .success()
    );
    let server = Server::start(data_dir, &["run"]);

    let made = ask(&server, "POST", "", Some(&asked()));
    assert_eq!(made.status, 201, "{}", text(&made.body));
    let token = made.json()["token"].as_str().unwrap().to_owned();
    let one = ask(&server, "GET", &token, None).json();
    assert_eq!(one["token"], Value::Null, "it is told once");
    assert_eq!(
        (&one["departure"], &one["language"]),
        (&json!("07:00:00"), &json!("easy"))
    );
    assert_eq!(one["days"], json!(["mon", "tue", "wed", "thu", "fri"]));
    assert!(
        one["next_at"].as_str().unwrap().ends_with("22:00:00Z"),
        "7:00 in Japan: {one}"
    );

    let mut area = asked();
    area["way"] = Value::Null;
    area["area"] = json!([140.5, 40.5, 140.7, 40.8]);
    assert_eq!(ask(&server, "PUT", &token, Some(&area)).status, 200);
    assert_eq!(
        ask(&server, "GET", &token, None).json()["area"],
        area["area"]
    );
    assert_eq!(ask(&server, "DELETE", &token, None).status, 204);
    for method in ["GET", "DELETE"] {
        assert_eq!(ask(&server, method, &token, None).status, 404);
        assert_eq!(ask(&server, method, "", None).status, 401);
    }
    assert_eq!(
        ask(&server, "PUT", &token, Some(&asked())).status,
        404,
        "no token of one's own making"
    );
    refused(&server);
    assert!(server.stop().success());
}

fn refused(server: &Server) {
    let cases = [
        (
            "/push/endpoint",
            json!("http://push.example/1"),
            "push.endpoint",
        ),
        ("/push/keys/auth", json!("AAAA"), "push.keys.auth: 16 bytes"),
        (
            "/push/keys/p256dh",
            json!("!"),
            "push.keys.p256dh: 65 bytes",
        ),
        ("/way", json!([[140.601, 40.70]]), "two places"),
        (
            "/way",
            json!([[140.601, 40.70], [141.2, 41.2]]),
            "place 1: no road",
        ),
        (
            "/way",
            json!([[140.601, 40.70], [140.6, 100.0]]),
            "way: [longitude",
        ),
        ("/way", Value::Null, "either way or area"),
        ("/days", json!([]), "days: one day"),
        ("/days", json!(["someday"]), "unknown variant `someday`"),
        ("/departure", json!("25:00"), "departure"),
        ("/language", json!("fr"), "unknown variant `fr`"),
    ];
    for (field, value, expected) in cases {
        let mut body = asked();
        *body.pointer_mut(field).unwrap() = value;
        let answer = ask(server, "POST", "", Some(&body));
        assert_eq!(answer.status, 422, "{field}");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(
            detail.contains(expected) || field == "/departure",
            "{field}: {detail}"
        );
    }
    let mut both = asked();
    both["area"] = json!([140.5, 40.5, 140.7, 40.8]);
    assert_eq!(ask(server, "POST", "", Some(&both)).status, 422);
    let mut named = asked();
    named["address"] = json!("青森市長島1-1-1");
    assert_eq!(
        ask(server, "POST", "", Some(&named)).status,
        422,
        "no address is taken"
    );
}

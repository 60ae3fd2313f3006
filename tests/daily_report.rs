//! 日報: what was seen of a night's work, beside what was handed in.
#![allow(clippy::unwrap_used)]

mod support;

use domain::night::Night;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use support::{Server, get, post, run, text, until};

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
id = "plows"
manager = "02"
format = "push_json"
push = true
every = "5m"
[[feed]]
id = "logs"
manager = "02"
format = "work_log_csv"
path = "drop"
every = "1s"
[feed.work_log_csv]
route = "路線"
km_range = "距離標"
started_at = "開始"
ended_at = "終了"
work = "作業"
vehicle_id = "機械"
contractor = "会社"
"#;

/// The prefecture's road goes on as the city's.
const ROADS: &str = r#"{"type":"FeatureCollection","features":[
  {"type":"Feature","id":1,"properties":{"highway":"primary","name":"県道1号","manager":"02","manager_level":"prefectural"},
   "geometry":{"type":"LineString","coordinates":[[140.60,40.70],[140.62,40.70]]}},
  {"type":"Feature","id":2,"properties":{"highway":"residential","name":"市道","manager":"02201","manager_level":"municipal"},
   "geometry":{"type":"LineString","coordinates":[[140.62,40.70],[140.63,40.70]]}}
]}"#;

/// 22:00 JST of the night before the present one.
fn ten_in_the_evening() -> Timestamp {
    Night::of(Timestamp::now() - SignedDuration::from_hours(24))
        .span()
        .0
        + SignedDuration::from_hours(7)
}

#[test]
fn a_nights_work_is_reported_by_owner_and_compared_with_the_log() {
    let folder = support::folder();
    let data_dir = folder.path();
    std::fs::write(data_dir.join("yukimichi.toml"), CONFIG).unwrap();
    std::fs::write(data_dir.join("roads.geojson"), ROADS).unwrap();
    std::fs::create_dir(data_dir.join("drop")).unwrap();
    assert!(
        run(data_dir, &["roads", "import", "roads.geojson"])
            .status
            .success()
    );
    let key = |args: &[&str]| text(&run(data_dir, args).stdout).trim().to_owned();
    let feed_key = key(&["feeds", "key", "plows"]);
    let officer = key(&["operator", "key", "02", "--name", "佐藤"]);
    let other = key(&["operator", "key", "02201", "--name", "高橋"]);

    let began = ten_in_the_evening();
    let night = Night::of(began).to_string();
    let local = |minutes: i64| {
        let at = began + SignedDuration::from_mins(minutes);
        let jst = jiff::tz::TimeZone::fixed(jiff::tz::offset(9));
        at.to_zoned(jst).strftime("%Y-%m-%d %H:%M").to_string()
    };
    // It was out for five minutes, the log says fifty.
    let log = format!(
        "路線,距離標,開始,終了,作業,機械,会社\n県道1号,0.0～1.7,{},{},新雪除雪,=7,北建設\n",
        local(0),
        local(50)
    );
    std::fs::write(data_dir.join("drop/log.csv"), log).unwrap();
    let server = Server::start(data_dir, &["run"]);
    let fix = |seconds: i64, lon: f64| {
        json!({ "vehicle_id": "=7", "observed_at": began + SignedDuration::from_secs(seconds),
                "lon": lon, "lat": 40.7, "working": true, "work_kind": "plowing" })
    };
    let mut fixes: Vec<Value> = (0..=30)
        .map(|i| fix(i * 10, 140.601 + 0.0009 * i as f64))
        .collect();
    // An hour later: the trace before is over.
    fixes.push(fix(3600, 140.629));
    let body = Value::Array(fixes).to_string();
    let pushed = post(
        &server.address,
        "/api/v1/fixes",
        &feed_key,
        "application/json",
        body.as_bytes(),
    );
    assert_eq!(pushed.status, 200, "{}", text(&pushed.body));

    let ask = |key: &str, query: &str| {
        let bearer = format!("Bearer {key}");
        let path = format!("/api/v1/daily-reports?night={night}{query}");
        get(&server.address, &path, &[("authorization", &bearer)])
    };
    let report = until("the report", || {
        let report = ask(&officer, "").json();
        let vehicle = &report["vehicles"][0];
        let whole =
            vehicle["lines"].as_array()?.len() == 2 && vehicle["log"].as_array()?.len() == 1;
        whole.then_some(report)
    });
    let vehicle = &report["vehicles"][0];
    assert_eq!(
        (&vehicle["contractor"], &vehicle["fixes"]),
        (&json!("北建設"), &json!(32))
    );
    let lines = vehicle["lines"].as_array().unwrap();
    let owners: Vec<&str> = lines.iter().map(|l| l["owner"].as_str().unwrap()).collect();
    assert_eq!(owners, ["02", "02201"]);
    let minutes: f64 = lines
        .iter()
        .map(|l| l["minutes"]["night"].as_f64().unwrap())
        .sum();
    assert!((minutes - 5.0).abs() < 0.2, "{report}");
    assert!(
        (lines[0]["driven_m"].as_f64().unwrap() - 1605.0).abs() < 20.0,
        "{report}"
    );
    for line in lines {
        for place in line["passes"].as_array().unwrap() {
            let pass = &vehicle["passes"][place.as_u64().unwrap() as usize];
            assert_eq!(
                pass["owner"], line["owner"],
                "each line leads to its passes"
            );
        }
    }
    assert_eq!(vehicle["differences"][0]["kind"], "end", "{report}");

    let csv = ask(&officer, "&format=csv");
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    let csv = text(&csv.body);
    assert!(csv.starts_with("\u{feff}夜間,発注者,業者,車両"), "{csv}");
    assert!(
        csv.contains(",北建設,'=7,自,新雪除雪,"),
        "no formula: {csv}"
    );
    assert!(
        csv.contains(",他 02201,") && csv.contains("終了 日報"),
        "{csv}"
    );
    assert!(csv.lines().count() == 3 && csv.ends_with("\r\n"), "{csv}");
    let page = text(&ask(&officer, "&format=html").body);
    assert!(
        page.contains("除雪作業日報 青森県") && page.contains("=7"),
        "{page}"
    );

    // Nobody sees another manager's, and nobody without a key any.
    assert_eq!(ask(&other, "").json()["vehicles"], json!([]));
    assert_eq!(
        get(&server.address, "/api/v1/daily-reports", &[]).status,
        401
    );
    assert_eq!(ask(&officer, "&format=pdf").status, 400);

    let file = data_dir.join("nippo.csv");
    let made = run(
        data_dir,
        &[
            "daily-report",
            "--manager",
            "02",
            "--night",
            &night,
            "--out",
            file.to_str().unwrap(),
        ],
    );
    assert!(made.status.success(), "{}", text(&made.stderr));
    assert_eq!(std::fs::read_to_string(file).unwrap(), csv);
    assert!(server.stop().success());
}

//! A call-out from its opening to its end over the real binary: the message reaches a webhook, the
//! one-time link shows and answers, and another road manager sees nothing of it.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc;
use std::time::Duration;
use support::{Answer, Server, run, send, text, until};

fn config() -> &'static str {
    r#"
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
[dispatch]
public_url = "https://yuki.example.jp"
[notify.webhook]
allow_private_address = true
"#
}

const ROADS: &str = r#"{"type":"FeatureCollection","features":[
  {"type":"Feature","id":7,"properties":{"highway":"primary","manager_level":"municipal"},
   "geometry":{"type":"LineString","coordinates":[[140.60,40.70],[140.61,40.70]]}}
]}"#;

fn book(receiver: SocketAddr) -> String {
    format!(
        r#"
[[contractor]]
code = "yamada"
name = "山田建設"
contract = "hourly"
zones = ["Ａ－１"]
[[contractor.contact]]
key = "taro"
name = "山田太郎"
phone = "017-000-0001"
webhook = "http://{receiver}/taro"
[[contractor]]
code = "suzuki"
contract = "full"
zones = ["A-2"]
[[contractor.contact]]
name = "鈴木花子"
webhook = "http://{receiver}/hanako"
[[officer]]
key = "sato"
name = "佐藤"
phone = "017-000-0002"
webhook = "http://{receiver}/sato"
"#
    )
}

/// Takes webhooks: who was told, and what.
fn receive() -> (SocketAddr, mpsc::Receiver<(String, Value)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                reader.read_line(&mut head).unwrap();
            }
            let whom = head.split_whitespace().nth(1).unwrap()[1..].to_owned();
            let length = head
                .lines()
                .find_map(|l| l.strip_prefix("content-length: "));
            let mut body = vec![0; length.unwrap().parse().unwrap()];
            reader.read_exact(&mut body).unwrap();
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            stream.write_all(answer).unwrap();
            tell.send((whom, serde_json::from_slice(&body).unwrap()))
                .unwrap();
        }
    });
    (address, told)
}

struct Office {
    server: Server,
    key: String,
}

impl Office {
    fn ask(&self, method: &str, path: &str, once: Option<&str>, body: &Value) -> Answer {
        let bearer = format!("Bearer {}", self.key);
        let mut headers = vec![("authorization", bearer.as_str())];
        headers.extend(once.map(|key| ("idempotency-key", key)));
        send(&self.server.address, method, path, &headers, body)
    }

    fn act(&self, path: &str, once: &str, body: &Value) -> Value {
        let answer = self.ask("POST", path, Some(once), body);
        assert!(answer.status < 300, "{path}: {}", text(&answer.body));
        answer.json()["dispatch"].clone()
    }

    fn one(&self, id: &Value) -> Value {
        let path = format!("/api/v1/dispatches/{id}");
        self.ask("GET", &path, None, &Value::Null).json()["dispatch"].clone()
    }
}

#[test]
fn a_call_out_goes_from_its_opening_to_its_end() {
    let folder = support::folder();
    let data_dir = folder.path();
    let (receiver, told) = receive();
    std::fs::write(data_dir.join("yukimichi.toml"), config()).unwrap();
    std::fs::write(data_dir.join("book.toml"), book(receiver)).unwrap();
    let imported = run(
        data_dir,
        &["contractors", "import", "book.toml", "--manager", "02201"],
    );
    assert!(imported.status.success(), "{}", text(&imported.stderr));
    let said = text(&imported.stdout);
    assert!(said.contains("2 contractors, 1 duty officers"), "{said}");
    std::fs::write(data_dir.join("roads.geojson"), ROADS).unwrap();
    let roads = run(data_dir, &["roads", "import", "roads.geojson"]);
    assert!(roads.status.success(), "{}", text(&roads.stderr));
    let key = |manager: &str| {
        let made = run(data_dir, &["operator", "key", manager, "--name", "佐藤"]);
        assert!(made.status.success(), "{}", text(&made.stderr));
        text(&made.stdout).trim().to_owned()
    };
    let (own, other) = (key("02201"), key("02"));
    let office = Office {
        server: Server::start(data_dir, &["run"]),
        key: own,
    };
    let next = || told.recv_timeout(Duration::from_secs(30)).unwrap();

    let asked = json!({"zone": "a-1", "reason": "新積雪 12 cm ≥ 10 cm、2 観測所"});
    let without = office.ask("POST", "/api/v1/dispatches", None, &asked);
    assert_eq!(without.status, 400, "{}", text(&without.body));
    let opened = office.act("/api/v1/dispatches", "k-open", &asked);
    let again = office.act("/api/v1/dispatches", "k-open", &asked);
    assert_eq!(opened["id"], again["id"]);
    assert_eq!(opened["contractor"]["code"], "yamada");
    let id = opened["id"].clone();

    let (whom, message) = next();
    assert_eq!(whom, "taro");
    assert_eq!(message["type"], "dispatch.request");
    let title = message["title"].as_str().unwrap();
    assert!(title.starts_with("【出動要請】A-1"), "{title}");
    let link = message["link"].as_str().unwrap();
    let token = link.strip_prefix("https://yuki.example.jp/call/").unwrap();

    by_link(&office, token, &id, &whom);
    let (whom, message) = next();
    assert_eq!(
        (whom.as_str(), &message["type"]),
        ("sato", &json!("dispatch.accepted"))
    );

    not_for_others(&office, &other, &id);
    to_its_end(&office, &id);
    let (whom, message) = next();
    assert_eq!(
        (whom.as_str(), &message["type"]),
        ("sato", &json!("dispatch.completed"))
    );
    told_in_full(&office, &id);

    drill(&office, &next);
    let ready = office.server.json("/readyz");
    assert!(ready["cycles"]["dispatch"]["age_s"].is_number(), "{ready}");
    assert!(office.server.stop().success());
    let ledger = std::fs::read_to_string(data_dir.join("ledger/daicho-02201.html")).unwrap();
    assert!(
        ledger.contains("山田建設") && ledger.contains("017-000-0002"),
        "{ledger}"
    );
}

/// GET shows and changes nothing; POST answers.
fn by_link(office: &Office, token: &str, id: &Value, whom: &str) {
    let path = format!("/api/v1/call/{token}");
    let address = &office.server.address;
    for _ in 0..3 {
        let page = send(address, "GET", &path, &[], &Value::Null);
        assert_eq!(page.status, 200, "{}", text(&page.body));
        let call = page.json()["call"].clone();
        assert_eq!(call["dispatch"]["state"], "requested");
        assert_eq!(call["you"], json!({"name": "山田太郎", "role": "firm"}));
    }
    assert_eq!(office.one(id)["state"], "requested", "{whom}");
    let refused = send(address, "POST", &path, &[], &json!({"answer": "approve"}));
    assert_eq!(refused.status, 409, "{}", text(&refused.body));
    assert!(
        refused.json()["detail_ja"]
            .as_str()
            .unwrap()
            .contains("道路管理者")
    );
    let wrong = send(address, "POST", &path, &[], &json!({"answer": "perhaps"}));
    assert_eq!(wrong.status, 422, "{}", text(&wrong.body));
    let accept = json!({"answer": "accept", "machines": 2});
    let accepted = send(address, "POST", &path, &[], &accept);
    assert_eq!(accepted.status, 200, "{}", text(&accepted.body));
    assert_eq!(accepted.json()["call"]["dispatch"]["state"], "accepted");
    let unknown = send(address, "GET", "/api/v1/call/ymk_0", &[], &Value::Null);
    assert_eq!(unknown.status, 404);
}

fn not_for_others(office: &Office, other: &str, id: &Value) {
    let bearer = format!("Bearer {other}");
    let own = [("authorization", bearer.as_str()), ("idempotency-key", "x")];
    let address = &office.server.address;
    let path = format!("/api/v1/dispatches/{id}");
    assert_eq!(send(address, "GET", &path, &own, &Value::Null).status, 404);
    let cancel = format!("{path}/cancel");
    assert_eq!(send(address, "POST", &cancel, &own, &json!({})).status, 404);
    let list = send(address, "GET", "/api/v1/dispatches", &own, &Value::Null);
    assert_eq!(list.json()["items"], json!([]));
    for (method, path) in [
        ("GET", "/api/v1/dispatches"),
        ("GET", &path),
        ("POST", &cancel),
    ] {
        let answer = send(address, method, path, &[], &json!({}));
        assert_eq!(answer.status, 401, "{method} {path}");
    }
}

fn to_its_end(office: &Office, id: &Value) {
    let path = |act: &str| format!("/api/v1/dispatches/{id}/{act}");
    let started = office.act(
        &path("report"),
        "k-1",
        &json!({"state": "started", "said_by": "山田"}),
    );
    assert_eq!(
        (started["state"].as_str(), started["reported"].as_bool()),
        (Some("started"), Some(true))
    );
    let reused = office.ask("POST", &path("cancel"), Some("k-1"), &json!({}));
    assert_eq!(reused.status, 422, "{}", text(&reused.body));
    let unknown = json!({"contractor": "nobody", "role": "aid"});
    let refused = office.ask("POST", &path("order_other"), Some("k-2"), &unknown);
    assert_eq!(refused.status, 422, "{}", text(&refused.body));
    let done = office.act(&path("complete"), "k-3", &json!({"reason": "電話で確認"}));
    assert_eq!(done["state"], "completed");
    let again = office.act(&path("complete"), "k-3", &json!({"reason": "電話で確認"}));
    assert_eq!(again, done);
    let late = office.ask("POST", &path("approve"), Some("k-4"), &json!({}));
    assert_eq!(late.status, 409, "{}", text(&late.body));
}

fn told_in_full(office: &Office, id: &Value) {
    let one = until("all attempts", || {
        let one = office.one(id);
        let attempts = one["attempts"].as_array().unwrap().clone();
        let ended = attempts.iter().filter(|a| a["outcome"] == "sent").count();
        (ended == 3).then_some(one)
    });
    let kinds: Vec<&str> = one["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        ["opened", "tick", "answered", "reported", "reported"]
    );
    assert_eq!(one["timeline"][2]["by"], "山田太郎");
    let at = one["timeline"][2]["at"].as_str().unwrap();
    let past = format!("/api/v1/dispatches?at={at}&zone=A-1");
    let list = office.ask("GET", &past, None, &Value::Null).json();
    assert_eq!(list["items"][0]["state"], "accepted", "{list}");
    assert_eq!(list["items"][0]["timeline"].as_array().unwrap().len(), 3);
}

/// 訓練 stands in every message, and no map shows it.
fn drill(office: &Office, next: &dyn Fn() -> (String, Value)) {
    let asked = json!({"zone": "A-2", "reason": "訓練", "drill": true});
    let opened = office.act("/api/v1/dispatches", "k-drill", &asked);
    let (whom, message) = next();
    assert_eq!(whom, "hanako");
    assert!(message["title"].as_str().unwrap().starts_with("【訓練】"));
    assert_eq!(message["data"]["drill"], true);
    let path = format!("/api/v1/dispatches/{}/cancel", opened["id"]);
    office.act(&path, "k-drill-end", &json!({}));
    let (whom, message) = next();
    assert_eq!(whom, "hanako");
    assert_eq!(message["type"], "dispatch.stand_down");
    assert!(message["title"].as_str().unwrap().starts_with("【訓練】"));
}

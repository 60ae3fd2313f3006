//! Several servers on one database: the same change, under the same ETag, and announced by both.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use support::{Answer, Server, get, post, run, text, until};

const CONFIG: &str = r#"
[http]
listen = "127.0.0.1:0"
[[manager]]
code = "02"
level = "prefectural"
name = { ja = "青森県", en = "Aomori" }
"#;

const ROADS: &str = r#"{"type":"FeatureCollection","features":[
  {"type":"Feature","id":7,"properties":{"highway":"primary","ref":"40"},
   "geometry":{"type":"LineString","coordinates":[[140.60,40.70],[140.61,40.70]]}},
  {"type":"Feature","id":8,"properties":{"highway":"primary","ref":"40"},
   "geometry":{"type":"LineString","coordinates":[[140.61,40.70],[140.62,40.70]]}}
]}"#;

const TILES: [&str; 3] = [
    "/tiles/roads/8/227/96",
    "/tiles/roads/14/14591/6160",
    "/tiles/roads/16/58365/24643",
];

/// A client of `/api/v1/events`.
struct Listener {
    lines: std::io::Lines<BufReader<TcpStream>>,
}

impl Listener {
    fn connect(server: &Server, last_event_id: Option<&str>) -> Self {
        let mut stream = TcpStream::connect(&server.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        let resume = last_event_id.map_or(String::new(), |id| format!("last-event-id: {id}\r\n"));
        let request = format!("GET /api/v1/events HTTP/1.0\r\nhost: x\r\n{resume}\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut lines = BufReader::new(stream).lines();
        // The greeting says that it listens from here on.
        assert!(
            lines
                .by_ref()
                .map_while(Result::ok)
                .any(|line| line == "retry: 3000")
        );
        Listener { lines }
    }

    /// The next event's id, name and data.
    fn next(&mut self) -> (String, String, Value) {
        let mut fields = ["id: ", "event: ", "data: "].map(|name| {
            self.lines
                .by_ref()
                .map_while(Result::ok)
                .find_map(|line| line.strip_prefix(name).map(str::to_owned))
                .unwrap()
        });
        let data = serde_json::from_str(&fields[2]).unwrap();
        (
            std::mem::take(&mut fields[0]),
            std::mem::take(&mut fields[1]),
            data,
        )
    }
}

fn segments(server: &Server) -> Vec<u64> {
    let answer = server.json("/api/v1/segments?bbox=140,40,141,41");
    let features = answer["features"].as_array().unwrap();
    features.iter().map(|f| f["id"].as_u64().unwrap()).collect()
}

/// Closes a road; asked again while the server finds its database again.
fn close(server: &Server, key: &str, segment: u64) {
    let body = json!({ "kind": "closed", "reason": "雪崩", "place": { "segments": [segment] } });
    let body = body.to_string();
    until("the closure", || {
        let made = post(
            &server.address,
            "/api/v1/closures",
            key,
            "application/json",
            body.as_bytes(),
        );
        assert!(
            matches!(made.status, 201 | 500 | 503),
            "{}",
            text(&made.body)
        );
        (made.status == 201).then_some(())
    });
}

fn gzip(server: &Server, path: &str) -> Answer {
    get(&server.address, path, &[("accept-encoding", "gzip")])
}

/// Waits until both answer alike, and not as before; the ETags by then.
fn until_alike(servers: [&Server; 2], before: &[String]) -> Vec<String> {
    until("the same tiles on both servers", || {
        let [a, b] = servers.map(|server| TILES.map(|path| gzip(server, path)));
        let etags = |all: &[Answer]| -> Vec<String> {
            all.iter()
                .map(|t| t.header("etag").unwrap().to_owned())
                .collect()
        };
        let (ours, theirs) = (etags(&a), etags(&b));
        let changed = ours.iter().zip(before).all(|(now, then)| now != then);
        if ours != theirs || !changed {
            return None;
        }
        for (a, b) in a.iter().zip(&b) {
            assert_eq!(a.body, b.body, "one ETag, two tiles");
        }
        Some(ours)
    })
}

/// Ends every connection to the private cluster but the one that asks.
fn cut_off_connections(data_dir: &Path) {
    let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
               WHERE pid <> pg_backend_pid() AND datname = 'yukimichi'";
    let asked = Command::new("psql")
        .args(["-X", "-q", "-At", "-U", "yukimichi", "-d", "yukimichi"])
        .arg("-h")
        .arg(data_dir.join("postgres/socket"))
        .args(["-c", sql])
        .output()
        .unwrap();
    assert!(asked.status.success(), "{}", text(&asked.stderr));
    let ended: u32 = text(&asked.stdout).trim().parse().unwrap();
    assert!(ended >= 4, "{ended} connections of two servers");
}

fn import(data_dir: &Path) {
    std::fs::write(data_dir.join("yukimichi.toml"), CONFIG).unwrap();
    std::fs::write(data_dir.join("roads.geojson"), ROADS).unwrap();
    let args = ["roads", "import", "roads.geojson", "--manager", "02"];
    let imported = run(data_dir, &args);
    assert!(imported.status.success(), "{}", text(&imported.stderr));
}

#[test]
fn two_servers_answer_and_announce_the_same() {
    let folder = support::folder();
    let data_dir = folder.path();
    import(data_dir);
    let made = run(data_dir, &["operator", "key", "02", "--name", "佐藤"]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    let key = text(&made.stdout).trim().to_owned();
    let writer = Server::start(data_dir, &["run"]);
    let reader = Server::start(data_dir, &["serve"]);
    let roads = segments(&reader);
    assert_eq!(roads.len(), 2);
    let before = until_alike([&writer, &reader], &[]);

    let mut listeners = [&writer, &reader].map(|server| Listener::connect(server, None));
    close(&writer, &key, roads[0]);
    let first = until_alike([&writer, &reader], &before);
    let heard: Vec<_> = listeners.iter_mut().map(Listener::next).collect();
    for (_, name, data) in &heard {
        assert_eq!(name, "status");
        assert_eq!(data["segments"], json!([roads[0]]));
        let tiles: Vec<&str> = data["tiles"]
            .as_array()
            .unwrap()
            .iter()
            .map(|t| t.as_str().unwrap())
            .collect();
        assert!(tiles.contains(&"14/14591/6160"), "{tiles:?}");
    }
    assert_eq!(heard[0], heard[1], "both tell the same under the same id");
    let id = heard[0].0.clone();
    drop(listeners);

    // Known by its ETag, wherever it came from; and a change while nobody listened is told later.
    for (path, etag) in TILES.iter().zip(&first) {
        let headers = [
            ("accept-encoding", "gzip"),
            ("if-none-match", etag.as_str()),
        ];
        let known = get(&reader.address, path, &headers);
        assert_eq!((known.status, known.body.len()), (304, 0), "{path}");
    }
    // All connections to the database are cut off at once: writer's lock, listening, pools.
    cut_off_connections(data_dir);
    close(&writer, &key, roads[1]);
    let second = until_alike([&writer, &reader], &first);
    assert!(reader.stop().success());
    let reader = Server::start(data_dir, &["serve"]);
    assert_eq!(
        until_alike([&writer, &reader], &first),
        second,
        "a new server too"
    );
    let (newer, name, data) = Listener::connect(&reader, Some(&id)).next();
    assert_eq!(name, "status");
    assert_eq!(
        data["segments"],
        json!([roads[1]]),
        "what was missed, and no more"
    );
    assert_ne!(newer, id);
    for foreign in ["999-1", "1-999999", "x"] {
        let (_, name, _) = Listener::connect(&reader, Some(foreign)).next();
        assert_eq!(name, "reset", "{foreign}");
    }

    // A stopping server lets its listeners go at once.
    let mut listener = Listener::connect(&reader, None);
    assert!(reader.stop().success());
    let mut rest = String::new();
    while let Some(Ok(line)) = listener.lines.next() {
        rest.push_str(&line);
    }
    assert!(!rest.contains("event:"), "{rest}");
    assert!(writer.stop().success());
}

#[test]
fn heads_are_answered_without_bodies() {
    let folder = support::folder();
    let data_dir = folder.path();
    import(data_dir);
    let server = Server::start(data_dir, &["serve"]);
    until("readiness", || {
        (server.get("/readyz").status == 200).then_some(())
    });
    let head = |path: &str| {
        let mut stream = TcpStream::connect(&server.address).unwrap();
        let request = format!("HEAD {path} HTTP/1.0\r\naccept-encoding: gzip\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert_eq!(body, "");
        head.to_lowercase()
    };
    let whole = gzip(&server, TILES[1]);
    let answer = head(TILES[1]);
    assert!(answer.starts_with("http/1.0 200"), "{answer}");
    assert!(
        answer.contains(&format!("content-length: {}", whole.body.len())),
        "{answer}"
    );
    assert!(
        answer.contains(&format!("etag: {}", whole.header("etag").unwrap())),
        "{answer}"
    );
    assert!(head("/tiles/roads/14/0/0").starts_with("http/1.0 204"));
    assert!(head("/tiles/roads/4/0/0").starts_with("http/1.0 404"));
    assert!(server.stop().success());
}

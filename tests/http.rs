//! The HTTP contract (design §6), asked of the real server.
#![allow(clippy::unwrap_used)]

mod support;

use std::io::Read;
use support::{Server, get, run, text, until};

const ROADS: &str = r#"{"type":"FeatureCollection","features":[
  {"type":"Feature","id":7,"properties":{"highway":"trunk","ref":"7","name":"国道7号","lanes":2,
    "manager_level":"national"},
   "geometry":{"type":"LineString","coordinates":[[140.60,40.70],[140.61,40.70]]}},
  {"type":"Feature","id":8,"properties":{"highway":"residential","oneway":"yes"},
   "geometry":{"type":"LineString","coordinates":[[140.61,40.70],[140.61,40.71]]}}
]}"#;

/// z14 tile that holds the roads' meeting point.
const TILE: &str = "/tiles/roads/14/14591/6160";

#[test]
fn the_contract_holds() {
    let folder = support::folder();
    let data_dir = folder.path();
    std::fs::write(
        data_dir.join("yukimichi.toml"),
        "[http]\nlisten = \"127.0.0.1:0\"\n",
    )
    .unwrap();
    std::fs::write(data_dir.join("roads.geojson"), ROADS).unwrap();
    let args = [
        "roads",
        "import",
        "roads.geojson",
        "--attribution",
        "雪道県 <test>",
    ];
    let imported = run(data_dir, &args);
    assert!(imported.status.success(), "{}", text(&imported.stderr));
    let server = Server::start(data_dir, &["serve"]);
    until("readiness", || {
        (server.get("/readyz").status == 200).then_some(())
    });

    tilejson(&server);
    tiles(&server);
    style(&server);
    segments(&server);
    errors(&server);
    page(&server);
    assert!(server.stop().success());

    let config = "[http]\nlisten = \"127.0.0.1:0\"\n[web]\nbackground = \"gsi_pale\"\n";
    std::fs::write(data_dir.join("yukimichi.toml"), config).unwrap();
    let server = Server::start(data_dir, &["serve"]);
    let style = server.json("/style.json");
    let tiles = style["sources"]["gsi"]["tiles"][0].as_str().unwrap();
    assert!(tiles.starts_with("https://cyberjapandata.gsi.go.jp/"));
    assert!(
        style["sources"]["gsi"]["attribution"]
            .as_str()
            .unwrap()
            .contains("地理院タイル")
    );
    let policy = server
        .get("/style.json")
        .header("content-security-policy")
        .unwrap()
        .to_owned();
    assert!(policy.contains("connect-src 'self' https://cyberjapandata.gsi.go.jp"));
    assert!(server.stop().success());
}

fn tilejson(server: &Server) {
    let answer = server.json("/tiles/roads");
    assert_eq!(answer["tilejson"], "3.0.0");
    let template = format!("http://{}/tiles/roads/{{z}}/{{x}}/{{y}}", server.address);
    assert_eq!(answer["tiles"][0], template);
    assert_eq!(
        (answer["minzoom"].as_u64(), answer["maxzoom"].as_u64()),
        (Some(5), Some(16))
    );
    assert_eq!(
        answer["bounds"],
        serde_json::json!([140.60, 40.70, 140.61, 40.71])
    );
    assert_eq!(answer["attribution"], "雪道県 &lt;test&gt;");
    let fields = answer["vector_layers"][0]["fields"].as_object().unwrap();
    for key in [
        "name",
        "ref",
        "class",
        "manager_level",
        "manager",
        "priority",
        "oneway",
        "zone",
        "cleared_fwd_min",
        "cleared_rev_min",
        "status",
        "agg",
        "cleared_share",
    ] {
        assert!(fields.contains_key(key), "{key}");
    }
    assert!(fields["status"].as_str().unwrap().contains("8 melting"));
    // Behind a proxy that speaks TLS.
    let behind = get(
        &server.address,
        "/tiles/roads",
        &[
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "snow.example.jp"),
        ],
    );
    assert!(text(&behind.body).contains("https://snow.example.jp/tiles/roads/"));
}

fn tiles(server: &Server) {
    let plain = server.get(TILE);
    assert_eq!(plain.status, 200);
    assert_eq!(
        plain.header("content-type"),
        Some("application/vnd.mapbox-vector-tile")
    );
    assert_eq!(plain.header("vary"), Some("accept-encoding"));
    assert_eq!(plain.header("access-control-allow-origin"), Some("*"));
    let cache_control = plain.header("cache-control").unwrap();
    assert!(
        cache_control.contains("max-age=") && cache_control.contains("stale-while-revalidate=")
    );
    assert_eq!(plain.header("content-encoding"), None);
    let mut tags = vec![plain.header("etag").unwrap().to_owned()];

    let gzip = get(&server.address, TILE, &[("accept-encoding", "gzip, zstd")]);
    assert_eq!(gzip.header("content-encoding"), Some("gzip"));
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(&gzip.body[..])
        .read_to_end(&mut unpacked)
        .unwrap();
    assert_eq!(unpacked, plain.body);
    tags.push(gzip.header("etag").unwrap().to_owned());

    let zstd = get(
        &server.address,
        TILE,
        &[("accept-encoding", "zstd, gzip;q=0")],
    );
    assert_eq!(zstd.header("content-encoding"), Some("zstd"));
    assert_eq!(zstd::decode_all(&zstd.body[..]).unwrap(), plain.body);
    tags.push(zstd.header("etag").unwrap().to_owned());
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 3, "an ETag belongs to one encoding");

    let etag = gzip.header("etag").unwrap();
    let known = get(
        &server.address,
        TILE,
        &[
            ("accept-encoding", "gzip"),
            ("if-none-match", &format!("\"x\", W/{etag}")),
        ],
    );
    assert_eq!((known.status, known.body.len()), (304, 0));
    assert_eq!(known.header("etag"), Some(etag));
    let other = get(&server.address, TILE, &[("if-none-match", etag)]);
    assert_eq!(other.status, 200, "another encoding is another thing");

    for suffix in [".mvt", ".pbf"] {
        assert_eq!(server.get(&format!("{TILE}{suffix}")).body, plain.body);
    }
    assert_eq!(server.get("/tiles/roads/14/0/0").status, 204);
    for outside in [
        "4/0/0",
        "17/0/0",
        "14/16384/0",
        "14/a/0",
        "14/1/2.png",
        "99999999999/0/0",
    ] {
        let answer = server.get(&format!("/tiles/roads/{outside}"));
        assert_eq!(answer.status, 404, "{outside}");
        assert_eq!(
            answer.header("content-type"),
            Some("application/problem+json")
        );
    }
}

fn style(server: &Server) {
    let style = server.json("/style.json");
    assert_eq!(style["version"], 8);
    assert_eq!(
        style["sources"]["roads"]["url"],
        format!("http://{}/tiles/roads", server.address)
    );
    let legend = &style["metadata"]["yukimichi:legend"];
    assert_eq!(legend["ages"].as_array().unwrap().len(), 8);
    assert_eq!(legend["states"].as_array().unwrap().len(), 9);
    let text = style.to_string();
    assert!(
        !text.contains("glyphs") && !text.contains("gsi"),
        "nothing from outside unless set"
    );
}

fn segments(server: &Server) {
    let found = server.json("/api/v1/segments?bbox=140,40,141,41");
    let features = found["features"].as_array().unwrap();
    assert_eq!(features.len(), 2);
    let first = &features[0];
    assert_eq!(first["properties"]["state_forward"], "no_data");
    let page = server.json("/api/v1/segments?bbox=140,40,141,41&limit=1");
    assert_eq!(page["features"].as_array().unwrap().len(), 1);
    let next = page["next"].as_u64().unwrap();
    let rest = server.json(&format!(
        "/api/v1/segments?bbox=140,40,141,41&limit=1&after={next}"
    ));
    assert_eq!(rest["features"].as_array().unwrap().len(), 1);
    assert!(rest["next"].is_null());

    let id = first["id"].as_u64().unwrap();
    let one = server.json(&format!("/api/v1/segments/{id}"));
    assert_eq!(one["name"], "国道7号");
    assert_eq!(one["ref"], "7");
    assert_eq!(one["manager_level"], "national");
    assert_eq!(one["manager"], serde_json::Value::Null);
    for direction in ["forward", "backward"] {
        assert_eq!(one["status"][direction]["state"], "no_data");
        assert_eq!(
            one["status"][direction]["cleared_at"],
            serde_json::Value::Null
        );
    }
    assert_eq!(one["geometry"]["type"], "LineString");
    let length_m = one["length_m"].as_f64().unwrap();
    assert!((844.0..846.0).contains(&length_m), "{length_m}");
}

fn errors(server: &Server) {
    for (path, status) in [
        ("/api/v1/segments/1", 404),
        ("/api/v1/segments/north", 400),
        ("/api/v1/segments/-1", 400),
        ("/api/v1/segments", 400),
        ("/api/v1/segments?bbox=1,2,3", 400),
        ("/api/v1/segments?bbox=1,2,3,nan", 400),
        ("/api/v1/segments?bbox=1,2,3,4&limit=x", 400),
        ("/api/v1/nothing", 404),
        ("/assets/nothing.js", 404),
    ] {
        let answer = server.get(path);
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(
            answer.header("content-type"),
            Some("application/problem+json"),
            "{path}"
        );
        let problem: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(problem["status"], status, "{path}");
        assert!(!problem["detail"].as_str().unwrap().is_empty(), "{path}");
    }
}

fn page(server: &Server) {
    for path in ["/", "/ja", "/en"] {
        let answer = server.get(path);
        if answer.status == 404 {
            assert!(text(&answer.body).contains("script/build-web"));
            // Past the harness, which swallows what a passing test prints.
            let _ = std::io::Write::write_fmt(
                &mut std::io::stderr(),
                format_args!(
                    "SKIPPED: the web app was not built into this binary; run script/build-web\n"
                ),
            );
            return;
        }
        assert_eq!(answer.status, 200, "{path}");
        assert!(
            answer
                .header("content-type")
                .unwrap()
                .starts_with("text/html")
        );
        let policy = answer.header("content-security-policy").unwrap();
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("unsafe"),
            "{policy}"
        );
    }
}

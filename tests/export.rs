//! What `yukimichi export` writes is what the server says, read by others' libraries.
#![allow(clippy::unwrap_used)]

mod support;

use pmtiles::{AsyncPmTilesReader, Compression, MmapBackend, TileCoord, TileType};
use serde_json::{Value, json};
use std::path::Path;
use support::{Server, get, post, run, text, until};

const CONFIG: &str = r#"
[http]
listen = "127.0.0.1:0"
[[manager]]
code = "02201"
level = "municipal"
name = { ja = "青森市", en = "Aomori City" }
[[manager]]
code = "02"
level = "prefectural"
name = { ja = "青森県", en = "Aomori" }
"#;

const ROADS: &str = r#"{"type":"FeatureCollection","features":[
  {"type":"Feature","id":7,"properties":{"highway":"primary","ref":"40","name":"県道40号","manager_level":"prefectural"},
   "geometry":{"type":"LineString","coordinates":[[140.60,40.70],[140.61,40.70]]}},
  {"type":"Feature","id":8,"properties":{"highway":"residential","name":"=A1, 「新町」","manager_level":"municipal"},
   "geometry":{"type":"LineString","coordinates":[[140.61,40.70],[140.61,40.71]]}},
  {"type":"Feature","id":9,"properties":{"highway":"residential","manager_level":"municipal"},
   "geometry":{"type":"LineString","coordinates":[[140.90,40.90],[140.91,40.90]]}}
]}"#;

const AREA: &str = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":
  {"type":"Polygon","coordinates":[[[140.59,40.699],[140.605,40.699],[140.605,40.701],[140.59,40.701],[140.59,40.699]]]}}]}"#;

fn export(data_dir: &Path, args: &[&str]) -> String {
    let done = run(data_dir, &[&["export"], args].concat());
    assert!(done.status.success(), "{args:?}: {}", text(&done.stderr));
    assert_eq!(
        text(&done.stderr),
        "",
        "no bar where nobody watches a terminal"
    );
    text(&done.stdout)
}

fn read_json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn files_say_what_the_server_says() {
    let folder = support::folder();
    let data_dir = folder.path();
    std::fs::write(data_dir.join("yukimichi.toml"), CONFIG).unwrap();
    std::fs::write(data_dir.join("roads.geojson"), ROADS).unwrap();
    std::fs::write(data_dir.join("area.geojson"), AREA).unwrap();
    let args = [
        "roads",
        "import",
        "roads.geojson",
        "--attribution",
        "雪道県",
    ];
    let imported = run(data_dir, &args);
    assert!(imported.status.success(), "{}", text(&imported.stderr));
    let made = run(data_dir, &["operator", "key", "02", "--name", "佐藤"]);
    let key = text(&made.stdout).trim().to_owned();
    let server = Server::start(data_dir, &["run"]);
    let roads = || server.json("/api/v1/segments?bbox=140,40,141,41");
    let all = until("the roads", || {
        let roads = roads();
        (roads["features"].as_array()?.len() == 3).then_some(roads)
    });
    let close = json!({ "kind": "closed", "reason": "雪崩",
                        "place": { "segments": [all["features"][0]["id"]] } });
    let path = "/api/v1/closures";
    let body = close.to_string();
    let closed = post(
        &server.address,
        path,
        &key,
        "application/json",
        body.as_bytes(),
    );
    assert_eq!(closed.status, 201, "{}", text(&closed.body));
    let all = until("the closure", || {
        let roads = roads();
        (roads["features"][0]["properties"]["state_forward"] == "closed").then_some(roads)
    });

    geojson(data_dir, &all);
    csv(data_dir, &all);
    selections(data_dir);
    pmtiles_are_the_servers(data_dir, &server);
    bad_input(data_dir);
    assert!(server.stop().success());
}

fn geojson(data_dir: &Path, all: &Value) {
    let said = export(data_dir, &["geojson", "--out", "all.geojson"]);
    assert!(said.starts_with("all.geojson: 3 segments, "), "{said}");
    let file = read_json(&data_dir.join("all.geojson"));
    assert_eq!(file["features"], all["features"]);
    assert_eq!(file["attribution"], "雪道県");
    assert_eq!(file["simulated"], false);
    assert!(file["as_of"].is_string());
}

fn csv(data_dir: &Path, all: &Value) {
    export(data_dir, &["csv", "--out", "all.csv"]);
    let bytes = std::fs::read(data_dir.join("all.csv")).unwrap();
    let rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap();
    let lines = text(rest);
    assert_eq!(lines.matches("\r\n").count(), 4);
    assert_eq!(lines.matches('\n').count(), 4);
    let mut reader = csv::Reader::from_reader(rest);
    let head = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let cell = |row: usize, name: &str| {
        let column = head.iter().position(|h| h == name).unwrap();
        rows[row][column].to_owned()
    };
    assert_eq!(cell(0, "id"), format!("s{}", all["features"][0]["id"]));
    assert_eq!(cell(0, "state_forward"), "closed");
    assert_eq!(cell(0, "state_backward_ja"), "通行止め");
    assert_eq!(cell(0, "manager_name"), "青森県");
    assert_eq!(cell(0, "cleared_forward_jst"), "");
    assert_eq!(
        (cell(0, "lon"), cell(0, "lat")),
        ("140.605000".to_owned(), "40.700000".to_owned())
    );
    assert_eq!(cell(1, "name"), "'=A1, 「新町」", "no formula");
    assert_eq!(cell(2, "simulated"), "0");
    // The columns that the documentation lists, in its order.
    let documented: Vec<String> = include_str!("../docs/export.md")
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(name, _)| name.to_owned())
        .collect();
    assert_eq!(head.iter().collect::<Vec<_>>(), documented);
}

fn selections(data_dir: &Path) {
    let count = |selection: &[&str]| {
        export(
            data_dir,
            &[&["geojson", "--out", "some.geojson"], selection].concat(),
        );
        let file = read_json(&data_dir.join("some.geojson"));
        file["features"].as_array().unwrap().len()
    };
    assert_eq!(count(&["--bbox", "140.8,40.8,141,41"]), 1);
    assert_eq!(count(&["--area", "area.geojson"]), 1);
    assert_eq!(count(&["--municipality", "02201"]), 2);
    assert_eq!(count(&["--municipality", "02"]), 1);
}

fn pmtiles_are_the_servers(data_dir: &Path, server: &Server) {
    let args = ["pmtiles", "--municipality", "02201", "--out", "map.pmtiles"];
    let said = export(data_dir, &args);
    assert!(said.contains(" tiles around 2 segments"), "{said}");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let backend = MmapBackend::try_from(&data_dir.join("map.pmtiles"))
            .await
            .unwrap();
        let archive = AsyncPmTilesReader::try_from_source(backend).await.unwrap();
        let head = archive.get_header();
        assert_eq!(head.tile_type, TileType::Mvt);
        assert_eq!(head.tile_compression, Compression::Gzip);
        assert_eq!((head.min_zoom, head.max_zoom), (5, 14));
        let bounds = [
            head.min_longitude,
            head.min_latitude,
            head.max_longitude,
            head.max_latitude,
        ];
        for (found, expected) in bounds.iter().zip([140.61, 40.70, 140.91, 40.90]) {
            assert!((found - expected).abs() < 1e-6, "{bounds:?}");
        }
        let metadata: Value = serde_json::from_str(&archive.get_metadata().await.unwrap()).unwrap();
        assert_eq!(metadata["vector_layers"][0]["id"], "roads");
        assert!(metadata["vector_layers"][0]["fields"]["status"].is_string());
        assert_eq!(metadata["attribution"], "雪道県");
        for (z, x, y) in [(8, 227, 96), (12, 3647, 1540), (14, 14591, 6160)] {
            let path = format!("/tiles/roads/{z}/{x}/{y}");
            let served = get(&server.address, &path, &[("accept-encoding", "gzip")]);
            let stored = archive
                .get_tile(TileCoord::new(z, x, y).unwrap())
                .await
                .unwrap();
            assert_eq!(served.status == 200, stored.is_some(), "{path}");
            assert_eq!(stored.unwrap_or_default(), served.body, "{path}");
        }
        let far = archive.get_tile(TileCoord::new(14, 0, 0).unwrap()).await;
        assert!(far.unwrap().is_none());
    });
}

fn bad_input(data_dir: &Path) {
    std::fs::write(data_dir.join("line.geojson"), ROADS).unwrap();
    let cases: [(&[&str], &str); 7] = [
        (
            &["csv", "--out", "x", "--municipality", "99"],
            "known are: 02, 02201",
        ),
        (
            &["csv", "--out", "x", "--bbox", "141,40,140,41"],
            "west,south,east,north",
        ),
        (
            &["csv", "--out", "x", "--bbox", "1,1,2,2"],
            "nothing to export",
        ),
        (
            &["csv", "--out", "x", "--area", "line.geojson"],
            "holds no polygon",
        ),
        (
            &["csv", "--out", "x", "--area", "none.geojson"],
            "none.geojson: can't be read",
        ),
        (&["csv", "--out", "none/x"], "none/x: can't be written"),
        (
            &[
                "pmtiles",
                "--out",
                "x",
                "--min-zoom",
                "9",
                "--max-zoom",
                "8",
            ],
            "--min-zoom 9 lies above",
        ),
    ];
    for (args, expected) in cases {
        let done = run(data_dir, &[&["export"], args].concat());
        assert!(!done.status.success(), "{args:?}");
        let said = text(&done.stderr);
        assert!(said.contains(expected), "{args:?}: {said}");
        assert!(!data_dir.join("x").exists(), "{args:?}");
    }
    let left: Vec<_> = std::fs::read_dir(data_dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains(".part-"))
        .collect();
    assert_eq!(left, Vec::<String>::new());
}

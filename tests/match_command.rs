//! `yukimichi match`, through the real binary: its fields, its order, its exit codes.

#![allow(clippy::unwrap_used)]

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Three streets in a row along a parallel, 250 m each, the last one one-way to the west; and a
/// side street to the north from where the first ends.
const ROADS: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","id":"first","properties":{"name":"一番町"},"geometry":{"type":"LineString","coordinates":[[140.740,40.82],[140.743,40.82]]}},
{"type":"Feature","properties":{"id":17,"highway":"residential"},"geometry":{"type":"LineString","coordinates":[[140.746,40.82],[140.743,40.82]]}},
{"type":"Feature","id":3,"properties":{"oneway":"-1"},"geometry":{"type":"LineString","coordinates":[[140.746,40.82],[140.749,40.82]]}},
{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[140.743,40.82],[140.743,40.822]]}}
]}"#;

const OSM: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
  <node id="1" lat="40.82" lon="140.740"/>
  <node id="2" lat="40.82" lon="140.743"/>
  <node id="3" lat="40.82" lon="140.746"/>
  <node id="4" lat="40.822" lon="140.743"/>
  <way id="4711"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="secondary"/></way>
  <way id="4712"><nd ref="2"/><nd ref="4"/><tag k="highway" v="residential"/></way>
</osm>"#;

const HEADER: &str = "vehicle_id,observed_at,lon,lat,heading_deg,speed_kmh,working,work_kind\n";

struct Room {
    folder: tempfile::TempDir,
}

impl Room {
    fn new() -> Self {
        let room = Room {
            folder: tempfile::tempdir().unwrap(),
        };
        room.write("roads.geojson", ROADS.as_bytes());
        room.write("roads.osm", OSM.as_bytes());
        room
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    fn run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_yukimichi"))
            .arg("match")
            .args(args)
            .current_dir(self.folder.path())
            .output()
            .unwrap()
    }

    /// Matches a CSV on the GeoJSON roads.
    fn matched(&self, csv: &str) -> (Vec<Value>, String, i32) {
        self.write("fixes.csv", csv.as_bytes());
        let output = self.run(&["--roads", "roads.geojson", "--fixes", "fixes.csv"]);
        (lines(&output), errors(&output), code(&output))
    }
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn errors(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// Rows of a plow that drives east along the parallel, about 8 m/s, a row each 5 s.
fn drive(vehicle: &str, from_lon: f64, to_lon: f64, start_s: i64) -> Vec<String> {
    let steps = ((to_lon - from_lon).abs() / 0.0005).round() as i64;
    (0..=steps)
        .map(|i| {
            let lon = from_lon + (to_lon - from_lon) * i as f64 / steps as f64;
            let at = 1_768_420_800 + start_s + 5 * i;
            format!("{vehicle},{at},{lon:.6},40.82002,,,1,")
        })
        .collect()
}

fn csv(rows: &[String]) -> String {
    format!("{HEADER}{}\n", rows.join("\n"))
}

fn roads_of(spans: &[Value]) -> Vec<&Value> {
    spans.iter().map(|span| &span["road_id"]).collect()
}

#[test]
fn a_line_has_the_fields_of_the_contract() {
    let room = Room::new();
    let (spans, errors, code) = room.matched(&csv(&drive("P-1", 140.7404, 140.7454, 0)));
    assert_eq!((code, errors.as_str()), (0, ""));
    assert_eq!(spans.len(), 2, "{spans:?}");
    let fields: Vec<&str> = spans[0]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        fields,
        [
            "vehicle_id",
            "segment_id",
            "road_id",
            "direction",
            "from_m",
            "to_m",
            "entered_at",
            "left_at",
            "work_kind",
            "inferred",
            "fixes"
        ]
    );
    let (first, second) = (&spans[0], &spans[1]);
    assert_eq!(first["vehicle_id"], "P-1");
    assert!(first["segment_id"].as_u64().unwrap() < 1 << 53);
    assert_eq!(
        (&first["road_id"], &second["road_id"]),
        (&"first".into(), &17.into())
    );
    assert_eq!(first["direction"], "forward");
    assert_eq!(second["direction"], "backward", "its line runs to the west");
    assert_eq!(first["work_kind"], "plowing");
    assert_eq!(first["inferred"], false);
    assert_eq!(first["fixes"], serde_json::json!([0, 5]));
    assert_eq!(second["fixes"], serde_json::json!([6, 10]));
    for span in &spans {
        let [from_m, to_m] = ["from_m", "to_m"].map(|key| span[key].as_f64().unwrap());
        assert!(0.0 <= from_m && from_m <= to_m && to_m < 254.0);
    }
    assert!((first["from_m"].as_f64().unwrap() - 33.7).abs() < 1.0);
    assert!((second["from_m"].as_f64().unwrap() - 50.6).abs() < 1.0);
    assert_eq!(first["entered_at"], "2026-01-14T20:00:00Z");
    assert_eq!(first["left_at"], second["entered_at"]);
}

#[test]
fn an_osm_file_gives_the_ids_of_its_ways() {
    let room = Room::new();
    room.write(
        "fixes.csv",
        csv(&drive("P-1", 140.7404, 140.7454, 0)).as_bytes(),
    );
    let output = room.run(&["--roads", "roads.osm", "--fixes", "fixes.csv"]);
    assert_eq!((code(&output), errors(&output).as_str()), (0, ""));
    let spans = lines(&output);
    assert_eq!(roads_of(&spans), [4711, 4711]);
    assert_ne!(spans[0]["segment_id"], spans[1]["segment_id"]);
}

#[test]
fn vehicle_by_vehicle_in_the_order_of_time() {
    let room = Room::new();
    let mut rows = drive("Ｂ車", 140.7404, 140.7454, 0);
    rows.extend(drive("A", 140.7454, 140.7404, 100));
    rows.extend(drive("A", 140.7404, 140.7454, 900));
    // As a file of several polls might have them: mixed, backwards.
    rows.reverse();
    rows.swap(1, 20);
    let (spans, _, code) = room.matched(&csv(&rows));
    assert_eq!(code, 0);
    let vehicles: Vec<&str> = spans
        .iter()
        .map(|span| span["vehicle_id"].as_str().unwrap())
        .collect();
    assert_eq!(vehicles, ["A", "A", "A", "A", "Ｂ車", "Ｂ車"]);
    let directions: Vec<&str> = spans
        .iter()
        .map(|span| span["direction"].as_str().unwrap())
        .collect();
    assert_eq!(
        directions,
        [
            "forward", "backward", "forward", "backward", "forward", "backward"
        ]
    );
    for pair in spans.windows(2) {
        if pair[0]["vehicle_id"] == pair[1]["vehicle_id"] {
            assert!(pair[0]["left_at"].as_str() <= pair[1]["entered_at"].as_str());
        }
    }
    // Rows are counted as they stand in the file.
    let row_of_first = &spans[0]["fixes"][0];
    let entered = spans[0]["entered_at"].as_str().unwrap();
    let row = &rows[row_of_first.as_u64().unwrap() as usize];
    let at: i64 = row.split(',').nth(1).unwrap().parse().unwrap();
    assert_eq!(
        entered,
        jiff::Timestamp::from_second(at).unwrap().to_string()
    );
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let room = Room::new();
    let mut rows = drive("A", 140.7405, 140.7485, 0);
    rows.extend(drive("B", 140.7454, 140.7404, 3));
    room.write("fixes.csv", csv(&rows).as_bytes());
    for format in ["jsonl", "geojson"] {
        let args = [
            "--roads",
            "roads.geojson",
            "--fixes",
            "fixes.csv",
            "--format",
            format,
        ];
        let (once, again) = (room.run(&args), room.run(&args));
        assert!(!once.stdout.is_empty() && once.stdout == again.stdout);
    }
}

#[test]
fn ids_are_the_same_however_the_features_are_ordered() {
    let room = Room::new();
    let rows = csv(&drive("A", 140.7404, 140.7454, 0));
    let (spans, ..) = room.matched(&rows);
    let mut roads: Value = serde_json::from_str(ROADS).unwrap();
    roads["features"].as_array_mut().unwrap().reverse();
    room.write("roads.geojson", roads.to_string().as_bytes());
    let (again, ..) = room.matched(&rows);
    assert_eq!(spans, again);
}

#[test]
fn bad_rows_are_named_and_good_ones_matched() {
    let room = Room::new();
    let mut rows = drive("P-1", 140.7404, 140.7454, 0);
    rows.insert(3, "P-1,yesterday,140.742,40.82,,,1,".to_owned());
    rows.insert(5, "P-1,1768420812,140.742,north,,,1,".to_owned());
    let (spans, errors, code) = room.matched(&csv(&rows));
    assert_eq!(code, 2);
    assert_eq!(roads_of(&spans), [&Value::from("first"), &Value::from(17)]);
    assert_eq!(
        spans[0]["fixes"],
        serde_json::json!([0, 7]),
        "bad rows are counted"
    );
    let said: Vec<&str> = errors.lines().collect();
    assert_eq!(said.len(), 2, "{errors}");
    assert!(
        said[0].starts_with("fixes.csv:5: observed_at: "),
        "{errors}"
    );
    assert!(said[1].starts_with("fixes.csv:7: lat: "), "{errors}");
}

#[test]
fn strict_writes_nothing_when_a_row_is_bad() {
    let room = Room::new();
    let mut rows = drive("P-1", 140.7404, 140.7454, 0);
    rows.push("P-1,1768421000,1400,40.82,,,1,".to_owned());
    room.write("fixes.csv", csv(&rows).as_bytes());
    let base = [
        "--roads",
        "roads.geojson",
        "--fixes",
        "fixes.csv",
        "--strict",
    ];
    let output = room.run(&base);
    assert_eq!((code(&output), output.stdout.len()), (2, 0));
    assert!(
        errors(&output).contains("fixes.csv:13: lon: "),
        "{}",
        errors(&output)
    );
    let output = room.run(&[&base[..], &["--out", "spans.jsonl"]].concat());
    assert_eq!(code(&output), 2);
    assert!(!room.path("spans.jsonl").exists());
    rows.pop();
    room.write("fixes.csv", csv(&rows).as_bytes());
    assert_eq!(code(&room.run(&base)), 0);
}

#[test]
fn out_writes_what_would_be_printed() {
    let room = Room::new();
    room.write(
        "fixes.csv",
        csv(&drive("P-1", 140.7404, 140.7454, 0)).as_bytes(),
    );
    let base = ["--roads", "roads.geojson", "--fixes", "fixes.csv"];
    let printed = room.run(&base).stdout;
    let output = room.run(&[&base[..], &["--out", "spans.jsonl"]].concat());
    assert_eq!((code(&output), output.stdout.len()), (0, 0));
    assert!(!printed.is_empty() && std::fs::read(room.path("spans.jsonl")).unwrap() == printed);
    let output = room.run(&[&base[..], &["--out", "no/such/folder/spans.jsonl"]].concat());
    assert_ne!(code(&output), 0);
    assert!(errors(&output).contains("no/such/folder/spans.jsonl"));
}

#[test]
fn geojson_lines_run_in_the_direction_of_travel() {
    let room = Room::new();
    let mut rows = drive("east", 140.7404, 140.7454, 0);
    rows.extend(drive("west", 140.7454, 140.7404, 0));
    room.write("fixes.csv", csv(&rows).as_bytes());
    let base = ["--roads", "roads.geojson", "--fixes", "fixes.csv"];
    let spans = lines(&room.run(&base));
    let output = room.run(&[&base[..], &["--format", "geojson"]].concat());
    assert_eq!(code(&output), 0);
    let collection: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(collection["type"], "FeatureCollection");
    let features = collection["features"].as_array().unwrap();
    assert_eq!(features.len(), 4);
    for (feature, span) in features.iter().zip(&spans) {
        assert_eq!(feature["type"], "Feature");
        assert_eq!(&feature["properties"], span);
        assert_eq!(feature["geometry"]["type"], "LineString");
        let line = feature["geometry"]["coordinates"].as_array().unwrap();
        let lon = |i: usize| line[i][0].as_f64().unwrap();
        let goes_east = lon(line.len() - 1) > lon(0);
        assert_eq!(goes_east, span["vehicle_id"] == "east");
    }
    room.write("fixes.csv", HEADER.as_bytes());
    let empty = room.run(&[&base[..], &["--format", "geojson"]].concat());
    let collection: Value = serde_json::from_slice(&empty.stdout).unwrap();
    assert_eq!(
        (code(&empty), &collection["features"]),
        (0, &serde_json::json!([]))
    );
}

#[test]
fn one_ways_are_honoured() {
    let room = Room::new();
    // The third street may only be driven to the west, its line runs to the east.
    let (spans, ..) = room.matched(&csv(&drive("P-1", 140.7485, 140.7465, 0)));
    assert_eq!(roads_of(&spans), [3]);
    assert_eq!(spans[0]["direction"], "backward");
}

#[test]
fn files_as_spreadsheets_write_them() {
    let room = Room::new();
    let rows = drive("P-1", 140.7404, 140.7454, 0);
    let (plain, ..) = room.matched(&csv(&rows));
    let windows = format!("\u{feff}{}", csv(&rows).replace('\n', "\r\n"));
    let (spans, errors, code) = room.matched(&windows);
    assert_eq!((code, errors.as_str()), (0, ""));
    assert_eq!(spans, plain);
    // Columns in another order, one more of them, times in RFC 3339 with a zone.
    let mut other = "lat,note,lon,working,vehicle_id,observed_at\n".to_owned();
    for row in &rows {
        let fields: Vec<&str> = row.split(',').collect();
        let at = jiff::Timestamp::from_second(fields[1].parse().unwrap()).unwrap();
        let zoned = at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(9)));
        let at = zoned.strftime("%Y-%m-%dT%H:%M:%S%:z");
        other += &format!("{},\"雪, 強\",{},1,P-1,{at}\n", fields[3], fields[2]);
    }
    let (spans, errors, code) = room.matched(&other);
    assert_eq!((code, errors.as_str()), (0, ""));
    assert_eq!(spans, plain);
}

#[test]
fn of_two_rows_at_one_time_the_first_counts() {
    let room = Room::new();
    let rows = drive("P-1", 140.7404, 140.7454, 0);
    let (once, ..) = room.matched(&csv(&rows));
    let mut twice = rows.clone();
    twice.push(rows[4].replace("40.82002", "40.82090"));
    let (spans, _, code) = room.matched(&csv(&twice));
    assert_eq!((code, spans), (0, once));
}

#[test]
fn work_is_what_the_row_says() {
    let room = Room::new();
    let bare = "vehicle_id,observed_at,lon,lat\n\
                a,1768420800,140.7405,40.82\na,1768420810,140.7415,40.82\n";
    let (spans, ..) = room.matched(bare);
    assert_eq!(spans[0]["work_kind"], Value::Null, "unknown, not idle");
    for (working, kind, expected) in [
        ("0", "", "transit"),
        ("1", "", "plowing"),
        ("1", "grading", "grading"),
        ("", "deicing", "deicing"),
        ("0", "grading", "transit"),
    ] {
        let rows = [(0, 140.7405), (10, 140.7415)]
            .map(|(s, lon)| format!("a,{},{lon},40.82,,,{working},{kind}", 1_768_420_800 + s));
        let (spans, ..) = room.matched(&csv(&rows));
        assert_eq!(spans[0]["work_kind"], expected, "{working} {kind}");
    }
}

#[test]
fn a_file_that_is_no_table_of_fixes_is_refused() {
    let room = Room::new();
    let (spans, errors, code) = room.matched(HEADER);
    assert_eq!(
        (spans.len(), errors.as_str(), code),
        (0, "", 0),
        "header only"
    );
    let cases = [
        ("", "fixes.csv:1: vehicle_id: "),
        ("vehicle_id,observed_at,lat\nx,0,1\n", "fixes.csv:1: lon: "),
        ("P-1,1768420800,140.74,40.82\n", "fixes.csv:1: vehicle_id: "),
    ];
    for (text, expected) in cases {
        let (spans, errors, code) = room.matched(text);
        assert_eq!((spans.len(), code), (0, 2), "{text:?}");
        assert!(errors.starts_with(expected), "{text:?}: {errors}");
    }
    let output = room.run(&["--roads", "roads.geojson", "--fixes", "none.csv"]);
    assert_eq!(code_and_first_word(&output), (2, "none.csv:".to_owned()));
}

#[test]
fn a_road_file_that_can_not_be_used_is_named() {
    let room = Room::new();
    room.write("fixes.csv", HEADER.as_bytes());
    room.write("broken.geojson", b"{\"type\":\"FeatureColl");
    room.write("empty.osm", b"<osm version=\"0.6\"></osm>");
    room.write("roads.txt", b"one road");
    for roads in ["none.osm", "broken.geojson", "empty.osm", "roads.txt"] {
        let output = room.run(&["--roads", roads, "--fixes", "fixes.csv"]);
        assert_eq!(code_and_first_word(&output), (2, format!("{roads}:")));
        assert!(output.stdout.is_empty());
    }
}

fn code_and_first_word(output: &Output) -> (i32, String) {
    let errors = errors(output);
    let word = errors.split_whitespace().next().unwrap_or_default();
    (code(output), word.to_owned())
}

#[test]
fn nothing_is_left_in_the_folder() {
    let room = Room::new();
    room.matched(&csv(&drive("P-1", 140.7404, 140.7454, 0)));
    let mut names: Vec<String> = std::fs::read_dir(room.folder.path() as &Path)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["fixes.csv", "roads.geojson", "roads.osm"]);
}

#[test]
fn refused_roads_are_named_with_their_line_and_the_rest_is_matched_on() {
    let room = Room::new();
    let rows = csv(&drive("P-1", 140.7404, 140.7454, 0));
    let bad = "{\"type\":\"Feature\",\"id\":\"p\",\"properties\":{},\
               \"geometry\":{\"type\":\"Point\",\"coordinates\":[140.7,40.8]}},\n";
    let second = ROADS
        .find("{\"type\":\"Feature\",\"properties\":{\"id\":17")
        .unwrap();
    let roads = format!("{}{bad}{}", &ROADS[..second], &ROADS[second..]);
    room.write("roads.geojson", roads.as_bytes());
    let (spans, errors, code) = room.matched(&rows);
    assert_eq!(code, 2);
    assert_eq!(roads_of(&spans), [&Value::from("first"), &Value::from(17)]);
    assert!(
        errors.starts_with("roads.geojson:3: geometry: "),
        "{errors}"
    );
    let strict = [
        "--roads",
        "roads.geojson",
        "--fixes",
        "fixes.csv",
        "--strict",
    ];
    let output = room.run(&strict);
    assert_eq!((self::code(&output), output.stdout.len()), (2, 0));
    // A way whose nodes are not in the file.
    let lost = "  <way id=\"4713\"><nd ref=\"8\"/><nd ref=\"9\"/><tag k=\"highway\" v=\"residential\"/></way>\n</osm>";
    room.write("roads.osm", OSM.replace("</osm>", lost).as_bytes());
    let output = room.run(&["--roads", "roads.osm", "--fixes", "fixes.csv"]);
    assert_eq!(self::code(&output), 2);
    assert!(!output.stdout.is_empty());
    let said = self::errors(&output);
    assert!(said.starts_with("roads.osm:9: nd: "), "{said}");
}

#[test]
fn who_is_nowhere_near_a_road_is_told() {
    let room = Room::new();
    let mut rows = drive("near", 140.7404, 140.7454, 0);
    rows.extend(drive("far", 141.7404, 141.7454, 0));
    let (spans, errors, code) = room.matched(&csv(&rows));
    assert_eq!(code, 0);
    assert!(spans.iter().all(|span| span["vehicle_id"] == "near"));
    assert_eq!(errors.lines().count(), 1, "{errors}");
    assert!(
        errors.contains("far: 11 of 11 fixes have no road"),
        "{errors}"
    );
}

//! `yukimichi feeds check`, through the real binary, on files in a folder.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Output};

const CONFIG: &str = r#"
[[manager]]
code = "02000"
level = "prefectural"
name = { ja = "青森県", en = "Aomori Prefecture" }
[[feed]]
id = "plows"
manager = "02000"
format = "plow_csv"
path = "drop-plows"
every = "5m"
[feed.plow_csv]
vehicle_id = "車両"
observed_at = "日時"
lon = "経度"
lat = "緯度"
work = "作業"
datum = "tokyo"
[[feed]]
id = "logs"
manager = "02000"
format = "work_log_csv"
path = "drop-logs"
every = "1h"
[feed.work_log_csv]
route = "路線"
km_range = "距離標"
started_at = "開始"
ended_at = "終了"
work = "作業"
vehicle = "グレーダ1"
"#;

fn check(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_yukimichi"))
        .args(["feeds", "check"])
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap()
}

/// Half an hour before now, as the managers write it. The command asks the clock itself.
fn lately(form: &str) -> String {
    let now = jiff::Zoned::now().with_time_zone(jiff::tz::TimeZone::get("Asia/Tokyo").unwrap());
    now.checked_sub(jiff::SignedDuration::from_mins(30))
        .unwrap()
        .strftime(form)
        .to_string()
}

fn room() -> tempfile::TempDir {
    let room = tempfile::tempdir().unwrap();
    std::fs::write(room.path().join("yukimichi.toml"), CONFIG).unwrap();
    for folder in ["drop-plows", "drop-logs"] {
        std::fs::create_dir(room.path().join(folder)).unwrap();
    }
    let at = lately("%Y年%-m月%-d日 %-H時%-M分");
    let rows = format!(
        "車両,日時,経度,緯度,作業\n除雪7号,{at},140.7,40.8,新雪除雪\n除雪8号,昨夜,140.7,40.8,回送\n"
    );
    std::fs::write(room.path().join("drop-plows/gps.csv"), rows).unwrap();
    let at = lately("%Y/%-m/%-d %-H:%M");
    let rows = format!("路線,距離標,開始,終了,作業\n国道７号,12k300～15k000,{at},{at},拡幅除雪\n");
    std::fs::write(room.path().join("drop-logs/nippo.csv"), rows).unwrap();
    room
}

#[test]
fn what_was_understood_is_printed_as_a_table() {
    let room = room();
    let output = check(room.path(), &[]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let line = |wanted: &[&str]| {
        assert!(
            text.lines()
                .any(|line| wanted.iter().all(|word| line.contains(word))),
            "no line with {wanted:?} in:\n{text}"
        );
    };
    line(&["fixes: 1, 1 of them unique"]);
    line(&["vehicle_id", "observed_at", "lon", "heading_deg", "work"]);
    line(&["除雪7号", &lately("%Y-%m-%d"), "140.696", "plowing"]);
    line(&["note:", "Tokyo Datum", "10 m"]);
    line(&["rejected: 1"]);
    line(&["3", "observed_at", "昨夜", "not a time"]);
    line(&["work log: 1"]);
    line(&["国道7号 km 12.300–15.000", "widening", "both", "グレーダ1"]);
    assert!(
        room.path().join("drop-plows/gps.csv").exists(),
        "a check leaves the files alone"
    );
}

#[test]
fn one_feed_can_be_asked_for_and_a_broken_one_fails() {
    let room = room();
    std::fs::write(room.path().join("drop-plows/gps.csv"), "車両,日時\n").unwrap();
    let output = check(room.path(), &["--feed", "plows"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text.contains("FAILED") && text.contains("経度") && !text.contains("work log"),
        "{text}"
    );
    let output = check(room.path(), &["--feed", "nobody"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("nobody"));
}

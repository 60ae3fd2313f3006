//! A record that was not understood is kept, and understood once the configuration is mended.
#![allow(clippy::unwrap_used)]

mod support;

use support::{Server, run, text, until};

fn config(work_values: &str) -> String {
    format!(
        r#"
[http]
listen = "127.0.0.1:0"
[[manager]]
code = "02201"
level = "municipal"
name = {{ ja = "青森市", en = "Aomori City" }}
[[feed]]
id = "drop"
manager = "02201"
format = "plow_json"
path = "drop"
every = "1s"
[feed.plow_json]
items = ""
vehicle_id = "/v"
observed_at = "/t"
lon = "/x"
lat = "/y"
work = "/w"
work_values = {{ {work_values} }}
"#
    )
}

#[test]
fn rejections_are_resolved_by_a_mended_configuration_and_only_once() {
    let folder = support::folder();
    let data_dir = folder.path();
    let configure = |values: &str| {
        std::fs::write(data_dir.join("yukimichi.toml"), config(values)).unwrap();
    };
    configure("\"1\" = \"plowing\"");
    std::fs::create_dir(data_dir.join("drop")).unwrap();
    let at = jiff::Timestamp::now().as_second() - 60;
    let row = |second: i64, work: &str| {
        format!(
            r#"{{"v":"7","t":{},"x":140.6,"y":40.7,"w":"{work}"}}"#,
            at + second
        )
    };
    let rows = [row(0, "1"), row(5, "除雪"), row(10, "?")].join(",");
    std::fs::write(data_dir.join("drop/a.json"), format!("[{rows}]")).unwrap();

    let server = Server::start(data_dir, &["run"]);
    let feed = until("the file", || {
        let feed = server.json("/api/v1/feeds")["items"][0].clone();
        (feed["facts_total"] == 1).then_some(feed)
    });
    assert_eq!(feed["rejected_total"], 2);
    assert!(server.stop().success());

    configure("\"1\" = \"plowing\", \"除雪\" = \"plowing\"");
    for said in [
        "1 payloads decoded again: 1 new facts, 1 rejections resolved, 1 still rejected",
        "1 payloads decoded again: 0 new facts, 0 rejections resolved, 1 still rejected",
    ] {
        let done = run(data_dir, &["replay", "--feed", "drop"]);
        assert!(done.status.success(), "{}", text(&done.stderr));
        assert!(text(&done.stdout).contains(said), "{}", text(&done.stdout));
    }
    let count = |args: &[&str]| text(&run(data_dir, args).stdout).lines().count();
    assert_eq!(count(&["feeds", "rejected"]), 1);
    assert_eq!(count(&["feeds", "rejected", "--all"]), 2);
    let none = run(data_dir, &["replay", "--feed", "other"]);
    assert!(text(&none.stderr).contains("\"other\""));
}

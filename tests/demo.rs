//! The whole way, walked by the real binary: feeds, matching, status, HTTP, and being killed.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use serde_json::Value;
use std::collections::HashMap;
use support::{Server, run, text, until};

/// Everything: the town lies within.
const EVERYWHERE: &str = "/api/v1/segments?limit=5000&bbox=-180,-90,180,90";

/// When each direction of each segment was last cleared.
fn cleared(server: &Server) -> HashMap<(u64, &'static str), String> {
    let answer = server.json(EVERYWHERE);
    let mut found = HashMap::new();
    for feature in answer["features"].as_array().unwrap() {
        let id = feature["id"].as_u64().unwrap();
        for key in ["cleared_forward_at", "cleared_backward_at"] {
            if let Value::String(at) = &feature["properties"][key] {
                found.insert((id, key), at.clone());
            }
        }
    }
    found
}

fn fixes_total(server: &Server) -> i64 {
    let feeds = server.json("/api/v1/feeds");
    let items = feeds["items"].as_array().unwrap();
    items
        .iter()
        .map(|f| f["fixes_total"].as_i64().unwrap())
        .sum()
}

fn wait_for_colour(server: &Server, segments: usize) -> HashMap<(u64, &'static str), String> {
    until("colour", || {
        let cleared = cleared(server);
        (cleared.len() >= segments).then_some(cleared)
    })
}

/// The stuck gauge fails, the good ones pass, and segments know their snow.
fn bad_gauges_are_found_out(server: &Server) {
    until("flags of gauges", || {
        let list = server.json("/api/v1/stations");
        let flag = |gauge: &str| {
            let features = list["features"].as_array().unwrap();
            let station = features
                .iter()
                .find(|f| f["properties"]["station"] == gauge)?;
            Some(station["properties"]["newest"]["flag"].as_str()?.to_owned())
        };
        let flags = ["G-1", "G-2", "G-3", "G-4"].map(|gauge| flag(gauge).unwrap_or_default());
        (flags == ["pass", "pass", "pass", "fail"]).then_some(())
    });
    let stuck = server.json("/api/v1/stations/prefecture-gauges/G-4");
    let reason = stuck["quantities"][0]["newest"]["reason"].as_str().unwrap();
    assert!(reason.contains("flat at 41 cm"), "{reason}");
    let segment = server.json(EVERYWHERE)["features"][0]["id"].clone();
    let snow = until("a field", || {
        let snow = server.json(&format!("/api/v1/segments/{segment}"))["snow"].clone();
        snow["snowfall_24h"]["cm"].is_number().then_some(snow)
    });
    let fallen = &snow["snowfall_24h"];
    assert!(fallen["cm"].as_f64().unwrap() > 5.0, "{snow}");
    assert!(fallen["stations"].as_u64().unwrap() >= 3, "{snow}");
}

#[test]
fn a_night_survives_being_killed_and_comes_out_the_same_when_rebuilt() {
    let folder = support::folder();
    let data_dir = folder.path();
    let args = ["demo", "--port", "0", "--seed", "7", "--speed", "20"];

    let first = Server::start(data_dir, &args);
    let before = wait_for_colour(&first, 40);
    let fixes_before = fixes_total(&first);
    assert!(fixes_before > 0);
    let feeds = first.json("/api/v1/feeds");
    assert_eq!(feeds["simulated"], true);
    assert_eq!(feeds["items"].as_array().unwrap().len(), 5);
    bad_gauges_are_found_out(&first);

    // Others are told who is there, and those that may join do.
    let second = run(data_dir, &args);
    assert!(!second.status.success());
    let said = text(&second.stderr);
    assert!(said.contains("another yukimichi demo (pid "), "{said}");
    let listed = run(data_dir, &["roads", "list"]);
    assert!(listed.status.success(), "{}", text(&listed.stderr));
    assert!(text(&listed.stdout).contains("simulated-town.osm"));
    let refused = run(data_dir, &["rebuild"]);
    assert!(
        text(&refused.stderr).contains("stop it first"),
        "{}",
        text(&refused.stderr)
    );
    let mixed = run(data_dir, &["run"]);
    assert!(
        text(&mixed.stderr).contains("simulated data"),
        "{}",
        text(&mixed.stderr)
    );

    first.kill();
    let again = Server::start(data_dir, &args);
    assert!(
        fixes_total(&again) >= fixes_before,
        "acknowledged fixes are still there"
    );
    let after = cleared(&again);
    for (key, at) in &before {
        let now = after
            .get(key)
            .unwrap_or_else(|| panic!("{key:?} lost its colour"));
        assert!(now >= at, "{key:?} went back from {at} to {now}");
    }
    // It goes on, too.
    until("new fixes", || {
        (fixes_total(&again) > fixes_before).then_some(())
    });
    assert!(again.stop().success());

    let rebuilt = run(data_dir, &["rebuild"]);
    let said = text(&rebuilt.stdout);
    assert!(rebuilt.status.success(), "{}", text(&rebuilt.stderr));
    for what in ["passes", "segments' status"] {
        let line = said.lines().find(|l| l.starts_with(what)).unwrap();
        assert!(line.ends_with("0 are new or others, 0 are gone"), "{line}");
        assert!(!line.contains(": 0 rebuilt"), "{line}");
    }

    let other_night = run(data_dir, &["demo", "--port", "0", "--seed", "8"]);
    assert!(text(&other_night.stderr).contains("holds the demo of seed 7"));
}

#[test]
fn real_roads_are_swapped_in_beside_a_running_server_and_never_mixed_with_the_demo() {
    let folder = support::folder();
    let data_dir = folder.path();
    std::fs::write(
        data_dir.join("yukimichi.toml"),
        "[http]\nlisten = \"127.0.0.1:0\"\n",
    )
    .unwrap();
    let line = |id: u32, from: f64, to: f64| {
        format!(
            r#"{{"type":"Feature","id":{id},"properties":{{"highway":"primary","name":"県道{id}号"}},
               "geometry":{{"type":"LineString","coordinates":[[{from},40.7],[{to},40.7]]}}}}"#
        )
    };
    let collection = |lines: &[String]| {
        format!(
            r#"{{"type":"FeatureCollection","features":[{}]}}"#,
            lines.join(",")
        )
    };
    let server = Server::start(data_dir, &["run"]);
    assert_eq!(server.get("/readyz").status, 503, "no network yet");
    assert_eq!(server.get("/livez").status, 200);

    let roads = data_dir.join("roads.geojson");
    let roads_arg = roads.to_str().unwrap();
    std::fs::write(&roads, collection(&[line(1, 140.60, 140.61)])).unwrap();
    let imported = run(
        data_dir,
        &["roads", "import", roads_arg, "--attribution", "雪道県"],
    );
    assert!(imported.status.success(), "{}", text(&imported.stderr));
    assert!(text(&imported.stdout).contains("became 1 segments"));
    let ids = |server: &Server| -> Vec<u64> {
        let answer = server.json(EVERYWHERE);
        let features = answer["features"].as_array().unwrap().clone();
        features.iter().map(|f| f["id"].as_u64().unwrap()).collect()
    };
    let first = until("the first network", || {
        let ids = ids(&server);
        (ids.len() == 1).then_some(ids)
    });

    std::fs::write(
        &roads,
        collection(&[line(1, 140.60, 140.61), line(2, 140.61, 140.62)]),
    )
    .unwrap();
    assert!(
        run(data_dir, &["roads", "import", roads_arg])
            .status
            .success()
    );
    let second = until("the second network", || {
        let ids = ids(&server);
        (ids.len() == 2).then_some(ids)
    });
    assert!(
        second.contains(&first[0]),
        "the unchanged segment keeps its id"
    );
    assert_eq!(server.get("/readyz").status, 200);

    // A bad file is named and changes nothing.
    let bad = data_dir.join("bad.osm.pbf");
    std::fs::write(&bad, b"<html>moved</html>").unwrap();
    let refused = run(data_dir, &["roads", "import", bad.to_str().unwrap()]);
    assert!(!refused.status.success());
    assert!(
        text(&refused.stderr).contains("bad.osm.pbf"),
        "{}",
        text(&refused.stderr)
    );
    assert_eq!(ids(&server), second);

    let demo = run(data_dir, &["demo", "--port", "0"]);
    assert!(
        text(&demo.stderr).contains("another yukimichi run"),
        "{}",
        text(&demo.stderr)
    );
    assert!(server.stop().success());
    let demo = run(data_dir, &["demo", "--port", "0"]);
    assert!(
        text(&demo.stderr).contains("holds real data"),
        "{}",
        text(&demo.stderr)
    );
}

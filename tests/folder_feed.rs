//! Files dropped into a folder, taken by the real binary; and a feed that nobody serves.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use serde_json::Value;
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use support::{Server, until};

fn row(vehicle: &str) -> String {
    let at = jiff::Timestamp::now()
        .in_tz("Asia/Tokyo")
        .unwrap()
        .strftime("%Y/%m/%d %H:%M:%S")
        .to_string();
    format!("車両,日時,経度,緯度\n{vehicle},{at},140.74,40.82\n")
}

fn listing(path: &Path) -> Vec<String> {
    let entries = fs::read_dir(path).into_iter().flatten();
    let mut names: Vec<String> = entries
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn feed(server: &Server, id: &str) -> Value {
    let feeds = server.json("/api/v1/feeds");
    let items = feeds["items"].as_array().unwrap();
    items.iter().find(|f| f["id"] == id).unwrap().clone()
}

#[test]
fn dropped_files_are_taken_once_and_a_dead_server_opens_the_circuit() {
    let folder = support::folder();
    let drop = folder.path().join("drop");
    fs::create_dir(&drop).unwrap();
    let config = folder.path().join("yukimichi.toml");
    // Nobody listens on a port that was just given back.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = nobody.local_addr().unwrap();
    std::mem::drop(nobody);
    let text = format!(
        r#"
[http]
listen = "127.0.0.1:0"
[[manager]]
code = "02201"
level = "municipal"
name = {{ ja = "青森市", en = "Aomori City" }}
[[feed]]
id = "dropped"
manager = "02201"
format = "plow_csv"
path = "{}"
every = "10m"
max_bytes = 4000
[feed.plow_csv]
vehicle_id = "車両"
observed_at = "日時"
lon = "経度"
lat = "緯度"
[[feed]]
id = "dead"
manager = "02201"
format = "plow_gpx"
url = "http://{address}/"
every = "1s"
allow_private_address = true
"#,
        drop.display()
    );
    fs::write(&config, text).unwrap();
    let row_one = row("一号");
    let (cp932, _, _) = encoding_rs::SHIFT_JIS.encode(&row_one);
    fs::write(drop.join("a.csv"), &cp932).unwrap();
    fs::write(drop.join("b.csv"), "これは表ではない\n").unwrap();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for name in ["二号", "三号"] {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(format!("{name}.csv"), options).unwrap();
        zip.write_all(row(name).as_bytes()).unwrap();
    }
    fs::write(drop.join("c.zip"), zip.finish().unwrap().into_inner()).unwrap();
    fs::write(drop.join("d.csv.part"), row("四号")).unwrap();

    let server = Server::start(
        folder.path(),
        &["run", "--config", config.to_str().unwrap()],
    );
    until("three fixes and two files done", || {
        let done = listing(&drop.join("done")) == ["a.csv", "c.zip"];
        (done && feed(&server, "dropped")["fixes_total"] == 3).then_some(())
    });
    let failed = until("the file that can't be read", || {
        let failed = listing(&drop.join("failed"));
        (failed.len() == 2).then_some(failed)
    });
    assert_eq!(failed, ["b.csv", "b.csv.reason.txt"]);
    let reason = fs::read_to_string(drop.join("failed/b.csv.reason.txt")).unwrap();
    assert!(reason.contains("車両"), "{reason}");

    // What is still being written is left alone until it has its name.
    assert!(drop.join("d.csv.part").exists());
    fs::rename(drop.join("d.csv.part"), drop.join("d.csv")).unwrap();
    // A file that comes again is moved away, and says nothing new.
    fs::write(drop.join("a.csv"), &cp932).unwrap();
    until("the finished file", || {
        let done = listing(&drop.join("done"));
        (done == ["a-2.csv", "a.csv", "c.zip", "d.csv"]).then_some(())
    });
    until("the fourth fix", || {
        (feed(&server, "dropped")["fixes_total"] == 4).then_some(())
    });

    // One beyond the limit is moved away, and stands in quarantine by its name.
    fs::write(drop.join("big.csv"), " ".repeat(4001)).unwrap();
    until("the file that is too large", || {
        listing(&drop.join("failed"))
            .contains(&"big.csv".to_owned())
            .then_some(())
    });
    until("its quarantine", || {
        let listed = support::run(folder.path(), &["feeds", "rejected", "--feed", "dropped"]);
        let listed = support::text(&listed.stdout);
        listed
            .lines()
            .any(|line| line.contains("larger than 4000 bytes") && line.ends_with("big.csv"))
            .then_some(())
    });

    let error = until("an open circuit", || {
        let error = feed(&server, "dead")["last_error"].as_str()?.to_owned();
        error.contains("left alone until").then_some(error)
    });
    assert!(error.contains("failed 5 times in a row"), "{error}");
    let circuit = feed(&server, "dead")["circuit"].clone();
    assert_ne!(circuit["state"], "closed", "{circuit}");
    assert_eq!(circuit["trial_every_s"], 10.0, "ten intervals");
    assert!(server.stop().success());
}

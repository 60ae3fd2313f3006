//! `yukimichi snow validate` and `snow days`, on real tables of Japan where they are at hand.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::path::PathBuf;
use support::{folder, run, text};

/// A file of JMA's; `None`, and a loud word, where the data of others is absent.
fn jma(name: &str) -> Option<PathBuf> {
    let shared = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/jma");
    let path = PathBuf::from(shared).join(name);
    if path.exists() {
        return Some(path);
    }
    // Past the test harness, which keeps what is printed to itself.
    let _ = std::io::Write::write_fmt(
        &mut std::io::stderr(),
        format_args!("SKIPPED: {} is absent\n", path.display()),
    );
    None
}

#[test]
fn the_field_is_better_than_the_nearest_station_on_jmas_real_network() {
    let (Some(map), Some(table)) = (
        jma("amedas_map_20250628180000.json"),
        jma("amedastable.json"),
    ) else {
        return;
    };
    let folder = folder();
    let (map, table) = (map.to_str().unwrap(), table.to_str().unwrap());
    let validate = |quantity: &str| {
        let files = ["--map", map, "--stations", table];
        let command = [&["snow", "validate", "--quantity", quantity][..], &files].concat();
        run(folder.path(), &command)
    };
    for quantity in [
        "temperature_c",
        "precipitation_24h_mm",
        "wind_speed_m_per_s",
    ] {
        let done = validate(quantity);
        let said = text(&done.stdout);
        assert!(done.status.success(), "{}", text(&done.stderr));
        let last = said.lines().last().unwrap();
        let percent: f64 = last
            .trim_start_matches("RMS error ")
            .split(' ')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        assert!(percent < -10.0, "{quantity}: {said}");
    }
    // Off season no gauge tells a depth, and none is made of it.
    let done = validate("depth_cm");
    assert!(!done.status.success());
    let said = text(&done.stderr);
    assert!(
        said.contains("0 stations with a place tell a depth_cm"),
        "{said}"
    );
    assert!(said.contains("temperature_c by 9"), "{said}");
    let done = validate("snow");
    assert!(text(&done.stderr).contains("--quantity \"snow\" is none of depth_cm"));
}

#[test]
fn days_of_fifty_winters_are_counted_and_missing_ones_are_unknown() {
    let Some(csv) = jma("sukayu_daily_1976_2025.csv") else {
        return;
    };
    let folder = folder();
    let done = run(
        folder.path(),
        &["snow", "days", "--csv", csv.to_str().unwrap()],
    );
    let said = text(&done.stdout);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let winters: Vec<Vec<&str>> = said
        .lines()
        .filter(|line| line.starts_with("| 19") || line.starts_with("| 20"))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    assert_eq!(winters.len(), 51, "{said}");
    let winter = |name: &str| winters.iter().find(|w| w[1] == name).unwrap().clone();
    // No gauge stood there before 1979, and nothing is made of that.
    let before = winter("1977/78");
    assert_eq!(
        (before[2], before[3], before[5]),
        ("0", "0", "181"),
        "{before:?}"
    );
    // The record of 566 cm.
    assert_eq!(winter("2012/13")[8], "566");
    let told: u32 = winters.iter().map(|w| w[2].parse::<u32>().unwrap()).sum();
    let raised: u32 = winters.iter().map(|w| w[3].parse::<u32>().unwrap()).sum();
    assert!(
        told > 10_000 && raised > 1000 && raised < told / 3,
        "{told} {raised}"
    );
}

#[test]
fn a_small_table_is_counted_and_a_bad_one_is_refused() {
    let folder = folder();
    let file = folder.path().join("days.csv");
    std::fs::write(
        &file,
        "day,fell,lay\n2026-01-10 12:00,12,40\n2026-01-11 12:00,,55\n2026-01-12 12:00,-999,56\n\
         2026-01-13 12:00,4,400000\n2026-01-14 12:00,x,57\n",
    )
    .unwrap();
    let path = file.to_str().unwrap();
    let columns = [
        "--time-column",
        "day",
        "--snowfall-column",
        "fell",
        "--depth-column",
        "lay",
    ];
    let command = [&["snow", "days", "--csv", path][..], &columns].concat();
    let done = run(folder.path(), &command);
    let said = text(&done.stdout);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let last = said.lines().last().unwrap();
    assert!(
        last.starts_with(
            "10 cm in a day: raised on 1 of 2 days told, and on 1 by the depth alone; 2 days from \
             November to April are unknown, 1 doubted; 1 records rejected"
        ),
        "{said}"
    );
    let done = run(folder.path(), &["snow", "days", "--csv", path]);
    assert!(!done.status.success());
    assert!(text(&done.stderr).contains("days.csv: column \"snowfall\""));
}

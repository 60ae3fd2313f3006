//! The walls of the house (design §3): dependencies are a star, and each outside crate has its room.
//!
//! The rules are functions of manifests and sources, so that they are shown to fail on bad ones.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const ROOMS: [&str; 5] = ["domain", "ingest", "store", "tiles", "dispatch"];

/// Workspace members that measure the product and are no part of it; nothing may depend on them.
const BENCHES: [&str; 1] = ["benches/match"];

/// Crates that only some rooms may name.
const OUTSIDE: [(&str, &[&str]); 9] = [
    ("sqlx", &["store"]),
    ("geozero", &["store"]),
    ("axum", &["src"]),
    ("tower-http", &["src"]),
    ("anyhow", &["src"]),
    ("mvt", &["tiles"]),
    ("reqwest", &["ingest", "dispatch"]),
    ("osmpbf", &["ingest"]),
    ("tokio", &["src", "ingest", "store", "dispatch"]),
];

/// What a room's sources must never name.
const NEVER: [(&str, &[&str]); 6] = [
    (
        "domain",
        &[
            "::now()",
            "std::fs",
            "std::net",
            "std::env",
            "async fn",
            "Instant",
            "SystemTime",
        ],
    ),
    (
        "tiles",
        &[
            "::now()",
            "std::fs",
            "std::net",
            "async fn",
            "Instant",
            "SystemTime",
        ],
    ),
    ("ingest", &["::now()", "sqlx", "RoadNetwork"]),
    ("store", &["axum", "reqwest", "http::"]),
    ("dispatch", &["::now()", "sqlx", "SELECT ", "FeedFormat"]),
    ("src", &["sqlx::query", "SELECT ", "INSERT INTO", "UPDATE "]),
];

const BANNED_NAMES: [&str; 4] = ["utils", "common", "manager", "types"];
const LONGEST_FILE: usize = 400;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Names of a manifest's dependencies in the given tables.
fn dependencies(manifest: &str, tables: &[&str]) -> BTreeSet<String> {
    let manifest: toml::Table = manifest.parse().expect("a manifest");
    tables
        .iter()
        .filter_map(|table| manifest.get(*table)?.as_table())
        .flat_map(|table| table.keys().cloned())
        .collect()
}

/// Edges that a room's manifest must not have.
fn violations(room: &str, manifest: &str) -> Vec<String> {
    let allowed: &[&str] = match room {
        "src" => &ROOMS,
        "domain" => &[],
        _ => &["domain"],
    };
    let built = dependencies(manifest, &["dependencies", "build-dependencies"]);
    let all = dependencies(
        manifest,
        &["dependencies", "build-dependencies", "dev-dependencies"],
    );
    let inner = all
        .iter()
        .filter(|name| ROOMS.contains(&name.as_str()) && !allowed.contains(&name.as_str()))
        .map(|name| format!("{room} -> {name}"));
    let outer = OUTSIDE
        .iter()
        .filter(|(name, rooms)| built.contains(*name) && !rooms.contains(&room))
        .map(|(name, _)| format!("{room} -> {name}"));
    inner.chain(outer).collect()
}

/// Words that a room's source must not hold; test modules may.
fn forbidden_words(room: &str, source: &str) -> Vec<&'static str> {
    let code: String = source
        .split("#[cfg(test)]")
        .next()
        .unwrap_or_default()
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    NEVER
        .iter()
        .filter(|(r, _)| *r == room)
        .flat_map(|(_, words)| words.iter().copied())
        .filter(|word| code.contains(word))
        .collect()
}

fn manifest_of(room: &str) -> String {
    let path = match room {
        "src" => root().join("Cargo.toml"),
        _ => root().join(room).join("Cargo.toml"),
    };
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found
}

fn room_folder(room: &str) -> PathBuf {
    match room {
        "src" => root().join("src"),
        _ => root().join(room).join("src"),
    }
}

#[test]
fn dependencies_are_a_star_and_outside_crates_stay_in_their_rooms() {
    let found: Vec<String> = ["src"]
        .iter()
        .chain(&ROOMS)
        .flat_map(|room| violations(room, &manifest_of(room)))
        .collect();
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn a_forbidden_edge_is_found() {
    let cases = [
        (
            "tiles",
            "[dependencies]\nstore.workspace = true",
            "tiles -> store",
        ),
        ("domain", "[dependencies]\ntokio = \"1\"", "domain -> tokio"),
        (
            "domain",
            "[dev-dependencies]\ningest.workspace = true",
            "domain -> ingest",
        ),
        ("src", "[dependencies]\nsqlx = \"0.9\"", "src -> sqlx"),
        (
            "ingest",
            "[build-dependencies]\naxum = \"0.8\"",
            "ingest -> axum",
        ),
        (
            "store",
            "[dependencies.reqwest]\nversion = \"0.13\"",
            "store -> reqwest",
        ),
        (
            "ingest",
            "[dependencies]\nanyhow = \"1\"",
            "ingest -> anyhow",
        ),
    ];
    for (room, manifest, edge) in cases {
        assert_eq!(violations(room, manifest), [edge]);
    }
}

#[test]
fn every_workspace_member_is_a_known_room() {
    let manifest: toml::Table = manifest_of("src").parse().unwrap();
    let members: Vec<&str> = manifest["workspace"]["members"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|m| m.as_str())
        .collect();
    let known = [&ROOMS[..], &BENCHES].concat();
    assert_eq!(members, known, "a new room needs its rules here");
}

#[test]
fn rooms_do_not_name_what_they_must_never_know() {
    let mut found = Vec::new();
    for room in ["src"].iter().chain(&ROOMS) {
        for path in sources(&room_folder(room)) {
            if path.ends_with("tests.rs") || path.components().any(|c| c.as_os_str() == "tests") {
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            for word in forbidden_words(room, &source) {
                found.push(format!("{}: {word}", path.display()));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn a_forbidden_word_is_found() {
    assert_eq!(
        forbidden_words("domain", "let t = Timestamp::now();"),
        ["::now()"]
    );
    assert_eq!(forbidden_words("src", "query(\"SELECT 1\")"), ["SELECT "]);
    assert_eq!(
        forbidden_words("tiles", "// Instant is for others"),
        Vec::<&str>::new()
    );
}

#[test]
fn unsafe_is_forbidden_and_lints_are_the_workspaces() {
    let workspace: toml::Table = manifest_of("src").parse().unwrap();
    let lint = &workspace["workspace"]["lints"]["rust"]["unsafe_code"];
    assert_eq!(lint.as_str(), Some("forbid"));
    for room in ["src"].iter().chain(&ROOMS) {
        let manifest: toml::Table = manifest_of(room).parse().unwrap();
        assert_eq!(
            manifest["lints"]["workspace"].as_bool(),
            Some(true),
            "{room}"
        );
    }
}

#[test]
fn files_have_telling_names_and_a_readable_length() {
    let mut found = Vec::new();
    for room in ["src"].iter().chain(&ROOMS) {
        for path in sources(&room_folder(room)) {
            let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
            if BANNED_NAMES.contains(&stem.as_str()) {
                found.push(format!("{}: a name that says nothing", path.display()));
            }
            let lines = std::fs::read_to_string(&path).unwrap().lines().count();
            if lines > LONGEST_FILE {
                found.push(format!("{}: {lines} lines", path.display()));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

//! The worked examples of the documentation are configurations that are taken.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::{Path, PathBuf};
use yukimichi::config::Config;

fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut pages: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .flat_map(|path| match path.is_dir() {
            true => pages(&path),
            false => vec![path],
        })
        .filter(|path| path.extension().is_some_and(|e| e == "md"))
        .collect();
    pages.sort();
    pages
}

/// TOML blocks of a page that configure a feed.
fn examples(page: &str) -> impl Iterator<Item = &str> {
    page.split("```toml\n")
        .skip(1)
        .filter_map(|rest| rest.split("\n```").next())
        .filter(|block| block.contains("[feed"))
}

/// The value of a line such as `manager = "02201"`.
fn value<'t>(line: &'t str, key: &str) -> Option<&'t str> {
    let rest = line.strip_prefix(key)?.trim_start().strip_prefix("= \"")?;
    rest.split('"').next()
}

/// The example with the manager and the feed that it leaves out.
fn whole(block: &str) -> String {
    let section = block.lines().find_map(|line| line.strip_prefix("[feed."));
    let format = section.and_then(|s| s.split(['.', ']']).next());
    let block = if block.contains("[[feed]]") {
        block.to_owned()
    } else {
        let format = format.unwrap_or_default();
        format!(
            "[[feed]]\nid = \"example\"\nmanager = \"02201\"\nformat = \"{format}\"\n\
             url = \"https://example.jp/\"\nevery = \"10m\"\n{block}"
        )
    };
    let codes: Vec<&str> = block.lines().filter_map(|l| value(l, "code")).collect();
    let mut missing: Vec<&str> = block.lines().filter_map(|l| value(l, "manager")).collect();
    missing.retain(|code| !codes.contains(code));
    missing.dedup();
    let managers: String = missing
        .iter()
        .map(|code| {
            format!(
                "[[manager]]\ncode = \"{code}\"\nlevel = \"municipal\"\n\
                 name = {{ ja = \"例\", en = \"Example\" }}\n"
            )
        })
        .collect();
    // Other sections of the page's block stand before the first table array.
    match block.find("[[") {
        Some(at) => format!("{}{managers}{}", &block[..at], &block[at..]),
        None => format!("{managers}{block}"),
    }
}

#[test]
fn every_example_is_a_configuration() {
    let mut seen = 0;
    for page in pages(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/docs"))) {
        let text = std::fs::read_to_string(&page).unwrap();
        for block in examples(&text) {
            let name = page.display().to_string();
            if let Err(error) = Config::parse(&whole(block), &name) {
                panic!("{error:#}\n{block}");
            }
            seen += 1;
        }
    }
    assert!(seen >= 10, "{seen} examples are too few to be all");
}

#[test]
fn the_page_on_call_outs_shows_a_configuration_and_a_book_that_are_taken() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/dispatch.md");
    let page = std::fs::read_to_string(page).unwrap();
    let block = |wanted: &str| {
        let mut blocks = page.split("```toml\n").skip(1);
        let block = blocks.find(|block| block.contains(wanted)).unwrap();
        block.split("\n```").next().unwrap().to_owned()
    };
    let config = Config::parse(&block("[dispatch]"), "docs/dispatch.md").unwrap();
    assert!(config.notify.email.is_some() && config.dispatch.public_url.is_some());
    let book = block("[[contractor]]");
    let decoded = ingest::contractors::decode_book("book.toml", book.as_bytes()).unwrap();
    assert_eq!(decoded.refused, []);
    assert_eq!(decoded.book.officers.len(), 1);
}

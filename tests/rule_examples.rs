//! The examples of rules in the documentation are rules that are taken.
#![allow(clippy::unwrap_used)]

use ingest::rules::{DecodedRules, RulesForm, decode_rules};
use std::path::{Path, PathBuf};

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}

fn decode(name: &str, text: &str, form: RulesForm) -> DecodedRules {
    let decoded = decode_rules(text.as_bytes(), form).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert_eq!(decoded.rejections, [], "{name}");
    decoded
}

#[test]
fn every_file_of_the_library_imports() {
    let mut seen = 0;
    for entry in std::fs::read_dir(docs().join("rules")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.display().to_string();
        let form = match path.extension().and_then(|e| e.to_str()) {
            Some("toml") => RulesForm::Toml,
            _ => RulesForm::Table,
        };
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!decode(&name, &text, form).rules.is_empty(), "{name}");
        seen += 1;
    }
    assert!(seen >= 8, "{seen} files are too few to be all");
}

#[test]
fn the_pages_example_imports() {
    let page = std::fs::read_to_string(docs().join("rules.md")).unwrap();
    let blocks = page.split("```toml\n").skip(1);
    let rules: Vec<&str> = blocks.filter_map(|b| b.split("\n```").next()).collect();
    assert_eq!(rules.len(), 1);
    let decoded = decode("docs/rules.md", rules[0], RulesForm::Toml);
    assert_eq!(decoded.rules[0].manager.as_deref(), Some("02201"));
}

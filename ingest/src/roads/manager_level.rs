//! The level of the road manager from Japan's tagging.
//!
//! Source: OSM wiki, *Japan tagging* (ja:Japan tagging/Road types): trunk = 国道, primary and
//! secondary = 都道府県道, motorway = 高速. `operator` says who really keeps the road, which for
//! national roads is often the prefecture (補助国道); so it counts first, then the route
//! relation's `network`, then class and ref.

use super::osm::Tags;
use domain::road_manager::ManagerLevel;

/// The level, or `Unknown`. Class alone speaks only inside Japan.
pub(super) fn manager_level(tags: &Tags, networks: &[String], in_japan: bool) -> ManagerLevel {
    by_operator(tags.get("operator").map(String::as_str))
        .or_else(|| by_network(networks))
        .or_else(|| in_japan.then(|| by_class(tags)).flatten())
        .unwrap_or_default()
}

fn by_operator(operator: Option<&str>) -> Option<ManagerLevel> {
    let operator = operator?.trim();
    let holds = |words: &[&str]| words.iter().any(|word| operator.contains(word));
    if holds(&["高速道路", "NEXCO", "道路公社"]) {
        Some(ManagerLevel::Expressway)
    } else if holds(&[
        "国土交通省",
        "地方整備局",
        "国道事務所",
        "北海道開発局",
        "開発建設部",
    ]) {
        Some(ManagerLevel::National)
    } else if operator.ends_with(['県', '都', '府']) || operator == "北海道" {
        Some(ManagerLevel::Prefectural)
    } else if operator.ends_with(['市', '町', '村', '区']) {
        Some(ManagerLevel::Municipal)
    } else {
        None
    }
}

fn by_network(networks: &[String]) -> Option<ManagerLevel> {
    networks.iter().find_map(|network| {
        let mut parts = network.split(':');
        if parts.next() != Some("JP") {
            return None;
        }
        match parts.next()?.to_lowercase().as_str() {
            "national" | "n" => Some(ManagerLevel::National),
            "prefectural" | "p" => Some(ManagerLevel::Prefectural),
            "municipal" | "city" | "town" | "village" => Some(ManagerLevel::Municipal),
            "e" | "expressway" | "motorway" => Some(ManagerLevel::Expressway),
            _ => None,
        }
    })
}

fn by_class(tags: &Tags) -> Option<ManagerLevel> {
    let class = tags.get("highway")?.trim_end_matches("_link");
    let numbered = tags
        .get("ref")
        .is_some_and(|r| r.chars().any(|c| c.is_ascii_digit()));
    match (class, numbered) {
        ("motorway", _) => Some(ManagerLevel::Expressway),
        ("trunk", true) => Some(ManagerLevel::National),
        ("primary" | "secondary" | "tertiary" | "unclassified", true) => {
            Some(ManagerLevel::Prefectural)
        }
        ("tertiary" | "unclassified" | "residential" | "living_street", false) => {
            Some(ManagerLevel::Municipal)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::type_complexity)]
    fn the_surest_word_counts() {
        use ManagerLevel::{Expressway, Municipal, National, Prefectural, Unknown};
        let cases: &[(&[(&str, &str)], &[&str], bool, ManagerLevel)] = &[
            (&[("highway", "trunk"), ("ref", "7")], &[], true, National),
            (&[("highway", "trunk"), ("ref", "7")], &[], false, Unknown),
            (
                &[("highway", "trunk"), ("ref", "394"), ("operator", "青森県")],
                &[],
                true,
                Prefectural,
            ),
            (
                &[
                    ("highway", "trunk"),
                    ("operator", "国土交通省東北地方整備局"),
                ],
                &[],
                true,
                National,
            ),
            (
                &[("highway", "motorway"), ("operator", "東日本高速道路")],
                &[],
                true,
                Expressway,
            ),
            (&[("highway", "motorway")], &[], true, Expressway),
            (
                &[("highway", "primary"), ("ref", "2")],
                &[],
                true,
                Prefectural,
            ),
            (&[("highway", "primary")], &[], true, Unknown),
            (
                &[("highway", "primary")],
                &["JP:prefectural:aomori"],
                true,
                Prefectural,
            ),
            (
                &[("highway", "primary"), ("ref", "2")],
                &["JP:national"],
                true,
                National,
            ),
            (&[("highway", "tertiary")], &[], true, Municipal),
            (
                &[("highway", "tertiary"), ("ref", "123")],
                &[],
                true,
                Prefectural,
            ),
            (&[("highway", "residential")], &[], true, Municipal),
            (
                &[("highway", "residential"), ("operator", "札幌市")],
                &[],
                true,
                Municipal,
            ),
            (&[("highway", "service")], &[], true, Unknown),
            (&[("highway", "residential")], &[], false, Unknown),
            (&[("highway", "motorway")], &["US:I"], false, Unknown),
        ];
        for (tags, networks, in_japan, expected) in cases {
            let owned: Tags = tags
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect();
            let networks: Vec<String> = networks.iter().map(|n| (*n).to_owned()).collect();
            assert_eq!(
                manager_level(&owned, &networks, *in_japan),
                *expected,
                "{tags:?} {networks:?}"
            );
        }
    }
}

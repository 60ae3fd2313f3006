//! OSM ways to road ways, whatever file they came in.

use super::manager_level::manager_level;
use super::{RoadFileError, broken};
use domain::fix::Rejection;
use domain::geometry::LonLat;
use domain::network::{Joins, NodeKey, Oneway, RoadAttributes, RoadId, RoadSource, SourceWay};
use std::collections::HashMap;

/// Tags of one element.
pub(super) type Tags = HashMap<String, String>;

/// A way with its highway tag.
#[derive(Debug, Default)]
pub(super) struct OsmWay {
    pub id: i64,
    pub nodes: Vec<i64>,
    pub tags: Tags,
}

/// What is read of an OSM file.
#[derive(Debug, Default)]
pub(super) struct OsmData {
    pub ways: Vec<OsmWay>,
    pub places: HashMap<i64, LonLat>,
    /// `network` values of the road relations that each way belongs to.
    pub networks: HashMap<i64, Vec<String>>,
}

/// Highway values that a plow clears as carriageway.
const ROADS: [&str; 17] = [
    "motorway",
    "motorway_link",
    "trunk",
    "trunk_link",
    "primary",
    "primary_link",
    "secondary",
    "secondary_link",
    "tertiary",
    "tertiary_link",
    "unclassified",
    "residential",
    "living_street",
    "service",
    "road",
    "busway",
    "pedestrian",
];

/// Whether a way is a road, judged by its tags.
pub(super) fn is_road(tags: &Tags) -> bool {
    let is = |key: &str, value: &str| tags.get(key).is_some_and(|v| v == value);
    tags.get("highway")
        .is_some_and(|class| ROADS.contains(&class.as_str()))
        && !is("area", "yes")
        && !(is("highway", "pedestrian") && is("motor_vehicle", "no"))
}

/// Turns OSM data into a road source. Ways with nodes outside the extract are cut there.
///
/// # Errors
/// Most roads have too few nodes in the file: it was cut off, or made without them.
pub(super) fn to_source(name: &str, data: OsmData) -> Result<RoadSource, RoadFileError> {
    let all = data.ways.len();
    let mut source = RoadSource {
        name: name.to_owned(),
        ..RoadSource::default()
    };
    for (position, way) in data.ways.into_iter().enumerate() {
        let networks = data.networks.get(&way.id).map_or(&[][..], Vec::as_slice);
        let mut runs: Vec<(Vec<NodeKey>, Vec<LonLat>)> = vec![Default::default()];
        let mut missing = 0usize;
        for node in &way.nodes {
            match data.places.get(node) {
                Some(at) => {
                    if let Some((nodes, line)) = runs.last_mut() {
                        nodes.push(NodeKey::Osm(*node));
                        line.push(*at);
                    }
                }
                None => {
                    missing += 1;
                    runs.push(Default::default());
                }
            }
        }
        runs.retain(|(nodes, _)| nodes.len() >= 2);
        if runs.is_empty() {
            source.refused.push(Rejection {
                position: way.id.unsigned_abs(),
                field: "nd".to_owned(),
                reason: format!(
                    "{missing} of its {} nodes are not in the file; fewer than two are left",
                    way.nodes.len()
                ),
                record: format!("way {}", way.id),
            });
            continue;
        }
        let in_japan = runs[0].1.first().is_some_and(|at| is_in_japan(*at));
        let attributes = attributes_of(&way.tags, networks, in_japan);
        for (nodes, line) in runs {
            source.ways.push(SourceWay {
                road_id: RoadId::Number(way.id),
                nodes,
                line,
                joins: Joins::AtSharedNodes,
                attributes: attributes.clone(),
                position: position as u64,
            });
        }
    }
    let lost = source.refused.len();
    if 2 * lost > all {
        let what = format!(
            "{lost} of its {all} roads refer to nodes that are not in the file; \
             it was cut off, or made without the nodes of its ways"
        );
        return Err(broken(name, what));
    }
    Ok(source)
}

fn attributes_of(tags: &Tags, networks: &[String], in_japan: bool) -> RoadAttributes {
    let get = |key: &str| tags.get(key).map(String::as_str).filter(|v| !v.is_empty());
    let flag = |key: &str| get(key).is_some_and(|v| v != "no");
    let class = get("highway").unwrap_or("road").to_owned();
    let implied_oneway = matches!(get("junction"), Some("roundabout" | "circular"))
        || (class == "motorway" && get("oneway").is_none());
    let oneway = match get("oneway") {
        Some(value) => Oneway::parse(value),
        None if implied_oneway => Oneway::Forward,
        None => Oneway::No,
    };
    RoadAttributes {
        name: get("name:ja").or(get("name")).map(str::to_owned),
        reference: get("ref").map(str::to_owned),
        lanes: get("lanes").and_then(|v| v.split(';').next()?.trim().parse().ok()),
        width_m: get("width")
            .or(get("est_width"))
            .and_then(|v| v.trim_end_matches('m').trim().parse().ok()),
        oneway,
        maxspeed_kmh: get("maxspeed").and_then(|v| v.parse().ok()),
        manager_level: manager_level(tags, networks, in_japan),
        bridge: flag("bridge"),
        // Under a house is not under the ground.
        tunnel: flag("tunnel") && get("tunnel") != Some("building_passage"),
        layer: get("layer").and_then(|v| v.parse().ok()).unwrap_or(0),
        class,
        ..RoadAttributes::default()
    }
}

/// Whether a place lies in Japan, to the precision that tagging customs need.
fn is_in_japan(at: LonLat) -> bool {
    let in_box = (122.9..=154.0).contains(&at.lon) && (20.2..=45.6).contains(&at.lat);
    let on_the_continent = (at.lon < 129.0 && at.lat > 33.2)
        || (at.lon < 130.5 && at.lat > 34.75)
        || (at.lon < 131.5 && at.lat > 36.8)
        || (at.lon < 138.0 && at.lat > 41.6);
    in_box && !on_the_continent
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japan_is_told_from_its_neighbours() {
        let cases = [
            ("Aomori", 140.74, 40.82, true),
            ("Naha", 127.68, 26.21, true),
            ("Tsushima", 129.29, 34.2, true),
            ("Wakkanai", 141.67, 45.41, true),
            ("Busan", 129.07, 35.18, false),
            ("Jeju", 126.53, 33.5, false),
            ("Vladivostok", 131.9, 43.1, false),
            ("Oslo", 10.75, 59.91, false),
        ];
        for (name, lon, lat, expected) in cases {
            assert_eq!(is_in_japan(LonLat::new(lon, lat)), expected, "{name}");
        }
    }
}

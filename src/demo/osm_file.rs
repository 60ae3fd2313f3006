//! The town as an OSM file, so that it is imported like any other.

use super::fleet::{Fleet, Ground};
use domain::network::{NodeKey, Oneway, RoadId, RoadSource, SourceWay};
use domain::road_manager::ManagerLevel;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Writes the source as OSM XML. Only ways and nodes with OSM ids can be written.
pub fn osm_xml(source: &RoadSource) -> String {
    let mut nodes = BTreeMap::new();
    for way in &source.ways {
        for (key, at) in way.nodes.iter().zip(&way.line) {
            if let NodeKey::Osm(id) = key {
                nodes.insert(*id, *at);
            }
        }
    }
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.push_str("<osm version=\"0.6\" generator=\"yukimichi demo, simulated\">\n");
    for (id, at) in nodes {
        let _ = writeln!(
            xml,
            "<node id=\"{id}\" lat=\"{:.7}\" lon=\"{:.7}\"/>",
            at.lat, at.lon
        );
    }
    for way in &source.ways {
        write_way(&mut xml, way);
    }
    xml.push_str("</osm>\n");
    xml
}

fn write_way(xml: &mut String, way: &SourceWay) {
    let RoadId::Number(id) = &way.road_id else {
        return;
    };
    let _ = writeln!(xml, "<way id=\"{id}\">");
    for key in &way.nodes {
        if let NodeKey::Osm(node) = key {
            let _ = writeln!(xml, "<nd ref=\"{node}\"/>");
        }
    }
    let a = &way.attributes;
    let yes = |flag: bool| flag.then(|| "yes".to_owned());
    let operator = Fleet::ALL
        .into_iter()
        .find(|fleet| a.manager_level != ManagerLevel::Unknown && fleet.level() == a.manager_level)
        .map(|fleet| fleet.road_manager(Ground::MadeUpTown).name.ja);
    let tags = [
        ("highway", Some(a.class.clone())),
        ("name", a.name.clone()),
        ("ref", a.reference.clone()),
        ("operator", operator),
        ("lanes", a.lanes.map(|n| n.to_string())),
        ("width", a.width_m.map(|m| m.to_string())),
        ("maxspeed", a.maxspeed_kmh.map(|v| v.to_string())),
        (
            "oneway",
            (a.oneway != Oneway::No).then(|| a.oneway.as_str().to_owned()),
        ),
        ("bridge", yes(a.bridge)),
        ("tunnel", yes(a.tunnel)),
        ("layer", (a.layer != 0).then(|| a.layer.to_string())),
    ];
    for (key, value) in tags {
        if let Some(value) = value {
            let _ = writeln!(xml, "<tag k=\"{key}\" v=\"{}\"/>", escaped(&value));
        }
    }
    xml.push_str("</way>\n");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::demo::town;
    use domain::network::build;

    #[test]
    fn the_file_holds_the_same_town() {
        let source = town(1);
        let xml = osm_xml(&source);
        let read =
            ingest::roads::decode_roads("town.osm", xml.as_bytes(), None, &|_, _| {}).unwrap();
        let (from_source, _) = build(vec![source], 15.0).unwrap();
        let (from_file, _) = build(vec![read], 15.0).unwrap();
        assert_eq!(from_source.segments().len(), from_file.segments().len());
        for (a, b) in from_source.segments().iter().zip(from_file.segments()) {
            assert_eq!(a.id, b.id);
            assert!((a.length_m - b.length_m).abs() < 0.1);
        }
        for (a, b) in from_source.roads().iter().zip(from_file.roads()) {
            assert_eq!(a.attributes.name, b.attributes.name);
            assert_eq!(a.attributes.manager_level, b.attributes.manager_level);
            assert_eq!(a.attributes.oneway, b.attributes.oneway);
        }
    }
}

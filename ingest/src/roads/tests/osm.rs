//! OSM XML: what a way's tags and nodes become.

use super::support::decode;
use domain::network::{Oneway, RoadId, RoadSource, build};

/// Id, nodes, tags.
type Way<'a> = (i64, &'a [i64], &'a [(&'a str, &'a str)]);

/// An OSM file of ways; node n lies n thousandths of a degree east.
fn xml(ways: &[Way<'_>], nodes: std::ops::Range<i64>) -> String {
    let mut xml = "<?xml version='1.0'?>\n<osm version='0.6'>\n".to_owned();
    for n in nodes {
        let lon = 140.7 + 0.001 * n as f64;
        let lat = 40.8 + 0.0005 * (n % 3) as f64;
        xml += &format!("<node id='{n}' lon='{lon}' lat='{lat}'/>\n");
    }
    for (id, nodes, tags) in ways {
        xml += &format!("<way id='{id}'>");
        for n in *nodes {
            xml += &format!("<nd ref='{n}'/>");
        }
        for (k, v) in *tags {
            xml += &format!("<tag k='{k}' v='{v}'/>");
        }
        xml += "</way>\n";
    }
    xml + "</osm>\n"
}

fn read(ways: &[Way<'_>], nodes: std::ops::Range<i64>) -> RoadSource {
    decode("t.osm", xml(ways, nodes).as_bytes()).unwrap()
}

#[test]
fn only_roads_are_read() {
    let cases: &[(&[(&str, &str)], bool)] = &[
        (&[("highway", "residential")], true),
        (&[("highway", "trunk_link")], true),
        (&[("highway", "pedestrian")], true),
        (&[("highway", "footway")], false),
        (&[("highway", "pedestrian"), ("area", "yes")], false),
        (&[("highway", "construction")], false),
        (&[("waterway", "river")], false),
    ];
    for (tags, is_road) in cases {
        let with_one: &[(&str, &str)] = &[("highway", "service")];
        let source = read(&[(1, &[1, 2], tags), (2, &[2, 3], with_one)], 1..4);
        assert_eq!(source.ways.len(), 1 + usize::from(*is_road), "{tags:?}");
    }
}

#[test]
fn one_ways_are_read_as_tagged_and_as_implied() {
    let cases: &[(&[(&str, &str)], Oneway)] = &[
        (&[], Oneway::No),
        (&[("oneway", "yes")], Oneway::Forward),
        (&[("oneway", "1")], Oneway::Forward),
        (&[("oneway", "-1")], Oneway::Backward),
        (&[("oneway", "reversible")], Oneway::No),
        (&[("junction", "roundabout")], Oneway::Forward),
        (&[("junction", "roundabout"), ("oneway", "no")], Oneway::No),
        (
            &[("junction", "roundabout"), ("oneway", "-1")],
            Oneway::Backward,
        ),
        (&[("highway", "motorway")], Oneway::Forward),
        (&[("highway", "motorway"), ("oneway", "no")], Oneway::No),
    ];
    for (tags, expected) in cases {
        let mut all = vec![("highway", "primary")];
        all.retain(|(k, _)| !tags.iter().any(|(t, _)| t == k));
        all.extend_from_slice(tags);
        let source = read(&[(1, &[1, 2], &all)], 1..3);
        assert_eq!(source.ways[0].attributes.oneway, *expected, "{tags:?}");
    }
}

#[test]
fn attributes_are_read_japanese_name_first() {
    let tags: &[(&str, &str)] = &[
        ("highway", "trunk"),
        ("name", "Route 7"),
        ("name:ja", "国道7号"),
        ("ref", "7"),
        ("lanes", "2;3"),
        ("width", "7.5 m"),
        ("maxspeed", "50"),
        ("tunnel", "building_passage"),
        ("bridge", "viaduct"),
        ("layer", "1"),
    ];
    let source = read(&[(1, &[1, 2], tags)], 1..3);
    let way = &source.ways[0];
    let a = &way.attributes;
    assert_eq!(way.road_id, RoadId::Number(1));
    assert_eq!(a.name.as_deref(), Some("国道7号"));
    assert_eq!(a.reference.as_deref(), Some("7"));
    assert_eq!(
        (a.lanes, a.width_m, a.maxspeed_kmh),
        (Some(2), Some(7.5), Some(50.0))
    );
    assert_eq!((a.bridge, a.tunnel, a.layer), (true, false, 1));
    assert_eq!(a.manager_level.as_str(), "national");
}

#[test]
fn a_way_that_the_extract_clips_is_cut_there_and_keeps_both_sides() {
    let road: &[(&str, &str)] = &[("highway", "primary")];
    // Nodes 5 and 6 lie outside.
    let mut all = xml(
        &[
            (1, &[1, 2, 5, 6, 3, 4], road),
            (2, &[1, 9, 8], road),
            (3, &[3, 4], road),
        ],
        1..5,
    );
    all = all.replace("<nd ref='9'/>", "<nd ref='9'/>\n");
    let source = decode("t.osm", all.as_bytes()).unwrap();
    assert_eq!(source.ways.len(), 3);
    let [refused] = &source.refused[..] else {
        panic!("{:?}", source.refused)
    };
    assert_eq!((refused.position, refused.record.as_str()), (2, "way 2"));
    assert!(
        refused.reason.contains("2 of its 3 nodes"),
        "{}",
        refused.reason
    );
    let (network, report) = build(vec![source], 15.0).unwrap();
    assert_eq!((network.segments().len(), report.repeated_ways), (3, 0));
}

//! GeoJSON networks and plans: ids, ways to be driven, and features that are refused.

use super::support::decode;
use domain::network::{Oneway, RoadId, RoadSource, build};

fn collection(features: &[&str]) -> String {
    format!(
        "{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}",
        features.join(",\n")
    )
}

fn feature(extra: &str, properties: &str, coordinates: &str) -> String {
    format!(
        r#"{{"type":"Feature"{extra},"properties":{properties},"geometry":{{"type":"LineString","coordinates":{coordinates}}}}}"#
    )
}

const LINE: &str = "[[140.7,40.8],[140.701,40.8]]";

fn read(features: &[&str]) -> RoadSource {
    decode("roads.geojson", collection(features).as_bytes()).unwrap()
}

#[test]
fn ids_are_echoed_as_they_came() {
    for (extra, properties, expected) in [
        (r#","id":17"#, "{}", RoadId::Number(17)),
        (r#","id":"17""#, "{}", RoadId::Text("17".to_owned())),
        (r#","id":1.5"#, "{}", RoadId::Text("1.5".to_owned())),
        ("", r#"{"id":18}"#, RoadId::Number(18)),
        ("", r#"{"id":"路線18"}"#, RoadId::Text("路線18".to_owned())),
        (r#","id":17"#, r#"{"id":18}"#, RoadId::Number(17)),
        ("", "{}", RoadId::None),
        ("", "null", RoadId::None),
    ] {
        let source = read(&[&feature(extra, properties, LINE)]);
        assert_eq!(source.ways[0].road_id, expected, "{extra} {properties}");
    }
}

#[test]
fn oneway_is_read_in_every_spelling_and_refused_in_others() {
    for (value, expected) in [
        (r#""yes""#, Some(Oneway::Forward)),
        ("true", Some(Oneway::Forward)),
        ("1", Some(Oneway::Forward)),
        (r#""-1""#, Some(Oneway::Backward)),
        ("-1", Some(Oneway::Backward)),
        (r#""no""#, Some(Oneway::No)),
        ("false", Some(Oneway::No)),
        ("null", Some(Oneway::No)),
        (r#""sometimes""#, None),
    ] {
        let one = feature("", &format!(r#"{{"oneway":{value}}}"#), LINE);
        let two = feature("", "{}", "[[140.701,40.8],[140.702,40.8]]");
        let source = read(&[&one, &two]);
        match expected {
            Some(oneway) => assert_eq!(source.ways[0].attributes.oneway, oneway, "{value}"),
            None => {
                assert_eq!(source.ways.len(), 1);
                assert_eq!(
                    (source.refused[0].position, source.refused[0].field.as_str()),
                    (0, "oneway")
                );
            }
        }
    }
}

#[test]
fn bad_features_are_refused_by_number_and_the_rest_goes_on() {
    let bad: &[(String, &str, &str)] = &[
        (feature("", "{}", "[[140.7,40.8]]"), "geometry.coordinates", "fewer than two"),
        (feature("", "{}", "[[140.7,40.8],[140.7,40.8]]"), "geometry.coordinates", "fewer than two"),
        (feature("", "{}", "[]"), "geometry.coordinates", "fewer than two"),
        (feature("", "{}", "[[140.7,40.8],[40.8,140.7]]"), "geometry.coordinates", "vertex 1"),
        (feature("", "{}", "[[140.7,40.8],[1e999,40.7]]"), "", ""),
        (feature("", "{}", "[[140.7,40.8],[null,40.7]]"), "", ""),
        (r#"{"type":"Feature","properties":{},"geometry":null}"#.to_owned(), "geometry", "missing"),
        (
            r#"{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[140.7,40.8]}}"#.to_owned(),
            "geometry",
            "is a Point",
        ),
        (
            r#"{"type":"Feature","properties":{},"geometry":{"type":"MultiLineString","coordinates":[]}}"#.to_owned(),
            "geometry.coordinates",
            "are empty",
        ),
        (r#"{"type":"Fish"}"#.to_owned(), "", ""),
        ("17".to_owned(), "", ""),
        (feature("", r#"{"manager_level":"royal"}"#, LINE), "manager_level", "royal"),
    ];
    for (bad, field, reason) in bad {
        // Numbers beyond f64 break the file's JSON as a whole, which is an error that names it.
        let text = collection(&[&feature("", "{}", LINE), bad]);
        let source = match decode("roads.geojson", text.as_bytes()) {
            Ok(source) => source,
            Err(e) => {
                assert!(e.to_string().starts_with("roads.geojson: line "), "{e}");
                continue;
            }
        };
        assert_eq!((source.ways.len(), source.refused.len()), (1, 1), "{bad}");
        let refused = &source.refused[0];
        assert_eq!(
            (refused.position, refused.field.as_str()),
            (1, *field),
            "{bad} {refused:?}"
        );
        assert!(refused.reason.contains(reason), "{bad}: {}", refused.reason);
    }
}

#[test]
fn parts_of_a_multilinestring_are_roads_of_one_id() {
    let multi = r#"{"type":"Feature","id":5,"properties":{"name":"a"},"geometry":{"type":"MultiLineString",
        "coordinates":[[[140.7,40.8],[140.701,40.8]],[[140.702,40.8],[140.703,40.8,12.5]]]}}"#;
    let source = read(&[multi]);
    assert_eq!(source.ways.len(), 2);
    assert!(
        source
            .ways
            .iter()
            .all(|w| w.road_id == RoadId::Number(5) && w.position == 0)
    );
    let plan = multi.replace(r#""name":"a""#, r#""区分":"第1種""#);
    let source = read(&[&plan]);
    assert_eq!((source.ways.len(), source.lines.len()), (0, 2));
}

#[test]
fn lines_meet_at_ends_and_on_vertices_of_others() {
    let features = [
        feature("", "{}", "[[140.700,40.8],[140.701,40.8],[140.702,40.8]]"),
        feature("", "{}", "[[140.701,40.8],[140.701,40.801]]"),
        feature("", "{}", "[[140.702,40.8],[140.703,40.8]]"),
    ];
    let features: Vec<&str> = features.iter().map(String::as_str).collect();
    let (network, _) = build(vec![read(&features)], 15.0).unwrap();
    assert_eq!(
        (network.segments().len(), network.component_count()),
        (4, 1)
    );
    assert_eq!(network.node_count(), 5);
}

#[test]
fn refused_lines_of_a_plan_are_named_by_their_feature() {
    let road = feature("", r#"{"区分":"第１種"}"#, LINE);
    let pipe = feature(
        "",
        r#"{"管理番号":"市消第1号"}"#,
        "[[140.8,40.8],[140.801,40.8]]",
    );
    let source = read(&[&road, "{}", &pipe]);
    let (_, report) = build(vec![source], 15.0).unwrap();
    let positions: Vec<u64> = report.refused.iter().map(|(_, r)| r.position).collect();
    assert_eq!(positions, [1, 2]);
}

#[test]
fn other_coordinate_systems_are_refused() {
    let text = collection(&[&feature("", "{}", LINE)]);
    let with = |crs: &str| {
        text.replacen(
            '{',
            &format!(r#"{{"crs":{{"type":"name","properties":{{"name":"{crs}"}}}},"#),
            1,
        )
    };
    for good in [
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "EPSG:4326",
        "urn:ogc:def:crs:EPSG::6668",
    ] {
        decode("a.geojson", with(good).as_bytes()).unwrap();
    }
    let e = decode("a.geojson", with("EPSG:6676").as_bytes())
        .unwrap_err()
        .to_string();
    assert!(
        e.starts_with("a.geojson: coordinates are in EPSG:6676"),
        "{e}"
    );
}

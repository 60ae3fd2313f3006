#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use domain::geometry::LonLat;
use proptest::prelude::*;

fn names() -> (FieldNames, Field) {
    let mut names = FieldNames::default();
    let field = names.add("zone", "工区");
    names.geometry(Some("形"));
    (names, field)
}

fn read(text: &str) -> Result<Vec<Result<Record, Rejection>>, DecodeError> {
    read_records(text.as_bytes(), &TableSettings::default(), &names().0)
}

#[test]
fn the_same_record_is_read_from_every_form() {
    let (_, zone) = names();
    let forms = [
        "工区,形\nＡ－１,\"LINESTRING(140.6 40.8, 140.7 40.9)\"\n",
        "形\t工区\nSRID=4326;LINESTRING(140.6 40.8, 140.7 40.9)\tＡ－１\n",
        r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"工区":"Ａ－１"},
            "geometry":{"type":"LineString","coordinates":[[140.6,40.8,12],[140.6,40.8],[140.7,40.9]]}}]}"#,
        "<kml><Placemark><ExtendedData><SchemaData><SimpleData name=\"工区\">Ａ－１</SimpleData></SchemaData></ExtendedData>\
         <MultiGeometry><LineString><coordinates>\n140.6,40.8,0\n140.7,40.9,0\n</coordinates></LineString></MultiGeometry></Placemark></kml>",
    ];
    for form in forms {
        let records = read(form).unwrap();
        let record = records[0].as_ref().unwrap();
        assert_eq!(record.get(zone), Some("Ａ－１"), "{form}");
        let line = vec![LonLat::new(140.6, 40.8), LonLat::new(140.7, 40.9)];
        assert_eq!(record.geometry.lines, [line], "{form}");
        assert_eq!(records.len(), 1);
    }
}

#[test]
fn polygons_keep_their_rings_and_are_closed() {
    let ring = "(0 0, 4 0, 4 4)";
    let hole = "(1 1, 2 1, 2 2, 1 1)";
    let csv = format!("工区,形\na,\"MULTIPOLYGON(({ring},{hole}),({ring}))\"\n");
    let records = read(&csv).unwrap();
    let areas = &records[0].as_ref().unwrap().geometry.areas;
    let rings: Vec<Vec<usize>> = areas
        .iter()
        .map(|area| area.iter().map(Vec::len).collect())
        .collect();
    assert_eq!(rings, [vec![4, 4], vec![4]]);
}

#[test]
fn a_file_that_is_none_of_the_forms_is_an_error() {
    let cases = [
        ("{\"type\":\"Feature\"}", "FeatureCollection"),
        (
            "{\"type\":\"FeatureCollection\",\"features\":[",
            "not a whole",
        ),
        (
            "{\"type\":\"FeatureCollection\",\"crs\":{\"properties\":{\"name\":\"EPSG:2452\"}},\"features\":[]}",
            "EPSG:2452",
        ),
        ("<kml><Document>", "too early"),
        ("<html></html>", "not KML"),
        ("<kml>&unknown;</kml>", "entity"),
        (
            "<kml><NetworkLink><Link><href>https://example.jp/map.kml</href></Link></NetworkLink></kml>",
            "https://example.jp/map.kml",
        ),
        ("<kml></Document></kml>", "line 1"),
        ("名,形\na,b\n", "工区"),
        ("", "empty"),
    ];
    for (text, wanted) in cases {
        let error = read(text).unwrap_err();
        assert!(error.0.contains(wanted), "{text}: {error}");
    }
}

#[test]
fn geometry_that_is_none_is_a_rejection() {
    for cell in [
        "LINESTRING(140 40)",
        "LINESTRING(140 40, 140 40)",
        "POINT EMPTY",
        "GEOMETRYCOLLECTION(POINT(1 1))",
        "POLYGON((0 0, 1 1))",
        "LINESTRING(200 40, 140 40)",
        "道路",
    ] {
        let records = read(&format!("工区,形\na,\"{cell}\"\n")).unwrap();
        let rejection = records[0].as_ref().unwrap_err();
        assert_eq!(
            (rejection.position, rejection.field.as_str()),
            (2, "geometry"),
            "{cell}"
        );
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in ".*", near in "[<>/a-zA-Z&;{}\\[\\]\": ,0-9]{0,80}") {
        let _ = read(&text);
        let _ = read(&format!("<kml><Placemark>{text}</Placemark></kml>"));
        let _ = read(&format!("<kml><Placemark>{near}</Placemark></kml>"));
        let _ = read(&format!("{{\"type\":\"FeatureCollection\",\"features\":[{near}]}}"));
        let _ = read(&format!("工区,形\na,\"{}\"\n", near.replace('"', "")));
        let _ = read(&format!("工区,形\na,\"MULTIPOLYGON(({})\"\n", near.replace('"', "")));
    }
}

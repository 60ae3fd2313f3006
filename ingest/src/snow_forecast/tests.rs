#![allow(clippy::unwrap_used)]

use super::*;
use crate::decoded::Decoded;
use crate::formats::Decoder;
use jiff::Timestamp;

const CSV_KEYS: &str = r#"
place = "地点"
issued_at = "発表"
until = "対象時刻"
hours = 3
new_snow_cm = "降雪量"
[places."青森"]
lon = 140.74
lat = 40.82
"#;

fn decode(keys: &str, payload: &str) -> Decoded {
    let mapping: SnowForecastMapping = toml::from_str(keys).unwrap();
    mapping.check().unwrap();
    let now: Timestamp = "2026-01-15T18:00:00+09:00".parse().unwrap();
    mapping.decode(payload.as_bytes(), now).unwrap()
}

fn csv(rows: &str) -> Decoded {
    decode(CSV_KEYS, &format!("地点,発表,対象時刻,降雪量\n{rows}"))
}

#[test]
fn places_and_mesh_cells_are_read() {
    let decoded = csv("青森,1/15 17:00,1/15 21:00,４cm\n61401589,1/15 17:00,1/16 24:00,0\n");
    assert_eq!(decoded.rejections, []);
    let [place, cell] = &decoded.snow_forecasts[..] else {
        panic!("{decoded:?}");
    };
    assert_eq!((place.place.as_str(), place.new_snow_cm), ("青森", 4.0));
    assert_eq!(place.from.to_string(), "2026-01-15T09:00:00Z");
    assert_eq!(place.until.to_string(), "2026-01-15T12:00:00Z");
    assert_eq!(cell.new_snow_cm, 0.0);
    assert!(
        (cell.at.lon - 140.7).abs() < 0.5 && (cell.at.lat - 40.8).abs() < 0.5,
        "{cell:?}"
    );
    assert_eq!(cell.until.to_string(), "2026-01-16T15:00:00Z");
}

#[test]
fn json_and_geojson_are_read() {
    let keys = r#"
items = "/forecast/cells"
place = "mesh"
lon = "x"
lat = "y"
issued_at = "issued"
from = "from"
until = "to"
new_snow_cm = "snow"
"#;
    let json = r#"{"forecast":{"cells":[
        {"mesh":61401589,"x":140.7,"y":40.8,"issued":"2026-01-15T17:00:00+09:00","from":"2026-01-15T18:00:00+09:00","to":"2026-01-16T07:00:00+09:00","snow":12.5},
        7]}}"#;
    let decoded = decode(keys, json);
    let forecast = &decoded.snow_forecasts[0];
    assert_eq!(
        (forecast.place.as_str(), forecast.new_snow_cm),
        ("61401589", 12.5)
    );
    assert_eq!(decoded.rejections[0].position, 1);
    let keys = "place = \"name\"\nissued_at = \"issued\"\nuntil = \"to\"\nhours = 1\nnew_snow_cm = \"snow\"\n";
    let geojson = r#"{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[140.7,40.8]},
        "properties":{"name":"浪岡","issued":"2026-01-15T17:00:00+09:00","to":"2026-01-15T18:00:00+09:00","snow":2}}]}"#;
    let decoded = decode(keys, geojson);
    assert_eq!(decoded.rejections, []);
    assert_eq!(decoded.snow_forecasts[0].at.lon, 140.7);
}

#[test]
fn what_is_wrong_is_named_and_a_missing_value_is_no_zero() {
    let cases = [
        ("青森,1/15 17:00,1/15 21:00,", "new_snow_cm"),
        ("青森,1/15 17:00,1/15 21:00,-", "new_snow_cm"),
        ("青森,1/15 17:00,1/15 21:00,-999", "new_snow_cm"),
        ("青森,1/15 17:00,1/15 21:00,多い", "new_snow_cm"),
        ("青森,1/15 19:00,1/15 21:00,4", "issued_at"),
        ("青森,2026/1/15 17:00,2026/3/15 21:00,4", "until"),
        ("青森,,1/15 21:00,4", "issued_at"),
        ("弘前,1/15 17:00,1/15 21:00,4", "place"),
        (",1/15 17:00,1/15 21:00,4", "place"),
    ];
    for (row, field) in cases {
        let decoded = csv(&format!("{row}\n"));
        assert!(decoded.snow_forecasts.is_empty(), "{row}");
        assert_eq!(
            decoded.rejections[0].field, field,
            "{row}: {:?}",
            decoded.rejections
        );
        assert_eq!(decoded.rejections[0].position, 2);
    }
}

#[test]
fn a_mapping_that_cannot_work_names_its_key() {
    let base = "place = \"a\"\nissued_at = \"b\"\nuntil = \"c\"\nnew_snow_cm = \"d\"\n";
    let cases = [
        ("", "from"),
        ("from = \"e\"\nhours = 3\n", "from"),
        ("hours = 0\n", "hours"),
        ("hours = 1\nlon = \"x\"\n", "lon"),
        ("hours = 1\nitems = \"a\"\n", "items"),
        ("hours = 1\ntime_zone = \"Mars\"\n", "time_zone"),
        (
            "hours = 1\nplaces = { x = { lon = 200.0, lat = 0.0 } }\n",
            "places.x",
        ),
    ];
    for (more, key) in cases {
        let mapping: SnowForecastMapping = toml::from_str(&format!("{base}{more}")).unwrap();
        assert_eq!(mapping.check().unwrap_err().key, key, "{more}");
    }
}

#![allow(clippy::unwrap_used)]

use super::*;
use crate::decoded::Decoded;
use crate::formats::Decoder;
use crate::projection::Datum;
use domain::geometry::LonLat;
use domain::work::WorkKind;
use jiff::Timestamp;

fn mapping(json: &str) -> PlowCsvMapping {
    serde_json::from_str(json).unwrap()
}

fn prefecture() -> PlowCsvMapping {
    mapping(
        r#"{"vehicle_id":"車両番号","observed_at":"日時","lon":"経度","lat":"緯度",
            "speed_kmh":"速度","work":"作業","work_values":{"作業中":"plowing"}}"#,
    )
}

fn now() -> Timestamp {
    "2026-01-15T06:00:00+09:00".parse().unwrap()
}

fn decode(mapping: &PlowCsvMapping, text: &str) -> Decoded {
    mapping.decode(text.as_bytes(), now()).unwrap()
}

const HEADER: &str = "車両番号,日時,経度,緯度,速度,作業\n";

#[test]
fn one_row_is_read_however_it_is_written() {
    let cases = [
        "除雪7号,2026/01/15 05:12:00,140.60123,40.70123,18.5,作業中",
        "除雪7号,令和8年1月15日 5時12分,１４０．６０１２３,４０．７０１２３,１８．５,作業中",
        "除雪7号,R8.1.14 29:12,140.60123,40.70123,18.5km/h,新雪除雪",
        "除雪7号,2026-01-14T20:12:00Z,140.60123°,40.70123度,18.5,plowing",
        "除雪7号,1768421520,140.60123,40.70123,18.5,\"作業中\"",
        "\"除雪7号\", 20260115051200 ,140.60123,40.70123,18.5,作業中",
    ];
    for case in cases {
        let decoded = decode(&prefecture(), &format!("{HEADER}{case}\r\n"));
        assert_eq!(decoded.rejections, [], "{case}");
        let fix = &decoded.fixes[0];
        assert_eq!(fix.vehicle_id, "除雪7号", "{case}");
        assert_eq!(
            fix.observed_at.to_string(),
            "2026-01-14T20:12:00Z",
            "{case}"
        );
        assert_eq!(fix.at, LonLat::new(140.60123, 40.70123), "{case}");
        assert_eq!(
            (fix.speed_kmh, fix.work),
            (Some(18.5), Some(WorkKind::Plowing)),
            "{case}"
        );
    }
}

#[test]
fn cp932_and_utf8_with_and_without_mark_say_the_same() {
    let text = format!("{HEADER}除雪7号,2026/01/15 05:12:00,140.60123,40.70123,18.5,作業中\r\n");
    let wanted = decode(&prefecture(), &text);
    let (cp932, _, lossy) = encoding_rs::SHIFT_JIS.encode(&text);
    assert!(!lossy);
    let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    for bytes in [cp932.as_ref(), &marked] {
        assert_eq!(prefecture().decode(bytes, now()).unwrap(), wanted);
    }
}

#[test]
fn a_bad_row_names_line_and_field_and_the_rest_goes_on() {
    let good = "7号,2026/01/15 05:12:00,140.6,40.7,-,";
    let cases = [
        (",2026/01/15 05:12:00,140.6,40.7,18,", "vehicle_id"),
        ("7号,昨夜,140.6,40.7,18,", "observed_at"),
        ("7号,2026/01/15 09:12:00,140.6,40.7,18,", "observed_at"),
        ("7号,2021/01/15 05:12:00,140.6,40.7,18,", "observed_at"),
        ("7号,2026/01/15 05:12:00,240.6,40.7,18,", "lon"),
        ("7号,2026/01/15 05:12:00,140.6,－,18,", "lat"),
        ("7号,2026/01/15 05:12:00,0,0,18,", "lon"),
        ("7号,2026/01/15 05:12:00,140.6,40.7,速い,", "speed_kmh"),
        ("7号,2026/01/15 05:12:00,140.6,40.7,18,昼寝", "work"),
        ("7号,2026/01/15 05:12:00,140.6", ""),
    ];
    for (bad, field) in cases {
        let decoded = decode(&prefecture(), &format!("{HEADER}{good}\n{bad}\n{good}\n"));
        assert_eq!(decoded.fixes.len(), 2, "{bad}");
        let rejection = &decoded.rejections[0];
        assert_eq!(
            (rejection.position, rejection.field.as_str()),
            (3, field),
            "{bad}"
        );
        assert_eq!(rejection.record, bad);
    }
    assert_eq!(
        decode(&prefecture(), &format!("{HEADER}{good}\n")).fixes[0].speed_kmh,
        None
    );
}

#[test]
fn date_and_time_may_stand_apart_and_the_vehicle_in_the_configuration() {
    let mapping = mapping(
        r#"{"vehicle":"歩道1","date":"1","time":"2","lon":"4","lat":"3","table":{"header":false}}"#,
    );
    let decoded = decode(&mapping, "2026/1/15\t5:12\t40.7\t140.6\n");
    assert_eq!(decoded.fixes[0].vehicle_id, "歩道1");
    assert_eq!(
        decoded.fixes[0].observed_at.to_string(),
        "2026-01-14T20:12:00Z"
    );
}

#[test]
fn tokyo_datum_is_shifted_and_its_accuracy_said() {
    let mut mapping = prefecture();
    mapping.datum = Datum::Tokyo;
    let decoded = decode(
        &mapping,
        &format!("{HEADER}7号,2026/01/15 05:12:00,140.7,40.8,,\n"),
    );
    let moved_m = decoded.fixes[0].at.geodesic_m(LonLat::new(140.7, 40.8));
    assert!((380.0..450.0).contains(&moved_m), "{moved_m}");
    assert!(decoded.fixes[0].at.lat > 40.8 && decoded.fixes[0].at.lon < 140.7);
    assert!(decoded.notes[0].contains("10 m"), "{:?}", decoded.notes);
}

#[test]
fn a_wrong_mapping_names_its_key() {
    let cases = [
        (r#"{"observed_at":"t","lon":"x","lat":"y"}"#, "vehicle_id"),
        (
            r#"{"vehicle":"a","date":"t","lon":"x","lat":"y"}"#,
            "observed_at",
        ),
        (
            r#"{"vehicle":"a","observed_at":"t","lon":"x","lat":"y","unflagged":"z"}"#,
            "unflagged",
        ),
        (
            r#"{"vehicle":"a","observed_at":"t","lon":"x","lat":"y","time_zone":"Z/Z"}"#,
            "time_zone",
        ),
        (
            r#"{"vehicle":"a","observed_at":"t","lon":"x","lat":"y","table":{"delimiter":"、"}}"#,
            "table.delimiter",
        ),
    ];
    for (json, key) in cases {
        assert_eq!(mapping(json).check().unwrap_err().key, key);
    }
    let error = prefecture()
        .decode("車両番号,日時\n".as_bytes(), now())
        .unwrap_err();
    assert!(
        error.0.contains("経度") && error.0.contains("車両番号, 日時"),
        "{error}"
    );
}

#![allow(clippy::unwrap_used)]

use super::*;
use crate::decoded::Decoded;
use crate::formats::Decoder;
use domain::work::{Direction, WorkKind};

fn mapping(json: &str) -> WorkLogCsvMapping {
    serde_json::from_str(json).unwrap()
}

fn contractor() -> WorkLogCsvMapping {
    mapping(
        r#"{"route":"路線","km_range":"距離標","date":"月日","started_at":"開始","ended_at":"終了",
            "work":"作業","direction":"上下","vehicle_id":"機械","contractor":"会社","weather":"天候",
            "air_c":"気温","depth_cm":"積雪深"}"#,
    )
}

const HEADER: &str = "月日,路線,距離標,開始,終了,作業,上下,機械,会社,天候,気温,積雪深\n";

fn decode(mapping: &WorkLogCsvMapping, text: &str) -> Decoded {
    let now = "2026-01-15T12:00:00+09:00".parse().unwrap();
    mapping.decode(text.as_bytes(), now).unwrap()
}

#[test]
fn a_row_of_a_log_is_read_whole() {
    let row =
        "1月14日,国道７号,12.3～15.0,22:30,4:10,新雪除雪,上り,グレーダ3,雪道建設,雪,▲3.5℃,45㎝\n";
    let decoded = decode(&contractor(), &format!("{HEADER}{row}"));
    assert_eq!(decoded.rejections, []);
    let entry = &decoded.work_log[0];
    assert_eq!(entry.stretch.route, "国道7号");
    assert_eq!(
        (entry.stretch.from_km, entry.stretch.to_km),
        (Some(12.3), Some(15.0))
    );
    assert_eq!(entry.started_at.to_string(), "2026-01-14T13:30:00Z");
    assert_eq!(entry.ended_at.to_string(), "2026-01-14T19:10:00Z");
    assert_eq!(
        (entry.work, entry.direction),
        (WorkKind::Plowing, Some(Direction::Forward))
    );
    assert_eq!((entry.air_c, entry.depth_cm), (Some(-3.5), Some(45.0)));
    assert_eq!(
        (entry.weather.as_str(), entry.contractor.as_str()),
        ("雪", "雪道建設")
    );
}

#[test]
fn a_row_may_name_a_section_instead_and_leave_out_what_it_does_not_know() {
    let mapping = mapping(
        r#"{"route":"路線名","section":"区間","from_name":"起点","to_name":"終点","started_at":"開始日時",
            "ended_at":"終了日時","vehicle":"ロータリ1","unflagged":"widening"}"#,
    );
    let text = "路線名,区間,起点,終点,開始日時,終了日時\n市道中央線,Ａ－１,役場前,－,2026/1/15 3:00,2026/1/15 4:00\n";
    let decoded = decode(&mapping, text);
    assert_eq!(decoded.rejections, []);
    let entry = &decoded.work_log[0];
    assert_eq!(entry.stretch.section.as_deref(), Some("A-1"));
    assert_eq!(entry.stretch.from_name.as_deref(), Some("役場前"));
    assert_eq!(
        (&entry.stretch.to_name, entry.direction, entry.air_c),
        (&None, None, None)
    );
    assert_eq!(
        (entry.work, entry.vehicle_id.as_str()),
        (WorkKind::Widening, "ロータリ1")
    );
}

#[test]
fn a_bad_row_names_line_and_field_and_the_rest_goes_on() {
    let good = "1/14,7,12.3～15.0,22:30,4:10,新雪除雪,,g3,,,,";
    let cases = [
        ("1/14,,12.3～15.0,22:30,4:10,新雪除雪,,g3,,,,", "route"),
        ("1/14,7,12.3,22:30,4:10,新雪除雪,,g3,,,,", "km_range"),
        ("1/14,7,,夜,4:10,新雪除雪,,g3,,,,", "started_at"),
        ("1/14,7,,22:30,,新雪除雪,,g3,,,,", "ended_at"),
        ("1/15,7,,11:00,13:10,新雪除雪,,g3,,,,", "ended_at"),
        ("2019/1/14,7,,22:30,4:10,新雪除雪,,g3,,,,", "started_at"),
        ("1/14,7,,22:30,4:10,雪かき,,g3,,,,", "work"),
        ("1/14,7,,22:30,4:10,,,g3,,,,", "work"),
        ("1/14,7,,22:30,4:10,新雪除雪,左,g3,,,,", "direction"),
        ("1/14,7,,22:30,4:10,新雪除雪,,,,,,", "vehicle_id"),
        ("1/14,7,,22:30,4:10,新雪除雪,,g3,,,寒い,", "air_c"),
        ("1/14,7,,22:30,4:10,新雪除雪,,g3,,,,深い", "depth_cm"),
    ];
    for (bad, field) in cases {
        let decoded = decode(&contractor(), &format!("{HEADER}{good}\n{bad}\n"));
        assert_eq!(decoded.work_log.len(), 1, "{bad}: {:?}", decoded.rejections);
        let rejection = &decoded.rejections[0];
        assert_eq!(
            (rejection.position, rejection.field.as_str()),
            (3, field),
            "{bad}"
        );
        assert_eq!(rejection.record, bad);
    }
}

#[test]
fn a_wrong_mapping_names_its_key() {
    let base = r#""route":"r","started_at":"s","ended_at":"e""#;
    let cases = [
        ("", "vehicle_id"),
        (r#","vehicle":"a","from_km":"f""#, "from_km"),
        (
            r#","vehicle":"a","from_km":"f","to_km":"t","km_range":"k""#,
            "km_range",
        ),
        (
            r#","vehicle":"a","direction_values":{"左":"left"}"#,
            "direction_values",
        ),
    ];
    for (more, key) in cases {
        assert_eq!(
            mapping(&format!("{{{base}{more}}}"))
                .check()
                .unwrap_err()
                .key,
            key
        );
    }
}

#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::decoded::Decoded;
use crate::formats::Decoder;
use domain::plan::PlanState;
use domain::work::WorkKind;
use jiff::Timestamp;

const KEYS: &str = r#"
id = "番号"
from = "開始"
until = "終了"
work = "作業"
state = "状態"
note = "備考"
[place]
route = "路線"
km_range = "区間"
zone = "工区"
geometry = "形"
"#;
const HEADER: &str = "番号,開始,終了,作業,状態,備考,路線,区間,工区,形\n";

fn mapping(keys: &str) -> PlansMapping {
    let mapping: PlansMapping = toml::from_str(keys).unwrap();
    mapping.check().unwrap();
    mapping
}

fn decode(keys: &str, payload: &str) -> Decoded {
    mapping(keys).decode(payload.as_bytes(), now()).unwrap()
}

fn now() -> Timestamp {
    "2026-01-15T06:00:00+09:00".parse().unwrap()
}

#[test]
fn a_plan_on_a_route_is_read() {
    let csv = format!(
        "{HEADER}P-1,1月16日 21:00,1月17日 5:00,運搬排雪,予定,「雨天中止」,県道１２号,12.3～15.0,,\n"
    );
    let decoded = decode(KEYS, &csv);
    assert_eq!(decoded.rejections, []);
    let plan = &decoded.plans[0];
    assert_eq!(
        (plan.id.as_str(), plan.work, plan.state),
        ("P-1", WorkKind::Hauling, PlanState::Planned)
    );
    assert_eq!(plan.from.to_string(), "2026-01-16T12:00:00Z");
    assert_eq!(plan.until.to_string(), "2026-01-16T20:00:00Z");
    let route = plan.place.route.as_ref().unwrap();
    assert_eq!(
        (route.route.as_str(), route.from_km, route.to_km),
        ("県道12号", Some(12.3), Some(15.0))
    );
    assert_eq!(plan.note, "「雨天中止」");
}

#[test]
fn windows_are_read_in_the_forms_of_notices() {
    // (from, until) as written → as read; the clock is at 15 January 2026.
    let cases = [
        (
            "2026/1/16",
            "2026/1/17",
            "2026-01-15T15:00:00Z",
            "2026-01-17T15:00:00Z",
        ),
        (
            "令和8年1月16日",
            "令和8年1月16日",
            "2026-01-15T15:00:00Z",
            "2026-01-16T15:00:00Z",
        ),
        (
            "12月28日 9:00",
            "1月4日 17:00",
            "2025-12-28T00:00:00Z",
            "2026-01-04T08:00:00Z",
        ),
        (
            "1月20日 21:00",
            "1月21日 29:00",
            "2026-01-20T12:00:00Z",
            "2026-01-21T20:00:00Z",
        ),
    ];
    for (from, until, wanted_from, wanted_until) in cases {
        let csv = format!("{HEADER}1,{from},{until},新雪除雪,,,国道7号,,,\n");
        let decoded = decode(KEYS, &csv);
        assert_eq!(decoded.rejections, [], "{from} {until}");
        let plan = &decoded.plans[0];
        assert_eq!(
            (
                plan.from.to_string().as_str(),
                plan.until.to_string().as_str()
            ),
            (wanted_from, wanted_until),
            "{from} {until}"
        );
    }
    let by_day =
        "date = \"日\"\nhours = \"時間\"\nunflagged = \"hauling\"\n[place]\nzone = \"工区\"\n";
    let cases = [
        (
            "21:00～翌5:00",
            "2026-01-16T12:00:00Z",
            "2026-01-16T20:00:00Z",
        ),
        ("9:00-17:00", "2026-01-16T00:00:00Z", "2026-01-16T08:00:00Z"),
        ("終日", "2026-01-15T15:00:00Z", "2026-01-16T15:00:00Z"),
        ("", "2026-01-15T15:00:00Z", "2026-01-16T15:00:00Z"),
    ];
    for (hours, wanted_from, wanted_until) in cases {
        let decoded = decode(by_day, &format!("日,時間,工区\n1月16日,{hours},Ａ－１\n"));
        assert_eq!(decoded.rejections, [], "{hours}");
        let plan = &decoded.plans[0];
        assert_eq!(
            (
                plan.from.to_string().as_str(),
                plan.until.to_string().as_str()
            ),
            (wanted_from, wanted_until),
            "{hours}"
        );
        assert_eq!(plan.place.zone.as_deref(), Some("A-1"));
    }
}

#[test]
fn states_and_works_are_read_in_their_usual_words() {
    let states = [
        ("予定", PlanState::Planned),
        ("延期（1/20へ）", PlanState::Moved),
        ("中止", PlanState::Cancelled),
        ("実施済", PlanState::Done),
        ("cancelled", PlanState::Cancelled),
        ("", PlanState::Planned),
    ];
    for (word, wanted) in states {
        let csv = format!("{HEADER}1,2026/1/16,2026/1/17,拡幅除雪,{word},,国道7号,,,\n");
        assert_eq!(decode(KEYS, &csv).plans[0].state, wanted, "{word}");
    }
}

#[test]
fn what_is_wrong_is_named() {
    let cases = [
        (",2026/1/16,2026/1/17,新雪除雪,,,7号,,,", "id"),
        ("1,,2026/1/17,新雪除雪,,,7号,,,", "from"),
        ("1,2026/1/17 9:00,2026/1/16 9:00,新雪除雪,,,7号,,,", "until"),
        ("1,2026/1/16,2027/1/17,新雪除雪,,,7号,,,", "until"),
        ("1,2029/1/16,2029/1/17,新雪除雪,,,7号,,,", "until"),
        ("1,2020/1/16,2020/1/17,新雪除雪,,,7号,,,", "until"),
        ("1,2026/1/16,2026/1/17,草刈,,,7号,,,", "work"),
        ("1,2026/1/16,2026/1/17,,,,7号,,,", "work"),
        ("1,2026/1/16,2026/1/17,新雪除雪,様子見,,7号,,,", "state"),
        (
            "1,2026/1/16,2026/1/17,新雪除雪,,,7号,橋まで,,",
            "place.km_range",
        ),
        (
            "1,2026/1/16,2026/1/17,新雪除雪,,,,1.0～2.0,,",
            "place.route",
        ),
        ("1,2026/1/16,2026/1/17,新雪除雪,,,,,,", "place"),
        ("1,2026/1/16,2026/1/17,新雪除雪,,,,,,POINT(140 40)", "place"),
        (
            "1,2026/1/16,2026/1/17,新雪除雪,,,,,,\"LINESTRING(140 40, 140 95)\"",
            "geometry",
        ),
        (
            "1,2026/1/16,2026/1/17,新雪除雪,,,,,,LINESTRING(140",
            "geometry",
        ),
    ];
    for (row, field) in cases {
        let decoded = decode(KEYS, &format!("{HEADER}{row}\n"));
        assert_eq!(decoded.plans.len(), 0, "{row}");
        assert_eq!(
            decoded.rejections[0].field, field,
            "{row}: {:?}",
            decoded.rejections
        );
        assert_eq!(decoded.rejections[0].position, 2);
    }
}

#[test]
fn an_id_is_made_of_what_and_where_and_when() {
    let keys = KEYS.replace("id = \"番号\"\n", "");
    let row = |until: &str, km: &str, state: &str| {
        let csv = format!("{HEADER}x,2026/1/16,{until},新雪除雪,{state},,7号,{km},,\n");
        decode(&keys, &csv).plans[0].id.clone()
    };
    let id = row("2026/1/17", "1.0～2.0", "予定");
    assert_eq!(id, row("2026/1/17", "１．０～２．０", "中止"));
    assert_ne!(id, row("2026/1/18", "1.0～2.0", "予定"));
    assert_ne!(id, row("2026/1/17", "1.0～2.1", "予定"));
}

#[test]
fn lines_of_geojson_are_kept() {
    let keys = "id = \"id\"\nfrom = \"from\"\nuntil = \"until\"\nunflagged = \"hauling\"\n";
    let geojson = r#"{"type":"FeatureCollection","features":[
        {"type":"Feature","id":7,"properties":{"from":"2026-01-16T21:00:00+09:00","until":"2026-01-17T05:00:00+09:00"},
         "geometry":{"type":"MultiLineString","coordinates":[[[140.6,40.7],[140.7,40.7]],[[140.7,40.7],[140.8,40.8]]]}},
        {"type":"Feature","properties":{"from":"x","until":"y"},"geometry":null},
        {"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[140.6,40.7]]}}]}"#;
    let decoded = decode(keys, geojson);
    assert_eq!(
        (
            decoded.plans[0].id.as_str(),
            decoded.plans[0].place.lines.len()
        ),
        ("7", 2)
    );
    let rejected: Vec<(u64, &str)> = decoded
        .rejections
        .iter()
        .map(|r| (r.position, r.field.as_str()))
        .collect();
    assert_eq!(rejected, [(1, "from"), (2, "geometry")]);
}

#[test]
fn a_mapping_that_cannot_work_names_its_key() {
    let cases = [
        ("from = \"a\"\nunflagged = \"hauling\"\n", "from"),
        (
            "date = \"a\"\nuntil = \"b\"\nunflagged = \"hauling\"\n",
            "from",
        ),
        ("date = \"a\"\n", "work"),
        ("date = \"a\"\nunflagged = \"mowing\"\n", "unflagged"),
        (
            "date = \"a\"\nunflagged = \"hauling\"\nstate_values = { x = \"maybe\" }\n",
            "state_values",
        ),
        (
            "date = \"a\"\nunflagged = \"hauling\"\ntime_zone = \"Mars\"\n",
            "time_zone",
        ),
    ];
    for (keys, key) in cases {
        let mapping: PlansMapping = toml::from_str(keys).unwrap();
        assert_eq!(mapping.check().unwrap_err().key, key, "{keys}");
    }
}

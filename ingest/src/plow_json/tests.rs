#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::formats::Decoder;
use domain::fix::unique_fixes;
use domain::work::WorkKind;
use jiff::Timestamp;
use proptest::prelude::*;

fn mapping(toml_like: &str) -> PlowJsonMapping {
    serde_json::from_str(toml_like).unwrap()
}

fn chicago() -> PlowJsonMapping {
    mapping(
        r#"{"items":"/TrackingDataResponse/locationList","vehicle_id":"/assetName",
            "observed_at":"/postingTime","lon":"/longitude","lat":"/latitude",
            "heading_deg":"/directionDegrees"}"#,
    )
}

fn town() -> PlowJsonMapping {
    mapping(
        r#"{"items":"","vehicle_id":"/車両","observed_at":"/日時","lon":"/経度","lat":"/緯度",
            "work":"/作業","work_values":{"1":"plowing","0":"transit"},
            "time_format":"%Y/%m/%d %H:%M:%S","time_zone":"Asia/Tokyo"}"#,
    )
}

fn now() -> Timestamp {
    "2026-01-15T06:00:00+09:00".parse().unwrap()
}

#[test]
fn a_towns_own_words_are_read() {
    let payload = r#"[{"車両":"除雪車3号","日時":"2026/01/15 05:12:00","経度":"140.60123","緯度":"40.70123","作業":"1"}]"#;
    let decoded = decode(payload.as_bytes(), &town(), now()).unwrap();
    assert_eq!(decoded.rejections, []);
    let fix = &decoded.fixes[0];
    assert_eq!(fix.vehicle_id, "除雪車3号");
    assert_eq!(fix.observed_at.to_string(), "2026-01-14T20:12:00Z");
    assert_eq!(fix.work, Some(WorkKind::Plowing));
}

#[test]
fn a_bad_item_is_rejected_with_field_and_reason_and_the_rest_goes_on() {
    let item = |time: &str, lon: &str, work: &str| {
        format!(r#"{{"車両":"a","日時":{time},"経度":{lon},"緯度":"40.7","作業":{work}}}"#)
    };
    let good = "\"2026/01/15 05:12:00\"";
    let cases = [
        (item("\"05:12\"", "140.6", "1"), "observed_at"),
        (item("null", "140.6", "1"), "observed_at"),
        (item("\"2026/01/15 06:12:00\"", "140.6", "1"), "observed_at"),
        (item("\"2019/01/15 06:12:00\"", "140.6", "1"), "observed_at"),
        (item(good, "240.6", "1"), "lon"),
        (item(good, "null", "1"), "lon"),
        (item(good, "140.6", "9"), "work"),
    ];
    for (bad, field) in cases {
        let payload = format!("[{bad},{}]", item(good, "140.6", "1"));
        let decoded = decode(payload.as_bytes(), &town(), now()).unwrap();
        assert_eq!(decoded.fixes.len(), 1, "{bad}");
        let rejection = &decoded.rejections[0];
        assert_eq!(
            (rejection.position, rejection.field.as_str()),
            (0, field),
            "{bad}"
        );
        assert!(!rejection.reason.is_empty() && rejection.record.contains("車両"));
    }
}

#[test]
fn an_offset_in_the_time_beats_the_configured_zone() {
    let mut mapping = town();
    mapping.time_format = Some("%Y-%m-%d %H:%M:%S %z".to_owned());
    let payload = r#"[{"車両":"a","日時":"2026-01-14 20:12:00 +0000","経度":140.6,"緯度":40.7}]"#;
    let decoded = decode(payload.as_bytes(), &mapping, now()).unwrap();
    assert_eq!(
        decoded.fixes[0].observed_at.to_string(),
        "2026-01-14T20:12:00Z"
    );
}

#[test]
fn a_vehicle_that_no_database_can_keep_is_rejected_alone() {
    let item = |v: &str| format!(r#"{{"車両":"{v}","日時":1768420800,"経度":140.6,"緯度":40.7}}"#);
    let payload = format!("[{},{}]", item("a\\u0000b"), item("c"));
    let decoded = decode(payload.as_bytes(), &town(), now()).unwrap();
    assert_eq!(decoded.fixes.len(), 1);
    assert_eq!(decoded.rejections[0].field, "vehicle_id");
}

#[test]
fn a_document_without_items_says_where_it_looked() {
    let error = decode(br#"{"TrackingDataResponse":{}}"#, &chicago(), now()).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("/TrackingDataResponse/locationList")
    );
    let error = decode(br#"{"Tracking"#, &chicago(), now()).unwrap_err();
    assert!(error.to_string().contains("line 1"), "{error}");
}

#[test]
fn a_wrong_mapping_names_its_key() {
    let mut wrong = town();
    wrong.lon = "longitude".to_owned();
    assert_eq!(wrong.check().unwrap_err().key, "lon");
    let mut wrong = town();
    wrong
        .work_values
        .insert("2".to_owned(), "mowing".to_owned());
    assert_eq!(wrong.check().unwrap_err().key, "work_values");
}

/// Real polls of Chicago's tracker, which are not part of this project.
#[test]
fn chicagos_polls_hold_1708_unique_fixes_in_any_order() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../shared/data/clearstreets"
    );
    let Ok(entries) = std::fs::read_dir(folder) else {
        // Past the harness, which swallows what a passing test prints.
        let _ = std::io::Write::write_fmt(
            &mut std::io::stderr(),
            format_args!("SKIPPED: {folder} is absent, so Chicago's 19 polls were not read\n"),
        );
        return;
    };
    let mut polls: Vec<_> = entries
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "json"))
        .collect();
    polls.sort();
    assert_eq!(polls.len(), 19);
    let then: Timestamp = "2015-12-02T15:00:00Z".parse().unwrap();
    for reversed in [false, true] {
        if reversed {
            polls.reverse();
        }
        let mut all = Vec::new();
        for poll in &polls {
            let decoded = decode(&std::fs::read(poll).unwrap(), &chicago(), then).unwrap();
            assert_eq!(decoded.rejections, []);
            all.extend(decoded.fixes);
        }
        assert_eq!(all.len(), 2633);
        let (unique, conflicts) = unique_fixes(all);
        assert_eq!((unique.len(), conflicts.len()), (1708, 0));
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode(&bytes, &town(), now());
    }

    #[test]
    fn no_values_make_it_panic(time in any::<f64>(), lon in any::<f64>(), text in ".*") {
        let item = serde_json::json!([{"車両": text, "日時": time, "経度": lon, "緯度": text, "作業": lon}]);
        let _ = decode(item.to_string().as_bytes(), &town(), now());
        let item = serde_json::json!([{"車両": "a", "日時": text, "経度": lon, "緯度": lon}]);
        let _ = decode(item.to_string().as_bytes(), &town(), now());
    }
}

#[test]
fn what_a_vehicle_cannot_do_by_its_type_clears_nothing() {
    let mut town = town();
    town.vehicle_type = Some("/種別".to_owned());
    town.vehicle_types.untyped = Some("plow".to_owned());
    let item = |kind: &str| {
        let rest = r#""車両":"v","日時":"2026/01/15 05:12:00","経度":140.6,"緯度":40.7,"作業":"1""#;
        format!("[{{{rest}{kind}}}]")
    };
    let cases = [
        ("", Some(WorkKind::Plowing)),
        (r#","種別":null"#, Some(WorkKind::Plowing)),
        (r#","種別":"除雪グレーダ""#, Some(WorkKind::Plowing)),
        (r#","種別":"凍結防止剤散布車""#, Some(WorkKind::Deicing)),
        (r#","種別":"ﾀﾞﾝﾌﾟ""#, Some(WorkKind::Transit)),
        (r#","種別":"patrol""#, Some(WorkKind::Transit)),
        (r#","種別":"そり""#, None),
    ];
    for (kind, work) in cases {
        let decoded = decode(item(kind).as_bytes(), &town, now()).unwrap();
        match work {
            Some(_) => assert_eq!(decoded.fixes[0].work, work, "{kind}"),
            None => assert_eq!(decoded.rejections[0].field, "vehicle_type", "{kind}"),
        }
    }
    town.vehicle_types.untyped = Some("sled".to_owned());
    assert!(town.check().is_err());
}

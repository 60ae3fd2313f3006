#![allow(clippy::unwrap_used)]

use super::*;
use domain::observation::QualityFlag;
use domain::work::WorkKind;
use proptest::prelude::*;

fn now() -> Timestamp {
    "2026-01-15T06:00:00+09:00".parse().unwrap()
}

const GOOD: &str =
    r#"{"vehicle_id":"7","observed_at":"2026-01-15T05:00:00+09:00","lon":140.7,"lat":40.8"#;

#[test]
fn an_array_and_lines_say_the_same() {
    let records = [
        format!(r#"{GOOD},"working":true,"speed_kmh":20}}"#),
        r#"{"vehicle_id":7,"observed_at":1768420805,"lon":140.7,"lat":40.8,"work_kind":"grading"}"#
            .to_owned(),
        r#"{"station_id":"31482","observed_at":1768420800,"quantity":"depth_cm","value":412}"#
            .to_owned(),
        r#"{"station_id":"31482","observed_at":1768420800,"quantity":"temperature_c"}"#.to_owned(),
    ];
    let array = decode(format!("[{}]", records.join(",")).as_bytes(), now()).unwrap();
    let lines = decode(records.join("\r\n\n").as_bytes(), now()).unwrap();
    assert_eq!(array, lines);
    assert_eq!(array.rejections, []);
    let works: Vec<_> = array.fixes.iter().map(|f| f.work).collect();
    assert_eq!(works, [Some(WorkKind::Plowing), Some(WorkKind::Grading)]);
    assert!(array.fixes.iter().all(|f| f.vehicle_id == "7"));
    let flags: Vec<_> = array
        .observations
        .iter()
        .map(|o| (o.value, o.flag))
        .collect();
    let expected = [
        (Some(412.0), QualityFlag::Pass),
        (None, QualityFlag::Missing),
    ];
    assert_eq!(flags, expected);
    assert_eq!(decode(b"[]", now()).unwrap(), Decoded::default());
}

#[test]
fn a_bad_record_is_named_by_index_field_and_reason_and_the_rest_goes_on() {
    let cases = [
        (r#"{"vehicle_id":"7"}"#, "observed_at", "missing"),
        (r#"{"lon":1}"#, "", "neither a vehicle_id"),
        (
            r#"{"vehicle_id":"7","station_id":"1"}"#,
            "station_id",
            "a fix or a reading",
        ),
        (&format!(r#"{GOOD},"work":"plowing"}}"#), "work", "unknown"),
        (
            &format!(r#"{GOOD},"work_kind":"mowing"}}"#),
            "work_kind",
            "mowing",
        ),
        (
            &format!(r#"{GOOD},"speed_kmh":"fast"}}"#),
            "speed_kmh",
            "fast",
        ),
        (
            &GOOD.replace("140.7", "240.7").replace("40.8", "40.8}"),
            "lon",
            "outside",
        ),
        (
            &format!("{}}}", GOOD.replace("05:00:00", "09:00:00")),
            "observed_at",
            "ahead",
        ),
        (
            &format!("{}}}", GOOD.replace("2026-01-15T", "")),
            "observed_at",
            "RFC 3339",
        ),
        (
            &format!("{}}}", GOOD.replace(r#""7""#, r#""\u0000""#)),
            "vehicle_id",
            "",
        ),
        (
            r#"{"station_id":"1","observed_at":1768420800,"quantity":"snow"}"#,
            "quantity",
            "depth_cm",
        ),
        (
            r#"{"station_id":"1","observed_at":1768420800,"quantity":"depth_cm","value":1,"flag":"missing"}"#,
            "value",
            "no value exactly",
        ),
        ("[1]", "", "neither"),
    ];
    for (record, field, reason) in cases {
        let body = format!("[{record},{GOOD}}}]");
        let decoded = decode(body.as_bytes(), now()).unwrap();
        assert_eq!(decoded.fixes.len(), 1, "{record}");
        let rejection = &decoded.rejections[0];
        assert_eq!(
            (rejection.position, rejection.field.as_str()),
            (0, field),
            "{record}"
        );
        assert!(
            rejection.reason.contains(reason),
            "{record}: {}",
            rejection.reason
        );
    }
    let lines = decode(format!("{GOOD}}}\n{{broken\n").as_bytes(), now()).unwrap();
    assert_eq!((lines.fixes.len(), lines.rejections[0].position), (1, 1));
}

#[test]
fn values_that_cannot_be_are_told_and_cost_no_record() {
    let body = r#"[
        {},
        {"vehicle_id":"7","observed_at":1768420800,"lon":140.7,"lat":40.8,"heading_deg":-1,"speed_kmh":255},
        {"vehicle_id":"8","observed_at":1768420800,"lon":140.7,"lat":40.8,"heading_deg":359,"speed_kmh":20}
    ]"#;
    let decoded = decode(body.as_bytes(), now()).unwrap();
    let motion: Vec<_> = (decoded.fixes.iter())
        .map(|fix| (fix.heading_deg, fix.speed_kmh))
        .collect();
    assert_eq!(motion, [(None, None), (Some(359.0), Some(20.0))]);
    assert_eq!(decoded.rejections.len(), 1);
    let dropped: Vec<_> = (decoded.dropped_values.iter())
        .map(|value| (value.position, value.field.as_str()))
        .collect();
    assert_eq!(dropped, [(1, "heading_deg"), (1, "speed_kmh")]);
    // Facts know their records, whatever was refused before them.
    let positions: Vec<_> = (decoded.fixes.into_numbered().into_iter())
        .map(|(position, _)| position)
        .collect();
    assert_eq!(positions, [1, 2]);

    let codes = r#"{"station_id":"1","observed_at":1768420800,"quantity":"depth_cm","value":-999}
{"station_id":"2","observed_at":1768420800,"quantity":"depth_cm","value":99999}
{"station_id":"3","observed_at":1768420800,"quantity":"depth_cm","value":4000}"#;
    let readings = decode(codes.as_bytes(), now()).unwrap().observations;
    let told: Vec<_> = (readings.iter())
        .map(|o| (o.value, o.flag, o.reason.is_empty()))
        .collect();
    let expected = [
        (None, QualityFlag::Missing, false),
        (None, QualityFlag::Missing, false),
        (Some(4000.0), QualityFlag::Fail, false),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_body_that_is_no_json_is_refused_whole() {
    for body in ["", " \n", "vehicle_id,lon,lat", "[{]", "\"a\""] {
        assert!(decode(body.as_bytes(), now()).is_err(), "{body}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode(&bytes, now());
    }

    #[test]
    fn every_record_is_taken_or_refused(count in 0usize..20, bad in prop::collection::vec(any::<bool>(), 20)) {
        let records: Vec<String> = (0..count)
            .map(|i| if bad[i] { "{}".to_owned() } else { format!("{GOOD}}}") })
            .collect();
        let decoded = decode(format!("[{}]", records.join(",")).as_bytes(), now()).unwrap();
        prop_assert_eq!(decoded.fixes.len() + decoded.rejections.len(), count);
    }
}

#[test]
fn a_pushed_type_says_what_the_vehicle_clears() {
    for (kind, work) in [
        ("plow", WorkKind::Plowing),
        ("spreader", WorkKind::Deicing),
        ("dump", WorkKind::Transit),
    ] {
        let record = format!(r#"[{GOOD},"working":true,"vehicle_type":"{kind}"}}]"#);
        let decoded = decode(record.as_bytes(), now()).unwrap();
        assert_eq!(decoded.fixes[0].work, Some(work), "{kind}");
    }
    let record = format!(r#"[{GOOD},"vehicle_type":"sled"}}]"#);
    let decoded = decode(record.as_bytes(), now()).unwrap();
    assert_eq!(decoded.rejections[0].field, "vehicle_type");
}

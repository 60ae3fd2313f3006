#![allow(clippy::unwrap_used)]

use super::*;
use crate::decoded::Decoded;
use crate::formats::Decoder;
use domain::work::WorkKind;

fn feature(geometry: &str, properties: &str) -> String {
    format!(r#"{{"type":"Feature","geometry":{geometry},"properties":{{{properties}}}}}"#)
}

const LINE: &str =
    r#"{"type":"LineString","coordinates":[[25.0,65.0],[25.0,65.001,0.0],[25.0,65.004]]}"#;
const POINT: &str = r#"{"type":"Point","coordinates":[25.0,65.0]}"#;
const TIMES: &str =
    r#""id":11,"startTime":"2026-01-15T05:00:00Z","endTime":"2026-01-15T05:00:40Z""#;

fn decode(features: &[String], settings: &MaintenanceTrackingSettings) -> Decoded {
    let now = "2026-01-15T06:00:00Z".parse().unwrap();
    let payload = format!(
        r#"{{"type":"FeatureCollection","dataUpdatedTime":"2026-01-15T05:59:00Z","features":[{}]}}"#,
        features.join(",")
    );
    settings.decode(payload.as_bytes(), now).unwrap()
}

#[test]
fn a_lines_times_are_interpolated_by_length_and_that_is_said() {
    let properties = format!(
        r#"{TIMES},"tasks":["PLOUGHING_AND_SLUSH_REMOVAL","SALTING"],"direction":359.0,"domain":"state-roads","source":"Harja/Väylävirasto""#
    );
    let decoded = decode(&[feature(LINE, &properties)], &Default::default());
    let times: Vec<i64> = decoded
        .fixes
        .iter()
        .map(|f| f.observed_at.as_second() % 60)
        .collect();
    assert_eq!(times, [0, 10, 40]);
    assert!(
        decoded
            .fixes
            .iter()
            .all(|f| f.work == Some(WorkKind::Plowing))
    );
    assert_eq!(decoded.fixes[2].heading_deg, Some(359.0));
    let notes = decoded.notes.join("\n");
    for wanted in [
        "interpolated by length",
        "Harja/Väylävirasto (1)",
        "names no vehicles",
    ] {
        assert!(notes.contains(wanted), "{wanted}: {notes}");
    }
}

#[test]
fn a_track_without_task_is_transit() {
    let properties = r#""id":11,"time":"2026-01-15T05:00:00Z","tasks":[]"#;
    let decoded = decode(&[feature(POINT, properties)], &Default::default());
    assert_eq!(decoded.fixes[0].work, Some(WorkKind::Transit));
    assert_eq!(decoded.fixes[0].vehicle_id, "11");
}

#[test]
fn only_the_wanted_domains_are_taken_and_the_others_counted() {
    let settings = MaintenanceTrackingSettings {
        domains: vec!["oulu".to_owned()],
        ..Default::default()
    };
    let of = |domain: &str| feature(POINT, &format!(r#"{TIMES},"domain":"{domain}""#));
    let decoded = decode(&[of("oulu"), of("state-roads")], &settings);
    assert_eq!(decoded.fixes.len(), 1);
    assert!(
        decoded.notes.iter().any(|n| n.starts_with("1 features")),
        "{:?}",
        decoded.notes
    );
}

#[test]
fn a_bad_feature_names_its_field_and_the_rest_goes_on() {
    let cases = [
        (feature(POINT, r#""id":11"#), "properties.endTime"),
        (
            feature(POINT, r#""id":"x","time":"2026-01-15T05:00:00Z""#),
            "properties.id",
        ),
        (
            feature(POINT, r#""id":1,"time":"2027-01-15T05:00:00Z""#),
            "properties.time",
        ),
        (
            feature(r#"{"type":"Point","coordinates":[25.0]}"#, TIMES),
            "geometry",
        ),
        (
            feature(r#"{"type":"LineString","coordinates":[]}"#, TIMES),
            "geometry",
        ),
        (
            feature(r#"{"type":"Point","coordinates":[0.0,0.0]}"#, TIMES),
            "geometry",
        ),
        (
            feature(
                POINT,
                r#""id":1,"startTime":"2026-01-15T05:00:01Z","endTime":"2026-01-15T05:00:00Z""#,
            ),
            "properties.endTime",
        ),
    ];
    for (bad, field) in cases {
        let decoded = decode(&[feature(POINT, TIMES), bad.clone()], &Default::default());
        assert_eq!(decoded.fixes.len(), 1, "{bad}");
        let rejection = &decoded.rejections[0];
        assert_eq!(
            (rejection.position, rejection.field.as_str()),
            (1, field),
            "{bad}"
        );
    }
}

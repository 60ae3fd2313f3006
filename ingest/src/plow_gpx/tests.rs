#![allow(clippy::unwrap_used)]

use super::*;
use crate::decoded::Decoded;
use crate::formats::Decoder;
use domain::geometry::LonLat;
use domain::work::WorkKind;

fn settings(json: &str) -> PlowGpxSettings {
    serde_json::from_str(json).unwrap()
}

fn decode(settings: &PlowGpxSettings, text: &str) -> Decoded {
    let now = "2026-01-15T06:00:00+09:00".parse().unwrap();
    settings.decode(text.as_bytes(), now).unwrap()
}

#[test]
fn both_versions_and_extensions_are_read() {
    let gpx10 = r#"<?xml version="1.0"?><gpx version="1.0" xmlns="http://www.topografix.com/GPX/1/0">
        <wpt lat="40" lon="140"><name>車庫</name></wpt>
        <trk><name>除雪&amp;7号</name><type>新雪除雪</type><trkseg>
        <trkpt lat="40.7" lon="140.6"><time>2026-01-14T20:12:00Z</time><course>90.5</course><speed>5</speed></trkpt>
        </trkseg></trk></gpx>"#;
    let gpx11 = r#"<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1" xmlns:g="x">
        <metadata><name>一日分</name></metadata>
        <trk><name><![CDATA[除雪&7号]]></name><type>新雪除雪</type><trkseg>
        <trkpt lat="40.7" lon="140.6"><ele>3</ele><time>2026-01-14T20:12:00Z</time><extensions>
        <g:TrackPointExtension><g:speed>5</g:speed><g:course>90.5</g:course></g:TrackPointExtension>
        </extensions></trkpt></trkseg></trk></gpx>"#;
    for text in [gpx10, gpx11] {
        let decoded = decode(&settings(r#"{"work":"type"}"#), text);
        assert_eq!(decoded.rejections, [], "{text}");
        let fix = &decoded.fixes[0];
        assert_eq!(fix.vehicle_id, "除雪&7号");
        assert_eq!(fix.at, LonLat::new(140.6, 40.7));
        assert_eq!((fix.heading_deg, fix.speed_kmh), (Some(90.5), Some(18.0)));
        assert_eq!(fix.work, Some(WorkKind::Plowing));
        assert_eq!(fix.observed_at.to_string(), "2026-01-14T20:12:00Z");
    }
    assert!(decode(&settings("{}"), gpx10).notes[0].starts_with("1 waypoints"));
}

fn one(point: &str) -> String {
    format!(
        "<gpx>\n<trk><trkseg>\n<trkpt lat=\"40.7\" lon=\"140.6\"><time>2026-01-14T20:12:00Z</time></trkpt>\n\
         {point}\n</trkseg></trk></gpx>"
    )
}

#[test]
fn a_bad_point_names_line_and_field_and_the_rest_goes_on() {
    let time = "<time>2026-01-14T20:12:00Z</time>";
    let cases = [
        ("<trkpt lat=\"40.7\" lon=\"140.6\"/>".to_owned(), "time"),
        (
            "<trkpt lat=\"40.7\" lon=\"140.6\"><time>5:12</time></trkpt>".to_owned(),
            "time",
        ),
        (
            "<trkpt lat=\"40.7\" lon=\"140.6\"><time>2016-01-14T20:12:00Z</time></trkpt>"
                .to_owned(),
            "time",
        ),
        (format!("<trkpt lon=\"140.6\">{time}</trkpt>"), "lat"),
        (
            format!("<trkpt lat=\"x\" lon=\"140.6\">{time}</trkpt>"),
            "lat",
        ),
        (
            format!("<trkpt lat=\"40.7\" lon=\"240.6\">{time}</trkpt>"),
            "lon",
        ),
        (
            format!("<trkpt lat=\"40.7\" lon=\"140.6\">{time}<speed>fast</speed></trkpt>"),
            "speed",
        ),
    ];
    for (bad, field) in cases {
        let decoded = decode(&settings(r#"{"vehicle":"7"}"#), &one(&bad));
        assert_eq!(decoded.fixes.len(), 1, "{bad}");
        let rejection = &decoded.rejections[0];
        assert_eq!(
            (rejection.position, rejection.field.as_str()),
            (4, field),
            "{bad}"
        );
        assert_eq!(rejection.record, bad);
    }
    let nameless = decode(&settings("{}"), &one(""));
    assert_eq!(nameless.rejections[0].field, "name");
}

#[test]
fn a_document_that_breaks_off_gives_what_it_had_and_says_where() {
    let whole = one("<trkpt lat=\"40.8\" lon=\"140.6\"><time>2026-01-14T20:13:00Z</time></trkpt>");
    let cut = &whole[..whole.find("40.8").unwrap()];
    let decoded = decode(&settings(r#"{"vehicle":"7"}"#), cut);
    assert_eq!(decoded.fixes.len(), 1);
    assert_eq!(decoded.rejections.len(), 1);
    assert!(
        decoded.rejections[0].reason.contains("breaks off"),
        "{:?}",
        decoded.rejections
    );
    let deep = format!("<gpx>{}", "<a>".repeat(100_000));
    let decoded = decode(&settings("{}"), &deep);
    assert!(decoded.rejections[0].reason.contains("deeper than 64"));
    for other in ["", "<kml></kml>", "車両,日時"] {
        let now = "2026-01-15T06:00:00+09:00".parse().unwrap();
        assert!(
            settings("{}").decode(other.as_bytes(), now).is_err(),
            "{other}"
        );
    }
}

#![allow(clippy::unwrap_used)]

use super::*;
use crate::decoded::Decoded;
use crate::formats::Decoder;
use domain::fix::PlowFix;
use domain::matching::{MatchParams, split_traces};
use domain::work::WorkKind;
use jiff::Timestamp;

fn message(time: &str, place: &str, tasks: &str) -> String {
    format!(
        r#"{{"otsikko":{{"viestintunniste":{{"id":1}}}},"havainnot":[{{"havainto":{{
            "tyokone":{{"id":7,"tyokonetyyppi":"aura-auto"}},"sijainti":{place},"suunta":90,
            "urakkaid":3,"havaintoaika":"{time}","suoritettavatTehtavat":{tasks}}}}}]}}"#
    )
}

fn decode(payload: &str) -> Decoded {
    let now = "2026-01-15T06:00:00Z".parse().unwrap();
    HarjaSettings::default()
        .decode(payload.as_bytes(), now)
        .unwrap()
}

#[test]
fn a_line_ends_at_its_time_and_is_counted_back() {
    let line = r#"{"viivageometria":{"type":"LineString","coordinates":
        [[350000,7620000],[350000,7620100],[350000,7620200,5.0]]}}"#;
    let decoded = decode(&message(
        "2026-01-15T07:00:00+02:00",
        line,
        r#"["suolaus"]"#,
    ));
    assert_eq!(decoded.rejections, []);
    assert_eq!(decoded.fixes.len(), 3);
    let last = &decoded.fixes[2];
    assert_eq!(last.observed_at.to_string(), "2026-01-15T05:00:00Z");
    assert_eq!(
        (last.heading_deg, last.work),
        (Some(90.0), Some(WorkKind::Deicing))
    );
    assert_eq!(last.vehicle_id, "3-7");
    assert_eq!(decoded.fixes[0].heading_deg, None);
    let seconds = last
        .observed_at
        .duration_since(decoded.fixes[0].observed_at)
        .as_secs_f64();
    assert!(
        (seconds - 12.0).abs() < 0.1,
        "200 m at 60 km/h: {seconds} s"
    );
    assert!(decoded.notes[0].contains("60 km/h"), "{:?}", decoded.notes);
}

#[test]
fn a_message_without_task_is_transit_and_bad_ones_name_their_field() {
    let point = r#"{"koordinaatit":{"x":350718.9,"y":7620910.3}}"#;
    let decoded = decode(&message("2026-01-15T07:00:00+02:00", point, "[]"));
    assert_eq!(decoded.fixes[0].work, Some(WorkKind::Transit));
    let cases = [
        (message("tomorrow", point, "[]"), "havainto.havaintoaika"),
        (
            message("2019-01-15T07:00:00+02:00", point, "[]"),
            "havainto.havaintoaika",
        ),
        (
            message("2026-01-15T07:00:00+02:00", "{}", "[]"),
            "havainto.sijainti",
        ),
        (
            message(
                "2026-01-15T07:00:00+02:00",
                r#"{"koordinaatit":{"x":"a","y":1}}"#,
                "[]",
            ),
            "havainto.sijainti.koordinaatit.x",
        ),
        (
            message(
                "2026-01-15T07:00:00+02:00",
                r#"{"koordinaatit":{"x":1e9,"y":1}}"#,
                "[]",
            ),
            "havainto.sijainti",
        ),
    ];
    for (bad, field) in cases {
        let both = format!(
            "[{bad},{}]",
            message("2026-01-15T07:00:00+02:00", point, "[]")
        );
        let decoded = decode(&both);
        assert_eq!(decoded.fixes.len(), 1, "{bad}");
        let rejection = &decoded.rejections[0];
        assert_eq!(
            (rejection.position, rejection.field.as_str()),
            (0, field),
            "{bad}"
        );
        assert!(rejection.record.contains("havainto"));
    }
}

/// Stretches of a track that belong together and are of one work.
fn stretches(fixes: &[PlowFix]) -> Vec<(usize, Option<WorkKind>)> {
    let mut found = Vec::new();
    for trace in split_traces(fixes, &MatchParams::default()) {
        for run in trace.fixes.chunk_by(|a, b| a.work == b.work) {
            found.push((run.len(), run[0].work));
        }
    }
    found
}

/// Messages of Finland's own tests, which are not part of this project: each folder is named for what
/// its track shows.
#[test]
fn tracks_split_as_their_folders_names_say() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../shared/data/harja/service"
    );
    if !std::path::Path::new(folder).exists() {
        let _ = std::io::Write::write_fmt(
            &mut std::io::stderr(),
            format_args!("SKIPPED: {folder} is absent, so Finland's messages were not read\n"),
        );
        return;
    }
    let track = |name: &str| {
        let mut files: Vec<_> = std::fs::read_dir(format!("{folder}/{name}"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        let mut fixes = Vec::new();
        for file in files {
            let now: Timestamp = match name {
                "missingtask" | "timegap" => "2019-01-30T12:00:00Z",
                _ => "2020-10-20T12:00:00Z",
            }
            .parse()
            .unwrap();
            let settings = HarjaSettings::default();
            let decoded = settings
                .decode(&std::fs::read(&file).unwrap(), now)
                .unwrap();
            assert_eq!(decoded.rejections, [], "{}", file.display());
            fixes.extend(decoded.fixes);
        }
        fixes.sort_by_key(|fix| fix.observed_at);
        stretches(&fixes)
    };
    use WorkKind::{Deicing, Plowing, Transit};
    // Five minutes apart belong together, forty don't.
    let works: Vec<_> = track("timegap").into_iter().map(|s| s.1.unwrap()).collect();
    assert_eq!(works, [Plowing, Deicing]);
    // The message without task is a stretch of driving between two of plowing.
    let works: Vec<_> = track("missingtask")
        .into_iter()
        .map(|s| s.1.unwrap())
        .collect();
    assert_eq!(works, [Plowing, Transit, Plowing]);
    // One line that jumps twice is three.
    assert_eq!(track("distancegap").len(), 3);
    // Lines a minute apart go on from each other.
    assert_eq!(track("linestring").len(), 1);
    // Snow sticks are set up, nothing is cleared; three single positions are one track.
    assert_eq!(track("point"), [(3, Some(Transit))]);
}

#[test]
fn the_machines_type_is_read_and_an_unknown_one_counts_as_not_told() {
    let place = r#"{"koordinaatit":{"x":350000,"y":7620000}}"#;
    let told = message(
        "2026-01-15T07:00:00+02:00",
        place,
        r#"["auraus ja sohjonpoisto"]"#,
    );
    for (kind, work) in [
        ("aura-auto", WorkKind::Plowing),
        ("dump", WorkKind::Transit),
        ("Huoltoauto", WorkKind::Plowing),
    ] {
        let decoded = decode(&told.replace("aura-auto", kind));
        assert_eq!(decoded.fixes[0].work, Some(work), "{kind}");
    }
}

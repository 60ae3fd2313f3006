#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::decoded::{DecodeError, Decoded};
use crate::formats::{Decoder, MAX_PAYLOAD_BYTES, decode_within};
use crate::payload::{Companions, pack};
use domain::observation::{QualityFlag, Quantity};
use jiff::Timestamp;
use std::collections::BTreeSet;

const TABLE: &str = r#"{"31461":{"type":"C","lat":[40,38.9],"lon":[140,50.9],"alt":890,"kjName":"酸ケ湯","knName":"スカユ","enName":"Sukayu"},
 "31312":{"lat":[40,49.3],"lon":[140,46.1],"alt":"high"}}"#;
const NAME: &str = "20260115050000.json";

fn now() -> Timestamp {
    "2026-01-15T06:00:00+09:00".parse().unwrap()
}

fn decode_at(
    settings: &str,
    name: &str,
    map: &str,
    now: Timestamp,
) -> Result<Decoded, DecodeError> {
    let settings: AmedasSettings = toml::from_str(settings).unwrap();
    settings.check().unwrap();
    let companions = Companions::from([("stations".to_owned(), TABLE.as_bytes().to_vec())]);
    let payload = pack(name, map.as_bytes(), &companions).unwrap();
    decode_within(&settings, MAX_PAYLOAD_BYTES, &payload, now)
}

fn decode(settings: &str, map: &str) -> Decoded {
    decode_at(settings, NAME, map, now()).unwrap()
}

#[test]
fn a_value_under_a_flag_that_means_missing_is_never_a_value() {
    use QualityFlag::{Fail, Missing, Pass, Suspect};
    let cases = [
        ("[79, 0]", Some((Some(79.0), Pass))),
        ("[0, 0]", Some((Some(0.0), Pass))),
        ("[17, 1]", Some((Some(17.0), Suspect))),
        ("[17, 4]", Some((Some(17.0), Suspect))),
        ("[17, 2]", Some((Some(17.0), Fail))),
        ("[17, 3]", Some((Some(17.0), Fail))),
        ("[null, 5]", Some((None, Missing))),
        ("[0, 5]", Some((None, Missing))),
        ("[0, 6]", Some((None, Missing))),
        ("[0, 7]", Some((None, Missing))),
        ("[null, 0]", Some((None, Missing))),
        // No gauge, no reading.
        ("[0, null]", None),
        ("[null, null]", None),
    ];
    for (pair, wanted) in cases {
        let decoded = decode("", &format!(r#"{{"31461":{{"snow":{pair}}}}}"#));
        assert_eq!(decoded.rejections, [], "{pair}");
        let read = decoded.observations.first().map(|o| (o.value, o.flag));
        assert_eq!(read, wanted, "{pair}");
        for o in &decoded.observations {
            assert_eq!(o.reason.is_empty(), o.flag == Pass, "{pair}");
        }
    }
}

#[test]
fn a_bad_element_is_rejected_and_the_others_go_on() {
    for bad in [
        "[\"x\", 0]",
        "[1]",
        "7",
        "null",
        "[1, 9]",
        "[1, -1]",
        "[1, \"0\"]",
        "{}",
    ] {
        let map =
            format!(r#"{{"99999":{{"temp":[1.5,0]}},"31461":{{"snow":{bad},"temp":[-7.1,0]}}}}"#);
        let decoded = decode("", &map);
        assert_eq!(decoded.observations.len(), 2, "{bad}");
        let rejection = &decoded.rejections[0];
        assert_eq!(
            (rejection.position, rejection.field.as_str()),
            (1, "snow"),
            "{bad}"
        );
        assert!(rejection.record.contains("31461"), "{}", rejection.record);
    }
    for bad in [r#""31461":[]"#, r#""Aomori":{}"#, r#""31461":7"#] {
        let decoded = decode("", &format!(r#"{{{bad},"31462":{{"temp":[1,0]}}}}"#));
        assert_eq!(
            (decoded.rejections.len(), decoded.observations.len()),
            (1, 1),
            "{bad}"
        );
    }
}

#[test]
fn the_wind_comes_from_sixteen_points() {
    let from = |point: &str| {
        let decoded = decode(
            "",
            &format!(r#"{{"31461":{{"windDirection":[{point},0]}}}}"#),
        );
        decoded.observations.first().map(|o| o.value)
    };
    assert_eq!(from("4"), Some(Some(90.0)));
    assert_eq!(from("16"), Some(Some(0.0)));
    assert_eq!(from("0"), Some(None), "calm has no direction");
    assert_eq!(from("17"), None);
}

#[test]
fn stations_are_placed_by_degrees_and_minutes_and_unlisted_ones_are_kept_and_named() {
    let decoded = decode(
        "",
        r#"{"31461":{"temp":[1,0]},"31312":{"temp":[1,0]},"15156":{"temp":[1,0]}}"#,
    );
    let sukayu = &decoded.stations[0];
    let at = sukayu.at.unwrap();
    assert!((at.lat - 40.648_333).abs() < 1e-6 && (at.lon - 140.848_333).abs() < 1e-6);
    assert_eq!(
        (sukayu.name.ja.as_str(), sukayu.elevation_m),
        ("酸ケ湯", Some(890.0))
    );
    assert_eq!(decoded.stations.len(), 3);
    assert_eq!(decoded.observations.len(), 3);
    assert!(
        decoded.notes[0].contains("2 stations") && decoded.notes[0].contains("15156"),
        "{:?}",
        decoded.notes
    );
    assert!(
        decoded.notes[1].contains("31312") && decoded.notes[1].contains("high"),
        "{:?}",
        decoded.notes
    );
}

#[test]
fn the_time_is_the_names_in_jst_and_must_be_believable() {
    let map = r#"{"31461":{"temp":[1,0]}}"#;
    for name in [NAME, "amedas_map_20260115050000.json"] {
        let decoded = decode_at("", name, map, now()).unwrap();
        assert_eq!(
            decoded.observations[0].observed_at.to_string(),
            "2026-01-14T20:00:00Z"
        );
    }
    let cases = [
        ("map.json", "latest"),
        ("20261315050000.json", "latest"),
        ("20260115070000.json", "ahead"),
        ("20230115050000.json", "days old"),
    ];
    for (name, wanted) in cases {
        let error = decode_at("", name, map, now()).unwrap_err();
        assert!(
            error.0.contains(wanted) && error.0.contains(name),
            "{error}"
        );
    }
}

#[test]
fn only_what_is_wanted_is_taken() {
    let map = r#"{"31461":{"snow":[79,0],"temp":[1,0]},"11001":{"temp":[1,0]}}"#;
    let decoded = decode(
        "station_prefixes = [\"31\"]\nquantities = [\"depth_cm\"]\n",
        map,
    );
    assert_eq!(decoded.stations.len(), 1);
    let quantities: Vec<Quantity> = decoded.observations.iter().map(|o| o.quantity).collect();
    assert_eq!(quantities, [Quantity::DepthCm]);
    for (keys, key) in [
        ("quantities = [\"depth\"]", "quantities"),
        ("station_prefixes = [\"青森\"]", "station_prefixes"),
    ] {
        let settings: AmedasSettings = toml::from_str(keys).unwrap();
        assert_eq!(settings.check().unwrap_err().key, key);
    }
}

/// A whole map file of JMA, which is not part of this project.
#[test]
fn jmas_file_holds_1286_stations_of_which_6_are_not_in_the_table_and_no_false_zero() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/jma");
    let file = |name: &str| std::fs::read(format!("{folder}/{name}"));
    let Ok(table) = file("amedastable.json") else {
        // Past the harness, which swallows what a passing test prints.
        let _ = std::io::Write::write_fmt(
            &mut std::io::stderr(),
            format_args!("SKIPPED: {folder} is absent, so JMA's map file was not read\n"),
        );
        return;
    };
    let companions = Companions::from([("stations".to_owned(), table)]);
    let decode = |file_name: &str, name: &str, now: &str| {
        let payload = pack(name, &file(file_name).unwrap(), &companions).unwrap();
        let settings = AmedasSettings::default();
        let now = now.parse().unwrap();
        decode_within(&settings, MAX_PAYLOAD_BYTES, &payload, now).unwrap()
    };
    let summer = "amedas_map_20250628180000.json";
    let decoded = decode(summer, summer, "2025-06-28T18:05:00+09:00");
    assert_eq!(decoded.rejections, []);
    assert_eq!(decoded.stations.len(), 1286);
    let unlisted: Vec<&str> = decoded
        .stations
        .iter()
        .filter(|s| s.at.is_none())
        .map(|s| s.id.as_str())
        .collect();
    assert_eq!(
        unlisted,
        ["15156", "41172", "45148", "74182", "81146", "88837"]
    );
    assert!(
        unlisted.iter().all(|id| decoded.notes[0].contains(id)),
        "{:?}",
        decoded.notes
    );
    let snow = [
        Quantity::DepthCm,
        Quantity::Snowfall1hCm,
        Quantity::Snowfall6hCm,
        Quantity::Snowfall12hCm,
        Quantity::Snowfall24hCm,
    ];
    for quantity in snow {
        let readings: Vec<_> = decoded
            .observations
            .iter()
            .filter(|o| o.quantity == quantity)
            .collect();
        // The stations with a gauge, all out of season: missing, and none of them 0.
        assert_eq!(readings.len(), 336, "{quantity:?}");
        assert!(
            readings
                .iter()
                .all(|o| o.value.is_none() && o.flag == QualityFlag::Missing),
            "{quantity:?}"
        );
    }
    let flags: BTreeSet<QualityFlag> = decoded.observations.iter().map(|o| o.flag).collect();
    assert_eq!(
        flags,
        BTreeSet::from([
            QualityFlag::Pass,
            QualityFlag::Suspect,
            QualityFlag::Missing
        ])
    );

    let winter = decode(
        "amedas_map_winter_excerpt.json",
        "20260115050000.json",
        "2026-01-15T06:00:00+09:00",
    );
    let of = |quantity| {
        winter
            .observations
            .iter()
            .find(|o| o.quantity == quantity)
            .map(|o| (o.station_id.as_str(), o.value, o.flag))
    };
    assert_eq!(
        of(Quantity::DepthCm),
        Some(("11016", Some(79.0), QualityFlag::Pass))
    );
    assert_eq!(
        of(Quantity::Snowfall1hCm),
        Some(("11016", Some(0.0), QualityFlag::Pass))
    );
    assert_eq!(
        of(Quantity::Snowfall24hCm),
        Some(("11016", Some(17.0), QualityFlag::Suspect))
    );
}

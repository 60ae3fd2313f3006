#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::decoded::Decoded;
use crate::formats::Decoder;
use domain::zone_order::OrderState;
use jiff::Timestamp;
use std::collections::BTreeSet;

const KEYS: &str = r#"
zone = "工区"
state = "ステータス"
as_of = "取得日時"
"#;

fn decode(keys: &str, payload: &str) -> Decoded {
    let mapping: ZoneOrdersMapping = toml::from_str(keys).unwrap();
    mapping.check().unwrap();
    mapping.decode(payload.as_bytes(), now()).unwrap()
}

fn now() -> Timestamp {
    "2026-02-12T06:00:00+09:00".parse().unwrap()
}

#[test]
fn states_are_read_with_their_explanations_cut() {
    use OrderState::{Checking, Completed, Scheduled, Working};
    let cases = [
        ("現場確認中", Some(Checking)),
        ("現場確認中（現場確認中のもの）", Some(Checking)),
        (
            "作業予定あり (直近の作業日程が予定されているもの)",
            Some(Scheduled),
        ),
        ("作業中", Some(Working)),
        ("　作業完了　", Some(Completed)),
        ("working", Some(Working)),
        ("待機", Some(Scheduled)),
        ("解除（終了）", None),
        ("-", None),
        ("－", None),
    ];
    let keys =
        format!("{KEYS}state_values = {{ \"待機\" = \"scheduled\", \"解除\" = \"none\" }}\n");
    for (word, wanted) in cases {
        let csv = format!("取得日時,工区,ステータス\n2026-02-11 14:34:24,A-1,{word}\n");
        let decoded = decode(&keys, &csv);
        assert_eq!(decoded.rejections, [], "{word}");
        assert_eq!(decoded.orders[0].state, wanted, "{word}");
    }
}

#[test]
fn an_unknown_state_is_rejected_with_the_way_to_map_it() {
    let decoded = decode(
        KEYS,
        "取得日時,工区,ステータス\n2026-02-11 14:34,A-1,準備中（仮）\n2026-02-11 14:34,A-2,\n",
    );
    let [unknown, missing] = &decoded.rejections[..] else {
        panic!("{:?}", decoded.rejections);
    };
    assert_eq!((unknown.position, unknown.field.as_str()), (2, "state"));
    for word in ["準備中", "state_values", "scheduled", "none"] {
        assert!(unknown.reason.contains(word), "{}", unknown.reason);
    }
    assert_eq!(
        (missing.field.as_str(), missing.reason.as_str()),
        ("state", "is missing")
    );
}

#[test]
fn names_have_one_form_and_keep_what_people_know() {
    let csv = "取得日時,工区,ステータス\n2月11日 19:00 現在,Ａ－１,作業中\n2月11日 19:00 現在,鶴ｹ坂･孫内工区,作業中\n";
    let decoded = decode(KEYS, csv);
    let zones: Vec<&str> = decoded.orders.iter().map(|o| o.zone.as_str()).collect();
    assert_eq!(zones, ["A-1", "鶴ケ坂・孫内工区"]);
    assert_eq!(decoded.orders[0].as_of.to_string(), "2026-02-11T10:00:00Z");
}

#[test]
fn a_time_of_last_year_is_found_in_january() {
    let mapping: ZoneOrdersMapping = toml::from_str(KEYS).unwrap();
    let csv = "取得日時,工区,ステータス\n12月31日 23:00 現在,A-1,作業中\n";
    let at = "2026-01-01T05:00:00+09:00".parse().unwrap();
    let decoded = mapping.decode(csv.as_bytes(), at).unwrap();
    assert_eq!(decoded.orders[0].as_of.to_string(), "2025-12-31T14:00:00Z");
}

#[test]
fn parts_of_a_route_are_joined_and_contradictions_refused() {
    let keys = format!("{KEYS}geometry = \"形\"\n");
    let row = |state: &str, line: &str| format!("2026-02-11 19:00,新町線,{state},{line}\n");
    let header = "取得日時,工区,ステータス,形\n";
    let first = "\"LINESTRING(140.7 40.8, 140.8 40.8)\"";
    let second = "\"LINESTRING(140.8 40.8, 140.9 40.8)\"";
    let csv = [
        header,
        &row("作業中", first),
        &row("作業中", second),
        &row("作業完了", first),
        &row("作業中", first),
    ]
    .concat();
    let decoded = decode(&keys, &csv);
    // The last row is a repeat, told as the whole.
    assert_eq!(decoded.orders.len(), 2);
    assert_eq!(decoded.orders[0], decoded.orders[1]);
    assert_eq!(decoded.orders[0].place.lines.len(), 2);
    let rejection = &decoded.rejections[0];
    assert_eq!((rejection.position, rejection.field.as_str()), (4, "state"));
    assert!(
        rejection.reason.contains("working and completed"),
        "{}",
        rejection.reason
    );
}

#[test]
fn a_map_of_google_is_read_with_folders_and_descriptions() {
    let kml = r#"<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>2月11日 19:00 現在</name>
<Folder><name>作業中</name>
<Placemark><name>Ａ－１</name><ExtendedData><Data name="メモ"><value>x &amp; y</value></Data></ExtendedData>
<Polygon><outerBoundaryIs><LinearRing><coordinates>140.6,40.8,0 140.7,40.8,0 140.7,40.9,0 140.6,40.8,0</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>
<Placemark><name>Ａ－２</name><LineString><coordinates>140.6,40.8 140.7,north</coordinates></LineString></Placemark>
</Folder></Document></kml>"#;
    let keys = "zone = \"name\"\nstate = \"folder\"\nas_of = \"document\"\n";
    let decoded = decode(keys, kml);
    let order = &decoded.orders[0];
    assert_eq!(
        (order.zone.as_str(), order.state),
        ("A-1", Some(OrderState::Working))
    );
    assert_eq!(order.as_of.to_string(), "2026-02-11T10:00:00Z");
    assert_eq!(order.place.areas[0][0].len(), 4);
    let rejection = &decoded.rejections[0];
    assert_eq!(
        (rejection.position, rejection.field.as_str()),
        (1, "geometry")
    );
    assert!(
        rejection.record.starts_with("<Placemark>") && rejection.record.ends_with("</Placemark>")
    );

    let described = r#"<kml><Placemark><name>B-1</name>
<description><![CDATA[ステータス: 作業予定あり（予定）<br>更新日時: 2月11日 19:00 現在]]></description></Placemark></kml>"#;
    let keys = "zone = \"name\"\nstate = \"ステータス\"\nas_of = \"更新日時\"\n";
    let decoded = decode(keys, described);
    assert_eq!(decoded.rejections, []);
    assert_eq!(decoded.orders[0].state, Some(OrderState::Scheduled));
}

#[test]
fn without_a_time_the_payloads_own_holds_and_that_is_noted() {
    let decoded = decode(
        "zone = \"工区\"\nstate = \"状態\"\n",
        "工区,状態\nA-1,作業中\n",
    );
    assert_eq!(decoded.orders[0].as_of, now());
    assert_eq!(decoded.notes.len(), 1);
}

#[test]
fn a_wrong_key_is_named() {
    let wrong = format!("{KEYS}state_values = {{ \"待機\" = \"waiting\" }}\n");
    let mapping: ZoneOrdersMapping = toml::from_str(&wrong).unwrap();
    let error = mapping.check().unwrap_err().to_string();
    assert!(
        error.contains("state_values") && error.contains("checking"),
        "{error}"
    );
}

/// What Aomori City published, which is not part of this project.
#[test]
fn aomoris_zones_have_a_state_in_both_snapshots_and_polygons_join_by_name() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/aomori");
    let Ok(csv) = std::fs::read_to_string(format!("{folder}/koku_status_2snapshots.csv")) else {
        // Past the harness, which swallows what a passing test prints.
        let _ = std::io::Write::write_fmt(
            &mut std::io::stderr(),
            format_args!("SKIPPED: {folder} is absent, so Aomori's zones were not read\n"),
        );
        return;
    };
    let decoded = decode(KEYS, &csv);
    assert_eq!(decoded.rejections, []);
    let times: BTreeSet<Timestamp> = decoded.orders.iter().map(|o| o.as_of).collect();
    assert_eq!(times.len(), 2);
    let zones_at = |at: Timestamp| -> BTreeSet<&str> {
        let stated = decoded
            .orders
            .iter()
            .filter(|o| o.as_of == at && o.state.is_some());
        stated.map(|o| o.zone.as_str()).collect()
    };
    for at in &times {
        assert_eq!(zones_at(*at).len(), 192, "{at}");
    }

    let map_keys = "zone = \"名前\"\nstate = \"ステータス\"\nas_of = \"更新日時\"\n";
    let map = std::fs::read_to_string(format!("{folder}/koku_A1_A3_A4.geojson")).unwrap();
    let polygons = decode(map_keys, &map);
    assert_eq!(polygons.rejections, []);
    let names: Vec<&str> = polygons.orders.iter().map(|o| o.zone.as_str()).collect();
    assert_eq!(names, ["A-1", "A-3", "A-4"]);
    for order in &polygons.orders {
        assert_eq!(order.place.areas.len(), 1);
        assert_eq!(order.as_of.to_string(), "2026-02-11T10:00:00Z");
        assert!(
            times
                .iter()
                .all(|at| zones_at(*at).contains(order.zone.as_str()))
        );
    }

    let routes = std::fs::read_to_string(format!("{folder}/rosen_first18.geojson")).unwrap();
    let routes = decode(map_keys, &routes);
    assert_eq!((routes.orders.len(), routes.rejections.len()), (1, 0));
    assert_eq!(routes.orders[0].zone, "新町地区線");
    assert_eq!(routes.orders[0].place.lines.len(), 18);
}

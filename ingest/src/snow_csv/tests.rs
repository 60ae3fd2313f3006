#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::decoded::Decoded;
use crate::formats::Decoder;
use domain::geometry::LonLat;
use domain::observation::{QualityFlag, Quantity};
use jiff::Timestamp;
use proptest::prelude::*;

const BY_QUANTITY: &str = r#"
station = "観測所"
observed_at = "日時"
columns = { depth_cm = "積雪深(cm)", temperature_c = "気温" }
missing = ["-999", "欠測"]
invalid = ["0"]
"#;

fn mapping(keys: &str) -> SnowCsvMapping {
    let mapping: SnowCsvMapping = toml::from_str(keys).unwrap();
    mapping.check().unwrap();
    mapping
}

fn decode(keys: &str, payload: &str) -> Decoded {
    mapping(keys).decode(payload.as_bytes(), now()).unwrap()
}

fn now() -> Timestamp {
    "2026-01-15T06:00:00+09:00".parse().unwrap()
}

/// Station, quantity, value and flag of each reading.
fn readings(decoded: &Decoded) -> Vec<(&str, Quantity, Option<f64>, QualityFlag)> {
    let all = decoded.observations.iter();
    all.map(|o| (o.station_id.as_str(), o.quantity, o.value, o.flag))
        .collect()
}

#[test]
fn what_means_no_value_is_missing_and_zero_stays_zero_unless_it_is_said_to_be_invalid() {
    let cases = [
        ("35", Some(35.0), QualityFlag::Pass),
        ("３５㎝", Some(35.0), QualityFlag::Pass),
        ("-999", None, QualityFlag::Missing),
        ("-999.0", None, QualityFlag::Missing),
        ("欠測", None, QualityFlag::Missing),
        ("－", None, QualityFlag::Missing),
        ("", None, QualityFlag::Missing),
        ("0", Some(0.0), QualityFlag::Fail),
    ];
    for (cell, value, flag) in cases {
        let decoded = decode(
            BY_QUANTITY,
            &format!("日時,観測所,積雪深(cm),気温\n2026/1/15 5:00,酸ケ湯,{cell},-3\n"),
        );
        assert_eq!(decoded.rejections, [], "{cell}");
        assert_eq!(
            readings(&decoded),
            [
                ("酸ケ湯", Quantity::DepthCm, value, flag),
                (
                    "酸ケ湯",
                    Quantity::TemperatureC,
                    Some(-3.0),
                    QualityFlag::Pass
                )
            ],
            "{cell}"
        );
        let depth = &decoded.observations[0];
        assert_eq!(depth.reason.is_empty(), flag == QualityFlag::Pass, "{cell}");
    }
    let plain = BY_QUANTITY.replace("invalid = [\"0\"]\n", "");
    let decoded = decode(
        &plain,
        "日時,観測所,積雪深(cm),気温\n2026/1/15 5:00,a,0,0\n",
    );
    assert!(
        readings(&decoded)
            .iter()
            .all(|r| r.2 == Some(0.0) && r.3 == QualityFlag::Pass)
    );
}

#[test]
fn a_cell_that_cannot_be_read_costs_itself_alone() {
    let csv = "日時,観測所,積雪深(cm),気温\n2026/1/15 5:00,a,深い,-3\n昨日,b,1,1\n2026/1/15 5:00,,1,1\n2026/1/15 5:00,c,4,2\n";
    let decoded = decode(BY_QUANTITY, csv);
    let rejected: Vec<(u64, &str)> = decoded
        .rejections
        .iter()
        .map(|r| (r.position, r.field.as_str()))
        .collect();
    assert_eq!(
        rejected,
        [(2, "columns.depth_cm"), (3, "observed_at"), (4, "station")]
    );
    assert_eq!(readings(&decoded).len(), 3);
}

#[test]
fn a_row_for_each_reading_is_read() {
    let keys = r#"
station = "局"
date = "日"
time = "時刻"
quantity = "項目"
value = "値"
quantity_values = { "積雪深" = "depth_cm", "時間降雪量" = "snowfall_1h_cm" }
station_name = "局名"
lon = "経度"
lat = "緯度"
elevation_m = "標高"
"#;
    let csv = "局,局名,経度,緯度,標高,日,時刻,項目,値\n\
               101,酸ケ湯,140.85,40.65,890m,2026/1/15,5:00,積雪深,250\n\
               101,酸ケ湯,140.85,40.65,890m,2026/1/15,5:00,時間降雪量,3\n\
               102,北,,,,2026/1/14,24:00,snowfall_1h_cm,2\n\
               103,南,140,95,,2026/1/15,5:00,積雪深,2\n\
               101,酸ケ湯,,,,2026/1/15,5:00,湿度,80\n";
    let decoded = decode(keys, csv);
    assert_eq!(
        readings(&decoded),
        [
            ("101", Quantity::DepthCm, Some(250.0), QualityFlag::Pass),
            ("101", Quantity::Snowfall1hCm, Some(3.0), QualityFlag::Pass),
            ("102", Quantity::Snowfall1hCm, Some(2.0), QualityFlag::Pass),
        ]
    );
    assert_eq!(
        decoded.observations[2].observed_at.to_string(),
        "2026-01-14T15:00:00Z"
    );
    let station = &decoded.stations[0];
    assert_eq!(
        (station.name.ja.as_str(), station.at, station.elevation_m),
        ("酸ケ湯", Some(LonLat::new(140.85, 40.65)), Some(890.0))
    );
    assert_eq!(decoded.stations[1].at, None);
    let rejected: Vec<(u64, &str)> = decoded
        .rejections
        .iter()
        .map(|r| (r.position, r.field.as_str()))
        .collect();
    assert_eq!(rejected, [(5, "lat"), (6, "quantity")]);
}

#[test]
fn a_column_for_each_station_is_read() {
    let keys = "observed_at = \"日時\"\nstation_columns = \"depth_cm\"\n";
    let csv =
        "積雪深（cm）\n日時,酸ケ湯,八甲田,\n2026/1/15 5:00,250,-999,\n2026/1/15 4:00,248,x,\n";
    let decoded = decode(keys, csv);
    assert_eq!(
        readings(&decoded),
        [
            ("酸ケ湯", Quantity::DepthCm, Some(250.0), QualityFlag::Pass),
            ("八甲田", Quantity::DepthCm, None, QualityFlag::Missing),
            ("酸ケ湯", Quantity::DepthCm, Some(248.0), QualityFlag::Pass),
        ]
    );
    assert_eq!(
        (
            decoded.rejections[0].position,
            decoded.rejections[0].field.as_str()
        ),
        (4, "八甲田")
    );

    let keys = format!(
        "{keys}[stations.\"酸ケ湯\"]\nname_en = \"Sukayu\"\nlon = 140.85\nlat = 40.65\nelevation_m = 890.0\n"
    );
    let decoded = decode(&keys, csv);
    assert_eq!(decoded.observations.len(), 2);
    let station = &decoded.stations[0];
    assert_eq!(
        (station.name.en.as_str(), station.elevation_m),
        ("Sukayu", Some(890.0))
    );
    let error = mapping(&keys)
        .decode("日時,他\n2026/1/15 5:00,1\n".as_bytes(), now())
        .unwrap_err();
    assert!(error.0.contains("他"), "{error}");
}

#[test]
fn a_mapping_that_cannot_work_names_its_key() {
    let cases = [
        ("observed_at = \"日時\"\n", "station"),
        ("observed_at = \"日時\"\nstation = \"局\"\n", "station"),
        (
            "observed_at = \"日時\"\nstation = \"局\"\ncolumns = { depth = \"深\" }\n",
            "columns",
        ),
        (
            "date = \"日\"\nstation_columns = \"depth_cm\"\n",
            "observed_at",
        ),
        (
            "observed_at = \"日時\"\nstation_columns = \"depth_cm\"\ninvalid = [\"x\"]\n",
            "invalid",
        ),
        (
            "observed_at = \"日時\"\nstation_columns = \"depth_cm\"\n[stations.a]\nlon = 140.0\n",
            "stations.a",
        ),
    ];
    for (keys, key) in cases {
        let mapping: SnowCsvMapping = toml::from_str(keys).unwrap();
        assert_eq!(mapping.check().unwrap_err().key, key, "{keys}");
    }
}

proptest! {
    #[test]
    fn every_depth_is_read_back(depth in 0u32..2000, tenths in 0u32..10) {
        let csv = format!("日時,観測所,積雪深(cm),気温\n2026/1/15 5:00,a,{depth}.{tenths},1\n");
        let value = decode(BY_QUANTITY, &csv).observations[0].value.unwrap();
        prop_assert!((value - f64::from(depth) - f64::from(tenths) / 10.0).abs() < 1e-9);
    }
}

//! Cases are data: files of series with the flags that are expected, in `../cases`.

#![allow(clippy::unwrap_used)]

mod properties;

use super::*;
use crate::geometry::LonLat;
use crate::observation::StationKey;
use jiff::SignedDuration;
use serde::Deserialize;

/// One case: stations with their series.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What happened, for a reader.
    what: String,
    #[serde(default)]
    params: QualityParams,
    station: Vec<CaseStation>,
}

/// A series of one station from midnight on; `nan` is a value that is missing, and what is expected is a
/// letter per depth: Pass, Suspect, Fail, Missing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseStation {
    id: String,
    /// Kilometres east of the first station, and metres above it.
    #[serde(default)]
    east_km: f64,
    #[serde(default)]
    up_m: f64,
    #[serde(default)]
    no_height: bool,
    every_min: i64,
    depth_cm: Vec<f64>,
    #[serde(default)]
    air_c: Vec<f64>,
    /// The source's own flags, all passed where there are none.
    #[serde(default)]
    source: String,
    flags: String,
    /// Part of the reason of the worst value.
    #[serde(default)]
    reason: String,
}

fn flag(letter: char) -> QualityFlag {
    match letter {
        'P' => QualityFlag::Pass,
        'S' => QualityFlag::Suspect,
        'F' => QualityFlag::Fail,
        'M' => QualityFlag::Missing,
        other => panic!("{other:?} is no flag"),
    }
}

fn letter(flag: QualityFlag) -> char {
    ['P', 'S', 'F', 'M'][flag as usize]
}

fn series(station: &CaseStation) -> StationSeries {
    let start: Timestamp = "2026-01-15T00:00:00+09:00".parse().unwrap();
    let at = LonLat::new(140.7 + station.east_km / 84.4, 40.8);
    let height = (!station.no_height).then_some(100.0 + station.up_m);
    let mut series = StationSeries::new(StationKey::new("f", &station.id), Some(at), height);
    let source: Vec<char> = station.source.chars().collect();
    for (quantity, values) in [
        (Quantity::DepthCm, &station.depth_cm),
        (Quantity::TemperatureC, &station.air_c),
    ] {
        for (i, value) in values.iter().enumerate() {
            let word = source
                .get(i)
                .map_or(QualityFlag::Pass, |letter| flag(*letter));
            series.add(
                quantity,
                Reading {
                    observed_at: start + SignedDuration::from_mins(i as i64 * station.every_min),
                    value: (!value.is_nan()).then_some(*value),
                    flag: if value.is_nan() {
                        QualityFlag::Missing
                    } else {
                        word
                    },
                    reason: match word {
                        QualityFlag::Pass => String::new(),
                        _ => "said the source".to_owned(),
                    },
                },
            );
        }
    }
    series
}

#[test]
fn every_case_gives_the_flags_that_it_says() {
    let files = [
        ("range.toml", include_str!("../cases/range.toml")),
        ("step.toml", include_str!("../cases/step.toml")),
        ("spike.toml", include_str!("../cases/spike.toml")),
        ("hour_rise.toml", include_str!("../cases/hour_rise.toml")),
        ("flat.toml", include_str!("../cases/flat.toml")),
        ("warm_rise.toml", include_str!("../cases/warm_rise.toml")),
        ("buddy.toml", include_str!("../cases/buddy.toml")),
        ("source.toml", include_str!("../cases/source.toml")),
    ];
    #[derive(Deserialize)]
    struct File {
        case: Vec<Case>,
    }
    let mut wrong = Vec::new();
    for (name, text) in files {
        let File { case } = toml::from_str(text).unwrap_or_else(|e| panic!("{name}: {e}"));
        for case in case {
            let stations: Vec<StationSeries> = case.station.iter().map(series).collect();
            let verdicts = assess(&stations, |_| Some(Timestamp::MIN), &case.params);
            for (station, verdicts) in case.station.iter().zip(verdicts) {
                let of = format!("{name}: {}: {}", case.what, station.id);
                let depths = || verdicts.iter().filter(|v| v.quantity == Quantity::DepthCm);
                let flags: String = depths().map(|v| letter(v.flag)).collect();
                if flags != station.flags {
                    wrong.push(format!("{of}: {flags}, not {}", station.flags));
                }
                let worst = depths().max_by_key(|v| v.flag.badness()).unwrap();
                if !worst.reason.contains(&station.reason) {
                    wrong.push(format!("{of}: {}", worst.reason));
                }
                for verdict in &verdicts {
                    let has_reason = !verdict.reason.is_empty();
                    assert_eq!(
                        has_reason,
                        verdict.flag != QualityFlag::Pass,
                        "{of}: {verdict:?}"
                    );
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_station_grows_stale_by_its_own_interval() {
    let readings: Vec<Reading> = (0..6)
        .map(|hour| Reading {
            observed_at: Timestamp::from_second(hour * 3600).unwrap(),
            value: Some(10.0),
            flag: QualityFlag::Pass,
            reason: String::new(),
        })
        .collect();
    let params = QualityParams::default();
    let at = |hours: f64| Timestamp::from_second((hours * 3600.0) as i64).unwrap();
    let cases = [
        (&readings[..], at(7.0), QualityFlag::Pass),
        (&readings[..], at(7.1), QualityFlag::Suspect),
        (&readings[..], at(11.1), QualityFlag::Fail),
        // One value tells no interval: an hour is assumed.
        (&readings[..1], at(1.9), QualityFlag::Pass),
        (&readings[..1], at(2.1), QualityFlag::Suspect),
        (&[][..], at(1.0), QualityFlag::Missing),
    ];
    for (readings, now, expected) in cases {
        let freshness = freshness(readings, now, &params);
        assert_eq!(freshness.flag, expected, "{now}: {freshness:?}");
        assert_eq!(freshness.reason.is_empty(), expected == QualityFlag::Pass);
    }
}

#![allow(clippy::unwrap_used)]

mod curves;
mod properties;

use super::*;
use crate::observation::{QualityFlag, Quantity};
use crate::quality::Reading;

fn start() -> Timestamp {
    "2026-01-15T18:00:00+09:00".parse().unwrap()
}

fn hours(hours: f64) -> Timestamp {
    start() + SignedDuration::from_secs((hours * 3600.0) as i64)
}

/// A station so many km east of the first, with readings from the start on.
fn station(id: &str, east_km: f64, up_m: f64, every_min: i64, depths_cm: &[f64]) -> StationSeries {
    let at = LonLat::new(140.7 + east_km / 84.4, 40.8);
    let mut series = StationSeries::new(StationKey::new("f", id), Some(at), Some(100.0 + up_m));
    add(&mut series, Quantity::DepthCm, every_min, depths_cm);
    series
}

/// Adds readings from the start on, passed ones; `nan` is a failed one.
fn add(series: &mut StationSeries, quantity: Quantity, every_min: i64, values: &[f64]) {
    for (i, value) in values.iter().enumerate() {
        let failed = value.is_nan();
        series.add(
            quantity,
            Reading {
                observed_at: start() + SignedDuration::from_mins(i as i64 * every_min),
                value: Some(if failed { 999.0 } else { *value }),
                flag: if failed {
                    QualityFlag::Fail
                } else {
                    QualityFlag::Pass
                },
                reason: String::new(),
            },
        );
    }
}

fn field(stations: &[StationSeries], now: f64) -> SnowField {
    SnowField::new(stations, hours(now), FieldParams::default())
}

const HERE: LonLat = LonLat::new(140.7, 40.8);
const HEIGHT: Option<f64> = Some(100.0);

#[test]
fn new_snow_since_clearing_is_counted_from_that_minute() {
    // 2 cm/h from 18:00 to 24:00.
    let depths: Vec<f64> = (0..=6).map(|h| 40.0 + 2.0 * f64::from(h)).collect();
    let field = field(&[station("a", 0.0, 0.0, 60, &depths)], 6.0);
    for (cleared, expected) in [(0.0, 12.0), (3.0, 6.0), (4.5, 3.0), (6.0, 0.0), (9.0, 0.0)] {
        let new = field.new_snow_since(HERE, HEIGHT, hours(cleared)).unwrap();
        assert!((new.value_cm - expected).abs() < 0.01, "{cleared}: {new:?}");
        assert_eq!((new.station_count, new.observed_at), (1, hours(6.0)));
        assert!(new.sd_cm > 0.0);
    }
    assert_eq!(field.depth_at(HERE, HEIGHT).unwrap().value_cm, 52.0);
    let expected = [2.0, 6.0, 12.0, 12.0, 12.0, 12.0];
    for (window, expected) in SnowfallWindow::ALL.into_iter().zip(expected) {
        // A curve that begins within the window can't tell it.
        let told = field
            .snowfall_at(HERE, HEIGHT, window)
            .map(|e| e.value_cm.round());
        let reaches = window.hours() <= 6;
        assert_eq!(told, reaches.then_some(expected), "{window:?}");
    }
}

#[test]
fn far_from_any_station_nothing_is_known() {
    let field = field(&[station("a", 0.0, 0.0, 60, &[40.0, 42.0, 44.0])], 2.0);
    let east = |km: f64| LonLat::new(140.7 + km / 84.4, 40.8);
    assert!(field.new_snow_since(east(29.0), HEIGHT, start()).is_some());
    assert_eq!(field.new_snow_since(east(31.0), HEIGHT, start()), None);
    assert_eq!(field.new_snow_since(HERE, Some(501.0), start()), None);
    assert!(field.new_snow_since(HERE, None, start()).is_some());
    assert_eq!(field.depth_at(east(31.0), HEIGHT), None);
    assert_eq!(field.drift_risk_at(HERE, HEIGHT), None);
    let near = field.depth_at(HERE, HEIGHT).unwrap();
    let off = field.depth_at(east(20.0), HEIGHT).unwrap();
    let unsure = field.depth_at(HERE, None).unwrap();
    assert!(
        off.sd_cm > 2.0 * near.sd_cm && unsure.sd_cm > near.sd_cm,
        "{near:?} {off:?}"
    );
}

#[test]
fn a_station_that_is_silent_or_failed_is_left_out() {
    let good = station("good", 10.0, 0.0, 60, &[40.0, 44.0, 48.0, 52.0, 56.0]);
    let silent = station("silent", 0.0, 0.0, 60, &[40.0, 40.0]);
    let failed = station(
        "failed",
        0.0,
        0.0,
        60,
        &[90.0, f64::NAN, f64::NAN, f64::NAN, f64::NAN],
    );
    for bad in [silent, failed] {
        let field = field(&[good.clone(), bad], 4.2);
        let new = field.new_snow_since(HERE, HEIGHT, start()).unwrap();
        assert_eq!((new.value_cm.round(), new.station_count), (16.0, 1));
        assert_eq!(field.depth_at(HERE, HEIGHT).unwrap().value_cm, 56.0);
        assert_eq!(field.live_stations(), 1);
    }
}

#[test]
fn a_station_whose_curve_began_later_is_asked_only_for_what_it_saw() {
    let old = station("old", 10.0, 0.0, 60, &[40.0, 45.0, 50.0, 50.0, 50.0]);
    let mut new = StationSeries::new(StationKey::new("f", "new"), Some(HERE), HEIGHT);
    for hour in 3..5 {
        let reading = old.of(Quantity::DepthCm)[hour].clone();
        new.add(Quantity::DepthCm, reading);
    }
    let field = field(&[old, new], 4.0);
    let place = field.place(HERE, HEIGHT).unwrap();
    assert_eq!(
        field.new_snow_of(&place, start()).unwrap().value_cm.round(),
        10.0
    );
    assert_eq!(field.new_snow_of(&place, start()).unwrap().station_count, 1);
    assert_eq!(field.new_snow_of(&place, hours(3.5)).unwrap().value_cm, 0.0);
    assert_eq!(
        field.new_snow_of(&place, hours(3.5)).unwrap().station_count,
        2
    );
}

#[test]
fn places_stay_placed_while_the_same_stations_tell() {
    let a = station("a", 0.0, 0.0, 60, &[40.0, 44.0, 48.0]);
    let b = station("b", 5.0, 0.0, 60, &[40.0, 44.0]);
    let stations = [b, a];
    let (before, after, later) = (
        field(&stations, 1.0),
        field(&stations, 2.0),
        field(&stations, 4.5),
    );
    assert!(after.has_stations_of(&before));
    assert!(!later.has_stations_of(&before), "b has fallen silent");
}

#[test]
fn wind_and_fresh_snow_make_drifts() {
    let cases = [
        ("calm", 3.0, -4.0, 4.0, Some(false)),
        ("a storm", 9.0, -4.0, 4.0, Some(true)),
        ("wet snow stays", 9.0, 1.0, 4.0, Some(false)),
        ("nothing to blow", 9.0, -4.0, 0.0, Some(false)),
    ];
    for (name, wind, air, cm_per_h, expected) in cases {
        let depths: Vec<f64> = (0..26).map(|h| 40.0 + cm_per_h * f64::from(h)).collect();
        let mut station = station("a", 5.0, 0.0, 60, &depths);
        add(&mut station, Quantity::WindSpeedMPerS, 60, &[wind; 26]);
        add(&mut station, Quantity::TemperatureC, 60, &[air; 26]);
        assert_eq!(
            field(&[station], 25.0).drift_risk_at(HERE, HEIGHT),
            expected,
            "{name}"
        );
    }
}

#[test]
fn a_snowfall_begins_after_a_dry_spell() {
    let mut depths = vec![40.0, 44.0, 44.0];
    depths.extend([44.0; 8]);
    depths.extend([46.0, 49.0, 49.0, 50.0]);
    let field = field(&[station("a", 0.0, 0.0, 60, &depths)], 14.0);
    let place = field.place(HERE, HEIGHT).unwrap();
    assert_eq!(field.snowfall_began_at(&place), Some(hours(10.0)));
}

#[test]
fn the_field_is_better_than_the_nearest_station() {
    // Snow that grows inland with height and a bend, on 60 stations in no order.
    let stations: Vec<Measured> = (0..60)
        .map(|i| {
            let (x, y) = (f64::from(i * 37 % 60), f64::from(i * 23 % 60));
            let up = 3.0 * ((x * 0.7).sin() + 1.0) * y;
            Measured {
                spot: Spot {
                    at: LonLat::new(140.0 + x / 84.4, 40.5 + y / 111.0),
                    elevation_m: Some(up),
                },
                value: 20.0 + 0.8 * x + 10.0 * (y / 15.0).sin() + 0.08 * up,
            }
        })
        .collect();
    let found = leave_one_out(&stations, &FieldParams::default());
    assert_eq!(found.told + found.unknown, 60);
    assert!(found.told > 50, "{found:?}");
    assert!(
        found.field.root_mean_square < 0.8 * found.nearest.root_mean_square,
        "{found:?}"
    );
    assert_eq!(
        leave_one_out(&stations[..1], &FieldParams::default()).unknown,
        1
    );
}

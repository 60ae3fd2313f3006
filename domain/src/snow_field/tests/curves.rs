//! What counts as new snow of one station.

use super::*;
use crate::snow_field::curve::new_snow_curve;

fn total(station: &StationSeries) -> f64 {
    let curve = new_snow_curve(station, &FieldParams::default());
    curve.last().map_or(0.0, |(_, cm)| *cm)
}

#[test]
fn settling_and_noise_are_no_snow_and_take_none_away() {
    let cases: [(&str, i64, &[f64], f64); 9] = [
        ("steady", 60, &[40.0, 42.0, 44.0], 4.0),
        ("settles between", 60, &[40.0, 46.0, 43.0, 41.0, 45.0], 10.0),
        (
            "noise of a centimetre",
            60,
            &[40.0, 41.0, 40.0, 41.0, 40.0, 41.0, 40.0],
            0.0,
        ),
        (
            "slow, a centimetre at a time",
            60,
            &[40.0, 41.0, 41.0, 42.0, 43.0],
            3.0,
        ),
        (
            "noise on a rise",
            60,
            &[40.0, 42.0, 41.0, 43.0, 42.0, 44.0],
            4.0,
        ),
        ("melting", 60, &[40.0, 38.0, 36.0, 30.0], 0.0),
        (
            "a peak of one reading",
            10,
            &[40.0, 40.0, 44.0, 40.0, 40.0],
            0.0,
        ),
        (
            "failed readings between",
            60,
            &[40.0, f64::NAN, f64::NAN, 46.0],
            6.0,
        ),
        // 20 cm in half an hour over readings that were not believed.
        (
            "a gauge that was set higher",
            10,
            &[40.0, f64::NAN, f64::NAN, 60.0, 62.0],
            2.0,
        ),
    ];
    for (name, every_min, depths, expected) in cases {
        let told = total(&station("a", 0.0, 0.0, every_min, depths));
        assert!((told - expected).abs() < 1e-9, "{name}: {told} cm");
    }
}

#[test]
fn snow_counts_from_when_it_fell_not_from_when_it_was_sure() {
    let station = station("a", 0.0, 0.0, 60, &[40.0, 41.0, 43.0]);
    let sums: Vec<f64> = new_snow_curve(&station, &FieldParams::default())
        .into_iter()
        .map(|(_, cm)| cm)
        .collect();
    assert_eq!(sums, [0.0, 1.0, 3.0]);
}

#[test]
fn a_gauge_of_snowfall_alone_is_summed_without_overlap() {
    let at = LonLat::new(140.7, 40.8);
    let mut gauge = StationSeries::new(StationKey::new("f", "g"), Some(at), Some(100.0));
    // The sum of the last hour, told each half hour.
    add(
        &mut gauge,
        Quantity::Snowfall1hCm,
        30,
        &[0.0, 1.0, 2.0, 2.0, 2.0, 3.0, 4.0],
    );
    assert_eq!(total(&gauge), 8.0);
}

#[test]
fn a_long_silence_cuts_the_curve() {
    let mut gauge = station("a", 0.0, 0.0, 60, &[40.0, 50.0]);
    let reading = gauge.of(Quantity::DepthCm)[1].clone();
    for (hours_later, cm) in [(13, 80.0), (14, 84.0)] {
        let mut later = reading.clone();
        later.observed_at += SignedDuration::from_hours(hours_later);
        later.value = Some(cm);
        gauge.add(Quantity::DepthCm, later);
    }
    assert_eq!(total(&gauge), 4.0);
}

//! What holds for any stations.

use super::*;
use proptest::prelude::*;

fn stations() -> impl Strategy<Value = Vec<StationSeries>> {
    let depths = prop::collection::vec(
        prop_oneof![8 => (0.0..200.0f64).prop_map(f64::round), 1 => Just(f64::NAN)],
        0..40,
    );
    let one = (-20.0..20.0f64, -100.0..400.0f64, any::<bool>(), depths);
    prop::collection::vec(one, 0..12).prop_map(|stations| {
        stations
            .into_iter()
            .enumerate()
            .map(|(i, (east_km, up_m, is_dense, depths))| {
                let every_min = if is_dense { 10 } else { 60 };
                station(&i.to_string(), east_km, up_m, every_min, &depths)
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn new_snow_is_never_negative_and_grows_with_the_span(
        stations in stations(), now in 0.0..45.0f64, height in prop::option::of(0.0..600.0f64)
    ) {
        let field = field(&stations, now);
        let Some(place) = field.place(HERE, height) else {
            return Ok(());
        };
        let mut least_cm = 0.0;
        for since in (0..=20).rev() {
            let since = hours(f64::from(since) * now / 20.0);
            let Some(told) = field.new_snow_of(&place, since) else {
                continue;
            };
            prop_assert!(told.value_cm >= 0.0 && told.value_cm.is_finite());
            prop_assert!(told.sd_cm >= 0.0 && told.sd_cm.is_finite());
            prop_assert!(told.observed_at <= field.now());
            let reaches = |(i, _): &(u32, f64)| {
                field.stations[*i as usize].reaches(field.step_of(since))
            };
            // As long as the same stations tell.
            if place.weights.of.iter().all(reaches) {
                prop_assert!(told.value_cm >= least_cm - 1e-3, "{least_cm} then {told:?}");
                least_cm = told.value_cm;
            }
        }
    }

    #[test]
    fn the_order_of_stations_does_not_matter(
        (stations, shuffled) in stations().prop_flat_map(|s| (Just(s.clone()), Just(s).prop_shuffle())),
        now in 0.0..45.0f64
    ) {
        prop_assert_eq!(field(&stations, now), field(&shuffled, now));
    }

    #[test]
    fn an_estimate_lies_between_its_stations(
        depths in prop::collection::vec((-14.0..14.0f64, 0.0..300.0f64, 0.0..300.0f64), 1..10)
    ) {
        let stations: Vec<StationSeries> = depths
            .iter()
            .enumerate()
            .map(|(i, (east, up, cm))| station(&i.to_string(), *east, *up, 60, &[*cm, *cm]))
            .collect();
        let told = field(&stations, 1.0).depth_at(HERE, HEIGHT).unwrap();
        let (low, high) = depths.iter().fold((f64::MAX, 0.0f64), |(low, high), (_, _, cm)| {
            (low.min(*cm), high.max(*cm))
        });
        prop_assert!(told.value_cm >= low - 1e-6 && told.value_cm <= high + 1e-6, "{told:?}");
    }
}

//! What holds for any readings, however wild.

use super::*;
use proptest::prelude::*;

const QUANTITIES: [Quantity; 3] = [
    Quantity::DepthCm,
    Quantity::TemperatureC,
    Quantity::Snowfall1hCm,
];

/// Minute, quantity, value and the source's flag.
type Told = (u16, usize, Option<f64>, bool);

fn told() -> impl Strategy<Value = Vec<Told>> {
    let value = prop_oneof![
        6 => (0.0..60.0).prop_map(|cm: f64| Some(cm.round())),
        1 => Just(None),
        1 => prop::num::f64::ANY.prop_map(Some),
        1 => Just(Some(-999.0)),
    ];
    prop::collection::vec(
        (0u16..300, 0..QUANTITIES.len(), value, any::<bool>()),
        0..120,
    )
    .prop_map(|mut told| {
        // One value per quantity and time: others are quarantined before they come here.
        told.sort_by_key(|t| (t.1, t.0));
        told.dedup_by_key(|t| (t.1, t.0));
        told
    })
}

fn stations(told: &[Vec<Told>]) -> Vec<StationSeries> {
    told.iter()
        .enumerate()
        .map(|(i, told)| {
            let at = LonLat::new(140.7 + 0.02 * i as f64, 40.8);
            let key = StationKey::new("f", i.to_string());
            let mut series = StationSeries::new(key, Some(at), Some(10.0));
            for (ten, quantity, value, doubted) in told {
                let flag = match (value, doubted) {
                    (None, _) => QualityFlag::Missing,
                    (Some(_), true) => QualityFlag::Suspect,
                    (Some(_), false) => QualityFlag::Pass,
                };
                let reading = Reading {
                    observed_at: Timestamp::from_second(i64::from(*ten) * 600).unwrap(),
                    value: *value,
                    flag,
                    reason: if *doubted {
                        "for reference".to_owned()
                    } else {
                        String::new()
                    },
                };
                series.add(QUANTITIES[*quantity], reading);
            }
            series
        })
        .collect()
}

proptest! {
    #[test]
    fn nothing_passes_that_is_missing_or_that_the_source_doubts(
        told in prop::collection::vec(told(), 1..6)
    ) {
        let stations = stations(&told);
        let judged = flagged(&stations, &QualityParams::default());
        for (before, after) in stations.iter().zip(&judged) {
            for (quantity, readings) in before.quantities() {
                let now = after.of(quantity);
                prop_assert_eq!(now.len(), readings.len());
                for (was, is) in readings.iter().zip(now) {
                    prop_assert!(is.flag.badness() >= was.flag.badness());
                    prop_assert_eq!(is.value.is_none(), is.flag == QualityFlag::Missing);
                    prop_assert_eq!(is.flag == QualityFlag::Pass, is.reason.is_empty());
                    prop_assert!(is.value.is_none_or(f64::is_finite) || is.flag == QualityFlag::Fail);
                    // The value itself is never touched.
                    prop_assert_eq!(is.value.map(f64::to_bits), was.value.map(f64::to_bits));
                }
            }
        }
    }

    #[test]
    fn the_order_of_arrival_does_not_matter(
        (told, shuffled) in prop::collection::vec(told(), 1..5)
            .prop_flat_map(|told| {
                let shuffled: Vec<_> = told.iter().map(|t| Just(t.clone()).prop_shuffle()).collect();
                (Just(told), shuffled)
            })
    ) {
        let params = QualityParams::default();
        let verdicts = |told: &[Vec<Told>]| assess(&stations(told), |_| Some(Timestamp::MIN), &params);
        prop_assert_eq!(verdicts(&told), verdicts(&shuffled));
    }

    #[test]
    fn judging_from_a_time_on_gives_the_same_as_judging_all(
        told in prop::collection::vec(told(), 1..5),
        from_ten in 0i64..300,
    ) {
        let params = QualityParams::default();
        let stations = stations(&told);
        let since = Timestamp::from_second(from_ten * 600).unwrap();
        let all = assess(&stations, |_| Some(Timestamp::MIN), &params);
        let some = assess(&stations, |i| (i == 0).then_some(since), &params);
        let expected: Vec<_> = all[0].iter().filter(|v| v.observed_at >= since).cloned().collect();
        prop_assert_eq!(&some[0], &expected);
        prop_assert!(some[1..].iter().all(Vec::is_empty));
    }
}

//! What is promised of simulated trips: whole, possible, repeatable, and as noisy as said.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::town;
use domain::geometry::LocalPlane;
use domain::network::{DEFAULT_TOLERANCE_M, RoadNetwork, build};
use domain::work::Direction;

fn network() -> RoadNetwork {
    let xml = town::osm_xml(1);
    let source = ingest::roads::decode_roads("town.osm", xml.as_bytes(), None, &|_, _| {}).unwrap();
    build(vec![source], DEFAULT_TOLERANCE_M).unwrap().0
}

/// The place at a measure from where a directed segment begins.
fn place(
    network: &RoadNetwork,
    directed: DirectedSegment,
    along_m: f64,
) -> domain::geometry::LonLat {
    let length_m = network.segments()[directed.segment() as usize].length_m;
    let measure_m = match directed.direction() {
        Direction::Forward => along_m,
        Direction::Backward => length_m - along_m,
    };
    network.position(directed.segment(), measure_m)
}

#[test]
fn stretches_join_and_keep_to_the_open_direction() {
    let network = network();
    let streets = Streets::new(&network);
    for behaviour in Behaviour::ALL {
        for seed in 0..6 {
            let trip = trip(&streets, behaviour, seed).unwrap();
            assert!(trip.driven_m.last().unwrap() > &5_000.0);
            for stretch in &trip.stretches {
                assert!(network.is_open(stretch.directed), "{stretch:?}");
                assert!(stretch.from_m < stretch.to_m && stretch.entered_s < stretch.left_s);
            }
            for pair in trip.stretches.windows(2) {
                let end = place(&network, pair[0].directed, pair[0].to_m);
                let start = place(&network, pair[1].directed, pair[1].from_m);
                assert!(
                    end.geodesic_m(start) < 0.1,
                    "{behaviour:?} {seed}: {pair:?}"
                );
                assert!(pair[0].left_s <= pair[1].entered_s);
            }
        }
    }
}

#[test]
fn the_vehicle_is_where_its_stretches_say() {
    let network = network();
    let streets = Streets::new(&network);
    let trip = trip(&streets, Behaviour::Beat, 3).unwrap();
    assert_eq!(trip.places.len(), trip.driven_m.len());
    for (at_s, pair) in trip.places.windows(2).enumerate() {
        let moved_m = pair[0].geodesic_m(pair[1]);
        assert!(moved_m < 15.0, "{moved_m} m in second {at_s}");
        let driven_m = trip.driven_m[at_s + 1] - trip.driven_m[at_s];
        assert!(
            driven_m >= 0.0 && moved_m < driven_m + 2.0,
            "{driven_m} {moved_m}"
        );
    }
    let whole: f64 = trip.stretches.iter().map(|s| s.to_m - s.from_m).sum();
    let last = trip.places.len() as u32 - 1;
    let part = |from, to| -> f64 {
        trip.between(from, to)
            .iter()
            .map(|s| s.to_m - s.from_m)
            .sum()
    };
    assert!((part(0, last) - whole).abs() < 20.0);
    assert!((part(0, 500) + part(500, last) - part(0, last)).abs() < 1e-6);
}

#[test]
fn beats_do_what_plows_do() {
    let network = network();
    let streets = Streets::new(&network);
    let (mut mid_block, mut at_end, mut repeats, mut stands, mut silences) = (0, 0, 0, 0, 0);
    for seed in 0..20 {
        let trip = trip(&streets, Behaviour::Beat, seed).unwrap();
        let mut seen = std::collections::HashSet::new();
        for pair in trip.stretches.windows(2) {
            if pair[1].directed == pair[0].directed.reverse() {
                let length_m = network.segments()[pair[0].directed.segment() as usize].length_m;
                if pair[0].to_m < length_m - 1.0 {
                    mid_block += 1;
                } else {
                    at_end += 1;
                }
            }
            repeats += usize::from(!seen.insert(pair[0].directed));
        }
        stands += trip.driven_m.windows(60).filter(|w| w[0] == w[59]).count();
        silences += trip.silences.len();
        for [from_s, to_s] in trip.silences {
            assert!(to_s > from_s && to_s - from_s <= 240.0);
        }
    }
    assert!(mid_block > 10 && at_end > 100 && repeats > 100 && stands > 50 && silences > 0);
}

#[test]
fn a_seed_gives_the_same_trip_and_another_one_another() {
    let network = network();
    let streets = Streets::new(&network);
    let reports = |seed| {
        let trip = trip(&streets, Behaviour::Drive, seed).unwrap();
        reports_of(&trip, 10, Noise::HeavyTailed, seed)
    };
    assert_eq!(reports(7), reports(7));
    assert_ne!(reports(7), reports(8));
}

#[test]
fn noise_is_as_large_as_said() {
    let here = domain::geometry::LonLat::new(140.7, 40.8);
    let trip = Trip {
        places: vec![here; 200_000],
        ..Trip::default()
    };
    let plane = LocalPlane::at(here);
    let errors = |noise| -> Vec<[f64; 2]> {
        reports_of(&trip, 1, noise, 1)
            .iter()
            .map(|r| plane.project(r.at))
            .collect()
    };
    let sigma = |errors: &[[f64; 2]]| {
        (errors.iter().map(|e| e[0] * e[0]).sum::<f64>() / errors.len() as f64).sqrt()
    };
    let correlation = |errors: &[[f64; 2]], lag: usize| {
        let n = errors.len() - lag;
        let sum: f64 = (0..n).map(|i| errors[i][0] * errors[i + lag][0]).sum();
        sum / n as f64 / sigma(errors).powi(2)
    };
    let white = errors(Noise::White(10.0));
    assert!((sigma(&white) - 10.0).abs() < 0.2, "{}", sigma(&white));
    assert!(correlation(&white, 1).abs() < 0.02);
    let correlated = errors(Noise::Correlated(10.0));
    assert!(
        (sigma(&correlated) - 10.0).abs() < 0.8,
        "{}",
        sigma(&correlated)
    );
    let after_30_s = correlation(&correlated, 30);
    assert!(
        (after_30_s - 1.0 / std::f64::consts::E).abs() < 0.06,
        "{after_30_s}"
    );
    let mut distances: Vec<f64> = errors(Noise::HeavyTailed)
        .iter()
        .map(|e| e[0].hypot(e[1]))
        .collect();
    distances.sort_by(f64::total_cmp);
    let quantile = |share: f64| distances[(share * distances.len() as f64) as usize];
    for (share, metres) in [(0.5, 3.5), (0.95, 16.0), (0.99, 36.0)] {
        assert!(
            (quantile(share) / metres - 1.0).abs() < 0.05,
            "{share}: {}",
            quantile(share)
        );
    }
}

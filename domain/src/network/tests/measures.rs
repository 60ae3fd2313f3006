//! Lengths, measures and the index where numbers become large.

use super::*;
use crate::ascii_map::parse;
use crate::geometry::line_length_m;

fn one_way(line: Vec<LonLat>) -> RoadNetwork {
    let map = parse("A-B", 10.0);
    let mut source = map.source(&[("AB", &[])]);
    source.ways[0].nodes = (0..line.len() as i64).map(NodeKey::Osm).collect();
    source.ways[0].line = line;
    built(vec![source]).0
}

#[test]
fn measures_of_a_line_across_the_country_are_those_of_the_ellipsoid() {
    // Zigzag of 450 km, north by north-east.
    let line: Vec<LonLat> = (0..200)
        .map(|i| {
            let i = f64::from(i);
            LonLat::new(139.0 + 0.01 * i + 0.03 * (i % 2.0), 36.0 + 0.02 * i)
        })
        .collect();
    let network = one_way(line.clone());
    let measures = network.measures_m(0);
    for (i, m) in measures.iter().enumerate() {
        let true_m = line_length_m(&line[..=i]);
        assert!(
            (f64::from(*m) - true_m).abs() <= 0.5 + 1e-4 * true_m,
            "{i}: {m} {true_m}"
        );
    }
    let length_m = network.segments()[0].length_m;
    assert!((length_m - line_length_m(&line)).abs() < 1e-3);
    assert_eq!(network.position(0, length_m), line[199]);
    assert_eq!(network.position(0, -1.0), line[0]);
    assert_eq!(network.position(0, length_m * 2.0), line[199]);
}

#[test]
fn the_index_finds_what_lies_on_the_edge_of_its_rounding() {
    for lon in [
        -180.0,
        -179.999_999_9,
        -0.000_000_1,
        138.666_677,
        179.999_999_9,
    ] {
        let line = vec![LonLat::new(lon, 37.1), LonLat::new(lon, 37.100_01)];
        let network = one_way(line.clone());
        for at in &line {
            let near = network.near(*at, 0.001);
            assert_eq!(near.len(), 1, "{lon}");
            assert!(near[0].distance_m < 1e-6);
            let point = BoundingBox::around([*at]).unwrap();
            assert_eq!(network.in_box(&point), [0]);
        }
    }
}

#[test]
fn places_beyond_the_globe_find_nothing() {
    let network = one_way(vec![LonLat::new(179.999, 37.1), LonLat::new(180.0, 37.1)]);
    for at in [
        LonLat::new(-180.0, 90.0),
        LonLat::new(0.0, -90.0),
        LonLat::new(f64::NAN, f64::NAN),
    ] {
        assert!(network.near(at, 50.0).is_empty(), "{at:?}");
    }
}

#[test]
fn a_segment_of_a_kilometre_is_found_from_its_middle() {
    let network = one_way(vec![LonLat::new(140.0, 40.0), LonLat::new(141.0, 40.0)]);
    let near = network.near(LonLat::new(140.5, 40.0), 400.0);
    assert_eq!(near.len(), 1);
    let middle_m = network.segments()[0].length_m / 2.0;
    assert!((near[0].at_m - middle_m).abs() < 1.0, "{near:?}");
}

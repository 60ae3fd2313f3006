//! A made prefecture: no tile of any zoom may be too large to send.

use super::support::*;
use crate::{Encoding, TileCoordinate};
use domain::geometry::LonLat;
use std::time::Duration;

const MOST_BYTES: usize = 500_000;

#[test]
fn no_tile_of_a_prefecture_is_too_large() {
    // Towns of 60 × 60 streets 100 m apart, on trunk and secondary roads: some 60,000 segments whose
    // statuses all differ, in 40 km.
    let mut ways = Vec::new();
    let mut id = 0;
    let mut add = |class: &str, line: Vec<(f64, f64)>, ways: &mut Vec<_>| {
        id += 1;
        ways.push(way(id, class, &line));
    };
    for town in 0..8 {
        let (lon, lat) = (
            140.3 + 0.12 * f64::from(town % 4),
            40.5 + 0.12 * f64::from(town / 4),
        );
        for i in 0..60 {
            let along = |j: i32| f64::from(j) * 0.0011;
            let class = match i % 20 {
                0 => "secondary",
                5 | 15 => "tertiary",
                10 => "trunk",
                _ => "residential",
            };
            let east = (0..60).map(|j| (lon + along(j), lat + along(i))).collect();
            let north = (0..60).map(|j| (lon + along(i), lat + along(j))).collect();
            add(class, east, &mut ways);
            add(class, north, &mut ways);
        }
    }
    let network = network(ways);
    let n = network.segments().len() as u32;
    assert!(n > 50_000, "{n}");
    let changes: Vec<_> = (0..n)
        .map(|i| change(i, i64::from(i) + 1, 33 + i % 7 * 100))
        .collect();
    let tiles = tiles(&network, &changes, NO_WAIT);
    for zoom in 5..=16 {
        let mut largest = 0;
        for town in 0..8 {
            let at = LonLat::new(
                140.31 + 0.12 * f64::from(town % 4),
                40.51 + 0.12 * f64::from(town / 4),
            );
            let tile = TileCoordinate::holding(zoom, at).unwrap();
            let drawn = tiles.draw(tile, Encoding::Gzip, Duration::ZERO).unwrap();
            largest = largest.max(drawn.map_or(0, |t| t.body.len()));
        }
        assert!(largest > 0, "z{zoom} is empty");
        assert!(largest <= MOST_BYTES, "z{zoom}: {largest} bytes");
    }
}

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

#[test]
fn what_is_too_much_for_a_tile_is_left_out_from_the_smallest_roads_on() {
    // Some 60,000 streets of 15 m within one z12 tile, no two of one status, and a few wider ones.
    let mut ways = Vec::new();
    for i in 0..175 {
        let class = match i % 50 {
            0 => "secondary",
            25 => "tertiary",
            _ => "residential",
        };
        let along = |j: i32| f64::from(j) * 0.000_18;
        let (lon, lat) = (140.55, 40.66);
        let east = (0..175)
            .map(|j| (lon + along(j), lat + along(i)))
            .collect::<Vec<_>>();
        let north = (0..175)
            .map(|j| (lon + along(i), lat + along(j)))
            .collect::<Vec<_>>();
        ways.push(way(2 * i64::from(i) + 1, class, &east));
        ways.push(way(2 * i64::from(i) + 2, class, &north));
    }
    let network = network(ways);
    let n = network.segments().len() as u32;
    assert!(n > 60_000, "{n}");
    let mixed = |i: u32| i.wrapping_mul(2_654_435_761) >> 8;
    let changes: Vec<_> = (0..n)
        .map(|i| {
            let mut change = change(i, i64::from(i) + 1, mixed(i) % 300_000);
            change.status.cleared_fwd_min -= mixed(i) % 500_000;
            change.status.cleared_rev_min -= mixed(i + n) % 500_000;
            change
        })
        .collect();
    let tiles = tiles(&network, &changes, NO_WAIT);
    let tile = TileCoordinate::holding(12, LonLat::new(140.565, 40.675)).unwrap();
    let size = |encoding| {
        let drawn = tiles.draw(tile, encoding, Duration::ZERO).unwrap();
        drawn.unwrap().body.len()
    };
    let gzip = size(Encoding::Gzip);
    assert!((300_000..=MOST_BYTES).contains(&gzip), "{gzip} bytes");
    let drawn = features(raw(&tiles, tile));
    assert!(drawn.len() < n as usize);
    let with = |class: &str| {
        let is = |f: &&mvt_reader::feature::Feature| {
            let class_of = &f.properties.as_ref().unwrap()["class"];
            *class_of == mvt_reader::feature::Value::String(class.to_owned())
        };
        drawn.iter().filter(is).count()
    };
    let of_network = |class: &str| {
        (0..n)
            .filter(|s| network.road(*s).attributes.class == class)
            .count()
    };
    for class in ["secondary", "tertiary"] {
        assert_eq!(with(class), of_network(class), "no {class} is left out");
    }
    assert!(with("residential") > 10_000);
    // What is left out is not marked away: a number stands for all that lies in the tile.
    assert_eq!(tiles.highest_sequence(tile), Some(i64::from(n)));
}

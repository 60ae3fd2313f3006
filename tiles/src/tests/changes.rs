//! What a change does to tiles, and what it leaves alone.

use super::support::*;
use crate::{Encoding, RoadTiles, TileCoordinate, TileSettings};
use domain::geometry::LonLat;
use proptest::prelude::*;
use std::io::Read;
use std::time::Duration;

/// Tiles around the grid at all zooms.
fn around() -> Vec<TileCoordinate> {
    (5..=16)
        .flat_map(|z| {
            [(140.601, 40.701), (140.609, 40.7075), (140.62, 40.71)]
                .map(|(lon, lat)| TileCoordinate::holding(z, LonLat::new(lon, lat)).unwrap())
        })
        .collect()
}

fn body(tiles: &RoadTiles, tile: TileCoordinate, encoding: Encoding) -> Option<(i64, Vec<u8>)> {
    let drawn = tiles.draw(tile, encoding, Duration::ZERO).unwrap()?;
    Some((drawn.sequence, drawn.body.to_vec()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// A server that has followed every change and one that starts now answer the same, to the byte,
    /// under the same number.
    #[test]
    fn recomposed_tiles_are_those_built_from_scratch(
        batches in prop::collection::vec(
            prop::collection::vec((0u32..84, prop::sample::select(vec![0u32, 33, 44, 154, 300_088])), 1..12),
            1..6,
        ),
        // Which tiles somebody looks at between the batches.
        looked in prop::collection::vec(0usize..36, 0..12),
    ) {
        let network = grid(7);
        prop_assert_eq!(network.segments().len(), 84);
        let follower = tiles(&network, &[], NO_WAIT);
        let mut all = Vec::new();
        let mut sequence = 0;
        for batch in batches {
            let changes: Vec<_> = batch
                .into_iter()
                .map(|(segment, status)| { sequence += 1; change(segment, sequence, status) })
                .collect();
            follower.apply(&changes);
            all.extend(changes);
            for i in &looked {
                body(&follower, around()[*i], Encoding::Gzip);
            }
        }
        let started_now = tiles(&network, &all, NO_WAIT);
        for tile in around() {
            for encoding in [Encoding::Identity, Encoding::Gzip, Encoding::Zstd] {
                let ours = body(&follower, tile, encoding);
                prop_assert_eq!(&ours, &body(&started_now, tile, encoding), "{:?}", tile);
                prop_assert_eq!(follower.highest_sequence(tile), started_now.highest_sequence(tile));
                if let Some((sequence, _)) = ours {
                    prop_assert_eq!(Some(sequence), follower.highest_sequence(tile));
                }
            }
        }
    }
}

#[test]
fn a_change_marks_the_tiles_that_show_it_and_no_others() {
    let network = two_streets();
    let tiles = tiles(&network, &[], NO_WAIT);
    let street = (0..2)
        .find(|s| network.road(*s).attributes.class == "residential")
        .unwrap();
    let (near, far) = (at(14), at(10));
    let elsewhere = TileCoordinate::holding(16, LonLat::new(140.6001, 40.70)).unwrap();
    for tile in [near, far, elsewhere] {
        assert!(body(&tiles, tile, Encoding::Gzip).is_some());
    }
    tiles.apply(&[change(street, 5, 44)]);
    assert_eq!(tiles.highest_sequence(near), Some(5));
    // Far away only the trunk road is shown, and elsewhere too.
    assert_eq!(tiles.highest_sequence(far), Some(0));
    assert_eq!(tiles.highest_sequence(elsewhere), Some(0));
    assert_eq!(tiles.ready(near, Encoding::Gzip, Duration::ZERO), None);
    assert!(tiles.ready(far, Encoding::Gzip, Duration::ZERO).is_some());
}

#[test]
fn nothing_is_drawn_where_nothing_is() {
    let tiles = tiles(&two_streets(), &[], NO_WAIT);
    let sea = TileCoordinate::new(14, 0, 0).unwrap();
    assert_eq!(body(&tiles, sea, Encoding::Gzip), None);
    assert_eq!(tiles.highest_sequence(sea), None);
}

#[test]
fn an_evicted_tile_comes_back_with_its_change() {
    let network = grid(60);
    let tiny = TileSettings {
        cache_bytes: 1,
        ..NO_WAIT
    };
    let tiles = tiles(&network, &[], tiny);
    let tile = at(16);
    let before = body(&tiles, tile, Encoding::Identity).unwrap();
    assert_eq!(before.0, 0);
    let shown = (0..network.segments().len() as u32)
        .find(|s| tiles.tiles_of(*s, 16).any(|t| t == tile))
        .unwrap();
    // Push it out of the cache: far more tiles, in all encodings, than the smallest cache holds.
    let mut drawn = 0usize;
    for z in 12..=16u8 {
        for segment in 0..network.segments().len() as u32 {
            for tile in tiles.tiles_of(segment, z).take(1) {
                for encoding in [Encoding::Identity, Encoding::Zstd] {
                    drawn += body(&tiles, tile, encoding).map_or(0, |(_, b)| b.len());
                }
            }
        }
        if z == 14 {
            tiles.apply(&[change(shown, 9, 44)]);
        }
    }
    assert!(drawn > 0);
    assert_eq!(
        tiles.highest_sequence(tile),
        Some(9),
        "no 304 for the old one"
    );
    let after = body(&tiles, tile, Encoding::Identity).unwrap();
    assert_eq!(after.0, 9);
    assert_ne!(after.1, before.1);
}

#[test]
fn a_tile_is_composed_once_in_an_interval() {
    let network = two_streets();
    let settings = TileSettings {
        min_interval: Duration::from_millis(250),
        ..NO_WAIT
    };
    let tiles = tiles(&network, &[], settings);
    let ms = Duration::from_millis;
    let drawn = |now| {
        tiles
            .draw(at(14), Encoding::Gzip, now)
            .unwrap()
            .unwrap()
            .sequence
    };
    assert_eq!(drawn(ms(1000)), 0);
    tiles.apply(&[change(0, 1, 44)]);
    assert_eq!(drawn(ms(1100)), 0, "served as it was, under its own number");
    let ready = tiles.ready(at(14), Encoding::Gzip, ms(1249)).unwrap();
    assert_eq!(ready.sequence, 0);
    assert_eq!(tiles.ready(at(14), Encoding::Gzip, ms(1250)), None);
    assert_eq!(drawn(ms(1250)), 1);
    let ready = tiles.ready(at(14), Encoding::Gzip, ms(9_000)).unwrap();
    assert_eq!(ready.sequence, 1, "without a change it stays good");
}

#[test]
fn many_readers_and_a_writer_see_numbers_that_belong_to_the_bytes() {
    let network = two_streets();
    let tiles = tiles(&network, &[], NO_WAIT);
    let expected: Vec<Vec<u8>> = {
        let other = super::support::tiles(&network, &[], NO_WAIT);
        (0..=200)
            .map(|n| {
                if n > 0 {
                    other.apply(&[change(n as u32 % 2, n, n as u32)]);
                }
                raw(&other, at(14))
            })
            .collect()
    };
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                loop {
                    let (sequence, gzip) = body(&tiles, at(14), Encoding::Gzip).unwrap();
                    let mut bytes = Vec::new();
                    flate2::read::GzDecoder::new(&gzip[..])
                        .read_to_end(&mut bytes)
                        .unwrap();
                    assert_eq!(bytes, expected[sequence as usize], "{sequence}");
                    if sequence == 200 {
                        break;
                    }
                }
            });
        }
        for n in 1..=200 {
            tiles.apply(&[change(n as u32 % 2, n, n as u32)]);
        }
    });
}

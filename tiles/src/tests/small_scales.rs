//! Merged lines, and lines over the borders of tiles.

use super::support::*;
use crate::{RoadTiles, TileCoordinate};
use domain::geometry::LonLat;
use geo_types::Geometry;
use proptest::prelude::*;
use std::collections::HashSet;

#[test]
fn small_roads_are_left_out_when_far_away() {
    let tiles = tiles(&two_streets(), &[], NO_WAIT);
    let count = |z| features(raw(&tiles, at(z))).len();
    assert_eq!((count(11), count(12), count(16)), (1, 2, 2));
}

#[test]
fn a_road_of_many_segments_is_one_line_with_the_worst_and_its_share() {
    let network = grid(7);
    let trunk: Vec<u32> = (0..network.segments().len() as u32)
        .filter(|s| network.road(*s).attributes.class == "trunk")
        .collect();
    assert_eq!(trunk.len(), 6);
    let mut changes: Vec<_> = (1..).zip(&trunk).map(|(n, s)| change(*s, n, 144)).collect();
    changes[3].status.status = 133;
    let tiles = tiles(&network, &changes, NO_WAIT);
    let drawn = features(raw(&tiles, at(8)));
    assert_eq!(drawn.len(), 1);
    assert_eq!(number(&drawn[0], "agg"), 1);
    assert_eq!(number(&drawn[0], "status"), 133);
    // Five of six stretches of one length.
    assert_eq!(number(&drawn[0], "cleared_share"), 83);
    let worst = changes[3].status.cleared_fwd_min;
    assert_eq!(number(&drawn[0], "cleared_fwd_min"), u64::from(worst));
    let id = drawn[0].id.unwrap();
    assert!(
        network.segments().iter().all(|s| s.id.0 != id),
        "an id of its own"
    );
    assert!(id < 1 << 53);
    assert!(
        features(raw(&tiles, at(14))).iter().all(|f| !f
            .properties
            .as_ref()
            .unwrap()
            .contains_key("agg"))
    );
}

#[test]
fn merged_ids_do_not_hang_on_the_order_of_the_file() {
    let ids = |ways: Vec<_>| -> HashSet<u64> {
        let tiles = tiles(&network(ways), &[], NO_WAIT);
        features(raw(&tiles, at(9)))
            .iter()
            .map(|f| f.id.unwrap())
            .collect()
    };
    let ways = || {
        (0..9).map(|i| {
            let x = 140.6 + f64::from(i) * 0.01;
            let mut way = way(i64::from(i) + 1, "trunk", &[(x, 40.7), (x + 0.01, 40.7)]);
            way.attributes.name = None;
            way
        })
    };
    let (forward, backward) = (ids(ways().collect()), ids(ways().rev().collect()));
    assert!(forward.len() < 9);
    assert_eq!(forward, backward);
}

#[test]
fn roads_that_differ_are_not_merged() {
    let chain = |second: &dyn Fn(&mut domain::network::SourceWay)| {
        let mut ways = vec![
            way(1, "trunk", &[(140.60, 40.70), (140.61, 40.70)]),
            way(1, "trunk", &[(140.61, 40.70), (140.62, 40.70)]),
        ];
        second(&mut ways[1]);
        let tiles = tiles(&network(ways), &[], NO_WAIT);
        features(raw(&tiles, at(8))).len()
    };
    assert_eq!(chain(&|_| ()), 1);
    assert_eq!(chain(&|w| w.attributes.reference = Some("7".to_owned())), 2);
    assert_eq!(
        chain(&|w| w.attributes.oneway = domain::network::Oneway::Forward),
        2
    );
}

/// Where the features of a tile cross a meridian of it, in units from the north.
fn crossings(tiles: &RoadTiles, tile: TileCoordinate, x: f64) -> Vec<f64> {
    let mut found = Vec::new();
    for feature in features(raw(tiles, tile)) {
        let lines = match feature.geometry {
            Geometry::LineString(line) => vec![line],
            Geometry::MultiLineString(lines) => lines.0,
            other => panic!("{other:?}"),
        };
        for piece in lines.iter().flat_map(|line| line.lines()) {
            let [ax, ay, bx, by] =
                [piece.start.x, piece.start.y, piece.end.x, piece.end.y].map(f64::from);
            if (ax < x) != (bx < x) {
                found.push(ay + (x - ax) / (bx - ax) * (by - ay));
            }
        }
    }
    found.sort_by(f64::total_cmp);
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// A road over a border is drawn at the same place on both sides, however coarsely.
    #[test]
    fn tiles_beside_each_other_meet(
        bends in prop::collection::vec((0.0..0.01f64, -0.02..0.02f64), 3..30),
        zoom in 5u8..=16,
    ) {
        let border_tile = TileCoordinate::holding(zoom, LonLat::new(140.7, 40.7)).unwrap();
        let border = f64::from(border_tile.column() + 1) / f64::from(1u32 << zoom) * 360.0 - 180.0;
        let mut x = border - 0.05;
        let line: Vec<(f64, f64)> = bends.iter().map(|(dx, dy)| { x += dx + 1e-4; (x, 40.7 + dy) }).collect();
        let network = network(vec![way(1, "trunk", &line)]);
        let tiles = tiles(&network, &[], NO_WAIT);
        for row in border_tile.row().saturating_sub(8)..(border_tile.row() + 9).min(1 << zoom) {
            let west = TileCoordinate::new(zoom, border_tile.column(), row).unwrap();
            let east = TileCoordinate::new(zoom, border_tile.column() + 1, row).unwrap();
            let inside = |ys: Vec<f64>| -> Vec<f64> {
                ys.into_iter().filter(|y| (1.5..4094.5).contains(y)).collect()
            };
            let (a, b) = (inside(crossings(&tiles, west, 4096.0)), inside(crossings(&tiles, east, 0.0)));
            prop_assert_eq!(a.len(), b.len(), "z{} row {}: {:?} {:?}", zoom, row, a, b);
            for (a, b) in a.iter().zip(&b) {
                // Half a unit is a sixteenth of a pixel; a steep line moves it further along the border.
                prop_assert!((a - b).abs() < 24.0, "z{zoom}: {a} and {b}");
            }
        }
    }
}

#[test]
fn only_tiles_of_this_world_are_served() {
    for (z, x, y, good) in [
        (5, 31, 31, true),
        (5, 32, 0, false),
        (4, 0, 0, false),
        (16, 65_535, 0, true),
        (17, 0, 0, false),
    ] {
        assert_eq!(TileCoordinate::new(z, x, y).is_some(), good, "{z}/{x}/{y}");
    }
}

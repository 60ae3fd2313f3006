//! Ways through Oslo drawn with an error of their own, laid back onto Oslo's streets.

use super::support::{decode, shared_file};
use domain::conflation::{Carriageways, LayParams, lay_line};
use domain::geometry::{LocalPlane, LonLat};
use domain::network::{DirectedSegment, RoadNetwork, build};
use domain::work::Direction;
use std::collections::BTreeSet;

const WALKS: u64 = 150;
const SEGMENTS_A_WALK: usize = 12;

/// The next of a sequence that looks random and is always the same (Knuth's MMIX).
fn draw(state: &mut u64) -> u64 {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

/// A way with the traffic that takes no segment twice.
fn walk(network: &RoadNetwork, state: &mut u64) -> Vec<DirectedSegment> {
    let mut node = (draw(state) % u64::from(network.node_count())) as u32;
    let mut way: Vec<DirectedSegment> = Vec::new();
    for _ in 0..SEGMENTS_A_WALK {
        let onward: Vec<DirectedSegment> = (network.leaving(node).iter().copied())
            .filter(|next| way.iter().all(|past| past.segment() != next.segment()))
            .collect();
        let Some(next) = onward.get(draw(state) as usize % onward.len().max(1)) else {
            break;
        };
        way.push(*next);
        node = network.head(*next);
    }
    way
}

/// The way as another office would draw it: vertices about each 25 m, moved as a whole and singly.
fn drawn(
    network: &RoadNetwork,
    way: &[DirectedSegment],
    off_m: f64,
    noise_m: f64,
    state: &mut u64,
) -> Vec<LonLat> {
    let mut unit = || (draw(state) % 2001) as f64 / 1000.0 - 1.0;
    let angle = unit() * std::f64::consts::PI;
    let (off_east_m, off_north_m) = (off_m * angle.cos(), off_m * angle.sin());
    let mut line = Vec::new();
    for directed in way {
        let length_m = network.segments()[directed.segment() as usize].length_m;
        let steps = (length_m / 25.0).ceil() as usize;
        for k in usize::from(!line.is_empty())..=steps {
            let along_m = length_m * k as f64 / steps as f64;
            let at_m = match directed.direction() {
                Direction::Forward => along_m,
                Direction::Backward => length_m - along_m,
            };
            let at = network.position(directed.segment(), at_m);
            let xy = [
                off_east_m + noise_m * unit(),
                off_north_m + noise_m * unit(),
            ];
            line.push(LocalPlane::at(at).unproject(xy));
        }
    }
    line
}

#[test]
fn ways_through_a_real_city_come_back() {
    let Some(bytes) = shared_file("osm/oslo-east-filtered.osm.pbf") else {
        return;
    };
    let source = decode("oslo-east-filtered.osm.pbf", &bytes).unwrap();
    let (network, _) = build(vec![source], 15.0).unwrap();
    let params = LayParams {
        carriageways: Carriageways::AsDrawn,
        ..LayParams::default()
    };
    // Error as a whole and singly; least share found, greatest share laid elsewhere.
    for (off_m, noise_m, least, most) in [
        (0.0, 0.0, 0.99, 0.01),
        (4.0, 2.0, 0.97, 0.03),
        (8.0, 3.0, 0.93, 0.07),
    ] {
        let mut state = 7;
        let (mut walked_m, mut found_m, mut elsewhere_m) = (0.0, 0.0, 0.0);
        for _ in 0..WALKS {
            let way = walk(&network, &mut state);
            let line = drawn(&network, &way, off_m, noise_m, &mut state);
            let laid = lay_line(&network, &line, &params);
            let own: BTreeSet<u32> = way.iter().map(|d| d.segment()).collect();
            walked_m += (own.iter())
                .map(|s| network.segments()[*s as usize].length_m)
                .sum::<f64>();
            for stretch in &laid.stretches {
                let length_m = stretch.to_m - stretch.from_m;
                if own.contains(&stretch.segment) {
                    found_m += length_m;
                } else {
                    elsewhere_m += length_m;
                }
            }
        }
        let (found, elsewhere) = (found_m / walked_m, elsewhere_m / walked_m);
        println!(
            "{:.0} km drawn {off_m} m off, noise {noise_m} m: {:.1} % found, {:.1} % elsewhere",
            walked_m / 1000.0,
            100.0 * found,
            100.0 * elsewhere
        );
        assert!(found >= least && elsewhere <= most, "{found} {elsewhere}");
    }
}

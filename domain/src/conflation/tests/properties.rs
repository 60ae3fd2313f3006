//! What must hold of any line that is drawn along roads.

use super::*;
use crate::network::DirectedSegment;
use proptest::prelude::*;

const MAP: &str = "
    A----B----C----D----E
    |    |    |    |    |
    F----G----H----I----J
    |    |    |    |    |
    K----L----M----N----O
    |    |    |    |    |
    P----Q----R----S----T
";
const WAYS: &[Way<'_>] = &[
    ("ABCDE", &[]),
    ("FGHIJ", &[("highway", "primary")]),
    ("KLMNO", &[]),
    ("PQRST", &[("oneway", "yes")]),
    ("AFKP", &[]),
    ("BGLQ", &[]),
    ("CHMR", &[("oneway", "-1")]),
    ("DINS", &[]),
    ("EJOT", &[]),
];

/// A walk over the network that never turns round and takes no segment twice.
fn walk(network: &RoadNetwork, start: u32, turns: &[u8]) -> Vec<DirectedSegment> {
    let mut way: Vec<DirectedSegment> = Vec::new();
    let mut node = start % network.node_count();
    for turn in turns {
        let onward: Vec<DirectedSegment> = (network.meeting(node).iter().copied())
            .filter(|d| way.iter().all(|w| w.segment() != d.segment()))
            .collect();
        let Some(next) = onward.get(usize::from(*turn) % onward.len().max(1)) else {
            break;
        };
        way.push(*next);
        node = network.head(*next);
    }
    way
}

/// The walk's line with vertices every `step_m`, each moved by its own error and all by the same.
fn drawn(
    network: &RoadNetwork,
    way: &[DirectedSegment],
    step_m: f64,
    noise: &[(f64, f64)],
    off: (f64, f64),
) -> Vec<LonLat> {
    let mut line = Vec::new();
    for directed in way {
        let length_m = network.segments()[directed.segment() as usize].length_m;
        let steps = (length_m / step_m).ceil() as usize;
        for k in 0..=steps {
            let along_m = length_m * k as f64 / steps as f64;
            let at_m = match directed.direction() {
                Direction::Forward => along_m,
                Direction::Backward => length_m - along_m,
            };
            let (dx, dy) = noise[line.len() % noise.len()];
            let at = network.position(directed.segment(), at_m);
            line.push(LocalPlane::at(at).unproject([off.0 + dx, off.1 + dy]));
        }
    }
    line
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_line_made_of_segments_comes_back_as_those_segments(
        start in 0u32..20,
        turns in prop::collection::vec(any::<u8>(), 1..7),
        step_m in 15.0..80.0f64,
        noise in prop::collection::vec((-2.5..2.5f64, -2.5..2.5f64), 1..9),
        off in (-6.0..6.0f64, -6.0..6.0f64),
    ) {
        let network = parse(MAP, 24.0).network(WAYS);
        let way = walk(&network, start, &turns);
        let line = drawn(&network, &way, step_m, &noise, off);
        let laid = lay_line(&network, &line, &LayParams::default());
        let mut expected: Vec<u32> = way.iter().map(|d| d.segment()).collect();
        let mut found: Vec<u32> = laid.stretches.iter().map(|s| s.segment).collect();
        expected.sort_unstable();
        found.sort_unstable();
        prop_assert_eq!(&found, &expected, "{:?}", laid);
        for stretch in &laid.stretches {
            let length_m = network.segments()[stretch.segment as usize].length_m;
            let covered_m = stretch.to_m - stretch.from_m;
            prop_assert!(covered_m >= length_m - 14.0, "{:?} of {}", stretch, length_m);
        }
        prop_assert!(laid.share > 0.99, "{:?}", laid);
    }

    #[test]
    fn the_direction_of_drawing_is_no_matter(
        start in 0u32..20,
        turns in prop::collection::vec(any::<u8>(), 1..7),
        noise in prop::collection::vec((-9.0..9.0f64, -9.0..9.0f64), 1..9),
    ) {
        let network = parse(MAP, 24.0).network(WAYS);
        let way = walk(&network, start, &turns);
        let mut line = drawn(&network, &way, 40.0, &noise, (0.0, 0.0));
        let there = lay_line(&network, &line, &LayParams::default());
        line.reverse();
        let back = lay_line(&network, &line, &LayParams::default());
        let of = |laid: &LaidLine| {
            let mut found: Vec<u32> = laid.stretches.iter().map(|s| s.segment).collect();
            found.sort_unstable();
            found
        };
        prop_assert_eq!(of(&there), of(&back));
    }

    #[test]
    fn any_line_whatever_is_laid_or_told(
        points in prop::collection::vec((-300.0..900.0f64, -700.0..300.0f64), 0..8),
    ) {
        let map = parse(MAP, 24.0);
        let network = map.network(WAYS);
        let plane = LocalPlane::at(map.at('A'));
        let line: Vec<LonLat> = points.iter().map(|(x, y)| plane.unproject([*x, *y])).collect();
        let laid = lay_line(&network, &line, &LayParams::default());
        prop_assert!((0.0..=1.0).contains(&laid.share));
        let mut seen: Vec<(u32, f64, f64)> = Vec::new();
        for s in &laid.stretches {
            let length_m = network.segments()[s.segment as usize].length_m;
            prop_assert!(0.0 <= s.from_m && s.from_m < s.to_m && s.to_m <= length_m, "{:?}", s);
            let overlaps = seen.iter().any(|(segment, from_m, to_m)| {
                *segment == s.segment && *from_m < s.to_m && s.from_m < *to_m
            });
            prop_assert!(!overlaps, "{:?}", laid.stretches);
            seen.push((s.segment, s.from_m, s.to_m));
        }
        let off_m: f64 = laid.unmatched.iter().map(|u| line_length_m(&u.line)).sum();
        let length_m = line_length_m(&line);
        prop_assert!((off_m + laid.share * length_m - length_m).abs() < 0.02 * length_m + 5.0);
    }
}

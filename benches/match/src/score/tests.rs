//! Known drives, known scores.
#![allow(clippy::unwrap_used)]

use super::*;
use domain::geometry::{LocalPlane, LonLat};
use domain::network::{Joins, NodeKey, RoadAttributes, RoadId, RoadSource, SourceWay, build};

/// A street of 200 m east, and from its end one of 100 m north.
fn corner() -> RoadNetwork {
    let plane = LocalPlane::at(LonLat::new(140.7, 40.8));
    let way = |id: i64, nodes: [i64; 2], line: [[f64; 2]; 2]| SourceWay {
        road_id: RoadId::Number(id),
        nodes: nodes.map(NodeKey::Osm).to_vec(),
        line: line.map(|xy| plane.unproject(xy)).to_vec(),
        joins: Joins::AtSharedNodes,
        attributes: RoadAttributes {
            class: "residential".to_owned(),
            ..RoadAttributes::default()
        },
        position: 0,
    };
    let ways = vec![
        way(1, [1, 2], [[0.0, 0.0], [200.0, 0.0]]),
        way(2, [2, 3], [[200.0, 0.0], [200.0, 100.0]]),
    ];
    let source = RoadSource {
        name: "corner".to_owned(),
        ways,
        ..RoadSource::default()
    };
    build(vec![source], 15.0).unwrap().0
}

fn piece(segment: u32, direction: Direction, from_m: f64, to_m: f64) -> Piece {
    Piece {
        directed: DirectedSegment::new(segment, direction),
        from_m,
        to_m,
    }
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 0.5
}

#[test]
fn directions_repeats_and_lengths_count() {
    use Direction::{Backward, Forward};
    let network = corner();
    let there = piece(0, Forward, 0.0, 200.0);
    let back = piece(0, Backward, 0.0, 200.0);
    let half = piece(0, Forward, 0.0, 100.0);
    // Driven, matched, added, missed, falsely cleared, never matched.
    let cases: [(&[Piece], &[Piece], [f64; 4]); 7] = [
        (&[there, back], &[there, back], [0.0, 0.0, 0.0, 0.0]),
        (&[there, there], &[there], [0.0, 200.0, 0.0, 0.0]),
        (&[there], &[there, there], [200.0, 0.0, 0.0, 0.0]),
        (&[there], &[back], [200.0, 200.0, 200.0, 200.0]),
        (&[there], &[half], [0.0, 100.0, 0.0, 100.0]),
        // The first 10 m too far are forgiven, but they are added.
        (&[half], &[there], [100.0, 0.0, 90.0, 0.0]),
        (&[there, back], &[back, there], [200.0, 200.0, 0.0, 0.0]),
    ];
    for (driven, matched, [added, missed, falsely, never]) in cases {
        let s = score(&network, driven, matched, matched);
        assert!(near(s.added_m, added), "{driven:?} {matched:?} {s:?}");
        assert!(near(s.missed_m, missed), "{driven:?} {matched:?} {s:?}");
        assert!(near(s.falsely_m, falsely), "{driven:?} {matched:?} {s:?}");
        assert!(
            near(s.never_claimed_m, never),
            "{driven:?} {matched:?} {s:?}"
        );
    }
}

#[test]
fn a_span_cut_in_two_is_the_same_as_a_whole_one() {
    let network = corner();
    let whole = [piece(1, Direction::Backward, 0.0, 100.0)];
    for cut_m in [0.1, 2.5, 7.3, 33.3, 99.9] {
        let parts = [
            piece(1, Direction::Backward, 0.0, cut_m),
            piece(1, Direction::Backward, cut_m, 100.0),
        ];
        assert_eq!(
            score(&network, &whole, &parts, &parts).rmf(),
            0.0,
            "{cut_m}"
        );
    }
}

#[test]
fn mismatches_say_where() {
    let network = corner();
    let driven = [
        piece(0, Direction::Forward, 0.0, 200.0),
        piece(1, Direction::Forward, 0.0, 100.0),
    ];
    let matched = [
        piece(0, Direction::Forward, 0.0, 150.0),
        piece(1, Direction::Forward, 0.0, 100.0),
        piece(1, Direction::Backward, 0.0, 20.0),
    ];
    let found = mismatches(&network, &driven, &matched);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(!found[0].added && found[1].added);
    let stretch = |m: &Mismatch| (m.piece.from_m.round(), m.piece.to_m.round());
    assert_eq!(stretch(&found[0]), (150.0, 200.0));
    assert_eq!(stretch(&found[1]), (0.0, 20.0));
}

#[test]
fn a_peers_line_becomes_the_pieces_that_it_lies_on() {
    let network = corner();
    let plane = LocalPlane::at(LonLat::new(140.7, 40.8));
    // From mid-block round the corner, back from before the end, rounded as peers do.
    let line: Vec<LonLat> = [
        [120.0, 0.0],
        [200.0, 0.0],
        [200.0, 60.0],
        [200.0, 0.0],
        [150.0, 0.0],
    ]
    .map(|xy| plane.unproject(xy))
    .map(|p| LonLat::new((p.lon * 1e6).round() / 1e6, (p.lat * 1e6).round() / 1e6))
    .to_vec();
    let (pieces, lost_m) = crate::reference::pieces_of_line(&network, &line);
    assert_eq!(lost_m, 0.0);
    let expected = [
        piece(0, Direction::Forward, 120.0, 200.0),
        piece(1, Direction::Forward, 0.0, 60.0),
        piece(1, Direction::Backward, 40.0, 100.0),
        piece(0, Direction::Backward, 0.0, 50.0),
    ];
    assert_eq!(pieces.len(), expected.len(), "{pieces:?}");
    for (found, expected) in pieces.iter().zip(&expected) {
        assert_eq!(found.directed, expected.directed);
        assert!(near(found.from_m, expected.from_m) && near(found.to_m, expected.to_m));
    }
    let elsewhere = [
        plane.unproject([0.0, 500.0]),
        plane.unproject([100.0, 500.0]),
    ];
    assert!(crate::reference::pieces_of_line(&network, &elsewhere).1 > 99.0);
}

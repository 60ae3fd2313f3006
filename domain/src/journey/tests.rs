use super::*;
use crate::ascii_map::{self, AsciiMap};
use crate::network::RoadNetwork;
use crate::status::{SegmentStatus, State, StatusChange, StatusColumns};
use proptest::prelude::*;

const GRID_M: f64 = 100.0;

/// The way between places as the names of the nodes that it passes.
fn way(
    map: &AsciiMap,
    network: &RoadNetwork,
    places: &str,
    closed: &[&str],
) -> Result<String, NoJourney> {
    let closed: Vec<DirectedSegment> = closed
        .iter()
        .map(|ends| map.directed(network, ends))
        .collect();
    let places: Vec<LonLat> = places.chars().map(|c| map.at(c)).collect();
    let journey = find(network, &places, &|directed| closed.contains(&directed))?;
    let mut line: Vec<LonLat> = Vec::new();
    for part in &journey.travelled {
        line.extend(part.line(network));
    }
    let mut names = String::new();
    for place in line {
        let name = ('A'..='Z')
            .find(|c| map.has(*c) && map.at(*c).geodesic_m(place) < 1.0)
            .unwrap_or('·');
        if !names.ends_with(name) {
            names.push(name);
        }
    }
    Ok(names)
}

/// Name, places, closed segments, and the way or why there is none.
type Case<'a> = (&'a str, &'a str, &'a [&'a str], Result<&'a str, NoJourney>);

const TOWN: &str = "
A-----B-----C-----D
|     |     |
E-----F-----G     H
      |
      J
";

fn town() -> (AsciiMap, RoadNetwork) {
    let map = ascii_map::parse(TOWN, GRID_M);
    let network = map.network(&[
        ("ABCD", &[("highway", "trunk"), ("name", "国道")]),
        ("EF", &[]),
        ("FG", &[("oneway", "yes")]),
        ("AE", &[]),
        ("BF", &[]),
        ("CG", &[]),
        ("FJ", &[]),
    ]);
    (map, network)
}

#[test]
fn ways_are_the_quickest_that_are_open() {
    let (map, network) = town();
    let cases: [Case<'_>; 9] = [
        ("the trunk road is quicker", "AG", &[], Ok("ABCG")),
        ("closed one way only", "AG", &["CB"], Ok("ABCG")),
        ("round a closure", "AG", &["BC"], Ok("ABFG")),
        ("never against a one-way", "GE", &[], Ok("GCBAE")),
        ("by way of another place", "AJG", &[], Ok("ABFJFG")),
        ("the same place twice", "AA", &[], Ok("")),
        (
            "shut in",
            "JA",
            &["FB", "FE", "FG"],
            Err(NoJourney::Apart { place: 0 }),
        ),
        (
            "its road is closed",
            "JA",
            &["JF", "FJ"],
            Err(NoJourney::ClosedIn { place: 0 }),
        ),
        (
            "one place is no way",
            "A",
            &[],
            Err(NoJourney::TooFewPlaces),
        ),
    ];
    for (name, places, closed, expected) in cases {
        assert_eq!(
            way(&map, &network, places, closed),
            expected.map(str::to_owned),
            "{name}"
        );
    }
}

#[test]
fn places_far_from_roads_and_from_each_other_are_told() {
    let (map, network) = town();
    let open = |_| false;
    let far = |east_m, north_m| map.beside('A', east_m, north_m);
    let of = |places: &[LonLat]| find(&network, places, &open).map(|way| way.length_m().round());
    assert_eq!(
        of(&[map.at('A'), far(0.0, 1500.0)]),
        Err(NoJourney::OffRoad { place: 1 })
    );
    assert_eq!(
        of(&[far(-200_000.0, 0.0), map.at('A')]),
        Err(NoJourney::TooFar { place: 0 })
    );
    assert_eq!(
        of(&[far(-40.0, 0.0), far(50.0, 40.0)]),
        Ok(50.0),
        "from beside the road to beside it"
    );
    assert_eq!(
        of(&[far(250.0, 5.0), far(50.0, 5.0)]),
        Ok(200.0),
        "back on the same segment"
    );
}

fn shown(network: &RoadNetwork, map: &AsciiMap, states: &[(&str, State, u32)]) -> StatusColumns {
    let mut columns = StatusColumns::new(network.segments().len());
    for (i, (ends, state, cleared_fwd_min)) in states.iter().enumerate() {
        let directed = map.directed(network, ends);
        assert_eq!(directed.direction(), Direction::Forward);
        columns.set(StatusChange {
            segment: directed.segment(),
            status: SegmentStatus {
                cleared_fwd_min: *cleared_fwd_min,
                cleared_rev_min: 0,
                status: state.code() + 200_000 * u32::from(i == 0),
            },
            sequence: 1 + i as i64,
        });
    }
    columns
}

#[test]
fn stretches_are_of_one_road_and_one_state() {
    let (map, network) = town();
    let states = [
        ("AB", State::Cleared, 500),
        ("BC", State::Cleared, 400),
        ("CG", State::Uncleared, 0),
    ];
    let columns = shown(&network, &map, &states);
    let open = |_| false;
    let forth = find(&network, &[map.at('A'), map.at('G')], &open).unwrap();
    let found = stretches(&network, &columns, &forth);
    let summary: Vec<(f64, f64, State, u32, usize, Confidence)> = found
        .iter()
        .map(|s| {
            let (from_m, to_m) = (s.from_m.round(), s.to_m.round());
            (
                from_m,
                to_m,
                s.state,
                s.cleared_min,
                s.segment_ids.len(),
                s.confidence,
            )
        })
        .collect();
    assert_eq!(
        summary,
        [
            (0.0, 1200.0, State::Cleared, 400, 2, Confidence::Weak),
            (1200.0, 1400.0, State::Uncleared, 0, 1, Confidence::Seen),
        ]
    );
    let back = find(&network, &[map.at('G'), map.at('A')], &open).unwrap();
    let back = stretches(&network, &columns, &back);
    assert!(
        back.iter().all(|s| s.state == State::NoData),
        "the other direction was never seen"
    );
}

use crate::coverage::Confidence;

proptest! {
    /// Whatever is closed, a way is joined, keeps to the direction of traffic, and takes nothing closed.
    #[test]
    fn ways_hold_together(
        places in proptest::collection::vec((0.0..1900.0f64, -700.0..0.0f64), 2..4),
        closed in proptest::collection::vec(any::<bool>(), 40),
    ) {
        let (map, network) = town();
        let places: Vec<LonLat> = places.iter().map(|(e, n)| map.beside('A', *e, *n)).collect();
        let is_closed = |directed: DirectedSegment| closed[directed.number() as usize % closed.len()];
        if let Ok(journey) = find(&network, &places, &is_closed) {
            for part in &journey.travelled {
                prop_assert!(!is_closed(part.directed) && network.is_open(part.directed));
                prop_assert!(part.from_m <= part.to_m);
            }
            if places.len() == 2 {
                for pair in journey.travelled.windows(2) {
                    let (a, b) = (pair[0].line(&network), pair[1].line(&network));
                    prop_assert!(a[a.len() - 1].geodesic_m(b[0]) < 0.1);
                }
            }
        }
    }
}

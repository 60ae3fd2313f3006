#![allow(clippy::unwrap_used)]

use super::path::crossing;
use super::town;
use domain::geometry::LocalPlane;
use domain::network::{BuildReport, DEFAULT_TOLERANCE_M, Oneway, RoadNetwork, build};

fn network(seed: u64) -> (RoadNetwork, BuildReport) {
    build(vec![town(seed)], DEFAULT_TOLERANCE_M).unwrap()
}

fn count(network: &RoadNetwork, wanted: impl Fn(u32) -> bool) -> usize {
    (0..network.segments().len() as u32)
        .filter(|s| wanted(*s))
        .count()
}

#[test]
fn every_seed_makes_one_town_of_the_right_size() {
    for seed in 0..8 {
        let (network, report) = network(seed);
        assert_eq!(report.components, 1, "seed {seed}");
        assert!(
            report.refused.is_empty(),
            "seed {seed}: {:?}",
            report.refused
        );
        assert!(
            (500..=900).contains(&report.segments),
            "{}",
            report.segments
        );
        assert!(
            (60.0..=110.0).contains(&report.length_km),
            "{}",
            report.length_km
        );
        let bridges = count(&network, |s| network.road(s).attributes.bridge);
        assert_eq!(bridges, 3, "seed {seed}");
        let shortest_m = network
            .segments()
            .iter()
            .map(|s| s.length_m)
            .fold(f64::MAX, f64::min);
        assert!(shortest_m > 10.0, "seed {seed}: {shortest_m}");
    }
}

#[test]
fn a_seed_always_makes_the_same_town() {
    let ids = |seed| {
        let (network, _) = network(seed);
        let ids: Vec<_> = network.segments().iter().map(|s| s.id).collect();
        (ids, network.parts())
    };
    assert!(ids(7) == ids(7));
    assert!(ids(7) != ids(8));
}

#[test]
fn every_road_has_a_name_a_manager_and_a_level() {
    let (network, report) = network(1);
    for road in network.roads() {
        let attributes = &road.attributes;
        assert!(attributes.name.as_ref().is_some_and(|n| !n.is_empty()));
        assert!(attributes.manager.is_some());
        let is_through = matches!(attributes.class.as_str(), "trunk" | "primary" | "secondary");
        assert_eq!(is_through, attributes.reference.is_some(), "{attributes:?}");
    }
    let levels: Vec<&str> = report
        .segments_by_level
        .iter()
        .map(|(level, _)| level.as_str())
        .collect();
    assert_eq!(levels, ["national", "prefectural", "municipal"]);
}

#[test]
fn embankment_roads_pass_under_bridges_without_joining() {
    let (network, _) = network(1);
    let line = |segment: u32| {
        let plane = LocalPlane::at(super::MIDDLE);
        let line = network.line(segment).iter().map(|p| plane.project(*p));
        line.collect::<Vec<_>>()
    };
    let mut undercrossings = 0;
    for bridge in 0..network.segments().len() as u32 {
        if !network.road(bridge).attributes.bridge {
            continue;
        }
        assert_eq!(network.road(bridge).attributes.layer, 1);
        let over = line(bridge);
        for other in 0..network.segments().len() as u32 {
            let name = network.road(other).attributes.name.as_deref();
            if !name.is_some_and(|n| n.contains("堤防線")) {
                continue;
            }
            let under = line(other);
            let crosses = over.windows(2).any(|a| {
                under
                    .windows(2)
                    .any(|b| crossing([a[0], a[1]], [b[0], b[1]]).is_some())
            });
            if crosses {
                undercrossings += 1;
                let [a, b] = [bridge, other].map(|s| &network.segments()[s as usize]);
                for node in [a.from_node, a.to_node] {
                    assert!(node != b.from_node && node != b.to_node);
                }
            }
        }
    }
    // Three bridges, an embankment on either side.
    assert_eq!(undercrossings, 6);
}

#[test]
fn the_town_has_what_a_matcher_can_trip_over() {
    let (network, _) = network(1);
    let attributes = |s: u32| &network.road(s).attributes;
    assert!(count(&network, |s| attributes(s).oneway == Oneway::Forward) > 5);
    assert!(count(&network, |s| attributes(s).oneway == Oneway::Backward) > 5);
    assert!(count(&network, |s| attributes(s).lanes == Some(4)) > 10);
    assert!(count(&network, |s| attributes(s).class == "service") > 5);
    let narrow = domain::coverage::NarrowRoads::default();
    assert!(count(&network, |s| narrow.hold(attributes(s))) > 100);
    let dead_ends = (0..network.node_count())
        .filter(|n| network.is_dead_end(*n))
        .count();
    assert!(dead_ends > 30, "{dead_ends}");
}

//! What must hold of any lines whatever.

use super::*;
use crate::geometry::line_length_m;
use proptest::prelude::*;

const ORIGIN: LonLat = LonLat::new(138.55, 37.37);

/// A line of two to six vertices, each up to 80 m from the one before, within some 300 m.
fn a_line() -> impl Strategy<Value = Vec<LonLat>> {
    let steps = prop::collection::vec((-80.0..80.0f64, -80.0..80.0f64), 1..6);
    ((0.0..300.0f64, 0.0..300.0f64), steps).prop_map(|((x, y), steps)| {
        let plane = LocalPlane::at(ORIGIN);
        let mut at = [x, y];
        let mut line = vec![plane.unproject(at)];
        for (dx, dy) in steps {
            at = [at[0] + dx, at[1] + dy];
            line.push(plane.unproject(at));
        }
        line
    })
}

fn a_kind() -> impl Strategy<Value = RouteLineKind> {
    prop_oneof![
        4 => Just(RouteLineKind::Clearing),
        1 => Just(RouteLineKind::Emergency),
        1 => Just(RouteLineKind::Melting),
        1 => Just(RouteLineKind::Sidewalk { left: true, right: false, standard: None }),
    ]
}

fn lines() -> impl Strategy<Value = Vec<RouteLine>> {
    prop::collection::vec((a_line(), a_kind()), 1..14).prop_map(|lines| {
        (0..)
            .zip(lines)
            .map(|(i, (line, kind))| RouteLine {
                road_id: RoadId::Number(1000 + i as i64),
                kind,
                melting: false,
                attributes: RoadAttributes::default(),
                line,
                position: i,
            })
            .collect()
    })
}

/// OSM ways: each vertex a node of its own, or one of a neighbour's.
fn ways() -> impl Strategy<Value = Vec<SourceWay>> {
    prop::collection::vec((a_line(), any::<bool>()), 0..6).prop_map(|lines| {
        let mut next = 0;
        let mut ways: Vec<SourceWay> = Vec::new();
        for (i, (mut line, hangs_on)) in lines.into_iter().enumerate() {
            let mut nodes: Vec<NodeKey> = line
                .iter()
                .map(|_| {
                    next += 1;
                    NodeKey::Osm(next)
                })
                .collect();
            if let Some(before) = ways.last().filter(|_| hangs_on) {
                let middle = before.nodes.len() / 2;
                (nodes[0], line[0]) = (before.nodes[middle], before.line[middle]);
            }
            ways.push(SourceWay {
                road_id: RoadId::Number(i as i64),
                nodes,
                line,
                joins: Joins::AtSharedNodes,
                attributes: RoadAttributes {
                    bridge: i % 5 == 4,
                    ..RoadAttributes::default()
                },
                position: i as u64,
            });
        }
        ways
    })
}

fn sources(ways: &[SourceWay], lines: &[RouteLine]) -> Vec<RoadSource> {
    let roads = RoadSource {
        name: "roads.osm".to_owned(),
        ways: ways.to_vec(),
        ..RoadSource::default()
    };
    vec![roads, plan(lines.to_vec())]
}

fn number(network: &RoadNetwork, segment: u32) -> i64 {
    match network.road(segment).id {
        RoadId::Number(id) => id,
        _ => unreachable!(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn joining_keeps_places_lengths_and_junctions(ways in ways(), lines in lines()) {
        let Ok((network, report)) = build(sources(&ways, &lines), TOLERANCE_M) else {
            return Ok(());
        };
        let mut drawn_m: HashMap<i64, f64> = HashMap::new();
        for i in 0..network.segments().len() as u32 {
            let id = number(&network, i);
            let segment = &network.segments()[i as usize];
            *drawn_m.entry(id).or_default() += segment.length_m;
            let own = if id < 1000 { &ways[id as usize].line } else { &lines[id as usize - 1000].line };
            let most_m = if id < 1000 { 0.2 } else { TOLERANCE_M + 0.01 };
            for at in network.line(i) {
                prop_assert!(distance_m(*at, own) <= most_m, "{} moved {}", id, distance_m(*at, own));
            }
            prop_assert!(segment.length_m > 0.0);
            for stretch in network.stretches(i) {
                prop_assert!(0.0 <= stretch.from_m && stretch.from_m <= stretch.to_m);
                prop_assert!(stretch.to_m <= segment.length_m * 1.005 + 0.01, "{:?}", stretch);
            }
        }
        // Roads that came with their junctions keep every metre.
        for way in &ways {
            let RoadId::Number(id) = way.road_id else { unreachable!() };
            let length_m = line_length_m(&way.line);
            let kept_m = drawn_m.get(&id).copied().unwrap_or(0.0);
            prop_assert!((kept_m / length_m - 1.0).abs() < 0.005, "{} {} {}", id, kept_m, length_m);
        }
        // Route lines are road, laid, or named as unplaced; none is longer than it was drawn.
        let mut all_m = 0.0;
        let mut added_m = 0.0;
        for line in &lines {
            let RoadId::Number(id) = line.road_id else { unreachable!() };
            let length_m = line_length_m(&line.line);
            let kept_m = drawn_m.get(&id).copied().unwrap_or(0.0);
            prop_assert!(kept_m <= length_m * 1.005, "{} {} {}", id, kept_m, length_m);
            all_m += length_m;
            added_m += kept_m;
        }
        prop_assert!((added_m / 1000.0 - report.added_km).abs() <= 0.005 * report.added_km + 1e-6);
        let told_km = report.added_km + report.laid_km + report.unplaced_km;
        prop_assert!((told_km - all_m / 1000.0).abs() < 1e-6, "{} {}", told_km, all_m);
        // Every vertex of a carriageway is near some road.
        for line in lines.iter().filter(|l| l.kind.is_carriageway()) {
            for at in &line.line {
                prop_assert!(!network.near(*at, 2.0 * TOLERANCE_M).is_empty());
            }
        }
        prop_assert!(collapsed(&network).is_empty(), "{:?}", collapsed(&network));
    }

    #[test]
    fn joining_does_not_hang_on_the_order_of_records(ways in ways(), lines in lines(), by in 0usize..9) {
        let Ok((first, _)) = build(sources(&ways, &lines), TOLERANCE_M) else { return Ok(()) };
        let (mut ways, mut lines) = (ways, lines);
        ways.reverse();
        let by = by % lines.len();
        lines.rotate_left(by);
        let mut turned = sources(&ways, &lines);
        turned.reverse();
        let (second, _) = build(turned, TOLERANCE_M).unwrap();
        prop_assert_eq!(ids(&first), ids(&second));
        prop_assert_eq!(first.component_count(), second.component_count());
    }

    #[test]
    fn any_numbers_whatever_are_taken_or_refused(
        points in prop::collection::vec((any::<f64>(), any::<f64>()), 0..5),
        near in prop::collection::vec((-181.0..181.0f64, -91.0..91.0f64), 0..3),
        kind in a_kind(),
    ) {
        let points = points.into_iter().chain(near).map(|(x, y)| LonLat::new(x, y)).collect();
        let line = RouteLine {
            road_id: RoadId::None,
            kind,
            melting: true,
            attributes: RoadAttributes::default(),
            line: points,
            position: 0,
        };
        if let Ok((network, report)) = build(vec![plan(vec![line])], TOLERANCE_M) {
            prop_assert!(report.length_km.is_finite() && !network.segments().is_empty());
        }
    }
}

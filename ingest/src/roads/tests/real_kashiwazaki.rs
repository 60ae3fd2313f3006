//! Kashiwazaki City's clearing plan: 2,187 route lines that are not noded, and what lies on them.

use super::support::{decode, distance_m, shared_file};
use domain::geometry::{LonLat, line_length_m};
use domain::network::{
    BuildReport, RoadId, RoadNetwork, RoadSource, RouteLine, SegmentId, StretchKind, build,
};
use std::collections::{BTreeSet, HashMap};

const FILES: [&str; 6] = [
    "josetsu",
    "josetsu_nishiyama",
    "josetsu_takayanagi",
    "kinkyu",
    "hodo",
    "shosetsu_pipe",
];
const TOLERANCE_M: f64 = 15.0;

/// All files; each line named by its file, record and part.
fn sources() -> Option<Vec<RoadSource>> {
    FILES
        .iter()
        .map(|file| {
            let name = format!("{file}.geojson");
            let bytes = shared_file(&format!("kashiwazaki/{name}"))?;
            let mut source = decode(&name, &bytes).unwrap();
            assert_eq!(source.refused, []);
            for (part, line) in source.lines.iter_mut().enumerate() {
                line.road_id = RoadId::Text(format!("{file} {} {part}", line.position));
            }
            Some(source)
        })
        .collect()
}

fn network(sources: Vec<RoadSource>) -> (RoadNetwork, BuildReport) {
    build(sources, TOLERANCE_M).unwrap()
}

fn ids(network: &RoadNetwork) -> BTreeSet<SegmentId> {
    network.segments().iter().map(|s| s.id).collect()
}

fn carriageways(sources: &[RoadSource]) -> HashMap<RoadId, Vec<LonLat>> {
    let lines = sources.iter().flat_map(|s| &s.lines);
    lines
        .filter(|line| line.kind.is_carriageway())
        .map(|line| (line.road_id.clone(), line.line.clone()))
        .collect()
}

#[test]
fn the_plan_hangs_together_after_joining() {
    let Some(sources) = sources() else { return };
    let features: BTreeSet<(&str, u64)> = sources
        .iter()
        .flat_map(|s| s.lines.iter().map(|l| (s.name.as_str(), l.position)))
        .collect();
    assert_eq!(features.len(), 2187 + 138 + 309 + 265);
    let (network, report) = network(sources);
    assert!(report.components_before_joining >= 2000, "{report:?}");
    assert!(report.components <= 325, "{}", report.components);
    // No stretch between two junctions is skipped.
    for (i, segment) in (0..).zip(network.segments()) {
        let line = network.line(i);
        let apart_m = line[0].geodesic_m(line[line.len() - 1]);
        assert!(
            segment.from_node != segment.to_node || apart_m < 1.0,
            "{segment:?}"
        );
    }
}

#[test]
fn no_vertex_moves_beyond_the_tolerance_and_lengths_stay() {
    let Some(sources) = sources() else { return };
    let drawn = carriageways(&sources);
    let (network, report) = network(sources);
    let mut kept_m: HashMap<&RoadId, f64> = HashMap::new();
    for (i, segment) in (0..).zip(network.segments()) {
        let id = &network.road(i).id;
        *kept_m.entry(id).or_default() += segment.length_m;
        for at in network.line(i) {
            let moved_m = distance_m(*at, &drawn[id]);
            assert!(moved_m <= TOLERANCE_M, "{id:?}: {moved_m} m");
        }
    }
    let mut drawn_m = 0.0;
    for (id, line) in &drawn {
        let length_m = line_length_m(line);
        drawn_m += length_m;
        let kept = kept_m.get(id).copied().unwrap_or(0.0);
        assert!(kept <= 1.005 * length_m, "{id:?}: {kept} of {length_m} m");
        // What is not kept was laid onto a road within the tolerance.
        for at in line {
            let near = network.near(*at, 2.0 * TOLERANCE_M);
            let off_m = near.first().map_or(f64::INFINITY, |n| n.distance_m);
            assert!(off_m <= TOLERANCE_M, "{id:?}: {off_m} m");
        }
    }
    let added_m: f64 = kept_m.values().sum();
    assert!((added_m / 1000.0 / report.added_km - 1.0).abs() < 0.005);
    let unkept_m = drawn_m - 1000.0 * report.added_km;
    assert!(
        unkept_m >= 0.0 && unkept_m <= 1000.0 * report.laid_km,
        "{unkept_m}"
    );
}

#[test]
fn ids_hang_neither_on_the_import_nor_on_the_order_of_files_and_features() {
    let Some(sources) = sources() else { return };
    let (first, _) = network(sources.clone());
    let (second, _) = network(sources.clone());
    assert_eq!(first.parts(), second.parts());
    for turn in [501usize, 1207] {
        let mut shuffled = sources.clone();
        for source in &mut shuffled {
            let n = source.lines.len();
            source.lines.rotate_left(turn % n);
            source
                .lines
                .sort_by_key(|line| line.position.wrapping_mul(turn as u64) % 97);
        }
        shuffled.rotate_left(turn % FILES.len());
        let (other, _) = network(shuffled);
        assert_eq!(ids(&first), ids(&other));
    }
}

#[test]
fn every_line_is_road_laid_or_refused() {
    let Some(sources) = sources() else { return };
    let (network, report) = network(sources.clone());
    let roads: BTreeSet<&RoadId> = network.roads().iter().map(|road| &road.id).collect();
    let stretches: BTreeSet<&RoadId> = network.all_stretches().map(|s| &s.road_id).collect();
    let refused: BTreeSet<(&str, u64)> = report
        .refused
        .iter()
        .map(|(name, refused)| (name.as_str(), refused.position))
        .collect();
    let middle = |line: &RouteLine| line.line[line.line.len() / 2];
    for source in &sources {
        for line in &source.lines {
            let is_there = if line.kind.is_carriageway() {
                roads.contains(&line.road_id) || !network.near(middle(line), TOLERANCE_M).is_empty()
            } else {
                // A sidewalk of no length on either side says nothing.
                stretches.contains(&line.road_id)
                    || refused.contains(&(source.name.as_str(), line.position))
            };
            assert!(is_there, "{:?} {:?}", line.road_id, line.kind);
        }
    }
    for stretch in network.all_stretches() {
        let length_m = network.segments()[stretch.segment as usize].length_m;
        assert!(
            0.0 <= stretch.from_m
                && stretch.from_m <= stretch.to_m
                && stretch.to_m <= length_m + 0.01
        );
    }
    let of = |kind| network.all_stretches().filter(|s| s.kind == kind).count();
    assert!(of(StretchKind::Melting) > 0 && of(StretchKind::SidewalkLeft) > 0);
}

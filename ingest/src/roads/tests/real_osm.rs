//! Oslo's east and Liechtenstein, as OSM extracts.

use super::support::{decode, shared_file};
use domain::geometry::line_length_m;
use domain::network::{RoadId, SegmentId, build};
use std::collections::{BTreeSet, HashMap};

#[test]
fn extracts_become_networks_whose_ids_stay() {
    for (file, ways) in [
        ("oslo-east-filtered", 6_000),
        ("liechtenstein-latest", 2_000),
    ] {
        let name = format!("{file}.osm.pbf");
        let Some(bytes) = shared_file(&format!("osm/{name}")) else {
            return;
        };
        let source = decode(&name, &bytes).unwrap();
        assert!(source.ways.len() > ways, "{file}: {}", source.ways.len());
        let mut drawn_m: HashMap<RoadId, f64> = HashMap::new();
        for way in &source.ways {
            *drawn_m.entry(way.road_id.clone()).or_default() += line_length_m(&way.line);
        }
        let (network, report) = build(vec![source.clone()], 15.0).unwrap();
        assert_eq!(report.repeated_ways, 0, "{file}");
        let ids = |network: &domain::network::RoadNetwork| -> BTreeSet<SegmentId> {
            network.segments().iter().map(|s| s.id).collect()
        };
        assert_eq!(ids(&network).len(), network.segments().len());

        let mut kept_m: HashMap<&RoadId, f64> = HashMap::new();
        for (i, segment) in (0..).zip(network.segments()) {
            *kept_m.entry(&network.road(i).id).or_default() += segment.length_m;
        }
        for (id, metres) in &drawn_m {
            let kept = kept_m.get(id).copied().unwrap_or(0.0);
            assert!(
                (kept - metres).abs() < 0.01,
                "{file} {id:?}: {kept} of {metres} m"
            );
        }

        let mut turned = source;
        turned.ways.reverse();
        let (again, _) = build(vec![turned], 15.0).unwrap();
        assert_eq!(network.parts(), again.parts(), "{file}");
    }
}

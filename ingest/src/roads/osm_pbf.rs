//! `.osm.pbf`, read twice: ways and relations first, then the nodes that they need.

use super::osm::{OsmData, OsmWay, Tags, is_road, to_source};
use super::{Counted, RoadFileError, broken};
use domain::geometry::LonLat;
use domain::network::RoadSource;
use osmpbf::{Element, ElementReader, RelMemberType};
use std::collections::HashSet;

pub(super) fn decode(
    name: &str,
    bytes: &[u8],
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<RoadSource, RoadFileError> {
    let mut data = OsmData::default();
    ElementReader::new(Counted::new(bytes, 0, 2, progress))
        .for_each(|element| match element {
            Element::Way(way) => {
                let tags = owned(way.tags());
                if is_road(&tags) {
                    data.ways.push(OsmWay {
                        id: way.id(),
                        nodes: way.refs().collect(),
                        tags,
                    });
                }
            }
            Element::Relation(relation) => {
                let tags = owned(relation.tags());
                if tags.get("route").is_some_and(|v| v == "road")
                    && let Some(network) = tags.get("network")
                {
                    for member in relation.members() {
                        if member.member_type == RelMemberType::Way {
                            data.networks
                                .entry(member.member_id)
                                .or_default()
                                .push(network.clone());
                        }
                    }
                }
            }
            _ => {}
        })
        .map_err(|e| broken(name, format!("not a whole OSM PBF file: {e}")))?;

    let needed: HashSet<i64> = data
        .ways
        .iter()
        .flat_map(|w| w.nodes.iter().copied())
        .collect();
    data.places.reserve(needed.len());
    ElementReader::new(Counted::new(bytes, 1, 2, progress))
        .for_each(|element| {
            let (id, at) = match element {
                Element::Node(node) => (node.id(), LonLat::new(node.lon(), node.lat())),
                Element::DenseNode(node) => (node.id(), LonLat::new(node.lon(), node.lat())),
                _ => return,
            };
            if needed.contains(&id) && at.is_valid() {
                data.places.insert(id, at);
            }
        })
        .map_err(|e| broken(name, format!("not a whole OSM PBF file: {e}")))?;
    Ok(to_source(name, data))
}

fn owned<'a>(tags: impl Iterator<Item = (&'a str, &'a str)>) -> Tags {
    tags.map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
}

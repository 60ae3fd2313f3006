//! `.osm.pbf`, read twice: ways and relations first, then the nodes that they need.
//!
//! The crate that reads the blocks takes a file that ends between two of them, or up to three
//! bytes later, for a whole one, and panics on some damaged blocks; so the frames are checked
//! first, and a panic becomes an error.

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
    check_frames(bytes)
        .map_err(|what| broken(name, format!("not a whole OSM PBF file: {what}")))?;
    let read =
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| read(name, bytes, progress)));
    let data = read.unwrap_or_else(|_| {
        Err(broken(
            name,
            "not a sound OSM PBF file: a block of it is damaged",
        ))
    })?;
    to_source(name, data)
}

fn read(
    name: &str,
    bytes: &[u8],
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<OsmData, RoadFileError> {
    let mut data = OsmData::default();
    ElementReader::new(Counted::new(bytes, 0, 2, progress))
        .for_each(|element| match element {
            Element::Way(way) => {
                let tags = owned(way.tags());
                if is_road(&tags) {
                    // Some extracts keep the places with the ways (`LocationsOnWays`).
                    for (node, place) in way.refs().zip(way.node_locations()) {
                        let at = LonLat::new(place.lon(), place.lat());
                        if at.is_valid() {
                            data.places.insert(node, at);
                        }
                    }
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
                Element::Node(node) => {
                    (node.id(), place(node.decimicro_lon(), node.decimicro_lat()))
                }
                Element::DenseNode(node) => {
                    (node.id(), place(node.decimicro_lon(), node.decimicro_lat()))
                }
                _ => return,
            };
            if needed.contains(&id) && at.is_valid() {
                data.places.insert(id, at);
            }
        })
        .map_err(|e| broken(name, format!("not a whole OSM PBF file: {e}")))?;
    Ok(data)
}

fn owned<'a>(tags: impl Iterator<Item = (&'a str, &'a str)>) -> Tags {
    tags.map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
}

/// Walks over the file's blobs: each has a length, a header that tells the size of what follows,
/// and that many bytes.
fn check_frames(bytes: &[u8]) -> Result<(), String> {
    let mut at = 0usize;
    let mut is_first = true;
    while at < bytes.len() {
        let ends = || format!("it ends too early, in the block at byte {at}");
        let rest = &bytes[at..];
        let size: [u8; 4] = (rest.get(..4).and_then(|s| s.try_into().ok())).ok_or_else(ends)?;
        let header_end = 4 + u32::from_be_bytes(size) as usize;
        if header_end > 4 + MOST_HEADER_BYTES {
            return Err(format!("byte {at} does not begin a block"));
        }
        let header = rest.get(4..header_end).ok_or_else(ends)?;
        let (is_head, blob_size) =
            blob_header(header).ok_or_else(|| format!("byte {at} does not begin a block"))?;
        if is_first && !is_head {
            return Err("it has no header".to_owned());
        }
        is_first = false;
        if rest.len() - header_end < blob_size {
            return Err(ends());
        }
        at += header_end + blob_size;
    }
    Ok(())
}

/// The format allows no larger one.
const MOST_HEADER_BYTES: usize = 64 * 1024;

/// Whether a blob is the file's header, and its size, from the protobuf message before it:
/// `type` (1, text), `indexdata` (2, bytes), `datasize` (3, number).
fn blob_header(mut message: &[u8]) -> Option<(bool, usize)> {
    let (mut is_head, mut size) = (false, None);
    while !message.is_empty() {
        let key = varint(&mut message)?;
        let value = varint(&mut message)?;
        match key {
            0x0A | 0x12 => {
                let (text, rest) = message.split_at_checked(usize::try_from(value).ok()?)?;
                is_head |= key == 0x0A && text == b"OSMHeader";
                message = rest;
            }
            0x18 => size = usize::try_from(value).ok(),
            _ => return None,
        }
    }
    Some((is_head, size?))
}

fn varint(message: &mut &[u8]) -> Option<u64> {
    let mut value = 0u64;
    for shift in (0..64).step_by(7) {
        let (first, rest) = message.split_first()?;
        *message = rest;
        value |= u64::from(first & 0x7F) << shift;
        if first & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

/// OSM's own precision, so that both file formats give the same numbers.
fn place(decimicro_lon: i32, decimicro_lat: i32) -> LonLat {
    LonLat::new(
        f64::from(decimicro_lon) / 1e7,
        f64::from(decimicro_lat) / 1e7,
    )
}

//! Segment ids that come out the same on every machine and at every import.

use super::source::{NodeKey, RoadId};
use crate::geometry::LonLat;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Id of a segment: a 53-bit hash, so that JavaScript's numbers hold it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SegmentId(pub u64);

impl std::fmt::Display for SegmentId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What an id is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// A piece of an OSM way between two nodes; `occurrence` counts equal ones along the way.
    Way {
        /// The way.
        way: i64,
        /// Its node at the start.
        from: NodeKey,
        /// Its node at the end.
        to: NodeKey,
        /// 0 for the first such piece.
        occurrence: u32,
    },
    /// A line known by its shape alone, rounded to 1e-6 degrees (about 10 cm).
    Shape(Vec<(i32, i32)>),
}

impl Identity {
    /// The identity of a line by its shape.
    pub fn of_shape(line: &[LonLat]) -> Self {
        Identity::Shape(
            line.iter()
                .map(|p| ((p.lon * 1e6).round() as i32, (p.lat * 1e6).round() as i32))
                .collect(),
        )
    }

    /// The identity of a way's piece; the shape where the source has no way ids of its own.
    pub fn of_piece(
        road_id: &RoadId,
        is_osm: bool,
        from: NodeKey,
        to: NodeKey,
        occurrence: u32,
        line: &[LonLat],
    ) -> Self {
        match road_id {
            RoadId::Number(way) if is_osm => Identity::Way {
                way: *way,
                from,
                to,
                occurrence,
            },
            _ => Identity::of_shape(line),
        }
    }

    /// The first 53 bits of SHA-256 over a fixed byte form.
    pub fn segment_id(&self) -> SegmentId {
        let mut hash = Sha256::new();
        match self {
            Identity::Way {
                way,
                from,
                to,
                occurrence,
            } => {
                hash.update(b"osm");
                hash.update(way.to_le_bytes());
                for node in [from, to] {
                    match node {
                        NodeKey::Osm(id) => {
                            hash.update(b"n");
                            hash.update(id.to_le_bytes());
                        }
                        NodeKey::Place(x, y) => {
                            hash.update(b"p");
                            hash.update(x.to_le_bytes());
                            hash.update(y.to_le_bytes());
                        }
                    }
                }
                hash.update(occurrence.to_le_bytes());
            }
            Identity::Shape(points) => {
                hash.update(b"line");
                for (x, y) in points {
                    hash.update(x.to_le_bytes());
                    hash.update(y.to_le_bytes());
                }
            }
        }
        let digest = hash.finalize();
        let mut first = [0u8; 8];
        first.copy_from_slice(&digest[..8]);
        SegmentId(u64::from_be_bytes(first) >> 11)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(occurrence: u32) -> Identity {
        Identity::Way {
            way: 1,
            from: NodeKey::Osm(2),
            to: NodeKey::Osm(3),
            occurrence,
        }
    }

    #[test]
    fn ids_never_change() {
        // Stored ids would be orphaned if this hash ever moved.
        assert_eq!(way(0).segment_id(), SegmentId(585_669_673_902_748));
        assert_eq!(
            Identity::of_shape(&[LonLat::new(140.0, 40.0), LonLat::new(140.1, 40.0)]).segment_id(),
            SegmentId(6_682_131_805_316_275)
        );
    }

    #[test]
    fn ids_fit_a_javascript_number_and_differ_by_occurrence() {
        assert!(way(0).segment_id().0 < 1 << 53);
        assert_ne!(way(0).segment_id(), way(1).segment_id());
    }
}

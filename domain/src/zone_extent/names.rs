//! The zone of each segment by name, as the map shows it.

use crate::network::{RoadNetwork, SegmentId};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

/// The names of zones by the segments' indices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SegmentZones {
    names: Vec<String>,
    /// 1 more than the index of the zone's name; 0 for none. Empty where there are no zones.
    of: Vec<u32>,
    fingerprint: u64,
}

impl SegmentZones {
    /// Zones with their segments' ids; of two zones that have a segment the former keeps it. Segments
    /// that the network lacks are left out.
    pub fn new(
        network: &RoadNetwork,
        zones: impl IntoIterator<Item = (String, Vec<SegmentId>)>,
    ) -> Self {
        let mut names = Vec::new();
        let mut of = Vec::new();
        for (name, ids) in zones {
            let number = names.len() as u32 + 1;
            let known: Vec<u32> = ids.into_iter().filter_map(|id| network.find(id)).collect();
            if known.is_empty() {
                continue;
            }
            of.resize(network.segments().len(), 0);
            for segment in known {
                let kept = &mut of[segment as usize];
                *kept = if *kept == 0 { number } else { *kept };
            }
            names.push(name);
        }
        let mut zones = SegmentZones {
            names,
            of,
            fingerprint: 0,
        };
        zones.fingerprint = zones.worked_out_fingerprint(network);
        zones
    }

    /// The name of a segment's zone.
    pub fn name(&self, segment: u32) -> Option<&str> {
        let number = *self.of.get(segment as usize)?;
        let index = number.checked_sub(1)?;
        self.names.get(index as usize).map(String::as_str)
    }

    /// A number for what all segments' zones are called, the same in every process; 0 where none has
    /// a zone.
    pub fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// A sum, so that it does not hang on the segments' order.
    fn worked_out_fingerprint(&self, network: &RoadNetwork) -> u64 {
        // Its keys are fixed, unlike those of a hash map.
        let hasher = BuildHasherDefault::<DefaultHasher>::default();
        (0..self.of.len() as u32)
            .filter_map(|segment| {
                let name = self.name(segment)?;
                Some(hasher.hash_one((network.segments()[segment as usize].id.0, name)))
            })
            .fold(0, u64::wrapping_add)
    }
}

//! Which segment lies in which zone (工区).

use super::standings::on_network;
use domain::network::RoadNetwork;
use std::collections::{BTreeMap, HashMap};
use store::{LaidKind, Store};

/// A zone: code of its manager, and its name.
pub(super) type ZoneKey = (String, String);

/// The zones on the network.
#[derive(Debug, Default)]
pub(super) struct Zones {
    pub(super) keys: Vec<ZoneKey>,
    /// Index of the zone by segment.
    pub(super) of_segment: HashMap<u32, usize>,
}

impl Zones {
    /// Whether any feed of the manager draws a zone of that name.
    pub(super) fn knows(&self, manager_code: &str, zone: &str) -> bool {
        (self.keys.iter()).any(|(code, name)| code == manager_code && name == zone)
    }

    /// Each segment of a zone, with its zone.
    pub(super) fn segments(&self) -> impl Iterator<Item = (u32, &ZoneKey)> {
        let key = |(segment, zone): (&u32, &usize)| (*segment, &self.keys[*zone]);
        self.of_segment.iter().map(key)
    }

    /// The zones as they are laid.
    pub(super) async fn load(store: &Store, network: &RoadNetwork) -> anyhow::Result<Self> {
        let managers = store.feed_managers().await?;
        let mut zones = Zones::default();
        let mut known: HashMap<ZoneKey, usize> = HashMap::new();
        // Ordered, so that of two feeds that draw the same segment always the same one has it.
        let laid: BTreeMap<_, _> = store.laid(LaidKind::Zone).await?.into_iter().collect();
        for ((feed_id, zone), laid) in laid {
            let Some(manager) = managers.get(&feed_id) else {
                continue;
            };
            // One feed may draw one part of a zone, and another feed another.
            let key = (manager.code.clone(), zone);
            let index = *known.entry(key).or_insert_with_key(|key| {
                zones.keys.push(key.clone());
                zones.keys.len() - 1
            });
            for stretch in on_network(network, &laid.stretches) {
                zones.of_segment.entry(stretch.segment).or_insert(index);
            }
        }
        Ok(zones)
    }
}

//! The zones on the network, and when their roads were cleared.

use crate::workers::status_writer::on_network;
use domain::network::RoadNetwork;
use domain::rules::{GroundRoad, Rule, ZoneGround};
use domain::status::cleared_at;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{LaidKind, Store, StoredNetwork};

/// A zone: code of its manager, and its name.
pub type ZoneKey = (String, String);

/// The zones of all road managers with their segments.
#[derive(Debug)]
pub struct Grounds {
    network: StoredNetwork,
    zones: BTreeMap<ZoneKey, Vec<u32>>,
    /// Index of zones by segment.
    zones_of: HashMap<u32, Vec<ZoneKey>>,
    laid_change: i64,
    /// By segment, when both directions had been cleared.
    cleared: Vec<Option<Timestamp>>,
    sequence: i64,
    /// Grows when a zone's roads or their clearing change.
    versions: HashMap<ZoneKey, u64>,
    version: u64,
}

impl Grounds {
    /// The zones as they are laid, and the roads as they are cleared.
    ///
    /// # Errors
    /// Database errors.
    pub async fn load(store: &Store) -> anyhow::Result<Self> {
        let network = store.load_network().await?;
        let mut grounds = Grounds {
            cleared: vec![None; network.network.segments().len()],
            network,
            zones: BTreeMap::new(),
            zones_of: HashMap::new(),
            laid_change: -1,
            sequence: 0,
            versions: HashMap::new(),
            version: 0,
        };
        grounds.follow(store).await?;
        Ok(grounds)
    }

    /// Reads what has changed since.
    ///
    /// # Errors
    /// Database errors.
    pub async fn follow(&mut self, store: &Store) -> anyhow::Result<()> {
        if store.network_version().await? != self.network.version {
            self.network = store.load_network().await?;
            self.cleared = vec![None; self.network.network.segments().len()];
            (self.laid_change, self.sequence) = (-1, 0);
        }
        let laid_change = store.laid_change().await?;
        if laid_change != self.laid_change {
            self.load_zones(store).await?;
            self.laid_change = laid_change;
        }
        let mut touched: BTreeSet<ZoneKey> = BTreeSet::new();
        for change in store.changes_after(self.sequence).await? {
            self.sequence = self.sequence.max(change.sequence);
            let Some(segment) = self.network.network.find(change.segment) else {
                continue;
            };
            let status = change.status;
            let cleared = both_cleared(status.cleared_fwd_min, status.cleared_rev_min);
            let known = &mut self.cleared[segment as usize];
            if *known != cleared {
                *known = cleared;
                touched.extend(self.zones_of.get(&segment).into_iter().flatten().cloned());
            }
        }
        if !touched.is_empty() {
            self.version += 1;
            for zone in touched {
                self.versions.insert(zone, self.version);
            }
        }
        Ok(())
    }

    async fn load_zones(&mut self, store: &Store) -> anyhow::Result<()> {
        let managers = store.feed_managers().await?;
        let laid: BTreeMap<_, _> = store.laid(LaidKind::Zone).await?.into_iter().collect();
        self.zones.clear();
        self.zones_of.clear();
        for ((feed_id, zone), laid) in laid {
            let Some(manager) = managers.get(&feed_id) else {
                continue;
            };
            let stretches = on_network(&self.network.network, &laid.stretches);
            let own: BTreeSet<u32> = stretches.iter().map(|s| s.segment).collect();
            // Of two feeds that draw a zone of one name the first has it.
            let key = (manager.code.clone(), zone);
            let segments = self.zones.entry(key.clone()).or_default();
            if segments.is_empty() {
                segments.extend(&own);
                for segment in own {
                    self.zones_of.entry(segment).or_default().push(key.clone());
                }
            }
        }
        self.version += 1;
        let all = self.zones.keys().cloned();
        self.versions = all.map(|key| (key, self.version)).collect();
        Ok(())
    }

    /// Sets when segments were cleared, instead of what is stored: for a past night.
    pub fn set_cleared(&mut self, cleared: impl IntoIterator<Item = (u32, Option<Timestamp>)>) {
        for (segment, at) in cleared {
            self.cleared[segment as usize] = at;
        }
        self.version += 1;
        for version in self.versions.values_mut() {
            *version = self.version;
        }
    }

    /// The network that they lie on.
    pub fn network(&self) -> &RoadNetwork {
        &self.network.network
    }

    /// The manager's zones that a rule is for, in order.
    pub fn zones_of_rule<'a>(
        &'a self,
        manager_code: &'a str,
        rule: &'a Rule,
    ) -> impl Iterator<Item = &'a ZoneKey> {
        (self.zones.keys())
            .filter(move |(manager, zone)| manager == manager_code && rule.is_for(zone))
    }

    /// Zones that a rule names and nobody has drawn.
    pub fn unknown_zones(&self, manager_code: &str, rule: &Rule) -> Vec<String> {
        let known = |zone: &String| {
            zone == "*" || (self.zones).contains_key(&(manager_code.to_owned(), zone.clone()))
        };
        let zones = rule.zones.iter();
        zones.filter(|zone| !known(zone)).cloned().collect()
    }

    /// How many zones there are.
    pub fn len(&self) -> usize {
        self.zones.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.zones.is_empty()
    }

    /// Segments of a zone.
    pub fn segments(&self, zone: &ZoneKey) -> &[u32] {
        self.zones.get(zone).map_or(&[], Vec::as_slice)
    }

    /// Changes whenever the ground of a zone does.
    pub fn version_of(&self, zone: &ZoneKey) -> u64 {
        self.versions.get(zone).copied().unwrap_or_default()
    }

    /// The roads of a zone that a rule looks at.
    pub fn ground(&self, rule: &Rule, zone: &ZoneKey) -> ZoneGround {
        let network = &self.network.network;
        rule.ground(self.segments(zone).iter().map(|segment| {
            let length_m = network.segments()[*segment as usize].length_m;
            let road = GroundRoad {
                at: network.position(*segment, 0.5 * length_m),
                length_m,
                cleared_at: self.cleared[*segment as usize],
            };
            (&network.road(*segment).attributes, road)
        }))
    }
}

/// A road as a whole is as clear as its worse side.
fn both_cleared(forward_min: u32, backward_min: u32) -> Option<Timestamp> {
    cleared_at(forward_min.min(backward_min))
}

//! New snow of every segment, as of the writer's last look around.

use crate::workers::snow_watch::SnowWatch;
use domain::coverage::SegmentFacts;
use domain::network::RoadNetwork;
use domain::road_manager::owner_among;
use domain::snow_field::FieldParams;
use domain::status::{SegmentSnow, SnowCells, StatusPolicy, ThresholdKey};
use jiff::Timestamp;
use store::{FeedHealth, Store};

/// The field over the network, and each road's threshold.
#[derive(Debug)]
pub(super) struct Snow {
    watch: SnowWatch,
    cells: SnowCells,
    threshold_by_road_cm: Vec<f64>,
}

impl Snow {
    /// Before the first look.
    pub(super) fn new(store: Store) -> Self {
        Snow {
            watch: SnowWatch::new(store, FieldParams::default()),
            cells: SnowCells::default(),
            threshold_by_road_cm: Vec::new(),
        }
    }

    /// Lays the field over another network; nothing is known before the next look.
    pub(super) fn lay_over(&mut self, network: &RoadNetwork) {
        self.cells = SnowCells::new(network);
    }

    /// Looks what has fallen.
    pub(super) async fn look(
        &mut self,
        network: &RoadNetwork,
        feeds: &[FeedHealth],
        policy: &StatusPolicy,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        self.cells.show(self.watch.look(now).await?);
        self.threshold_by_road_cm = network
            .roads()
            .iter()
            .map(|road| {
                let attributes = &road.attributes;
                let owner = owner_among(
                    feeds.iter().map(|f| &f.manager),
                    attributes.manager.as_deref(),
                    attributes.manager_level,
                );
                policy.thresholds.of(ThresholdKey {
                    manager: owner.map(|m| m.code.as_str()),
                    class: &attributes.class,
                    priority: attributes.priority().as_deref(),
                })
            })
            .collect();
        Ok(())
    }

    /// New snow of a segment.
    pub(super) fn of(
        &self,
        network: &RoadNetwork,
        segment: u32,
        facts: &SegmentFacts,
    ) -> SegmentSnow {
        let road = network.segments()[segment as usize].road as usize;
        SegmentSnow {
            threshold_cm: self.threshold_by_road_cm[road],
            forward: self.cells.new_snow(segment, facts.forward.cleared_at),
            backward: self.cells.new_snow(segment, facts.backward.cleared_at),
        }
    }
}

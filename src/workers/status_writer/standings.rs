//! What holds for a segment whatever plows do: melting pipes, and closures.

use anyhow::Context;
use domain::closure::{Closure, closed_segments};
use domain::conflation::SegmentStretch;
use domain::coverage::{CLEARED_SHARE, Intervals};
use domain::network::{RoadNetwork, StretchKind};
use domain::status::Standing;
use jiff::Timestamp;
use std::collections::{BTreeSet, HashMap};
use store::{LaidStretch, Store};

/// Standings of all segments of a network.
#[derive(Debug, Default)]
pub(super) struct Standings {
    of: Vec<Standing>,
    closures: Vec<(Closure, Vec<SegmentStretch>)>,
    closed: BTreeSet<u32>,
    called: HashMap<u32, u8>,
}

impl Standings {
    /// Without closures as yet.
    pub(super) fn new(network: &RoadNetwork) -> Self {
        Standings {
            of: (0..network.segments().len() as u32)
                .map(|segment| melting(network, segment))
                .collect(),
            ..Standings::default()
        }
    }

    /// The standing of a segment.
    pub(super) fn of(&self, segment: u32) -> Standing {
        self.of[segment as usize]
    }

    /// Reads the closures that have not ended.
    pub(super) async fn load_closures(
        &mut self,
        store: &Store,
        network: &RoadNetwork,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let laid = store.laid_closures(now).await.context("closures")?;
        self.closures = laid
            .into_iter()
            .map(|laid| (laid.record.closure, on_network(network, &laid.stretches)))
            .collect();
        Ok(())
    }

    /// Closes what is closed now and opens the rest; returns the segments for which that changed.
    pub(super) fn close(&mut self, network: &RoadNetwork, now: Timestamp) -> Vec<u32> {
        let closures = self
            .closures
            .iter()
            .map(|(closure, stretches)| (closure, &stretches[..]));
        let closed = closed_segments(network, closures, now);
        let changed: Vec<u32> = self.closed.symmetric_difference(&closed).copied().collect();
        for segment in &changed {
            self.of[*segment as usize].closed = closed.contains(segment);
        }
        self.closed = closed;
        changed
    }
}

impl Standings {
    /// Shows the call-outs of zones; returns the segments for which that changed.
    pub(super) fn call_out(&mut self, digits: HashMap<u32, u8>) -> Vec<u32> {
        let changed = super::call_outs::changed(&self.called, &digits);
        for segment in &changed {
            let digit = digits.get(segment).copied().unwrap_or(0);
            self.of[*segment as usize].call_out = digit;
        }
        self.called = digits;
        changed
    }
}

/// Stretches by index; those of segments that an import has taken away meanwhile are left out until
/// they are laid again.
pub(crate) fn on_network(network: &RoadNetwork, stretches: &[LaidStretch]) -> Vec<SegmentStretch> {
    stretches
        .iter()
        .filter_map(|s| {
            Some(SegmentStretch {
                segment: network.find(s.segment)?,
                from_m: s.from_m,
                to_m: s.to_m,
                direction: s.direction,
            })
        })
        .collect()
}

/// Melting pipes along nine tenths of a segment need no plow.
fn melting(network: &RoadNetwork, segment: u32) -> Standing {
    let mut melting = Intervals::default();
    for stretch in network.stretches(segment) {
        if stretch.kind == StretchKind::Melting {
            melting.add(stretch.from_m, stretch.to_m);
        }
    }
    let length_m = network.segments()[segment as usize].length_m;
    Standing {
        melting: melting.length_m() >= CLEARED_SHARE * length_m,
        ..Standing::default()
    }
}

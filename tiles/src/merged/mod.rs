//! Small scales: segments of one road, drawn as one line with an id of its own.

mod chains;

use crate::visibility::{merged_length_m, min_zoom};
use crate::world::{WorldExtent, WorldPoint, world_point};
use domain::network::RoadNetwork;
use domain::status::{MergedStatus, StatusColumns, merged_status};
use rustc_hash::FxHashMap;

pub(crate) use chains::{Chains, Link};

/// A part of a chain that is drawn as one.
#[derive(Debug, Clone)]
pub(crate) struct MergedLine {
    first: u32,
    count: u32,
    pub(crate) extent: WorldExtent,
}

/// The lines of one zoom.
#[derive(Debug, Default)]
pub(crate) struct MergedLines {
    lines: Vec<MergedLine>,
    members: Vec<Link>,
    line_of: FxHashMap<u32, u32>,
}

impl MergedLines {
    /// Cuts the chains that a zoom shows into lines of about the length that suits it.
    pub(crate) fn new(
        network: &RoadNetwork,
        chains: &Chains,
        extents: &[WorldExtent],
        zoom: u8,
    ) -> Self {
        let mut all = MergedLines::default();
        let longest_m = merged_length_m(zoom);
        for chain in chains.iter() {
            let attributes = &network.road(chain[0].segment()).attributes;
            if min_zoom(attributes) > zoom {
                continue;
            }
            let whole_m: f64 = chain.iter().map(|link| length_m(network, *link)).sum();
            // Parts of about equal length; no crumb is left at the end.
            let part_m = whole_m / (whole_m / longest_m).round().max(1.0);
            let (mut from, mut done_m, mut parts) = (0, 0.0, 1.0);
            for (i, link) in chain.iter().enumerate() {
                done_m += length_m(network, *link);
                if done_m >= part_m * parts - 0.5 * length_m(network, *link) {
                    all.push(&chain[from..=i], extents);
                    from = i + 1;
                    parts = (done_m / part_m).round().max(parts) + 1.0;
                }
            }
            all.push(&chain[from..], extents);
        }
        all
    }

    fn push(&mut self, links: &[Link], extents: &[WorldExtent]) {
        if links.is_empty() {
            return;
        }
        let number = self.lines.len() as u32;
        for link in links {
            self.line_of.insert(link.segment(), number);
        }
        self.lines.push(MergedLine {
            first: self.members.len() as u32,
            count: links.len() as u32,
            extent: links.iter().fold(WorldExtent::NOTHING, |acc, link| {
                acc.with(extents[link.segment() as usize])
            }),
        });
        self.members.extend_from_slice(links);
    }

    /// The lines, by number.
    pub(crate) fn lines(&self) -> &[MergedLine] {
        &self.lines
    }

    /// The line that draws a segment; `None` where the zoom does not show it.
    pub(crate) fn of(&self, segment: u32) -> Option<&MergedLine> {
        self.line_of
            .get(&segment)
            .map(|number| &self.lines[*number as usize])
    }

    /// The segments of a line, in its order.
    pub(crate) fn members(&self, line: &MergedLine) -> &[Link] {
        &self.members[line.first as usize..(line.first + line.count) as usize]
    }

    /// The line's vertices, every one of its segments'.
    pub(crate) fn points(&self, network: &RoadNetwork, line: &MergedLine) -> Vec<WorldPoint> {
        let mut points: Vec<WorldPoint> = Vec::new();
        for link in self.members(line) {
            let part = network.line(link.segment()).iter().map(|p| world_point(*p));
            if link.is_reversed() {
                points.extend(part.rev());
            } else {
                points.extend(part);
            }
        }
        points.dedup();
        points
    }

    /// Length of a line by its members.
    pub(crate) fn length_m(network: &RoadNetwork, members: &[Link]) -> f64 {
        members.iter().map(|link| length_m(network, *link)).sum()
    }

    /// What the line shows.
    pub(crate) fn status(
        &self,
        network: &RoadNetwork,
        line: &MergedLine,
        columns: &StatusColumns,
    ) -> MergedStatus {
        let members = self.members(line).iter().map(|link| {
            let segment = link.segment();
            (
                columns.status(segment),
                length_m(network, *link),
                link.is_reversed(),
            )
        });
        merged_status(members).unwrap_or_default()
    }

    /// The id of a line: a segment's own where it is the only one, else made of all of theirs.
    pub(crate) fn id(&self, network: &RoadNetwork, line: &MergedLine) -> u64 {
        let id = |link: &Link| network.segments()[link.segment() as usize].id.0;
        match self.members(line) {
            [only] => id(only),
            // 53 bits, so that JavaScript can hold it.
            links => links.iter().fold(0, |acc, link| mixed(acc ^ id(link))) >> 11,
        }
    }
}

fn length_m(network: &RoadNetwork, link: Link) -> f64 {
    network.segments()[link.segment() as usize].length_m
}

/// The finalizer of SplitMix64 (Steele, Lea and Flood 2014).
fn mixed(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

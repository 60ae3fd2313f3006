//! Segments that follow one another on one road, from junction to junction of its own kind.

use crate::visibility::{MERGED_UP_TO_ZOOM, min_zoom};
use domain::network::{Oneway, RoadAttributes, RoadNetwork};
use rustc_hash::{FxHashMap, FxHashSet};

/// A segment of a chain, and whether it runs against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link(u32);

impl Link {
    const REVERSED: u32 = 1 << 31;

    fn new(segment: u32, reversed: bool) -> Self {
        Link(if reversed {
            segment | Self::REVERSED
        } else {
            segment
        })
    }

    pub(crate) fn segment(self) -> u32 {
        self.0 & !Self::REVERSED
    }

    pub(crate) fn is_reversed(self) -> bool {
        self.0 & Self::REVERSED != 0
    }

    fn turned(self) -> Self {
        Link(self.0 ^ Self::REVERSED)
    }
}

/// The chains of all roads that small scales show.
#[derive(Debug, Default)]
pub(crate) struct Chains {
    links: Vec<Link>,
    /// Where each chain ends in `links`.
    ends: Vec<u32>,
}

/// What segments must share to be drawn as one: all that the line would say of them.
#[derive(PartialEq, Eq, Hash)]
struct Likeness<'a> {
    texts: [Option<&'a str>; 5],
    oneway: &'static str,
    priority: (bool, Option<u8>),
}

impl<'a> Likeness<'a> {
    fn of(attributes: &'a RoadAttributes) -> Self {
        Likeness {
            texts: [
                Some(attributes.class.as_str()),
                attributes.name.as_deref(),
                attributes.reference.as_deref(),
                attributes.manager.as_deref(),
                Some(attributes.manager_level.as_str()),
            ],
            oneway: attributes.oneway.as_str(),
            priority: (attributes.emergency, attributes.priority_class),
        }
    }
}

impl Chains {
    /// Finds the chains. They hang on the segments' ids alone, not on their order.
    pub(crate) fn new(network: &RoadNetwork) -> Self {
        let kinds = kinds_of_roads(network);
        let mut shown: Vec<u32> = (0..network.segments().len() as u32)
            .filter(|s| min_zoom(&network.road(*s).attributes) <= MERGED_UP_TO_ZOOM)
            .collect();
        shown.sort_unstable_by_key(|s| network.segments()[*s as usize].id);
        let next = neighbours(network, &shown, &kinds);
        let mut chains = Chains::default();
        let mut seen: FxHashSet<u32> = FxHashSet::default();
        for first in shown {
            if seen.contains(&first) {
                continue;
            }
            let start = beginning(first, &next);
            let mut chain = vec![start];
            seen.insert(start.segment());
            while let Some(link) = following(chain[chain.len() - 1], &next)
                && seen.insert(link.segment())
            {
                chain.push(link);
            }
            let id = |link: Link| network.segments()[link.segment() as usize].id;
            let both_ways = network.road(first).attributes.oneway == Oneway::No;
            if both_ways && id(chain[chain.len() - 1]) < id(chain[0]) {
                chain.reverse();
                chain.iter_mut().for_each(|link| *link = link.turned());
            }
            chains.links.extend(chain);
            chains.ends.push(chains.links.len() as u32);
        }
        chains
    }

    /// The chains, none of them empty.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[Link]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .map(|(from, to)| &self.links[from as usize..*to as usize])
    }
}

/// A number per road, the same for roads that look alike.
fn kinds_of_roads(network: &RoadNetwork) -> Vec<u32> {
    let mut known: FxHashMap<Likeness<'_>, u32> = FxHashMap::default();
    network
        .roads()
        .iter()
        .map(|road| {
            let next = known.len() as u32;
            *known.entry(Likeness::of(&road.attributes)).or_insert(next)
        })
        .collect()
}

/// For the end (or the start) of a segment the link that goes on from there. Where three or more of a
/// kind meet, or one-way roads head on, none does.
fn neighbours(network: &RoadNetwork, shown: &[u32], kinds: &[u32]) -> FxHashMap<Link, Link> {
    // (node, kind, the link that leaves the node)
    let mut leaving: Vec<(u32, u32, Link)> = Vec::with_capacity(shown.len() * 2);
    for s in shown {
        let segment = &network.segments()[*s as usize];
        let kind = kinds[segment.road as usize];
        leaving.push((segment.from_node, kind, Link::new(*s, false)));
        leaving.push((segment.to_node, kind, Link::new(*s, true)));
    }
    leaving.sort_unstable_by_key(|(node, kind, link)| (*node, *kind, link.0));
    let mut next = FxHashMap::default();
    for group in leaving.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let [(_, _, a), (_, _, b)] = group else {
            continue;
        };
        let both_ways = network.road(a.segment()).attributes.oneway == Oneway::No;
        let head_on = a.is_reversed() == b.is_reversed();
        if a.segment() != b.segment() && (both_ways || !head_on) {
            // Who arrives over `a` goes on over `b`, and the other way round.
            next.insert(a.turned(), *b);
            next.insert(b.turned(), *a);
        }
    }
    next
}

fn following(link: Link, next: &FxHashMap<Link, Link>) -> Option<Link> {
    next.get(&link).copied()
}

/// The first link of the chain of `first`, which keeps its direction; on a ring, `first` itself.
fn beginning(first: u32, next: &FxHashMap<Link, Link>) -> Link {
    let mut at = Link::new(first, true);
    while let Some(before) = following(at, next) {
        if before.segment() == first {
            return Link::new(first, false);
        }
        at = before;
    }
    at.turned()
}

impl std::hash::Hash for Link {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

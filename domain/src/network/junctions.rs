//! Nodes of the network in the making, and which of them may become one.

use super::union_find::UnionFind;
use crate::geometry::LonLat;
use std::collections::{HashMap, HashSet};

/// Places on one road that are this near are one place.
pub(super) const SAME_PLACE_M: f64 = 1.0;

/// Nodes of the network in the making.
#[derive(Debug)]
pub(super) struct Nodes {
    pub sets: UnionFind,
    /// Position of each node, and whether it may be moved.
    pub places: Vec<(LonLat, bool)>,
    /// By set: the strands that it lies on, each with its first and last measure there.
    stations: HashMap<u32, HashMap<u32, (f64, f64)>>,
    /// Sets that hold a node of a network that came with its junctions.
    given: HashSet<u32>,
}

impl Nodes {
    pub(super) fn new() -> Self {
        Nodes {
            sets: UnionFind::new(0),
            places: Vec::new(),
            stations: HashMap::new(),
            given: HashSet::new(),
        }
    }

    pub(super) fn add(&mut self, at: LonLat, movable: bool) -> u32 {
        self.places.push((at, movable));
        self.sets.push()
    }

    /// Says that a node lies on a strand at a measure; `given` when that strand came with its
    /// junctions. Must come before the node is joined with others, or after [`Nodes::may_lie_on`].
    pub(super) fn put_on(&mut self, node: u32, strand: u32, at_m: f64, given: bool) {
        let root = self.sets.find(node);
        let (first, last) = self
            .stations
            .entry(root)
            .or_default()
            .entry(strand)
            .or_insert((at_m, at_m));
        *first = first.min(at_m);
        *last = last.max(at_m);
        if given {
            self.given.insert(root);
        }
    }

    /// Whether the node's junction already lies on the strand, anywhere.
    pub(super) fn lies_on(&mut self, node: u32, strand: u32) -> bool {
        let root = self.sets.find(node);
        self.stations
            .get(&root)
            .is_some_and(|on| on.contains_key(&strand))
    }

    /// Whether the node's junction may lie on the strand at that measure as well: not when it lies
    /// on it elsewhere, nor when that would make one of two junctions that were given apart.
    pub(super) fn may_lie_on(&mut self, node: u32, strand: u32, at_m: f64, given: bool) -> bool {
        let root = self.sets.find(node);
        if given && self.given.contains(&root) {
            return false;
        }
        self.stations
            .get(&root)
            .and_then(|on| on.get(&strand))
            .is_none_or(|own| !apart(*own, (at_m, at_m)))
    }

    /// Makes one junction of two nodes, unless both ends of some stretch of road would fall
    /// together, or two junctions that were given apart. Returns whether something changed.
    pub(super) fn unite(&mut self, a: u32, b: u32) -> bool {
        let (a, b) = (self.sets.find(a), self.sets.find(b));
        if a == b || (self.given.contains(&a) && self.given.contains(&b)) {
            return false;
        }
        let (few, many) = match (self.stations.get(&a), self.stations.get(&b)) {
            (Some(x), Some(y)) if x.len() <= y.len() => (x, y),
            (Some(x), Some(y)) => (y, x),
            _ => return self.unite_always(a, b),
        };
        let collapses = few
            .iter()
            .any(|(strand, own)| many.get(strand).is_some_and(|other| apart(*own, *other)));
        !collapses && self.unite_always(a, b)
    }

    /// Makes one junction of two nodes.
    pub(super) fn unite_always(&mut self, a: u32, b: u32) -> bool {
        let (a, b) = (self.sets.find(a), self.sets.find(b));
        if a == b {
            return false;
        }
        self.sets.union(a, b);
        let root = self.sets.find(a);
        if self.given.remove(&a) | self.given.remove(&b) {
            self.given.insert(root);
        }
        let (x, y) = (
            self.stations.remove(&a).unwrap_or_default(),
            self.stations.remove(&b).unwrap_or_default(),
        );
        let (mut many, few) = if x.len() < y.len() { (y, x) } else { (x, y) };
        for (strand, (first, last)) in few {
            let range = many.entry(strand).or_insert((first, last));
            *range = (range.0.min(first), range.1.max(last));
        }
        if !many.is_empty() {
            self.stations.insert(root, many);
        }
        true
    }
}

fn apart(a: (f64, f64), b: (f64, f64)) -> bool {
    (a.1 - b.0).max(b.1 - a.0) > SAME_PLACE_M
}

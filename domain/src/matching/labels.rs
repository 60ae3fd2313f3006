//! The labels of one search: an open-addressed table over directed segments.
//!
//! A flat array over the whole network would be no quicker, and cost a gigabyte for Japan each time
//! that a window is matched.

use super::route::Reach;
use crate::network::DirectedSegment;

/// No label.
pub(super) const NOWHERE: u32 = u32::MAX;

#[derive(Debug, Clone, Copy)]
pub(super) struct Label {
    pub directed: DirectedSegment,
    /// To where the directed segment begins.
    pub reach: Reach,
    /// Metres, turns counting β each.
    pub cost_m: f64,
    /// The label that it was reached from.
    pub before: u32,
    /// The plow turned round on the source's segment first.
    pub turned_back: bool,
    /// It leads against the traffic.
    pub against: bool,
    pub settled: bool,
}

/// Numbers of labels by directed segment, in slots of the current search.
#[derive(Debug, Default)]
pub(super) struct Labels {
    labels: Vec<Label>,
    /// The search that wrote each slot, and the number of its label.
    slots: Vec<(u32, u32)>,
    search: u32,
}

impl Labels {
    pub(super) fn clear(&mut self) {
        self.labels.clear();
        self.search = self.search.wrapping_add(1);
        if self.search == 0 || self.slots.is_empty() {
            self.search = 1;
            self.slots.clear();
            self.slots.resize(256, (0, 0));
        }
    }

    /// The number of a directed segment's label, made unreached where there was none.
    pub(super) fn slot(&mut self, directed: DirectedSegment) -> u32 {
        if 2 * self.labels.len() >= self.slots.len() {
            self.grow();
        }
        let at = self.place(directed);
        let (search, number) = self.slots[at];
        if search == self.search {
            return number;
        }
        let number = self.labels.len() as u32;
        self.slots[at] = (self.search, number);
        self.labels.push(Label {
            directed,
            reach: Reach {
                route_m: f64::INFINITY,
                paced_m: f64::INFINITY,
                turns: 0.0,
            },
            cost_m: f64::INFINITY,
            before: NOWHERE,
            turned_back: false,
            against: false,
            settled: false,
        });
        number
    }

    pub(super) fn at(&self, number: u32) -> &Label {
        &self.labels[number as usize]
    }

    pub(super) fn at_mut(&mut self, number: u32) -> &mut Label {
        &mut self.labels[number as usize]
    }

    /// The slot that holds the directed segment, or the free one that would.
    fn place(&self, directed: DirectedSegment) -> usize {
        let mask = self.slots.len() - 1;
        // Fibonacci hashing: neighbouring numbers lie far apart.
        let hash = u64::from(directed.number()).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut at = (hash >> 32) as usize & mask;
        loop {
            let (search, number) = self.slots[at];
            if search != self.search || self.labels[number as usize].directed == directed {
                return at;
            }
            at = (at + 1) & mask;
        }
    }

    fn grow(&mut self) {
        let size = 2 * self.slots.len();
        self.slots.clear();
        self.slots.resize(size, (0, 0));
        for number in 0..self.labels.len() {
            let at = self.place(self.labels[number].directed);
            self.slots[at] = (self.search, number as u32);
        }
    }
}

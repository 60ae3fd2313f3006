//! The noise of an open trace, as far as it has been seen.

use super::MatchParams;
use super::states::sigma_of;
use std::collections::VecDeque;

/// Distances that the estimate hangs on.
const REMEMBERED: usize = 64;

/// Distances of the last fixes from the roads that they were matched to.
#[derive(Debug, Clone, Default)]
pub(super) struct Noise {
    decided_m: VecDeque<f32>,
    /// As the undecided fixes look now.
    undecided_m: Vec<f32>,
}

impl Noise {
    /// A fix lay this far from where it is decided that the plow was.
    pub(super) fn note_decided(&mut self, distance_m: f64) {
        if self.decided_m.len() == REMEMBERED {
            self.decided_m.pop_front();
        }
        self.decided_m.push_back(distance_m as f32);
    }

    /// The undecided fixes lie this far from where the plow likely was.
    pub(super) fn note_undecided(&mut self, distances_m: impl Iterator<Item = f64>) {
        self.undecided_m.clear();
        self.undecided_m.extend(distances_m.map(|m| m as f32));
    }

    pub(super) fn heap_bytes(&self) -> usize {
        (self.decided_m.capacity() + self.undecided_m.capacity()) * size_of::<f32>()
    }

    /// Noise per axis in metres.
    pub(super) fn sigma_m(&self, params: &MatchParams) -> f64 {
        let seen = self.decided_m.iter().chain(&self.undecided_m).copied();
        sigma_of(seen.map(f64::from).collect(), params)
    }
}

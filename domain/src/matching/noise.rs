//! The noise of an open trace, as far as it has been seen.

use super::MatchParams;
use super::states::sigma_of;
use std::collections::VecDeque;

/// Distances that the estimate hangs on.
const REMEMBERED: usize = 64;
/// As many matched distances make those to the nearest roads superfluous.
const ENOUGH: usize = 16;
/// Distances of the last fixes from their roads.
#[derive(Debug, Clone, Default)]
pub(super) struct Noise {
    matched_m: VecDeque<f32>,
    /// Distances to the nearest roads, while too few are matched.
    nearest_m: Vec<f32>,
}

impl Noise {
    /// A fix lay this far from the nearest road.
    pub(super) fn note_nearest(&mut self, distance_m: f64) {
        if self.matched_m.len() + self.nearest_m.len() < REMEMBERED {
            self.nearest_m.push(distance_m as f32);
        }
    }

    /// A fix lay this far from the road that it was matched to.
    pub(super) fn note_matched(&mut self, distance_m: f64) {
        if self.matched_m.len() == REMEMBERED {
            self.matched_m.pop_front();
        }
        self.matched_m.push_back(distance_m as f32);
        if self.matched_m.len() >= ENOUGH {
            self.nearest_m = Vec::new();
        }
    }

    pub(super) fn heap_bytes(&self) -> usize {
        (self.matched_m.capacity() + self.nearest_m.capacity()) * size_of::<f32>()
    }

    /// Noise per axis in metres.
    pub(super) fn sigma_m(&self, params: &MatchParams) -> f64 {
        let seen = self.matched_m.iter().chain(&self.nearest_m).copied();
        sigma_of(seen.map(f64::from).collect(), params)
    }
}

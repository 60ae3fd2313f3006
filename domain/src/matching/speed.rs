//! How fast the vehicle usually goes, as far as the crow's distances tell.

use std::collections::VecDeque;

/// Moves that the estimate of an open trace hangs on.
const REMEMBERED: usize = 32;
/// The share of moves that are slower: standing and turning make most moves look slow.
const SLOWER: f64 = 0.7;
/// What is believed before anything was seen, m/s.
const PRIOR_M_PER_S: f64 = 5.0;

/// Usual speed of the moves from one kept fix to the next, m/s.
pub(super) fn usual_m_per_s(mut moves: Vec<f64>) -> f64 {
    if moves.is_empty() {
        return PRIOR_M_PER_S;
    }
    let rank = ((moves.len() - 1) as f64 * SLOWER).round() as usize;
    let (_, speed, _) = moves.select_nth_unstable_by(rank, f64::total_cmp);
    *speed
}

/// The last moves of an open trace.
#[derive(Debug, Clone, Default)]
pub(super) struct Moves {
    m_per_s: VecDeque<f32>,
}

impl Moves {
    /// It came so far in so many seconds.
    pub(super) fn note(&mut self, metres: f64, seconds: f64) {
        if seconds > 0.0 {
            if self.m_per_s.len() == REMEMBERED {
                self.m_per_s.pop_front();
            }
            self.m_per_s.push_back((metres / seconds) as f32);
        }
    }

    /// Usual speed, m/s.
    pub(super) fn usual_m_per_s(&self) -> f64 {
        usual_m_per_s(self.m_per_s.iter().copied().map(f64::from).collect())
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.m_per_s.capacity() * size_of::<f32>()
    }
}

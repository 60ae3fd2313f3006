//! Unions of stretches along a segment.

/// Disjoint intervals of measures in ascending order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Intervals {
    parts: Vec<(f64, f64)>,
}

impl Intervals {
    /// Adds an interval; empty and backward ones add nothing.
    pub fn add(&mut self, from_m: f64, to_m: f64) {
        if to_m.partial_cmp(&from_m) != Some(std::cmp::Ordering::Greater) {
            return;
        }
        let first = self.parts.partition_point(|(_, end)| *end < from_m);
        let last = self.parts.partition_point(|(start, _)| *start <= to_m);
        let (mut from_m, mut to_m) = (from_m, to_m);
        if first < last {
            from_m = from_m.min(self.parts[first].0);
            to_m = to_m.max(self.parts[last - 1].1);
        }
        self.parts.splice(first..last, [(from_m, to_m)]);
    }

    /// Sum of the lengths.
    pub fn length_m(&self) -> f64 {
        self.parts.iter().map(|(from_m, to_m)| to_m - from_m).sum()
    }

    /// The intervals.
    pub fn parts(&self) -> &[(f64, f64)] {
        &self.parts
    }
}

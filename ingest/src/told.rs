//! Facts with the records that told them.

use std::ops::{Deref, DerefMut};

/// Facts of one kind in the payload's order, each with the position of its record (a 1-based line or a
/// 0-based item number, as the format counts). Reads as a slice of the facts.
#[derive(Debug, Clone, PartialEq)]
pub struct Told<F> {
    facts: Vec<F>,
    positions: Vec<u64>,
}

impl<F> Told<F> {
    /// Adds what the record at `position` told.
    pub fn push(&mut self, position: u64, fact: F) {
        self.facts.push(fact);
        self.positions.push(position);
    }

    /// Adds what another part of the payload told.
    pub fn append(&mut self, other: Told<F>) {
        self.facts.extend(other.facts);
        self.positions.extend(other.positions);
    }

    /// The position of the record that told the fact at `index`.
    pub fn position(&self, index: usize) -> Option<u64> {
        self.positions.get(index).copied()
    }

    /// The facts alone.
    pub fn into_facts(self) -> Vec<F> {
        self.facts
    }

    /// The facts with the positions of their records.
    pub fn into_numbered(self) -> Vec<(u64, F)> {
        self.positions.into_iter().zip(self.facts).collect()
    }
}

impl<F> Default for Told<F> {
    fn default() -> Self {
        Told {
            facts: Vec::new(),
            positions: Vec::new(),
        }
    }
}

impl<F> Deref for Told<F> {
    type Target = [F];

    fn deref(&self) -> &[F] {
        &self.facts
    }
}

impl<F> DerefMut for Told<F> {
    fn deref_mut(&mut self) -> &mut [F] {
        &mut self.facts
    }
}

impl<F> FromIterator<(u64, F)> for Told<F> {
    fn from_iter<I: IntoIterator<Item = (u64, F)>>(numbered: I) -> Self {
        let (positions, facts) = numbered.into_iter().unzip();
        Told { facts, positions }
    }
}

impl<F> IntoIterator for Told<F> {
    type Item = F;
    type IntoIter = std::vec::IntoIter<F>;

    fn into_iter(self) -> Self::IntoIter {
        self.facts.into_iter()
    }
}

impl<'a, F> IntoIterator for &'a Told<F> {
    type Item = &'a F;
    type IntoIter = std::slice::Iter<'a, F>;

    fn into_iter(self) -> Self::IntoIter {
        self.facts.iter()
    }
}

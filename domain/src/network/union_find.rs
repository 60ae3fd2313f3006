//! Disjoint sets over `0..n`, for nodes that turn out to be one place.

#[derive(Debug, Clone)]
pub(super) struct UnionFind {
    parents: Vec<u32>,
}

impl UnionFind {
    pub(super) fn new(n: usize) -> Self {
        UnionFind {
            parents: (0..n as u32).collect(),
        }
    }

    pub(super) fn push(&mut self) -> u32 {
        let i = self.parents.len() as u32;
        self.parents.push(i);
        i
    }

    pub(super) fn find(&mut self, mut i: u32) -> u32 {
        while self.parents[i as usize] != i {
            let grandparent = self.parents[self.parents[i as usize] as usize];
            self.parents[i as usize] = grandparent;
            i = grandparent;
        }
        i
    }

    /// Joins two sets; the smaller root stays, so that the outcome does not hang on the order.
    pub(super) fn union(&mut self, a: u32, b: u32) {
        let (a, b) = (self.find(a), self.find(b));
        let (low, high) = (a.min(b), a.max(b));
        self.parents[high as usize] = low;
    }

    /// Number of sets among the given members.
    pub(super) fn sets(&mut self, members: impl IntoIterator<Item = u32>) -> usize {
        let roots: std::collections::HashSet<u32> =
            members.into_iter().map(|i| self.find(i)).collect();
        roots.len()
    }
}

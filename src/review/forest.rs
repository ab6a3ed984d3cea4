//! A union-find forest: which things belong together, joined pair by pair.

/// Disjoint sets of 0…n.
pub(super) struct Forest(Vec<usize>);

impl Forest {
    pub(super) fn new(size: usize) -> Self {
        Self((0..size).collect())
    }

    /// The smallest of the set; nearly constant.
    pub(super) fn root(&mut self, of: usize) -> usize {
        let mut root = of;
        while self.0[root] != root {
            self.0[root] = self.0[self.0[root]];
            root = self.0[root];
        }
        root
    }

    /// The root of both from now on.
    pub(super) fn join(&mut self, a: usize, b: usize) -> usize {
        let (a, b) = (self.root(a), self.root(b));
        let (low, high) = (a.min(b), a.max(b));
        self.0[high] = low;
        low
    }
}

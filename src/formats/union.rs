//! Which of many numbered things hang together (disjoint sets).

/// Disjoint sets of the numbers below a count: every number alone at first.
#[derive(Clone, Debug)]
pub(super) struct Union {
    above: Vec<usize>,
}

impl Union {
    pub(super) fn new(count: usize) -> Self {
        Self { above: (0..count).collect() }
    }

    /// The number that stands for the set: its smallest.
    pub(super) fn root(&mut self, mut at: usize) -> usize {
        while self.above[at] != at {
            // Every second step is cut short, so that ways stay short.
            self.above[at] = self.above[self.above[at]];
            at = self.above[at];
        }
        at
    }

    pub(super) fn joined(&mut self, one: usize, other: usize) -> bool {
        self.root(one) == self.root(other)
    }

    pub(super) fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.above[one.max(other)] = one.min(other);
    }
}

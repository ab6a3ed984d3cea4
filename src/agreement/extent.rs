//! [`Extent`]: where a unit stands, as numbers without a text: code points or tokens, by the corpus.

/// The fragments of one unit: pairs of start and end, half open, sorted, disjoint, at least one. A discontinuous span is one unit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Extent(Box<[(u32, u32)]>);

impl Extent {
    /// `fragments` must be sorted and disjoint, each with start ≤ end; there must be one.
    pub fn new(fragments: Vec<(u32, u32)>) -> Self {
        assert!(!fragments.is_empty(), "a unit has an extent");
        assert!(fragments.iter().all(|(start, end)| start <= end), "a fragment ends before it starts");
        assert!(fragments.windows(2).all(|pair| pair[0].1 <= pair[1].0), "fragments are sorted and disjoint");
        Self(fragments.into())
    }

    pub fn fragments(&self) -> &[(u32, u32)] {
        &self.0
    }

    pub fn start(&self) -> u32 {
        self.0[0].0
    }

    /// One past the last position, gaps included.
    pub fn end(&self) -> u32 {
        self.0[self.0.len() - 1].1
    }

    /// Positions covered, gaps left out.
    pub fn covered(&self) -> u32 {
        self.0.iter().map(|(start, end)| end - start).sum()
    }

    /// Positions that both cover. Linear in the fragments of both.
    pub fn shared(&self, other: &Self) -> u32 {
        let (mut a, mut b, mut shared) = (0, 0, 0);
        while let (Some(ours), Some(theirs)) = (self.0.get(a), other.0.get(b)) {
            shared += ours.1.min(theirs.1).saturating_sub(ours.0.max(theirs.0));
            if ours.1 <= theirs.1 {
                a += 1;
            } else {
                b += 1;
            }
        }
        shared
    }

    /// Intersection over union of the positions; 1 for equal extents, of no length too.
    pub fn iou(&self, other: &Self) -> f64 {
        if self == other {
            return 1.0;
        }
        let shared = self.shared(other);
        let union = self.covered() + other.covered() - shared;
        if union == 0 { 0.0 } else { f64::from(shared) / f64::from(union) }
    }
}

impl From<(u32, u32)> for Extent {
    fn from((start, end): (u32, u32)) -> Self {
        Self::new(vec![(start, end)])
    }
}

//! [`Hands`]: the annotators a document is given to.

/// Some annotators, by their places in a list of at most 64.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Hands(u64);

impl Hands {
    /// So many annotators a list may have.
    pub const MOST: usize = 64;
    pub const NOBODY: Self = Self(0);

    pub fn one(place: usize) -> Self {
        assert!(place < Self::MOST, "a list has at most 64 annotators");
        Self(1 << place)
    }

    #[must_use]
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Those who are in both.
    #[must_use]
    pub const fn among(self, others: Self) -> Self {
        Self(self.0 & others.0)
    }

    pub const fn has(self, place: usize) -> bool {
        place < Self::MOST && self.0 & (1 << place) != 0
    }

    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Two or more have it.
    pub const fn is_shared(self) -> bool {
        self.len() > 1
    }

    pub fn places(self) -> impl Iterator<Item = usize> {
        (0..Self::MOST).filter(move |place| self.has(*place))
    }
}

impl FromIterator<usize> for Hands {
    fn from_iter<I: IntoIterator<Item = usize>>(places: I) -> Self {
        places.into_iter().fold(Self::NOBODY, |hands, place| hands.and(Self::one(place)))
    }
}

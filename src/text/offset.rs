//! Where something stands in a text: [`TextRange`], half open, in UTF-8 bytes.
//!
//! Code points and UTF-16 units live in [`super::convert`] and in files, never here.

use std::fmt;

/// A stretch of one [`Text`](super::Text): `start..end` in **bytes**, half open, both ends on character boundaries.
///
/// Only [`Text::range`](super::Text::range) and the functions of this layer make one, so whoever holds a range may slice
/// the text it came from. Ordered as pages are read: by start, and of two that start together the longer first.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TextRange {
    start: usize,
    end: usize,
}

impl TextRange {
    pub(super) const fn new(start: usize, end: usize) -> Self {
        assert!(start <= end, "a range ends before it starts");
        Self { start, end }
    }

    /// The first byte.
    pub const fn start(self) -> usize {
        self.start
    }

    /// One past the last byte.
    pub const fn end(self) -> usize {
        self.end
    }

    /// Length in bytes.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Nothing between the ends: a place rather than a stretch.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// `offset` lies inside (the end does not).
    pub const fn contains(self, offset: usize) -> bool {
        self.start <= offset && offset < self.end
    }

    /// All of `other` lies inside or on the ends.
    pub const fn covers(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The two share at least one byte; touching is not overlapping.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// They overlap and neither covers the other.
    pub const fn crosses(self, other: Self) -> bool {
        self.overlaps(other) && !self.covers(other) && !other.covers(self)
    }

    /// The smallest range that covers both.
    #[must_use]
    pub fn hull(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// What both share, if they overlap.
    pub fn intersection(self, other: Self) -> Option<Self> {
        self.overlaps(other).then(|| Self::new(self.start.max(other.start), self.end.min(other.end)))
    }

    /// As the standard library's range of bytes, for slicing.
    pub const fn bytes(self) -> std::ops::Range<usize> {
        self.start..self.end
    }
}

impl Ord for TextRange {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.start.cmp(&other.start).then(other.end.cmp(&self.end))
    }
}

impl PartialOrd for TextRange {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for TextRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

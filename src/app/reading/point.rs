//! Geometry of one paragraph: which grapheme is at a point, where a caret stands, which rectangles a stretch of text
//! covers. Plain search in the arrays that layout leaves behind; physical pixels, relative to the paragraph.

use std::ops::Range;

use unicode_segmentation::GraphemeCursor;

use super::layout::Glyph;

/// One paragraph as it is drawn. Offsets are bytes of its own text.
#[derive(Clone, Debug)]
pub(super) struct Paragraph {
    pub rows: Vec<Row>,
    /// Row by row, each from left to right.
    pub clusters: Vec<Cluster>,
    pub glyphs: Vec<Glyph>,
    pub rtl: bool,
    pub width: f32,
}

/// A row of text.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub start: u32,
    pub end: u32,
    /// Where its words end: spaces that hang over the edge of the column are not drawn on.
    pub trim: u32,
    pub top: f32,
    pub bottom: f32,
    /// From the top, a whole number.
    pub base: f32,
    /// How much of that is room for lines above the words.
    pub above: f32,
    pub clusters: Range<u32>,
    pub glyphs: Range<u32>,
}

/// A grapheme (or the part of one that a font could draw) and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cluster {
    pub start: u32,
    pub end: u32,
    pub x0: f32,
    pub x1: f32,
    pub rtl: bool,
}

impl Cluster {
    /// Where a caret before it stands.
    fn leading(&self) -> f32 {
        if self.rtl { self.x1 } else { self.x0 }
    }

    /// Where a caret after it stands.
    fn trailing(&self) -> f32 {
        if self.rtl { self.x0 } else { self.x1 }
    }
}

/// A part of a row that a stretch of text covers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Segment {
    pub x0: f32,
    pub x1: f32,
    /// The stretch goes on in another row, at this side.
    pub open_left: bool,
    pub open_right: bool,
}

/// To which letter a caret belongs that stands between two: where a row was broken, and where directions change, they are apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Affinity {
    /// To the letter before it: the caret stands where that one ends.
    Upstream,
    /// To the letter after it.
    #[default]
    Downstream,
}

/// What is at a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PointHit {
    /// The nearest boundary between graphemes.
    pub offset: usize,
    pub affinity: Affinity,
    pub grapheme: Range<usize>,
    /// The point is on the grapheme, not beside the text.
    pub inside: bool,
}

impl Paragraph {
    pub fn new(rtl: bool, width: f32) -> Self {
        Self { rows: Vec::new(), clusters: Vec::new(), glyphs: Vec::new(), rtl, width }
    }

    pub fn height(&self) -> f32 {
        self.rows.last().map_or(0.0, |row| row.bottom)
    }

    /// Memory, about.
    pub fn bytes(&self) -> usize {
        self.rows.len() * size_of::<Row>()
            + self.clusters.len() * size_of::<Cluster>()
            + self.glyphs.len() * size_of::<Glyph>()
    }

    /// Gives each row `height` pixels and what `extra` asks for above and below it.
    pub fn space_rows(&mut self, height: f32, mut extra: impl FnMut(&Row) -> (f32, f32)) {
        let mut top = 0.0;
        for row in &mut self.rows {
            row.base -= row.above;
            let (above, below) = extra(row);
            row.base += above;
            row.above = above;
            row.top = top;
            top += above + height + below;
            row.bottom = top;
        }
    }

    pub fn clusters(&self, row: &Row) -> &[Cluster] {
        &self.clusters[row.clusters.start as usize..row.clusters.end as usize]
    }

    /// The row at height `y`, the nearest one above or below the paragraph.
    pub fn row_at(&self, y: f32) -> usize {
        self.rows.partition_point(|row| row.bottom <= y).min(self.rows.len() - 1)
    }

    /// The row in which a caret before byte `offset` stands: at a row break, the later one.
    pub fn row_of(&self, offset: usize) -> usize {
        self.rows.partition_point(|row| row.start as usize <= offset).saturating_sub(1)
    }

    /// The row in which a caret stands.
    pub fn row_of_caret(&self, offset: usize, affinity: Affinity) -> usize {
        let row = self.row_of(offset);
        let begins = self.rows.get(row).is_some_and(|row| row.start as usize == offset);
        if affinity == Affinity::Upstream && begins { row.saturating_sub(1) } else { row }
    }

    /// Leftmost and rightmost pixel of the row's words.
    pub fn extent(&self, row: &Row) -> (f32, f32) {
        let words = self.clusters(row).iter().filter(|cluster| cluster.start < row.trim);
        let extent = words.fold((f32::MAX, f32::MIN), |(x0, x1), cluster| (x0.min(cluster.x0), x1.max(cluster.x1)));
        if extent.0 > extent.1 { (self.edge(), self.edge()) } else { extent }
    }

    /// Where an empty row begins.
    fn edge(&self) -> f32 {
        if self.rtl { self.width } else { 0.0 }
    }

    pub fn hit(&self, text: &str, x: f32, row: usize) -> PointHit {
        let row = &self.rows[row];
        let clusters = self.clusters(row);
        let (first, last) = (row.start as usize, Self::caret_end(text, row));
        let at = clusters.partition_point(|cluster| cluster.x1 <= x);
        let outside_right = at == clusters.len();
        let outside_left = clusters.first().is_none_or(|cluster| x < cluster.x0);
        if outside_left || outside_right {
            let offset = if outside_left == self.rtl { last } else { first };
            let grapheme = match offset {
                _ if first == last => first..last,
                offset if offset == first => grapheme_at(text, first),
                offset => grapheme_at(text, offset - 1),
            };
            let affinity = if offset > first { Affinity::Upstream } else { Affinity::Downstream };
            return PointHit { offset, affinity, grapheme, inside: false };
        }
        let cluster = clusters[at];
        let grapheme = grapheme_at(text, cluster.start as usize);
        // A grapheme that two fonts draw stands in several clusters.
        let part = |c: &&Cluster| grapheme.contains(&(c.start as usize));
        let parts = || clusters[..at].iter().rev().take_while(part).chain(clusters[at..].iter().take_while(part));
        let x0 = parts().map(|cluster| cluster.x0).fold(f32::MAX, f32::min);
        let x1 = parts().map(|cluster| cluster.x1).fold(f32::MIN, f32::max);
        let before = (x < f32::midpoint(x0, x1)) != cluster.rtl;
        let (offset, affinity) =
            if before { (grapheme.start, Affinity::Downstream) } else { (grapheme.end, Affinity::Upstream) };
        PointHit { offset: offset.clamp(first, last), affinity, grapheme, inside: true }
    }

    /// The last place for a caret in this row: where the next row goes on, before the space between them.
    pub fn caret_end(text: &str, row: &Row) -> usize {
        let is_last = row.end as usize == text.len();
        if is_last || row.trim == row.end {
            return row.end as usize;
        }
        grapheme_at(text, row.end as usize - 1).start.max(row.start as usize)
    }

    /// Where a caret before byte `offset` stands: its row and its x. At a change of direction there is a second place, if it is
    /// elsewhere: where the letter begins or ends that the caret does not belong to.
    pub fn caret(&self, offset: usize, affinity: Affinity) -> (usize, f32, Option<f32>) {
        let index = self.row_of_caret(offset, affinity);
        let row = &self.rows[index];
        let clusters = self.clusters(row);
        let offset = offset as u32;
        let next = clusters.iter().find(|cluster| cluster.start <= offset && offset < cluster.end);
        let before = clusters.iter().find(|cluster| cluster.end == offset);
        match (next, before) {
            (Some(next), Some(before)) if next.start == offset => {
                let (begins, ends) = (next.leading(), before.trailing());
                let (x, other) = if affinity == Affinity::Upstream { (ends, begins) } else { (begins, ends) };
                (index, x, (before.rtl != next.rtl && (begins - ends).abs() > 1.0).then_some(other))
            }
            (Some(next), _) => (index, next.leading(), None),
            (None, before) => (index, before.map_or_else(|| self.edge(), Cluster::trailing), None),
        }
    }

    /// Where a grapheme of a row begins, or ends, in the direction it is read.
    pub fn edge_of(&self, row: &Row, grapheme: &Range<usize>, end: bool) -> Option<f32> {
        let inside = |cluster: &&Cluster| grapheme.contains(&(cluster.start as usize));
        let parts = self.clusters(row).iter().filter(inside);
        if end {
            parts.max_by_key(|cluster| cluster.end).map(Cluster::trailing)
        } else {
            parts.min_by_key(|cluster| cluster.start).map(Cluster::leading)
        }
    }

    /// What `range` covers in a row, from left to right; nothing if they do not meet.
    pub fn segments(&self, row: &Row, range: &Range<usize>, out: &mut Vec<Segment>) {
        out.clear();
        let start = u32::try_from(range.start).unwrap_or(u32::MAX);
        let end = u32::try_from(range.end).unwrap_or(u32::MAX);
        if start >= row.trim || end <= row.start {
            return;
        }
        // Neighbours make one segment, in whichever direction each reads; spaces that hang at the row's end are no gap.
        let mut neighbour = false;
        for cluster in self.clusters(row) {
            if cluster.start >= row.trim {
                continue;
            }
            if cluster.start >= end || cluster.end <= start {
                neighbour = false;
                continue;
            }
            let comes = start < row.start && cluster.start <= row.start;
            let goes = end > row.end && cluster.end >= row.trim;
            // Where the paragraph begins and ends is where it is open.
            let (open_left, open_right) = if self.rtl { (goes, comes) } else { (comes, goes) };
            match out.last_mut() {
                Some(last) if neighbour => {
                    last.x1 = cluster.x1;
                    last.open_left |= open_left;
                    last.open_right |= open_right;
                }
                _ => out.push(Segment { x0: cluster.x0, x1: cluster.x1, open_left, open_right }),
            }
            neighbour = true;
        }
    }
}

/// The grapheme that byte `offset` of `text` lies in; the last one at the end.
pub(super) fn grapheme_at(text: &str, offset: usize) -> Range<usize> {
    let offset = text.floor_char_boundary(offset.min(text.len().saturating_sub(1)));
    let mut cursor = GraphemeCursor::new(offset, text.len(), true);
    let start = match cursor.is_boundary(text, 0) {
        Ok(true) => offset,
        _ => cursor.prev_boundary(text, 0).ok().flatten().unwrap_or(0),
    };
    let mut cursor = GraphemeCursor::new(start, text.len(), true);
    start..cursor.next_boundary(text, 0).ok().flatten().unwrap_or(text.len())
}

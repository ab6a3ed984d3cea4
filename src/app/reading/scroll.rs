//! [`Scroller`]: which part of the column is seen. The place is kept as a block and pixels into it, so that blocks above
//! may turn out taller or shorter than was thought without anything on the screen moving.

use std::ops::Range;

use super::column::Column;
use super::{Marks, Reading, Scroll};

/// What layout needs while scrolling.
pub(super) struct Means<'a> {
    pub reading: &'a mut Reading,
    pub marks: &'a dyn Marks,
}

/// A block on the screen, and its top from the top of the view, in whole pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Visible {
    pub block: usize,
    pub top: f32,
}

/// Something that shall stay where it is on the screen while heights change.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pin {
    /// So many points of the header are above the view.
    Header(f32),
    /// The row of this byte begins so many points below the top of the view.
    Row { offset: usize, top: f32 },
}

#[derive(Clone, Debug, Default)]
pub(super) struct Scroller {
    /// The block at the top of the view.
    block: usize,
    /// From the top of that block to the top of the view, in pixels; negative over the header.
    below: f64,
    /// Of the view, the header above the text and the room below it, in pixels.
    pub view: f32,
    pub header: f32,
    pub foot: f32,
    pub visible: Vec<Visible>,
    reveal: Option<Range<usize>>,
    restore: Option<Pin>,
}

impl Scroller {
    pub fn new() -> Self {
        Self { restore: Some(Pin::Header(0.0)), ..Self::default() }
    }

    pub fn reveal(&mut self, range: Range<usize>) {
        self.reveal = Some(range);
    }

    pub fn restore(&mut self, pin: Pin) {
        self.restore = Some(pin);
    }

    pub fn has_pending(&self) -> bool {
        self.reveal.is_some() || self.restore.is_some()
    }

    /// How far the view is from the top of the header, and how tall everything is, in pixels (both partly estimated).
    pub fn place(&self, column: &Column) -> (f64, f64) {
        let top = column.heights().top(self.block) + self.below + f64::from(self.header);
        (top, column.heights().total() + f64::from(self.header) + f64::from(self.foot))
    }

    /// What is now at height `y` of the view (points), to be kept there.
    pub fn pin(&self, column: &Column, y: f32, scale: f32) -> Pin {
        let at = self.visible.iter().rev().find(|visible| visible.top <= y * scale);
        match at {
            Some(&Visible { block, top }) => {
                let paragraph = &column.laid(block).paragraph;
                let row = &paragraph.rows[paragraph.row_at(y * scale - top)];
                let offset = column.block(block).range().start + row.start as usize;
                Pin::Row { offset, top: (top + row.top) / scale }
            }
            None => Pin::Header((self.below + f64::from(self.header)) as f32 / scale),
        }
    }

    /// Where the reader is, for [`Self::restore`].
    pub fn scroll(&self, column: &Column, scale: f32) -> Scroll {
        match self.pin(column, 0.0, scale) {
            Pin::Row { offset, top } => Scroll { offset, below: -top },
            Pin::Header(above) => Scroll { offset: 0, below: above - self.header / scale },
        }
    }

    /// Moves the view down by so many pixels (up if negative).
    pub fn by(&mut self, pixels: f64, column: &mut Column, means: &mut Means<'_>) {
        if pixels.abs() > f64::from(self.view) * 8.0 {
            let (top, _) = self.place(column);
            self.to(top + pixels, column);
        } else {
            self.below += pixels;
        }
        self.settle(column, means);
    }

    /// Moves the view to so many pixels below the top of the header. The heights on the way are taken as estimated.
    pub fn to(&mut self, top: f64, column: &Column) {
        let top = top - f64::from(self.header);
        if top < 0.0 {
            (self.block, self.below) = (0, top);
        } else {
            (self.block, self.below) = column.heights().find(top);
            self.block = column.shown(self.block);
        }
    }

    /// Lays out what is seen and finds where it stands. Resolves what was asked for since the last frame.
    pub fn lay_out(&mut self, column: &mut Column, means: &mut Means<'_>, scale: f32) {
        self.block = column.shown(self.block.min(column.len() - 1));
        match self.restore.take() {
            Some(Pin::Header(above)) => (self.block, self.below) = (0, f64::from(above * scale - self.header)),
            Some(Pin::Row { offset, top }) => {
                let offset = offset.min(column.text().len());
                self.block = column.block_at(offset);
                column.ensure(self.block, means.reading, Some(means.marks));
                self.below = f64::from((column.row(offset).1 - top * scale).round());
            }
            None => {}
        }
        if let Some(range) = self.reveal.take() {
            self.bring(&range, column, means);
        }
        self.settle(column, means);
        if self.find_visible(column, means) {
            self.find_visible(column, means);
        }
    }

    /// Makes `block` the one that really is at the top of the view.
    fn settle(&mut self, column: &mut Column, means: &mut Means<'_>) {
        loop {
            if self.below < 0.0 {
                let Some(before) = column.before(self.block) else {
                    self.below = self.below.max(-f64::from(self.header));
                    return;
                };
                self.block = before;
                self.below += f64::from(column.ensure(self.block, means.reading, Some(means.marks)));
            } else {
                let height = f64::from(column.ensure(self.block, means.reading, Some(means.marks)));
                if self.below < height || column.after(self.block) == column.len() {
                    return;
                }
                self.below -= height;
                self.block = column.after(self.block);
            }
        }
    }

    /// From the block at the top down to the bottom of the view. True if the view reached past the end and was moved.
    fn find_visible(&mut self, column: &mut Column, means: &mut Means<'_>) -> bool {
        self.visible.clear();
        let mut top = -self.below.round() as f32;
        let mut block = self.block;
        while block < column.len() && top < self.view {
            self.visible.push(Visible { block, top });
            top += column.ensure(block, means.reading, Some(means.marks));
            block = column.after(block);
        }
        let missing = self.view - (top + self.foot);
        let at_top = self.block == 0 && self.below <= -f64::from(self.header);
        if block < column.len() || missing < 1.0 || at_top {
            return false;
        }
        self.below -= f64::from(missing);
        self.settle(column, means);
        true
    }

    /// Scrolls as little as shows the start of `range` well inside the view; far away, to a third of its height.
    fn bring(&mut self, range: &Range<usize>, column: &mut Column, means: &mut Means<'_>) {
        let len = column.text().len();
        let (start, end) = (range.start.min(len), range.end.min(len));
        let target = column.block_at(start);
        let heights = column.heights();
        let away = heights.top(target) - heights.top(self.block) - self.below;
        if away.abs() < f64::from(self.view) * 2.0 {
            let mut block = self.block.min(target);
            while block <= target.max(self.block) {
                column.ensure(block, means.reading, Some(means.marks));
                block = column.after(block);
            }
        }
        column.ensure(target, means.reading, Some(means.marks));
        let last = column.block_at(end);
        let near = last - target < 64;
        if near {
            let mut block = target;
            while block <= last {
                column.ensure(block, means.reading, Some(means.marks));
                block = column.after(block);
            }
        }
        let heights = column.heights();
        let from = |block: usize| heights.top(block) - heights.top(self.block) - self.below;
        let (_, row_top, row_bottom) = column.row(start);
        let top = from(target) + f64::from(row_top);
        let row = f64::from(row_bottom - row_top);
        let bottom = if near { from(last) + f64::from(column.row(end).2) } else { top + f64::from(self.view) };

        let view = f64::from(self.view);
        let margin = (row * 2.5).min(view / 4.0);
        let (low, high) = (margin, view - margin);
        if top >= low && bottom <= high {
            return;
        }
        let wanted = if top < low && top > low - row * 4.0 {
            low
        } else if bottom > high && bottom < high + row * 4.0 && bottom - top < high - low {
            high - (bottom - top)
        } else if top >= low && top < high && bottom - top > high - low {
            return;
        } else {
            (view / 3.0).min((high - (bottom - top)).max(low))
        };
        self.block = target;
        self.below = f64::from(row_top) - wanted.round();
    }
}

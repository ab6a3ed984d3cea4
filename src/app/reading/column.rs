//! [`Column`]: the text as one long column of blocks, of which only those that are needed are laid out and kept.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::blocks::{Block, Blocks};
use super::glyphs::Quad;
use super::heights::Heights;
use super::layout::Style;
use super::point::{Affinity, Paragraph, Row};
use super::scroll::Visible;
use super::spans::{FILL_ABOVE, LINE_BELOW};
use super::{Fold, Invisibles, Marks, Reading, shorts, signs};
use crate::text::Text;

/// How the column is set, in physical pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Setting {
    pub style: Style,
    pub gap: f32,
    /// From one lane to the next.
    pub lane: f32,
    pub scale: f32,
    pub invisibles: Invisibles,
    /// Of the fonts' faces: paragraphs laid out in another epoch are void.
    pub epoch: u64,
}

/// Points between the lines under a row and those above the next.
const APART: f32 = 4.0;

impl Setting {
    /// Lanes that every row has room for, between its own baseline and the fills of the next: two at the usual height.
    fn free_lanes(&self) -> u8 {
        let room = self.style.line_height - (FILL_ABOVE + LINE_BELOW + 2.0) * self.scale;
        (room / self.lane).floor().max(0.0) as u8 + 1
    }
}

/// The sign of an invisible character, and where it is: in a row, from one x to another.
pub(super) struct Placed {
    pub shape: signs::Shape,
    pub row: usize,
    pub x0: f32,
    pub x1: f32,
}

/// A block that is laid out.
pub(super) struct Laid {
    pub paragraph: Paragraph,
    pub signs: Vec<Placed>,
    pub quads: Vec<Quad>,
    /// Generation of the atlas that `quads` are for.
    atlas: Option<u64>,
    /// Version of the marks that the rows make room for.
    lanes: Option<u64>,
    /// Frame in which it was last needed.
    seen: u64,
}

impl Laid {
    /// One row without letters, for a fold.
    fn fold(block: &Block, setting: &Setting) -> Self {
        let mut paragraph = Paragraph::new(false, setting.style.width);
        let (height, end) = (setting.style.line_height, block.range().len() as u32);
        let base = (height * 0.65).round();
        paragraph.rows = vec![Row {
            start: 0,
            end,
            trim: end,
            top: 0.0,
            bottom: height,
            base,
            above: 0.0,
            clusters: 0..0,
            glyphs: 0..0,
        }];
        Self { paragraph, signs: Vec::new(), quads: Vec::new(), atlas: None, lanes: None, seen: 0 }
    }

    fn bytes(&self) -> usize {
        size_of::<Self>() + self.paragraph.bytes() + self.paragraph.glyphs.len() * size_of::<Quad>()
    }
}

/// Layouts that are kept, about.
const KEPT_BYTES: usize = 16 << 20;

pub(super) struct Column {
    text: Text,
    blocks: Blocks,
    heights: Heights,
    setting: Option<Setting>,
    laid: HashMap<usize, Laid>,
    bytes: usize,
    frame: u64,
    folds: Arc<[Fold]>,
    /// The blocks of each fold; the first of them stands for all.
    folded: Vec<Range<usize>>,
    per_row: f32,
}

impl Column {
    /// O(n), a few milliseconds for 10 MB.
    pub fn new(text: &Text) -> Self {
        let blocks = Blocks::new(text.as_str());
        Self {
            text: text.clone(),
            blocks,
            heights: Heights::default(),
            setting: None,
            laid: HashMap::new(),
            bytes: 0,
            frame: 0,
            folds: Arc::default(),
            folded: Vec::new(),
            per_row: 1.0,
        }
    }

    pub fn text(&self) -> &str {
        self.text.as_str()
    }

    pub fn len(&self) -> usize {
        self.blocks.count()
    }

    /// A block; the first one of a fold goes to its end.
    pub fn block(&self, block: usize) -> Block {
        let first = self.blocks.get(block);
        match self.folded_at(block) {
            Some(at) => first.up_to(self.blocks.get(self.folded[at].end - 1)),
            None => first,
        }
    }

    /// The words of a block.
    pub fn words(&self, block: usize) -> &str {
        &self.text.as_str()[self.block(block).range()]
    }

    /// The block that a caret before byte `offset` stands in: of a fold, the first one.
    pub fn block_at(&self, offset: usize) -> usize {
        self.shown(self.blocks.at(offset))
    }

    /// The block itself, or the first of the fold it is hidden in.
    pub fn shown(&self, block: usize) -> usize {
        self.folded_at(block).map_or(block, |at| self.folded[at].start)
    }

    /// The next block that is shown; may be [`Self::len`].
    pub fn after(&self, block: usize) -> usize {
        self.folded_at(block).map_or(block + 1, |at| self.folded[at].end)
    }

    /// The block before that is shown.
    pub fn before(&self, block: usize) -> Option<usize> {
        block.checked_sub(1).map(|before| self.shown(before))
    }

    /// What is folded away at a block.
    pub fn fold(&self, block: usize) -> Option<&Fold> {
        self.folds.get(self.folded_at(block)?)
    }

    fn folded_at(&self, block: usize) -> Option<usize> {
        if self.folded.is_empty() {
            return None;
        }
        let at = self.folded.partition_point(|blocks| blocks.end <= block);
        self.folded.get(at).filter(|blocks| blocks.contains(&block)).map(|_| at)
    }

    pub fn has_folds(&self, folds: &Arc<[Fold]>) -> bool {
        Arc::ptr_eq(&self.folds, folds) || self.folds == *folds
    }

    /// The number of the text's line that begins with a block.
    pub fn number(&self, block: usize) -> Option<usize> {
        self.blocks.number(block)
    }

    /// How many lines the text has.
    pub fn lines(&self) -> usize {
        self.blocks.lines()
    }

    /// The block that a caret stands in: a long line is cut into blocks, and broken where they end.
    pub fn block_of_caret(&self, offset: usize, affinity: Affinity) -> usize {
        let block = self.block_at(offset);
        let cut = block > 0 && offset == self.block(block).range().start && !self.block(block - 1).ends_line;
        if affinity == Affinity::Upstream && cut { block - 1 } else { block }
    }

    /// The line of the text that a block belongs to.
    pub fn line(&self, block: usize) -> Range<usize> {
        if self.fold(block).is_some() { self.block(block).range() } else { self.blocks.line(block) }
    }

    pub fn heights(&self) -> &Heights {
        &self.heights
    }

    pub fn setting(&self) -> Option<&Setting> {
        self.setting.as_ref()
    }

    /// Starts a frame. Another setting voids every layout and makes all heights estimates again: O(blocks). Other folds cost what
    /// they hold.
    pub fn begin(&mut self, setting: Setting, folds: &Arc<[Fold]>) {
        self.frame += 1;
        let other = !self.has_folds(folds);
        if other {
            self.unfold();
        }
        if self.setting != Some(setting) {
            self.setting = Some(setting);
            self.laid.clear();
            self.bytes = 0;
            self.per_row = bytes_per_row(self.text.as_str(), &setting.style);
            let estimates = (0..self.blocks.count()).map(|block| self.estimate(block, &setting));
            self.heights = Heights::new(estimates.collect());
            self.flatten();
        }
        if other {
            self.folds = Arc::clone(folds);
            self.folded = self.folds.iter().map(|fold| self.blocks_of(&fold.range)).collect();
            self.flatten();
        }
        if self.bytes > KEPT_BYTES {
            self.forget();
        }
    }

    fn estimate(&self, block: usize, setting: &Setting) -> f32 {
        let last = block + 1 == self.blocks.count();
        let block = self.blocks.get(block);
        let rows = (block.range().len() as f32 / self.per_row).ceil();
        rows * setting.style.line_height + after(&block, last, setting)
    }

    fn blocks_of(&self, range: &Range<usize>) -> Range<usize> {
        self.blocks.at(range.start)..self.blocks.at(range.end) + 1
    }

    /// Gives what is folded its heights back.
    fn unfold(&mut self) {
        self.folds = Arc::default();
        let Some(setting) = self.setting else { return };
        for block in std::mem::take(&mut self.folded).into_iter().flatten() {
            self.laid.remove(&block);
            self.heights.set(block, self.estimate(block, &setting));
        }
    }

    /// Takes the heights of what is folded away.
    fn flatten(&mut self) {
        let Some(setting) = self.setting else { return };
        for blocks in &self.folded {
            for block in blocks.clone() {
                self.laid.remove(&block);
                let height = if block == blocks.start { setting.style.line_height } else { 0.0 };
                self.heights.set(block, height);
            }
        }
    }

    /// Drops the half that was not needed for longest.
    fn forget(&mut self) {
        let mut seen: Vec<u64> = self.laid.values().map(|laid| laid.seen).collect();
        let middle = seen.len() / 2;
        let median = *seen.select_nth_unstable(middle).1;
        let oldest = median.min(self.frame.saturating_sub(2));
        self.laid.retain(|_, laid| laid.seen > oldest);
        self.bytes = self.laid.values().map(Laid::bytes).sum();
    }

    /// Lays a block out unless it is, makes room for its marks, and returns its height. Without `marks` the room stays
    /// as it was.
    pub fn ensure(&mut self, block: usize, reading: &mut Reading, marks: Option<&dyn Marks>) -> f32 {
        let Some(setting) = self.setting else { return 0.0 };
        let (stretch, last) = (self.block(block), self.after(block) == self.blocks.count());
        let is_fold = self.fold(block).is_some();
        if !self.laid.contains_key(&block) {
            let laid = if is_fold {
                Laid::fold(&stretch, &setting)
            } else {
                lay_out(self.words(block), &stretch, last && self.blocks.count() == 1, &setting, reading)
            };
            self.bytes += laid.bytes();
            self.laid.insert(block, laid);
        }
        let Some(laid) = self.laid.get_mut(&block) else { return 0.0 };
        laid.seen = self.frame;
        let version = marks.map(Marks::version);
        if let Some(marks) = marks
            && laid.lanes != version
        {
            laid.lanes = version;
            let start = stretch.range().start;
            let extra = |row: &Row| {
                let lanes = marks.lanes(start + row.start as usize..start + row.end as usize);
                let above = marks.lanes_above(start + row.start as usize..start + row.end as usize);
                let lines = f32::from(lanes.saturating_sub(setting.free_lanes())) * setting.lane;
                let below = shorts::depth(marks, lanes) * setting.scale - (setting.style.line_height - row.base);
                let above = if above == 0 { 0.0 } else { f32::from(above) * setting.lane + APART * setting.scale };
                (above.round(), lines.max(below).round())
            };
            if !stretch.is_empty() && !is_fold {
                laid.paragraph.space_rows(setting.style.line_height, extra);
            }
        }
        let words = if stretch.is_empty() && self.blocks.count() > 1 { 0.0 } else { laid.paragraph.height() };
        let height = words + after(&stretch, last, &setting);
        self.heights.set(block, height);
        height
    }

    /// A block that [`Self::ensure`] was called for in this frame.
    pub fn laid(&self, block: usize) -> &Laid {
        &self.laid[&block]
    }

    /// Draws the pictures that visible blocks need and that nobody has seen yet, all at once.
    pub fn ready(&self, visible: &[Visible], reading: &mut Reading) {
        let generation = reading.atlas.generation();
        let new = visible.iter().filter(|visible| self.laid(visible.block).atlas != Some(generation));
        let new = new.map(|visible| (&self.laid(visible.block).paragraph, self.words(visible.block)));
        reading.atlas.ready(new, &reading.shaper);
    }

    /// Finds the pictures of a block's glyphs.
    pub fn ink(&mut self, block: usize, reading: &mut Reading) {
        let words = &self.text.as_str()[self.block(block).range()];
        if let Some(laid) = self.laid.get_mut(&block)
            && laid.atlas != Some(reading.atlas.generation())
        {
            laid.atlas = Some(reading.atlas.generation());
            laid.quads = reading.atlas.quads(&laid.paragraph, words, &reading.shaper);
        }
    }

    /// Top and bottom of the row that a caret before byte `offset` stands in, from the top of its block, which must be
    /// laid out.
    pub fn row(&self, offset: usize) -> (usize, f32, f32) {
        let block = self.block_at(offset);
        let paragraph = &self.laid(block).paragraph;
        let row = &paragraph.rows[paragraph.row_of(offset - self.blocks.get(block).range().start)];
        (block, row.top, row.bottom)
    }
}

fn lay_out(words: &str, block: &Block, only: bool, setting: &Setting, reading: &mut Reading) -> Laid {
    let mut paragraph = reading.shaper.lay_out(words, block.direction, setting.style);
    if block.is_empty() && !only {
        let height = blank(setting);
        for row in &mut paragraph.rows {
            row.base = (height * 0.8).round();
            row.bottom = height;
        }
    }
    let signs = signs::find(words, setting.invisibles, block.ends_line).into_iter();
    let mut signs: Vec<Placed> = signs.map(|sign| place(&paragraph, sign)).collect();
    signs.sort_by(|a, b| a.row.cmp(&b.row).then(a.x0.total_cmp(&b.x0)));
    Laid { paragraph, signs, quads: Vec::new(), atlas: None, lanes: None, seen: 0 }
}

fn place(paragraph: &Paragraph, sign: signs::Sign) -> Placed {
    let (row, x, _) = paragraph.caret(sign.at as usize, Affinity::Downstream);
    let (end_row, end, _) = paragraph.caret(sign.end as usize, Affinity::Upstream);
    if sign.shape == signs::Shape::LineEnd {
        // After the last word, whichever way it reads.
        let (left, right) = paragraph.extent(&paragraph.rows[row]);
        let x = if paragraph.rtl { left } else { right };
        return Placed { shape: sign.shape, row, x0: x, x1: x };
    }
    let end = if end_row == row { end } else { x };
    Placed { shape: sign.shape, row, x0: x.min(end), x1: x.max(end) }
}

/// What stands below the rows of a block: the gap between paragraphs, and all of an empty one.
fn after(block: &Block, last: bool, setting: &Setting) -> f32 {
    let gap = if block.ends_line { setting.gap } else { 0.0 };
    if block.is_empty() && (block.ends_line || last) { blank(setting).max(gap) } else { gap }
}

/// Articles that were scraped are full of empty lines: they are half as high.
fn blank(setting: &Setting) -> f32 {
    (setting.style.line_height * 0.45).round()
}

/// From samples all over the text: how many bytes a row is likely to hold.
fn bytes_per_row(text: &str, style: &Style) -> f32 {
    let (mut bytes, mut ems) = (1.0, 0.5);
    for sample in 0..16 {
        let start = text.floor_char_boundary(text.len() / 16 * sample);
        for c in text[start..].chars().take(256) {
            bytes += c.len_utf8() as f32;
            ems += match c {
                '\u{2E80}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'.. => 1.0,
                '\u{300}'..='\u{36F}' => 0.0,
                _ => 0.47,
            };
        }
    }
    // Rows end at words, so they are not full.
    (bytes / ems * (style.width / style.size - 2.0)).max(4.0)
}

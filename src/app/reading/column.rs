//! [`Column`]: the text as one long column of blocks, of which only those that are needed are laid out and kept.

use std::collections::HashMap;
use std::ops::Range;

use super::blocks::{Block, Blocks};
use super::glyphs::Quad;
use super::heights::Heights;
use super::layout::Style;
use super::point::{Paragraph, Row};
use super::{Invisibles, Marks, Reading, signs};
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

/// Lanes that every row has room for.
pub(super) const FREE_LANES: u8 = 2;

/// A block that is laid out.
pub(super) struct Laid {
    pub paragraph: Paragraph,
    pub signs: Vec<signs::Sign>,
    pub quads: Vec<Quad>,
    /// Generation of the atlas that `quads` are for.
    atlas: Option<u64>,
    /// Version of the marks that the rows make room for.
    lanes: Option<u64>,
    /// Frame in which it was last needed.
    seen: u64,
}

impl Laid {
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
        }
    }

    pub fn text(&self) -> &str {
        self.text.as_str()
    }

    pub fn len(&self) -> usize {
        self.blocks.count()
    }

    pub fn block(&self, block: usize) -> Block {
        self.blocks.get(block)
    }

    /// The words of a block.
    pub fn words(&self, block: usize) -> &str {
        &self.text.as_str()[self.blocks.get(block).range()]
    }

    /// The block that a caret before byte `offset` stands in.
    pub fn block_at(&self, offset: usize) -> usize {
        self.blocks.at(offset)
    }

    /// The line of the text that a block belongs to.
    pub fn line(&self, block: usize) -> Range<usize> {
        self.blocks.line(block)
    }

    pub fn heights(&self) -> &Heights {
        &self.heights
    }

    pub fn setting(&self) -> Option<&Setting> {
        self.setting.as_ref()
    }

    /// Starts a frame. Another setting voids every layout and makes all heights estimates again: O(blocks).
    pub fn begin(&mut self, setting: Setting) {
        self.frame += 1;
        if self.setting != Some(setting) {
            self.setting = Some(setting);
            self.laid.clear();
            self.bytes = 0;
            let per_row = bytes_per_row(self.text.as_str(), &setting.style);
            let estimates = self.blocks.iter().enumerate().map(|(index, block)| {
                let rows = (block.range().len() as f32 / per_row).ceil();
                rows * setting.style.line_height + after(block, index + 1 == self.blocks.count(), &setting)
            });
            self.heights = Heights::new(estimates.collect());
        }
        if self.bytes > KEPT_BYTES {
            self.forget();
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
        let (stretch, last) = (self.blocks.get(block), block + 1 == self.blocks.count());
        if !self.laid.contains_key(&block) {
            let laid = lay_out(self.words(block), &stretch, last && self.blocks.count() == 1, &setting, reading);
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
                (f32::from(lanes.saturating_sub(FREE_LANES)) * setting.lane).round()
            };
            if !stretch.is_empty() {
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

    /// Finds the pictures of a block's glyphs.
    pub fn ink(&mut self, block: usize, reading: &mut Reading) {
        let words = &self.text.as_str()[self.blocks.get(block).range()];
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
        let block = self.blocks.at(offset);
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
    let signs = signs::find(words, setting.invisibles);
    Laid { paragraph, signs, quads: Vec::new(), atlas: None, lanes: None, seen: 0 }
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

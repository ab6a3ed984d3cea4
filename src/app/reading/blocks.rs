//! [`Blocks`]: a text cut into what is laid out at one time, a paragraph each, or a part of one that is very long.

use std::ops::Range;

use unicode_segmentation::GraphemeCursor;

/// Paragraphs longer than this are cut into parts.
const LONG: usize = 8 * 1024;
/// About the length of a part.
const PART: usize = 4 * 1024;

/// Which way a block reads when its own first letter must not decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// By the first strong letter.
    Auto,
    /// By what most of the paragraph is that the block is a part of.
    Paragraph { rtl: bool },
}

impl Direction {
    /// That of a text, for parts of it.
    pub fn of(text: &str) -> Self {
        Self::Paragraph { rtl: reads_rtl(text) }
    }
}

/// A stretch of text between newlines, or a part of such a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    start: u32,
    end: u32,
    /// How many lines of the text stand before its own.
    line: u32,
    pub direction: Direction,
    /// A newline follows, rather than the next part or the end of the text.
    pub ends_line: bool,
}

impl Block {
    /// Bytes, without the newline.
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// From the start of this block to the end of another.
    #[must_use]
    pub fn up_to(self, last: Self) -> Self {
        Self { end: last.end, ends_line: last.ends_line, ..self }
    }
}

/// All blocks of a text, in order; at least one. Texts up to 4 GiB.
#[derive(Clone, Debug)]
pub struct Blocks(Vec<Block>);

impl Blocks {
    /// O(n), a few milliseconds for 10 MB.
    pub fn new(text: &str) -> Self {
        assert!(u32::try_from(text.len()).is_ok(), "a text of 4 GiB cannot be shown");
        let mut blocks = Vec::new();
        let (mut start, mut line) = (0, 0);
        for newline in memchr::memchr_iter(b'\n', text.as_bytes()) {
            push(&mut blocks, text, start..newline, line, true);
            start = newline + 1;
            line += 1;
        }
        push(&mut blocks, text, start..text.len(), line, false);
        Self(blocks)
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    pub fn get(&self, block: usize) -> Block {
        self.0[block]
    }

    pub fn iter(&self) -> impl Iterator<Item = &Block> {
        self.0.iter()
    }

    /// The block that the caret before byte `offset` stands in. O(log n).
    pub fn at(&self, offset: usize) -> usize {
        self.0.partition_point(|block| block.start as usize <= offset).saturating_sub(1)
    }

    /// The number of the line that begins with `block`, from 1; `None` for the later parts of a long line.
    pub fn number(&self, block: usize) -> Option<usize> {
        let line = self.0[block].line;
        let begins = block == 0 || self.0[block - 1].line != line;
        begins.then_some(line as usize + 1)
    }

    /// How many lines the text has.
    pub fn lines(&self) -> usize {
        self.0.last().map_or(1, |block| block.line as usize + 1)
    }

    /// The whole line of the text that `block` is part of, without its newline.
    pub fn line(&self, block: usize) -> Range<usize> {
        let first = (0..block).rev().find(|&before| self.0[before].ends_line).map_or(0, |before| before + 1);
        let last = (block..self.count()).find(|&after| self.0[after].ends_line).unwrap_or(self.count() - 1);
        self.0[first].range().start..self.0[last].range().end
    }
}

fn push(blocks: &mut Vec<Block>, text: &str, line: Range<usize>, number: u32, ends_line: bool) {
    if line.len() <= LONG {
        let (start, end) = (line.start as u32, line.end as u32);
        let direction = Direction::of(&text[line]);
        blocks.push(Block { start, end, line: number, direction, ends_line });
        return;
    }
    let direction = Direction::of(&text[line.clone()]);
    let mut start = line.start;
    while start < line.end {
        let end = cut(text, start..line.end);
        let ends_line = ends_line && end == line.end;
        blocks.push(Block { start: start as u32, end: end as u32, line: number, direction, ends_line });
        start = end;
    }
}

/// Where the part that begins `rest` ends: after the last space in the second half of its length, else between two
/// graphemes, so that nothing which is drawn as one is torn. A single grapheme longer than all bounds is torn.
fn cut(text: &str, rest: Range<usize>) -> usize {
    if rest.len() <= PART + PART / 2 {
        return rest.end;
    }
    let from = rest.start;
    let part = &text[from..text.floor_char_boundary(rest.end.min(from + 4 * PART))];
    let is_boundary =
        |at: usize| GraphemeCursor::new(at, part.len(), true).is_boundary(part, 0).unwrap_or(at == part.len());
    let (middle, target) = (part.floor_char_boundary(PART / 2), part.floor_char_boundary(PART));
    let spaces = part[middle..target].char_indices().rev().filter(|(_, c)| *c == ' ' || *c == '\u{3000}');
    let mut after_spaces = spaces.map(|(at, space)| middle + at + space.len_utf8());
    let mut others = (target..part.len()).filter(|&at| part.is_char_boundary(at));
    let end = after_spaces.find(|&at| is_boundary(at)).or_else(|| others.find(|&at| is_boundary(at)));
    from + end.unwrap_or(part.len())
}

/// By the first letter of strong direction, as UAX #9 says, unless letters of the other direction are more than twice as many among the
/// first [`LOOKED`]: an English sentence that begins with an Arabic word is still an English one. A mark of direction at the start decides.
fn reads_rtl(text: &str) -> bool {
    let strong = |c: &char| c.is_alphabetic() || matches!(c, '\u{200E}' | '\u{200F}' | '\u{61C}');
    if text.is_ascii() {
        return false;
    }
    let Some(first) = text.chars().find(strong) else { return false };
    if !first.is_alphabetic() {
        return is_rtl(first);
    }
    let (mut left, mut right) = (0_usize, 0_usize);
    for letter in text.chars().filter(strong).take(LOOKED) {
        *(if is_rtl(letter) { &mut right } else { &mut left }) += 1;
    }
    if is_rtl(first) { left <= 2 * right } else { right > 2 * left }
}

/// Letters that are looked at to tell which way a paragraph reads.
const LOOKED: usize = 400;

/// Of the blocks of the right-to-left scripts of Unicode.
pub fn is_rtl(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{200F}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}'
        | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

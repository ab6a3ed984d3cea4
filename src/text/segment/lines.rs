//! Lines and paragraphs. A line is what stands between two LFs; a paragraph is a line on which something can be seen.
//!
//! Costs the length of the line, at the speed of `memchr`: a line of 100 MB takes some milliseconds.

use memchr::{memchr, memrchr};

use super::blank::{is_blank, trim};
use super::{Text, TextRange};

/// The line on which `offset` stands, without its LF.
pub fn line_at(text: &Text, offset: usize) -> TextRange {
    let offset = text.as_str().floor_char_boundary(offset);
    TextRange::new(start_of_line(text.as_str(), offset), end_of_line(text.as_str(), offset))
}

/// The start of the next paragraph, or the end of the text.
pub fn next_paragraph(text: &Text, offset: usize) -> usize {
    let text = text.as_str();
    let mut end = end_of_line(text, text.floor_char_boundary(offset));
    while end < text.len() {
        let start = end + 1;
        end = end_of_line(text, start);
        if has_content(&text[start..end]) {
            return start;
        }
    }
    text.len()
}

/// The start of the paragraph before `offset`: of this one, unless the caret stands there already. 0 at the top.
pub fn previous_paragraph(text: &Text, offset: usize) -> usize {
    let text = text.as_str();
    let offset = text.floor_char_boundary(offset);
    let mut end = end_of_line(text, offset);
    loop {
        let start = start_of_line(text, end);
        if start < offset && has_content(&text[start..end]) {
            return start;
        }
        if start == 0 {
            return 0;
        }
        end = start - 1;
    }
}

/// Whole lines from the one at `start` to the one at `end`, trimmed; `None` if there is nothing to see on them.
pub(super) fn lines_of(text: &str, start: usize, end: usize) -> Option<TextRange> {
    let (start, end) = trim(text, start_of_line(text, start), end_of_line(text, end));
    (start < end).then(|| TextRange::new(start, end))
}

pub(super) fn start_of_line(text: &str, offset: usize) -> usize {
    memrchr(b'\n', &text.as_bytes()[..offset]).map_or(0, |lf| lf + 1)
}

pub(super) fn end_of_line(text: &str, offset: usize) -> usize {
    memchr(b'\n', &text.as_bytes()[offset..]).map_or(text.len(), |lf| offset + lf)
}

fn has_content(line: &str) -> bool {
    line.chars().any(|character| !is_blank(character))
}

//! [`Line`]: a hit in its line, as a list of results shows it.

use std::ops::Range;

use crate::text::segment::snap_to_grapheme;
use crate::text::{Text, TextRange};

/// A hit with what stands around it in its line. White space is one space each, whatever it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// With `…` where the line, or the hit, goes on; with a direction mark in front where the line reads otherwise than this part alone
    /// would.
    pub words: String,
    /// Where the hit is in `words`, in bytes.
    pub hit: Range<usize>,
}

/// At most so many bytes before the hit, of it, and after it.
const BEFORE: usize = 160;
const OF_IT: usize = 400;
const AFTER: usize = 320;
/// So far back the beginning of a line is looked for, to see which way it reads.
const BACK: usize = 4096;

impl Line {
    /// The line around a hit; of a hit in several lines, from the first to the last. Looks at no more than a few kilobytes.
    pub fn around(text: &Text, hit: TextRange) -> Self {
        let words = text.as_str();
        let reach = words.floor_char_boundary(hit.start().saturating_sub(BACK));
        let line_start = words[reach..hit.start()].rfind('\n').map_or(reach, |at| reach + at + 1);
        let mut start = line_start.max(snap_to_grapheme(text, hit.start().saturating_sub(BEFORE)));
        let cut_left = start > line_start;
        if cut_left {
            // Rather at the beginning of a word.
            start += words[start..hit.start()].find(char::is_whitespace).unwrap_or(0);
        }
        let cut = hit.len() > OF_IT;
        let hit_end = if cut { snap_to_grapheme(text, hit.start() + OF_IT) } else { hit.end() };
        let (end, goes_on) = if cut { (hit_end, false) } else { after(text, hit_end) };
        let mut line = Self { words: String::new(), hit: 0..0 };
        // A part reads as the whole does, whatever letter it begins with.
        let from_right = reads_from_right(&words[line_start..end]);
        if cut_left && from_right != reads_from_right(&words[start..end]) {
            line.words.push(if from_right { '\u{200f}' } else { '\u{200e}' });
        }
        if cut_left {
            line.words.push('…');
        }
        line.push(words[start..hit.start()].trim_start());
        line.hit.start = line.words.len();
        line.push(&words[hit.start()..hit_end]);
        if cut {
            line.words.push('…');
        }
        line.hit.end = line.words.len();
        line.push(words[hit_end..end].trim_end());
        if goes_on {
            line.words.push('…');
        }
        line
    }

    fn push(&mut self, words: &str) {
        self.words.extend(words.chars().map(|c| if c.is_whitespace() || c.is_control() { ' ' } else { c }));
    }
}

/// Where the line after a hit is to end, and whether it goes on there.
fn after(text: &Text, from: usize) -> (usize, bool) {
    let far = snap_to_grapheme(text, (from + AFTER).min(text.len())).max(from);
    let near = &text.as_str()[from..far];
    match near.find('\n') {
        Some(at) => (from + at, false),
        None if far == text.len() => (far, false),
        // Rather at the end of a word.
        None => (near.rfind(char::is_whitespace).map_or(far, |at| from + at), true),
    }
}

/// The first letter that has a direction says it.
fn reads_from_right(words: &str) -> bool {
    let rtl = |c: char| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}');
    words.chars().find(|c| c.is_alphabetic()).is_some_and(rtl)
}

//! Words of scripts that write no spaces between them: Han, Kana, Thai, Lao, Khmer, Burmese. UAX #29 leaves these to dictionaries;
//! here they are ICU's (`icu_segmenter`, Unicode licence), which find most words as a reader would, not all.

use std::ops::Range;
use std::sync::LazyLock;

use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};
use unicode_segmentation::UnicodeSegmentation;

/// The pieces of UAX #29, those of a stretch that needs a dictionary joined to its words. They cover `run`, in order. Linear.
pub(super) fn pieces(run: &str) -> Vec<Range<usize>> {
    let mut inner = inner_bounds(run).into_iter().peekable();
    let mut pieces: Vec<Range<usize>> = Vec::new();
    for (start, piece) in run.split_word_bound_indices() {
        let end = start + piece.len();
        while inner.next_if(|(at, _)| *at < start).is_some() {}
        match (inner.peek(), pieces.last_mut()) {
            (Some((at, false)), Some(last)) if *at == start => last.end = end,
            _ => pieces.push(start..end),
        }
    }
    pieces
}

/// Every place between two letters of a stretch without spaces, and whether a word ends there.
fn inner_bounds(run: &str) -> Vec<(usize, bool)> {
    let mut bounds = Vec::new();
    let mut from = 0;
    while let Some(start) = run[from..].find(writes_no_spaces).map(|at| from + at) {
        let end = run[start..].find(|letter| !writes_no_spaces(letter)).map_or(run.len(), |at| start + at);
        let stretch = &run[start..end];
        let mut words = SEGMENTER.segment_str(stretch).peekable();
        for (at, _) in stretch.char_indices().skip(1) {
            while words.next_if(|word| *word < at).is_some() {}
            bounds.push((start + at, words.peek() == Some(&at)));
        }
        from = end;
    }
    bounds
}

static SEGMENTER: LazyLock<WordSegmenterBorrowed<'static>> =
    LazyLock::new(|| WordSegmenter::new_dictionary(WordBreakInvariantOptions::default()));

/// A letter of a script that writes no spaces between words: Han, Kana, Thai, Lao, Khmer, Burmese.
pub fn writes_no_spaces(letter: char) -> bool {
    matches!(letter,
        '\u{e01}'..='\u{eff}' // Thai, Lao
        | '\u{1000}'..='\u{109f}' // Burmese
        | '\u{1780}'..='\u{17ff}' // Khmer
        | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' // Kana
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}') // Han
}

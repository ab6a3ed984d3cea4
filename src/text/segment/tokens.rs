//! A text in tokens, as programs that learn from it want them: every byte belongs to one.

use unicode_segmentation::UnicodeSegmentation as _;

use super::{Text, TextRange};

/// The pieces between Unicode word bounds (UAX #29), cut at sorted `edges` (bytes, character boundaries) too: words, single marks, and
/// runs of white space. Together they are the text. Second, how many edges lay inside a word. Linear.
pub fn tokens(text: &Text, edges: &[usize]) -> (Vec<TextRange>, usize) {
    let content = text.as_str();
    let mut list = Vec::with_capacity(content.len() / 4);
    let (mut edges, mut cut) = (edges.iter().copied().peekable(), 0);
    for (start, piece) in content.split_word_bound_indices() {
        let (mut from, end) = (start, start + piece.len());
        while let Some(edge) = edges.next_if(|edge| *edge < end) {
            if edge > from {
                cut += usize::from(!piece.trim().is_empty());
                list.push(TextRange::new(from, edge));
                from = edge;
            }
        }
        list.push(TextRange::new(from, end));
    }
    (list, cut)
}

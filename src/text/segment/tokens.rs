//! A text in tokens, as programs that learn from it want them: every byte belongs to one.

use super::{Text, TextRange, bounds};

/// The pieces between Unicode word bounds (UAX #29), cut at sorted `edges` (bytes, character boundaries) too: words, single marks, and
/// runs of white space. Together they are the text. Second, how many edges lay inside a word. Linear.
pub fn tokens(text: &Text, edges: &[usize]) -> (Vec<TextRange>, usize) {
    let ends = bounds::ends(text.as_str());
    let mut list = Vec::with_capacity(ends.len() + edges.len());
    let (mut edges, mut cut, mut from) = (edges.iter().copied().peekable(), 0, 0);
    for end in ends {
        let start = from;
        while let Some(edge) = edges.next_if(|edge| *edge < end) {
            if edge > from {
                cut += usize::from(!text.as_str()[start..end].trim().is_empty());
                list.push(TextRange::new(from, edge));
                from = edge;
            }
        }
        list.push(TextRange::new(from, end));
        from = end;
    }
    (list, cut)
}

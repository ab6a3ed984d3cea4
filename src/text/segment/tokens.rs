//! A text in tokens, as programs that learn from it want them: every byte belongs to one.

use super::{Text, TextRange, bounds};

/// A stretch of text that is one word, one mark, or white space. All tokens together are the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub range: TextRange,
    /// White space (and nothing else).
    pub blank: bool,
}

/// The pieces between Unicode word bounds (UAX #29), cut at sorted `edges` (bytes, character boundaries) too: words, single marks, and
/// runs of white space. Together they are the text. Second, how many edges lay inside a word. Linear.
pub fn tokens(text: &Text, edges: &[usize]) -> (Vec<Token>, usize) {
    let mut list = Vec::with_capacity(text.len() / 2 + edges.len());
    let (mut ahead, mut cut, mut from) = (edges.iter().copied(), 0, 0);
    let mut edge = ahead.next();
    bounds::pieces(text.as_str(), |end, blank| {
        let mut whole = true;
        while let Some(place) = edge.filter(|place| *place < end) {
            if place > from {
                cut += usize::from(!blank);
                let range = TextRange::new(from, place);
                list.push(Token { range, blank: blank || is_blank(text.slice(range)) });
                (from, whole) = (place, false);
            }
            edge = ahead.next();
        }
        let range = TextRange::new(from, end);
        list.push(Token { range, blank: blank || !whole && is_blank(text.slice(range)) });
        from = end;
    });
    (list, cut)
}

fn is_blank(piece: &str) -> bool {
    piece.chars().all(char::is_whitespace)
}

//! A stretch of text with what each annotator marked in it: the first one's lines below, the second's above; of more, all below.

use super::Looks;
use super::html::escape;
use crate::annotation::Span;
use crate::text::{Text, TextRange};

/// Characters before and after, in the same line.
const AROUND: usize = 90;
/// A longer stretch is cut in the middle.
const LONGEST: usize = 600;
/// Marks on one place that are drawn.
const DEEPEST: usize = 8;

/// `marks` are spans with their annotator's number.
pub fn excerpt(looks: &Looks<'_>, text: &Text, extent: TextRange, marks: &[(usize, &Span)]) -> String {
    let whole = text.as_str();
    let (start, end) = (before(whole, extent.start()), after(whole, extent.end()));
    let mut html = String::from("<blockquote dir=auto>");
    if !whole[..start].ends_with('\n') && start > 0 {
        html.push_str("<span class=cut>…</span>");
    }
    let (left, right) = (ahead(whole, start, LONGEST / 2), back(whole, end, LONGEST / 2));
    if left < right {
        html.push_str(&stretch(looks, whole, (start, left), marks));
        html.push_str("<span class=cut> […] </span>");
        html.push_str(&stretch(looks, whole, (right, end), marks));
    } else {
        html.push_str(&stretch(looks, whole, (start, end), marks));
    }
    if !whole[end..].starts_with('\n') && end < whole.len() {
        html.push_str("<span class=cut>…</span>");
    }
    html + "</blockquote>\n"
}

fn stretch(looks: &Looks<'_>, text: &str, (start, end): (usize, usize), marks: &[(usize, &Span)]) -> String {
    let ranges =
        || marks.iter().flat_map(|(who, span)| span.ranges.as_slice().iter().map(move |range| (*who, *span, *range)));
    let mut edges: Vec<usize> =
        ranges().flat_map(|(.., range)| [range.start(), range.end()]).filter(|at| (start..end).contains(at)).collect();
    edges.extend([start, end]);
    edges.sort_unstable();
    edges.dedup();
    let mut html = String::new();
    for piece in edges.windows(2) {
        let covering: Vec<_> =
            ranges().filter(|(.., range)| range.start() <= piece[0] && piece[1] <= range.end()).take(DEEPEST).collect();
        for (who, span, _) in &covering {
            let label = span.label.as_str();
            let place = place(*who, looks.comparison.corpus.annotators.len());
            html.push_str(&format!("<span class=\"m {place} {} {}\">", looks.line(label), looks.class(label)));
        }
        html.push_str(&escape(&text[piece[0]..piece[1]]).replace("\n\n", "\n"));
        html.push_str(&"</span>".repeat(covering.len()));
    }
    html
}

fn place(who: usize, annotators: usize) -> &'static str {
    match (who, annotators) {
        (1, 2) => "above",
        (0, _) => "b0",
        (1, _) => "b1",
        (2, _) => "b2",
        _ => "b3",
    }
}

/// So many characters before a place, from the start of a word, in the same line.
fn before(text: &str, at: usize) -> usize {
    let line = text[..at].rfind('\n').map_or(0, |place| place + 1);
    let start = back(text, at, AROUND);
    if start <= line {
        return line;
    }
    let word = text[start..at].char_indices().find(|(_, character)| character.is_whitespace());
    word.map_or(start, |(place, space)| start + place + space.len_utf8())
}

/// So many characters after a place, to the end of a word, in the same line.
fn after(text: &str, at: usize) -> usize {
    let line = text[at..].find('\n').map_or(text.len(), |place| at + place);
    let end = ahead(text, at, AROUND);
    if end >= line {
        return line;
    }
    text[at..end].rfind(char::is_whitespace).map_or(end, |place| at + place)
}

fn back(text: &str, at: usize, characters: usize) -> usize {
    text[..at].char_indices().rev().nth(characters - 1).map_or(0, |(place, _)| place)
}

fn ahead(text: &str, at: usize, characters: usize) -> usize {
    text[at..].char_indices().nth(characters).map_or(text.len(), |(place, _)| at + place)
}

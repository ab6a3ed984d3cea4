//! How far extents lie apart: which edges, by how much, and whether it matters.

use std::collections::BTreeSet;

use super::{Boundary, Step, Trivial};
use crate::annotation::Ranges;
use crate::text::segment::words;
use crate::text::{Text, TextRange};

/// Between extents of which some differ. Linear in the text they cover.
pub(super) fn boundary(text: &Text, extents: &[&Ranges]) -> Boundary {
    let starts = extents.iter().map(|ranges| ranges.hull().start());
    let ends = extents.iter().map(|ranges| ranges.hull().end());
    let left = step(text, starts.clone().min(), starts.max());
    let right = step(text, ends.clone().min(), ends.max());
    let contested = contested(text, extents);
    let within = |range: &TextRange| !left.range.covers(*range) && !right.range.covers(*range);
    let inside = contested.iter().any(within) || left.range.is_empty() && right.range.is_empty();
    Boundary { left, right, inside, trivial: trivial(text, &contested), iou: least_iou(text, extents) }
}

fn step(text: &Text, from: Option<usize>, to: Option<usize>) -> Step {
    let (from, to) = (from.unwrap_or(0), to.unwrap_or(0));
    // Both are edges of ranges of this text.
    let range = text.range(from, to).unwrap_or_else(|_| text.all());
    Step { range, chars: text.slice(range).chars().count(), words: words(text, range).count() }
}

/// What some cover and others do not, in pieces, in order.
fn contested(text: &Text, extents: &[&Ranges]) -> Vec<TextRange> {
    let fragments = || extents.iter().flat_map(|ranges| ranges.as_slice());
    let places: BTreeSet<usize> = fragments().flat_map(|range| [range.start(), range.end()]).collect();
    let places: Vec<usize> = places.into_iter().collect();
    let pieces = places.windows(2).filter_map(|pair| text.range(pair[0], pair[1]).ok());
    let covered = |piece: TextRange| fragments().filter(|range| range.covers(piece)).count();
    pieces.filter(|piece| (1..extents.len()).contains(&covered(*piece))).collect()
}

fn trivial(text: &Text, pieces: &[TextRange]) -> Option<Trivial> {
    let characters = pieces.iter().flat_map(|piece| text.slice(*piece).chars());
    characters.map(trifle).try_fold(Trivial::Whitespace, |worst, trifle| Some(worst.max(trifle?)))
}

/// What a character is that hardly matters at an edge.
pub(super) fn trifle(character: char) -> Option<Trivial> {
    let invisible = matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    if character.is_whitespace() || invisible {
        return Some(Trivial::Whitespace);
    }
    if "\"＂“”„‟‘’‚‛'«»‹›「」『』﹁﹂﹃﹄｢｣〝〞〟`".contains(character) {
        return Some(Trivial::Quotation);
    }
    let sign = character.is_ascii_punctuation()
        || ".,;:!?()[]{}-–—―…·•/\\¡¿§،؛؟۔、。・！？：；，．（）【】《》〈〉।".contains(character);
    sign.then_some(Trivial::Punctuation)
}

/// The least intersection over union of any two, in code points; 0 where two share nothing.
fn least_iou(text: &Text, extents: &[&Ranges]) -> f64 {
    let chars = |range: TextRange| text.slice(range).chars().count();
    let covered = |ranges: &Ranges| ranges.as_slice().iter().map(|range| chars(*range)).sum::<usize>();
    let mut least = 1.0_f64;
    for (place, one) in extents.iter().enumerate() {
        for other in extents[place + 1..].iter().filter(|other| *other != one) {
            let pairs = one
                .as_slice()
                .iter()
                .flat_map(|ours| other.as_slice().iter().filter_map(|theirs| ours.intersection(*theirs)));
            let both: usize = pairs.map(chars).sum();
            let any = covered(one) + covered(other) - both;
            least = least.min(if any == 0 { 0.0 } else { both as f64 / any as f64 });
        }
    }
    least
}

//! Texts as tokens, for targets that count in them: Unicode word bounds (UAX #29), cut at every edge of a span, so that by default no
//! span is changed. And what a flat target, which holds one label per token, keeps of spans that lie over each other.

use std::cmp::Reverse;
use std::ops::Range;
use std::sync::Arc;

use super::loss::Loss;
use super::options::WriteOptions;
use super::table::Feature;
use crate::annotation::{Layer, Span};
use crate::text::segment::Token;
use crate::text::wording::brief;
use crate::text::{Document, segment};

/// What becomes of a span that starts or ends inside a token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Misaligned {
    /// The token is cut there: nothing is lost.
    #[default]
    Cut,
    /// The span grows to whole tokens.
    Expand,
    /// The span shrinks to the tokens that lie within it; one that holds none is left out.
    Contract,
    /// The span is left out.
    Drop,
}

impl Misaligned {
    pub const ALL: [Self; 4] = [Self::Cut, Self::Expand, Self::Contract, Self::Drop];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cut => "cut",
            Self::Expand => "expand",
            Self::Contract => "contract",
            Self::Drop => "drop",
        }
    }
}

/// How a flat target writes where a span begins and ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// IOB2: `B-` at the start, `I-` after it.
    #[default]
    Bio,
    /// `S-` for one token, `E-` at the end.
    Bioes,
    /// `U-` for one token, `L-` at the end.
    Bilou,
}

impl Scheme {
    pub const ALL: [Self; 3] = [Self::Bio, Self::Bioes, Self::Bilou];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bio => "bio",
            Self::Bioes => "bioes",
            Self::Bilou => "bilou",
        }
    }

    /// The letter of the token at `index` of a span of `len` tokens.
    pub const fn letter(self, index: usize, len: usize) -> char {
        match (self, index, len) {
            (Self::Bioes, _, 1) => 'S',
            (Self::Bilou, _, 1) => 'U',
            (_, 0, _) => 'B',
            (Self::Bioes, ..) if index + 1 == len => 'E',
            (Self::Bilou, ..) if index + 1 == len => 'L',
            _ => 'I',
        }
    }
}

/// One fragment of a span, in tokens.
#[derive(Clone, Debug)]
pub struct Placed<'a> {
    pub span: &'a Arc<Span>,
    /// Which of the span's fragments.
    pub fragment: usize,
    /// Never empty; into [`Tokens::list`].
    pub tokens: Range<usize>,
}

/// The tokens of a text and where the spans of one layer lie in them.
#[derive(Debug)]
pub struct Tokens<'a> {
    pub list: Vec<Token>,
    /// By start, the longer first.
    pub placed: Vec<Placed<'a>>,
    /// Tokens that exist only because a span ends inside a word.
    pub cut: usize,
    /// Spans that are changed or left out, because of tokens alone.
    pub losses: Vec<Loss>,
}

/// Cuts the text and places the layer's spans. White space at a span's edge is part of the span and of its tokens.
/// Linear in the text, n log n in the spans.
pub fn tokenise<'a>(document: &Document, layer: &'a Layer, options: &WriteOptions) -> Tokens<'a> {
    let fragments = || {
        let of =
            |span: &'a Arc<Span>| span.ranges.as_slice().iter().enumerate().map(move |(index, at)| (span, index, *at));
        layer.spans.iter().flat_map(of)
    };
    let mut edges: Vec<usize> = Vec::new();
    if options.misaligned == Misaligned::Cut {
        edges.extend(fragments().flat_map(|(.., range)| [range.start(), range.end()]));
        edges.sort_unstable();
        edges.dedup();
    }
    let (list, cut) = segment::tokens(&document.text, &edges);
    let mut tokens = Tokens { list, placed: Vec::new(), cut, losses: Vec::new() };
    for (span, fragment, range) in fragments() {
        let lose = |what, sentence: String| Loss {
            document: document.id.clone(),
            annotator: layer.annotator.clone(),
            item: Some(span.id.clone()),
            what,
            sentence,
        };
        if range.is_empty() {
            tokens.losses.push(lose(Feature::Empty, "it covers nothing and has no token: left out".to_owned()));
            continue;
        }
        let list = &tokens.list;
        let mut first = list.partition_point(|token| token.range.end() <= range.start());
        let mut end = list.partition_point(|token| token.range.start() < range.end());
        let (inside, beyond) = (list[first].range.start() < range.start(), list[end - 1].range.end() > range.end());
        if inside || beyond {
            match options.misaligned {
                Misaligned::Cut | Misaligned::Expand => {}
                Misaligned::Contract => {
                    first += usize::from(inside);
                    end -= usize::from(beyond);
                }
                Misaligned::Drop => end = first,
            }
            if end <= first {
                let sentence = "it does not begin and end where a token does: left out".to_owned();
                tokens.losses.push(lose(Feature::Edges, sentence));
                continue;
            }
            let now = document.text.slice(list[first].range.hull(list[end - 1].range));
            let sentence = format!("it does not begin and end where a token does: written as “{}”", brief(now, 40));
            tokens.losses.push(lose(Feature::Edges, sentence));
        }
        tokens.placed.push(Placed { span, fragment, tokens: first..end });
    }
    tokens.placed.sort_by_key(|placed| (placed.tokens.start, Reverse(placed.tokens.end)));
    tokens
}

/// What a flat target keeps: no token twice. The labels of `options.priority` first, then the longest (in tokens), then the first.
/// What is not kept is in the losses. By start.
pub fn flat<'a>(
    document: &Document,
    layer: &Layer,
    tokens: &Tokens<'a>,
    options: &WriteOptions,
) -> (Vec<Placed<'a>>, Vec<Loss>) {
    let rank = |placed: &Placed<'_>| {
        let named = options.priority.iter().position(|label| *label == placed.span.label);
        (named.unwrap_or(usize::MAX), Reverse(placed.tokens.len()), placed.tokens.start)
    };
    let mut order: Vec<&Placed<'_>> = tokens.placed.iter().collect();
    order.sort_by_key(|placed| rank(placed));
    let mut taken = vec![false; tokens.list.len()];
    let (mut kept, mut losses) = (Vec::new(), Vec::new());
    for placed in order {
        if taken[placed.tokens.clone()].contains(&true) {
            losses.push(Loss {
                document: document.id.clone(),
                annotator: layer.annotator.clone(),
                item: Some(placed.span.id.clone()),
                what: Feature::Overlaps,
                sentence: "it lies over a span that is written, and each token holds one label: left out".to_owned(),
            });
        } else {
            taken[placed.tokens.clone()].fill(true);
            kept.push(placed.clone());
        }
    }
    kept.sort_by_key(|placed| placed.tokens.start);
    (kept, losses)
}

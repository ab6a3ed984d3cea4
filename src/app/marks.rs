//! From a layer to what the page draws: [`LayerMarks`]. Lanes are found stretch by stretch and kept until the layer changes, so
//! that a document with 100,000 spans costs no more than the few that are seen.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use egui::Color32;

use super::parts;
use super::reading::{Mark, Marks, Pattern, Ranks};
use super::shorts::Shorts;
use super::theme::Theme;
use crate::annotation::{ItemId, Layer, Relation, Span, lanes};
use crate::schema::{Label, Line, Overlap, Schema, Snap};
use crate::session::{Linking, linking, missing};
use crate::text::{Text, TextRange};

/// Numbers for spans, which the page calls its marks by. They hold as long as the document is open.
#[derive(Debug, Default)]
pub struct Numbers {
    ids: Vec<ItemId>,
    numbers: HashMap<ItemId, u64>,
}

impl Numbers {
    pub fn of(&mut self, id: &ItemId) -> u64 {
        if let Some(number) = self.numbers.get(id) {
            return *number;
        }
        let number = self.ids.len() as u64;
        self.ids.push(id.clone());
        self.numbers.insert(id.clone(), number);
        number
    }

    /// The span that the page calls by this number.
    pub fn id(&self, number: u64) -> Option<&ItemId> {
        self.ids.get(usize::try_from(number).ok()?)
    }
}

/// What was found about a layer; void when its revision changes.
#[derive(Debug, Default)]
pub struct Found {
    revision: u64,
    /// By the first byte of each stretch.
    stretches: RefCell<BTreeMap<usize, Stretch>>,
    pub numbers: RefCell<Numbers>,
    pub shorts: Shorts,
    /// The relations of the spans that were asked for.
    ties: RefCell<HashMap<ItemId, Vec<Arc<Relation>>>>,
}

impl Found {
    /// The relations that a span starts or ends. Only the first question after a change looks through all of them.
    pub fn relations_of(&self, layer: &Layer, span: &ItemId) -> Vec<Arc<Relation>> {
        let mut ties = self.ties.borrow_mut();
        if ties.len() >= KEPT {
            ties.clear();
        }
        ties.entry(span.clone()).or_insert_with(|| layer.relations_of(span).cloned().collect()).clone()
    }

    /// Forgets what a changed layer makes void.
    pub fn at(&mut self, revision: u64) {
        if self.revision != revision {
            self.revision = revision;
            self.stretches.borrow_mut().clear();
            self.ties.borrow_mut().clear();
        }
    }
}

/// Paragraphs that spans tie together, and how their spans lie.
#[derive(Clone, Debug)]
struct Stretch {
    range: Range<usize>,
    spans: Vec<Lain>,
    lanes: u8,
}

#[derive(Clone, Debug)]
struct Lain {
    span: Arc<Span>,
    lane: u8,
    tint: bool,
}

/// A stretch grows to at most this many bytes; longer spans tie nothing together, they run below the others.
const LONGEST: usize = 32 * 1024;
const KEPT: usize = 512;

/// One layer as marks. `emphasis` says which of them stand out.
pub struct LayerMarks<'a> {
    pub layer: Option<&'a Layer>,
    pub text: &'a Text,
    pub schema: &'a Schema,
    pub theme: &'a Theme,
    pub found: &'a Found,
    pub emphasis: Emphasis<'a>,
}

/// Which spans stand out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Emphasis<'a> {
    pub selected: Option<&'a ItemId>,
    pub hovered: Option<&'a ItemId>,
    /// The end that would be linked.
    pub candidate: Option<&'a ItemId>,
    /// While a relation is being made: which spans may be its other end.
    pub ends: Option<Ends<'a>>,
}

/// The spans that may be the other end of a relation that is being made.
#[derive(Clone, Copy, Debug)]
pub enum Ends<'a> {
    /// Those found for the relation.
    Legal(&'a Linking),
    /// Those that any relation may have with this span.
    Of(&'a Span),
}

impl Ends<'_> {
    fn light(self, span: &Span, schema: &Schema) -> Light {
        let (from, legal) = match self {
            Self::Legal(linking) => (&linking.from, linking.allows(&span.id)),
            Self::Of(from) => (&from.id, linking::may_link(schema, &from.label, Some(&span.label))),
        };
        match legal {
            _ if *from == span.id => Light::Usual,
            true => Light::Lit,
            false => Light::Faded,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Light {
    Usual,
    Lit,
    Faded,
}

/// How much of its colour a span keeps that cannot be chosen.
const FADED: f32 = 0.3;

impl Marks for LayerMarks<'_> {
    fn touching(&self, range: Range<usize>, out: &mut Vec<Mark>) {
        let mut at = range.start;
        while at <= range.end {
            let stretch = self.stretch(at);
            for lain in stretch.spans.iter().filter(|lain| touches(&lain.span, &range)) {
                // A span longer than a stretch is found in each of those it runs through.
                let mark = self.mark(lain);
                if !out.iter().any(|known| known.id == mark.id) {
                    out.push(mark);
                }
            }
            at = stretch.range.end.max(at) + 1;
        }
    }

    fn lanes(&self, range: Range<usize>) -> u8 {
        let stretch = self.stretch(range.start);
        if range == stretch.range {
            return stretch.lanes;
        }
        let inside = stretch.spans.iter().filter(|lain| touches(&lain.span, &range));
        inside.map(|lain| lain.lane).collect::<Ranks>().count()
    }

    fn shorts(&self) -> bool {
        !self.found.shorts.is_empty()
    }

    fn version(&self) -> u64 {
        self.found.revision
    }
}

fn touches(span: &Span, range: &Range<usize>) -> bool {
    let hull = span.hull();
    hull.start() <= range.end && range.start <= hull.end()
}

impl LayerMarks<'_> {
    fn stretch(&self, at: usize) -> Stretch {
        let known = self.found.stretches.borrow();
        let before = known.range(..=at).next_back().map(|(_, stretch)| stretch);
        if let Some(stretch) = before.filter(|stretch| at <= stretch.range.end) {
            return stretch.clone();
        }
        drop(known);
        let stretch = self.find(at);
        let mut known = self.found.stretches.borrow_mut();
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(stretch.range.start, stretch.clone());
        stretch
    }

    /// The paragraph at `at`, and those that its spans reach, and so on.
    fn find(&self, at: usize) -> Stretch {
        let mut range = self.paragraph(at);
        let Some(layer) = self.layer else { return Stretch { range, spans: Vec::new(), lanes: 0 } };
        let mut spans = self.spans(layer, &range);
        loop {
            let reach = spans.iter().filter(|span| span.hull().len() < LONGEST).map(|span| span.hull());
            let start = reach.clone().map(TextRange::start).min().unwrap_or(range.start).min(range.start);
            let end = reach.map(TextRange::end).max().unwrap_or(range.end).max(range.end);
            let wider = self.paragraph(start).start..self.paragraph(end).end;
            if wider == range || wider.len() > LONGEST {
                break;
            }
            range = wider;
            spans = self.spans(layer, &range);
        }
        let within = self.text.range(range.start, range.end).unwrap_or_else(|_| self.text.all());
        let (long, short): (Vec<_>, Vec<_>) = spans.into_iter().partition(|span| span.hull().len() >= LONGEST);
        let mut lanes = lanes::lanes(&short, within);
        let under = lanes.iter().map(|lane| lane + 1).max().unwrap_or(0).max(2);
        lanes.extend((0..long.len()).map(|index| under.saturating_add(index as u8)));
        let spans: Vec<Arc<Span>> = short.into_iter().chain(long).collect();
        let tints = outermost(&spans);
        let count = lanes.iter().map(|lane| lane.saturating_add(1)).max().unwrap_or(0);
        let lain = spans.into_iter().zip(lanes).zip(tints).map(|((span, lane), tint)| Lain { span, lane, tint });
        Stretch { range, spans: lain.collect(), lanes: count }
    }

    fn spans(&self, layer: &Layer, range: &Range<usize>) -> Vec<Arc<Span>> {
        let Ok(range) = self.text.range(range.start, range.end) else { return Vec::new() };
        layer.spans.touching(range).cloned().collect()
    }

    fn paragraph(&self, at: usize) -> Range<usize> {
        let bytes = self.text.as_str().as_bytes();
        let at = at.min(bytes.len());
        let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |newline| newline + 1);
        let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |newline| at + newline);
        start..end
    }

    fn mark(&self, lain: &Lain) -> Mark {
        let Lain { span, lane, tint } = lain;
        let label = self.schema.resolve(span.label.as_str());
        let Emphasis { selected, hovered, candidate, ends } = self.emphasis;
        let candidate = candidate.filter(|id| **id == span.id);
        let light = ends.map_or(Light::Usual, |ends| ends.light(span, self.schema));
        let colour = self.colour(label, candidate.is_some());
        Mark {
            id: self.found.numbers.borrow_mut().of(&span.id),
            ranges: span.ranges.as_slice().iter().map(|range| range.start()..range.end()).collect(),
            lane: *lane,
            above: false,
            colour: if light == Light::Faded { colour.gamma_multiply(FADED) } else { colour },
            line: pattern(label),
            tint: light == Light::Lit || (*tint && light == Light::Usual),
            selected: selected == Some(&span.id),
            hovered: (hovered == Some(&span.id) && light != Light::Faded) || candidate.is_some(),
            incomplete: missing::is_incomplete(self.schema, span),
            grey_text: label.is_some_and(is_boilerplate),
            tag: parts::name(self.schema, &span.label).to_owned(),
            short: label.map_or("", |label| self.found.shorts.of(&label.id)).to_owned(),
            owner: None,
        }
    }

    fn colour(&self, label: Option<&Label>, candidate: bool) -> Color32 {
        match label {
            _ if candidate => self.theme.accent,
            Some(label) => parts::colour_of(label, self.theme),
            None => self.theme.secondary,
        }
    }
}

fn pattern(label: Option<&Label>) -> Pattern {
    match label.map(|label| label.line) {
        Some(Line::Double) => Pattern::Double,
        Some(Line::Dotted) => Pattern::Dotted,
        Some(Line::Wavy) => Pattern::Wavy,
        Some(Line::Solid) | None => Pattern::Solid,
    }
}

/// A label that takes whole lines and shares them with nothing: what is not the article.
pub fn is_boilerplate(label: &Label) -> bool {
    label.snap == Snap::Lines && label.overlap == Overlap::Exclude
}

/// Which spans have a fragment that lies in no fragment of another one. Of equal ones, the first.
fn outermost(spans: &[Arc<Span>]) -> Vec<bool> {
    let fragments = |(index, span): (usize, &Arc<Span>)| {
        span.ranges
            .as_slice()
            .iter()
            .map(|range| (range.start(), std::cmp::Reverse(range.end()), index))
            .collect::<Vec<_>>()
    };
    let mut all: Vec<_> = spans.iter().enumerate().flat_map(fragments).collect();
    all.sort_unstable();
    let mut outer = vec![false; spans.len()];
    let mut reach = None;
    for (_, std::cmp::Reverse(end), index) in all {
        if reach.is_none_or(|reach| end > reach) {
            outer[index] = true;
            reach = Some(end);
        }
    }
    outer
}

//! [`Search`]: what is looked for, checked and ready. `read.rs` makes one from what people type; ARCHITECTURE.md describes the grammar.

use std::ops::Range;
use std::sync::Arc;

use serde_json::Value;

use super::Pattern;
use crate::annotation::{Annotator, Status};
use crate::schema::{LabelId, RelationId};
use crate::session::assign::{Assigned, Hands};
use crate::store::{Query, Row};

/// A query: all of its conditions hold for what it finds.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// As it was typed.
    pub typed: String,
    /// Where in it the conditions without a field are, in order.
    pub(super) free: Vec<Range<usize>>,
    /// What the store answers by itself, and in which order. Never asks for more than the query does.
    pub list: Query,
    pub(super) names: Vec<Test<NameTest>>,
    pub(super) layer: LayerTest,
    /// None of these has a layer.
    pub(super) not_by: Vec<Annotator>,
    pub(super) texts: Vec<Test<Vec<Pattern>>>,
    /// Who the documents are given to, by what says so.
    pub(super) given: Vec<Test<Vec<Given>>>,
    pub(super) assigned: Option<Arc<Assigned>>,
}

/// Who a document is given to, and how far they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Given {
    /// To one of these.
    To(Hands),
    Anybody,
    /// To two or more.
    Shared,
    /// And two of them have finished it.
    Two,
    /// And all of them have.
    Ready,
}

/// A condition, or its opposite.
#[derive(Clone, Debug)]
pub(super) struct Test<T> {
    pub negated: bool,
    pub of: T,
}

impl<T> Test<T> {
    pub(super) fn holds(&self, test: impl FnOnce(&T) -> bool) -> bool {
        test(&self.of) != self.negated
    }
}

/// Any of these words; none: anything that is not empty.
#[derive(Clone, Debug, Default)]
pub(super) struct Wording(pub Vec<Pattern>);

impl Wording {
    pub(super) fn fits(&self, words: &str) -> bool {
        if self.0.is_empty() { !words.is_empty() } else { self.0.iter().any(|pattern| pattern.occurs(words)) }
    }
}

/// On what the list shows of a document.
#[derive(Clone, Debug)]
pub(super) enum NameTest {
    Id(Wording),
    Title(Wording),
    Source(Wording),
    Sources(Vec<String>),
    /// Title, id or source.
    Any(Wording),
    /// From the first (included) to the second (not), by bytes.
    Dates(Vec<Range<String>>),
}

impl NameTest {
    pub(super) fn holds(&self, row: &Row) -> bool {
        match self {
            Self::Id(words) => words.fits(row.id.as_str()),
            Self::Title(words) => words.fits(&row.title),
            Self::Source(words) => words.fits(&row.source),
            Self::Sources(sources) => sources.contains(&row.source),
            Self::Any(words) => [&row.title, row.id.as_str(), &row.source].iter().any(|name| words.fits(name)),
            Self::Dates(ranges) => ranges.iter().any(|range| range.contains(&row.date)),
        }
    }
}

/// Whose layers are looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Owners {
    /// The one the list is seen by.
    #[default]
    One,
    These(Vec<Annotator>),
    All,
}

/// On one layer: all of it must hold for the same one.
#[derive(Clone, Debug, Default)]
pub(super) struct LayerTest {
    pub owners: Owners,
    /// It must have been written, though nothing else is asked of it.
    pub written: bool,
    pub statuses: Vec<Test<Vec<Status>>>,
    pub flags: Vec<Test<Wording>>,
    pub document: Vec<Test<AttributeTest>>,
    /// For each there must be a span that has one of the labels and passes every span test.
    pub labels: Vec<Vec<LabelId>>,
    /// No span may have one of these.
    pub without: Vec<LabelId>,
    /// Each names some tests of which one must hold.
    pub spans: Vec<Test<Vec<SpanTest>>>,
}

impl LayerTest {
    /// It asks for nothing.
    pub(super) fn is_nothing(&self) -> bool {
        !self.written && self.statuses.is_empty() && self.flags.is_empty() && !self.reads_items()
    }

    /// More than the head of a layer is needed.
    pub(super) fn reads_items(&self) -> bool {
        !(self.document.is_empty() && self.labels.is_empty() && self.without.is_empty() && self.spans.is_empty())
    }

    /// It speaks of spans that are to be there: they are the hits.
    pub(super) fn finds_spans(&self) -> bool {
        !self.labels.is_empty() || self.spans.iter().any(|test| !test.negated)
    }
}

/// On one span.
#[derive(Clone, Debug)]
pub(super) enum SpanTest {
    Attribute(AttributeTest),
    /// A relation of this kind begins or ends at it.
    Relation(RelationId),
    Note(Wording),
}

/// An attribute has one of these values; none: any value.
#[derive(Clone, Debug)]
pub(super) struct AttributeTest {
    pub name: String,
    pub values: Vec<Value>,
}

impl AttributeTest {
    pub(super) fn holds(&self, value: Option<&Value>) -> bool {
        let Some(value) = value.filter(|value| !value.is_null()) else { return false };
        self.values.is_empty() || self.values.iter().any(|wanted| is(value, wanted))
    }
}

/// A list has what is in it; numbers are equal as numbers; words as folded.
fn is(value: &Value, wanted: &Value) -> bool {
    match (value, wanted) {
        (Value::Array(list), wanted) => list.iter().any(|value| is(value, wanted)),
        (Value::String(value), Value::String(wanted)) => value.to_lowercase() == wanted.to_lowercase(),
        (Value::Number(value), Value::Number(wanted)) => value.as_f64() == wanted.as_f64(),
        (value, wanted) => value == wanted,
    }
}

impl Search {
    /// The same as a filter of the list, whose words without a field are those of titles.
    pub fn as_filter(&self) -> String {
        let mut words = String::new();
        let mut at = 0;
        for place in &self.free {
            words += &self.typed[at..place.start];
            let token = &self.typed[place.clone()];
            let (minus, token) = match token.strip_prefix('-') {
                Some(rest) if !rest.is_empty() => ("-", rest),
                _ => ("", token),
            };
            // Values of a field end at commas.
            let quotes = !token.starts_with(['"', '/']) && token.contains([',', '"', '*']);
            let token = if quotes { format!("\"{}\"", token.replace('"', "\\\"")) } else { token.to_owned() };
            words += &format!("{minus}text:{token}");
            at = place.end;
        }
        words + &self.typed[at..]
    }

    /// It asks for nothing in particular: every document that is not hidden.
    pub fn is_empty(&self) -> bool {
        self.is_listing() && self.given.is_empty() && Query { annotator: None, ..self.list.clone() } == Query::default()
    }

    /// It says to whom the documents are given.
    pub fn says_whose(&self) -> bool {
        !self.given.is_empty()
    }

    /// Finds only what is given to this annotator.
    pub fn only(&mut self, assigned: &Arc<Assigned>, annotator: &Annotator) {
        let hands = assigned.place(annotator).map_or(Hands::NOBODY, Hands::one);
        self.given.push(Test { negated: false, of: vec![Given::To(hands)] });
        self.assigned = Some(Arc::clone(assigned));
    }

    /// The store, and the assignments, answer it alone.
    pub fn is_listing(&self) -> bool {
        self.names.is_empty() && self.texts.is_empty() && self.not_by.is_empty() && self.layer.is_nothing()
    }

    /// Every text must be read.
    pub fn reads_texts(&self) -> bool {
        !self.texts.is_empty()
    }

    /// What it finds depends on what was marked.
    pub fn reads_layers(&self) -> bool {
        let Query { status, label, flagged, .. } = &self.list;
        let finished = |test: &Test<Vec<Given>>| test.of.iter().any(|given| matches!(given, Given::Two | Given::Ready));
        let layers = !self.layer.is_nothing() || status.is_some() || label.is_some() || *flagged;
        layers || self.given.iter().any(finished)
    }
}

//! A [`Span`]: a labelled stretch of one document, and the door ([`RawSpan`]) through which numbers from a file become one.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::Annotator;
use crate::schema::LabelId;
use crate::text::convert::{OffsetIndex, Unit};
use crate::text::wording::brief;
use crate::text::{DocumentId, RangeError, Text, TextRange};

/// Attributes by name, sorted. What a value may be is the schema's to say and [`super::check`]'s to report.
pub type Attributes = BTreeMap<String, Value>;

/// An id of a span or relation: any string, unique within its layer. Cloning is cheap.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(from = "String")]
pub struct ItemId(Arc<str>);

impl ItemId {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// For an item that came without an id: the same file imported twice gives the same ids.
    /// `ordinal` counts items that are otherwise equal.
    pub fn derived(document: &DocumentId, annotator: &Annotator, what: &str, ordinal: usize) -> Self {
        let hash = Sha256::digest(format!("{document}\0{annotator}\0{what}\0{ordinal}"));
        let mut id = String::from("x");
        for byte in &hash[..10] {
            id.push_str(&format!("{byte:02x}"));
        }
        Self::from(id.as_str())
    }
}

impl From<&str> for ItemId {
    fn from(id: &str) -> Self {
        Self(id.into())
    }
}

impl From<String> for ItemId {
    fn from(id: String) -> Self {
        Self(id.into())
    }
}

impl Serialize for ItemId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a span came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OriginKind {
    #[default]
    Manual,
    Import,
    Suggestion,
    Adjudication,
}

/// Where a span came from, with what belongs to it (suggester, version, score; source spans), kept as it was given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    pub by: OriginKind,
    #[serde(flatten)]
    pub details: Map<String, Value>,
}

impl Origin {
    pub fn of(by: OriginKind) -> Self {
        Self { by, details: Map::new() }
    }
}

/// The fragments of a span: at least one, sorted, disjoint; touching ones stay apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ranges(Box<[TextRange]>);

impl Ranges {
    /// Sorts; overlapping fragments are an error, because nobody can say which was meant.
    pub fn new(mut ranges: Vec<TextRange>) -> Result<Self, RangesError> {
        if ranges.is_empty() {
            return Err(RangesError::None);
        }
        ranges.sort_unstable();
        for pair in ranges.windows(2) {
            if pair[0].overlaps(pair[1]) || pair[0] == pair[1] {
                return Err(RangesError::Overlap(pair[0], pair[1]));
            }
        }
        Ok(Self(ranges.into()))
    }

    pub fn as_slice(&self) -> &[TextRange] {
        &self.0
    }

    /// From the first byte to the last, gaps included.
    pub fn hull(&self) -> TextRange {
        self.0[0].hull(self.0[self.0.len() - 1])
    }

    /// Bytes covered, gaps left out.
    pub fn covered(&self) -> usize {
        self.0.iter().map(|range| range.len()).sum()
    }

    pub fn is_discontinuous(&self) -> bool {
        self.0.len() > 1
    }

    /// Some fragment shares a byte with `range`, or is empty and stands within it.
    pub fn touches(&self, range: TextRange) -> bool {
        self.0.iter().any(|fragment| fragment.overlaps(range) || (fragment.is_empty() && range.covers(*fragment)))
    }

    /// Some fragment holds the byte at `offset`.
    pub fn contains(&self, offset: usize) -> bool {
        self.0.iter().any(|fragment| fragment.contains(offset))
    }

    /// The covered text, fragments joined by one space.
    pub fn quote(&self, text: &Text) -> String {
        let mut quote = String::new();
        for (index, range) in self.0.iter().enumerate() {
            if index > 0 {
                quote.push(' ');
            }
            quote.push_str(text.slice(*range));
        }
        quote
    }
}

impl From<TextRange> for Ranges {
    fn from(range: TextRange) -> Self {
        Self(Box::new([range]))
    }
}

/// Why ranges are no fragments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangesError {
    /// There are none.
    None,
    /// Two of them share text.
    Overlap(TextRange, TextRange),
}

/// A labelled stretch of one document. Immutable: a change makes a new one with the same id.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    pub id: ItemId,
    pub label: LabelId,
    pub ranges: Ranges,
    pub attributes: Attributes,
    pub note: String,
    pub origin: Origin,
    /// Keys of the file that we do not know, kept.
    pub extra: Map<String, Value>,
}

impl Span {
    /// A new span made by hand.
    pub fn manual(id: ItemId, label: LabelId, ranges: Ranges) -> Self {
        Self {
            id,
            label,
            ranges,
            attributes: Attributes::new(),
            note: String::new(),
            origin: Origin::default(),
            extra: Map::new(),
        }
    }

    /// From the first byte to the last, gaps included.
    pub fn hull(&self) -> TextRange {
        self.ranges.hull()
    }

    /// Where it stands among the spans of its layer: first start, longer first, id.
    pub fn order(&self) -> (TextRange, &ItemId) {
        (self.hull(), &self.id)
    }

    /// The same label on the same extent: one decision, whatever else differs.
    pub fn same_decision(&self, other: &Self) -> bool {
        self.label == other.label && self.ranges == other.ranges
    }
}

/// A span as a file gives it: numbers that nobody has checked.
#[derive(Clone, Debug, Default)]
pub struct RawSpan {
    /// The line of the file it stands on, from 1, where that is not the document's.
    pub line: Option<usize>,
    pub id: Option<String>,
    pub label: String,
    /// Pairs of start and end, half open.
    pub ranges: Vec<(usize, usize)>,
    /// What the file says it covers.
    pub quote: Option<String>,
    pub attributes: Attributes,
    pub note: String,
    pub origin: Option<Origin>,
    pub extra: Map<String, Value>,
}

/// Why a [`RawSpan`] is no span of this text. The sentence is for the import report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpanError {
    NoLabel,
    NoRanges,
    Range {
        start: usize,
        end: usize,
        error: RangeError,
    },
    Overlap,
    /// The file's quote and the text differ.
    Quote {
        expected: String,
        found: String,
    },
}

impl fmt::Display for SpanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoLabel => f.write_str("the span has no label"),
            Self::NoRanges => f.write_str("the span has no start and end"),
            Self::Range { start, end, error } => write!(f, "the span {start}..{end} is no place in the text: {error}"),
            Self::Overlap => f.write_str("two fragments of the span overlap"),
            Self::Quote { expected, found } => {
                write!(
                    f,
                    "the file says the span covers “{}”, the text there is “{}”",
                    brief(expected, 40),
                    brief(found, 40)
                )
            }
        }
    }
}

impl RawSpan {
    /// Checks everything once; what the span holds beside its place goes over into it. `place` leads an offset of the file to code points of the text (newline maps), `index` belongs to the text.
    /// `fallback` is the id for a span without one.
    pub fn check(
        &mut self,
        text: &Text,
        index: &OffsetIndex<'_>,
        unit: Unit,
        place: impl Fn(usize) -> usize,
        fallback: impl FnOnce(&str) -> ItemId,
    ) -> Result<Span, SpanError> {
        if self.label.is_empty() {
            return Err(SpanError::NoLabel);
        }
        let mut ranges = Vec::with_capacity(self.ranges.len());
        for (start, end) in &self.ranges {
            let (start, end) = (*start, *end);
            if start > end {
                return Err(SpanError::Range { start, end, error: RangeError::Reversed { start, end } });
            }
            let range = index.range(unit, place(start), place(end));
            ranges.push(range.map_err(|error| SpanError::Range { start, end, error })?);
        }
        let ranges = Ranges::new(ranges).map_err(|error| match error {
            RangesError::None => SpanError::NoRanges,
            RangesError::Overlap(..) => SpanError::Overlap,
        })?;
        if let Some(expected) = &self.quote {
            let found = match ranges.as_slice() {
                [range] => Cow::Borrowed(text.slice(*range)),
                _ => Cow::Owned(ranges.quote(text)),
            };
            if found != *expected && found != expected.replace("\r\n", "\n").replace('\r', "\n") {
                return Err(SpanError::Quote { expected: expected.clone(), found: found.into_owned() });
            }
        }
        let id = match &self.id {
            Some(id) if !id.is_empty() => ItemId::from(id.as_str()),
            _ => fallback(&format!("{}{:?}", self.label, ranges.as_slice())),
        };
        Ok(Span {
            id,
            label: LabelId::from(self.label.as_str()),
            ranges,
            attributes: std::mem::take(&mut self.attributes),
            note: std::mem::take(&mut self.note),
            origin: self.origin.take().unwrap_or_else(|| Origin::of(OriginKind::Import)),
            extra: std::mem::take(&mut self.extra),
        })
    }
}

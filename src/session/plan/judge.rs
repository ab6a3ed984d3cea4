//! Whether an equal string would be marked, and why not.

use crate::annotation::{ItemId, Layer, Ranges, Span, check};
use crate::schema::{Label, LabelId, Schema};
use crate::text::TextRange;

/// Why a place is left out by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// A span with this label and extent is there.
    Marked,
    /// It lies in a longer span with the same label: a name inside a longer name.
    Inside,
    /// The rules of the labels say that it may not share text with the span that is there.
    Clash(LabelId),
    PartOfWord,
    Finished,
    Skipped,
    /// My layer counts in another version of the text.
    OtherText,
}

impl Why {
    /// A person may want it all the same: rules guide, they do not forbid.
    pub const fn may_be_ticked(&self) -> bool {
        !matches!(self, Self::Marked | Self::OtherText)
    }

    /// As a row of the preview says it.
    pub fn words(&self, schema: &Schema) -> String {
        match self {
            Self::Marked => "marked already".to_owned(),
            Self::Inside => "inside a longer span".to_owned(),
            Self::Clash(label) => {
                let name = schema.resolve(label.as_str()).map_or(label.as_str(), |label| label.name.as_str());
                format!("not beside {name}")
            }
            Self::PartOfWord => "part of a longer word".to_owned(),
            Self::Finished => "finished".to_owned(),
            Self::Skipped => "skipped".to_owned(),
            Self::OtherText => "your spans count in an older text".to_owned(),
        }
    }
}

/// What the layer says against a span with this label there. Logarithmic in the layer, linear in the spans around.
pub(super) fn judge(schema: &Schema, label: &Label, layer: &Layer, range: TextRange) -> Option<Why> {
    let span = Span::manual(ItemId::from(""), label.id.clone(), Ranges::from(range));
    let mut found = None;
    for other in layer.spans.touching(range) {
        let same = schema.resolve(other.label.as_str()).is_some_and(|known| known.id == label.id);
        if same && other.ranges == span.ranges {
            return Some(Why::Marked);
        }
        let shares = other.ranges.touches(range);
        let (outer, inner) = if other.order() < span.order() { (&**other, &span) } else { (&span, &**other) };
        if shares && check::clash(schema, outer, inner).is_some() {
            found = Some(Why::Clash(other.label.clone()));
        } else if same && other.hull().covers(range) && shares {
            found = found.or(Some(Why::Inside));
        }
    }
    found
}

/// The span that was there already with this label and extent.
pub(super) fn same<'a>(schema: &Schema, label: &Label, layer: &'a Layer, range: TextRange) -> Option<&'a Span> {
    let ranges = Ranges::from(range);
    let is = |span: &&std::sync::Arc<Span>| {
        span.ranges == ranges && schema.resolve(span.label.as_str()).is_some_and(|known| known.id == label.id)
    };
    layer.spans.touching(range).find(is).map(|span| &**span)
}

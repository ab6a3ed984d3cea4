//! What a plan looks for, and what it would make of it.

use crate::annotation::{Attributes, ItemId};
use crate::schema::{Label, LabelId};
use crate::session::Session;
use crate::text::segment::{self, Snap};
use crate::text::{DocumentId, TextRange};

/// The string that is looked for, and the span that each of its equals would become.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    pub words: String,
    pub label: LabelId,
    /// Those of the model span.
    pub attributes: Attributes,
    /// The span it was taken from; none where it was selected text.
    pub span: Option<ItemId>,
    /// Where it stands.
    pub document: DocumentId,
    pub range: TextRange,
    /// It begins and ends where words do.
    pub is_whole: bool,
}

impl Model {
    /// The selected span with its label, or the selected text with the label used last. The sentence says what is missing.
    pub fn of(session: &Session) -> Result<Self, String> {
        const NOTHING: &str = "Select a span, or text to mark with the last label";
        let open = session.open.as_ref().ok_or(NOTHING)?;
        let text = open.text();
        let (label, range, attributes, span) = match (session.selected_span(), open.selection(), session.last_label()) {
            (Some(span), ..) if span.ranges.is_discontinuous() => {
                return Err("A span of several fragments has no equal strings".to_owned());
            }
            (Some(span), ..) => (span.label.clone(), span.hull(), span.attributes.clone(), Some(span.id.clone())),
            (None, Some(range), Some(label)) => {
                let snap = session.schema.label(label).map_or(Snap::Words, |label| label.snap);
                let range = if open.exact { range } else { segment::snap(text, range, snap) };
                (label.clone(), range, Attributes::new(), None)
            }
            _ => return Err(NOTHING.to_owned()),
        };
        let known = session.schema.resolve(label.as_str());
        let label = known.map(|label| label.id.clone()).ok_or_else(|| format!("The schema has no label “{label}”"))?;
        if text.slice(range).trim().is_empty() {
            return Err("There is nothing to see in it".to_owned());
        }
        Ok(Self {
            words: text.slice(range).to_owned(),
            label,
            attributes,
            span,
            document: open.id().clone(),
            range,
            is_whole: segment::snap(text, range, Snap::Words) == range,
        })
    }

    /// What each span that is made gets: those of the model where they are wanted, and the label's defaults.
    pub(super) fn attributes(&self, label: &Label, wanted: bool) -> Attributes {
        let mut attributes = if wanted { self.attributes.clone() } else { Attributes::new() };
        crate::session::marking::set_defaults(label, &mut attributes);
        attributes
    }

    /// The string, shortened to some thirty characters, on one line.
    pub fn brief(&self) -> String {
        let words = self.words.replace('\n', " ");
        if words.chars().count() <= 30 { words } else { words.chars().take(29).chain(['…']).collect() }
    }
}

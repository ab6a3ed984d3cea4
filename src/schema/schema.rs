//! [`Schema`]: what may be marked, and the rules that guide marking. Nothing here reads files or looks for mistakes.

use super::{Colour, LabelId, RelationId};
use crate::text::segment::Snap;

/// The labels, relations and attributes of a project.
///
/// [`Schema::parse`] makes one from RON and lets none through that breaks a rule: ids are unique, what is named exists,
/// parents form a tree.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Schema {
    pub name: String,
    /// In the order of the file, which is the order of display.
    pub labels: Vec<Label>,
    pub relations: Vec<RelationKind>,
    /// Attributes of a whole document.
    pub document: Vec<Attribute>,
}

/// What a span may be.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub id: LabelId,
    /// What people read; the id where the file names none.
    pub name: String,
    /// The key that marks; a letter or digit, lower case.
    pub key: Option<char>,
    pub colour: Colour,
    pub line: Line,
    pub definition: String,
    /// Examples, `[marked like this]`, that are spans of this label…
    pub yes: Vec<String>,
    /// …and examples that are not.
    pub no: Vec<String>,
    /// Groups labels for display and filters; a relation end that names the parent accepts the child.
    pub parent: Option<LabelId>,
    pub snap: Snap,
    pub overlap: Overlap,
    /// A span may have more than one fragment.
    pub fragments: bool,
    /// Ids this label had before, or of labels merged into it.
    pub was: Vec<LabelId>,
    /// Kept for the spans that have it; no longer offered.
    pub retired: bool,
    pub attributes: Vec<Attribute>,
}

/// The pattern of a label's line. Dashed is kept for what is not yet a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Line {
    Solid,
    Double,
    Dotted,
    Wavy,
}

/// How a span may share text with other spans, whatever their label. `check` reports what breaks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Overlap {
    /// Shares no text with any other span.
    Exclude,
    /// May lie inside others and hold others, never crosses one.
    Nest,
    /// May hold others; lies inside none but its own label; never crosses one.
    Contain,
    /// Anything, crossing too.
    Any,
}

/// A property of a span, a relation or a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    pub name: String,
    pub kind: AttributeKind,
    /// `check` reports a span without it.
    pub required: bool,
    /// Set when a person marks, never on import. Fits `kind`.
    pub default: Option<serde_json::Value>,
    /// Offered only where another attribute of the same owner has one of these values.
    pub when: Option<When>,
    pub definition: String,
}

/// Which values an [`Attribute`] takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributeKind {
    /// One of these strings.
    OneOf(Vec<String>),
    /// A list of any of these strings.
    AnyOf(Vec<String>),
    /// True or false.
    Flag,
    /// Any JSON number.
    Number,
    /// Any string.
    Text,
}

/// A condition on another attribute. In RON: `when: (attribute: "type", is: ["person", "organisation"])`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    pub attribute: String,
    /// Any of these; for a `Flag`, `"true"` or `"false"`.
    pub values: Vec<String>,
}

/// A typed arrow from one span to another.
#[derive(Clone, Debug, PartialEq)]
pub struct RelationKind {
    pub id: RelationId,
    /// What people read; the id where the file names none.
    pub name: String,
    /// The key that links from the selected span; a letter or digit, lower case.
    pub key: Option<char>,
    /// Labels the arrow may start at; empty means any.
    pub from: Vec<LabelId>,
    /// Labels the arrow may end at; empty means any.
    pub to: Vec<LabelId>,
    /// How many relations of this kind may start at one span.
    pub at_most: Option<u32>,
    pub attributes: Vec<Attribute>,
    pub definition: String,
    /// Ids this kind had before, or of kinds merged into it.
    pub was: Vec<RelationId>,
    /// Kept for the relations that have it; no longer offered.
    pub retired: bool,
}

/// What a schema key stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyTarget {
    Label(LabelId),
    Relation(RelationId),
}

impl Schema {
    /// The label that now has this id.
    pub fn label(&self, id: &LabelId) -> Option<&Label> {
        self.labels.iter().find(|label| label.id == *id)
    }

    /// The label with this id, now or in the past (`was`).
    pub fn resolve(&self, id: &str) -> Option<&Label> {
        let now = self.labels.iter().find(|label| label.id == id);
        now.or_else(|| self.labels.iter().find(|label| label.was.iter().any(|was| was == id)))
    }

    /// The relation kind that now has this id.
    pub fn relation(&self, id: &RelationId) -> Option<&RelationKind> {
        self.relations.iter().find(|relation| relation.id == *id)
    }

    /// The relation kind with this id, now or in the past (`was`).
    pub fn resolve_relation(&self, id: &str) -> Option<&RelationKind> {
        let now = self.relations.iter().find(|relation| relation.id == id);
        now.or_else(|| self.relations.iter().find(|relation| relation.was.iter().any(|was| was == id)))
    }

    /// A relation end that names `ends` takes a span of `label`: it is named, or one of its parents is. No ends: any label.
    pub fn accepts(&self, ends: &[LabelId], label: &LabelId) -> bool {
        ends.is_empty() || self.lineage(label).any(|ancestor| ends.contains(ancestor))
    }

    /// The label itself, its parent, that one's parent, …: at most as many as there are labels, even where parents run in
    /// a circle.
    pub fn lineage<'a>(&'a self, label: &'a LabelId) -> impl Iterator<Item = &'a LabelId> {
        let parent = |id: &&'a LabelId| self.label(id).and_then(|label| label.parent.as_ref());
        std::iter::successors(Some(label), parent).take(self.labels.len().max(1))
    }

    /// What a key marks or links, of all that is not retired. Case does not matter.
    pub fn with_key(&self, key: char) -> Option<KeyTarget> {
        let key = Some(key_of(key));
        let label = self.labels.iter().find(|label| label.key == key && !label.retired);
        label.map(|label| KeyTarget::Label(label.id.clone())).or_else(|| {
            let relation = self.relations.iter().find(|relation| relation.key == key && !relation.retired);
            relation.map(|relation| KeyTarget::Relation(relation.id.clone()))
        })
    }
}

/// The key as [`Label::key`] keeps it: lower case where that is one character.
pub(super) fn key_of(key: char) -> char {
    let mut lower = key.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(only), None) => only,
        _ => key,
    }
}

impl Label {
    /// The attribute of this name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}

impl RelationKind {
    /// The attribute of this name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}

impl AttributeKind {
    /// The values of `OneOf` and `AnyOf`.
    pub fn values(&self) -> Option<&[String]> {
        match self {
            Self::OneOf(values) | Self::AnyOf(values) => Some(values),
            Self::Flag | Self::Number | Self::Text => None,
        }
    }

    /// Whether `value` is one this kind takes. `AnyOf` takes each of its values once at most.
    pub fn fits(&self, value: &serde_json::Value) -> bool {
        use serde_json::Value;
        match (self, value) {
            (Self::OneOf(values), Value::String(value)) => values.contains(value),
            (Self::AnyOf(values), Value::Array(items)) => items.iter().enumerate().all(|(at, item)| {
                item.as_str().is_some_and(|item| values.iter().any(|value| value == item))
                    && !items[..at].contains(item)
            }),
            (Self::Flag, Value::Bool(_)) | (Self::Number, Value::Number(_)) | (Self::Text, Value::String(_)) => true,
            _ => false,
        }
    }
}

impl When {
    /// The condition holds for this value of the other attribute (`None`: it has none).
    pub fn holds(&self, value: Option<&serde_json::Value>) -> bool {
        use serde_json::Value;
        match value {
            Some(Value::String(value)) => self.values.contains(value),
            Some(Value::Bool(value)) => self.values.contains(&value.to_string()),
            Some(Value::Array(items)) => {
                items.iter().filter_map(Value::as_str).any(|item| self.values.iter().any(|value| value == item))
            }
            _ => false,
        }
    }
}

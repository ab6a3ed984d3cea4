//! Setting the attributes of the selected span, or of the document, one after the other, by digits.

use serde_json::Value;

use super::action::Reason;
use super::command::{Command, Outcome, Owner};
use super::resolve;
use super::session::Session;
use crate::annotation::{Attributes, check};
use crate::schema::{Attribute, AttributeKind};

/// Which attribute of the selected span, or else of the document, is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asking {
    /// Its place among those that apply.
    pub at: usize,
}

static NONE: Attributes = Attributes::new();

/// The attributes of a span, a relation or the document that apply now, in the order of the schema, and the values they have.
pub fn attributes_of<'a>(session: &'a Session, owner: &Owner) -> (Vec<&'a Attribute>, &'a Attributes) {
    let layer = session.open.as_ref().and_then(|open| open.shown());
    let schema = &session.schema;
    let (known, values) = match owner {
        Owner::Span(id) => {
            let span = layer.and_then(|layer| layer.span(id));
            let label = span.and_then(|span| schema.resolve(span.label.as_str()));
            (label.map(|label| &label.attributes), span.map(|span| &span.attributes))
        }
        Owner::Relation(id) => {
            let relation = layer.and_then(|layer| layer.relations.get(id));
            let kind = relation.and_then(|relation| schema.resolve_relation(relation.kind.as_str()));
            (kind.map(|kind| &kind.attributes), relation.map(|relation| &relation.attributes))
        }
        Owner::Document if session.open.is_some() => (Some(&schema.document), layer.map(|layer| &layer.attributes)),
        Owner::Document => (None, None),
    };
    let values = values.unwrap_or(&NONE);
    let known = known.map(Vec::as_slice).unwrap_or_default();
    (known.iter().filter(|attribute| check::applies(attribute, values)).collect(), values)
}

/// The attributes of the selected relation, or else of the selected span, or else of the document, that apply.
pub fn asked(session: &Session) -> Vec<&Attribute> {
    attributes_of(session, &resolve::owner(session)).0
}

/// The attribute that digits answer now, and its value.
pub fn question(session: &Session) -> Option<(&Attribute, Option<&Value>)> {
    let at = session.asking?.at;
    let (attributes, values) = attributes_of(session, &resolve::owner(session));
    let attribute = attributes.get(at).copied()?;
    Some((attribute, values.get(&attribute.name)))
}

/// What a digit means for an attribute: the value of that place, counted from 1; 0 takes the value away. `None`: nothing has that place.
pub fn value_of(attribute: &Attribute, now: Option<&Value>, digit: u8) -> Option<Option<Value>> {
    match usize::from(digit).checked_sub(1) {
        Some(place) => value_at(attribute, now, place),
        None => Some(None),
    }
}

/// The value at a place, counted from 0, of those an attribute takes; `None`: nothing has that place. Of a list of values the one at the place is
/// added or taken out; the list keeps the order of the schema, so that the same choice is always the same value.
pub fn value_at(attribute: &Attribute, now: Option<&Value>, place: usize) -> Option<Option<Value>> {
    match &attribute.kind {
        AttributeKind::OneOf(values) => Some(Some(Value::from(values.get(place)?.as_str()))),
        AttributeKind::AnyOf(values) => {
            let value = values.get(place)?;
            let before = now.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let has = |value: &str| before.iter().any(|known| known == value);
            let after: Vec<&str> =
                values.iter().filter(|known| has(known) != (*known == value)).map(String::as_str).collect();
            Some(Some(after).filter(|after| !after.is_empty()).map(Value::from))
        }
        AttributeKind::Flag => [true, false].get(place).map(|value| Some(Value::from(*value))),
        AttributeKind::Number | AttributeKind::Text => None,
    }
}

/// In careful work: asks for the first required attribute that the span just marked lacks.
pub(super) fn ask_missing(session: &mut Session) {
    let Some(span) = session.selected_span().filter(|_| session.careful) else { return };
    let lacks = |attribute: &&Attribute| attribute.required && !span.attributes.contains_key(&attribute.name);
    let at = asked(session).iter().position(lacks);
    session.asking = at.map(|at| Asking { at });
}

impl Session {
    /// Takes the question back, so that whoever shows a field may ask it. Its place among those that apply.
    pub fn take_question(&mut self) -> Option<usize> {
        self.asking.take().map(|asking| asking.at)
    }
}

/// Asks for the attribute of this name.
pub(super) fn ask_for(session: &mut Session, name: &str) {
    let at = asked(session).iter().position(|attribute| attribute.name == name);
    session.asking = at.map(|at| Asking { at });
}

/// Begins with the first attribute, or goes on to the next; after the last one the asking is over.
pub(super) fn next(session: &mut Session) -> Outcome {
    if let Err(Reason(reason)) = session.editable() {
        return Outcome::refused(reason);
    }
    let count = asked(session).len();
    if count == 0 {
        return Outcome::refused("This label has no attributes");
    }
    let at = session.asking.map_or(0, |asking| asking.at + 1);
    session.asking = Some(Asking { at }).filter(|asking| asking.at < count);
    Outcome::default()
}

/// A digit while an attribute is asked for.
pub(super) fn answer(session: &mut Session, digit: u8) -> Outcome {
    let (Some(asking), Some((attribute, now))) = (session.asking, question(session)) else {
        return Outcome::default();
    };
    let Some(value) = value_of(attribute, now, digit) else {
        return Outcome::refused(format!("{} has no value number {digit}", attribute.name));
    };
    let several = matches!(attribute.kind, AttributeKind::AnyOf(_));
    let name = attribute.name.clone();
    let outcome = session.run(Command::SetAttribute { owner: resolve::owner(session), name, value });
    session.asking = Some(asking);
    if !several {
        next(session);
    }
    outcome
}

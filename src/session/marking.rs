//! Marking: what a label's key does, and every change of spans, relations and attributes.

use std::sync::Arc;

use serde_json::Value;

use super::action::Reason;
use super::asking;
use super::command::{Command, Edge, Outcome, Owner};
use super::equal;
use super::linking::Linking;
use super::motion;
use super::open::OpenDocument;
use super::place::{begin_work, done, layer_edit};
use super::session::Session;
use crate::annotation::{Attributes, ItemId, Layer, Ranges, Relation, Span, check};
use crate::edit::{Edit, LayerEdit};
use crate::schema::{Label, LabelId, RelationId};
use crate::text::segment::{self, Snap};
use crate::text::{Text, TextRange};

pub(super) fn run(session: &mut Session, command: Command) -> Outcome {
    if let Err(Reason(reason)) = session.editable() {
        return Outcome::refused(reason);
    }
    match command {
        Command::Mark(label) => mark(session, &label),
        Command::MarkRange { label, range, exact } => mark_range(session, &label, range, exact),
        Command::MarkAllEqual => equal::mark_all(session),
        Command::Apply(plan) => equal::apply(session, &plan, false),
        Command::Commit(marking) => equal::commit(session, *marking, 0),
        Command::Remove(span) => remove(session, &span),
        Command::Relabel { span, label } => relabel(session, &span, &label),
        Command::Resize { span, fragment, range } => resize(session, &span, fragment, range),
        Command::MoveEdge { span, edge, outward, fine } => move_edge(session, &span, edge, outward, fine),
        Command::AddFragment { span, range } => add_fragment(session, &span, range),
        Command::SetAttribute { owner, name, value } => set_attribute(session, &owner, &name, value),
        Command::SetNote { span, note } => change(session, &span, "Change note", |span| span.note = note),
        Command::Link { kind, from, to } => link(session, &kind, &from, &to),
        Command::Unlink(relation) => unlink(session, &relation),
        Command::ChooseEnd(kind) => choose_end(session, &kind),
        Command::FixEnd => match session.linking.take() {
            Some(linking) => link(session, &linking.kind.clone(), &linking.from.clone(), linking.end()),
            None => Outcome::default(),
        },
        _ => Outcome::default(),
    }
}

/// A label's key: the selection becomes a span, else the selected span gets the label, else the label's unit at the caret is marked.
fn mark(session: &mut Session, label: &LabelId) -> Outcome {
    let Some(found) = session.schema.label(label).cloned() else {
        return Outcome::refused(format!("The schema has no label “{label}”"));
    };
    let Some(open) = &session.open else { return Outcome::default() };
    if let Some(selection) = open.selection() {
        let exact = open.exact;
        return mark_range(session, label, selection, exact);
    }
    if let Some(span) = open.span.clone() {
        return relabel(session, &span, label);
    }
    let Some(unit) = motion::unit(open.text(), open.caret, found.snap) else {
        let what = match found.snap {
            Snap::Quotation => "quotation",
            Snap::Lines => "line",
            Snap::Sentences => "sentence",
            Snap::Words => "word",
            Snap::Graphemes => "character",
        };
        return Outcome::refused(format!("There is no {what} at the caret. Select some text first"));
    };
    mark_range(session, label, unit, true)
}

fn mark_range(session: &mut Session, label: &LabelId, range: TextRange, exact: bool) -> Outcome {
    let Some(label) = session.schema.label(label).cloned() else {
        return Outcome::refused(format!("The schema has no label “{label}”"));
    };
    let Some(open) = &session.open else { return Outcome::default() };
    let range = if exact {
        segment::whole_graphemes(open.text(), range)
    } else {
        segment::snap(open.text(), range, label.snap)
    };
    if range.is_empty() {
        return Outcome::refused("Select some text first");
    }
    let same = same_decision(open, &label.id, &Ranges::from(range));
    session.use_label(&label.id);
    if let Some(same) = same {
        let outcome = select(session, &same);
        asking::ask_missing(session);
        return outcome.tell("This is already marked", false);
    }
    let span = new_span(session, &label, Ranges::from(range));
    let id = span.id.clone();
    let clash = clash(session, &span);
    let (mut edits, notice) = begin_work(session);
    edits.push(layer_edit(session, LayerEdit::add(span)));
    let outcome = finish(session, format!("Mark {}", label.name), edits, Some(&id), notice, clash);
    asking::ask_missing(session);
    outcome
}

/// Carries out a change, selects `span`, and adds what there is to say.
fn finish(
    session: &mut Session,
    title: String,
    edits: Vec<Edit>,
    span: Option<&ItemId>,
    reopened: Option<&str>,
    warning: Option<String>,
) -> Outcome {
    let mut outcome = done(session.transact(title, edits), "", true);
    if outcome.transaction.is_some() {
        if let Some(span) = span {
            outcome.reveal = select(session, span).reveal;
        }
        for sentence in reopened.map(str::to_owned).into_iter().chain(warning) {
            outcome = outcome.tell(sentence, true);
        }
    }
    outcome
}

pub(super) fn select(session: &mut Session, span: &ItemId) -> Outcome {
    let range = session.open.as_mut().and_then(|open| open.select_span(span));
    range.map_or_else(Outcome::default, Outcome::reveal)
}

fn new_span(session: &mut Session, label: &Label, ranges: Ranges) -> Span {
    let mut span = Span::manual(ItemId::from(session.clock.id()), label.id.clone(), ranges);
    set_defaults(label, &mut span.attributes);
    span
}

/// Defaults apply when a person marks, never on import.
pub(super) fn set_defaults(label: &Label, attributes: &mut Attributes) {
    for attribute in &label.attributes {
        if let Some(value) = &attribute.default
            && check::applies(attribute, attributes)
            && !attributes.contains_key(&attribute.name)
        {
            attributes.insert(attribute.name.clone(), value.clone());
        }
    }
}

pub(super) fn same_decision(open: &OpenDocument, label: &LabelId, ranges: &Ranges) -> Option<ItemId> {
    let mut near = open.shown()?.spans.touching(ranges.hull());
    near.find(|span| span.label == *label && span.ranges == *ranges).map(|span| span.id.clone())
}

/// What the schema says against a span where it would stand: told, not forbidden.
fn clash(session: &Session, span: &Span) -> Option<String> {
    let layer = session.open.as_ref()?.shown()?;
    let schema = &session.schema;
    let others = layer.spans.touching(span.hull()).filter(|other| other.id != span.id);
    let pairs = others.map(|other| if other.order() < span.order() { (&**other, span) } else { (span, &**other) });
    for (outer, inner) in pairs {
        if check::clash(schema, outer, inner).is_some() {
            let name = |id: &LabelId| schema.label(id).map_or(id.as_str(), |label| label.name.as_str()).to_owned();
            let other = if outer.id == span.id { inner } else { outer };
            return Some(format!("Marked, though {} and {} may not overlap so", name(&span.label), name(&other.label)));
        }
    }
    None
}

fn layer(session: &Session) -> Option<&Layer> {
    session.open.as_ref().and_then(OpenDocument::shown)
}

fn find(session: &Session, id: &ItemId) -> Option<Arc<Span>> {
    layer(session).and_then(|layer| layer.span(id)).cloned()
}

const GONE: &str = "This span is no longer there";

/// Changes one span in one transaction; nothing happens where nothing changes.
fn change(session: &mut Session, id: &ItemId, title: &str, edit: impl FnOnce(&mut Span)) -> Outcome {
    let Some(before) = find(session, id) else { return Outcome::refused(GONE) };
    let mut after = (*before).clone();
    edit(&mut after);
    if after == *before {
        return Outcome::default();
    }
    if let Some(same) = session.open.as_ref().and_then(|open| same_decision(open, &after.label, &after.ranges))
        && same != *id
    {
        return Outcome::refused("A span with this label and extent is already there");
    }
    let warning =
        (after.ranges != before.ranges || after.label != before.label).then(|| clash(session, &after)).flatten();
    let (mut edits, notice) = begin_work(session);
    edits.push(layer_edit(session, LayerEdit::change(&before, after)));
    finish(session, title.to_owned(), edits, Some(id), notice, warning)
}

fn remove(session: &mut Session, id: &ItemId) -> Outcome {
    let Some(span) = find(session, id) else { return Outcome::refused(GONE) };
    let (mut edits, notice) = begin_work(session);
    let relations: Vec<Arc<Relation>> =
        layer(session).into_iter().flat_map(|layer| layer.relations_of(id).cloned()).collect();
    let count = relations.len();
    for relation in relations {
        edits.push(layer_edit(session, LayerEdit::Relation { before: Some(relation), after: None }));
    }
    edits.push(layer_edit(session, LayerEdit::remove(&span)));
    let name =
        session.schema.resolve(span.label.as_str()).map_or_else(|| span.label.to_string(), |label| label.name.clone());
    let told = match count {
        0 => None,
        1 => Some("Removed with 1 relation".to_owned()),
        count => Some(format!("Removed with {count} relations")),
    };
    let place = span.hull();
    let outcome = finish(session, format!("Remove {name}"), edits, None, notice, told);
    if let Some(open) = &mut session.open
        && outcome.transaction.is_some()
    {
        open.put_caret(place.start());
    }
    outcome
}

/// Gives a span another label. Attributes that the new label takes stay, the others go (and come back with undo).
fn relabel(session: &mut Session, id: &ItemId, label: &LabelId) -> Outcome {
    let Some(label) = session.schema.label(label).cloned() else {
        return Outcome::refused(format!("The schema has no label “{label}”"));
    };
    session.use_label(&label.id);
    let title = format!("Relabel as {}", label.name);
    change(session, id, &title, |span| {
        if span.label != label.id {
            span.label = label.id.clone();
            span.attributes.retain(|name, value| label.attribute(name).is_some_and(|known| known.kind.fits(value)));
            set_defaults(&label, &mut span.attributes);
        }
    })
}

fn resize(session: &mut Session, id: &ItemId, fragment: usize, range: TextRange) -> Outcome {
    let Some(span) = find(session, id) else { return Outcome::refused(GONE) };
    if range.is_empty() {
        return Outcome::refused("A span covers at least one character");
    }
    let mut ranges = span.ranges.as_slice().to_vec();
    let Some(target) = ranges.get_mut(fragment) else { return Outcome::refused(GONE) };
    *target = range;
    match Ranges::new(ranges) {
        Ok(ranges) => change(session, id, "Resize span", |span| span.ranges = ranges),
        Err(_) => Outcome::refused("The fragments of a span may not overlap"),
    }
}

/// Moves the outer edge of the first or last fragment by a word or a character.
fn move_edge(session: &mut Session, id: &ItemId, edge: Edge, outward: bool, fine: bool) -> Outcome {
    let Some(span) = find(session, id) else { return Outcome::refused(GONE) };
    let Some(open) = &session.open else { return Outcome::default() };
    let ranges = span.ranges.as_slice();
    let fragment = if edge == Edge::Left { 0 } else { ranges.len() - 1 };
    let Some(range) = moved(open.text(), ranges[fragment], edge, outward, fine) else {
        return Outcome::refused("The edge cannot go further");
    };
    resize(session, id, fragment, range)
}

/// The range with one edge moved; `None` at the ends of the text or where nothing would be left.
pub(super) fn moved(text: &Text, range: TextRange, edge: Edge, outward: bool, fine: bool) -> Option<TextRange> {
    let (start, end) = (range.start(), range.end());
    let (start, end) = match (edge, outward, fine) {
        (Edge::Left, true, true) => (segment::previous_grapheme(text, start), end),
        (Edge::Left, true, false) => (segment::previous_word(text, start), end),
        (Edge::Left, false, true) => (segment::next_grapheme(text, start), end),
        (Edge::Left, false, false) => {
            let next = segment::words(text, range).map(TextRange::start).find(|word| *word > start);
            (next.unwrap_or(end), end)
        }
        (Edge::Right, true, true) => (start, segment::next_grapheme(text, end)),
        (Edge::Right, true, false) => (start, segment::next_word(text, end)),
        (Edge::Right, false, true) => (start, segment::previous_grapheme(text, end)),
        (Edge::Right, false, false) => {
            let last = segment::words(text, range).map(TextRange::end).filter(|word| *word < end).last();
            (start, last.unwrap_or(start))
        }
    };
    text.range(start, end).ok().filter(|moved| *moved != range && !moved.is_empty())
}

fn add_fragment(session: &mut Session, id: &ItemId, range: TextRange) -> Outcome {
    let Some(span) = find(session, id) else { return Outcome::refused("Select the span to add to first") };
    let label = session.schema.resolve(span.label.as_str()).cloned();
    if label.as_ref().is_some_and(|label| !label.fragments) {
        let name = label.map_or_else(String::new, |label| label.name);
        return Outcome::refused(format!("{name} is marked in one piece: its label has no `fragments: true`"));
    }
    let Some(open) = &session.open else { return Outcome::default() };
    let range = if open.exact { range } else { segment::snap(open.text(), range, Snap::Words) };
    let mut ranges = span.ranges.as_slice().to_vec();
    ranges.push(range);
    match Ranges::new(ranges) {
        Ok(ranges) => change(session, id, "Add fragment", |span| span.ranges = ranges),
        Err(_) => Outcome::refused("This text belongs to the span already"),
    }
}

fn set_attribute(session: &mut Session, owner: &Owner, name: &str, value: Option<Value>) -> Outcome {
    let value = value.filter(|value| !value.is_null());
    let title = format!("Set {name}");
    let set = |attributes: &mut Attributes, value: Option<Value>| match value {
        Some(value) => attributes.insert(name.to_owned(), value),
        None => attributes.remove(name),
    };
    match owner {
        Owner::Span(id) => change(session, id, &title, |span| drop(set(&mut span.attributes, value))),
        Owner::Relation(id) => {
            let Some(before) = layer(session).and_then(|layer| layer.relations.get(id)).cloned() else {
                return Outcome::refused("This relation is no longer there");
            };
            let mut after = (*before).clone();
            set(&mut after.attributes, value);
            if after == *before {
                return Outcome::default();
            }
            let (mut edits, notice) = begin_work(session);
            let after = Some(Arc::new(after));
            edits.push(layer_edit(session, LayerEdit::Relation { before: Some(before), after }));
            finish(session, title, edits, None, notice, None)
        }
        Owner::Document => {
            let before = layer(session).and_then(|layer| layer.attributes.get(name)).cloned();
            if before == value {
                return Outcome::default();
            }
            let (mut edits, notice) = begin_work(session);
            edits.push(layer_edit(session, LayerEdit::Attribute { name: name.to_owned(), before, after: value }));
            finish(session, title, edits, None, notice, None)
        }
    }
}

fn choose_end(session: &mut Session, kind: &RelationId) -> Outcome {
    if let Some(linking) = session.linking.as_mut().filter(|linking| linking.kind == *kind) {
        linking.cycle();
    } else {
        let Some(kind) = session.schema.relation(kind) else { return Outcome::default() };
        let Some(open) = &session.open else { return Outcome::default() };
        match Linking::begin(&session.schema, open, kind) {
            Ok(linking) => session.linking = Some(linking),
            Err(why) => return Outcome::refused(why),
        }
    }
    let end = session.linking.as_ref().map(|linking| linking.end().clone());
    end.and_then(|end| find(session, &end)).map_or_else(Outcome::default, |span| Outcome::reveal(span.hull()))
}

fn link(session: &mut Session, kind: &RelationId, from: &ItemId, to: &ItemId) -> Outcome {
    let (Some(start), Some(end)) = (find(session, from), find(session, to)) else { return Outcome::refused(GONE) };
    if from == to {
        return Outcome::refused("A span cannot be linked to itself");
    }
    let Some(known) = session.schema.relation(kind).cloned() else {
        return Outcome::refused(format!("The schema has no relation “{kind}”"));
    };
    for (ends, span, word) in [(&known.from, &start, "starts"), (&known.to, &end, "ends")] {
        if !session.schema.accepts(ends, &span.label) {
            let allowed: Vec<&str> = ends.iter().map(LabelId::as_str).collect();
            return Outcome::refused(format!(
                "“{}” {word} at {}, not at {}",
                known.name,
                allowed.join(" or "),
                span.label
            ));
        }
    }
    let existing: Vec<Arc<Relation>> = layer(session)
        .into_iter()
        .flat_map(|layer| layer.relations.values())
        .filter(|relation| relation.kind == *kind && relation.from == *from)
        .cloned()
        .collect();
    if existing.iter().any(|relation| relation.to == *to) {
        return Outcome::refused("These two are linked so already");
    }
    let (mut edits, notice) = begin_work(session);
    // One more than allowed takes the place of the oldest: choosing another speaker is one gesture.
    let most = known.at_most.map_or(usize::MAX, |most| most as usize);
    let replaced = existing.len().saturating_sub(most.saturating_sub(1));
    for relation in existing.iter().take(replaced) {
        edits.push(layer_edit(session, LayerEdit::Relation { before: Some(relation.clone()), after: None }));
    }
    let mut relation = Relation::new(ItemId::from(session.clock.id()), kind.clone(), from.clone(), to.clone());
    for attribute in &known.attributes {
        if let Some(value) = &attribute.default {
            relation.attributes.insert(attribute.name.clone(), value.clone());
        }
    }
    let id = relation.id.clone();
    edits.push(layer_edit(session, LayerEdit::Relation { before: None, after: Some(Arc::new(relation)) }));
    let outcome = finish(session, format!("Link {}", known.name), edits, Some(from), notice, None);
    // Its own attributes are what comes next, where it has any.
    if outcome.transaction.is_some() {
        session.linking = None;
    }
    if let Some(open) = session.open.as_mut().filter(|_| outcome.transaction.is_some() && !known.attributes.is_empty())
    {
        open.relation = Some(id);
    }
    outcome
}

fn unlink(session: &mut Session, id: &ItemId) -> Outcome {
    let Some(relation) = layer(session).and_then(|layer| layer.relations.get(id)).cloned() else {
        return Outcome::refused("This relation is no longer there");
    };
    let name =
        session.schema.relation(&relation.kind).map_or_else(|| relation.kind.to_string(), |kind| kind.name.clone());
    let (mut edits, notice) = begin_work(session);
    edits.push(layer_edit(session, LayerEdit::Relation { before: Some(relation), after: None }));
    finish(session, format!("Unlink {name}"), edits, None, notice, None)
}

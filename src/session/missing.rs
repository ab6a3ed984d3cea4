//! What is still to be seen to before a document is finished: required attributes that are not set, spans that share text against the
//! rules of their labels. And going from one to the next while they are mended.

use super::asking;
use super::command::{Command, Outcome};
use super::marking;
use super::open::OpenDocument;
use super::session::Session;
use crate::annotation::{Attributes, ItemId, Layer, Span, check};
use crate::schema::{AttributeKind, LabelId, Schema};
use crate::text::TextRange;

/// One thing to see to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// A required attribute of a span is not set.
    Span { span: ItemId, name: String },
    /// One of a relation.
    Relation { relation: ItemId, from: ItemId, name: String },
    /// Two spans share text as their labels do not allow.
    Clash { span: ItemId, other: ItemId },
    /// A required attribute of the document is not set.
    Document { name: String },
}

/// Clashes are told up to here: where there are more, a rule is at fault and not a span.
const CLASHES: usize = 1_000;

/// All of them, in reading order; those of relations and of the document last. Linear in the layer.
pub fn gaps(schema: &Schema, layer: Option<&Layer>) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let mut clashes = layer.into_iter().flat_map(|layer| check::clashes(schema, layer)).take(CLASHES).peekable();
    for span in layer.into_iter().flat_map(|layer| layer.spans.iter()) {
        if let Some(label) = schema.resolve(span.label.as_str()) {
            let missing = check::missing(&label.attributes, &span.attributes);
            gaps.extend(missing.map(|attribute| Gap::Span { span: span.id.clone(), name: attribute.name.clone() }));
        }
        while let Some((outer, inner, _)) = clashes.next_if(|(outer, ..)| outer.id == span.id) {
            gaps.push(Gap::Clash { span: inner.id.clone(), other: outer.id.clone() });
        }
    }
    for relation in layer.into_iter().flat_map(|layer| layer.relations.values()) {
        let known = schema.resolve_relation(relation.kind.as_str());
        let missing = known.into_iter().flat_map(|kind| check::missing(&kind.attributes, &relation.attributes));
        gaps.extend(missing.map(|attribute| Gap::Relation {
            relation: relation.id.clone(),
            from: relation.from.clone(),
            name: attribute.name.clone(),
        }));
    }
    let none = Attributes::new();
    let given = layer.map_or(&none, |layer| &layer.attributes);
    gaps.extend(
        check::missing(&schema.document, given).map(|attribute| Gap::Document { name: attribute.name.clone() }),
    );
    gaps
}

/// A span with a required attribute that is not set.
pub fn is_incomplete(schema: &Schema, span: &Span) -> bool {
    let label = schema.resolve(span.label.as_str());
    label.is_some_and(|label| check::missing(&label.attributes, &span.attributes).next().is_some())
}

impl Gap {
    /// The span to look at.
    pub fn span(&self) -> Option<&ItemId> {
        match self {
            Self::Span { span, .. } | Self::Clash { span, .. } => Some(span),
            Self::Relation { from, .. } => Some(from),
            Self::Document { .. } => None,
        }
    }

    /// What is wrong, for a row that shows the span beside it.
    pub fn words(&self, schema: &Schema, layer: Option<&Layer>) -> String {
        let label = |id: &ItemId| {
            let span = layer.and_then(|layer| layer.span(id));
            span.map_or_else(String::new, |span| name(schema, &span.label).to_owned())
        };
        match self {
            Self::Span { name, .. } | Self::Document { name } => format!("no {name}"),
            Self::Relation { relation, name, .. } => {
                let relation = layer.and_then(|layer| layer.relations.get(relation));
                let kind = relation.and_then(|relation| schema.resolve_relation(relation.kind.as_str()));
                format!("{} has no {name}", kind.map_or("its relation", |kind| kind.name.as_str()))
            }
            Self::Clash { other, .. } => format!("may not share text with {}", label(other)),
        }
    }

    /// Where it stands in reading order.
    fn place(&self, layer: Option<&Layer>) -> Option<TextRange> {
        Some(layer?.span(self.span()?)?.hull())
    }
}

fn name<'a>(schema: &'a Schema, label: &'a LabelId) -> &'a str {
    schema.resolve(label.as_str()).map_or(label.as_str(), |label| label.name.as_str())
}

/// `2 spans have no type`, one sentence for each kind of thing, in the order they first come.
pub fn summary(gaps: &[Gap]) -> Vec<String> {
    let mut kinds: Vec<(&str, &str, usize)> = Vec::new();
    for gap in gaps {
        let (kind, name) = match gap {
            Gap::Span { name, .. } => ("span", name.as_str()),
            Gap::Relation { name, .. } => ("relation", name.as_str()),
            Gap::Clash { .. } => ("clash", ""),
            Gap::Document { name } => ("document", name.as_str()),
        };
        match kinds.iter_mut().find(|known| (known.0, known.1) == (kind, name)) {
            Some(known) => known.2 += 1,
            None => kinds.push((kind, name, 1)),
        }
    }
    let sentence = |(kind, name, count): (&str, &str, usize)| match (kind, count) {
        ("document", _) => format!("The document has no {name}"),
        ("clash", 1) => "1 span shares text against the rules".to_owned(),
        ("clash", count) => format!("{count} spans share text against the rules"),
        (kind, 1) => format!("1 {kind} has no {name}"),
        (kind, count) => format!("{count} {kind}s have no {name}"),
    };
    kinds.into_iter().map(sentence).collect()
}

impl Session {
    /// What is missing in the layer that is shown.
    pub fn gaps(&self) -> Vec<Gap> {
        let Some(open) = &self.open else { return Vec::new() };
        gaps(&self.schema, open.shown())
    }

    /// The gap that is being mended.
    pub fn mending(&self) -> Option<&Gap> {
        self.mending.as_ref()
    }

    /// Something is missing that should be seen to before the document is finished.
    pub fn wants_check(&self) -> bool {
        let done = self.open.as_ref().and_then(OpenDocument::shown).is_some_and(|layer| {
            matches!(layer.status, crate::annotation::Status::Finished | crate::annotation::Status::Skipped)
        });
        self.checks && !done && self.editable().is_ok() && !self.gaps().is_empty()
    }
}

/// Goes to a gap: its span is selected, and the attribute asked for.
pub(super) fn mend(session: &mut Session, gap: Gap) -> Outcome {
    session.asking = None;
    let outcome = match (&gap, gap.span()) {
        (Gap::Relation { relation, .. }, _) => session.run(Command::SelectRelation(Some(relation.clone()))),
        (_, Some(span)) => marking::select(session, &span.clone()),
        (_, None) => {
            if let Some(open) = &mut session.open {
                open.span = None;
            }
            Outcome::default()
        }
    };
    if let Gap::Span { name, .. } | Gap::Relation { name, .. } | Gap::Document { name } = &gap {
        asking::ask_for(session, name);
    }
    session.mending = Some(gap);
    outcome
}

/// Goes to the next gap after the caret or the selected span (or to the one before), around at the ends.
pub(super) fn next(session: &mut Session, forward: bool) -> Outcome {
    let gaps = session.gaps();
    let Some(open) = &session.open else { return Outcome::default() };
    if gaps.is_empty() {
        return Outcome::default().tell("Nothing is missing", false);
    }
    let layer = open.shown();
    let here = session.selected_span().map_or((open.caret, None), |span| (span.hull().start(), Some(&span.id)));
    // Of two at one place each span comes once.
    let key = |gap: &Gap| gap.place(layer).map_or(usize::MAX, TextRange::start);
    let now = gaps.iter().position(|gap| here.1.is_some() && gap.span() == here.1);
    let found = match (forward, now) {
        (true, Some(now)) => {
            let next = gaps[now..].iter().position(|gap| gap.span() != here.1).map(|after| now + after);
            next.or(Some(0))
        }
        (true, None) => gaps.iter().position(|gap| key(gap) >= here.0).or(Some(0)),
        (false, Some(now)) => now.checked_sub(1).or(Some(gaps.len() - 1)),
        (false, None) => gaps.iter().rposition(|gap| key(gap) < here.0).or(Some(gaps.len() - 1)),
    };
    match found {
        Some(found) => mend(session, gaps[found].clone()),
        None => Outcome::default(),
    }
}

/// Commands after which mending goes on: those that mend, and those that ask.
pub(super) fn goes_on(command: &Command) -> bool {
    matches!(
        command,
        Command::SetAttribute { .. }
            | Command::Answer(_)
            | Command::Ask
            | Command::Remove(_)
            | Command::Relabel { .. }
            | Command::Mark(_)
            | Command::Resize { .. }
            | Command::MoveEdge { .. }
            | Command::Unlink(_)
            | Command::SetNote { .. }
            | Command::Save
    )
}

/// More values may be chosen where several are allowed: the one who answers says when it is enough.
pub(super) fn waits(session: &Session, command: &Command) -> bool {
    let asked = session.asking.and_then(|asking| asking::asked(session).get(asking.at).copied());
    matches!(command, Command::Answer(_)) && asked.is_some_and(|asked| matches!(asked.kind, AttributeKind::AnyOf(_)))
}

/// After a command: where the gap is mended, on to the next one.
pub(super) fn follow(session: &mut Session, gap: Gap, outcome: &mut Outcome) {
    let gaps = session.gaps();
    if gaps.contains(&gap) {
        session.mending = Some(gap);
        return;
    }
    session.asking = None;
    let place = gap.place(session.open.as_ref().and_then(OpenDocument::shown));
    let from = place.map(TextRange::start).or_else(|| session.open.as_ref().map(|open| open.caret)).unwrap_or(0);
    let layer = session.open.as_ref().and_then(OpenDocument::shown);
    let next = gaps.iter().find(|gap| gap.place(layer).is_none_or(|place| place.start() >= from)).or(gaps.first());
    match next.cloned() {
        Some(next) => outcome.reveal = mend(session, next).reveal,
        None => *outcome = std::mem::take(outcome).tell("Nothing is missing any more", false),
    }
}

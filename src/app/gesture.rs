//! What the pointer's doings on the page mean: [`Gesture`] turns [`PageEvent`]s into commands, and shows beforehand what they
//! would mark.

use std::ops::Range;

use egui::{Color32, Modifiers, PointerButton, Pos2};

use super::extent::{resized, snapped, span_of, stretched, unit_of};
use super::marks::Numbers;
use super::overlays::Kinds;
use super::parts;
use super::reading::{Grip, Hit, MarginPhase, PageEvent, Side};
use super::request::Ask;
use super::theme::Theme;
use super::view::{Overlay, Pane};
use crate::annotation::ItemId;
use crate::schema::{LabelId, Snap};
use crate::session::{Action, Command, Linking, OpenDocument, Possible, Session, linking};
use crate::text::TextRange;
use crate::text::segment::{self, Snap as Unit};

/// The press that is under way, and the last one: for stacked spans.
#[derive(Debug, Default)]
pub struct Gesture {
    press: Option<Press>,
    /// The grapheme clicked last, and which span that selected.
    clicked: Option<(usize, ItemId)>,
    pub preview: Option<Preview>,
}

/// What a release would do, drawn while the pointer moves.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    pub range: TextRange,
    /// Whose colour it has; none: a selection.
    pub label: Option<LabelId>,
}

#[derive(Clone, Debug)]
enum Press {
    /// Selecting text, from what the press took.
    Text {
        from: Range<usize>,
        unit: Unit,
        hit: Hit,
        moved: bool,
        shift: bool,
    },
    /// A further fragment of a span.
    Fragment {
        span: Option<ItemId>,
        from: Range<usize>,
        moved: bool,
    },
    /// One end of a fragment.
    Edge {
        span: ItemId,
        fragment: usize,
        side: Side,
    },
    /// A relation, from the handle of a span to the span under the pointer, if it may be the other end.
    Link {
        from: ItemId,
        to: Option<ItemId>,
        place: Range<usize>,
    },
    Margin,
}

impl Gesture {
    pub fn preview_colour(&self, session: &Session, theme: &Theme) -> Option<(Range<usize>, Color32)> {
        let preview = self.preview.as_ref()?;
        let colour = preview.label.as_ref().map_or(theme.accent, |label| parts::colour(&session.schema, label, theme));
        Some((preview.range.start()..preview.range.end(), colour))
    }

    /// The relation that is being drawn: from which span, to which, and the text under the pointer.
    pub fn linking(&self) -> Option<(&ItemId, Option<&ItemId>, &Range<usize>)> {
        match &self.press {
            Some(Press::Link { from, to, place }) => Some((from, to.as_ref(), place)),
            _ => None,
        }
    }

    /// What a relation between the two spans could be called.
    pub fn kinds(&self, session: &Session) -> Option<String> {
        let (from, to, _) = self.linking()?;
        let mut names: Vec<&str> = Vec::new();
        for possible in between(session, from, to?) {
            names.extend(session.schema.relation(&possible.kind).map(|kind| kind.name.as_str()));
        }
        Some(names.join(" · "))
    }

    /// What is drawn of it, to see whether it changed.
    pub fn drawn(&self) -> (Option<Preview>, Option<Range<usize>>) {
        (self.preview.clone(), self.linking().map(|(.., place)| place.clone()))
    }

    pub fn holds(&self) -> bool {
        self.press.is_some()
    }

    /// Lets go of what the pointer holds. `false`: it held nothing.
    pub fn cancel(&mut self) -> bool {
        self.preview = None;
        self.press.take().is_some()
    }

    /// Takes one event of the page.
    pub fn take(&mut self, event: PageEvent, session: &Session, numbers: &Numbers, asks: &mut Vec<Ask>) {
        let Some(open) = &session.open else { return };
        match event {
            PageEvent::Pressed { hit, button: PointerButton::Primary, clicks, modifiers } => {
                asks.extend([Ask::CloseOverlay, Ask::Focus(Pane::Page)]);
                self.press(hit, clicks, modifiers, session, numbers);
                self.follow(session, numbers, modifiers, None);
            }
            PageEvent::Pressed { hit, button: PointerButton::Secondary, .. } => {
                asks.push(Ask::Focus(Pane::Page));
                offer(&hit, session, numbers, asks);
            }
            PageEvent::Dragged { hit, modifiers } => self.follow(session, numbers, modifiers, Some(&hit)),
            PageEvent::Released { hit, button: PointerButton::Primary, modifiers } => {
                self.release(&hit, modifiers, session, numbers, asks);
            }
            PageEvent::Margin { lines, phase, .. } => self.margin(&lines, phase, open, session, asks),
            PageEvent::Selected { anchor, focus } => asks.extend([
                Ask::Run(Command::Caret { to: anchor, extend: false }),
                Ask::Run(Command::Caret { to: focus, extend: true }),
            ]),
            PageEvent::Chosen(number) => {
                asks.extend(numbers.id(number).map(|id| Ask::Run(Command::SelectSpan(Some(id.clone())))));
            }
            PageEvent::Unfold(_) => asks.push(Ask::Focus(Pane::Page)),
            PageEvent::Pressed { .. } | PageEvent::Released { .. } => {}
        }
    }

    fn press(&mut self, hit: Hit, clicks: u8, modifiers: Modifiers, session: &Session, numbers: &Numbers) {
        let Some(open) = &session.open else { return };
        let point = hit.offset..hit.offset;
        let edge = hit.edge.filter(|_| clicks == 1 && session.linking().is_none());
        self.press = Some(
            if hit.handle
                && clicks == 1
                && let Some(from) = &open.span
            {
                Press::Link { from: from.clone(), to: None, place: hit.grapheme }
            } else if let Some(Grip { mark, fragment, side }) = edge
                && let Some(span) = numbers.id(mark)
            {
                Press::Edge { span: span.clone(), fragment, side }
            } else if modifiers.command {
                Press::Fragment {
                    span: open.span.clone().or_else(|| open.last_span.clone()),
                    from: point,
                    moved: false,
                }
            } else {
                let unit = match clicks {
                    2 => Unit::Words,
                    3 => Unit::Sentences,
                    4 => Unit::Lines,
                    _ => Unit::Graphemes,
                };
                let whole = (clicks > 1).then(|| segment::unit_at(open.text(), hit.grapheme.start, unit)).flatten();
                let from = whole.map_or(point, |whole| whole.start()..whole.end());
                Press::Text { from, unit, hit, moved: clicks > 1, shift: modifiers.shift && clicks == 1 }
            },
        );
    }

    /// What a release here would do.
    fn follow(&mut self, session: &Session, numbers: &Numbers, modifiers: Modifiers, to: Option<&Hit>) {
        let Some(open) = &session.open else { return };
        let armed = session.armed().cloned();
        self.preview = match &mut self.press {
            Some(Press::Text { from, unit, moved, shift, hit }) => {
                *moved |= to.is_some_and(|to| to.offset != hit.offset);
                if !*moved && !*shift {
                    None
                } else {
                    let from = if *shift { open.anchor..open.anchor } else { from.clone() };
                    let range = stretched(open.text(), &from, to.unwrap_or(hit), *unit);
                    let snap = if *unit == Unit::Graphemes { unit_of(session, armed.as_ref()) } else { *unit };
                    let range = if modifiers.alt { range } else { snapped(open.text(), range, snap) };
                    range.map(|range| Preview { range, label: armed })
                }
            }
            Some(Press::Fragment { span, from, moved }) => {
                *moved |= to.is_some();
                let range = to.and_then(|to| stretched(open.text(), from, to, Unit::Graphemes));
                let range = if modifiers.alt { range } else { snapped(open.text(), range, Unit::Words) };
                let label = span.as_ref().and_then(|id| span_of(open, id)).map(|span| span.label.clone());
                range.map(|range| Preview { range, label })
            }
            Some(Press::Edge { span, fragment, side }) => to.filter(|_| session.editable().is_ok()).and_then(|to| {
                let found = span_of(open, span)?;
                let range = resized(session, open, found, *fragment, *side, to.offset, modifiers.alt)?;
                Some(Preview { range, label: Some(found.label.clone()) })
            }),
            Some(Press::Link { from, to: end, place }) => {
                if let Some(to) = to {
                    let under = to.marks.iter().filter_map(|number| numbers.id(*number));
                    *end = under.into_iter().find(|id| !between(session, from, id).is_empty()).cloned();
                    *place = to.grapheme.clone();
                }
                None
            }
            Some(Press::Margin) | None => self.preview.take(),
        };
    }

    fn release(&mut self, to: &Hit, modifiers: Modifiers, session: &Session, numbers: &Numbers, asks: &mut Vec<Ask>) {
        let (press, preview) = (self.press.take(), self.preview.take());
        let Some(open) = &session.open else { return };
        match press {
            Some(Press::Text { hit, moved: false, shift: false, .. }) => match session.linking() {
                Some(linking) => fix(&hit, linking, open, numbers, asks),
                None => self.click(&hit, open, numbers, asks),
            },
            Some(Press::Text { unit, .. }) => {
                let Some(Preview { range, label }) = preview.filter(|preview| !preview.range.is_empty()) else {
                    return;
                };
                let exact = modifiers.alt || unit == Unit::Lines;
                self.clicked = None;
                asks.push(Ask::Run(match label {
                    Some(label) => Command::MarkRange { label, range, exact },
                    None => Command::Select { range, exact },
                }));
            }
            Some(Press::Fragment { span, moved, .. }) => {
                let range = preview.map(|preview| preview.range).filter(|_| moved);
                if let (Some(span), Some(range)) = (span, range) {
                    asks.extend([
                        Ask::Run(Command::Select { range, exact: true }),
                        Ask::Run(Command::AddFragment { span, range }),
                    ]);
                } else if let Some(range) = range {
                    asks.push(Ask::Run(Command::Select { range, exact: modifiers.alt }));
                }
            }
            Some(Press::Edge { span, fragment, side }) => {
                let resized = span_of(open, &span)
                    .and_then(|found| resized(session, open, found, fragment, side, to.offset, modifiers.alt));
                // In a layer of somebody else there is no preview, and the session says why.
                match resized.filter(|_| preview.is_some() || session.editable().is_err()) {
                    Some(range) => asks.push(Ask::Run(Command::Resize { span, fragment, range })),
                    None => asks.push(Ask::Run(Command::SelectSpan(Some(span)))),
                }
            }
            Some(Press::Link { from, to: Some(end), .. }) => {
                let mut options = between(session, &from, &end);
                match options.len() {
                    0 => {}
                    1 => {
                        let Possible { kind, from, to } = options.remove(0);
                        asks.push(Ask::Run(Command::Link { kind, from, to }));
                    }
                    _ => asks.push(Ask::Open(Overlay::Kinds(Kinds::new(to.pos + egui::vec2(0.0, 8.0), options)))),
                }
            }
            Some(Press::Link { to: None, .. } | Press::Margin) | None => {}
        }
    }

    /// A click puts the caret there; on spans it selects the innermost, and one further out each time.
    fn click(&mut self, hit: &Hit, open: &OpenDocument, numbers: &Numbers, asks: &mut Vec<Ask>) {
        let stack: Vec<&ItemId> = hit.marks.iter().filter_map(|number| numbers.id(*number)).collect();
        let again =
            self.clicked.as_ref().filter(|(place, id)| *place == hit.grapheme.start && open.span.as_ref() == Some(id));
        let next = match again.and_then(|(_, id)| stack.iter().position(|known| *known == id)) {
            Some(place) => stack.get(place + 1).copied(),
            None => stack.first().copied(),
        };
        self.clicked = next.map(|id| (hit.grapheme.start, id.clone()));
        asks.push(Ask::Run(Command::Caret { to: hit.offset, extend: false }));
        if let Some(id) = next {
            asks.push(Ask::Run(Command::SelectSpan(Some(id.clone()))));
        }
    }

    /// Whole lines: marked with an armed label, or with the last one if it takes lines; else selected.
    fn margin(
        &mut self,
        lines: &Range<usize>,
        phase: MarginPhase,
        open: &OpenDocument,
        session: &Session,
        asks: &mut Vec<Ask>,
    ) {
        let takes_lines = |label: &&LabelId| session.schema.label(label).is_some_and(|label| label.snap == Snap::Lines);
        let last = session.last_label().filter(takes_lines).filter(|_| session.editable().is_ok());
        let label = session.armed().or(last).cloned();
        let range = snapped(open.text(), open.text().range(lines.start, lines.end).ok(), Unit::Lines);
        if phase != MarginPhase::Released {
            self.press = Some(Press::Margin);
            self.preview = range.map(|range| Preview { range, label });
            return;
        }
        self.press = None;
        self.preview = None;
        asks.push(Ask::Focus(Pane::Page));
        let Some(range) = range.filter(|range| !range.is_empty()) else { return };
        asks.push(Ask::Run(match label {
            Some(label) => Command::MarkRange { label, range, exact: true },
            None => Command::Select { range, exact: true },
        }));
    }
}

/// A click while the other end of a relation is being chosen: on a span it fixes that end, or says why it cannot be; elsewhere it leaves.
fn fix(hit: &Hit, linking: &Linking, open: &OpenDocument, numbers: &Numbers, asks: &mut Vec<Ask>) {
    let mut under = hit.marks.iter().filter_map(|number| numbers.id(*number)).filter(|id| **id != linking.from);
    let chosen = under.clone().find(|id| linking.allows(id)).or_else(|| under.next());
    if let Some(to) = chosen {
        let (kind, from) = (linking.kind.clone(), linking.from.clone());
        asks.push(Ask::Run(Command::Link { kind, from, to: to.clone() }));
        return;
    }
    asks.push(Ask::Act(Action::Escape));
    // What was selected stays so where the click was on it.
    if hit.marks.is_empty() {
        asks.push(Ask::Run(Command::Caret { to: hit.offset, extend: false }));
    } else {
        asks.push(Ask::Run(Command::SelectSpan(open.span.clone())));
    }
}

/// The relations that may be made between two spans.
fn between(session: &Session, from: &ItemId, to: &ItemId) -> Vec<Possible> {
    let layer = session.open.as_ref().and_then(|open| open.shown());
    let Some(layer) = layer else { return Vec::new() };
    match (layer.span(from), layer.span(to)) {
        (Some(one), Some(other)) => linking::possible(&session.schema, layer, one, other),
        _ => Vec::new(),
    }
}

/// Right click: labels for what is selected, else for the span there, else for the word.
fn offer(hit: &Hit, session: &Session, numbers: &Numbers, asks: &mut Vec<Ask>) {
    let Some(open) = &session.open else { return };
    let place: Pos2 = hit.pos;
    let in_selection = open.selection().is_some_and(|range| range.start() <= hit.offset && hit.offset <= range.end());
    if !in_selection {
        let stack: Vec<&ItemId> = hit.marks.iter().filter_map(|number| numbers.id(*number)).collect();
        let selected = stack.iter().find(|id| open.span.as_ref() == Some(**id));
        if let Some(id) = selected.or(stack.first()) {
            asks.push(Ask::Run(Command::SelectSpan(Some((*id).clone()))));
        } else if let Some(range) = segment::unit_at(open.text(), hit.grapheme.start, Unit::Words) {
            asks.push(Ask::Run(Command::Select { range, exact: false }));
        } else {
            asks.push(Ask::Act(Action::Escape));
            return;
        }
    }
    asks.push(Ask::Open(Overlay::Picker(place)));
}

//! The list of a document's relations: found by words and by kind; Enter goes to one.

use std::collections::BTreeMap;

use egui::{EventFilter, Rect, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use super::super::parts::{self, ROW};
use super::super::reading::Line;
use super::super::request::Ask;
use super::super::theme::Theme;
use super::super::view::ids;
use super::super::work::Draw;
use super::super::{fonts, reading};
use super::{At, float};
use crate::annotation::ItemId;
use crate::schema::RelationId;
use crate::session::keymap::{Chord, Key};
use crate::session::{Command, OpenDocument, Session};

/// What is being looked for, and what was found.
#[derive(Debug, Default)]
pub struct Relations {
    words: String,
    /// Of this kind only.
    kind: Option<RelationId>,
    /// What `found` was made for: words, kind, revision of the layer.
    made_for: Option<(String, Option<RelationId>, u64)>,
    found: Vec<Row>,
    /// Relations of the document, and how many there are of each kind, in the order of the schema.
    total: usize,
    kinds: Vec<(RelationId, String, usize)>,
    chosen: usize,
    moved: bool,
}

#[derive(Clone, Debug)]
struct Row {
    id: ItemId,
    name: String,
    from: String,
    to: String,
}

impl Relations {
    /// Arrows choose, Enter goes there, Tab goes from kind to kind.
    pub fn key(&mut self, session: &Session, chord: Chord) -> Option<Vec<Ask>> {
        self.find(session);
        let last = self.found.len().saturating_sub(1);
        match chord.key {
            Key::Up => self.chosen = self.chosen.checked_sub(1).unwrap_or(last),
            Key::Down => self.chosen = if self.chosen >= last { 0 } else { self.chosen + 1 },
            Key::PageUp => self.chosen = self.chosen.saturating_sub(10),
            Key::PageDown => self.chosen = (self.chosen + 10).min(last),
            Key::Tab => self.turn(!chord.shift),
            Key::Enter => return Some(self.found.get(self.chosen).map(Row::go).unwrap_or_default()),
            _ => return None,
        }
        self.moved = true;
        Some(Vec::new())
    }

    /// The next kind that there is, around; before the first of them, all.
    fn turn(&mut self, forward: bool) {
        let places = self.kinds.len() + 1;
        let at = self.kinds.iter().position(|(kind, ..)| Some(kind) == self.kind.as_ref()).map_or(0, |at| at + 1);
        let next = (at + if forward { 1 } else { places - 1 }) % places;
        self.kind = next.checked_sub(1).map(|at| self.kinds[at].0.clone());
        self.chosen = 0;
    }

    pub fn show(&mut self, ui: &Ui, draw: &mut Draw<'_>) -> bool {
        let theme = draw.theme;
        let height = (ui.ctx().content_rect().height() - 240.0).clamp(120.0, 420.0);
        self.find(draw.session);
        let (asks, stays) = float(ui, "relations", &At::Top, 620.0, theme, |ui| {
            let width = ui.available_width();
            let hint = "Relations of this document";
            let name = "Look for a relation by its words";
            if parts::field(ui, ids::overlay(), &mut self.words, hint, name, width, theme).changed() {
                (self.chosen, self.moved) = (0, true);
            }
            // Tab goes from kind to kind, not away.
            let keep = EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: true };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(ids::overlay(), keep));
            ui.add_space(8.0);
            self.kinds(ui, theme);
            self.find(draw.session);
            if self.found.is_empty() {
                self.nothing(ui, theme);
                return Vec::new();
            }
            let mut asks = Vec::new();
            let rows = ScrollArea::vertical().max_height(height).auto_shrink([false, true]);
            let rows = if std::mem::take(&mut self.moved) {
                let top = self.chosen as f32 * ROW;
                rows.vertical_scroll_offset((top - height / 2.0).max(0.0))
            } else {
                rows
            };
            rows.show_rows(ui, ROW, self.found.len(), |ui, range| {
                for index in range {
                    let chosen = index == self.chosen;
                    let row = &self.found[index];
                    let (rect, response) = parts::row(ui, ROW, chosen, 0.0, theme);
                    row.draw(ui, rect, &mut draw.reading.borrow_mut(), theme);
                    let name = format!("{}: {} → {}", row.name, row.from, row.to);
                    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, chosen, &name));
                    if response.clicked() {
                        asks = row.go();
                    }
                }
            });
            asks
        });
        draw.asks.extend(asks);
        stays
    }

    /// The kinds as chips; a click shows that kind alone, another one all again.
    fn kinds(&mut self, ui: &mut Ui, theme: &Theme) {
        if self.kinds.len() < 2 {
            return;
        }
        let mut turned = None;
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
            let all = (None, "All".to_owned(), self.total);
            let kinds = self.kinds.iter().map(|(id, name, count)| (Some(id.clone()), name.clone(), *count));
            for (kind, name, count) in std::iter::once(all).chain(kinds) {
                let chosen = self.kind == kind;
                let words = format!("{name} {count}");
                let colour = if chosen { theme.text } else { theme.secondary };
                let galley = parts::line(ui, &words, fonts::medium(12.5), colour, 180.0);
                let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 16.0, 24.0), Sense::click());
                parts::back(ui, rect, &response, chosen, theme);
                parts::put(ui.painter(), rect.left_center() + vec2(8.0, 0.0), galley);
                response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, &words));
                if response.clicked() {
                    turned = Some(kind);
                }
            }
        });
        if let Some(kind) = turned {
            (self.kind, self.chosen, self.moved) = (kind, 0, true);
        }
        ui.add_space(6.0);
    }

    fn nothing(&self, ui: &mut Ui, theme: &Theme) {
        let words = if self.total == 0 {
            "No relations yet. Select a span and press a relation’s letter, or drag from the ring at its end"
        } else {
            "No relation has these words"
        };
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
        let left = rect.left_center() + vec2(8.0, 0.0);
        parts::text(ui, left, words, fonts::regular(13.0), theme.secondary, rect.width() - 16.0);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    }

    /// In reading order of the spans they start at.
    fn find(&mut self, session: &Session) {
        let Some(open) = &session.open else { return };
        let made_for = (self.words.clone(), self.kind.clone(), open.revision);
        if self.made_for.as_ref() == Some(&made_for) {
            return;
        }
        self.made_for = Some(made_for);
        let words = self.words.trim().to_lowercase();
        let mut counts: Vec<usize> = vec![0; session.schema.relations.len()];
        let mut unknown: Vec<(RelationId, usize)> = Vec::new();
        let mut placed = Vec::new();
        let relations = open.shown().map(|layer| &layer.relations);
        self.total = relations.map_or(0, BTreeMap::len);
        for relation in relations.into_iter().flat_map(|relations| relations.values()) {
            let kind = session.schema.resolve_relation(relation.kind.as_str());
            let known = kind.and_then(|kind| session.schema.relations.iter().position(|other| other.id == kind.id));
            match known {
                Some(at) => counts[at] += 1,
                None => match unknown.iter_mut().find(|(id, _)| *id == relation.kind) {
                    Some((_, count)) => *count += 1,
                    None => unknown.push((relation.kind.clone(), 1)),
                },
            }
            let id = kind.map_or(&relation.kind, |kind| &kind.id);
            if self.kind.as_ref().is_some_and(|wanted| wanted != id) {
                continue;
            }
            let name = kind.map_or(relation.kind.as_str(), |kind| kind.name.as_str()).to_owned();
            let (start, from) = words_of(open, &relation.from);
            let (_, to) = words_of(open, &relation.to);
            let row = Row { id: relation.id.clone(), name, from, to };
            if words.is_empty() || row.has(&words) {
                placed.push((start, row));
            }
        }
        placed.sort_by_key(|(start, _)| *start);
        self.found = placed.into_iter().map(|(_, row)| row).collect();
        let known = session.schema.relations.iter().zip(counts).filter(|(_, count)| *count > 0);
        let known = known.map(|(kind, count)| (kind.id.clone(), kind.name.clone(), count));
        let unknown = unknown.into_iter().map(|(id, count)| (id.clone(), id.to_string(), count));
        self.kinds = known.chain(unknown).collect();
        self.chosen = self.chosen.min(self.found.len().saturating_sub(1));
    }
}

/// Where a span begins, and its words.
fn words_of(open: &OpenDocument, id: &ItemId) -> (usize, String) {
    let span = open.shown().and_then(|layer| layer.span(id));
    span.map_or((usize::MAX, "a span that is gone".to_owned()), |span| {
        (span.hull().start(), parts::excerpt(&span.ranges.quote(open.text()), 80))
    })
}

impl Row {
    fn has(&self, words: &str) -> bool {
        [&self.name, &self.from, &self.to].iter().any(|text| text.to_lowercase().contains(words))
    }

    fn go(&self) -> Vec<Ask> {
        vec![
            Ask::CloseOverlay,
            Ask::Run(Command::SelectSpan(None)),
            Ask::Run(Command::SelectRelation(Some(self.id.clone()))),
        ]
    }

    /// Kind, then the words of both ends.
    fn draw(&self, ui: &Ui, rect: Rect, letters: &mut reading::Reading, theme: &Theme) {
        let (left, middle) = (rect.left() + 8.0, rect.center().y);
        parts::text(ui, pos2(left, middle), &self.name, fonts::regular(13.0), theme.secondary, 100.0);
        let from = left + 110.0;
        let room = (rect.right() - 8.0 - from - 28.0).max(0.0);
        let first = Line::new(&self.from, 13.0, theme.text, room * 0.6).show(ui, letters, pos2(from, middle));
        let arrow = first.right() + 8.0;
        parts::text(ui, pos2(arrow, middle), "→", fonts::regular(13.0), theme.secondary, 16.0);
        let to = arrow + 22.0;
        Line::new(&self.to, 13.0, theme.text, rect.right() - 8.0 - to).show(ui, letters, pos2(to, middle));
    }
}

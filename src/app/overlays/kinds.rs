//! Asks which relation is meant, where two spans may have several: a short list with digits.

use egui::{Pos2, Role, Ui, WidgetInfo, vec2};

use super::super::fonts;
use super::super::parts;
use super::super::reading::Line;
use super::super::request::Ask;
use super::super::work::Draw;
use super::{At, float};
use crate::schema::KeyTarget;
use crate::session::keymap::{Chord, Key};
use crate::session::{Command, Possible, Session};

/// The relations to choose from, and where the list stands.
#[derive(Debug)]
pub struct Kinds {
    place: Pos2,
    options: Vec<Possible>,
    cursor: usize,
}

impl Kinds {
    pub fn new(place: Pos2, options: Vec<Possible>) -> Self {
        Self { place, options, cursor: 0 }
    }

    /// A digit or the relation's own letter chooses; arrows and Enter do too.
    pub fn key(&mut self, session: &Session, chord: Chord) -> Option<Vec<Ask>> {
        if chord.ctrl || chord.alt || chord.shift {
            return None;
        }
        let last = self.options.len().checked_sub(1)?;
        let chosen = match chord.key {
            Key::Up => {
                self.cursor = self.cursor.checked_sub(1).unwrap_or(last);
                return Some(Vec::new());
            }
            Key::Down => {
                self.cursor = if self.cursor == last { 0 } else { self.cursor + 1 };
                return Some(Vec::new());
            }
            Key::Enter => self.cursor,
            Key::Char(digit @ '1'..='9') => (digit as usize) - ('1' as usize),
            Key::Char(key) => match session.schema.with_key(key)? {
                KeyTarget::Relation(kind) => self.options.iter().position(|option| option.kind == kind)?,
                KeyTarget::Label(_) => return None,
            },
            _ => return None,
        };
        Some(vec![Ask::CloseOverlay, make(self.options.get(chosen)?)])
    }

    pub fn show(&self, ui: &Ui, draw: &mut Draw<'_>) -> bool {
        let (session, theme) = (draw.session, draw.theme);
        let (chosen, stays) = float(ui, "kinds", &At::Point(self.place), 240.0, theme, |ui| {
            let mut chosen = None;
            for (index, option) in self.options.iter().enumerate() {
                let kind = session.schema.relation(&option.kind);
                let name = kind.map_or(option.kind.as_str(), |kind| kind.name.as_str());
                let end = session.open.as_ref().and_then(|open| {
                    let span = open.shown()?.span(&option.to)?;
                    Some(parts::excerpt(&span.ranges.quote(open.text()), 40))
                });
                let end = end.unwrap_or_default();
                let (rect, response) = parts::row(ui, 26.0, index == self.cursor, 0.0, theme);
                let left = rect.left_center() + vec2(8.0, 0.0);
                let used = parts::text(ui, left, name, fonts::medium(13.0), theme.text, 110.0);
                let right = rect.right() - 30.0;
                let at = left + vec2(used + 8.0, 0.0);
                let words = format!("→ {end}");
                let line = Line::new(&words, 13.0, theme.secondary, right - at.x);
                line.show(ui, &mut draw.reading.borrow_mut(), at);
                if index < 9 {
                    parts::cap(ui, rect.right_center() - vec2(6.0, 0.0), &(index + 1).to_string(), theme);
                }
                response.widget_info(|| WidgetInfo::labeled(Role::MenuItem, true, format!("{name}: {end}")));
                if response.clicked() {
                    chosen = Some(option);
                }
            }
            chosen
        });
        match chosen {
            Some(option) => {
                draw.asks.extend([Ask::CloseOverlay, make(option)]);
                true
            }
            None => stays,
        }
    }
}

fn make(option: &Possible) -> Ask {
    let Possible { kind, from, to } = option.clone();
    Ask::Run(Command::Link { kind, from, to })
}

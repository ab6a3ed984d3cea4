//! The status bar: what is saved, who I am, how many spans, where the selection is; at the right the keys that help now.

use egui::{Frame, Panel, Sense, Stroke, Ui, pos2};

use super::super::fonts;
use super::super::parts::{self, PAD};
use super::super::view::{Spot, View};
use super::super::work::Draw;
use super::inspector::offsets;
use crate::session::keymap::{Chord, Context as KeyContext, Key};
use crate::session::{Action, OpenDocument, Session};
use crate::text::wording;

pub fn show(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut View) {
    let bar = Panel::bottom("status").exact_size(26.0).resizable(false).show_separator_line(false);
    bar.frame(Frame::NONE.fill(draw.theme.panel)).show(ui, |ui| {
        let rect = ui.max_rect();
        ui.painter().hline(rect.x_range(), rect.top() + 0.5, Stroke::new(1.0, draw.theme.hairline));
        let left = left(draw.session, view);
        let response = ui.allocate_rect(rect, Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Status, true, left.join(", ")));
        let colour = if draw.session.trouble().is_some() { draw.theme.error } else { draw.theme.secondary };
        let mut x = rect.left() + PAD;
        let middle = rect.center().y + 0.5;
        for (index, words) in left.iter().enumerate() {
            if index > 0 {
                x +=
                    parts::text(ui, pos2(x + 8.0, middle), "·", fonts::regular(12.0), draw.theme.secondary, 8.0) + 16.0;
            }
            let colour = if index == 0 { colour } else { draw.theme.secondary };
            x += parts::text(ui, pos2(x, middle), words, fonts::regular(12.0), colour, rect.right() - x);
        }
        hints(ui, draw, view, x + 24.0);
    });
}

fn left(session: &Session, view: &mut View) -> Vec<String> {
    let mut words = Vec::new();
    words.push(match session.trouble() {
        Some(_) => "Not saved".to_owned(),
        None if session.is_saved() => match session.last_saved() {
            Some(at) => format!("All changes saved {}", at.to_zoned(jiff::tz::TimeZone::system()).strftime("%H:%M")),
            None => "All changes saved".to_owned(),
        },
        None => "Saving…".to_owned(),
    });
    words.push(session.annotator().to_string());
    if let Some(open) = &session.open {
        if let Some(row) = session.list.current {
            let (row, rows) = (row as u64 + 1, session.list.len() as u64);
            words.push(format!("document {} of {}", wording::thousands(row), wording::thousands(rows)));
        }
        let spans = open.shown().map_or(0, |layer| layer.spans.len());
        let counted = wording::counted(spans as u64, "span", "spans");
        words.push(if session.reviewing().is_some() { format!("{counted} in gold") } else { counted });
        if let Some(range) = session.selection() {
            let (start, end) = offsets(view, open, range.start(), range.end());
            let place = spot(view, open, range.start());
            words.push(format!("{start}–{end} ({}), {}:{}", end - start, place.line, place.column));
        }
    }
    words
}

/// Line and column of a byte, remembered: counting them in a long text takes milliseconds.
fn spot(view: &mut View, open: &OpenDocument, at: usize) -> Spot {
    let of = (open.id().clone(), open.text().sha256(), at);
    if let Some(known) = view.spot.as_ref().filter(|known| known.of == of) {
        return known.clone();
    }
    let before = open.text().as_str().get(..at).unwrap_or_default();
    let line = memchr::memchr_iter(b'\n', before.as_bytes()).count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    view.spot.insert(Spot { of, line, column }).clone()
}

/// From the right edge leftwards, as many as there is room for.
fn hints(ui: &Ui, draw: &Draw<'_>, view: &View, least: f32) {
    let rect = ui.max_rect();
    let (mut x, middle) = (rect.right() - PAD, rect.center().y + 0.5);
    for (cap, words) in helpful(draw.session, view).into_iter().rev() {
        let galley = parts::line(ui, &words, fonts::regular(12.0), draw.theme.secondary, 200.0);
        let cap_width = parts::line(ui, &cap, fonts::medium(11.0), draw.theme.secondary, 200.0).size().x + 9.0;
        let width = galley.size().x + 6.0 + cap_width.max(17.0);
        if x - width < least {
            return;
        }
        let left = x - galley.size().x;
        parts::put(ui.painter(), pos2(left, middle), galley);
        parts::cap(ui, pos2(left - 6.0, middle), &cap, draw.theme);
        x -= width + 14.0;
    }
}

fn helpful(session: &Session, view: &View) -> Vec<(String, String)> {
    let key = |action: &Action, words: &str| {
        session.keymap.key_of(action).map(|chord| (parts::spelled(chord), words.to_owned()))
    };
    let plain = |key: Key, words: &str| Some((parts::spelled(Chord::plain(key)), words.to_owned()));
    let hints = if let Some(reviewing) = session.reviewing() {
        if reviewing.feedback {
            vec![key(&Action::NextDifference, "next"), key(&Action::Review, "leave")]
        } else {
            vec![
                Some(("1–9".to_owned(), "take".to_owned())),
                Some(("[ ]".to_owned(), "edges".to_owned())),
                key(&Action::NextDifference, "next"),
                key(&Action::Undo, "undo"),
                key(&Action::KeySheet, "keys"),
            ]
        }
    } else if let Some(linking) = session.linking() {
        vec![
            key(&Action::Relate(linking.kind.clone()), "next end"),
            plain(Key::Enter, "link"),
            plain(Key::Escape, "leave"),
        ]
    } else if view.context() == KeyContext::Attributes {
        vec![Some(("1–9".to_owned(), "value".to_owned())), plain(Key::Enter, "next"), plain(Key::Escape, "back")]
    } else if session.asking().is_some() {
        vec![
            Some(("1–9".to_owned(), "value".to_owned())),
            plain(Key::Enter, "next"),
            plain(Key::Escape, "leave"),
            key(&Action::NextMissing, "next missing"),
        ]
    } else if let Some(label) = session.armed() {
        let name = parts::name(&session.schema, label).to_lowercase();
        vec![Some(("drag".to_owned(), format!("marks {name}"))), plain(Key::Escape, "disarm")]
    } else if session.selected().is_some() {
        vec![
            plain(Key::Enter, "attributes"),
            key(&Action::Remove, "remove"),
            key(&Action::NextStop, "next span"),
            key(&Action::Help, "guidelines"),
            key(&Action::Palette, "commands"),
        ]
    } else {
        vec![
            labels(session).map(|keys| (keys, "label".to_owned())),
            key(&Action::Undo, "undo"),
            key(&Action::Palette, "commands"),
            key(&Action::FinishAndNext, "finish"),
        ]
    };
    hints.into_iter().flatten().collect()
}

/// `1–4`, or the letters.
fn labels(session: &Session) -> Option<String> {
    let keys: Vec<char> =
        session.schema.labels.iter().filter(|label| !label.retired).filter_map(|label| label.key).collect();
    let (first, last) = (*keys.first()?, *keys.last()?);
    let in_order = keys.windows(2).all(|pair| pair[0] as u32 + 1 == pair[1] as u32);
    if in_order && first != last {
        return Some(format!("{}–{}", first.to_uppercase(), last.to_uppercase()));
    }
    let shown: Vec<String> = keys.iter().take(5).map(|key| key.to_uppercase().to_string()).collect();
    Some(shown.join(" "))
}

//! Help (F1 without a selected span): how to begin. On a span, F1 opens the guidelines instead.

use egui::{RichText, Ui};

use super::super::fonts;
use super::super::parts;
use super::super::work::Draw;
use super::{At, float};
use crate::session::Action;

pub fn show(ui: &Ui, draw: &Draw<'_>) -> bool {
    let ((), stays) = float(ui, "help", &At::Top, 520.0, draw.theme, |ui| beginning(ui, draw));
    stays
}

fn beginning(ui: &mut Ui, draw: &Draw<'_>) {
    let theme = draw.theme;
    parts::heading(ui, "How to begin", theme);
    let key = |action: &Action| draw.session.keymap.key_of(action).map(parts::spelled).unwrap_or_default();
    let first = draw.session.schema.labels.iter().find(|label| !label.retired && label.key.is_some());
    let (name, letter) = first.map_or(("a label".to_owned(), "its key".to_owned()), |label| {
        (label.name.to_lowercase(), label.key.map(|key| key.to_uppercase().to_string()).unwrap_or_default())
    });
    let lines = [
        format!(
            "Double-click a word and press {letter}: it is marked as {name}. A drag selects more; it snaps to whole words, with Alt to characters."
        ),
        format!(
            "{} goes from span to span, Enter sets the attributes of one, {} removes it.",
            key(&Action::NextStop),
            key(&Action::Remove)
        ),
        format!("{} finishes the document and opens the next one that is not.", key(&Action::FinishAndNext)),
        format!(
            "{} takes back your last change, whenever and wherever it was. Everything is saved at once.",
            key(&Action::Undo)
        ),
        format!("{} finds every command by name, {} shows every key.", key(&Action::Palette), key(&Action::KeySheet)),
    ];
    for line in lines {
        paragraph(ui, &line, theme.text);
        ui.add_space(8.0);
    }
}

fn paragraph(ui: &mut Ui, words: &str, colour: egui::Color32) {
    ui.add(egui::Label::new(RichText::new(words).font(fonts::regular(13.0)).color(colour)).wrap());
}

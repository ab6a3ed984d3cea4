//! What is missing in the document, summed up below what is known of it; a click, or the key beside it, goes to the next place.

use egui::{Role, Ui, WidgetInfo, pos2};

use super::super::parts::{self, ROW};
use super::super::work::Draw;
use super::super::{fonts, view::View};
use crate::session::{Action, missing};
use crate::text::DocumentId;

/// What is missing in a layer at a revision: looked up once, however large the layer is.
#[derive(Debug)]
pub struct Known {
    of: (DocumentId, u64),
    sentences: Vec<String>,
}

/// More kinds of things than these are not spelled out.
const MOST: usize = 4;

pub fn show(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut View) {
    let session = draw.session;
    let Some(open) = session.open.as_ref().filter(|_| session.editable().is_ok()) else { return };
    let of = (open.id().clone(), open.revision);
    if view.missing.as_ref().is_none_or(|known| known.of != of) {
        // Of a document that nobody has worked on, nothing is said yet.
        let sentences = open.shown().map(|layer| missing::summary(&missing::gaps(&session.schema, Some(layer))));
        view.missing = Some(Known { of, sentences: sentences.unwrap_or_default() });
    }
    let Some(known) = view.missing.as_ref().filter(|known| !known.sentences.is_empty()) else { return };
    let theme = draw.theme;
    parts::hairline(ui, 12.0, theme);
    parts::heading(ui, "Missing", theme);
    for (index, sentence) in known.sentences.iter().take(MOST).enumerate() {
        let (rect, response) = parts::row(ui, ROW, false, 8.0, theme);
        let mut right = rect.right();
        if index == 0
            && let Some(key) = session.keymap.key_of(&Action::NextMissing)
        {
            right = parts::cap(ui, pos2(right, rect.center().y), &parts::spelled(key), theme).left() - 8.0;
        }
        parts::text(ui, rect.left_center(), sentence, fonts::regular(13.0), theme.warning, right - rect.left());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, sentence));
        if response.clicked() {
            draw.asks.push(super::super::request::Ask::Act(Action::NextMissing));
        }
        response.on_hover_text(sentence);
    }
}

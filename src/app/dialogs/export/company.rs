//! What goes with the data: names or pseudonyms, a manifest and a card, a licence.

use egui::{Id, Ui};

use super::super::super::theme::Theme;
use super::super::form;

/// What goes with the data, as it is being described.
#[derive(Debug, Default)]
pub struct Company {
    replaced: bool,
    /// The same word gives the same pseudonyms.
    word: String,
    /// A manifest and a card are wished for where they do not come anyway.
    pub card: bool,
    licence: String,
}

/// Whether a manifest and a card come with an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Card {
    /// They lie in the folder, always.
    Inside,
    /// They may lie beside the file.
    Beside,
    /// They may lie in the folder that each annotator's file is in.
    Among,
}

impl Company {
    /// The word behind the pseudonyms, where names are replaced; an error while it is missing.
    pub fn pseudonyms(&self) -> Result<Option<String>, ()> {
        match self.word.trim() {
            _ if !self.replaced => Ok(None),
            "" => Err(()),
            word => Ok(Some(word.to_owned())),
        }
    }

    pub fn licence(&self) -> Option<String> {
        Some(self.licence.trim().to_owned()).filter(|licence| !licence.is_empty())
    }

    /// Whose work it is: with names, or without them.
    pub fn names(&mut self, ui: &mut Ui, theme: &Theme) {
        form::row(ui, "Names", theme, |ui| {
            let words = ["As they are", "Pseudonyms"];
            if let Some(at) = form::segments(ui, usize::from(self.replaced), &words, theme) {
                self.replaced = at == 1;
            }
            if !self.replaced {
                return;
            }
            ui.add_space(4.0);
            let id = Id::unique("export word");
            form::field(ui, id, &mut self.word, "A word that only you know", "Word behind the pseudonyms", theme);
            ui.add_space(4.0);
            let about = "Annotators become annotator-1, annotator-2 and so on, in notes too. \
                The same word gives the same names again; it is not written down anywhere";
            form::small(ui, about, theme.secondary);
        });
    }

    /// What describes the data to whoever gets it. `true`: the tick has changed.
    pub fn card(&mut self, ui: &mut Ui, card: Card, theme: &Theme) -> bool {
        let before = self.card;
        if card != Card::Inside {
            form::row(ui, "Card", theme, |ui| {
                let about = match card {
                    Card::Beside => "Beside the file: what is in it, who made it, how it is loaded",
                    _ => "In the folder: what is in it, who made it, how it is loaded",
                };
                form::check(ui, &mut self.card, "A manifest and a dataset card", about, theme);
            });
        }
        if card == Card::Inside || self.card {
            form::row(ui, "Licence", theme, |ui| {
                let id = Id::unique("export licence");
                let hint = "CC-BY-4.0, or in words; empty where it is not decided";
                form::field(ui, id, &mut self.licence, hint, "Licence of the data", theme);
            });
        }
        before != self.card
    }
}

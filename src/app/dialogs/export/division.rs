//! Parts to train, tune and test on: what is wished for, before anything is dealt out.

use egui::{Id, Ui};

use super::super::super::parts;
use super::super::super::theme::Theme;
use super::super::form;
use crate::formats::duplicates::Likeness;
use crate::formats::split::{Shares, Wish};

/// A split as it is being described.
#[derive(Debug)]
pub struct Division {
    /// Into [`SPLITS`].
    choice: usize,
    /// Shares as they are typed.
    other: String,
    together: bool,
    /// The metadata field whose values stay together.
    field: String,
    seed: String,
}

/// In percent; the first is none, the last is typed.
const SPLITS: [&str; 5] = ["No split", "80/10/10", "70/15/15", "90/10", "Other"];
const OTHER: usize = SPLITS.len() - 1;

impl Default for Division {
    fn default() -> Self {
        Self { choice: 0, other: String::new(), together: true, field: "source".to_owned(), seed: "1".to_owned() }
    }
}

impl Division {
    pub fn is_wished(&self) -> bool {
        self.choice > 0
    }

    /// What is wished for; the error is a sentence for whoever types.
    pub fn wish(&self) -> Result<Option<Wish>, String> {
        if !self.is_wished() {
            return Ok(None);
        }
        let seed = self.seed.trim();
        let seed =
            seed.parse().map_err(|_| format!("“{seed}” is no seed: a whole number from 0 upwards, such as 1"))?;
        let field = self.field.trim();
        let group_by = Some(field.to_owned()).filter(|field| self.together && !field.is_empty());
        Ok(Some(Wish { shares: self.shares()?, seed, group_by, likeness: Some(Likeness::default()) }))
    }

    fn shares(&self) -> Result<Shares, String> {
        let written = if self.choice == OTHER { self.other.trim() } else { SPLITS[self.choice.min(OTHER)] };
        written.parse()
    }

    /// Draws it. `true`: there is a split now and was none before, or the reverse.
    pub fn show(&mut self, ui: &mut Ui, theme: &Theme) -> bool {
        let before = self.is_wished();
        form::row(ui, "Split", theme, |ui| {
            if let Some(choice) = form::segments(ui, self.choice, &SPLITS, theme) {
                if choice == OTHER && self.other.is_empty() {
                    SPLITS[self.choice.clamp(1, OTHER - 1)].clone_into(&mut self.other);
                }
                self.choice = choice;
            }
            if !self.is_wished() {
                return;
            }
            if self.choice == OTHER {
                ui.add_space(4.0);
                let id = Id::unique("export split");
                parts::field(ui, id, &mut self.other, "train/dev/test", "Shares of the parts", 150.0, theme);
            }
            ui.add_space(4.0);
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing.x = 12.0;
                form::check(ui, &mut self.together, "Keep together what has the same", "", theme);
                let id = Id::unique("export group");
                parts::field(ui, id, &mut self.field, "source", "Field that is kept together", 110.0, theme);
            });
            ui.add_space(4.0);
            ui.horizontal(|ui| {
                form::beside(ui, "Seed", theme);
                parts::field(ui, Id::unique("export seed"), &mut self.seed, "1", "Seed of the split", 64.0, theme);
            });
            ui.add_space(4.0);
            match self.wish() {
                Err(sentence) => form::small(ui, &sentence, theme.error),
                Ok(_) => {
                    let about = "Near-duplicates always stay together; the same seed deals out the same parts";
                    form::small(ui, about, theme.secondary);
                }
            }
        });
        before != self.is_wished()
    }
}

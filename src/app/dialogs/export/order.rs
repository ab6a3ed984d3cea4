//! Which of several spans over the same text a flat format keeps: the longest, or by label.

use egui::Ui;

use super::super::super::theme::Theme;
use super::super::form;
use crate::schema::{LabelId, Schema};

/// What is kept first.
#[derive(Debug)]
pub struct Order {
    by_label: bool,
    labels: Vec<(LabelId, String)>,
    /// Into `labels`, in the order in which they were pressed.
    first: Vec<usize>,
}

impl Order {
    pub fn new(schema: &Schema) -> Self {
        let labels = schema.labels.iter().map(|label| (label.id.clone(), label.name.clone())).collect();
        Self { by_label: false, labels, first: Vec::new() }
    }

    /// These before all others, in their order; then the longest.
    pub fn priority(&self) -> Vec<LabelId> {
        let chosen = self.first.iter().filter(|_| self.by_label);
        chosen.filter_map(|at| self.labels.get(*at)).map(|(id, _)| id.clone()).collect()
    }

    /// Draws it. `whole`: the format has all spans beside the words, and only tags are flat.
    pub fn show(&mut self, ui: &mut Ui, whole: bool, theme: &Theme) {
        if self.labels.len() < 2 {
            return;
        }
        form::row(ui, "Overlaps", theme, |ui| {
            let words = ["Longest first", "By label"];
            if let Some(at) = form::segments(ui, usize::from(self.by_label), &words, theme) {
                self.by_label = at == 1;
            }
            ui.add_space(4.0);
            if !self.by_label {
                let about = if whole {
                    "Where spans lie over each other, words are tagged by the longest; the list of spans has all"
                } else {
                    "Where spans lie over each other, the longest stays; each of the others is listed"
                };
                form::small(ui, about, theme.secondary);
                return;
            }
            let names: Vec<&str> = self.labels.iter().map(|(_, name)| name.as_str()).collect();
            form::numbered(ui, &names, &mut self.first, theme);
            ui.add_space(4.0);
            let about = "Press labels in their order: the first comes before all others; what is left goes by length";
            form::small(ui, about, theme.secondary);
        });
    }
}

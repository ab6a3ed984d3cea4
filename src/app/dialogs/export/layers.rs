//! Whose layers go out, and in which state they are.

use egui::Ui;

use super::super::super::theme::Theme;
use super::super::form;
use crate::annotation::{Annotator, Status};
use crate::session::Session;
use crate::session::export::Who;
use crate::store::AnnotatorCounts;
use crate::text::wording;

/// Layers as they are being chosen.
#[derive(Debug)]
pub struct Layers {
    whose: Whose,
    /// Whose layers there are, and whether they were chosen.
    annotators: Vec<(AnnotatorCounts, bool)>,
    /// Finished, in progress, skipped.
    statuses: [bool; 3],
    me: Annotator,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Mine,
    Chosen,
    All,
}

const WHOSE: [Whose; 3] = [Whose::Mine, Whose::Chosen, Whose::All];
const STATUSES: [(Status, &str); 3] =
    [(Status::Finished, "Finished"), (Status::InProgress, "In progress"), (Status::Skipped, "Skipped")];

impl Layers {
    pub fn new(session: &Session) -> Self {
        let annotators = session.counts.annotators.iter().map(|counts| (counts.clone(), true)).collect();
        Self { whose: Whose::Mine, annotators, statuses: [true; 3], me: session.annotator().clone() }
    }

    /// `None` while nobody is chosen.
    pub fn who(&self) -> Option<Who> {
        let chosen = self.annotators.iter().filter(|(_, on)| *on);
        let chosen: Vec<_> = chosen.map(|(counts, _)| Annotator::from(counts.annotator.as_str())).collect();
        match self.whose {
            Whose::Mine => Some(Who::Annotators(vec![self.me.clone()])),
            Whose::Chosen => Some(Who::Annotators(chosen)).filter(|_| self.chosen() > 0),
            Whose::All => Some(Who::All),
        }
    }

    /// Only those in these states, none for all; `None` while no state is chosen.
    pub fn statuses(&self) -> Option<Vec<Status>> {
        let chosen = STATUSES.iter().zip(self.statuses).filter(|(_, on)| *on).map(|((status, _), _)| *status);
        let chosen: Vec<Status> = chosen.collect();
        match chosen.len() {
            0 => None,
            all if all == STATUSES.len() => Some(Vec::new()),
            _ => Some(chosen),
        }
    }

    /// More than one annotator's may go out.
    pub fn are_several(&self) -> bool {
        match self.whose {
            Whose::Mine => false,
            Whose::Chosen => self.chosen() > 1,
            Whose::All => true,
        }
    }

    fn chosen(&self) -> usize {
        self.annotators.iter().filter(|(_, on)| *on).count()
    }

    /// Draws it. `true`: other layers go out than before.
    pub fn show(&mut self, ui: &mut Ui, theme: &Theme) -> bool {
        let mut changed = false;
        form::row(ui, "Layers", theme, |ui| {
            let mine = format!("Mine ({})", self.me);
            let at = WHOSE.iter().position(|whose| *whose == self.whose).unwrap_or(0);
            if let Some(at) = form::segments(ui, at, &[&mine, "Chosen", "All layers, every document"], theme) {
                self.whose = WHOSE[at];
                changed = true;
            }
            if self.whose != Whose::Chosen {
                return;
            }
            ui.add_space(4.0);
            for (counts, on) in &mut self.annotators {
                let documents = counts.in_progress + counts.finished + counts.skipped;
                let words = format!("{}, {}", counts.annotator, wording::counted(documents, "document", "documents"));
                changed |= form::check(ui, on, &words, "", theme).changed();
            }
            if self.annotators.is_empty() {
                form::small(ui, "Nobody has marked anything yet", theme.secondary);
            }
        });
        form::row(ui, "Status", theme, |ui| {
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing.x = 20.0;
                for ((_, name), on) in STATUSES.iter().zip(&mut self.statuses) {
                    form::check(ui, on, name, "", theme);
                }
            });
        });
        changed
    }
}

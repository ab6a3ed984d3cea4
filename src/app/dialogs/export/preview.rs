//! The second step of an export: what it will be, and what the format cannot hold, before anything is in its place.

use std::path::PathBuf;
use std::sync::Arc;

use egui::{Context, Ui};

use super::super::super::theme::Theme;
use super::super::super::window::Shared;
use super::super::form;
use super::super::sheet::{self, Head};
use super::losses::Losses;
use super::{bars, chooser, dealt, sample};
use crate::formats::loss::Loss;
use crate::formats::table::Format;
use crate::schema::{LabelId, Schema};
use crate::session::export::Prepared;
use crate::text::wording;

/// What was prepared, while it is looked at.
#[derive(Debug)]
pub struct Preview {
    pub prepared: Prepared,
    pub place: PathBuf,
    format: &'static Format,
    samples: Vec<(String, String)>,
    /// The file that is shown.
    file: usize,
    /// The most frequent first.
    labels: Vec<(LabelId, u64)>,
    losses: Losses,
    tab: Tab,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tab {
    Written,
    Labels,
    /// What a split came to.
    Parts,
    Lost,
}

/// What is to be done next.
#[derive(Debug)]
pub enum Next {
    Write,
    Back,
    Close,
    /// Go to what is left out.
    Visit(Loss),
}

impl Preview {
    pub fn new(format: &'static Format, prepared: Prepared, samples: Vec<(String, String)>, place: PathBuf) -> Self {
        let mut labels: Vec<_> = prepared.report.labels.iter().map(|(label, count)| (label.clone(), *count)).collect();
        labels.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let losses = Losses::new(&prepared.report);
        // Of a binary file there is nothing to read.
        let tab = if samples.is_empty() && !labels.is_empty() { Tab::Labels } else { Tab::Written };
        Self { prepared, place, format, samples, file: 0, labels, losses, tab }
    }

    pub fn show(&mut self, context: &Context, schema: &Arc<Schema>, shared: &Shared) -> Option<Next> {
        let title = format!("{}, before it is written", chooser::name(self.format));
        let head = Head { name: "export preview", title: &title, width: 760.0, first: None, closable: true };
        let ((pressed, visit), escaped) = sheet::show(context, &head, |sheet| {
            let theme = sheet.theme;
            let visit = sheet.body(|ui| {
                self.sentence(ui, theme);
                ui.add_space(12.0);
                self.tabs(ui, theme);
                ui.add_space(10.0);
                let top = ui.cursor().top();
                let height = (ui.ctx().content_rect().height() - 360.0).clamp(120.0, 380.0);
                let report = &self.prepared.report;
                let reading = &mut *shared.reading.borrow_mut();
                let visit = match self.tab {
                    Tab::Written => {
                        let about = self.nothing_to_read();
                        sample::show(ui, &self.samples, &mut self.file, height, &about, reading, theme);
                        None
                    }
                    Tab::Parts => {
                        if let Some(split) = &report.split {
                            dealt::show(ui, split, schema, reading, theme);
                        }
                        None
                    }
                    Tab::Labels => {
                        bars::show(ui, &self.labels, schema, theme);
                        None
                    }
                    Tab::Lost => self.losses.show(ui, report, height, reading, theme),
                };
                // All tabs are of one height, so that the sheet does not jump.
                ui.add_space((height - (ui.cursor().top() - top)).max(0.0));
                visit
            });
            (sheet.foot(("Write", true), &["Back", "Cancel"]), visit)
        });
        match pressed {
            Some(0) => Some(Next::Write),
            Some(1) => Some(Next::Back),
            Some(_) => Some(Next::Close),
            None if escaped => Some(Next::Close),
            None => visit.map(Next::Visit),
        }
    }

    /// How much goes out, where to, and whether all of it does.
    fn sentence(&self, ui: &mut Ui, theme: &Theme) {
        let report = &self.prepared.report;
        if report.documents == 0 {
            form::words(ui, "No document has such a layer: what is written would be empty", theme.warning);
        } else {
            let documents = wording::counted(report.documents, "document", "documents");
            let layers = wording::counted(report.layers, "layer", "layers");
            let spans = wording::counted(report.spans, "span", "spans");
            form::words(ui, &format!("{documents} with {layers} and {spans}"), theme.text);
        }
        form::small(ui, &self.place.display().to_string(), theme.secondary);
        ui.add_space(8.0);
        let lost: u64 = report.losses.values().sum();
        if lost > 0 {
            let kinds: Vec<String> = report.losses.iter().map(|(what, count)| what.counted(*count)).collect();
            form::words(ui, &format!("Left out or changed: {}", kinds.join(", ")), theme.warning);
        } else if report.verified {
            form::words(ui, "Nothing is left out. It was read back and compared: the same", theme.good);
        }
        if report.metadata > 0 {
            let documents = wording::counted(report.metadata, "document", "documents");
            form::words(ui, &format!("The format holds no metadata; there is some of {documents}"), theme.warning);
        }
    }

    fn tabs(&mut self, ui: &mut Ui, theme: &Theme) {
        let report = &self.prepared.report;
        let lost: u64 = report.losses.values().sum();
        let mut tabs = vec![(Tab::Written, "As it is written".to_owned())];
        if !self.labels.is_empty() {
            tabs.push((Tab::Labels, format!("Labels {}", wording::thousands(self.labels.len() as u64))));
        }
        if let Some(split) = &report.split {
            tabs.push((Tab::Parts, format!("Parts {}", split.parts.len())));
        }
        if lost > 0 {
            tabs.push((Tab::Lost, format!("Left out {}", wording::thousands(lost))));
        }
        let words: Vec<&str> = tabs.iter().map(|(_, words)| words.as_str()).collect();
        let at = tabs.iter().position(|(tab, _)| *tab == self.tab).unwrap_or(0);
        let at = form::segments(ui, at, &words, theme).unwrap_or(at);
        if let Some((tab, _)) = tabs.get(at) {
            self.tab = *tab;
        }
    }

    /// Why there is nothing to read.
    fn nothing_to_read(&self) -> String {
        if self.prepared.report.documents == 0 {
            return "There is nothing in it".to_owned();
        }
        let name = chooser::name(self.format);
        format!("{name} is a binary format: there is nothing to read in it. Its spans are counted under Labels")
    }
}

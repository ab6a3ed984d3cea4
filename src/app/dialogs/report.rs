//! [`ReportView`]: what came of an import or an export: one sentence, the counts, and everything that was found, in a list.

use std::path::PathBuf;

use egui::{Context, Id, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use super::super::files::Choice;
use super::super::fonts;
use super::super::theme::Theme;
use super::super::window::Shared;
use super::form;
use super::path::PathField;
use super::sheet::{self, Head};
use crate::session::report::{Findings, Form, Report, told};
use crate::text::wording;
use crate::text::{Place, Problem, Severity};

/// A report, as it is shown.
#[derive(Debug)]
pub struct ReportView {
    title: String,
    report: Report,
    /// Where the work went, for people to find it.
    place: Option<PathBuf>,
    save: PathField,
    /// What came of saving the report itself.
    saved: Option<Result<PathBuf, String>>,
}

impl ReportView {
    pub fn new(report: Report, title: &str) -> Self {
        Self { title: title.to_owned(), report, place: None, save: PathField::default(), saved: None }
    }

    /// Nothing was done: one sentence.
    pub fn failed(title: &str, sentence: &str) -> Self {
        let report = Report { sentence: sentence.to_owned(), counts: Vec::new(), findings: Findings::default() };
        Self::new(report, title)
    }

    /// Where the work went.
    #[must_use]
    pub fn at(mut self, place: Option<PathBuf>) -> Self {
        self.place = place;
        self
    }

    /// The report itself.
    pub fn report(&self) -> &Report {
        &self.report
    }

    pub fn frame(&mut self, context: &Context, shared: &mut Shared) -> bool {
        let head = Head { name: "report", title: &self.title, width: 680.0, first: None, closable: true };
        if let Some(path) = self.save.poll().first() {
            self.saved = Some(self.write(path));
        }
        let (pressed, escaped) = sheet::show(context, &head, |sheet| {
            let theme = sheet.theme;
            form::words(sheet.ui, &self.report.sentence, theme.text);
            if let Some(place) = &self.place {
                sheet.ui.add_space(4.0);
                form::small(sheet.ui, &place.display().to_string(), theme.secondary);
            }
            if !self.report.findings.is_empty() {
                sheet.ui.add_space(14.0);
                findings(sheet.ui, &self.report, theme);
            }
            match &self.saved {
                Some(Ok(path)) => {
                    sheet.ui.add_space(8.0);
                    form::small(sheet.ui, &format!("Saved as {}", path.display()), theme.good);
                }
                Some(Err(why)) => {
                    sheet.ui.add_space(8.0);
                    form::small(sheet.ui, why, theme.error);
                }
                None if self.save.nothing => {
                    sheet.ui.add_space(8.0);
                    let words = "No place was chosen. If no dialog appeared, this system has none to offer: type where it is to go";
                    form::small(sheet.ui, words, theme.secondary);
                }
                None => {}
            }
            if self.save.nothing {
                sheet.ui.add_space(6.0);
                let id = Id::unique("report path");
                form::field(
                    sheet.ui,
                    id,
                    &mut self.save.words,
                    "report.md, .csv, .json or .txt",
                    "Where the report goes",
                    theme,
                );
            }
            let others: &[&str] = if self.report.findings.is_empty() { &[] } else { &["Save report…"] };
            sheet.foot(("Close", true), others)
        });
        match pressed {
            Some(1) => {
                match crate::session::workspace::typed(&self.save.words).filter(|_| self.save.nothing) {
                    Some(path) => self.saved = Some(self.write(&path)),
                    None => self.save.choose(self.choice(), shared),
                }
                true
            }
            Some(_) => false,
            None => !escaped,
        }
    }

    fn choice(&self) -> Choice {
        let start = self.place.as_deref().and_then(std::path::Path::parent).map(PathBuf::from).unwrap_or_default();
        Choice::Save { title: "Save the report".to_owned(), name: "report.md".to_owned(), start }
    }

    /// In the form that the name asks for; Markdown where it asks for none.
    fn write(&self, path: &std::path::Path) -> Result<PathBuf, String> {
        let form = Form::of_path(path).unwrap_or(Form::Markdown);
        match std::fs::write(path, self.report.render(form)) {
            Ok(()) => Ok(path.to_owned()),
            Err(error) => Err(format!("The report could not be written to {}: {error}", path.display())),
        }
    }
}

/// The findings in a list, errors first in red.
fn findings(ui: &mut Ui, report: &Report, theme: &Theme) {
    let [errors, warnings, notes] =
        [Severity::Error, Severity::Warning, Severity::Note].map(|severity| report.findings.count(severity));
    let parts: Vec<String> = [
        (errors, "was refused or is wrong", "were refused or are wrong"),
        (warnings, "to look at", "to look at"),
        (notes, "to know", "to know"),
    ]
    .into_iter()
    .filter(|(count, ..)| *count > 0)
    .map(|(count, one, many)| format!("{} {}", wording::thousands(count), if count == 1 { one } else { many }))
    .collect();
    form::small(ui, &parts.join("  ·  "), theme.secondary);
    ui.add_space(6.0);
    let most = (ui.ctx().content_rect().height() - 330.0).clamp(80.0, 380.0);
    let problems: Vec<&Problem> = report.findings.iter().collect();
    let width = ui.available_width();
    ScrollArea::vertical().max_height(most).auto_shrink([false, true]).show(ui, |ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        for problem in problems.iter().take(SHOWN) {
            finding(ui, problem, theme);
        }
        let more = report.findings.len().saturating_sub(SHOWN.min(problems.len()) as u64);
        if more > 0 {
            ui.add_space(8.0);
            form::small(
                ui,
                &format!("And {} more; the saved report lists them", wording::thousands(more)),
                theme.secondary,
            );
        }
    });
}

/// A problem in words, as a sentence of its own.
pub fn sentence(problem: &Problem) -> String {
    let words = told(problem);
    let mut letters = words.chars();
    // A file's name at the beginning stays as it is.
    match letters.next() {
        Some(first) if problem.place == Place::default() => first.to_uppercase().chain(letters).collect(),
        _ => words,
    }
}

/// Rows that are drawn; a saved report has more.
const SHOWN: usize = 500;

fn finding(ui: &mut Ui, problem: &Problem, theme: &Theme) {
    let colour = match problem.severity {
        Severity::Error => theme.error,
        Severity::Warning => theme.warning,
        Severity::Note => theme.tertiary,
    };
    let words = sentence(problem);
    let width = ui.available_width();
    let galley = ui.fonts_mut(|fonts| fonts.layout(words.clone(), fonts::regular(12.5), theme.text, width - 26.0));
    let (rect, response) = ui.allocate_exact_size(vec2(width, galley.size().y + 10.0), Sense::hover());
    ui.painter().circle_filled(pos2(rect.left() + 7.0, rect.top() + 13.0), 3.0, colour);
    ui.painter().galley(pos2(rect.left() + 20.0, rect.top() + 5.0), galley, theme.text);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, egui::Stroke::new(1.0, theme.hairline.gamma_multiply(0.6)));
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, &words));
}

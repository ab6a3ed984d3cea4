//! [`Preferences`]: the settings, in sections. Every change holds at once.

mod keys;
mod reading;

use egui::{Context, Id, Layout, Role, Ui, UiBuilder, WidgetInfo, vec2};

use super::super::request::Request;
use super::super::theme::Theme;
use super::super::window::Shared;
use super::super::{fonts, parts};
use super::form;
use super::sheet::{self, Head};
use crate::session::Session;
use crate::session::settings::{self, ThemeChoice};

/// The settings, while they are open.
#[derive(Debug)]
pub struct Preferences {
    section: Section,
    name: String,
    keys: keys::KeysPage,
}

/// What is seen of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Section {
    #[default]
    General,
    Reading,
    Keys,
}

impl Section {
    const ALL: [Self; 3] = [Self::General, Self::Reading, Self::Keys];

    const fn title(self) -> &'static str {
        match self {
            Self::General => "General",
            Self::Reading => "Reading",
            Self::Keys => "Keys",
        }
    }
}

/// Width of the list of sections, and the least height of one, in points.
const SIDE: f32 = 120.0;
const HEIGHT: f32 = 300.0;
const THEMES: [ThemeChoice; 3] = [ThemeChoice::System, ThemeChoice::Light, ThemeChoice::Dark];

impl Preferences {
    /// The open project has keys of its own, those of its labels.
    pub fn new(shared: &Shared, session: Option<&Session>, section: Section) -> Self {
        let name = shared.settings.annotator.clone().unwrap_or_default();
        Self { section, name, keys: keys::KeysPage::new(session.map(|session| session.schema.clone())) }
    }

    pub fn frame(&mut self, context: &Context, shared: &mut Shared, requests: &mut Vec<Request>) -> bool {
        let head = Head { name: "settings", title: "Settings", width: 720.0, first: None, closable: true };
        self.keys.listen(context, shared);
        let (pressed, escaped) = sheet::show(context, &head, |sheet| {
            let theme = sheet.theme;
            let narrow = sheet.ui.available_width() < 520.0;
            if narrow {
                self.tabs(sheet.ui, theme);
            }
            sheet.body(|ui| {
                if narrow {
                    self.contents(ui, shared, requests, theme);
                    return;
                }
                let all = ui.available_rect_before_wrap();
                let (mut left, mut right) = (all, all);
                left.set_width(SIDE);
                right.min.x += SIDE + 28.0;
                ui.scope_builder(UiBuilder::new().max_rect(left), |ui| self.side(ui, theme));
                let inside = UiBuilder::new().max_rect(right).layout(Layout::top_down(egui::Align::Min));
                ui.scope_builder(inside, |ui| {
                    ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
                    self.contents(ui, shared, requests, theme);
                    // All sections are of about the same height, so that the sheet does not jump.
                    ui.add_space((HEIGHT - ui.min_rect().height()).max(0.0));
                });
            });
            let reset = if self.section == Section::Keys { "Reset all keys" } else { "Reset" };
            sheet.foot(("Close", true), &[reset])
        });
        match pressed {
            Some(1) if self.section == Section::Keys => {
                shared.change(|settings| settings.keys.clear());
                true
            }
            Some(1) => {
                shared.change(|settings| *settings = settings.reset());
                requests.push(Request::Theme(ThemeChoice::System));
                true
            }
            _ if pressed.is_some() || escaped => {
                requests.push(Request::Renamed);
                false
            }
            _ => true,
        }
    }

    /// The sections, at the left.
    fn side(&mut self, ui: &mut Ui, theme: &Theme) {
        for section in Section::ALL {
            let on = section == self.section;
            let (rect, response) = parts::row(ui, parts::ROW, on, form::OUT, theme);
            let colour = if on { theme.text } else { theme.secondary };
            parts::text(ui, rect.left_center(), section.title(), fonts::medium(13.0), colour, rect.width());
            response.widget_info(|| WidgetInfo::selected(Role::Tab, true, on, section.title()));
            if response.clicked() {
                self.section = section;
            }
        }
    }

    /// The sections, above, where there is no room at the left.
    fn tabs(&mut self, ui: &mut Ui, theme: &Theme) {
        let at = Section::ALL.iter().position(|section| *section == self.section).unwrap_or(0);
        let titles = Section::ALL.map(Section::title);
        if let Some(at) = form::segments(ui, at, &titles, theme) {
            self.section = Section::ALL[at];
        }
        ui.add_space(12.0);
    }

    fn contents(&mut self, ui: &mut Ui, shared: &mut Shared, requests: &mut Vec<Request>, theme: &Theme) {
        match self.section {
            Section::General => {
                self.who(ui, shared, theme);
                look(ui, shared, requests, theme);
                marking(ui, shared, theme);
                if let Some(path) = shared.settings_file.path() {
                    let words = format!("Kept in {}, which can be edited", path.display());
                    form::small(ui, &words, theme.secondary);
                }
            }
            Section::Reading => reading::show(ui, shared, theme),
            Section::Keys => self.keys.show(ui, shared, theme),
        }
    }

    fn who(&mut self, ui: &mut Ui, shared: &mut Shared, theme: &Theme) {
        form::row(ui, "Your name", theme, |ui| {
            let response = form::field(ui, Id::unique("settings name"), &mut self.name, "ana", "Your name", theme);
            let name = settings::annotator(&self.name);
            if response.changed()
                && let Ok(name) = &name
            {
                shared.change(|settings| settings.annotator = Some(name.to_string()));
            }
            ui.add_space(4.0);
            match (&shared.annotator, name) {
                (Some(given), _) => {
                    form::small(
                        ui,
                        &format!("For now you work as {given}: the program was started so"),
                        theme.secondary,
                    );
                }
                (None, Err(why)) if !self.name.trim().is_empty() => form::small(ui, why, theme.error),
                _ => form::small(ui, "What was marked under another name stays that annotator’s", theme.secondary),
            }
        });
    }
}

fn look(ui: &mut Ui, shared: &Shared, requests: &mut Vec<Request>, theme: &Theme) {
    form::row(ui, "Colours", theme, |ui| {
        let at = THEMES.iter().position(|choice| *choice == shared.settings.theme).unwrap_or(0);
        if let Some(at) = form::segments(ui, at, &["Like the system", "Light", "Dark"], theme) {
            requests.push(Request::Theme(THEMES[at]));
        }
    });
}

fn marking(ui: &mut Ui, shared: &mut Shared, theme: &Theme) {
    form::row(ui, "Marking", theme, |ui| {
        let mut careful = shared.settings.careful;
        let about = "After each span, the attributes that the schema requires are asked for, one digit each";
        if form::check(ui, &mut careful, "Careful", about, theme).changed() {
            shared.change(|settings| settings.careful = careful);
        }
        let mut rapid = shared.settings.rapid;
        let about = "The label used last stays armed: the next drag marks with it, until Esc";
        if form::check(ui, &mut rapid, "Rapid", about, theme).changed() {
            shared.change(|settings| settings.rapid = rapid);
        }
        let mut checks = shared.settings.check_before_finishing;
        let about = "What is missing is listed once; finishing again finishes all the same";
        if form::check(ui, &mut checks, "Check before finishing", about, theme).changed() {
            shared.change(|settings| settings.check_before_finishing = checks);
        }
    });
    form::row(ui, "Time", theme, |ui| {
        let mut time = shared.settings.time;
        let about = "Active time on each document is kept with your work, without pauses of more than a minute. It tells how long the rest will take";
        if form::check(ui, &mut time, "Count working time", about, theme).changed() {
            shared.change(|settings| settings.time = time);
        }
    });
}

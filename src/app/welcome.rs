//! [`Welcome`]: the first screen, where no project is open.

use egui::{
    CentralPanel, Color32, CornerRadius, Event, Frame, Id, Key, Modifiers, Rect, Role, ScrollArea, Sense, Stroke, Ui,
    WidgetInfo, pos2, vec2,
};

use super::dialogs::form;
use super::errand::Errand;
use super::fonts;
use super::parts;
use super::recent::{self, Recents};
use super::request::Request;
use super::theme::Theme;
use super::window::Shared;
use crate::session::Action;
use crate::session::workspace::{Found, look};

/// The screen before a project is open.
#[derive(Debug, Default)]
pub struct Welcome {
    /// A path that is being typed.
    path: String,
    found: Option<Found>,
    recents: Option<Recents>,
}

/// What can be done from here.
const ACTIONS: [(Go, &str, &str, Key); 3] = [
    (Go::Open, "Open project…", "O", Key::O),
    (Go::New, "New project from articles…", "N", Key::N),
    (Go::Sample, "Try the sample project", "T", Key::T),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Go {
    Open,
    New,
    Sample,
}

const WIDTH: f32 = 520.0;

impl Welcome {
    /// One frame. `blocked`: a dialog has the keys.
    pub fn frame(&mut self, ui: &mut Ui, shared: &mut Shared, blocked: bool) -> Vec<Request> {
        let theme = shared.theme(ui.ctx());
        let mut requests = Vec::new();
        let id = Id::unique("welcome path");
        if !blocked {
            keys(ui, id, &mut requests);
        }
        CentralPanel::default().frame(Frame::NONE.fill(theme.page)).show(ui, |ui| {
            let all = ui.max_rect();
            let width = WIDTH.min(all.width() - 48.0);
            ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
                ui.horizontal_top(|ui| {
                    ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
                    ui.add_space(((all.width() - width) / 2.0).floor());
                    ui.vertical(|ui| {
                        ui.set_width(width);
                        ui.add_space((all.height() * 0.14).clamp(24.0, 140.0).floor());
                        self.contents(ui, shared, id, theme, &mut requests);
                        ui.add_space(32.0);
                    });
                });
            });
        });
        requests
    }

    fn contents(&mut self, ui: &mut Ui, shared: &mut Shared, id: Id, theme: &Theme, requests: &mut Vec<Request>) {
        name(ui, theme);
        ui.add_space(10.0);
        form::words(ui, "Mark spans in articles, compare annotators, export training data.", theme.secondary);
        form::words(ui, "Everything stays on this machine.", theme.secondary);
        ui.add_space(28.0);
        for (go, words, letter, _) in ACTIONS {
            if action(ui, words, letter, theme) {
                requests.push(go.request());
            }
        }
        ui.add_space(20.0);
        let response = parts::field(
            ui,
            id,
            &mut self.path,
            "Or type a path, paste one, drop files anywhere",
            "Path",
            ui.available_width(),
            theme,
        );
        if response.changed() {
            self.found = look(&self.path);
        }
        let enter = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if enter && let Some(found) = self.found.clone() {
            requests.extend(Errand::of(found).map(Request::Go));
        }
        ui.add_space(6.0);
        // The line has its place whether it is needed or not.
        let before = ui.cursor().top();
        if let Some(found) = &self.found {
            recent::tell(ui, found, theme);
        }
        ui.add_space((20.0 - (ui.cursor().top() - before)).max(0.0));
        if shared.settings.recent.is_empty() {
            return;
        }
        ui.add_space(12.0);
        parts::heading(ui, "Recent projects", theme);
        ui.add_space(2.0);
        let recents = self.recents.get_or_insert_with(|| Recents::new(shared));
        if let Some(folder) = recents.show(ui, shared, 12) {
            requests.push(Request::Go(Errand::Open(folder)));
        }
    }
}

impl Go {
    fn request(self) -> Request {
        match self {
            Self::Open => Request::Act(Action::OpenProject),
            Self::New => Request::Go(Errand::Begin(Vec::new())),
            Self::Sample => Request::Go(Errand::Sample),
        }
    }
}

/// Keys of the actions; and what is typed or pasted goes to the path, wherever the focus is.
fn keys(ui: &Ui, path: Id, requests: &mut Vec<Request>) {
    for (go, _, _, key) in ACTIONS {
        if ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, key)) {
            requests.push(go.request());
        }
    }
    for (key, action) in [(Key::Q, Action::Quit), (Key::Comma, Action::Settings)] {
        if ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, key)) {
            requests.push(Request::Act(action));
        }
    }
    if ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::F11)) {
        requests.push(Request::Act(Action::FullScreen));
    }
    let typed = |event: &Event| matches!(event, Event::Text(words) | Event::Paste(words) if words.trim() != "");
    if ui.memory(egui::Memory::focused).is_none() && ui.input(|input| input.events.iter().any(typed)) {
        ui.memory_mut(|memory| memory.request_focus(path));
    }
}

/// The program's name, with a span in it.
fn name(ui: &mut Ui, theme: &Theme) {
    let whole = parts::line(ui, "Spanwright", fonts::serif(38.0), theme.text, 400.0);
    let part = parts::line(ui, "Span", fonts::serif(38.0), theme.text, 400.0).size().x;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 58.0), Sense::hover());
    let (left, width) = (rect.left(), whole.size().x);
    let base = rect.top() + 44.0;
    let tint = Rect::from_min_max(pos2(left - 3.0, rect.top() + 4.0), pos2(left + part + 1.0, base));
    ui.painter().rect_filled(
        tint,
        CornerRadius { nw: 5, ne: 5, sw: 0, se: 0 },
        theme.slot(1).gamma_multiply(theme.fill),
    );
    parts::put(ui.painter(), pos2(left, rect.top() + 24.0), whole);
    let line = |from: f32, to: f32, y: f32, colour: Color32| {
        let place = Rect::from_min_max(pos2(from, y), pos2(to, y + 2.0));
        ui.painter().rect_filled(place, CornerRadius::same(1), colour);
    };
    line(left - 3.0, left + part + 1.0, base, theme.slot(1));
    line(left - 3.0, left + width + 2.0, base + 4.5, theme.slot(2));
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, "Spanwright"));
}

/// Something that can be done, with its key.
fn action(ui: &mut Ui, words: &str, letter: &str, theme: &Theme) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 36.0), Sense::click());
    let out = rect.expand2(vec2(form::OUT, -1.0));
    parts::back(ui, out, &response, false, theme);
    parts::text(ui, rect.left_center(), words, fonts::medium(14.0), theme.text, rect.width() - 80.0);
    let key = if cfg!(target_os = "macos") { format!("⌘{letter}") } else { format!("Ctrl+{letter}") };
    parts::cap(ui, rect.right_center(), &key, theme);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, theme.hairline));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, words));
    response.clicked()
}

//! The projects that were open lately, as rows; and what a path that was typed stands for, in words.

use std::path::PathBuf;

use egui::{Role, Sense, Ui, WidgetInfo, pos2, vec2};
use jiff::Timestamp;

use super::dialogs::form;
use super::fonts;
use super::parts;
use super::task::Task;
use super::theme::Theme;
use super::window::Shared;
use crate::session::workspace::{Found, ago};

/// The projects that were open lately, and which of them are gone. Looking for them is left to a thread: a folder may lie on a network
/// that does not answer.
#[derive(Debug)]
pub struct Recents {
    looking: Option<Task<Vec<PathBuf>>>,
    missing: Vec<PathBuf>,
}

const HEIGHT: f32 = 34.0;

impl Recents {
    pub fn new(shared: &Shared) -> Self {
        let paths: Vec<PathBuf> = shared.settings.recent.iter().map(|recent| recent.path.clone()).collect();
        let gone = |path: &PathBuf| !path.join("project.ron").is_file();
        let looking = Task::start(&shared.waker, move |_| paths.into_iter().filter(gone).collect());
        Self { looking: Some(looking), missing: Vec::new() }
    }

    /// The first `most` of them. Returns the one to open.
    pub fn show(&mut self, ui: &mut Ui, shared: &mut Shared, most: usize) -> Option<PathBuf> {
        if let Some(missing) = self.looking.as_ref().and_then(Task::poll) {
            self.missing = missing.unwrap_or_default();
            self.looking = None;
        }
        let theme = shared.theme(ui.ctx());
        let now = shared.now.unwrap_or_else(Timestamp::now);
        let (mut open, mut forget) = (None, None);
        for recent in shared.settings.recent.iter().take(most) {
            let missing = self.missing.contains(&recent.path);
            let path = shortened(&recent.path);
            let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::click());
            let middle = rect.center().y;
            let (left, mut right) = (rect.left(), rect.right());
            let place = egui::Rect::from_center_size(pos2(right - 8.0, middle), vec2(20.0, 20.0));
            let cross = ui.interact(place, response.id.with("forget"), Sense::click());
            let over = ui.rect_contains_pointer(rect) || cross.has_focus();
            if !missing || response.has_focus() {
                parts::back(ui, rect.expand2(vec2(form::OUT, 0.0)), &response, over && !missing, theme);
            }
            cross.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Forget {}", recent.name)));
            let cross = cross.on_hover_text("Take it off this list; the project stays");
            let when = recent.opened.map(|then| ago(then, now)).unwrap_or_default();
            let words = if missing { "not there any more" } else { when.as_str() };
            let galley = parts::line(ui, words, fonts::regular(12.0), theme.secondary, 160.0);
            right -= galley.size().x;
            // The cross comes in the place of the time, so that nothing moves under the pointer.
            if over {
                parts::cross_at(ui, place, &cross, theme);
            } else {
                parts::put(ui.painter(), pos2(right, middle), galley);
            }
            let colour = if missing { theme.secondary } else { theme.text };
            let room = right - left - 12.0;
            let width = parts::text(ui, pos2(left, middle), &recent.name, fonts::medium(13.0), colour, room * 0.6);
            let beside = left + width + 12.0;
            parts::text(ui, pos2(beside, middle), &path, fonts::regular(12.0), theme.secondary, right - 16.0 - beside);
            response.widget_info(|| {
                WidgetInfo::labeled(Role::Button, !missing, format!("{}, {path}, {words}", recent.name))
            });
            if cross.clicked() {
                forget = Some(recent.path.clone());
            } else if response.clicked() && !missing {
                open = Some(recent.path.clone());
            }
        }
        if let Some(path) = forget {
            shared.change(|settings| settings.recent.retain(|recent| recent.path != path));
        }
        open
    }
}

/// A path with the user's folder as `~`.
pub fn shortened(path: &std::path::Path) -> String {
    let user = directories::BaseDirs::new();
    match user.as_ref().and_then(|user| path.strip_prefix(user.home_dir()).ok()) {
        Some(rest) => format!("~{}{}", std::path::MAIN_SEPARATOR, rest.display()),
        None => path.display().to_string(),
    }
}

/// What a path that was typed stands for.
pub fn tell(ui: &mut Ui, found: &Found, theme: &Theme) {
    match found {
        Found::Project(folder) => {
            let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            form::small(ui, &format!("The project {name}. Enter opens it"), theme.good);
        }
        Found::Articles(path) if path.is_dir() => {
            form::small(ui, "A folder that is no project yet. Enter makes one from its articles", theme.secondary);
        }
        Found::Articles(_) => form::small(ui, "A file of articles. Enter makes a project from it", theme.secondary),
        Found::Nothing(why) => form::small(ui, why, theme.warning),
    }
}

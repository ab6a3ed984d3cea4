//! The preview of marking every equal string (Ctrl+Shift+D, and Ctrl+D pressed again): each place in its line, grouped by document, with a
//! tick. Space changes a tick, Enter marks, Esc leaves.

mod rows;

use std::sync::mpsc::{Receiver, channel};

use egui::{Align, Layout, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use self::rows::{HEIGHT, Row};
use super::super::dialogs::form;
use super::super::roll::Roll;
use super::super::task::Task;
use super::super::window::Waker;
use super::super::work::Draw;
use super::super::{fonts, parts, request::Ask};
use super::{At, float};
use crate::session::keymap::{Chord, Context, Key};
use crate::session::plan::{Choices, Count, Held, InDocument, Marking, Options, Plan, Survey};
use crate::session::{Action, Session};
use crate::store::StoreError;
use crate::text::wording;

/// A plan, how it is seen, and the threads that work on it.
#[derive(Debug)]
pub struct Equal {
    plan: Plan,
    held: Held,
    rows: Vec<Row>,
    /// Documents whose rows are among `rows`.
    taken: usize,
    count: Count,
    /// Places that are left out are not seen.
    hides: bool,
    roll: Roll,
    project: bool,
    looking: Option<Looking>,
    /// Documents that could not be read.
    unread: usize,
    pub preparing: Option<Task<Result<Marking, StoreError>>>,
    /// What was said in the preview before this one.
    before: Option<Choices>,
}

/// The search through the project, and what it finds.
type Looking = (Task<Result<Vec<StoreError>, StoreError>>, Receiver<InDocument>);

impl Drop for Equal {
    fn drop(&mut self) {
        self.stop_looking();
        if let Some(task) = &self.preparing {
            task.cancel();
        }
    }
}

impl Equal {
    /// `before`: the preview this one takes the place of.
    pub fn new(plan: Plan, survey: Option<Survey>, before: Option<Box<Self>>, waker: &Waker) -> Self {
        let project = survey.is_some();
        let looking = survey.map(|survey| {
            let (sender, receiver) = channel();
            let task = Task::start(waker, move |job| survey.run(job, &mut |found| sender.send(found).is_ok()));
            (task, receiver)
        });
        let mut equal = Self {
            held: Held::of(&plan),
            plan,
            rows: Vec::new(),
            taken: 0,
            count: Count::default(),
            hides: before.as_ref().is_some_and(|before| before.hides),
            roll: Roll::default(),
            project,
            looking,
            unread: 0,
            preparing: None,
            before: before.map(|before| before.plan.choices()),
        };
        if let Some(before) = &equal.before {
            equal.plan.documents.iter_mut().for_each(|document| document.remember(before));
        }
        equal.recount();
        equal.list();
        equal
    }

    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    pub fn count(&self) -> Count {
        self.count
    }

    pub fn is_project(&self) -> bool {
        self.project
    }

    /// The edits are being made.
    pub fn is_busy(&self) -> bool {
        self.preparing.is_some()
    }

    /// The project is being looked through.
    /// Everything was looked through, and there is no such place.
    pub fn is_empty(&self) -> bool {
        self.looking.is_none() && self.plan.documents.iter().all(|document| document.places.is_empty())
    }

    pub fn is_looking(&self) -> bool {
        self.looking.is_some()
    }

    pub fn stop_looking(&mut self) {
        if let Some((task, _)) = self.looking.take() {
            task.cancel();
        }
    }

    /// Takes what was found since the last frame. An error ends the search; what was found stays.
    pub fn take_found(&mut self) -> Option<StoreError> {
        let (task, receiver) = self.looking.as_ref()?;
        // Asked first, so that nothing that came before the end is missed.
        let ended = task.poll();
        let found: Vec<InDocument> = receiver.try_iter().collect();
        let any = !found.is_empty();
        for mut document in found {
            if !self.plan.full {
                if let Some(before) = &self.before {
                    document.remember(before);
                }
                self.plan.add(document, &mut self.held);
            }
        }
        if any {
            self.recount();
            self.list();
        }
        if self.plan.full {
            self.stop_looking();
        }
        let ended = ended?;
        self.looking = None;
        match ended {
            Ok(Ok(unread)) => self.unread = unread.len(),
            Ok(Err(error)) if error != StoreError::Cancelled => return Some(error),
            Ok(Err(_)) | Err(_) => {}
        }
        None
    }

    pub fn key(&mut self, session: &Session, chord: Chord) -> Option<Vec<Ask>> {
        if self.is_busy() {
            return (chord.key != Key::Escape).then(Vec::new);
        }
        match session.keymap.action(Context::Page, chord) {
            Some(Action::MarkAllInProject) if !self.project => return Some(vec![again(self.plan.options, true)]),
            Some(Action::MarkAllEqual) if self.project => return Some(vec![again(self.plan.options, false)]),
            _ => {}
        }
        let options = self.plan.options;
        if self.roll.key(chord, self.rows.len()) {
            return Some(Vec::new());
        }
        match (chord.ctrl, chord.key) {
            (false, Key::Space) => self.turn(self.roll.cursor),
            (true, Key::Char('a')) => {
                self.plan.tick_all(self.count.mark == 0);
                self.recount();
            }
            (true, Key::Enter) => {}
            (false, Key::Enter) => return Some(vec![Ask::Mark]),
            (false, Key::Char(key)) => {
                let toggle = TOGGLES.iter().find(|toggle| toggle.key == key && toggle.is_there(self.project))?;
                return Some(self.toggle(toggle, options));
            }
            _ => return None,
        }
        Some(Vec::new())
    }

    fn toggle(&mut self, toggle: &Toggle, options: Options) -> Vec<Ask> {
        let after = (toggle.turn)(options);
        match toggle.key {
            'h' => {
                self.hides = !self.hides;
                self.rows.clear();
                self.taken = 0;
                self.list();
                Vec::new()
            }
            // Other places may be found.
            'w' | 'c' => vec![again(after, self.project)],
            _ => {
                self.plan.options = after;
                self.recount();
                Vec::new()
            }
        }
    }

    fn is_on(&self, toggle: &Toggle) -> bool {
        if toggle.key == 'h' { !self.hides } else { (toggle.is_on)(self.plan.options) }
    }

    fn recount(&mut self) {
        self.count = self.plan.count();
    }

    pub fn show(&mut self, ui: &Ui, draw: &mut Draw<'_>) -> bool {
        let screen = ui.ctx().content_rect();
        let busy = self.is_busy();
        let (asks, stays) = float(ui, "equal", &At::Top, 760.0, draw.theme, |ui| {
            let mut asks = Vec::new();
            self.head(ui, draw);
            self.toggles(ui, draw, &mut asks);
            parts::hairline(ui, 6.0, draw.theme);
            let height = (self.rows.len() as f32 * HEIGHT).clamp(HEIGHT * 3.0, (screen.height() - 330.0).max(120.0));
            self.list_rows(ui, draw, height);
            parts::hairline(ui, 6.0, draw.theme);
            self.foot(ui, draw, &mut asks);
            asks
        });
        draw.asks.extend(asks);
        // A click beside it leaves; while edits are being made, Esc alone does.
        stays || busy
    }

    /// What Enter would do; below, what it would not.
    fn head(&mut self, ui: &mut Ui, draw: &Draw<'_>) {
        let theme = draw.theme;
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::hover());
        let middle = rect.center().y;
        let mut room = rect.width();
        if let Some((task, _)) = &self.looking {
            let (done, total) = task.progress();
            let words = format!("Looking… {} of {}", wording::thousands(done), wording::thousands(total));
            let galley = parts::line(ui, &words, fonts::regular(12.0), theme.secondary, 200.0);
            room -= galley.size().x + 12.0;
            parts::put(ui.painter(), pos2(rect.right() - galley.size().x, middle), galley);
            ui.ctx().request_repaint_after(std::time::Duration::from_millis(60));
        }
        let sentence = self.sentence(draw.session);
        parts::text(ui, rect.left_center(), &sentence, fonts::semibold(14.0), theme.text, room);
        let about = self.about();
        let looking = if self.looking.is_some() { "Looking… " } else { "" };
        response.widget_info(|| WidgetInfo::labeled(Role::Status, true, format!("{looking}{sentence}. {about}")));
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 22.0), Sense::hover());
        parts::text(ui, rect.left_center(), &about, fonts::regular(12.0), theme.secondary, rect.width());
        ui.add_space(6.0);
    }

    /// `Mark 37 more as Entity in 12 documents`
    fn sentence(&self, session: &Session) -> String {
        let label = parts::name(&session.schema, &self.plan.model.label);
        let Count { mark, documents, remove, keep, .. } = self.count;
        let more = if self.plan.model.span.is_some() { " more" } else { "" };
        let place = if self.project {
            format!(" in {}", wording::counted(documents as u64, "document", "documents"))
        } else {
            String::new()
        };
        match (mark, remove) {
            (0, 0) if keep > 0 => format!("{} marked as {label}", wording::thousands(keep as u64)),
            (0, 0) if self.is_empty() => "It occurs nowhere else".to_owned(),
            (0, 0) => "Nothing is ticked".to_owned(),
            (0, remove) => format!("Take {} back", wording::thousands(remove as u64)),
            (mark, 0) => format!("Mark {}{more} as {label}{place}", wording::thousands(mark as u64)),
            (mark, remove) => format!(
                "Mark {}{more} as {label}{place}, take {} back",
                wording::thousands(mark as u64),
                wording::thousands(remove as u64)
            ),
        }
    }

    fn about(&self) -> String {
        let mut about = vec![format!("“{}”", self.plan.model.brief())];
        let Count { left_out, reopen, .. } = self.count;
        if left_out > 0 {
            about.push(format!("{} left out", wording::thousands(left_out as u64)));
        }
        if self.project && reopen > 0 {
            about.push(format!("{} again", wording::counted(reopen as u64, "document opens", "documents open")));
        }
        if self.plan.full {
            about.push("more than can be marked at once: the rest waits".to_owned());
        }
        if self.unread > 0 {
            about.push(format!("{} not read", wording::counted(self.unread as u64, "document", "documents")));
        }
        about.join("  ·  ")
    }

    fn toggles(&mut self, ui: &mut Ui, draw: &Draw<'_>, asks: &mut Vec<Ask>) {
        let options = self.plan.options;
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(6.0, 4.0);
            let project = self.project;
            for toggle in TOGGLES.iter().filter(|toggle| toggle.is_there(project)) {
                if rows::pill(ui, self.is_on(toggle), toggle.name, toggle.key, draw.theme) && !self.is_busy() {
                    asks.extend(self.toggle(toggle, options));
                }
            }
        });
    }

    fn foot(&mut self, ui: &mut Ui, draw: &Draw<'_>, asks: &mut Vec<Ask>) {
        let theme = draw.theme;
        if let Some(task) = &mut self.preparing {
            task.is_long(ui);
            task.bar(ui, "Marking…", theme);
            return;
        }
        let Count { mark, remove, .. } = self.count;
        let words = match (mark, remove) {
            (0, 0) => "Mark".to_owned(),
            (0, remove) => format!("Take {} back", wording::thousands(remove as u64)),
            (mark, _) => format!("Mark {}", wording::thousands(mark as u64)),
        };
        let size = vec2(ui.available_width(), 34.0);
        ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
            if form::button(ui, &words, form::Kind::Default, mark + remove > 0, theme).clicked() {
                asks.push(Ask::Mark);
            }
            let left = ui.max_rect().left();
            let room = ui.min_rect().left() - left - 12.0;
            rows::hints(ui, pos2(left, ui.max_rect().center().y), room, theme);
        });
    }
}

fn again(options: Options, project: bool) -> Ask {
    Ask::Plan { options: Some(options), project }
}

/// An option that a key turns.
struct Toggle {
    key: char,
    name: &'static str,
    is_on: fn(Options) -> bool,
    turn: fn(Options) -> Options,
}

impl Toggle {
    /// Whether documents are finished is no question where there is one.
    fn is_there(&self, project: bool) -> bool {
        project || self.key != 'f'
    }
}

const TOGGLES: [Toggle; 5] = [
    Toggle {
        key: 'w',
        name: "Whole words",
        is_on: |options| options.whole_words,
        turn: |options| Options { whole_words: !options.whole_words, ..options },
    },
    Toggle {
        key: 'c',
        name: "Same case",
        is_on: |options| options.same_case,
        turn: |options| Options { same_case: !options.same_case, ..options },
    },
    Toggle {
        key: 'a',
        name: "Copy attributes",
        is_on: |options| options.attributes,
        turn: |options| Options { attributes: !options.attributes, ..options },
    },
    Toggle {
        key: 'f',
        name: "Finished documents",
        is_on: |options| options.finished,
        turn: |options| Options { finished: !options.finished, ..options },
    },
    Toggle { key: 'h', name: "Show left out", is_on: |_| true, turn: |options| options },
];

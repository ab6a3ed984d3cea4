//! [`Work`]: the screen on which a project is worked on. Keys become actions, actions become commands, then everything is drawn.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use egui::{CentralPanel, Context, Event, EventFilter, Frame, Panel, Ui};

use super::finding::Listing;
use super::input;
use super::overlays::{self, Palette, StatusMenu};
use super::panels::{attributes, banner, find, inspector, list, menus, page, search, status};
use super::reading::Reading;
use super::request::{Ask, Looking, Request};
use super::theme::Theme;
use super::view::{Draft, DraftOf, Focused, Overlay, Pane, View, ids};
use super::window::Shared;
use crate::schema::AttributeKind;
use crate::session::keymap::{Chord, Context as KeyContext, Key};
use crate::session::{Action, Command, Motion, Notice, NoticeKind, Outcome, Reason, Session};
use crate::session::{asking, resolve};

/// A project being worked on, and how it is seen.
#[derive(Debug)]
pub struct Work {
    pub session: Session,
    pub view: View,
    requests: Vec<Request>,
    /// The filtered list that a worker makes.
    pub(super) listing: Option<Listing>,
    /// When something was changed last, by the clock of the frames, until the mirrors are written; not a number until the next frame.
    changed: Option<f64>,
}

/// What drawing a part needs and gives.
pub struct Draw<'a> {
    pub session: &'a Session,
    pub theme: &'static Theme,
    /// Fonts and glyph pictures of the page, for lines of any script: [`super::reading::Line`].
    pub reading: &'a RefCell<Reading>,
    pub asks: Vec<Ask>,
}

impl Draw<'_> {
    pub fn run(&mut self, command: Command) {
        self.asks.push(Ask::Run(command));
    }

    pub fn act(&mut self, action: Action) {
        self.asks.push(Ask::Act(action));
    }
}

/// Narrower than these, a side panel is only there while it has the focus.
const LEFT_FOLDS: f32 = 760.0;
const RIGHT_FOLDS: f32 = 1000.0;
/// Seconds without a change after which the mirrors are written.
const CALM: f64 = 10.0;

impl Work {
    pub fn new(session: Session) -> Self {
        Self { session, view: View::default(), requests: Vec::new(), listing: None, changed: None }
    }

    /// For the system's window: document, project, annotator.
    pub fn title(&self) -> String {
        let Session { project, open, .. } = &self.session;
        match open {
            Some(open) => format!("{} — {project} — Spanwright", open.document.title()),
            None => format!("{project} — Spanwright"),
        }
    }

    /// One frame. `blocked`: a dialog has the keys.
    pub fn frame(&mut self, ui: &mut Ui, shared: &mut Shared, blocked: bool) -> Vec<Request> {
        let context = ui.ctx().clone();
        let told = self.session.poll();
        shared.toasts.extend(told);
        self.poll_workers(shared);
        if !blocked {
            self.keys(&context, shared);
        }
        self.view.sync(&self.session);
        let reading = Rc::clone(&shared.reading);
        let theme = Theme::of(context.theme());
        let mut draw = Draw { session: &self.session, theme, reading: &reading, asks: Vec::new() };
        show(ui, &mut draw, &mut self.view, shared);
        let asks = draw.asks;
        let any = !asks.is_empty();
        for ask in asks {
            self.answer(ask, &context, shared);
        }
        if !blocked {
            self.view.settle(&context);
        }
        if any {
            context.request_repaint();
        }
        self.mirror_when_calm(&context);
        std::mem::take(&mut self.requests)
    }

    fn answer(&mut self, ask: Ask, context: &Context, shared: &mut Shared) {
        match ask {
            Ask::Run(Command::Filter(query)) => self.filter(query, shared),
            Ask::Run(command) => self.run(command, shared),
            Ask::Look(looking) => self.look(looking, context, shared),
            Ask::Pointed(command) => {
                let outcome = self.session.run(command);
                self.take(Outcome { reveal: None, ..outcome }, shared);
            }
            Ask::Act(action) => self.act(&action, context, shared),
            Ask::Request(request) => self.requests.push(request),
            Ask::Open(overlay) => self.open(overlay, context),
            Ask::CloseOverlay => self.close(context),
            Ask::Focus(pane) => {
                self.save_draft(shared);
                self.view.focus(pane, context);
            }
            Ask::Attribute(at) => self.begin_attribute(at, context, shared),
        }
    }

    // ── keys

    /// Takes the keys that mean something here; the rest stays for egui's own fields and buttons.
    fn keys(&mut self, context: &Context, shared: &mut Shared) {
        if self.view.context() != KeyContext::TextField {
            // What these type would otherwise land in a field that an action opens in this very frame.
            context.input_mut(|input| input.events.retain(|event| !matches!(event, Event::Text(_))));
        }
        if egui::Popup::is_any_open(context) {
            return;
        }
        for event in context.input(|input| input.events.clone()) {
            if let Some(chord) = input::chord(&event)
                && self.key(chord, context, shared)
            {
                context.input_mut(|input| {
                    if let Some(at) = input.events.iter().position(|known| *known == event) {
                        input.events.remove(at);
                    }
                });
            }
        }
    }

    /// `true`: the key was meant for us.
    fn key(&mut self, chord: Chord, context: &Context, shared: &mut Shared) -> bool {
        if self.view.overlay.is_some() {
            let asks = overlays::key(&mut self.view, &self.session, chord);
            if let Some(asks) = asks {
                for ask in asks {
                    self.answer(ask, context, shared);
                }
                return true;
            }
        }
        let here = self.view.context();
        let taken = match here {
            KeyContext::TextField => self.key_in_field(chord, context, shared),
            KeyContext::Attributes => self.key_of_attribute(chord, context, shared),
            KeyContext::List if self.view.search.open => {
                let asks = search::key(&mut self.view.search, chord);
                self.answer_all(asks, context, shared)
            }
            KeyContext::List => {
                let ask = list::key(&mut self.view.list, &self.session, chord);
                ask.map(|ask| self.answer(ask, context, shared)).is_some()
            }
            _ => false,
        };
        if taken {
            return true;
        }
        match self.session.action_for(here, chord) {
            Some(action) => {
                self.act(&action, context, shared);
                true
            }
            None => false,
        }
    }

    /// `true`: there was something to answer.
    fn answer_all(&mut self, asks: Option<Vec<Ask>>, context: &Context, shared: &mut Shared) -> bool {
        let any = asks.is_some();
        for ask in asks.into_iter().flatten() {
            self.answer(ask, context, shared);
        }
        any
    }

    fn key_in_field(&mut self, chord: Chord, context: &Context, shared: &mut Shared) -> bool {
        let Focused::Field(field) = self.view.focused else { return false };
        if field == ids::search() {
            let asks = search::key_in_field(&mut self.view.search, chord);
            return self.answer_all(asks, context, shared);
        }
        let plain = !chord.ctrl && !chord.alt && !chord.shift;
        match chord.key {
            Key::Enter if field == ids::find() && !chord.ctrl && !chord.alt => {
                self.find_again(!chord.shift, true, shared);
                self.view.focus(Pane::Page, context);
            }
            Key::Enter | Key::Down if field == ids::filter() && plain => self.view.focus(Pane::List, context),
            Key::Enter if field == ids::value() && plain => self.next_attribute(context, shared),
            Key::Enter if field == ids::note() && plain => {
                self.save_draft(shared);
                self.view.focus(Pane::Page, context);
            }
            Key::Tab if field == ids::find() || field == ids::note() => self.view.focus(Pane::Page, context),
            _ => return false,
        }
        true
    }

    /// Digits choose values; 0 takes the value away; Tab and Enter go on.
    fn key_of_attribute(&mut self, chord: Chord, context: &Context, shared: &mut Shared) -> bool {
        let Some(at) = self.view.attribute else { return false };
        match chord.key {
            Key::Char(digit @ '0'..='9') if !chord.ctrl && !chord.alt => {
                let shown = attributes::shown(&self.session);
                let Some(attribute) = shown.attributes.get(at) else { return false };
                let now = shown.values.get(&attribute.name);
                let digit = u8::try_from(digit).unwrap_or_default() - b'0';
                let Some(value) = asking::value_of(attribute, now, digit) else { return true };
                let several = matches!(attribute.kind, AttributeKind::AnyOf(_));
                let command =
                    Command::SetAttribute { owner: resolve::owner(&self.session), name: attribute.name.clone(), value };
                self.run(command, shared);
                if !several {
                    self.next_attribute(context, shared);
                }
            }
            Key::Enter | Key::Tab | Key::Down if !chord.ctrl && !chord.alt && !chord.shift => {
                self.next_attribute(context, shared);
            }
            Key::Tab | Key::Up if !chord.ctrl && !chord.alt => {
                self.begin_attribute(Some(at.saturating_sub(1)), context, shared);
            }
            _ => return false,
        }
        true
    }

    fn next_attribute(&mut self, context: &Context, shared: &mut Shared) {
        self.save_draft(shared);
        let count = attributes::shown(&self.session).attributes.len();
        let next = self.view.attribute.map(|at| at + 1).filter(|next| *next < count);
        self.begin_attribute(next, context, shared);
    }

    fn begin_attribute(&mut self, at: Option<usize>, context: &Context, shared: &mut Shared) {
        self.save_draft(shared);
        let shown = attributes::shown(&self.session);
        let attribute = at.and_then(|at| shown.attributes.get(at));
        let Some(attribute) = attribute else {
            self.view.focus(Pane::Page, context);
            return;
        };
        let words = attributes::writes(attribute).then(|| attributes::written(shown.values.get(&attribute.name)));
        let name = attribute.name.clone();
        self.view.pane = Pane::Inspector;
        self.view.attribute = at;
        match words {
            Some(words) => {
                self.view.draft = Some(Draft { of: DraftOf::Value(name), words });
                self.view.focus_field(ids::value(), context);
            }
            None => self.view.focus(Pane::Inspector, context),
        }
    }

    /// Saves what was being written.
    fn save_draft(&mut self, shared: &mut Shared) {
        match self.drafted() {
            Some(Ok(command)) => self.run(command, shared),
            Some(Err(sentence)) => shared.toasts.tell(Notice { kind: NoticeKind::Refused, sentence, undo: false }),
            None => {}
        }
    }

    /// What would save the draft, which is taken; the sentence says why it cannot be saved.
    fn drafted(&mut self) -> Option<Result<Command, String>> {
        let Draft { of, words } = self.view.draft.take()?;
        let name = match of {
            DraftOf::Note(span) => return Some(Ok(Command::SetNote { span, note: words.trim().to_owned() })),
            DraftOf::Value(name) => name,
        };
        let shown = attributes::shown(&self.session);
        let attribute = shown.attributes.iter().find(|attribute| attribute.name == name)?;
        let value = match attributes::read(attribute, &words) {
            Ok(value) => value,
            Err(sentence) => return Some(Err(sentence)),
        };
        let changes = value.as_ref() != shown.values.get(&name);
        changes.then(|| Ok(Command::SetAttribute { owner: resolve::owner(&self.session), name, value }))
    }

    /// The files for colleagues are written when nothing was changed for a while.
    fn mirror_when_calm(&mut self, context: &Context) {
        let Some(then) = self.changed else { return };
        let now = context.input(|input| input.time);
        let then = if then.is_nan() { now } else { then };
        self.changed = Some(then);
        if now - then < CALM {
            context.request_repaint_after(Duration::from_secs_f64(CALM - (now - then)));
        } else if self.session.is_saved() {
            self.changed = None;
            self.session.mirror();
        }
    }

    // ── actions

    /// Does an action: what only a window can do here, the rest in the session.
    pub fn act(&mut self, action: &Action, context: &Context, shared: &mut Shared) {
        use Action as A;
        context.request_repaint();
        if *action != A::Escape {
            self.save_draft(shared);
        }
        let line_motion =
            matches!(action, A::Move(Motion::LineUp | Motion::LineDown) | A::Extend(Motion::LineUp | Motion::LineDown));
        if !line_motion {
            self.view.goal = None;
        }
        let in_list = self.view.pane == Pane::List && *action == A::Confirm;
        if let Err(Reason(reason)) = action.available(&self.session)
            && !in_list
        {
            shared.toasts.tell(Notice { kind: NoticeKind::Refused, sentence: reason.to_owned(), undo: false });
            return;
        }
        match action {
            A::OpenProject | A::Import | A::Export | A::Settings | A::Quit | A::FullScreen => {
                self.requests.push(Request::Act(action.clone()));
            }
            A::Copy => self.copy(context),
            A::Find => self.begin_find(context),
            A::FindNext | A::FindPrevious if self.view.search.open && !self.view.find.open => {
                self.step_search(*action == A::FindNext, shared);
            }
            A::FindNext | A::FindPrevious if self.view.find.words.is_empty() => self.begin_find(context),
            A::FindNext => self.find_again(true, false, shared),
            A::FindPrevious => self.find_again(false, false, shared),
            A::FindInProject => self.begin_search(context, shared),
            A::FilterList => self.begin_filter(context),
            A::Palette => self.open(Overlay::Palette(Palette::default()), context),
            A::KeySheet => self.open(Overlay::Keys, context),
            A::Help => self.open(Overlay::Help, context),
            A::StatusMenu => self.open(Overlay::Status(StatusMenu::Menu), context),
            A::Flag => self.open(Overlay::Status(StatusMenu::flag(&self.session)), context),
            A::EditNote => self.begin_note(context),
            A::NextPane => self.next_pane(true, context),
            A::PreviousPane => self.next_pane(false, context),
            A::Confirm if self.session.linking().is_none() => self.begin_attribute(Some(0), context, shared),
            A::Move(motion) => self.caret(*motion, false, shared),
            A::Extend(motion) => self.caret(*motion, true, shared),
            A::ScrollDown => self.scroll(1.0),
            A::ScrollUp => self.scroll(-1.0),
            A::Escape => self.escape(context, shared),
            _ => {
                let outcome = self.session.act(action);
                self.take(outcome, shared);
            }
        }
    }

    pub(super) fn run(&mut self, command: Command, shared: &mut Shared) {
        let outcome = self.session.run(command);
        self.take(outcome, shared);
    }

    fn take(&mut self, outcome: Outcome, shared: &mut Shared) {
        if outcome.transaction.is_some() {
            self.changed = Some(f64::NAN);
            self.view.search.finding.changed();
            shared.toasts.forget_undo();
        }
        shared.toasts.extend(outcome.notices);
        self.view.sync(&self.session);
        if let (Some(range), Some(open)) = (outcome.reveal, &mut self.view.page) {
            open.page.reveal(range.start()..range.end());
        }
    }

    /// One step: what lies over the page, the field, the attributes, the list, the find bar; then the session's own.
    fn escape(&mut self, context: &Context, shared: &mut Shared) {
        let view = &mut self.view;
        if view.overlay.is_some() {
            self.close(context);
        } else if let Focused::Field(field) = view.focused {
            if field == ids::find() {
                view.find.open = false;
            }
            if field == ids::search() {
                view.search.open = false;
            }
            view.draft = None;
            view.focus(Pane::Page, context);
        } else if view.focused == Focused::Control || view.attribute.is_some() || view.pane != Pane::Page {
            if view.pane == Pane::List {
                view.search.open = false;
            }
            view.focus(Pane::Page, context);
        } else if view.find.open {
            view.find.open = false;
        } else if view.search.open && self.session.is_at_rest() {
            view.search.open = false;
        } else {
            self.run(Command::Escape, shared);
        }
    }

    fn open(&mut self, overlay: Overlay, context: &Context) {
        let has_field = overlay.has_field();
        self.view.overlay = Some(overlay);
        if has_field {
            self.view.focus_field(ids::overlay(), context);
        } else {
            self.view.focus(self.view.pane, context);
        }
    }

    fn close(&mut self, context: &Context) {
        if self.view.overlay.take().is_some() {
            self.view.focus(self.view.pane, context);
        }
    }

    fn copy(&self, context: &Context) {
        if let (Some(open), Some(range)) = (&self.session.open, self.session.selection()) {
            context.copy_text(open.text().slice(range).to_owned());
        }
    }

    fn begin_filter(&mut self, context: &Context) {
        self.view.search.open = false;
        self.view.pane = Pane::List;
        let words = self.session.list.query.words.clone();
        self.view.focus_field_whole(ids::filter(), &words, context);
    }

    fn look(&mut self, looking: Looking, context: &Context, shared: &mut Shared) {
        match looking {
            Looking::Begin => self.search(shared),
            Looking::Field => self.view.focus_field(ids::search(), context),
            Looking::Step(forward) => self.step_search(forward, shared),
            Looking::Visit(row) => self.visit(row, shared),
            Looking::List => self.list_results(context, shared),
            Looking::Stop => self.view.search.finding.cancel(),
            Looking::Close => {
                self.view.search.open = false;
                self.view.focus(Pane::Page, context);
            }
        }
    }

    fn begin_find(&mut self, context: &Context) {
        if let (Some(open), Some(range)) = (&self.session.open, self.session.selection()) {
            let words = open.text().slice(range);
            if words.len() <= 80 && !words.contains('\n') {
                words.clone_into(&mut self.view.find.words);
            }
        }
        self.view.find.open = true;
        let words = self.view.find.words.clone();
        self.view.focus_field_whole(ids::find(), &words, context);
    }

    fn find_again(&mut self, forward: bool, here: bool, shared: &mut Shared) {
        let words = self.view.find.words.clone();
        self.run(Command::Find { words, forward, here }, shared);
    }

    fn begin_note(&mut self, context: &Context) {
        let Some(span) = self.session.selected_span() else { return };
        self.view.draft = Some(Draft { of: DraftOf::Note(span.id.clone()), words: span.note.clone() });
        self.view.pane = Pane::Inspector;
        self.view.focus_field(ids::note(), context);
    }

    fn next_pane(&mut self, forward: bool, context: &Context) {
        let panes = [Pane::List, Pane::Page, Pane::Inspector];
        let at = panes.iter().position(|pane| *pane == self.view.pane).unwrap_or(1);
        let next = panes[(at + if forward { 1 } else { 2 }) % 3];
        let has_attributes = !attributes::shown(&self.session).attributes.is_empty();
        self.view.attribute = (next == Pane::Inspector && has_attributes).then_some(0);
        self.view.focus(next, context);
    }

    fn scroll(&mut self, pages: f32) {
        if let Some(open) = &mut self.view.page {
            open.page.scroll_pages(pages);
        }
    }

    /// Lines are those that are seen, so the page resolves them.
    fn caret(&mut self, motion: Motion, extend: bool, shared: &mut Shared) {
        let (Some(open), Some(seen)) = (&self.session.open, &mut self.view.page) else { return };
        let reading = Rc::clone(&shared.reading);
        let reading = &mut *reading.borrow_mut();
        let (at, goal) = (open.caret, self.view.goal);
        let (to, goal) = match motion {
            Motion::LineUp => seen.page.line_up(reading, at, goal),
            Motion::LineDown => seen.page.line_down(reading, at, goal),
            Motion::LineStart => (seen.page.line_start(reading, at), 0.0),
            Motion::LineEnd => (seen.page.line_end(reading, at), 0.0),
            _ => {
                let action = if extend { Action::Extend(motion) } else { Action::Move(motion) };
                let outcome = self.session.act(&action);
                self.take(outcome, shared);
                return;
            }
        };
        self.view.goal = matches!(motion, Motion::LineUp | Motion::LineDown).then_some(goal);
        self.run(Command::Caret { to, extend }, shared);
    }
}

impl Drop for Work {
    /// What is half written is saved, and the mirrors are written, before the project is let go.
    fn drop(&mut self) {
        self.stop_workers();
        if let Some(Ok(command)) = self.drafted() {
            // There is nobody left to tell.
            let _ = self.session.run(command);
        }
        self.session.mirror();
    }
}

/// Draws everything.
fn show(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut View, shared: &mut Shared) {
    view.pointed = None;
    let width = ui.ctx().content_rect().width();
    let panel = Frame::NONE.fill(draw.theme.panel);
    menus::show(ui, draw, shared);
    status::show(ui, draw, view);
    if width >= LEFT_FOLDS || view.pane == Pane::List {
        let side = Panel::left("documents").exact_size(224.0).resizable(false).show_separator_line(false).frame(panel);
        if view.search.open {
            let side = side.exact_size(search::width(width));
            side.show(ui, |ui| search::show(ui, draw, &mut view.search));
        } else {
            side.show(ui, |ui| list::show(ui, draw, &mut view.list));
        }
    }
    if width >= RIGHT_FOLDS || view.pane == Pane::Inspector {
        let side = Panel::right("inspector").exact_size(236.0).resizable(false).show_separator_line(false).frame(panel);
        side.show(ui, |ui| inspector::show(ui, draw, view));
    }
    CentralPanel::default().frame(Frame::NONE.fill(draw.theme.page)).show(ui, |ui| {
        ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
        banner::show(ui, draw);
        if view.find.open {
            find::show(ui, draw, &mut view.find);
        }
        page::show(ui, draw, view, shared);
    });
    overlays::show(ui, draw, view);
    keep(ui.ctx(), view);
}

/// The page and the list have Tab, arrows and Esc for themselves.
fn keep(context: &Context, view: &View) {
    let filter = EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: true };
    context.memory_mut(|memory| {
        for id in view.page_id.into_iter().chain([ids::list()]) {
            if memory.has_focus(id) {
                memory.set_focus_lock_filter(id, filter);
            }
        }
    });
}

//! [`Work`]: the screen on which a project is worked on. Keys become actions, actions become commands, then everything is drawn.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use egui::{CentralPanel, Context, Event, EventFilter, Frame, Panel, Ui};

use super::finding::{Listing, LookUp};
use super::keyboard::Keyboard;
use super::overlays::{self, Missing, Palette, Relations, Rules, StatusMenu};
use super::panels::find::Wanted;
use super::panels::{
    agreement, attributes, banner, find, guidelines, inspector, list, menus, page, review, search, status, team,
};
use super::planning::Stepping;
use super::reading::Reading;
use super::request::{Ask, Finds, Looking, Request};
use super::stack;
use super::theme::Theme;
use super::view::{Draft, DraftOf, Focused, Overlay, Pane, View, ids};
use super::window::Shared;
use crate::edit::Direction;
use crate::schema::AttributeKind;
use crate::session::keymap::{Chord, Key};
use crate::session::reviewing::{Order, Review};
use crate::session::settings::ThemeChoice;
use crate::session::{Action, Command, Motion, Notice, NoticeKind, Outcome, Reason, Session};
use crate::session::{asking, crash, resolve};

/// A project being worked on, and how it is seen.
#[derive(Debug)]
pub struct Work {
    pub session: Session,
    pub view: View,
    pub(super) keyboard: Keyboard,
    requests: Vec<Request>,
    /// A large change that is being undone or done again.
    pub(super) stepping: Option<Stepping>,
    /// The filtered list that a worker makes.
    pub(super) listing: Option<Listing>,
    pub(super) looked_up: Option<LookUp>,
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
/// Narrower than this, the guidelines stand in the place of the inspector, until that has the focus.
const BOTH_FIT: f32 = 1440.0;
/// Seconds without a change after which the mirrors are written.
const CALM: f64 = 10.0;

impl Work {
    pub fn new(session: Session) -> Self {
        Self {
            session,
            view: View::default(),
            keyboard: Keyboard::default(),
            requests: Vec::new(),
            stepping: None,
            listing: None,
            looked_up: None,
            changed: None,
        }
    }

    /// For the system's window: document, project, annotator.
    pub fn title(&self) -> String {
        let Session { project, open, .. } = &self.session;
        // A dot where something is not on disk and will not be by itself.
        let dot = if self.session.trouble().is_some() { "● " } else { "" };
        match open {
            Some(open) => format!("{dot}{} — {project} — Spanwright", open.document.title()),
            None => format!("{dot}{project} — Spanwright"),
        }
    }

    /// One frame. `blocked`: a dialog has the keys.
    pub fn frame(&mut self, ui: &mut Ui, shared: &mut Shared, blocked: bool) -> Vec<Request> {
        let context = ui.ctx().clone();
        let told = self.session.poll();
        shared.toasts.extend(told);
        self.poll_workers(&context, shared);
        if std::mem::take(&mut self.session.list.stale) {
            self.filter(self.session.list.query.clone(), shared);
        }
        if !blocked {
            self.signs_of_life(&context);
        }
        self.keys(&context, shared, blocked);
        self.begin_written(&context, shared);
        self.follow_step(shared);
        self.follow_plan(&context, shared);
        self.follow_review(&context);
        self.view.sync(&self.session);
        self.find_on_page(shared);
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

    /// What the review's thread found comes into view; while it runs, frames keep coming.
    fn follow_review(&mut self, context: &Context) {
        if let Some(range) = self.session.take_reveal() {
            self.view.sync(&self.session);
            self.view.reveal(range.start()..range.end());
        }
        if let Some(Overlay::Rules(rules)) = &mut self.view.overlay
            && let Some(accept) = rules.wants()
        {
            rules.begin(self.session.bulk(accept));
            context.request_repaint();
        }
        if self.session.reviewing().is_some_and(|reviewing| reviewing.progress().is_some()) {
            context.request_repaint_after(Duration::from_millis(60));
        }
    }

    /// Keys, the pointer on the page and scrolling say that somebody is at work; turning to another window says the opposite.
    fn signs_of_life(&mut self, context: &Context) {
        let page = self.view.page_id.and_then(|id| context.read_response(id)).map(|page| page.rect);
        let sign = |event: &Event| match event {
            Event::Key { pressed, .. } => *pressed,
            Event::Text(_) | Event::Copy | Event::PointerButton { .. } | Event::MouseWheel { .. } => true,
            Event::PointerMoved(at) => page.is_some_and(|page| page.contains(*at)),
            _ => false,
        };
        let (any, left, came) = context.input(|input| {
            let turned = |to| input.events.contains(&Event::WindowFocused(to));
            (input.events.iter().any(sign), turned(false), turned(true))
        });
        if any {
            self.session.active();
        }
        if left {
            self.session.pause();
        }
        if came {
            self.session.look();
        }
    }

    pub(super) fn answer(&mut self, ask: Ask, context: &Context, shared: &mut Shared) {
        match ask {
            Ask::Run(Command::Filter(query)) => self.filter(query, shared),
            Ask::Run(Command::Mine(on)) => {
                self.session.list.mine = on;
                self.filter(self.session.list.query.clone(), shared);
            }
            Ask::Run(command @ Command::Open(_)) => {
                self.view.leave_team();
                self.run(command, shared);
            }
            Ask::Run(command) => self.run(command, shared),
            Ask::Look(looking) => self.look(looking, context, shared),
            Ask::Find(Finds::Typed) => self.view.find.wanted = Some(Wanted::Here),
            Ask::Find(Finds::Close) => {
                self.view.find.open = false;
                self.view.focus(Pane::Page, context);
            }
            Ask::Pointed(command) => {
                let outcome = self.session.run(command);
                self.take(Outcome { reveal: None, ..outcome }, shared);
            }
            Ask::Act(action) => self.act(&action, context, shared),
            Ask::Request(request) => self.requests.push(request),
            Ask::Open(overlay) => self.open(overlay, context),
            Ask::Plan { options, project } => self.begin_plan(options, project, context, shared),
            Ask::Mark => self.mark_planned(context, shared),
            Ask::CloseOverlay => self.close(context),
            Ask::Used(action) => self.view.use_again(action),
            Ask::Focus(pane) => {
                self.save_draft(shared);
                self.view.focus(pane, context);
            }
            Ask::Field(id) => self.view.focus_field(id, context),
            Ask::OpenGuidelines => {
                let folder = self.session.around.folder.clone();
                self.requests.extend(folder.map(|folder| Request::OpenFile(folder.join("guidelines.md"))));
            }
            Ask::Attribute(at) => self.begin_attribute(at, context, shared),
        }
    }

    // ── keys that mean something in one place only

    /// `true`: there was something to answer.
    pub(super) fn answer_all(&mut self, asks: Option<Vec<Ask>>, context: &Context, shared: &mut Shared) -> bool {
        let any = asks.is_some();
        for ask in asks.into_iter().flatten() {
            self.answer(ask, context, shared);
        }
        any
    }

    pub(super) fn key_in_field(&mut self, chord: Chord, context: &Context, shared: &mut Shared) -> bool {
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
            Key::Enter if field == ids::guide() && !chord.ctrl && !chord.alt => {
                guidelines::search(&mut self.view.guide, !chord.shift);
            }
            Key::Down if field == ids::guide() && plain => self.view.focus(Pane::Guidelines, context),
            Key::Enter if field == ids::value() && plain => self.next_attribute(context, shared),
            Key::Enter if (field == ids::note() || field == ids::reason()) && plain => {
                self.save_draft(shared);
                self.view.focus(Pane::Page, context);
            }
            Key::Tab if field == ids::find() || field == ids::note() || field == ids::reason() => {
                self.view.focus(Pane::Page, context);
            }
            _ => return false,
        }
        true
    }

    /// Digits choose values; 0 takes the value away; Tab and Enter go on.
    pub(super) fn key_of_attribute(&mut self, chord: Chord, context: &Context, shared: &mut Shared) -> bool {
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

    /// Enter goes through the attributes in the list: nothing else is asked, and nothing is there to mark or to link.
    fn asks_by_list(&self) -> bool {
        let session = &self.session;
        session.linking().is_none() && session.asking().is_none() && !session.marks_on_enter()
    }

    /// What is asked for and must be written gets its field.
    fn begin_written(&mut self, context: &Context, shared: &mut Shared) {
        let written = asking::question(&self.session).is_some_and(|(attribute, _)| attributes::writes(attribute));
        if written && let Some(at) = self.session.take_question() {
            self.begin_attribute(Some(at), context, shared);
        }
    }

    fn next_attribute(&mut self, context: &Context, shared: &mut Shared) {
        self.save_draft(shared);
        if self.session.mending().is_some() || self.session.asking().is_some() {
            // The next question is another span's.
            return self.begin_attribute(None, context, shared);
        }
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
            DraftOf::Reason => return Some(Ok(Command::Review(Review::Reason(words)))),
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

    /// A dialog or another screen is asked for.
    pub(super) fn asks_for_another_screen(&self) -> bool {
        !self.requests.is_empty()
    }

    // ── actions

    /// Does an action: what only a window can do here, the rest in the session.
    pub fn act(&mut self, action: &Action, context: &Context, shared: &mut Shared) {
        use Action as A;
        context.request_repaint();
        crash::trail(action.info().id);
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
            A::OpenProject
            | A::Import
            | A::Export
            | A::Assign
            | A::Settings
            | A::ChangeKeys
            | A::Messages
            | A::Quit
            | A::FullScreen => {
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
            A::Palette => self.open(Overlay::Palette(Palette::new(&self.view.used)), context),
            A::SpansHere => self.list_spans_here(shared),
            A::Relations => self.open(Overlay::Relations(Relations::default()), context),
            A::Undo if self.begin_step(Direction::Undo, shared) => {}
            A::Redo if self.begin_step(Direction::Redo, shared) => {}
            A::FinishAndNext if self.session.wants_check() => {
                self.open(Overlay::Missing(Missing::new(&self.session)), context);
            }
            A::MarkAllEqual if self.session.wants_list() => self.begin_plan(None, false, context, shared),
            A::MarkAllInProject => self.begin_plan(None, true, context, shared),
            A::Team if matches!(self.view.overlay, Some(Overlay::Team(_))) => self.close(context),
            A::Team => self.open(Overlay::Team(Box::default()), context),
            A::KeySheet => self.open(Overlay::Keys, context),
            A::Help => match self.session.selected_span() {
                Some(span) => {
                    let label = self.session.schema.resolve(span.label.as_str()).map_or(&span.label, |label| &label.id);
                    self.view.guide.ask(label);
                }
                None => self.open(Overlay::Help, context),
            },
            A::Guidelines => self.toggle_guidelines(context),
            A::Skip => self.open(Overlay::Status(StatusMenu::skip()), context),
            A::StatusMenu => self.open(Overlay::Status(StatusMenu::Menu), context),
            A::Flag => self.open(Overlay::Status(StatusMenu::flag(&self.session)), context),
            A::EditNote => self.begin_note(context),
            A::Review | A::Feedback => {
                let outcome = self.session.act(action);
                self.take(outcome, shared);
                self.view.find.open = false;
                self.view.focus(Pane::Page, context);
            }
            A::Reason => self.begin_reason(context),
            A::SettleMany => self.open(Overlay::Rules(Rules::new(&shared.waker)), context),
            A::Agreement if matches!(self.view.overlay, Some(Overlay::Agreement(_))) => self.close(context),
            A::Agreement => self.open(Overlay::Agreement(Box::default()), context),
            A::Blind => {
                let on = self.session.reviewing().is_some_and(|reviewing| !reviewing.is_blind());
                self.run(Command::Review(Review::Blind(on)), shared);
            }
            A::ReviewOrder => {
                let now = self.session.reviewing().map(|reviewing| reviewing.queue.order()).unwrap_or_default();
                let at = Order::ALL.iter().position(|order| *order == now).map_or(0, |at| at + 1);
                self.run(Command::Review(Review::Arrange(Order::ALL[at % Order::ALL.len()])), shared);
            }
            A::LightOrDark => {
                let choice = if context.theme() == egui::Theme::Dark { ThemeChoice::Light } else { ThemeChoice::Dark };
                self.requests.push(Request::Theme(choice));
            }
            A::Careful => {
                let careful = !shared.settings.careful;
                shared.change(|settings| settings.careful = careful);
                let sentence =
                    if careful { "Required attributes are asked for" } else { "Attributes are not asked for" };
                let told = Notice { kind: NoticeKind::Done, sentence: sentence.to_owned(), undo: false };
                shared.toasts.tell(told);
            }
            A::Menu => self.view.menus.wanted = true,
            A::NextPane => self.next_pane(true, context),
            A::PreviousPane => self.next_pane(false, context),
            A::Confirm if self.asks_by_list() => self.begin_attribute(Some(0), context, shared),
            A::Move(motion) => self.caret(*motion, false, shared),
            A::Extend(motion) => self.caret(*motion, true, shared),
            A::ScrollDown => self.scroll(1.0),
            A::ScrollUp => self.scroll(-1.0),
            A::Escape => self.escape(context, shared),
            A::LargerText
            | A::SmallerText
            | A::SansSerif
            | A::LinesApart
            | A::LinesTogether
            | A::ColumnWider
            | A::ColumnNarrower
            | A::LineNumbers
            | A::FoldBoilerplate
            | A::ShowInvisible => shared.change(|settings| settings.read(action)),
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

    pub(super) fn take(&mut self, outcome: Outcome, shared: &mut Shared) {
        if outcome.transaction.is_some() {
            self.changed = Some(f64::NAN);
            self.view.search.finding.changed();
            shared.toasts.forget_undo();
        }
        shared.toasts.extend(outcome.notices);
        self.view.sync(&self.session);
        if let Some(range) = outcome.reveal {
            self.view.reveal(range.start()..range.end());
        }
    }

    /// One step: what lies over the page, the field, the attributes, the list, the find bar; then the session's own.
    fn escape(&mut self, context: &Context, shared: &mut Shared) {
        let narrow = context.content_rect().width() < RIGHT_FOLDS;
        let view = &mut self.view;
        if view.gesture.cancel() {
        } else if view.overlay.is_some() {
            self.close(context);
        } else if view.guide.open && narrow {
            self.toggle_guidelines(context);
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

    fn toggle_guidelines(&mut self, context: &Context) {
        self.view.guide.open = !self.view.guide.open;
        self.view.guide.about = None;
        if !self.view.guide.open && self.view.pane == Pane::Guidelines {
            self.view.focus(Pane::Page, context);
        }
    }

    pub(super) fn open(&mut self, overlay: Overlay, context: &Context) {
        let has_field = overlay.has_field();
        self.view.overlay = Some(overlay);
        if has_field {
            self.view.focus_field(ids::overlay(), context);
        } else {
            self.view.focus(self.view.pane, context);
        }
    }

    pub(super) fn close(&mut self, context: &Context) {
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
        self.view.find.wanted = Some(match (here, forward) {
            (true, true) => Wanted::Here,
            (_, true) => Wanted::Next,
            (_, false) => Wanted::Previous,
        });
        self.find_on_page(shared);
    }

    /// The spans over the caret, to choose one by its digit.
    fn list_spans_here(&mut self, shared: &mut Shared) {
        let spans = stack::here(&self.session);
        let Some(open) = self.session.open.as_ref().filter(|_| !spans.is_empty()) else {
            let sentence = "There is no span at the caret".to_owned();
            shared.toasts.tell(Notice { kind: NoticeKind::Refused, sentence, undo: false });
            return;
        };
        let at = self.session.selected_span().map_or(open.caret, |span| span.hull().start());
        let place = self.view.place_of(at..at).map_or_else(egui::Pos2::default, |rect| rect.left_bottom());
        self.view.stack.open(spans, place + egui::vec2(0.0, 10.0));
    }

    fn begin_reason(&mut self, context: &Context) {
        let Some(reviewing) = self.session.reviewing().filter(|reviewing| reviewing.difference().is_some()) else {
            return;
        };
        self.view.draft = Some(Draft { of: DraftOf::Reason, words: reviewing.draft.reason.clone() });
        self.view.focus_field(ids::reason(), context);
    }

    fn begin_note(&mut self, context: &Context) {
        let Some(span) = self.session.selected_span() else { return };
        self.view.draft = Some(Draft { of: DraftOf::Note(span.id.clone()), words: span.note.clone() });
        self.view.pane = Pane::Inspector;
        self.view.focus_field(ids::note(), context);
    }

    fn next_pane(&mut self, forward: bool, context: &Context) {
        let mut panes = vec![Pane::List, Pane::Page, Pane::Inspector];
        if self.view.guide.open {
            panes.push(Pane::Guidelines);
        }
        let at = panes.iter().position(|pane| *pane == self.view.pane).unwrap_or(1);
        let next = panes[(at + if forward { 1 } else { panes.len() - 1 }) % panes.len()];
        let has_attributes = !attributes::shown(&self.session).attributes.is_empty();
        self.view.attribute = (next == Pane::Inspector && has_attributes).then_some(0);
        self.view.focus(next, context);
    }

    fn scroll(&mut self, pages: f32) {
        if let Some(open) = &mut self.view.page {
            open.page.scroll_pages(pages);
        }
    }

    /// Where the text is broken into lines and which way it runs is known to the page alone, so it resolves these motions.
    fn caret(&mut self, motion: Motion, extend: bool, shared: &mut Shared) {
        let reading = Rc::clone(&shared.reading);
        let reading = &mut *reading.borrow_mut();
        let at = self.session.open.as_ref().map_or(0, |open| open.caret);
        let at = (at, self.view.affinity(at));
        let selects = self.session.selection().is_some() && !extend;
        let (Some(seen), goal) = (&mut self.view.page, self.view.goal.take()) else { return };
        let page = &mut seen.page;
        let (to, goal) = match motion {
            Motion::LineUp | Motion::LineDown => {
                let (to, goal) = page.line(reading, at, goal, motion == Motion::LineDown);
                (to, Some(goal))
            }
            Motion::LineStart => (page.line_start(reading, at.0, at.1), None),
            Motion::LineEnd => (page.line_end(reading, at.0, at.1), None),
            Motion::Left | Motion::Right if !extend && !selects => {
                (page.step(reading, at.0, at.1, motion == Motion::Right), None)
            }
            motion => {
                let motion = if page.reads_leftwards(reading, at.0) { mirrored(motion) } else { motion };
                let action = if extend { Action::Extend(motion) } else { Action::Move(motion) };
                let outcome = self.session.act(&action);
                self.take(outcome, shared);
                return;
            }
        };
        self.view.goal = goal;
        self.view.lean = Some(to);
        self.run(Command::Caret { to: to.0, extend }, shared);
    }
}

/// What a key to the left or right means in a paragraph that reads from right to left.
fn mirrored(motion: Motion) -> Motion {
    match motion {
        Motion::Left => Motion::Right,
        Motion::Right => Motion::Left,
        Motion::WordLeft => Motion::WordRight,
        Motion::WordRight => Motion::WordLeft,
        other => other,
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
    menus::show(ui, draw, view, shared);
    status::show(ui, draw, view);
    let reviewing = draw.session.reviewing();
    if let Some(reviewing) = reviewing {
        if width >= LEFT_FOLDS {
            let side = Panel::left("differences").exact_size(review::LEFT).resizable(false).show_separator_line(false);
            side.frame(panel).show(ui, |ui| review::left(ui, draw, view, reviewing));
        }
    } else if width >= LEFT_FOLDS || view.pane == Pane::List {
        let side = Panel::left("documents").exact_size(224.0).resizable(false).show_separator_line(false).frame(panel);
        if view.search.open {
            let side = side.exact_size(search::width(width));
            side.show(ui, |ui| search::show(ui, draw, &mut view.search));
        } else {
            side.show(ui, |ui| list::show(ui, draw, &mut view.list));
        }
    }
    let covered = matches!(view.overlay, Some(Overlay::Team(_) | Overlay::Agreement(_)));
    let guide = view.guide.open && !covered;
    let folded = guide && width < BOTH_FIT && view.pane != Pane::Inspector;
    if guide && width >= RIGHT_FOLDS && (folded || width >= BOTH_FIT) {
        let side = Panel::right("guidelines")
            .exact_size(guidelines::WIDTH)
            .resizable(false)
            .show_separator_line(false)
            .frame(panel);
        side.show(ui, |ui| guidelines::show(ui, draw, view));
    }
    if covered {
        // The whole width is for the numbers.
    } else if let Some(reviewing) = reviewing {
        if width >= RIGHT_FOLDS && !folded {
            let side = Panel::right("gold").exact_size(review::RIGHT).resizable(false).show_separator_line(false);
            side.frame(panel).show(ui, |ui| review::right(ui, draw, reviewing));
        }
    } else if (width >= RIGHT_FOLDS && !folded) || view.pane == Pane::Inspector {
        let side = Panel::right("inspector").exact_size(236.0).resizable(false).show_separator_line(false).frame(panel);
        side.show(ui, |ui| inspector::show(ui, draw, view));
    }
    CentralPanel::default().frame(Frame::NONE.fill(draw.theme.page)).show(ui, |ui| {
        ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
        banner::show(ui, draw);
        if let Some(Overlay::Team(team)) = &mut view.overlay {
            return team::show(ui, draw, team, &shared.waker);
        }
        if view.find.open {
            find::show(ui, draw, &mut view.find);
        }
        if let Some(Overlay::Agreement(agreement)) = &mut view.overlay {
            return agreement::show(ui, draw, agreement, &shared.waker);
        }
        let over = ui.max_rect();
        match reviewing {
            Some(reviewing) => review::middle(ui, draw, view, shared, reviewing),
            None => page::show(ui, draw, view, shared),
        }
        if guide && width < RIGHT_FOLDS {
            guidelines::float(ui, draw, view, over);
        }
    });
    overlays::show(ui, draw, view);
    view.stack.show(ui, draw);
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

//! [`KeysPage`]: every action with its keys, which are changed by pressing others. A key that is taken is named, with the choice to
//! take it over; one that the system keeps says why it cannot be had. Labels' keys are shown; they are the schema's.

use std::sync::Arc;

use egui::{Context, Event, EventFilter, Id, Layout, Role, ScrollArea, Ui, WidgetInfo, pos2, vec2};

use super::super::super::theme::Theme;
use super::super::super::window::Shared;
use super::super::super::{fonts, input, parts};
use super::super::form;
use crate::schema::Schema;
use crate::session::keymap::{Chord, Key, Keymap, Own, keys};
use crate::session::rebind::{self, Obstacle};
use crate::session::system::System;
use crate::session::{Action, Group};

/// The keys, while they are looked at and changed.
#[derive(Debug)]
pub struct KeysPage {
    schema: Option<Arc<Schema>>,
    /// What is looked for: a name, or a key that was pressed.
    words: String,
    sought: Option<Chord>,
    /// The action that is spread out.
    open: Option<&'static Action>,
    listening: Option<Listening>,
    /// What was pressed for the open action, and cannot simply be had.
    pressed: Option<Pressed>,
}

/// What the next key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Listening {
    Finding,
    /// A key of the open action, instead of one it has.
    Giving {
        instead: Option<Chord>,
    },
}

#[derive(Clone, Debug)]
struct Pressed {
    chord: Chord,
    instead: Option<Chord>,
    obstacle: Obstacle,
}

/// What a click in the list asks for.
#[derive(Clone, Copy, Debug)]
enum Ask {
    Open(&'static Action),
    Close,
    Listen(Option<Chord>),
    Remove(Chord),
    Reset,
    TakeOver,
    Leave,
}

const HERE: System = System::HERE;

impl KeysPage {
    pub fn new(schema: Option<Arc<Schema>>) -> Self {
        Self { schema, words: String::new(), sought: None, open: None, listening: None, pressed: None }
    }

    /// Takes the key that is waited for, before anything else sees it.
    pub fn listen(&mut self, context: &Context, shared: &mut Shared) {
        let Some(listening) = self.listening else { return };
        let chord = context.input_mut(|input| {
            let chord = first(&input.events);
            input.events.retain(|event| !is_key(event));
            chord
        });
        let Some(chord) = chord else { return };
        self.listening = None;
        if chord == Chord::plain(Key::Escape) {
            return;
        }
        match (listening, self.open) {
            (Listening::Finding, _) => {
                self.sought = Some(chord);
                self.open = None;
            }
            (Listening::Giving { instead }, Some(action)) => self.give(action, chord, instead, shared),
            (Listening::Giving { .. }, None) => {}
        }
    }

    fn give(&mut self, action: &Action, chord: Chord, instead: Option<Chord>, shared: &mut Shared) {
        let own = &shared.settings.keys;
        let obstacle = rebind::obstacle(HERE, self.schema.as_deref(), own, action, chord);
        self.pressed = obstacle.map(|obstacle| Pressed { chord, instead, obstacle });
        if self.pressed.is_none() {
            shared.change(|settings| rebind::give(HERE, &mut settings.keys, action, chord, instead));
        }
    }

    pub fn show(&mut self, ui: &mut Ui, shared: &mut Shared, theme: &Theme) {
        self.search(ui, theme);
        let own = shared.settings.keys.clone();
        self.clashes(ui, &own, theme);
        let height = (ui.ctx().content_rect().height() - 300.0).clamp(120.0, 400.0);
        let mut ask = None;
        let list = ScrollArea::vertical().id_salt("keys").max_height(height).auto_shrink([false, false]);
        let out = vec2(form::OUT, 0.0);
        let wide = ui.available_rect_before_wrap().expand2(out);
        let mut child = ui.new_child(egui::UiBuilder::new().max_rect(wide));
        list.show(&mut child, |ui| {
            egui::Frame::NONE.inner_margin(egui::Margin::symmetric(form::OUT as i8, 0)).show(ui, |ui| {
                ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
                let any = self.rows(ui, &own, theme, &mut ask);
                if !any {
                    form::value(ui, "No command is called like that, or has that key", theme.secondary);
                }
            });
        });
        ui.allocate_rect(child.min_rect().shrink2(out), egui::Sense::hover());
        if let Some(ask) = ask {
            self.answer(ask, shared);
        }
    }

    fn search(&mut self, ui: &mut Ui, theme: &Theme) {
        ui.horizontal(|ui| {
            let finding = self.listening == Some(Listening::Finding);
            let words = match (finding, self.sought) {
                (true, _) => "Press a key…".to_owned(),
                (false, Some(chord)) => format!("{}  ×", parts::spelled(chord)),
                (false, None) => "By key".to_owned(),
            };
            let room = parts::line(ui, &words, fonts::medium(13.0), theme.text, 200.0).size().x + 36.0;
            let width = (ui.available_width() - room).max(80.0);
            let id = Id::unique("keys filter");
            let name = "Look for a command";
            if parts::field(ui, id, &mut self.words, "Command", name, width, theme).changed() {
                self.sought = None;
            }
            let button = form::button(ui, &words, form::Kind::Beside, true, theme);
            if button.clicked() {
                let waits = self.sought.take().is_none() && !finding;
                self.listening = waits.then_some(Listening::Finding);
                button.request_focus();
            }
            if finding {
                hold(ui, button.id);
            }
            button.on_hover_text("Press a key to see what it does");
        });
        ui.add_space(8.0);
    }

    /// Keys that two want, as in settings that were written by hand.
    fn clashes(&self, ui: &mut Ui, own: &Own, theme: &Theme) {
        let blank = Schema::default();
        let keymap = Keymap::on(HERE, self.schema.as_deref().unwrap_or(&blank), own);
        let mut told: Vec<String> = Vec::new();
        for clash in keymap.clashes() {
            let (has, wants) = (self.name(&clash.first), self.name(&clash.second));
            let sentence =
                format!("{} is wanted twice: “{has}” has it, “{wants}” goes without", parts::spelled(clash.chord));
            if !told.contains(&sentence) {
                told.push(sentence);
            }
        }
        for sentence in told.iter().take(4) {
            form::small(ui, sentence, theme.warning);
            ui.add_space(4.0);
        }
    }

    /// `false`: nothing was found.
    fn rows(&self, ui: &mut Ui, own: &Own, theme: &Theme, ask: &mut Option<Ask>) -> bool {
        let mut any = false;
        for group in Group::ALL {
            let found = Action::catalogue().iter().filter(|action| {
                action.info().group == group && self.finds(action.info().title, &keys(HERE, own, action))
            });
            for (index, action) in found.enumerate() {
                if index == 0 {
                    form::heading(ui, group.title(), theme);
                }
                any = true;
                self.row(ui, action, own, theme, ask);
            }
        }
        let Some(schema) = &self.schema else { return any };
        let keymap = Keymap::on(HERE, schema, own);
        let labels = schema.labels.iter().filter(|label| !label.retired);
        let marks = labels.clone().map(|label| Action::Mark(label.id.clone()));
        let arms = labels.map(|label| Action::Arm(label.id.clone()));
        let links = schema.relations.iter().filter(|kind| !kind.retired).map(|kind| Action::Relate(kind.id.clone()));
        let mut first = true;
        for action in marks.chain(links).chain(arms) {
            let bound: Vec<Chord> = keymap.keys_of(&action).collect();
            let name = self.name(&action);
            if bound.is_empty() || !self.finds(&name, &bound) {
                continue;
            }
            if std::mem::take(&mut first) {
                form::heading(ui, "Labels and relations", theme);
                form::small(
                    ui,
                    "These are the schema’s, and go before all others. They are changed there",
                    theme.secondary,
                );
                ui.add_space(4.0);
            }
            any = true;
            let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), parts::ROW), egui::Sense::hover());
            let left = caps(ui, rect, &bound, theme);
            parts::text(ui, rect.left_center(), &name, fonts::regular(13.0), theme.secondary, left - rect.left() - 8.0);
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{name}: {}", spelled(&bound))));
        }
        any
    }

    /// What an action is called here, labels by their own names.
    fn name(&self, action: &Action) -> String {
        let label =
            |id| self.schema.as_ref().and_then(|schema| schema.label(id)).map_or("", |label| label.name.as_str());
        match action {
            Action::Mark(id) => format!("Mark {}", label(id)),
            Action::Answer(digit) => format!("Value {digit}"),
            Action::Arm(id) => format!("Mark {} at every drag", label(id)),
            Action::Relate(id) => {
                let kind = self.schema.as_ref().and_then(|schema| schema.relation(id));
                format!("Link {}", kind.map_or("", |kind| kind.name.as_str()))
            }
            action => action.info().title.to_owned(),
        }
    }

    fn finds(&self, title: &str, bound: &[Chord]) -> bool {
        match self.sought {
            Some(chord) => bound.contains(&chord),
            None => title.to_lowercase().contains(self.words.trim().to_lowercase().as_str()),
        }
    }

    fn row(&self, ui: &mut Ui, action: &'static Action, own: &Own, theme: &Theme, ask: &mut Option<Ask>) {
        let bound = keys(HERE, own, action);
        let open = self.open == Some(action);
        let title = action.info().title;
        let (rect, response) = parts::row(ui, parts::ROW, open, form::OUT, theme);
        let mut left = caps(ui, rect, &bound, theme);
        if own.contains_key(action.info().id) {
            let galley = parts::line(ui, "changed", fonts::regular(12.0), theme.accent, 80.0);
            left -= galley.size().x + 8.0;
            parts::put(ui.painter(), pos2(left, rect.center().y), galley);
        }
        parts::text(ui, rect.left_center(), title, fonts::regular(13.0), theme.text, left - rect.left() - 8.0);
        let name = format!("{title}: {}", if bound.is_empty() { "no key".to_owned() } else { spelled(&bound) });
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, open, &name));
        if response.clicked() {
            response.request_focus();
            *ask = Some(if open { Ask::Close } else { Ask::Open(action) });
        }
        if open {
            if self.listening.is_some() {
                hold(ui, response.id);
            }
            self.spread(ui, action, &bound, own, theme, ask);
        }
    }

    /// Below the open action: what is waited for, what stands in the way, what else can be done.
    fn spread(&self, ui: &mut Ui, action: &Action, bound: &[Chord], own: &Own, theme: &Theme, ask: &mut Option<Ask>) {
        ui.add_space(4.0);
        match (&self.pressed, self.listening) {
            (_, Some(Listening::Giving { instead })) => {
                let what = instead.map_or(String::new(), |chord| format!(" instead of {}", parts::spelled(chord)));
                form::small(ui, &format!("Press the new key{what}. Esc leaves it as it is"), theme.accent);
            }
            (Some(pressed), _) => form::small(ui, &self.obstacle(pressed), theme.warning),
            _ => form::small(ui, action.info().help, theme.secondary),
        }
        ui.add_space(6.0);
        ui.allocate_ui_with_layout(
            vec2(ui.available_width(), 0.0),
            Layout::left_to_right(egui::Align::Min).with_main_wrap(true),
            |ui| {
                ui.spacing_mut().item_spacing = vec2(6.0, 4.0);
                let mut button = |words: &str, meant: Ask| {
                    if form::button(ui, words, form::Kind::Beside, true, theme).clicked() {
                        *ask = Some(meant);
                    }
                };
                if let Some(Pressed { obstacle, .. }) = &self.pressed {
                    if matches!(obstacle, Obstacle::Taken(_)) {
                        button("Take it over", Ask::TakeOver);
                    }
                    button("Leave it", Ask::Leave);
                    return;
                }
                for chord in bound {
                    let spelled = parts::spelled(*chord);
                    button(&format!("Change {spelled}"), Ask::Listen(Some(*chord)));
                    if *chord != Chord::plain(Key::Escape) {
                        button(&format!("Remove {spelled}"), Ask::Remove(*chord));
                    }
                }
                button("Add a key", Ask::Listen(None));
                if own.contains_key(action.info().id) {
                    button("As at first", Ask::Reset);
                }
            },
        );
        ui.add_space(10.0);
    }

    fn obstacle(&self, pressed: &Pressed) -> String {
        let chord = parts::spelled(pressed.chord);
        match &pressed.obstacle {
            Obstacle::Kept(why) => format!("{chord} cannot be given to a command. {why}"),
            Obstacle::Schema(action) => {
                format!("{chord} belongs to “{}”, and keys of the schema go first", self.name(action))
            }
            Obstacle::Taken(actions) => {
                let names: Vec<String> = actions.iter().map(|action| format!("“{}”", self.name(action))).collect();
                format!("{chord} belongs to {}", names.join(" and "))
            }
        }
    }

    fn answer(&mut self, ask: Ask, shared: &mut Shared) {
        self.listening = None;
        match ask {
            Ask::Open(action) => {
                let instead = keys(HERE, &shared.settings.keys, action).first().copied();
                self.open = Some(action);
                self.listening = Some(Listening::Giving { instead });
                self.pressed = None;
            }
            Ask::Close => self.open = None,
            Ask::Listen(instead) => self.listening = Some(Listening::Giving { instead }),
            Ask::Leave => self.pressed = None,
            Ask::Remove(chord) => {
                if let Some(action) = self.open {
                    shared.change(|settings| rebind::take(HERE, &mut settings.keys, action, chord));
                }
            }
            Ask::Reset => {
                if let Some(action) = self.open {
                    shared.change(|settings| _ = settings.keys.remove(action.info().id));
                }
            }
            Ask::TakeOver => {
                if let (Some(action), Some(Pressed { chord, instead, .. })) = (self.open, self.pressed.take()) {
                    shared.change(|settings| rebind::give(HERE, &mut settings.keys, action, chord, instead));
                }
            }
        }
    }
}

/// Keeps Tab, arrows and Esc from moving the focus while a key is waited for.
fn hold(ui: &Ui, id: Id) {
    let filter = EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: true };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
}

/// Caps at the right of a row. Returns where they begin.
fn caps(ui: &Ui, rect: egui::Rect, bound: &[Chord], theme: &Theme) -> f32 {
    let mut x = rect.right();
    for chord in bound.iter().rev() {
        x = parts::cap(ui, pos2(x, rect.center().y), &parts::spelled(*chord), theme).left() - 4.0;
    }
    x
}

fn spelled(bound: &[Chord]) -> String {
    bound.iter().map(|chord| parts::spelled(*chord)).collect::<Vec<_>>().join(", ")
}

fn is_key(event: &Event) -> bool {
    matches!(
        event,
        Event::Key { .. } | Event::Text(_) | Event::Copy | Event::Cut | Event::Paste(_) | Event::PasteImage(_)
    )
}

/// The first key that went down.
fn first(events: &[Event]) -> Option<Chord> {
    events.iter().enumerate().find_map(|(at, event)| match event {
        Event::Key { repeat: true, .. } => None,
        Event::Paste(_) | Event::PasteImage(_) => Chord::parse("Ctrl+V"),
        event => {
            let typed = match events.get(at + 1) {
                Some(Event::Text(typed)) => Some(typed.as_str()),
                _ => None,
            };
            input::pressed(event, typed, false).map(|pressed| pressed.otherwise.unwrap_or(pressed.chord))
        }
    })
}
